"""Approved terms pass through an engine that knows nothing of them.

A draft that has them already stays as it is. Where one is missing, the engine is asked again with the rendering held in the text, and
made to say it, if it can be; a draft that then has more of the terms takes the place of the first. What is still missing
`check` names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from toolkit.codes import replaced
from toolkit.language import language
from toolkit.language.measures import script_family
from toolkit.memory.glossary import exact, places
from toolkit.translation.wrappers.base import Wrapper, closed, paired
from toolkit.units import Answer, Code, Engine, Estimate, LanguagePair, Match, Request

Way = Literal["constrained", "inline", "placeholder"]
"""How a rendering gets into the draft: by constrained decoding, where the engine can do that; because it stands in the text in
place of the term; or because a placeholder for it does."""
WAYS: tuple[Way, ...] = ("inline", "constrained", "placeholder")
"""In the order in which they are tried; `benchmarks/terms.py` compares them."""
_REINSERTED = "code re-inserted: "

_Term = tuple[str, str]


class BoundTerms(Wrapper):
    """Sees to it that drafts have the terms of their requests; requests without terms pass as they are."""

    def __init__(self, inner: Engine, ways: Sequence[Way] = WAYS) -> None:
        super().__init__(inner, terms=True, constrained=False)
        self.ways = tuple(way for way in ways if way != "constrained" or inner.abilities.constrained)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """The inner engine's answers, those that lack a term asked again."""
        if self.abilities.independent:
            with closed(paired(requests, lambda taken: self.inner.translate(map(_plain, taken), pair))) as pairs:
                for request, answer in pairs:
                    yield self._bound([request], [answer], pair)[0]
            return
        waiting = iter(requests)
        while chunk := list(islice(waiting, max(self.abilities.window, 1))):
            answers = list(self.inner.translate(map(_plain, chunk), pair))
            yield from self._bound(chunk, answers, pair)

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """That of the engine inside, and of how many texts a term may be missing; which will be asked again nobody knows yet."""
        found = self.inner.estimate({number: _plain(request) for number, request in requests.items()}, pair)
        return replace(found, again=len({(one.source, one.terms) for one in requests.values() if one.terms}))

    def _bound(self, requests: Sequence[Request], answers: Sequence[Answer], pair: LanguagePair) -> list[Answer]:
        """The answers, each with as many of its terms as the engine can be brought to say."""
        best = [_mended(request, answer, pair) for request, answer in zip(requests, answers, strict=True)]
        for way in self.ways:
            again: dict[int, tuple[Request, int]] = {}
            for number, (request, answer) in enumerate(zip(requests, best, strict=True)):
                lacking = _missing(request, answer, pair)
                held = _held(request, lacking, way, pair) if lacking else None
                if held is not None:
                    again[number] = (held, len(lacking))
            answered = self.inner.translate([held for held, _ in again.values()], pair) if again else iter(())
            for (number, (held, lacked)), answer in zip(again.items(), list(answered), strict=True):
                better = _accepted(requests[number], held, answer)
                if better is not None and len(_missing(requests[number], better, pair)) < lacked:
                    best[number] = better
        return best


def _plain(request: Request) -> Request:
    return replace(request, terms=()) if request.terms else request


def _missing(request: Request, answer: Answer, pair: LanguagePair) -> list[_Term]:
    """The terms of a request that its draft lacks; all of them where there is no draft, for another try may have them."""
    spoken = language(pair.target)
    if not isinstance(answer, Match):
        return []
    return [term for term in request.terms if not places(answer.target, term[1], spoken)]


def _mended(request: Request, answer: Answer, pair: LanguagePair) -> Answer:
    """The draft with the rendering in place of a term that was left as it is in the source."""
    origin, spoken = language(pair.source), language(pair.target)
    if not isinstance(answer, Match) or script_family(origin) == script_family(spoken):
        return answer
    inside = " ".join(request.source[code.start : code.end] for code in request.codes)
    for form, rendering in _missing(request, answer, pair):
        found = [] if form in inside else exact(answer.target, form, origin)
        if found:
            edits = [(*_blanks(answer.target, *span, spoken.spaced), rendering) for span in found]
            answer = replace(answer, target=replaced(answer.target, edits), sentences=())
    return answer


def _blanks(text: str, start: int, end: int, spaced: bool) -> tuple[int, int]:
    """A span with the blanks around it, which stood there because its letters were of another script."""
    before, after = len(text[:start].rstrip(" ")), len(text) - len(text[end:].lstrip(" "))
    if spaced:
        return start, end
    return (
        before if before and not text[before - 1].isascii() else start,
        after if after < len(text) and not text[after].isascii() else end,
    )


def _held(request: Request, terms: Sequence[_Term], way: Way, pair: LanguagePair) -> Request | None:
    """The request with the renderings of these terms in its text; None where it cannot be made.

    Behind placeholders stand those alone that the other way did not bring; the rest are words of the text then.
    """
    if way == "constrained":
        return replace(request, constrained=True)
    origin = language(pair.source)
    held = request.terms if way == "placeholder" else terms
    spans = [
        (start, end, rendering, way == "placeholder" and (form, rendering) in terms)
        for form, rendering in held
        for start, end in exact(request.source, form, origin)
    ]
    spans.sort(key=lambda span: (span[0], -span[1]))
    free = [
        one
        for number, one in enumerate(spans)
        if not any(one[0] < code.end and code.start < one[1] for code in request.codes)
        and not any(one[0] < other[1] and other[0] < one[1] for other in spans[:number])
    ]
    if not free:
        return None
    marks: list[tuple[int, int, str, bool, Code | None]] = [(*one, None) for one in free]
    marks += [(code.start, code.end, request.source[code.start : code.end], True, code) for code in request.codes]
    text, codes, at = "", [], 0
    for start, end, said, hidden, code in sorted(marks, key=lambda mark: mark[:2]):
        text += request.source[at:start]
        if hidden:
            here = (len(text), len(text) + len(said))
            codes.append(replace(code, start=here[0], end=here[1]) if code else Code("ph", said, *here))
        text += said
        at = end
    return replace(request, source=text + request.source[at:], codes=tuple(codes), terms=())


def _accepted(request: Request, held: Request, answer: Answer) -> Match | None:
    """The second draft, if it is one and no placeholder was lost."""
    if not isinstance(answer, Match):
        return None
    wanted = {code.data for code in held.codes} - {code.data for code in request.codes}
    if any(remark == f"{_REINSERTED}{data}" for remark in answer.remarks for data in wanted):
        return None
    return replace(answer, sentences=())
