"""Through a language in between, where no model knows the pair: source -> pivot, then pivot -> target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from toolkit.translation.wrappers.base import compose
from toolkit.units import Answer, Engine, Estimate, Identity, LanguagePair, Match, Refusal, Request


class Pivot(Engine):
    """Two engines in a row. The score is the sum of both legs' (log-probabilities per token add up: 0 is best)."""

    def __init__(self, first: Engine, second: Engine, via: str) -> None:
        self.children = (first, second)
        self.via = via
        self.name = first.name if first.name == second.name else f"{first.name}+{second.name}"
        self.label = "; ".join(dict.fromkeys(leg.label for leg in self.children if leg.label))
        composed = compose("chain", first.abilities, second.abilities)
        # What was approved in the pivot language is the source of the second leg, never a reference for the first.
        self.abilities = replace(composed, reference_languages=composed.reference_languages - {via})

    @property
    def identities(self) -> frozenset[Identity]:
        """Every pair of a first and a second model."""
        first, second = self.children
        return frozenset(self._joined(a, b) for a in first.identities for b in second.identities)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Answer in windows; a leg that refuses makes the whole a refusal that names the leg."""
        first, second = self.children
        legs = LanguagePair(pair.source, self.via), LanguagePair(self.via, pair.target)
        waiting = iter(requests)
        while window := list(islice(waiting, self.abilities.window)):
            middles = list(first.translate(window, legs[0]))
            onward = [
                Request(middle.target, fresh=request.fresh)
                for request, middle in zip(window, middles, strict=True)
                if isinstance(middle, Match)
            ]
            ends = iter(second.translate(onward, legs[1]))
            for middle in middles:
                yield self._answer(middle, next(ends) if isinstance(middle, Match) else None, legs)

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """How much of the second leg is known shows only when the first has answered: all that is new to the first is
        counted as new to the second, and equally long."""
        first, second = self.children
        one = first.estimate(requests, LanguagePair(pair.source, self.via))
        two = second.estimate(one.unanswered, LanguagePair(self.via, pair.target))
        seconds = None if one.seconds is None or two.seconds is None else one.seconds + two.seconds
        return Estimate(one.unanswered, seconds, one.sendings + two.sendings)

    def _answer(self, middle: Answer, end: Answer, legs: tuple[LanguagePair, LanguagePair]) -> Answer:
        if isinstance(middle, Match) and isinstance(end, Match):
            return replace(
                end,
                origin=self.name,
                model=self._joined(Identity(middle.origin, middle.model), Identity(end.origin, end.model)).model,
                score=None if middle.score is None or end.score is None else middle.score + end.score,
                via=self.via,
                remarks=tuple(dict.fromkeys(middle.remarks + end.remarks)),
                reference_language=middle.reference_language,
            )
        refusal, leg = (end, legs[1]) if isinstance(middle, Match) else (middle, legs[0])
        if not isinstance(refusal, Refusal):
            return None
        made = sorted(self.identities, key=lambda identity: identity.model)[0]
        return Refusal(self.name, made.model, f"{leg}: {refusal.why}")

    def _joined(self, first: Identity, second: Identity) -> Identity:
        return Identity(self.name, f"{first.model} {second.model}".strip())
