"""Forward-backward against the sum over every alignment, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from toolkit.alignment.beads import Bead, Scores, align, band, estimated

SKIP, MERGE, SWAP = -2.0, -3.0, -1.0


@st.composite
def scores(draw: st.DrawFn) -> Scores:
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))

    def some(rows: int, columns: int) -> np.ndarray:  # type: ignore[type-arg]
        return draw(arrays(np.float64, (rows, columns), elements=st.floats(-6, 6)))

    return Scores(some(n, m), some(n, m - 1), some(n - 1, m))


Beads = tuple[tuple[int, int, int, int], ...]


def every(given_: Scores, swap: bool, i: int = 0, j: int = 0) -> Iterator[tuple[float, Beads]]:
    """Each alignment from here on: its weight, and its beads; with `swap` neighbours may have changed places."""
    n, m = given_.pairs.shape
    if i == n and j == m:
        yield 0.0, ()
    for sources, targets in ((1, 1), (1, 2), (2, 1), (1, 0), (0, 1)):
        if i + sources > n or j + targets > m:
            continue
        matrix = {(1, 1): given_.pairs, (1, 2): given_.two_targets, (2, 1): given_.two_sources}.get((sources, targets))
        score = SKIP if matrix is None else float(matrix[i, j]) + (MERGE if sources != targets else 0.0)
        for rest, beads in every(given_, swap, i + sources, j + targets):
            yield score + rest, ((i, j, sources, targets), *beads)
    if swap and i + 2 <= n and j + 2 <= m:
        score = float(given_.pairs[i, j + 1] + given_.pairs[i + 1, j]) + SWAP
        for rest, beads in every(given_, swap, i + 2, j + 2):
            yield score + rest, ((i, j + 1, 1, 1), (i + 1, j, 1, 1), *beads)


@given(scores(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_posteriors_are_the_sums_over_all_alignments(made: Scores, swap: bool) -> None:
    total = 0.0
    sums: dict[tuple[int, int, int, int], float] = {}
    for log, beads in every(made, swap):
        total += np.exp(log)
        for bead in beads:
            sums[bead] = sums.get(bead, 0.0) + np.exp(log)
    found = align(made, SKIP, MERGE, SWAP) if swap else align(made, SKIP, MERGE)
    for matrix, shape in ((found.pairs, (1, 1)), (found.two_targets, (1, 2)), (found.two_sources, (2, 1))):
        for i, j in np.ndindex(matrix.shape):
            assert np.isclose(matrix[i, j], sums.get((i, j, *shape), 0.0) / total, atol=1e-9)
    for i, left in enumerate(found.left_source):
        expected = sum(weight for bead, weight in sums.items() if bead[0] == i and bead[2:] == (1, 0))
        assert np.isclose(left, expected / total, atol=1e-9)


@given(scores())
@settings(max_examples=40, deadline=None)
def test_beads_beyond_a_half_share_nothing_and_do_not_cross(made: Scores) -> None:
    found = list(align(made, SKIP, MERGE).beads())
    for one, other in pairwise(found):
        assert one.source + one.sources <= other.source and one.target + one.targets <= other.target


def test_neighbours_may_have_changed_places() -> None:
    far = np.full((3, 2), -9.0)
    made = Scores(np.array([[6.0, -6, -6], [-6, -6, 6], [-6, 6, -6]]), far, far.T)
    assert [bead[:2] for bead in align(made, SKIP, MERGE, SWAP).beads(0.9)] == [(0, 0), (1, 2), (2, 1)]
    assert [bead[:2] for bead in align(made, SKIP, MERGE).beads(0.9)] == [(0, 0)]


def test_the_share_left_over_is_estimated() -> None:
    fits = np.where(np.eye(20) > 0, 6.0, -6.0)
    low = np.full((20, 19), -20.0)
    clean = Scores(fits, low, low.T)
    alignment, share = estimated(clean, MERGE, 0.08, 0.02, 0.3, 3)
    assert share == 0.02 and [bead[:2] for bead in alignment.beads()] == [(i, i) for i in range(20)]
    noisy = Scores(np.where(np.arange(20)[:, None] % 2 > 0, fits, -6.0), low, low.T)
    assert estimated(noisy, MERGE, 0.08, 0.02, 0.3, 3)[1] == 0.3


def test_two_passages_may_be_one() -> None:
    made = Scores(np.array([[-2.0, -2.0]]), np.array([[6.0]]), np.empty((0, 2)))
    (bead,) = align(made, SKIP, MERGE).beads()
    assert bead[:4] == Bead(0, 0, 1, 2, 0.0)[:4]


def test_the_band_reaches_the_ends() -> None:
    near = band(300, 100)
    assert near[0, 0] and near[-1, -1] and near[0, 99] and not band(300, 300)[0, 299]
