"""Drafts as evidence: more pairs are certain with them, none is wrong because of them, and what they are worth is measured."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest

from tests.alignment.test_documents import CHINESE, ENGLISH, certain
from toolkit.alignment.documents import Document, align
from toolkit.alignment.drafts import Drafts, Judge

DROPPED = (2, 3, 7)


def kept() -> list[int]:
    return [at for at in range(len(CHINESE)) if at not in DROPPED]


def found(drafts: Sequence[str], targets: Sequence[int]) -> dict[int, int]:
    (aligned,) = align([Document(ENGLISH, [CHINESE[at] for at in targets], drafts)], "en", "zh-Hans")
    return {source: targets[place] for source, place in certain(aligned).items()}


def drafts(share: float) -> list[str]:
    """Of each translation this share of its pairs of characters, for the others those of other translations."""
    chance = random.Random(3)
    other = "".join(one.text for one in CHINESE)
    said = []
    for one in CHINESE:
        pieces = []
        for at in range(0, len(one.text), 3):
            place = chance.randrange(len(other) - 3)
            pieces.append(one.text[at : at + 3] if chance.random() < share else other[place : place + 3])
        said.append("".join(pieces))
    return said


@pytest.mark.parametrize("share", [0.3, 0.6])
def test_more_is_certain_and_all_of_it_right(share: float) -> None:
    with_, without = found(drafts(share), kept()), found((), kept())
    assert all(source == place for source, place in with_.items())
    assert len(with_) > len(without) or len(with_) == len(kept())


def test_drafts_that_say_nothing_make_nothing_certain_that_is_wrong() -> None:
    assert all(source == place for source, place in found(drafts(0.0), kept()).items())
    assert found([""] * len(ENGLISH), kept()) == found((), kept())


def test_likeness_counts_what_is_rare() -> None:
    targets = [frozenset("的a"), frozenset("的b"), frozenset("的c")]
    matrix = Drafts.of(targets, targets).likeness([frozenset("的a"), frozenset(), frozenset("的z")], targets)
    assert matrix[0, 0] == pytest.approx(1.0) and 0 < matrix[0, 1] < 0.5
    assert not matrix[1].any() and matrix[2].max() < 0.5


def test_a_draft_that_is_not_there_says_nothing() -> None:
    rows, targets = [frozenset("ab"), frozenset()], [frozenset("ab"), frozenset("cd")]
    scores = Judge().scores(Drafts.of(rows, targets), rows, targets)
    assert scores.pairs[0, 0] > 0 > scores.pairs[0, 1] and not scores.pairs[1].any()
    assert scores.two_sources.shape == (1, 2) and not scores.two_sources.any() and scores.two_targets.shape == (2, 1)


def test_what_a_likeness_is_worth_is_measured() -> None:
    pairs = [(at, at) for at in range(40)]
    good = np.full((40, 40), 0.05) + np.eye(40) * 0.5
    bad = np.full((40, 40), 0.05) + np.eye(40) * 0.01
    values = [Judge.fitted([(matrix, pairs)]) for matrix in (good, bad)]
    worth = [
        judge.constant + judge.slope * float(matrix[0, 0]) for judge, matrix in zip(values, (good, bad), strict=True)
    ]
    assert worth[0] > 2 and abs(worth[1]) < 0.7
    assert Judge.fitted([]) == Judge()
