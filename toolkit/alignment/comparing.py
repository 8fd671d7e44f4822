"""How well passages fit together, as log-odds: measures of length, type, numbers, codes, names and lexicon, weighed by a
logistic regression whose weights stand in `data/weights.toml` (made by `benchmarks/adopt.py --fit`).
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from toolkit.alignment.beads import Matrix, Scores
from toolkit.alignment.lexicon import Lexicon
from toolkit.alignment.traits import Traits
from toolkit.language.numbers import Value, says

BOUNDS = (20, 60, 150)
"""Characters of the source at which the spread of lengths changes: what is short varies more."""
_SPREADS = (0.7, 0.35, 0.27, 0.24)
"""The spread of the logarithm of the ratio of lengths, before anything is known of two languages."""
_UNLIKE = 2.0
"""How many times as rarely as other passages those of two types, such as a heading and the paragraph below it, are translated as one: in
units of the measure `type`."""
_SURPRISE = 8.0
"""Most that a length can speak against a pair."""


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long translations are, by the logarithm of target over source."""

    ratio: float
    spreads: tuple[float, ...] = _SPREADS
    """By length of the source, see `BOUNDS`."""

    @classmethod
    def fitted(cls, pairs: Sequence[tuple[int, int]], before: Lengths) -> Lengths:
        """As these pairs of lengths have it; few pairs change little."""
        if len(pairs) < 5:
            return before
        logs = np.array([_log_ratio(source, target) for source, target in pairs])
        sources = np.array([source for source, _ in pairs])
        long = logs[sources >= BOUNDS[0]] if (sources >= BOUNDS[0]).sum() >= 5 else logs
        ratio = float(np.median(long))
        spreads = []
        for number, old in enumerate(before.spreads):
            here = np.abs(logs[np.digitize(sources, BOUNDS) == number] - ratio)
            robust = 1.4826 * float(np.median(here)) if here.size else old
            weight = here.size / (here.size + 20)
            spreads.append(max(weight * robust + (1 - weight) * old, 0.1))
        return cls(ratio, tuple(spreads))

    def spread(self, sources: NDArray[np.int64]) -> NDArray[np.float64]:
        """The spread for source passages of these lengths."""
        return np.array(self.spreads)[np.digitize(sources, BOUNDS)]


def _log_ratio(source: float, target: float) -> float:
    return math.log((target + 3) / (source + 3))


def first_lengths(documents: Iterable[tuple[Sequence[Traits], Sequence[Traits]]]) -> Lengths:
    """Lengths as the sums of whole documents have them: the median, in which a document counts as much as it is long."""
    ratios = []
    for source, target in documents:
        sums = sum(one.length for one in source), sum(one.length for one in target)
        if all(sums):
            ratios.append((math.log(sums[1] / sums[0]), sum(sums)))
    half = sum(size for _, size in ratios) / 2
    for ratio, size in sorted(ratios):
        half -= size
        if half <= 0:
            return Lengths(ratio)
    return Lengths(0.0)


