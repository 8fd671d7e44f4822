"""Through a language in between, where no model knows the pair: source -> pivot, then pivot -> target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Literal

from toolkit.translation.identity import Identity, identities
from toolkit.translation.wrappers.base import background, load, seconds, tokens
from toolkit.units import Answer, Engine, Match, Refusal, Request


class Pivot:
    """Two engines in a row. The score is the sum of both legs' (log-probabilities per token add up: 0 is best)."""

    def __init__(self, first: Engine, second: Engine, via: str) -> None:
        self.first = first
        self.second = second
        self.via = via
        self.name = first.name if first.name == second.name else f"{first.name}+{second.name}"
        units = first.grain == second.grain == "unit"
        self.grain: Literal["sentence", "unit"] = "unit" if units else "sentence"
        self.independent = all(getattr(leg, "independent", False) for leg in (first, second))
        self.window = max(getattr(leg, "window", 1) for leg in (first, second))
        self.label = "; ".join(dict.fromkeys(filter(None, (getattr(leg, "label", "") for leg in (first, second)))))
        self.markers = all(getattr(leg, "markers", True) for leg in (first, second))
        self.background = background(first)
        self.seconds = seconds(first) - {via}

    @property
    def identities(self) -> frozenset[Identity]:
        """Every pair of a first and a second maker."""
        return frozenset(self._joined(a, b) for a in identities(self.first) for b in identities(self.second))

    @property
    def tokens(self) -> int:
        """What both legs produced so far."""
        return tokens(self.first) + tokens(self.second)

    def load(self) -> None:
        """Read the first model; the second may not be needed."""
        load(self.first)

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answer in windows; a leg that refuses makes the whole a refusal that names the leg."""
        waiting = iter(requests)
        while window := list(islice(waiting, self.window)):
            middles = list(self.first.translate(window, source_language, self.via))
            onward = [Request(middle.target) for middle in middles if isinstance(middle, Match)]
            ends = iter(self.second.translate(onward, self.via, target_language))
            for middle in middles:
                end = next(ends) if isinstance(middle, Match) else None
                yield self._answer(middle, end, f"{source_language} -> {self.via}", f"{self.via} -> {target_language}")

    def _answer(self, middle: Answer, end: Answer, leg: str, second_leg: str) -> Answer:
        if isinstance(middle, Match) and isinstance(end, Match):
            score = None if middle.score is None or end.score is None else middle.score + end.score
            made = self._joined(Identity(middle.origin, middle.model), Identity(end.origin, end.model))
            remarks = tuple(dict.fromkeys(middle.remarks + end.remarks))
            return replace(end, origin=self.name, model=made.model, score=score, via=self.via, remarks=remarks)
        refusal, where = (end, second_leg) if isinstance(middle, Match) else (middle, leg)
        if not isinstance(refusal, Refusal):
            return None
        made = sorted(self.identities, key=lambda identity: identity.model)[0]
        return Refusal(self.name, made.model, f"{where}: {refusal.why}")

    def _joined(self, first: Identity, second: Identity) -> Identity:
        return Identity(self.name, f"{first.model} {second.model}".strip())
