"""Several engines, the next one asked where the one before had nothing to say or was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal

from toolkit.translation.identity import Identity, identities
from toolkit.translation.wrappers.base import background, fitted, load, seconds, tokens
from toolkit.translation.wrappers.passing import closed, paired
from toolkit.units import Answer, Engine, Match, Refusal, Request


class Cascade:
    """Asks its engines in order; all must want the same grain. A refusal of the last one that refused is what remains."""

    def __init__(self, engines: Sequence[Engine]) -> None:
        grains = {engine.grain for engine in engines}
        if len(grains) != 1:
            raise ValueError(f"a cascade needs engines of one grain, not {sorted(grains)}")
        self.engines = tuple(engines)
        self.name = "+".join(dict.fromkeys(engine.name for engine in engines))
        self.grain: Literal["sentence", "unit"] = engines[0].grain
        self.independent = all(getattr(engine, "independent", False) for engine in engines)
        self.window = max(getattr(engine, "window", 1) for engine in engines)
        self.label = "; ".join(dict.fromkeys(filter(None, (getattr(engine, "label", "") for engine in engines))))
        self.background: frozenset[str] = frozenset().union(*map(background, engines))
        self.seconds: frozenset[str] = frozenset().union(*map(seconds, engines))

    @property
    def identities(self) -> frozenset[Identity]:
        """Those of all its engines."""
        return frozenset().union(*(identities(engine) for engine in self.engines))

    @property
    def tokens(self) -> int:
        """What its engines produced so far."""
        return sum(map(tokens, self.engines))

    def load(self) -> None:
        """Read the first model; the others may not be needed."""
        load(self.engines[0])

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The first engine's answers; later engines see only what is still open."""
        way = self._streamed if self.independent else self._windowed
        return way(requests, source_language, target_language)

    def _streamed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The first engine gets a stream, the others what it left, one by one."""
        first, *others = self.engines

        def ask(taken: Iterator[Request]) -> Iterator[Answer]:
            return first.translate((fitted(request, first) for request in taken), source_language, target_language)

        pairs = paired(requests, ask)
        with closed(pairs):
            for request, answer in pairs:
                for engine in others:
                    if isinstance(answer, Match):
                        break
                    (said,) = engine.translate([fitted(request, engine)], source_language, target_language)
                    answer = said if isinstance(said, Match | Refusal) else answer
                yield answer

    def _windowed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Window by window."""
        waiting = iter(requests)
        while window := list(islice(waiting, self.window)):
            answers: list[Answer] = [None] * len(window)
            for engine in self.engines:
                still = [i for i, answer in enumerate(answers) if not isinstance(answer, Match)]
                asked = [fitted(window[i], engine) for i in still]
                found = engine.translate(asked, source_language, target_language) if still else ()
                for i, answer in zip(still, found, strict=True):
                    answers[i] = answer if isinstance(answer, Match | Refusal) else answers[i]
            yield from answers
