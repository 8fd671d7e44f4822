"""Which old paragraph a new one grew out of: the best assignment, one to one, of texts that resemble each other.

Neighbours decide between equals: a changed paragraph is looked for where the paragraphs around it were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_LEAST = 60.0
"""Percent of characters in common order; msgmerge's own threshold. Two unrelated long paragraphs share some 45."""
_LOOKED_AT = 8
"""How many old texts are weighed for a new one."""
_COMPARISONS = 4_000_000
"""Beyond this many, a new text is compared with the old ones that stand nearest."""
_EXACT = 60
"""Among so many texts that compete for each other the best assignment is computed; among more, the best pair goes first."""

Weights = dict[int, dict[int, float]]
"""By new and old place, what a pair is worth."""


def pair_up(
    new: Sequence[tuple[int, str]], old: Sequence[tuple[int, str]], anchors: Mapping[int, int]
) -> dict[int, int]:
    """For places of new texts the places of old ones they grew out of; an old text is given once at most.

    `new` and `old` hold (place, text); `anchors` maps the new places that are settled already to their old ones. Texts
    less than 60 % alike are never paired.
    """
    if not new or not old:
        return {}
    weights = _weights(new, old, anchors)
    pairs: dict[int, int] = {}
    for group in _groups(weights):
        pairs |= _best(group) if len(group) <= _EXACT else _greedy(group)
    return pairs


def _weights(new: Sequence[tuple[int, str]], old: Sequence[tuple[int, str]], anchors: Mapping[int, int]) -> Weights:
    from rapidfuzz import fuzz, process

    near = max(_LOOKED_AT, _COMPARISONS // len(new))
    weights: Weights = {}
    for (place, text), expected in zip(new, _expected([place for place, _ in new], anchors), strict=True):
        pool = old if len(old) <= near else sorted(old, key=lambda item: abs(item[0] - expected))[:near]
        # ask for more than are weighed, so that of many equals the nearest are among them
        found = process.extract(
            text, [other for _, other in pool], scorer=fuzz.ratio, score_cutoff=_LEAST, limit=8 * _LOOKED_AT
        )
        scored = {pool[i][0]: score + 1 / (1 + abs(pool[i][0] - expected)) for _, score, i in found}
        best = sorted(scored.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]
        if best:
            weights[place] = dict(best)
    return weights


def _expected(places: Sequence[int], anchors: Mapping[int, int]) -> list[int]:
    """Where each new place would be in the old order, counted from the nearest settled one before it."""
    expected = []
    settled = sorted(anchors)
    at, offset = 0, 0
    for place in places:
        while at < len(settled) and settled[at] < place:
            offset = anchors[settled[at]] - settled[at]
            at += 1
        expected.append(place + offset)
    return expected


def _groups(weights: Weights) -> list[Weights]:
    """The new places that compete for the same old ones, set apart from those that do not."""
    root: dict[int, int] = {}

    def find(item: int) -> int:
        while root.setdefault(item, item) != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for place, row in weights.items():
        for source in row:
            root[find(-1 - source)] = find(place)  # old places are kept apart as negative numbers
    groups: dict[int, Weights] = {}
    for place, row in weights.items():
        groups.setdefault(find(place), {})[place] = row
    return list(groups.values())


def _greedy(weights: Weights) -> dict[int, int]:
    """The best pair first, then the best of what is left."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    ranked = sorted((-worth, place, source) for place, row in weights.items() for source, worth in row.items())
    for _, place, source in ranked:
        if place not in pairs and source not in taken:
            pairs[place] = source
            taken.add(source)
    return pairs


def _best(weights: Weights) -> dict[int, int]:
    """The pairs whose sum is highest (the Hungarian method, by shortest augmenting paths).

    Each row may also stay alone, which is worth nothing: that is a column of its own.
    """
    rows = list(weights)
    columns = sorted({source for row in weights.values() for source in row})
    cost = [[-weights[row].get(column, 0.0) for column in columns] + [0.0] * len(rows) for row in rows]
    width = len(columns) + len(rows)
    row_price, column_price = [0.0] * (len(rows) + 1), [0.0] * (width + 1)
    owner, way = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, len(rows) + 1):
        owner[0], column = row, 0
        least, used = [float("inf")] * (width + 1), [False] * (width + 1)
        while owner[column]:
            used[column] = True
            current, step, following = owner[column], float("inf"), 0
            for other in range(1, width + 1):
                if not used[other]:
                    reduced = cost[current - 1][other - 1] - row_price[current] - column_price[other]
                    if reduced < least[other]:
                        least[other], way[other] = reduced, column
                    if least[other] < step:
                        step, following = least[other], other
            for other in range(width + 1):
                if used[other]:
                    row_price[owner[other]] += step
                    column_price[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            owner[column] = owner[way[column]]
            column = way[column]
    settled = {rows[owner[c] - 1]: columns[c - 1] for c in range(1, len(columns) + 1) if owner[c]}
    return {row: column for row, column in settled.items() if column in weights[row]}
