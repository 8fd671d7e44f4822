"""What a machine's drafts of source passages say of which target passages are their translations: how like a draft is to each, and
how much that is worth with this machine and these documents.

A good machine's draft of the right passage shares most of its words with it, a weak one's a fifth, of a wrong passage hardly any.
How far the two lie apart is measured on pairs that are certain without the drafts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from toolkit.alignment.beads import Matrix, Scores
from toolkit.alignment.comparing import shared

Tokens = frozenset[str]

_RIDGE = 8.0
"""Pairs that what is known beforehand weighs as much as."""
_ROUNDS = 20
_SHORT = 40
"""Tokens of which a passage has half the say: a machine has a heading wrong sooner than a paragraph."""
_LEAST, _MOST = -1.0, 6.0
"""Log-odds that a draft can add: that it is unlike says little."""
_NEIGHBOURS = (-3, -2, -1, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of the source passages of a document; a passage without one is judged without."""

    tokens: Sequence[Tokens]
    """Of each source passage's draft; empty where there is none."""
    rarity: Mapping[str, float]
    """How rare a token is in the translation (idf)."""
    most: float
    """The rarity of a token that it does not have."""

    @classmethod
    def of(cls, tokens: Sequence[Tokens], targets: Sequence[Tokens]) -> Drafts:
        """The drafts beside the passages of a translation."""
        counted = Counter(token for one in targets for token in one)
        size = len(targets)
        return cls(tokens, {token: math.log(1 + size / n) for token, n in counted.items()}, math.log(1 + size))

    def likeness(self, rows: Sequence[Tokens], columns: Sequence[Tokens]) -> Matrix:
        """0 to 1 for each draft and target passage: the cosine of their tokens, rare ones counted more."""
        found = shared(rows, columns, self.rarity)
        own, other = (np.array([self._weight(one) for one in side]) for side in (rows, columns))
        return np.asarray(found / np.maximum(np.sqrt(own[:, None] * other[None, :]), 1e-9))

    def _weight(self, tokens: Iterable[str]) -> float:
        return sum(self.rarity.get(token, self.most) for token in tokens)


@dataclass(frozen=True, slots=True)
class Judge:
    """How much a likeness says: log-odds by a line."""

    constant: float = -1.5
    slope: float = 12.0

    def evidence(self, drafts: Drafts, rows: Sequence[Tokens], columns: Sequence[Tokens]) -> Matrix:
        """Log-odds for each draft and target passage; 0 where there is no draft."""
        line = self.constant + self.slope * drafts.likeness(rows, columns)
        own, other = (np.array([float(len(one)) for one in side]) for side in (rows, columns))
        size = np.minimum(own[:, None], other[None, :])
        return np.asarray(np.clip(line * size / (size + _SHORT), _LEAST, _MOST))

    def scores(self, drafts: Drafts, rows: Sequence[Tokens], columns: Sequence[Tokens]) -> Scores:
        """Log-odds of passages and of two that are joined."""
        two_rows = [one | other if one and other else frozenset() for one, other in pairwise(rows)]
        two_columns = [one | other for one, other in pairwise(columns)]
        return Scores(
            self.evidence(drafts, rows, columns),
            self.evidence(drafts, rows, two_columns),
            self.evidence(drafts, two_rows, columns),
        )

    @classmethod
    def fitted(cls, likenesses: Iterable[tuple[Matrix, Sequence[tuple[int, int]]]]) -> Judge:
        """As certain pairs have it, each beside its neighbours; few pairs change little."""
        right: list[float] = []
        wrong: list[float] = []
        for matrix, pairs in likenesses:
            for i, j in pairs:
                right.append(float(matrix[i, j]))
                wrong += [float(matrix[i, j + n]) for n in _NEIGHBOURS if 0 <= j + n < matrix.shape[1]]
        before = cls()
        if not right or not wrong:
            return before
        x = np.column_stack([np.ones(len(right) + len(wrong)), np.array([*right, *wrong])])
        y = np.array([1.0] * len(right) + [0.0] * len(wrong))
        # as if there were as many wrong pairs as right ones
        weight = np.where(y > 0, 1.0, len(right) / len(wrong))
        start = np.array([before.constant, before.slope])
        penalty = np.diag([_RIDGE / 4, _RIDGE / 100])
        line = start.copy()
        for _ in range(_ROUNDS):
            p = 1 / (1 + np.exp(-np.clip(x @ line, -30, 30)))
            gradient = x.T @ (weight * (y - p)) - penalty @ (line - start)
            hessian = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
            line = line + np.linalg.solve(hessian, gradient)
        return cls(float(line[0]), float(line[1]))
