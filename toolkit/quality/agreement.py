"""How far two translations of one text agree, by chrF (Popović 2015): shared runs of 1 to 6 characters, recall counted twice.

The measure between two drafts predicts which of them a person should read first: what two engines say alike is seldom wrong.
"""

from __future__ import annotations

from collections import Counter

_ORDER, _BETA = 6, 2.0


def chrf(text: str, other: str) -> float:
    """chrF2 of a text against another, 0 to 1; blanks do not count. 1 for two empty texts."""
    one, two = ("".join(each.split()) for each in (text, other))
    if not one and not two:
        return 1.0
    precision = recall = 0.0
    orders = 0
    for size in range(1, _ORDER + 1):
        ours, theirs = _runs(one, size), _runs(two, size)
        if not ours or not theirs:
            continue
        shared = sum((ours & theirs).values())
        precision += shared / ours.total()
        recall += shared / theirs.total()
        orders += 1
    if not precision or not recall:
        return 0.0
    precision, recall = precision / orders, recall / orders
    weight = _BETA**2
    return (1 + weight) * precision * recall / (weight * precision + recall)


def _runs(text: str, size: int) -> Counter[str]:
    return Counter(text[at : at + size] for at in range(len(text) - size + 1))
