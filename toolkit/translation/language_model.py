"""A language model as an engine, wherever it runs: asked in its family's words, its answers looked at before they count.

A paragraph is asked whole, with its sentences delimited, so that it is known which sentence became which. Where that does
not come back right, or the answer is not to be trusted, `again` asks smaller: sentence by sentence, then with less said
beside it, then with words that were said already a little less likely.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal

from toolkit.models.family import Family
from toolkit.segment import sentences
from toolkit.translation.accept import why_refused
from toolkit.translation.answers import doubt, trimmed
from toolkit.translation.calibration import GUESSED, GUESSED_AGAIN, calibrated
from toolkit.translation.identity import Identity
from toolkit.translation.joining import joined
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt, prompt
from toolkit.translation.second import WITHOUT
from toolkit.units import Answer, Match, Refusal, Request

_SECOND_PENALTY = 1.1
_CUT = "cut off at the longest answer allowed"
_GUESS = "the model was only guessing"
_COUNT = "its sentences came back in another number"
_LONG, _NEAR = 2000, 3
"""A paragraph of more letters is told by so many sentences before and after."""
SECOND_TRY, BY_SENTENCE = "second try", "asked sentence by sentence"


@dataclass(frozen=True, slots=True)
class Said:
    """What came back for one prompt."""

    text: str
    cut: bool = False
    """The longest answer was reached before its end."""
    logprob: float | None = None
    """Of the whole answer; None where nothing was said of it."""
    tokens: int = 0
    refused: str = ""
    """Why there is no answer: `too long for the model`."""


class LanguageModel(ABC):
    """An engine over `complete`; answers do not depend on what is asked beside them."""

    name: str
    independent = True

    def __init__(self, family: Family, options: Options, label: str = "") -> None:
        self.family = family
        self.options = options
        self.label = label
        self.grain: Literal["sentence", "unit"] = family.grain
        self.markers = family.markers
        self.background = family.background if family.grain == "unit" else frozenset()
        self.seconds = family.seconds
        self.tokens = 0
        """Produced so far, thrown-away ones included."""
        self._counting = Lock()

    @property
    @abstractmethod
    def model(self) -> str:
        """What drafts are signed with."""

    @abstractmethod
    def complete(self, asked: Prompt) -> Said:
        """One answer, greedy; called by several threads at once when `slots` is more than one. Raises EngineFailed."""

    @property
    def identities(self) -> frozenset[Identity]:
        """The one identity of this engine."""
        return frozenset((Identity(self.name, self.model),))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The first answer to each request, in order, `slots` of them at work at a time. Raises EngineFailed midway."""
        slots = max(self.options.slots, 1)
        if slots == 1:
            for request in requests:
                yield self._whole(request, source_language, target_language)
            return
        flying: deque[Future[Answer]] = deque()
        with ThreadPoolExecutor(slots) as pool:
            try:
                for request in requests:
                    flying.append(pool.submit(self._whole, request, source_language, target_language))
                    if len(flying) >= 2 * slots:  # the oldest may be the slowest: the others go on meanwhile
                        yield flying.popleft().result()
                while flying:
                    yield flying.popleft().result()
            finally:
                for future in flying:
                    future.cancel()

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Smaller, for what came out useless: see the module's words."""
        for request in requests:
            parts = self._sentences(request, source_language)
            if len(parts) > 1:
                answer = self._by_sentence(request, parts, source_language, target_language)
            else:
                answer = self._smaller(request, source_language, target_language)
            if request.second_source and isinstance(answer, Match):
                answer = replace(answer, remarks=(*answer.remarks, WITHOUT))
            yield answer

    def _whole(self, request: Request, source_language: str, target_language: str) -> Answer:
        """A paragraph with its sentences delimited, where it has several and the family knows how."""
        pair = (source_language, target_language)
        parts = self._sentences(request, source_language)
        delimiter = self.family.delimiter
        delimited = len(parts) > 1 and bool(delimiter) and (delimiter.isspace() or delimiter not in request.source)
        if not delimited:
            return self._ask(request, prompt(self.family, request, *pair), *pair)
        answer = self._ask(request, prompt(self.family, request, *pair, sentences=parts), *pair, delimiter=delimiter)
        if not isinstance(answer, Match):
            return answer
        cuts = [one.strip() for one in answer.target.split(delimiter)]
        target = joined([one for one in cuts if one], target_language)
        if len(cuts) != len(parts) or not all(cuts):
            return replace(answer, target=target, doubt=answer.doubt or _COUNT)
        return replace(answer, target=target, sentences=tuple(zip(parts, cuts, strict=True)))

    def _by_sentence(
        self, request: Request, parts: Sequence[str], source_language: str, target_language: str
    ) -> Answer:
        """Each sentence alone, the paragraph as its background; one that stays useless makes the whole useless."""
        pair, matches = (source_language, target_language), []
        for number, part in enumerate(parts):
            alone = replace(request, source=part, second_source="", second_language="")
            asked = prompt(self.family, alone, *pair, paragraph=_around(parts, number))
            answer = self._judged(alone, self._ask(alone, asked, *pair), target_language)
            if not isinstance(answer, Match) or answer.doubt:
                answer = self._smaller(alone, *pair)
            if not isinstance(answer, Match):
                return answer
            matches.append(answer)
        pairs = tuple((part, match.target) for part, match in zip(parts, matches, strict=True))
        scores = [match.score for match in matches if match.score is not None]
        target = joined([match.target for match in matches], target_language)
        whole = doubt(request, target, "", target_language, source_language)
        return replace(
            matches[0],
            target=target,
            score=min(scores, default=None),
            remarks=tuple(dict.fromkeys(remark for match in matches for remark in (*match.remarks, BY_SENTENCE))),
            sentences=pairs,
            doubt=next((match.doubt for match in matches if match.doubt), whole),
        )

    def _smaller(self, request: Request, source_language: str, target_language: str) -> Answer:
        """The text and nothing beside it; then with what was said already a little less likely."""
        pair, alone = (source_language, target_language), Request(request.source, request.codes)
        plain = prompt(self.family, alone, *pair)
        penalty = max(_SECOND_PENALTY, self.family.sampling.get("repeat_penalty", 1.0) + _SECOND_PENALTY - 1)
        tries = [replace(plain, sampling={**plain.sampling, "repeat_penalty": penalty})]
        if alone != request:
            tries.insert(0, plain)
        for asked in tries:
            answer = self._judged(alone, self._ask(request, asked, *pair), target_language)
            if isinstance(answer, Match) and not answer.doubt:
                break
        return replace(answer, remarks=(*answer.remarks, SECOND_TRY)) if isinstance(answer, Match) else answer

    def _ask(
        self, request: Request, asked: Prompt, source_language: str, target_language: str, delimiter: str = ""
    ) -> Answer:
        said = self.complete(asked)
        with self._counting:
            self.tokens += said.tokens
        if said.refused:
            return Refusal(self.name, self.model, said.refused)
        text = trimmed(said.text, self.family.cut, request.source)
        score = None if said.logprob is None else calibrated(said.logprob, text)
        remarks = (self.label,) if self.label else ()
        bare = text.replace(delimiter, " ") if delimiter else text
        why = _CUT if said.cut else self._doubt(request, bare, asked, source_language, target_language)
        floor = GUESSED if asked.sampling == self.family.sampling else GUESSED_AGAIN
        if not why and score is not None and score < floor:
            why = _GUESS
        return Match(text, "mt", self.name, score, self.model, remarks=remarks, doubt=why)

    def _doubt(self, request: Request, text: str, asked: Prompt, source_language: str, target_language: str) -> str:
        shown = self.family.shown(source_language, target_language)
        return doubt(request, text, asked.text, target_language, source_language, shown)

    def _judged(self, request: Request, answer: Answer, target_language: str) -> Answer:
        if isinstance(answer, Match) and not answer.doubt:
            return replace(answer, doubt=why_refused(request.source, answer.target, target_language))
        return answer

    def _sentences(self, request: Request, source_language: str) -> list[str]:
        if self.grain == "sentence":
            return [request.source]
        return [request.source[start:end] for start, end in sentences(request.source, source_language)]


def _around(parts: Sequence[str], number: int) -> str:
    """The paragraph that a sentence stands in, of a long one what is nearest."""
    if sum(map(len, parts)) > _LONG:
        parts = parts[max(number - _NEAR, 0) : number + _NEAR + 1]
    return " ".join(parts)[:_LONG]
