"""Translation models at CTranslate2's own speed: SentencePiece in, our batches, SentencePiece out, a score for each sentence.

What packages and repositories differ in (where the files lie, how a language is said, how one searches) is in argos.py and
ctranslate.py.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from toolkit.errors import EngineFailed, ModelError
from toolkit.files import cores, show
from toolkit.models import Package
from toolkit.translation.engines.model_engine import ModelEngine
from toolkit.translation.inference import Model, Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.units import Abilities, Answer, LanguagePair, Match, Request

if TYPE_CHECKING:
    import ctranslate2
    import sentencepiece

_WINDOW = 256
"""Sentences that are translated together; what shares a window may move the last digits of int8 results."""
_BATCH_TOKENS = 1024
_SECOND_TRY: Mapping[str, Any] = {"no_repeat_ngram_size": 3, "repetition_penalty": 1.2}
"""A search that may not repeat itself, for what failed at first; its beam is twice as wide besides."""
_SECOND_REMARK = "second try"
_LONGEST_INPUT = 1024
"""Tokens; CTranslate2 would cut the rest off without a word."""
_ANSWERS = ((96, 256), (_LONGEST_INPUT, 1024))
"""A source of at most so many tokens may have an answer of so many; a longer answer is a runaway."""


@dataclass(frozen=True, slots=True)
class Conditioning:
    """How a model is told a pair of languages."""

    before: tuple[str, ...] = ()
    """Tokens before those of the source."""
    after: tuple[str, ...] = ()
    prefix: str = ""
    """The token that an answer is made to begin with."""
    text: str = ""
    """What is cut into tokens in place of the source; empty: the source itself."""


@dataclass(frozen=True, slots=True)
class Search:
    """How a model looks for the best answer."""

    beam: int = 4
    """Hypotheses."""
    length_penalty: float = 1.0
    """CTranslate2 divides the sum of log-probabilities by length**penalty."""
    replace_unknowns: bool = False
    """Take a word that the vocabulary lacks from the source."""
    longest_input: int = _LONGEST_INPUT
    """Tokens of a text, those of the languages not counted."""


class Seq2seqModel(Model):
    """Weights for CTranslate2 with their SentencePiece model, read at the first question."""

    def __init__(self, package: Package, options: Options, search: Search) -> None:
        self.package = package
        self.options = options
        self.search = replace(search, beam=1 if options.fast else options.beam or search.beam)
        self.batch_tokens = options.batch_tokens or _BATCH_TOKENS

    @cached_property
    def name(self) -> str:
        """Engine, package, digest, options."""
        return f"{self.package.engine} {self.package.name}@{self.package.digest[:8]}{self.options.suffix}"

    @property
    def fingerprint(self) -> str:
        """The files, and all options that may move a letter."""
        chosen = self.options
        how = (self.search, self.batch_tokens, chosen.compute_type, chosen.device, _WINDOW, _ANSWERS)
        return f"{self.package.engine} {self.package.digest} {how}"

    def start(self) -> None:
        """Read weights and vocabulary."""
        _ = self._translator, self._tokenizer

    def stop(self) -> None:
        """Let go of the weights."""
        self.__dict__.pop("_translator", None)

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """One batch after the other; questions of equal settings share them. Raises EngineFailed when inference stops."""
        outputs: list[Output] = []
        for _, alike in groupby(questions, lambda question: json.dumps(dict(question.settings), sort_keys=True)):
            outputs += self._outputs(list(alike))
        return outputs

    @abstractmethod
    def tokenizer_file(self) -> bytes:
        """The SentencePiece model. Raises ModelError."""

    @abstractmethod
    def model_files(self) -> tuple[str, dict[str, bytes] | None]:
        """The model's folder; or a name for it, and its files by their names."""

    def broken(self, what: str, why: str = "") -> ModelError:
        """The error for a part of the package that cannot be read."""
        reason = f" ({why})" if why else ""
        return ModelError(f"{show(self.package.path)}: {what} cannot be read{reason}; install the package again")

    def _outputs(self, questions: Sequence[Question]) -> list[Output]:
        settings = questions[0].settings
        cuts = [self._tokens(question) for question in questions]
        outputs = [Output(failed="nothing in the sentence that the model can read")] * len(questions)
        shortest = 0
        for longest, limit in _ANSWERS:
            longest = min(longest, self.search.longest_input)
            chosen = [place for place, cut in enumerate(cuts) if shortest < len(cut) <= longest]
            found = self._infer([cuts[place] for place in chosen], settings, limit)
            for place, output in zip(chosen, found, strict=True):
                outputs[place] = output
            shortest = longest
        too_long = Output(failed="the sentence is too long for the model")
        return [too_long if len(cut) > shortest else output for cut, output in zip(cuts, outputs, strict=True)]

    def _infer(self, cuts: Sequence[Sequence[str]], settings: Mapping[str, Any], limit: int) -> list[Output]:
        if not cuts:
            return []
        prefix, search = settings.get("prefix", ""), settings.get("search", {})
        try:
            results = self._translator.translate_batch(
                [[*settings.get("before", ()), *cut, *settings.get("after", ())] for cut in cuts],
                target_prefix=[[prefix]] * len(cuts) if prefix else None,
                max_batch_size=self.batch_tokens,
                batch_type="tokens",
                beam_size=self.search.beam * (2 if search else 1),
                length_penalty=self.search.length_penalty,
                replace_unknowns=self.search.replace_unknowns,
                return_scores=True,
                max_input_length=0,
                max_decoding_length=limit,
                **search,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"{self.name} stopped: {error}; the same command goes on") from None
        return [self._output(result.hypotheses[0], result.scores[0], prefix, limit) for result in results]

    def _output(self, tokens: list[str], score: float, prefix: str, limit: int) -> Output:
        """CTranslate2 counts the end token in the length, and a given prefix too, which adds nothing to the sum."""
        given = 1 if prefix and tokens[:1] == [prefix] else 0
        length = len(tokens) + 1
        logprob = score * length**self.search.length_penalty
        return Output(self._tokenizer.decode_pieces(tokens[given:]), logprob, length - given, len(tokens) >= limit)

    def _tokens(self, question: Question) -> list[str]:
        tokens: list[str] = self._tokenizer.encode(question.text, out_type=str)
        text = question.settings.get("text")
        return self._tokenizer.encode(text, out_type=str) if tokens and text else tokens

    @cached_property
    def _tokenizer(self) -> sentencepiece.SentencePieceProcessor:
        import sentencepiece

        data = self.tokenizer_file()
        try:
            if data:
                return sentencepiece.SentencePieceProcessor(model_proto=data)
        except RuntimeError:
            pass
        raise self.broken("the SentencePiece model")

    @cached_property
    def _translator(self) -> ctranslate2.Translator:
        import ctranslate2

        where, held = self.model_files()
        device = self.options.device
        if device == "auto":
            device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        settings: dict[str, Any] = {
            "device": device,
            "compute_type": self.options.compute_type,
            "inter_threads": self.options.threads or cores() if device == "cpu" else 1,
            "intra_threads": 1,
        }
        try:
            return ctranslate2.Translator(where, files=held, **settings)
        except (RuntimeError, ValueError) as error:
            raise self.broken("the model", str(error)) from None


