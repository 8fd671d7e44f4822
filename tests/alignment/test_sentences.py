"""The sentences of a pair, aligned by what a project's own pairs have taught."""

from __future__ import annotations

import random

from toolkit.alignment.groups import Group
from toolkit.alignment.sentences import Aligner
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "zh-Hans")
WHO = {"The teacher": "老师", "The farmer": "农民", "The doctor": "医生", "The driver": "司机", "The soldier": "士兵"}
WHAT = {
    "bought a horse": "买了一匹马",
    "read the letter": "读了那封信",
    "closed the school": "关闭了学校",
    "crossed the river": "过了河",
}
WHERE = {
    "in the old town": "在老城里",
    "near the bridge": "在桥的附近",
    "on the mountain": "在山上",
    "at the market": "在市场",
}


def sentence(rng: random.Random) -> tuple[str, str]:
    who, what, where = (rng.choice(sorted(table)) for table in (WHO, WHAT, WHERE))
    return f"{who} {what} {where}.", f"{WHO[who]}{WHERE[where]}{WHAT[what]}。"


def memory(count: int) -> list[tuple[str, str]]:
    rng = random.Random(7)
    return [sentence(rng) for _ in range(count)]


SOURCES = [
    "The teacher closed the school near the bridge.",
    "The farmer bought a horse at the market.",
    "The doctor crossed the river on the mountain.",
]
TARGETS = ["老师在桥的附近关闭了学校。", "农民在市场买了一匹马。", "医生在山上过了河。"]


def test_pairs_are_found_by_their_words() -> None:
    aligner = Aligner(PAIR, lambda: memory(300))
    assert aligner.groups(SOURCES, TARGETS) == [Group(n, n + 1, n, n + 1) for n in range(3)]


def test_equal_counts_prove_nothing() -> None:
    """Two were joined and one was split: what is certain is right, and the third is not taken for the second."""
    texts = [TARGETS[0][:-1] + "，" + TARGETS[1], "医生在山上。", "过了河。"]
    for group in Aligner(PAIR, lambda: memory(300)).groups(SOURCES, texts):
        assert group in (Group(0, 2, 0, 1), Group(2, 3, 1, 3))


def test_without_enough_pairs_nothing_is_certain() -> None:
    asked: list[int] = []

    def few() -> list[tuple[str, str]]:
        asked.append(1)
        return memory(20)

    aligner = Aligner(PAIR, few)
    assert aligner.groups(SOURCES, TARGETS) == aligner.groups(SOURCES, TARGETS) == [] and asked == [1]
    assert aligner.groups([], TARGETS) == []
