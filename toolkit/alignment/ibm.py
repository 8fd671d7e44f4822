"""IBM model 1: how probable each token of a target text is, given the tokens of its source, learned from pairs of texts.

Better than `lexicon` for sentences, which are short, where some hundred pairs or more are at hand; slower, and no better for
paragraphs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from toolkit.alignment.traits import Traits

Tokens = frozenset[str]
Numbers = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]
_ROUNDS = 5
_LEAST = 1e-3
"""Probabilities below this are forgotten."""
_NOTHING = ""
"""The token of every source that stands for no word of it."""
_LARGEST = 20_000_000


@dataclass(frozen=True)
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
        numbers, rows = self._numbered
        known = [np.array([numbers[one] for one in target.tokens if one in numbers], np.int64) for target in targets]
        wanted = np.unique(np.concatenate(known)) if known else np.zeros(0, np.int64)
        places = [np.searchsorted(wanted, one) for one in known]
        chance = self._chances[wanted]
        found = []
        for source in sources:
            words = [*(token for token in source.tokens if token in self.links), _NOTHING]
            linked = [rows[word] for word in words if word in rows]
            given = np.zeros(wanted.size)
            if linked:
                tokens, shares = (np.concatenate(one) for one in zip(*linked, strict=True))
                given = np.bincount(tokens, weights=shares, minlength=len(numbers))[wanted] / len(words)
            gain = np.log((given + 0.1 * chance) / (1.1 * chance))
            found.append([float(gain[one].mean()) if one.size else 0.0 for one in places])
        return found

    @cached_property
    def _numbered(self) -> tuple[Mapping[str, int], Mapping[str, tuple[Numbers, Shares]]]:
        """The numbers of the target tokens, and for each source token those that it is linked to, with their probabilities."""
        numbers = {token: number for number, token in enumerate(self.background)}
        rows = {
            word: (np.array([numbers[token] for token in links], np.int64), np.array([*links.values()]))
            for word, links in self.links.items()
        }
        return numbers, rows

    @cached_property
    def _chances(self) -> Shares:
        return np.array([*self.background.values()], np.float64)


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
