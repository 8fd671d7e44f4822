"""Pairs changed paragraphs with the old ones that they grew out of, one to one, by similarity and position."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

_LEAST = 60.0
"""Similarity in percent (rapidfuzz's `ratio`) from which two texts may be paired; msgmerge's own threshold. Two unrelated
long paragraphs reach about 45."""
_LOOKED_AT = 8
"""How many old texts are candidates for a new one."""
_COMPARISONS = 4_000_000
"""Where comparing each with each would take more than this, a new text is compared with the old ones nearest to it."""


def pair_up(
    new: Sequence[tuple[int, str]], old: Sequence[tuple[int, str]], anchors: Mapping[int, int]
) -> dict[int, int]:
    """Position of a new text -> position of the old text that it grew out of; an old text is given once at most.

    `new` and `old` hold (position, text); `anchors` maps the new positions that are settled already to their old ones.
    The most similar pair is settled first, then the most similar one of what is left. Between equally similar old texts
    the position decides, counted from the nearest anchor before. Texts less than 60 % alike are never paired.
    """
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, source in sorted(_candidates(new, old, anchors)):
        if place not in pairs and source not in taken:
            pairs[place] = source
            taken.add(source)
    return pairs


def _candidates(
    new: Sequence[tuple[int, str]], old: Sequence[tuple[int, str]], anchors: Mapping[int, int]
) -> list[tuple[float, int, int]]:
    """For each new text its best old ones: minus their weight (similarity, and up to 1 for being near), new and old position."""
    from rapidfuzz import fuzz, process

    if not new or not old:
        return []
    near = max(_LOOKED_AT, _COMPARISONS // len(new))
    settled = sorted(anchors)
    candidates: list[tuple[float, int, int]] = []
    for place, text in new:
        before = settled[: bisect_left(settled, place)][-1:]
        expected = place + sum(anchors[anchor] - anchor for anchor in before)
        pool = old if len(old) <= near else sorted(old, key=lambda item: abs(item[0] - expected))[:near]
        # more are asked for than are kept, so that of many equals the nearest are among them
        found = process.extract(
            text, [other for _, other in pool], scorer=fuzz.ratio, score_cutoff=_LEAST, limit=8 * _LOOKED_AT
        )
        scored = [(-score - 1 / (1 + abs(pool[i][0] - expected)), place, pool[i][0]) for _, score, i in found]
        candidates += sorted(scored)[:_LOOKED_AT]
    return candidates
