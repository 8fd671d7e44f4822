"""Translation models at CTranslate2's own speed: SentencePiece in, our batches, SentencePiece out, a score for each sentence.

What packages and repositories differ in (where the files lie, how a language is said, how one searches) is in argos.py and
ctranslate.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import EngineFailed, ModelError
from toolkit.files import show
from toolkit.models import Package
from toolkit.translation.identity import Identity
from toolkit.translation.options import Options
from toolkit.units import Answer, Match, Refusal, Request

if TYPE_CHECKING:
    import ctranslate2
    import sentencepiece

_WINDOW = 256
"""Sentences that are translated together; what shares a window may move the last digits of int8 results."""
_BATCH_TOKENS = 1024
_SECOND_TRY: Mapping[str, Any] = {"no_repeat_ngram_size": 3, "repetition_penalty": 1.2}
"""How a search is put off what made its first draft useless; its beam is twice as wide besides."""
_SECOND_REMARK = "second try"
_LONGEST_INPUT = 1024
"""Pieces; CTranslate2 would cut the rest off without a word."""
_ANSWERS = ((96, 256), (_LONGEST_INPUT, 1024))
"""A source of at most so many pieces may have an answer of so many; one that is longer is a runaway."""


@dataclass(frozen=True, slots=True)
class Way:
    """What a pair of languages adds to the pieces of a text."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    prefix: str = ""
    """The token that an answer is made to begin with."""
    text: Callable[[str], str] = str
    """What is cut into pieces, from the text."""


class Seq2seq:
    """An engine on one model, which is loaded at the first request."""

    name = ""
    beam = 4
    length_penalty = 1.0
    replace_unknowns = False
    """Whether a word that the model has no piece for is taken from the source."""
    longest_input = _LONGEST_INPUT
    """Pieces of a text, the languages' tokens not counted."""
    grain: Literal["sentence", "unit"] = "sentence"
    independent = False
    window = _WINDOW

    def __init__(self, package: Package, options: Options) -> None:
        self.package = package
        self.options = options

    @cached_property
    def model(self) -> str:
        """What drafts are signed with."""
        return f"{self.package.name}@{self.package.digest[:8]}{self.options.suffix}"

    @property
    def fingerprint(self) -> str:
        """The files, and all options that may move a letter."""
        chosen = self.options
        how = (self._beam, self._batch_tokens, chosen.compute_type, chosen.device, self.window, *_SECOND_TRY.values())
        return f"{self.name} {self.model} {self.package.digest} {how}"

    @property
    def identities(self) -> frozenset[Identity]:
        """The one identity of this engine."""
        return frozenset((Identity(self.name, self.model),))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answer in windows of `window` sentences. Raises ModelError for a broken package, EngineFailed when inference stops."""
        way = self._way(source_language, target_language)
        waiting = iter(requests)
        while window := list(islice(waiting, self.window)):
            yield from self._window(window, way, {})

    def load(self) -> None:
        """Read the model; raises ModelError for a broken one."""
        _ = self._translator

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """A wider search that is not allowed to repeat itself, for what came out useless."""
        for answer in self._window(requests, self._way(source_language, target_language), _SECOND_TRY):
            yield replace(answer, remarks=(*answer.remarks, _SECOND_REMARK)) if isinstance(answer, Match) else answer

    def _way(self, source_language: str, target_language: str) -> Way:
        """How this model is told the languages."""
        raise NotImplementedError

    def _tokenizer_model(self) -> bytes:
        """The SentencePiece file."""
        raise NotImplementedError

    def _model_files(self) -> tuple[str, dict[str, bytes] | None]:
        """The model's folder; or a name for it, and its files by their names."""
        raise NotImplementedError

    def _window(self, requests: Sequence[Request], way: Way, search: Mapping[str, Any]) -> list[Answer]:
        pieces = [self._pieces(request.source, way) for request in requests]
        answers: list[Answer] = [None] * len(requests)
        shortest = 0
        for longest, limit in _ANSWERS:
            chosen = [i for i, cut in enumerate(pieces) if shortest < len(cut) <= min(longest, self.longest_input)]
            inferred = self._infer([pieces[i] for i in chosen], way, limit, search)
            for index, answer in zip(chosen, inferred, strict=True):
                answers[index] = answer
            shortest = longest
        for index, cut in enumerate(pieces):
            if len(cut) > self.longest_input:
                answers[index] = self._refuse("the sentence is too long for the model")
            elif not cut:
                answers[index] = self._refuse("nothing in the sentence that the model can read")
        return answers

    def _infer(self, pieces: list[list[str]], way: Way, limit: int, search: Mapping[str, Any]) -> list[Answer]:
        if not pieces:
            return []
        try:
            results = self._translator.translate_batch(
                [[*way.before, *cut, *way.after] for cut in pieces],
                target_prefix=[[way.prefix]] * len(pieces) if way.prefix else None,
                max_batch_size=self._batch_tokens,
                batch_type="tokens",
                beam_size=self._beam * (2 if search else 1),
                length_penalty=self.length_penalty,
                replace_unknowns=self.replace_unknowns,
                return_scores=True,
                max_input_length=0,
                max_decoding_length=limit,
                **search,
            )
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"{self.name}: {self.package.name} stopped: {error}; the same command goes on") from None
        return [self._answer(result.hypotheses[0], result.scores[0], way.prefix, limit) for result in results]

    def _answer(self, tokens: list[str], score: float, prefix: str, limit: int) -> Answer:
        if len(tokens) >= limit:
            return self._refuse("cut off at the longest answer allowed")
        given = 1 if prefix and tokens[:1] == [prefix] else 0
        text = self._tokenizer.decode_pieces(tokens[given:]).strip()
        # CTranslate2 divides the sum of log-probabilities by length**penalty; the end token counts as one more, and a
        # given prefix, which adds nothing to the sum, is counted too.
        length = len(tokens) + 1
        mean = score * length**self.length_penalty / (length - given)
        return Match(text, "mt", self.name, mean, self.model, remarks=_remarks(self.package))

    def _refuse(self, why: str) -> Refusal:
        return Refusal(self.name, self.model, why)

    def _pieces(self, text: str, way: Way) -> list[str]:
        pieces: list[str] = self._tokenizer.encode(text, out_type=str)
        said = way.text(text)
        if pieces and said != text:
            pieces = self._tokenizer.encode(said, out_type=str)
        return pieces

    @property
    def _beam(self) -> int:
        return 1 if self.options.fast else self.options.beam or self.beam

    @property
    def _batch_tokens(self) -> int:
        return self.options.batch_tokens or _BATCH_TOKENS

    @cached_property
    def _tokenizer(self) -> sentencepiece.SentencePieceProcessor:
        import sentencepiece

        try:
            return sentencepiece.SentencePieceProcessor(model_proto=self._tokenizer_model())
        except RuntimeError:
            raise self._broken("the SentencePiece model") from None

    @cached_property
    def _translator(self) -> ctranslate2.Translator:
        import ctranslate2

        where, held = self._model_files()
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
            raise self._broken("the model", str(error)) from None

    def _broken(self, what: str, why: str = "") -> ModelError:
        reason = f" ({why})" if why else ""
        return ModelError(f"{show(self.package.path)}: {what} cannot be read{reason}; install the package again")


def cores() -> int:
    """Processor cores that this process may use; `OMP_NUM_THREADS` says fewer, as it does to the libraries below."""
    said = os.environ.get("OMP_NUM_THREADS", "")
    if said.isdecimal() and int(said):
        return int(said)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _remarks(package: Package) -> tuple[str, ...]:
    return (package.label,) if package.label else ()
