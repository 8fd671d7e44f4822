"""Approved pairs whose sources are like a text, found by comparing it with every one of them.

Meant for the catalogs of one project: 20,000 pairs are looked through in some hundredths of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from toolkit.units import LanguagePair


class Similar(NamedTuple):
    """An approved pair, and how much its source is like the text that was asked for."""

    source: str
    target: str
    score: float
    """Percent, 0 to 100: letters that stay where one text is changed into the other."""


class Pairs:
    """Approved translations by language pair: source and target, without inline codes."""

    def __init__(self) -> None:
        self._pairs: dict[LanguagePair, dict[tuple[str, str], None]] = {}
        self._sources: dict[LanguagePair, Sequence[tuple[str, str]]] = {}

    def add(self, pair: LanguagePair, texts: Iterable[tuple[str, str]]) -> None:
        """Add approved texts, each once."""
        self._pairs.setdefault(pair, {}).update(dict.fromkeys(texts))
        self._sources.pop(pair, None)

    def similar(self, text: str, pair: LanguagePair, limit: int, least: float = 0.0) -> list[Similar]:
        """The `limit` most similar pairs of `least` percent or more; equal ones in the order of their texts."""
        from rapidfuzz import fuzz, process

        if pair not in self._sources:
            self._sources[pair] = sorted(self._pairs.get(pair, ()))
        known = self._sources[pair]
        sources = [source for source, _ in known]
        found = process.extract(text, sources, scorer=fuzz.ratio, limit=limit, score_cutoff=least)
        return [Similar(*known[place], score) for _, score, place in found]
