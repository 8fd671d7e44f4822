"""IBM model 1: how probable each token of a target text is, given the tokens of its source, learned from pairs of texts.

Better than `lexicon` for sentences, which are short, where some hundred pairs or more are at hand; slower, and no better for
paragraphs.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from toolkit.alignment.traits import Traits

Tokens = frozenset[str]
_ROUNDS = 5
_LEAST = 1e-3
"""Probabilities below this are forgotten."""
_NOTHING = ""
"""The token of every source that stands for no word of it."""
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Model1:
    """Probabilities of target tokens, by source token."""

    links: Mapping[str, Mapping[str, float]]
    background: Mapping[str, float]
    """How frequent each target token is anyway."""

    def score(self, source: Traits, target: Traits) -> float:
        """How much more probable the target is with this source than without: mean log-ratio per token of the target that is
        known; 0 where none is."""
        return self.scores([source], [target])[0][0]

    def scores(self, sources: Sequence[Traits], targets: Sequence[Traits]) -> list[list[float]]:
        """The score of each source with each target."""
        known = [[token for token in target.tokens if token in self.background] for target in targets]
        wanted = {token for tokens in known for token in tokens}
        return [self._row(source, known, wanted) for source in sources]

    def _row(self, source: Traits, targets: Sequence[Sequence[str]], wanted: set[str]) -> list[float]:
        words = [*(token for token in source.tokens if token in self.links), _NOTHING]
        given = dict.fromkeys(wanted, 0.0)
        for word in words:
            links = self.links.get(word, {})
            for token in links.keys() & wanted:
                given[token] += links[token]
        gain = {
            token: math.log((share / len(words) + 0.1 * chance) / (1.1 * chance))
            for token, share in given.items()
            if (chance := self.background[token])
        }
        return [sum(gain[token] for token in tokens) / len(tokens) if tokens else 0.0 for tokens in targets]


def train(pairs: Iterable[tuple[Tokens, Tokens]], rounds: int = _ROUNDS) -> Model1:
    """The model of these pairs, each given by its tokens (`Traits.tokens`)."""
    held = [(source, target) for source, target in pairs if source and target]
    counted = [Counter(token for pair in held for token in pair[side]) for side in (0, 1)]
    words = {token: n for n, token in enumerate([_NOTHING, *sorted(t for t, c in counted[0].items() if c > 1)])}
    grams = {token: n for n, token in enumerate(sorted(t for t, c in counted[1].items() if c > 1))}
    total = sum(counted[1][gram] for gram in grams)
    background = {gram: counted[1][gram] / total for gram in grams}
    keys, groups = [], []
    group = size = 0
    for source, target in held:
        left = np.array([0, *(words[token] for token in source if token in words)], dtype=np.int64)
        right = np.array([grams[token] for token in target if token in grams], dtype=np.int64)
        size += left.size * right.size
        if size > _LARGEST:
            break
        keys.append(np.add.outer(right, left * len(grams)).ravel())
        groups.append(np.repeat(np.arange(group, group + right.size), left.size))
        group += right.size
    if not grams or not size:
        return Model1({}, {})
    unique, inverse = np.unique(np.concatenate(keys), return_inverse=True)
    groups_of = np.concatenate(groups)
    owner = unique // len(grams)
    probability = np.ones(unique.size)
    for _ in range(rounds):
        weight = probability[inverse]
        weight /= np.bincount(groups_of, weights=weight, minlength=group)[groups_of]
        expected = np.bincount(inverse, weights=weight, minlength=unique.size)
        probability = expected / np.bincount(owner, weights=expected, minlength=len(words))[owner]
    names = list(words), list(grams)
    links: dict[str, dict[str, float]] = {}
    for at in np.nonzero(probability >= _LEAST)[0]:
        word, gram = divmod(int(unique[at]), len(grams))
        links.setdefault(names[0][word], {})[names[1][gram]] = float(probability[at])
    return Model1(links, background)