class Seq2seq(ModelEngine):
    """An engine of sentences on one translation model."""

    abilities = Abilities(window=_WINDOW, checked=True, processes=True)

    def __init__(self, package: Package, options: Options, resources: Resources | None = None) -> None:
        self.package = package
        self.options = options
        self.label = package.label
        key = (package.engine, package.path, options)
        super().__init__((resources or Resources()).model(key, self.make_model), options.raw)

    @cached_property
    def signature(self) -> str:
        """Package, digest, and the options that change drafts."""
        return f"{self.package.name}@{self.package.digest[:8]}{self.options.suffix}"

    @abstractmethod
    def make_model(self) -> Model:
        """The model of the package, not read yet."""

    @abstractmethod
    def conditioning(self, text: str, pair: LanguagePair) -> Conditioning:
        """How the model is told the languages for this text."""

    def question(self, request: Request, pair: LanguagePair, search: Mapping[str, Any] | None = None) -> Question:
        """The sentence, the languages, and how to search if not as usual."""
        told = self.conditioning(request.source, pair)
        said = {"before": told.before, "after": told.after, "prefix": told.prefix, "text": told.text, "search": search}
        settings = {name: value for name, value in said.items() if value}
        return Question(request.source, settings, pair, request.source, request.fresh)

    def retry(self, requests: Sequence[Request], pair: LanguagePair) -> list[Answer]:
        """A wider search that is not allowed to repeat itself."""
        outputs = self.model.ask([self.question(request, pair, _SECOND_TRY) for request in requests])
        answers = [self.answer(*both, pair) for both in zip(requests, outputs, strict=True)]
        return [
            replace(answer, remarks=(*answer.remarks, _SECOND_REMARK)) if isinstance(answer, Match) else answer
            for answer in answers
        ]
