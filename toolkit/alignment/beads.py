"""Dynamic programming over beads: pairs of 1-1, 1-2 and 2-1 passages and passages left over (1-0, 0-1), in the order of both
texts but for neighbours that changed places, with the posterior probability of each bead by forward-backward.

The sum over all alignments says how certain a bead is: it is not certain where another alignment is nearly as good.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
_NEVER = -np.inf


class Bead(NamedTuple):
    """Passages that belong together: `sources` of them from `source` on, and `targets` from `target` on."""

    source: int
    target: int
    sources: int
    targets: int
    probability: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Log-odds that passages belong together, for n source and m target passages."""

    pairs: Matrix
    """n x m: source i is target j."""
    two_targets: Matrix
    """n x (m-1): source i is targets j and j+1 joined."""
    two_sources: Matrix
    """(n-1) x m: sources i and i+1 joined are target j."""

    def plus(self, other: Scores) -> Scores:
        """The scores with those of other evidence."""
        return Scores(
            self.pairs + other.pairs, self.two_targets + other.two_targets, self.two_sources + other.two_sources
        )


@dataclass(frozen=True, slots=True)
class Alignment:
    """Posterior probabilities of all beads; the shapes are those of `Scores`."""

    pairs: Matrix
    two_targets: Matrix
    two_sources: Matrix
    left_source: Matrix
    """n: source i has no translation."""
    left_target: Matrix
    """m: target j translates nothing."""

    @property
    def left_share(self) -> float:
        """The expected share of passages that are left over."""
        count = self.left_source.size + self.left_target.size
        return float(self.left_source.sum() + self.left_target.sum()) / count if count else 0.0

    def beads(self, least: float = 0.5) -> Iterator[Bead]:
        """The beads that are more probable than `least`, by source.

        From .5 on no two of them share a passage or cross, but for neighbours that changed places: such two are never in one
        alignment, so that their sum is at most 1.
        """
        found = []
        for posteriors, sources, targets in ((self.pairs, 1, 1), (self.two_targets, 1, 2), (self.two_sources, 2, 1)):
            for i, j in zip(*np.nonzero(posteriors > least), strict=True):
                found.append(Bead(int(i), int(j), sources, targets, float(posteriors[i, j])))
        return iter(sorted(found))


def band(n: int, m: int) -> NDArray[np.bool_]:
    """Which of n x m pairs lie near enough to the diagonal to be looked at: max(25, the difference of n and m + 12) beside it."""
    width = max(25, abs(n - m) + 12)
    middle = np.arange(n) * (m / max(n, 1))
    return np.asarray(np.abs(np.arange(m)[None, :] - middle[:, None]) <= width)


def align(scores: Scores, skip: float, merge: float, swap: float = _NEVER) -> Alignment:
    """The posteriors of all beads.

    `skip` is added for each passage that is left over, ln(q / (1 - q)) for a share q of such; `merge` for each 1-2 and 2-1; `swap`
    for each two neighbours that changed places: without it the order of both texts is the same.
    """
    n, m = scores.pairs.shape
    near = band(n, m)
    one = np.where(near, scores.pairs, _NEVER)
    two_targets = np.where(near[:, :-1] & near[:, 1:], scores.two_targets + merge, _NEVER)
    two_sources = np.where(near[:-1] & near[1:], scores.two_sources + merge, _NEVER)
    swapped = one[:-1, 1:] + one[1:, :-1] + swap
    beads = (one, two_targets, two_sources, swapped)
    forward = _forward(*beads, skip)
    one_back, targets_back, sources_back, swapped_back = (matrix[::-1, ::-1] for matrix in beads)
    backward = _forward(one_back, targets_back, sources_back, swapped_back, skip)[::-1, ::-1]
    total = forward[n, m]

    def posterior(log: Matrix) -> Matrix:
        return np.exp(np.minimum(log - total, 0.0))

    pairs = posterior(forward[:n, :m] + one + backward[1:, 1:])
    if n > 1 and m > 1 and swap > _NEVER:
        both = posterior(forward[: n - 1, : m - 1] + swapped + backward[2:, 2:])
        pairs[:-1, 1:] += both
        pairs[1:, :-1] += both
    return Alignment(
        pairs,
        posterior(forward[:n, : m - 1] + two_targets + backward[1:, 2:]) if m > 1 else np.zeros((n, 0)),
        posterior(forward[: n - 1, :m] + two_sources + backward[2:, 1:]) if n > 1 else np.zeros((0, m)),
        posterior(forward[:n] + skip + backward[1:]).sum(axis=1),
        posterior(forward[:, :m] + skip + backward[:, 1:]).sum(axis=0),
    )


def _forward(one: Matrix, two_targets: Matrix, two_sources: Matrix, swapped: Matrix, skip: float) -> Matrix:
    """The log of the summed weights of all alignments of the first i source and first j target passages."""
    n, m = one.shape
    table = np.full((n + 1, m + 1), _NEVER)
    skips = np.arange(m + 1) * skip
    for i in range(n + 1):
        if i == 0:
            row = np.full(m + 1, _NEVER)
            row[0] = 0.0
        else:
            above = table[i - 1]
            row = above + skip
            row[1:] = np.logaddexp(row[1:], above[:-1] + one[i - 1])
            if m > 1:
                row[2:] = np.logaddexp(row[2:], above[:-2] + two_targets[i - 1])
            if i > 1:
                row[1:] = np.logaddexp(row[1:], table[i - 2][:-1] + two_sources[i - 2])
                if m > 1:
                    row[2:] = np.logaddexp(row[2:], table[i - 2][:-2] + swapped[i - 2])
        # skipped target passages run along the row
        table[i] = np.logaddexp.accumulate(row - skips) + skips
    return table


def estimated(
    scores: Scores, merge: float, start: float, floor: float, cap: float, rounds: int
) -> tuple[Alignment, float]:
    """The alignment with the share of left-over passages that fits the texts best (expectation-maximization), and that share."""
    share = start
    for _ in range(rounds):
        found = align(scores, float(np.log(share / (1 - share))), merge)
        share = min(max(found.left_share, floor), cap)
    return align(scores, float(np.log(share / (1 - share))), merge), share
