"""Which sentences of a paragraph's translation are whose, by the pair itself: lengths, numbers, names, and the words that the
project's own pairs have taught (IBM model 1).

Equal counts of sentences prove nothing: a translator may join two and split another. A group is certain when its posterior is
so high that no other alignment of the paragraph comes near (`beads`), when its length is that of a translation, and when no
other sentence would fit nearly as well. Weights and limits: `benchmarks/reuse.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from toolkit.alignment.beads import Matrix, Scores, align
from toolkit.alignment.comparing import Comparison, Lengths, first_lengths
from toolkit.alignment.groups import Group
from toolkit.alignment.ibm import Model1, train
from toolkit.alignment.traits import Passage, Traits, is_latin, traits
from toolkit.units import LanguagePair

WEIGHTS = {
    "length": 0.8,
    "number": 2.4,
    "number_lost": -3.9,
    "number_new": -4.4,
    "latin": 4.6,
    "latin_new": -1.9,
    "words": 2.6,
    "all_words": 0.33,
}
"""Of a logistic regression on 1,400 sentences of news, Chinese and Tibetan, each beside its five neighbours."""
_CONSTANT = 2.5
_SURE = 0.995
"""Posterior of a certain group."""
_CONTRAST = 0.5
"""By how much its log-odds must be above those of every other group of its sentences that it might be mistaken for."""
_MISFIT = 2.5
"""Spreads by which a translation may be too long or too short."""
_SKIP, _MERGE, _SWAP = 0.01, 0.03, 0.02
"""Shares of sentences that are left out, joined or split, and of neighbours that changed places."""
_ENOUGH = 100
"""Pairs of texts from which a model can be learned."""
_MOST = 20_000
"""Pairs that are learned from."""
_TOO_MANY = 60
"""Sentences of a paragraph that is not aligned."""
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class Aligner:
    """Aligns the sentences of paragraphs of one pair of languages."""

    def __init__(self, pair: LanguagePair, memory: Callable[[], Iterable[tuple[str, str]]], most: int = _MOST) -> None:
        """`memory` gives the project's approved pairs; it is asked once, when the first paragraph is aligned. `most` of them are
        learned from."""
        self._pair = pair
        self._memory = memory
        self._most = most

    @property
    def able(self) -> bool:
        """Whether there is enough to learn from; else nothing is certain."""
        return bool(self._known)

    def groups(self, sources: Sequence[str], targets: Sequence[str]) -> list[Group]:
        """The certain groups, by source sentence."""
        if not sources or not targets or max(len(sources), len(targets)) > _TOO_MANY or not self._known:
            return []
        read = (
            [self._traits(text, self._pair.source) for text in sources],
            [self._traits(text, self._pair.target) for text in targets],
        )
        scores = self._scores(*read)
        found = align(scores, float(np.log(_SKIP / (1 - _SKIP))), float(np.log(_MERGE)), float(np.log(_SWAP)))
        groups = []
        for bead in found.beads(_SURE):
            group = Group(bead.source, bead.source + bead.sources, bead.target, bead.target + bead.targets)
            if self._fits(group, *read) and self._contrast(group, scores) >= _CONTRAST:
                groups.append(group)
        return groups

    @cached_property
    def _known(self) -> list[tuple[Traits, Traits]]:
        """The memory's pairs; empty where there are too few."""
        texts = [pair for _, pair in zip(range(self._most), self._memory(), strict=False)]
        if len(texts) < _ENOUGH:
            return []
        return [(self._traits(s, self._pair.source), self._traits(t, self._pair.target)) for s, t in texts]

    @cached_property
    def _model(self) -> Model1:
        return train((source.tokens, target.tokens) for source, target in self._known)

    @cached_property
    def _lengths(self) -> Lengths:
        pairs = [(source.length, target.length) for source, target in self._known]
        return Lengths.fitted(pairs, first_lengths([([s for s, _ in self._known], [t for _, t in self._known])]))

    def _traits(self, text: str, tag: str) -> Traits:
        """The traits of a text, with single Chinese characters among its tokens, and without triples."""
        found = traits(Passage(text), tag)
        runs = _HAN.findall(text)
        if not runs:
            return found
        kept = {token for token in found.tokens if not (len(token) == 3 and _HAN.fullmatch(token))}
        return replace(found, tokens=frozenset(kept | {char for run in runs for char in run}))

    def _scores(self, source: Sequence[Traits], target: Sequence[Traits]) -> Scores:
        two_targets = [one.joined(other) for one, other in pairwise(target)]
        two_sources = [one.joined(other) for one, other in pairwise(source)]
        return Scores(self._pairs(source, target), self._pairs(source, two_targets), self._pairs(two_sources, target))

    def _pairs(self, source: Sequence[Traits], target: Sequence[Traits]) -> Matrix:
        """The log-odds of all pairs."""
        total = np.full((len(source), len(target)), _CONSTANT)
        for name, matrix in self.measures(source, target):
            total += WEIGHTS.get(name, 0.0) * matrix
        return total

    def measures(self, source: Sequence[Traits], target: Sequence[Traits]) -> Iterable[tuple[str, Matrix]]:
        """Each measure by name, as a matrix over all pairs."""
        if not source or not target:
            return
        latin = is_latin(self._pair.source), is_latin(self._pair.target)
        compared = Comparison.of(source, target, self._lengths, latin)
        yield from compared.measures(source, target)
        words = np.array(self._model.scores(source, target))
        yield "words", words
        yield "all_words", words * np.array([len(other.tokens) for other in target]) / 10

    def _fits(self, group: Group, source: Sequence[Traits], target: Sequence[Traits]) -> bool:
        """Whether the translation is as long as translations are."""
        sizes = sum(source[i].length for i in group.rows), sum(target[j].length for j in group.columns)
        compared = Comparison.of(source, target, self._lengths, (False, False))
        return abs(compared.misfit(*sizes)) < _MISFIT

    def _contrast(self, group: Group, scores: Scores) -> float:
        """By how much a pair is better than the best other one of its row and column; no limit for joined ones."""
        if len(group.rows) > 1 or len(group.columns) > 1:
            return np.inf
        i, j = group.source, group.target
        others = np.concatenate((np.delete(scores.pairs[i], j), np.delete(scores.pairs[:, j], i)))
        return float(scores.pairs[i, j] - others.max()) if others.size else np.inf
