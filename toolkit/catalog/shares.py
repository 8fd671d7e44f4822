"""A paragraph that was split in two, or two that were joined: what a merge leaves empty gets the old words that it came from.

A merge gives an old translation to one paragraph only. Where a new paragraph is a part of an old one, or an old one a part of
it, it gets those words too, as outdated; which sentences of them are its own is for `reuse` to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit import codes
from toolkit.catalog.merge import outdated
from toolkit.segment import sentences
from toolkit.units import Catalog, Unit, fold

_LEAST = 15
"""Characters of a sentence that shows where a paragraph came from, and of a paragraph that is looked for."""
_ALIKE = 85.0
"""Similarity in percent (rapidfuzz's `partial_ratio`) of the shorter one with the part of the longer that is most like it."""
_PART = 0.2
"""Share of a joined paragraph that an old one makes up at least."""
_COMPARISONS = 200_000
"""Pairs of paragraphs that are compared at most; beyond, whole sentences alone say where a paragraph came from."""


def share(old: Catalog | None, merged: Catalog) -> Catalog:
    """The merged catalog, with words for its empty new units from the parts of `old` that they came from.

    `old` is what was merged. A unit that was in it is left alone, and so is every paragraph that still exists.
    """
    if old is None:
        return merged
    before = {unit.key for unit in old.units}
    empty = [unit for unit in merged.live if not unit.target and unit.key not in before]
    there = {unit.key for unit in merged.live}
    pool = [unit for unit in old.units if unit.target and unit.key not in there and not unit.is_aside]
    if not empty or not pool:
        return merged
    origins = _origins(empty, pool, old)
    units = tuple(
        outdated(origins[unit.key], unit) if not unit.obsolete and unit.key in origins else unit
        for unit in merged.units
    )
    return replace(merged, units=units)


def _origins(empty: Sequence[Unit], pool: Sequence[Unit], old: Catalog) -> dict[object, Unit]:
    """The old unit that each empty one shares most with."""
    by_sentence: dict[str, list[int]] = {}
    for place, unit in enumerate(pool):
        for text in dict.fromkeys(_sentences(unit, old)):
            by_sentence.setdefault(text, []).append(place)
    found: dict[object, Unit] = {}
    texts = [fold(unit.source) for unit in pool]
    few = len(empty) * len(pool) <= _COMPARISONS
    for unit in empty:
        shared: dict[int, int] = {}
        for text in _sentences(unit, old):
            for place in by_sentence.get(text, ()):
                shared[place] = shared.get(place, 0) + len(text)
        # the live ones before the obsolete ones, then as they stand
        best = min(shared, key=lambda place: (-shared[place], pool[place].obsolete, place), default=None)
        if best is None and few:
            best = _contained(fold(unit.source), texts)
        if best is not None:
            found[unit.key] = pool[best]
    return found


def _sentences(unit: Unit, catalog: Catalog) -> list[str]:
    """The sentences of a unit that are long enough to be told from others."""
    cuts = sentences(unit.source, catalog.source_language or "en", codes.find(unit.source, catalog.markup))
    return [text for start, end in cuts if len(text := fold(unit.source[start:end])) >= _LEAST]


def _contained(text: str, others: Sequence[str]) -> int | None:
    """The place of the text that this one is most like a part of, or that is most like a part of this one."""
    from rapidfuzz import fuzz, process

    if len(text) < _LEAST:
        return None
    able = {place: other for place, other in enumerate(others) if len(other) >= max(_LEAST, _PART * len(text))}
    found = process.extract(text, able, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, limit=1)
    return found[0][2] if found else None