@dataclass(frozen=True)
class Comparison:
    """What is known of two documents as wholes, for scoring pairs of their passages."""

    lengths: Lengths
    types: frozenset[str]
    """Types of blocks that both documents have; others say nothing."""
    rarity: Mapping[str, float]
    """How rare a word in Latin letters is in the two documents (idf)."""
    latin_source: bool
    """The source is written in Latin letters; else only its foreign names are."""
    latin_target: bool
    addresses: frozenset[str]
    """Addresses that only one document has, such as that of a heading on its own page or of an encyclopedia in its language: the
    translator changed them or left them out, which says nothing against a pair."""
    lexicons: tuple[Lexicon, ...] = (Lexicon(),)
    """By fold: a row is scored by that of its fold."""

    @classmethod
    def of(
        cls,
        source: Sequence[Traits],
        target: Sequence[Traits],
        lengths: Lengths,
        latin: tuple[bool, bool],
        lexicons: tuple[Lexicon, ...] = (Lexicon(),),
    ) -> Comparison:
        """The comparison of two documents; `latin`: whether the source's and target's languages are written in Latin letters."""
        counted = Counter(word for one in (*source, *target) for word in one.latin)
        size = len(source) + len(target)
        rarity = {word: math.log(1 + size / count) for word, count in counted.items()}
        types = frozenset(one.type for one in source) & frozenset(one.type for one in target) - {""}
        here, there = (frozenset(code for one in side for code in one.codes) for side in (source, target))
        addresses = frozenset(code for code in here ^ there if not code.startswith("`"))
        return cls(lengths, types, rarity, *latin, addresses, lexicons)

    def measures(
        self,
        source: Sequence[Traits],
        target: Sequence[Traits],
        folds: Sequence[int] = (),
        linked: tuple[Matrix, Matrix] | None = None,
    ) -> Iterator[tuple[str, Matrix]]:
        """Each measure by name, as a matrix over all pairs; `linked` is what `links` counts, where it is known."""
        yield "length", self._length(source, target)
        yield "type", self._type(source, target)
        yield from self._numbers(source, target)
        codes = shared([one.codes for one in source], [one.codes for one in target])
        own, other = (
            np.array([len(one.codes - self.addresses) for one in side], dtype=float) for side in (source, target)
        )
        yield "code", np.minimum(codes, 3)
        yield "code_lost", np.minimum(own[:, None] - codes, 1)
        yield "code_new", np.minimum(other[None, :] - codes, 1)
        yield from self._latin(source, target)
        hits, misses = linked or self.links(source, target, folds).counts()
        yield "hit", np.minimum(hits, 10)
        yield "miss", np.minimum(misses, 10)
        # the share does not depend on how long a passage is
        yield "hit_share", hits / (hits + misses + 2)

    def scores(
        self,
        source: Sequence[Traits],
        target: Sequence[Traits],
        folds: Sequence[int],
        weights: Weights,
        linked: tuple[Matrix, Matrix] | None = None,
    ) -> Matrix:
        """The log-odds of all pairs."""
        total = np.full((len(source), len(target)), weights.constant)
        for name, matrix in self.measures(source, target, folds, linked):
            total += weights.weights.get(name, 0.0) * matrix
        return total

    def all_scores(
        self, source: Sequence[Traits], target: Sequence[Traits], folds: Sequence[int], weights: Weights
    ) -> Scores:
        """The log-odds of all pairs, those with two joined passages included."""
        two_targets = [one.joined(other) for one, other in pairwise(target)]
        two_sources = [one.joined(other) for one, other in pairwise(source)]
        links = self.links(source, target, folds)
        return Scores(
            self.scores(source, target, folds, weights, links.counts()),
            self.scores(source, two_targets, folds, weights, links.counts(two_targets=True)),
            self.scores(two_sources, target, folds, weights, links.counts(two_sources=True)),
        )

    def links(self, source: Sequence[Traits], target: Sequence[Traits], folds: Sequence[int] = ()) -> _Links:
        """Which tokens of the source the lexicon of their fold knows, and which target passages have a token linked to them."""
        own = np.array([fold % len(self.lexicons) for fold in folds] or [0] * len(source), dtype=np.int64)
        parts = [
            (own == number, *_incidence(source, target, self.lexicons[number])) for number in sorted(set(own.tolist()))
        ]
        return _Links((len(source), len(target)), parts)

    def misfit(self, source: int, target: int) -> float:
        """By how many spreads a translation of this length is too long (or too short, below 0) for its source."""
        spread = float(self.lengths.spread(np.array([source]))[0])
        return (_log_ratio(source, target) - self.lengths.ratio) / spread

    def _length(self, source: Sequence[Traits], target: Sequence[Traits]) -> Matrix:
        own, other = (np.array([one.length for one in side], dtype=np.int64) for side in (source, target))
        spread = self.lengths.spread(own)[:, None]
        z = (np.log((other[None, :] + 3) / (own[:, None] + 3)) - self.lengths.ratio) / spread
        return np.asarray(-np.minimum(z * z / 2, _SURPRISE) - np.log(spread))

    def _type(self, source: Sequence[Traits], target: Sequence[Traits]) -> Matrix:
        numbers = {name: number for number, name in enumerate(sorted(self.types))}
        own, other = (
            np.array([numbers.get(one.type.partition("+")[0], -1) for one in side], dtype=np.int64)
            for side in (source, target)
        )
        rows, columns = (np.array(["+" in one.type for one in side], dtype=bool) for side in (source, target))
        mixed = rows[:, None] | columns[None, :]
        known = (own[:, None] >= 0) & (other[None, :] >= 0)
        differs = np.asarray(known & ((own[:, None] != other[None, :]) | mixed), dtype=float)
        return np.asarray(differs + _UNLIKE * (rows[:, None].astype(float) + columns[None, :]))

    def _numbers(self, source: Sequence[Traits], target: Sequence[Traits]) -> Iterator[tuple[str, Matrix]]:
        there = _said(source, target)
        back = _said(target, source).T
        own = np.array([len({f.text for f in one.figures}) for one in source], dtype=float)[:, None]
        other = np.array([len({f.text for f in one.figures}) for one in target], dtype=float)[None, :]
        yield "number", np.minimum(np.maximum(there, back), 3)
        yield "number_lost", np.minimum(own - there, 1)
        yield "number_new", np.minimum(other - back, 1)

    def _latin(self, source: Sequence[Traits], target: Sequence[Traits]) -> Iterator[tuple[str, Matrix]]:
        """Names in Latin letters. Where a language has these letters itself, its own words say nothing."""
        own, other = [one.latin for one in source], [one.latin for one in target]
        found = shared(own, other, self.rarity)
        yield "latin", np.minimum(found / 4, 4)
        yield "latin_both", np.asarray(np.minimum(found / 4, 4) * (self.latin_source and self.latin_target))
        new = np.zeros_like(found)
        if not self.latin_target:
            new = np.array([float(len(words)) for words in other])[None, :] - shared(own, other)
        elif not self.latin_source:
            new = np.array([float(len(words)) for words in own])[:, None] - shared(own, other)
        yield "latin_new", np.minimum(new, 2)


