"""Several engines, the next one asked where the one before had no answer or its draft was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

from toolkit.translation.wrappers.base import compose, fitted, paired
from toolkit.units import Answer, Engine, Estimate, Identity, LanguagePair, Match, Refusal, Request


class Fallback(Engine):
    """Asks its engines in order; all must have the same grain. Where none has a match, the last refusal remains."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        grains = {engine.abilities.grain for engine in engines}
        if len(grains) != 1:
            raise ValueError(f"a fallback needs engines of one grain, not {sorted(grains)}")
        self.children = tuple(engines)
        self.name = "+".join(dict.fromkeys(engine.name for engine in engines))
        self.label = "; ".join(dict.fromkeys(engine.label for engine in engines if engine.label))
        self.abilities = compose("either", *(engine.abilities for engine in engines))

    @property
    def identities(self) -> frozenset[Identity]:
        """Those of all its engines."""
        return frozenset().union(*(engine.identities for engine in self.children))

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """The first engine's answers; later engines see only what is still open."""
        way = self._streamed if self.abilities.independent else self._windowed
        return way(requests, pair)

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """That of the first engine; of how much the others will be asked nothing is known, so all of it counts as sent."""
        first, *others = (
            child.estimate({n: fitted(request, child.abilities) for n, request in requests.items()}, pair)
            for child in self.children
        )
        sendings = first.sendings + tuple(sending for one in others for sending in one.sendings)
        return replace(first, sendings=sendings)

    def _streamed(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """The first engine gets a stream, the others what it left, one by one."""
        first, *others = self.children

        def ask(taken: Iterator[Request]) -> Iterator[Answer]:
            return first.translate((fitted(request, first.abilities) for request in taken), pair)

        with closing(paired(requests, ask)) as pairs:
            for request, answer in pairs:
                for engine in others:
                    if isinstance(answer, Match):
                        break
                    (said,) = engine.translate([fitted(request, engine.abilities)], pair)
                    answer = said if isinstance(said, Match | Refusal) else answer
                yield answer

    def _windowed(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Window by window."""
        waiting = iter(requests)
        while window := list(islice(waiting, self.abilities.window)):
            answers: list[Answer] = [None] * len(window)
            for engine in self.children:
                still = [i for i, answer in enumerate(answers) if not isinstance(answer, Match)]
                asked = [fitted(window[i], engine.abilities) for i in still]
                found = engine.translate(asked, pair) if still else ()
                for i, answer in zip(still, found, strict=True):
                    answers[i] = answer if isinstance(answer, Match | Refusal) else answers[i]
            yield from answers
