"""A lexicon of two languages learned from pairs of passages: for each token of the source those of the target that occur with
it far more often than chance (Dice, with a floor of significance).

Pairs that are scored with a lexicon must not be those that it was learned from: they would confirm themselves. `learn` makes
one lexicon per fold, from the pairs of all other folds.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Tokens = frozenset[str]
_TOGETHER = 2
"""Pairs that two tokens must share."""
_LIKELIHOOD = 3.5
"""Log-likelihood ratio that they are linked."""
_CHANCE = 3.0
"""How many times as often as by chance."""
_MOST = 12
"""Target tokens per source token."""
_LARGEST = 20_000_000
"""Products of tokens that are counted at most; pairs beyond are left out."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Source token -> the target tokens that it is linked to, the nearest first."""

    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def learn(pairs: Iterable[tuple[Tokens, Tokens]]) -> Lexicon:
    """The lexicon of these pairs of passages, each given by its tokens (`Traits.tokens`)."""
    return learn_folds([(source, target, -1) for source, target in pairs], 1)[0]


def learn_folds(pairs: Sequence[tuple[Tokens, Tokens, int]], folds: int) -> tuple[Lexicon, ...]:
    """A lexicon for each fold, learned from all pairs but those of the fold; those of fold -1 are in every lexicon."""
    sources = _numbered(source for source, _, _ in pairs)
    targets = _numbered(target for _, target, _ in pairs)
    if not sources or not targets:
        return (Lexicon(),) * folds
    words, grams = list(sources), list(targets)
    fold_of = np.array([fold for *_, fold in pairs], dtype=np.int64)
    keys, owners = _products(pairs, sources, targets)
    if not keys.size:
        return (Lexicon(),) * folds
    unique, inverse = np.unique(keys, return_inverse=True)
    left, right = np.divmod(unique, len(grams))
    alone = [_occurrences(pairs, side, numbers) for side, numbers in ((0, sources), (1, targets))]
    found = []
    for fold in range(folds):
        kept = fold_of != fold
        together = np.bincount(inverse, weights=kept[owners], minlength=unique.size).astype(float)
        of_words, of_grams = (
            np.bincount(ids, weights=kept[owner], minlength=len(names)).astype(float)
            for (ids, owner), names in zip(alone, (words, grams), strict=True)
        )
        found.append(_linked(together, left, right, of_words, of_grams, int(kept.sum()), words, grams))
    return tuple(found)


def _numbered(texts: Iterable[Tokens]) -> dict[str, int]:
    """A number for each token that occurs often enough."""
    counted = Counter(token for tokens in texts for token in tokens)
    return {token: number for number, token in enumerate(sorted(t for t, n in counted.items() if n >= _TOGETHER))}


def _products(
    pairs: Sequence[tuple[Tokens, Tokens, int]], sources: Mapping[str, int], targets: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """A key for each source token and target token of one pair, and the number of the pair."""
    keys: list[Ints] = []
    owners: list[Ints] = []
    size = 0
    for number, (source, target, _) in enumerate(pairs):
        left = np.array([sources[token] for token in source if token in sources], dtype=np.int64)
        right = np.array([targets[token] for token in target if token in targets], dtype=np.int64)
        product = np.add.outer(left * len(targets), right).ravel()
        size += product.size
        if size > _LARGEST:
            break
        keys.append(product)
        owners.append(np.full(product.size, number))
    return np.concatenate(keys), np.concatenate(owners)


def _occurrences(
    pairs: Sequence[tuple[Tokens, Tokens, int]], side: int, numbers: Mapping[str, int]
) -> tuple[Ints, Ints]:
    """The tokens of all pairs on one side by number, and the number of the pair of each."""
    ids: list[int] = []
    owners: list[int] = []
    for number, pair in enumerate(pairs):
        tokens = pair[0] if side == 0 else pair[1]
        here = [numbers[token] for token in tokens if token in numbers]
        ids += here
        owners += [number] * len(here)
    return np.array(ids, dtype=np.int64), np.array(owners, dtype=np.int64)


def _linked(
    together: NDArray[np.float64],
    left: Ints,
    right: Ints,
    of_words: NDArray[np.float64],
    of_grams: NDArray[np.float64],
    count: int,
    words: Sequence[str],
    grams: Sequence[str],
) -> Lexicon:
    enough = together >= _TOGETHER
    both, left, right = together[enough], left[enough], right[enough]
    one, other = of_words[left], of_grams[right]
    good = both * count >= _CHANCE * one * other
    good &= _likelihood(both, one, other, count) >= _LIKELIHOOD
    both, left, right, one, other = both[good], left[good], right[good], one[good], other[good]
    dice = 2 * both / (one + other)
    links: defaultdict[str, list[str]] = defaultdict(list)
    for at in np.lexsort((right, -dice)):
        near = links[words[left[at]]]
        if len(near) < _MOST:
            near.append(grams[right[at]])
    return Lexicon({word: tuple(near) for word, near in links.items()})


def _likelihood(
    both: NDArray[np.float64], one: NDArray[np.float64], other: NDArray[np.float64], count: int
) -> NDArray[np.float64]:
    """The log-likelihood ratio of a table of two by two (Dunning)."""

    def part(seen: NDArray[np.float64], expected: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(seen * np.log(np.maximum(seen, 1e-9) / np.maximum(expected, 1e-9)))

    no_one, no_other = count - one, count - other
    return np.asarray(
        part(both, one * other / count)
        + part(one - both, one * no_other / count)
        + part(other - both, no_one * other / count)
        + part(count - one - other + both, no_one * no_other / count)
    )