def shared(
    source: Sequence[frozenset[str]], target: Sequence[frozenset[str]], weight: Mapping[str, float] | None = None
) -> Matrix:
    """The number (or summed weight) of words that two passages share."""
    total = np.zeros((len(source), len(target)))
    places = _places(target)
    rows = _places(source)
    for word in rows.keys() & places.keys():
        total[np.ix_(rows[word], places[word])] += weight.get(word, 1.0) if weight is not None else 1.0
    return total


def _places(passages: Sequence[frozenset[str]]) -> dict[str, list[int]]:
    """Word -> the passages that have it."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, words in enumerate(passages):
        for word in words:
            found[word].append(number)
    return found


def _said(source: Sequence[Traits], target: Sequence[Traits]) -> Matrix:
    """The number of figures of the row's passage that the column's says."""
    total = np.zeros((len(source), len(target)))
    asked = {figure.text: figure for one in source for figure in one.figures}
    places: defaultdict[Value, set[int]] = defaultdict(set)
    for j, other in enumerate(target if asked else ()):
        for value in other.values:
            places[value].add(j)
    answer = {}
    for text, figure in asked.items():
        found = set().union(*(places[value] for value in figure.readings if value in places))
        if figure.near:  # a conversion of units is not an equal value
            found |= {j for j, other in enumerate(target) if says(figure, other.values)}
        answer[text] = sorted(found)
    for i, one in enumerate(source):
        for text in {figure.text for figure in one.figures}:
            total[i, answer[text]] += 1
    return total


def _incidence(
    source: Sequence[Traits], target: Sequence[Traits], lexicon: Lexicon
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Source passages x words that the lexicon knows: which has which; words x target passages: which has a linked token."""
    rows = _places([frozenset(one.tokens & lexicon.links.keys()) for one in source])
    places = _places([one.tokens for one in target]) if rows else {}
    has = np.zeros((len(source), len(rows)), dtype=np.float32)
    found = np.zeros((len(rows), len(target)), dtype=np.float32)
    for number, word in enumerate(sorted(rows)):
        has[rows[word], number] = 1
        linked = [place for gram in lexicon.links[word] for place in places.get(gram, ())]
        if linked:
            found[number, linked] = 1
    return has, found


@dataclass(frozen=True, slots=True)
class _Links:
    """What lexicons know of the tokens of two documents."""

    shape: tuple[int, int]
    parts: Sequence[tuple[NDArray[np.bool_], NDArray[np.float32], NDArray[np.float32]]]
    """For each lexicon the source passages that are scored by it, and what `_incidence` says."""

    def counts(self, two_sources: bool = False, two_targets: bool = False) -> tuple[Matrix, Matrix]:
        """How many tokens of the row's passage have a token that they are linked to in the column's, and how many have none; of
        passages, or of passages that are joined with the next one."""
        shape = self.shape[0] - two_sources, self.shape[1] - two_targets
        hits, misses = np.zeros(shape), np.zeros(shape)
        for own, has, found in self.parts:
            if two_sources:
                own, has = own[:-1], np.maximum(has[:-1], has[1:])
            if two_targets:
                found = np.maximum(found[:, :-1], found[:, 1:])
            here = (has[own] @ found).astype(float)
            hits[own] = here
            misses[own] = has[own].sum(axis=1, dtype=float)[:, None] - here
        return hits, misses


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each measure, and the priors of an alignment."""

    constant: float
    weights: Mapping[str, float]
    merge: float
    """Added for two passages that are translated as one."""


@cache
def weights() -> Weights:
    """The weights that this package carries."""
    table = tomllib.loads(files(__package__).joinpath("data", "weights.toml").read_text(encoding="utf-8"))
    return Weights(table["constant"] + table["neighbours"], table["weights"], table["merge"])
