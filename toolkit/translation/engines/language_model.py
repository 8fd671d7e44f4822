"""A language model as an engine, wherever it runs: asked in its family's words, its answers checked before they count.

A paragraph is asked whole, with its sentences delimited, so that it is known which sentence became which. Where they come
back in another number, or the answer fails a quality check, it is asked sentence by sentence, then with less said beside
it, then with words that were said already made a little less likely.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import regex

from toolkit.language import language
from toolkit.memory.glossary import exact, places
from toolkit.models.families import Family
from toolkit.quality.refusal import bound, checked
from toolkit.quality.rules import failed_check
from toolkit.segment import sentences
from toolkit.translation.drafting.joining import joined
from toolkit.translation.engines.calibration import GUESSED, GUESSED_AGAIN, calibrated
from toolkit.translation.engines.constrained import answers
from toolkit.translation.engines.model_engine import CUT, ModelEngine
from toolkit.translation.engines.prompts import Prompt, plain, prompt
from toolkit.translation.inference import Model, Output, Question
from toolkit.units import Abilities, Answer, LanguagePair, Match, Refusal, Request

_SECOND_PENALTY = 1.1
_GUESS = "the model was only guessing"
_COUNT = "its sentences came back in another number"
_LONG, _NEAR = 2000, 3
"""A sentence of a paragraph of more characters is told by so many sentences before and after."""
SECOND_TRY, BY_SENTENCE = "second try", "asked sentence by sentence"
WITHOUT_REFERENCE = "without the second source"
"""The remark on an answer to a smaller question, which left the reference translation out."""


class LanguageModel(ModelEngine):
    """An engine over a model that completes prompts. Answers do not depend on what is asked beside them."""

    def __init__(self, model: Model, family: Family, slots: int = 1, raw: bool = False, label: str = "") -> None:
        super().__init__(model, raw)
        self.family = family
        self.slots = max(slots, 1)
        """Texts that are worked on at a time."""
        self.label = label
        words = family.wordings
        self.abilities = Abilities(
            grain=family.grain,
            independent=True,
            codes="placeholders" if family.placeholders else "removed",
            checked=True,
            background=family.background if family.grain == "unit" else frozenset(),
            reference_languages=family.reference_languages,
            terms=any(one.terms for one in words),
            examples=family.takes_examples,
            counts_tokens=True,
        )

    def question(self, request: Request, pair: LanguagePair) -> Question:
        """The whole text, its sentences delimited where it has several."""
        return self._first(request, pair)[0].question(request, pair)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Answer each request in order, `slots` of them at work at a time. Raises EngineFailed midway."""
        if self.slots == 1:
            for request in requests:
                yield self._answer(request, pair)
            return
        flying: deque[Future[Answer]] = deque()
        with ThreadPoolExecutor(self.slots) as pool:
            try:
                for request in requests:
                    flying.append(pool.submit(self._answer, request, pair))
                    if len(flying) >= 2 * self.slots:  # the oldest may be the slowest: the others go on meanwhile
                        yield flying.popleft().result()
                while flying:
                    yield flying.popleft().result()
            finally:
                for future in flying:
                    future.cancel()

    def _answer(self, request: Request, pair: LanguagePair) -> Answer:
        """The first answer if it passes the quality checks, else that of a smaller question, if that one does."""
        if request.constrained:
            return self._constrained(request, pair)
        first = self._whole(request, pair)
        if self.raw:
            return first
        answer = checked(request, first, pair.target)
        if isinstance(answer, Refusal):
            better = checked(request, self._again(request, pair), pair.target)
            answer = better if isinstance(better, Match) else answer
        return self.kept(request, answer, pair)

    def _constrained(self, request: Request, pair: LanguagePair) -> Answer:
        """The best answer that was made to say the terms of its request; None where none has more of them than the model said."""
        spoken, origin = language(pair.target), language(pair.source)
        alone = replace(request, terms=(), constrained=False)
        asked = prompt(self.family, alone, pair)
        question = asked.question(alone, pair)
        seek = list(dict.fromkeys(rendering for _, rendering in request.terms if plain(rendering) == rendering))
        settings = {**question.settings, "seek": seek}

        def ask(opening: str) -> Output:
            (output,) = self.model.ask([replace(question, text=question.text + opening, settings=settings)])
            return output

        def lacking(text: str) -> list[str]:
            return [word for word in seek if not places(text, word, spoken)]

        def rank(output: Output) -> tuple[int, int, float]:
            said = sum(
                max(0, len(places(output.text, rendering, spoken)) - max(1, len(exact(request.source, form, origin))))
                for form, rendering in request.terms
            )
            return len(lacking(output.text)), said, -(output.logprob or 0.0) / max(output.tokens, 1)

        first, *found = answers(ask, lacking, spoken.spaced) or [Output()]
        for output in sorted(found, key=rank):
            if len(lacking(output.text)) >= len(lacking(first.text)):
                break
            answer = self._judged(alone, self._understood(alone, output, asked, pair), pair)
            if isinstance(answer, Match) and not answer.rejected:
                return answer
        return None

    def _first(self, request: Request, pair: LanguagePair) -> tuple[Prompt, list[str]]:
        """The prompt for a whole text, and its sentences where they stand delimited in it."""
        parts = self._sentences(request, pair)
        delimiter = self.family.delimiter
        delimited = len(parts) > 1 and bool(delimiter) and (delimiter.isspace() or delimiter not in request.source)
        return prompt(self.family, request, pair, sentences=parts if delimited else ()), parts if delimited else []

    def _whole(self, request: Request, pair: LanguagePair) -> Match | Refusal:
        """The answer to the first question."""
        asked, parts = self._first(request, pair)
        if not parts:
            return self._ask(request, asked, pair)
        delimiter = self.family.delimiter
        answer = self._ask(request, asked, pair, delimiter)
        if isinstance(answer, Refusal):
            return answer
        cuts = [one.strip() for one in answer.target.split(delimiter)]
        target = joined([one for one in cuts if one], pair.target)
        if len(cuts) != len(parts) or not all(cuts):
            return replace(answer, target=target, rejected=answer.rejected or _COUNT)
        return replace(answer, target=target, sentences=tuple(zip(parts, cuts, strict=True)))

    def _again(self, request: Request, pair: LanguagePair) -> Match | Refusal:
        """The answer to smaller questions."""
        parts = self._sentences(request, pair)
        answer = self._by_sentence(request, parts, pair) if len(parts) > 1 else self._smaller(request, pair)
        if request.reference and isinstance(answer, Match):
            remarks = (*answer.remarks, WITHOUT_REFERENCE)
            answer = replace(answer, remarks=remarks, reference_language="")
        return answer

    def _by_sentence(self, request: Request, parts: Sequence[str], pair: LanguagePair) -> Match | Refusal:
        """Each sentence alone, the paragraph as its background; one that fails makes the whole fail."""
        matches: list[Match] = []
        for number, part in enumerate(parts):
            terms = tuple(term for term in request.terms if term[0] in part)
            alone = replace(request, source=part, terms=terms, reference="", reference_language="")
            asked = prompt(self.family, alone, pair, paragraph=_around(parts, number))
            answer = self._judged(alone, self._ask(alone, asked, pair), pair)
            if isinstance(answer, Refusal) or answer.rejected:
                answer = self._smaller(alone, pair)
            if isinstance(answer, Refusal):
                return answer
            matches.append(answer)
        scores = [match.score for match in matches if match.score is not None]
        target = joined([match.target for match in matches], pair.target)
        whole = failed_check(request, target, "", pair)
        return replace(
            matches[0],
            target=target,
            score=min(scores, default=None),
            remarks=tuple(dict.fromkeys(remark for match in matches for remark in (*match.remarks, BY_SENTENCE))),
            sentences=tuple((part, match.target) for part, match in zip(parts, matches, strict=True)),
            examples=max(match.examples for match in matches),
            rejected=next((match.rejected for match in matches if match.rejected), whole),
        )

    def _smaller(self, request: Request, pair: LanguagePair) -> Match | Refusal:
        """The text with nothing but its terms beside it; then with what was said already a little less likely; then without terms."""
        bare = Request(request.source, request.codes, fresh=request.fresh)
        alone = replace(bare, terms=request.terms)
        simple = prompt(self.family, alone, pair)
        penalty = max(_SECOND_PENALTY, self.family.sampling.get("repeat_penalty", 1.0) + _SECOND_PENALTY - 1)
        tries = [replace(simple, sampling={**simple.sampling, "repeat_penalty": penalty})]
        if alone != request:
            tries.insert(0, simple)
        if request.terms and self.abilities.terms:
            tries.append(prompt(self.family, bare, pair))
        for asked in tries:
            answer = self._judged(alone, self._ask(request, asked, pair), pair)
            if isinstance(answer, Match) and not answer.rejected:
                break
        return replace(answer, remarks=(*answer.remarks, SECOND_TRY)) if isinstance(answer, Match) else answer

    def _ask(self, request: Request, asked: Prompt, pair: LanguagePair, delimiter: str = "") -> Match | Refusal:
        (output,) = self.model.ask([asked.question(request, pair)])
        return self._understood(request, output, asked, pair, delimiter)

    def _understood(
        self, request: Request, output: Output, asked: Prompt, pair: LanguagePair, delimiter: str = ""
    ) -> Match | Refusal:
        """What is made of an output: trimmed, scored, and looked at by the checks for language models."""
        if output.failed:
            return self.refuse(output.failed)
        text = trimmed(output.text[: bound(request.source) + 1], self.family.cut, request.source)
        score = None if output.logprob is None else calibrated(output.logprob, text)
        bare = text.replace(delimiter, " ") if delimiter else text
        shown = self.family.shown(pair)
        why = CUT if output.cut else failed_check(request, bare, asked.text, pair, shown)
        floor = GUESSED if asked.sampling == self.family.sampling else GUESSED_AGAIN
        if not why and score is not None and score < floor:
            why = _GUESS
        return Match(
            text,
            "mt",
            self.name,
            score,
            self.signature,
            remarks=(self.label,) if self.label else (),
            reference_language=request.reference_language if request.reference else "",
            examples=len(asked.examples),
            rejected=why,
        )

    def _judged(self, request: Request, answer: Match | Refusal, pair: LanguagePair) -> Match | Refusal:
        """The answer, marked as rejected where it fails the checks that all engines' drafts pass."""
        refusal = checked(request, answer, pair.target)
        if isinstance(answer, Match) and not answer.rejected and isinstance(refusal, Refusal):
            return replace(answer, rejected=refusal.why)
        return answer

    def _sentences(self, request: Request, pair: LanguagePair) -> list[str]:
        if self.abilities.grain == "sentence":
            return [request.source]
        return [request.source[start:end] for start, end in sentences(request.source, pair.source)]


