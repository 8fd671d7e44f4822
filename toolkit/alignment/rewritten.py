"""Which sentences of a text are whose, by the draft of each source sentence: by how far a sentence of the text is like the draft,
and by length, numbers and names beside the source.

`tracing` finds what a person left of the draft. This also finds the sentences of somebody who wrote all of them anew: those of two
translators of one sentence are far more alike than those of two sentences. The most probable alignment of the paragraph decides,
two neighbours that changed places included (`beads`); certain is what no other alignment comes near.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from toolkit.alignment.beads import Matrix, Scores, align
from toolkit.alignment.comparing import Comparison, Lengths, first_lengths
from toolkit.alignment.groups import Group
from toolkit.alignment.traits import Passage, Traits, is_latin, traits
from toolkit.units import LanguagePair

WEIGHTS = {
    "length": 0.92,
    "number": 3.59,
    "number_lost": -2.2,
    "number_new": -2.65,
    "latin": 3.19,
    "words": 12.6,
    "word_pairs": 7.81,
}
"""Of a logistic regression (`benchmarks/reuse_fit.py`) on the drafts of three engines beside published translations."""
CONSTANT = -6.5
_SURE = 0.96
"""Posterior of a certain group."""
_CONTRAST = 0.5
"""By how much the log-odds of a pair must be above those of all others of its sentences."""
_SKIP, _MERGE, _SWAP = 0.01, 0.05, 0.03
"""Shares of sentences that are left out, joined or split, and of neighbours that changed places."""
_TOO_MANY = 60
"""Sentences of a paragraph that is not aligned."""
_WORD = re.compile(r"[\u0f40-\u0fbc]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]|[^\W_]+")

Grams = Counter[tuple[str, ...]]


def groups(sources: Sequence[str], drafts: Sequence[str], text: Sequence[str], pair: LanguagePair) -> list[Group]:
    """The certain groups of source sentences, each with its draft, and sentences of the text; by source sentence."""
    if not sources or not text or max(len(sources), len(text)) > _TOO_MANY:
        return []
    scores = _scores(sources, drafts, text, pair)
    found = align(scores, math.log(_SKIP / (1 - _SKIP)), math.log(_MERGE), math.log(_SWAP))
    beads = [
        Group(one.source, one.source + one.sources, one.target, one.target + one.targets) for one in found.beads(_SURE)
    ]
    return [group for group in beads if _contrast(group, scores.pairs) >= _CONTRAST]


def measures(
    sources: Sequence[Traits],
    drafts: Sequence[str],
    targets: Sequence[Traits],
    text: Sequence[str],
    lengths: Lengths,
    pair: LanguagePair,
) -> dict[str, Matrix]:
    """Each measure by name, as a matrix over all pairs of a source sentence with its draft and a sentence of the text."""
    compared = Comparison.of(sources, targets, lengths, (is_latin(pair.source), is_latin(pair.target)))
    found = {name: matrix for name, matrix in compared.measures(sources, targets) if name in WEIGHTS}
    for name, size in (("words", 1), ("word_pairs", 2)):
        found[name] = _likeness([_grams(one, size) for one in drafts], [_grams(one, size) for one in text])
    return found


def _scores(sources: Sequence[str], drafts: Sequence[str], text: Sequence[str], pair: LanguagePair) -> Scores:
    read = [traits(Passage(one), pair.source) for one in sources]
    targets = [traits(Passage(one), pair.target) for one in text]
    lengths = first_lengths([(read, targets)])

    def total(read: Sequence[Traits], drafts: Sequence[str], targets: Sequence[Traits], text: Sequence[str]) -> Matrix:
        if not read or not targets:
            return np.zeros((len(read), len(targets)))
        found = measures(read, drafts, targets, text, lengths, pair)
        return CONSTANT + sum((WEIGHTS[name] * matrix for name, matrix in found.items()), np.zeros(1))

    two_sources = [one.joined(other) for one, other in pairwise(read)]
    two_targets = [one.joined(other) for one, other in pairwise(targets)]
    return Scores(
        total(read, drafts, targets, text),
        total(read, drafts, two_targets, _joined(text)),
        total(two_sources, _joined(drafts), targets, text),
    )


def _joined(texts: Sequence[str]) -> list[str]:
    return [f"{one} {other}" for one, other in pairwise(texts)]


def _grams(text: str, size: int) -> Grams:
    words = _WORD.findall(text.casefold())
    return Counter(tuple(words[at : at + size]) for at in range(len(words) - size + 1))


def _likeness(drafts: Sequence[Grams], text: Sequence[Grams]) -> Matrix:
    """Twice what two sentences share, of what both have (Dice), with rare words counting more."""
    counted = Counter(gram for one in (*drafts, *text) for gram in one)
    size = len(drafts) + len(text)
    rarity = {gram: math.log(1 + size / times) for gram, times in counted.items()}
    weights = [[_weight(one, rarity) for one in side] for side in (drafts, text)]
    return np.array(
        [
            [2 * _weight(one & other, rarity) / (weights[0][i] + weights[1][j] + 1) for j, other in enumerate(text)]
            for i, one in enumerate(drafts)
        ]
    )


def _weight(grams: Grams, rarity: Mapping[tuple[str, ...], float]) -> float:
    return sum(rarity[gram] * times for gram, times in grams.items())


def _contrast(group: Group, scores: Matrix) -> float:
    """By how much a pair is better than the best other one of its row and column; no limit for joined ones."""
    if len(group.rows) > 1 or len(group.columns) > 1:
        return math.inf
    i, j = group.source, group.target
    others = np.concatenate((np.delete(scores[i], j), np.delete(scores[:, j], i)))
    return float(scores[i, j] - others.max()) if others.size else math.inf
