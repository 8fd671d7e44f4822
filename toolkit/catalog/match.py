"""Which old paragraph a new one grew out of: one to one, by similarity, the nearest place deciding between equals."""

from __future__ import annotations

from collections.abc import Sequence

_LEAST = 60.0
"""Percent; msgmerge's own threshold."""
_LOOKED_AT = 8


def pair_up(new: Sequence[tuple[int, str]], old: Sequence[tuple[int, str]]) -> dict[int, int]:
    """For places of new texts the places of the old ones they resemble most; each old text is taken once at most.

    Both are sequences of (place in the article, text). Texts less than 60 % alike are never paired.
    """
    if not new or not old:
        return {}
    from rapidfuzz import fuzz, process

    texts = [text for _, text in old]
    candidates = [
        (-score, abs(place - old[index][0]), place, old[index][0])
        for place, text in new
        for _, score, index in process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=_LEAST, limit=_LOOKED_AT)
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, place, source in sorted(candidates):
        if place not in pairs and source not in taken:
            pairs[place] = source
            taken.add(source)
    return pairs