_FENCE = regex.compile(r"```[\w-]*\n(.*?)\n?```", regex.DOTALL)
_PAIRS = {
    "“": "”",
    "‘": "’",
    '"': '"',
    "'": "'",
    "「": "」",
    "『": "』",
    "«": "»",
    "„": "“",
    "**": "**",
    "*": "*",
    "`": "`",
}


def trimmed(text: str, cut: Sequence[str], source: str = "") -> str:
    """An answer without blanks at its ends, without what the family says may be cut off (regular expressions), and without
    a code fence or quotes around the whole that the source does not have."""
    before = None
    while before != text:
        before = text
        for pattern in cut:
            text = regex.sub(pattern, "", text)
        text = text.strip()
        if (fenced := _FENCE.fullmatch(text)) and "```" not in source:
            text = fenced[1]
        text = _unwrapped(text, source.strip()) if source else text
    return text


def _unwrapped(text: str, source: str) -> str:
    """The text without one pair of quotes or emphasis around it, if the source has none there."""
    for opening, closing in _PAIRS.items():
        inner = text[len(opening) : len(text) - len(closing)]
        if not (text.startswith(opening) and text.endswith(closing) and inner.strip()):
            continue
        if source.startswith(tuple(_PAIRS)) or source.endswith(tuple(_PAIRS.values())):
            continue
        if opening not in inner and closing not in inner:
            return inner.strip()
    return text


def _around(parts: Sequence[str], number: int) -> str:
    """The paragraph that a sentence stands in, of a long one what is nearest."""
    if sum(map(len, parts)) > _LONG:
        parts = parts[max(number - _NEAR, 0) : number + _NEAR + 1]
    return " ".join(parts)[:_LONG]
