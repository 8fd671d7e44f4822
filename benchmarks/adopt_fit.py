"""Fits the weights of `toolkit/alignment/data/weights.toml`: a logistic regression of true pairs against their neighbours.

    python -m benchmarks.adopt_fit --clones FOLDER --lines FOLDER [--write]

`FOLDER` as in benchmarks/adopt.py. Only the documents that the list marks `fit`, and the first half of the lines, are read; those
marked `test` are never. Each true pair stands against six others of its rows. Half of the documents are seen without a lexicon,
as in a first pass, half with one that was learned from other documents of their set. Prints the weights, and the accuracy.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.adopt_truth import Known, joined_lines, listed
from toolkit.alignment.comparing import Comparison, Lengths
from toolkit.alignment.lexicon import Lexicon, learn_folds
from toolkit.alignment.traits import is_latin, traits

NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
_TOGETHER = 12
"""Documents that share a lexicon."""
_DATA = Path(__file__).parent.parent / "toolkit" / "alignment" / "data" / "weights.toml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--lines", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    known = [*listed(given.clones, "fit")]
    for tag in ("zh-Hans", "bo"):
        known += joined_lines(given.lines, tag, second_half=False)
    sets: defaultdict[str, list[Known]] = defaultdict(list)
    for one in known:
        sets[one.name.partition(":")[0] + one.language].append(one)
    rows: list[NDArray[np.float64]] = []
    truth: list[int] = []
    names: list[str] = []
    for documents in sets.values():
        for at in range(0, len(documents), _TOGETHER):
            for row, is_true, found in _rows(documents[at : at + _TOGETHER]):
                rows.append(row)
                truth.append(is_true)
                names = found
    x, y = np.column_stack([np.ones(len(rows)), np.array(rows)]), np.array(truth, dtype=float)
    weights = regression(x, y)
    right = ((x @ weights > 0) == (y > 0)).mean()
    said = dict(zip(("constant", *names), weights, strict=True))
    print(f"{int(y.sum())} true pairs of {len(known)} documents, {len(y)} in all: {right:.4f} right")
    text = _spelled(said, len(known), int(y.sum()))
    print(text)
    if given.write:
        _DATA.write_text(text, encoding="utf-8")


def _rows(documents: Sequence[Known]) -> Iterator[tuple[NDArray[np.float64], int, list[str]]]:
    """The measures of each true pair and of six others, by name."""
    tag = documents[0].language
    read = [
        ([traits(p, "en") for p in one.document.source], [traits(p, tag) for p in one.document.target])
        for one in documents
    ]
    pairs = [
        (s[i], t[j], k) for k, ((s, t), one) in enumerate(zip(read, documents, strict=True)) for i, j in one.counted
    ]
    lengths = Lengths.fitted([(s.length, t.length) for s, t, _ in pairs], Lengths(0.0))
    learned = learn_folds([(s.tokens, t.tokens, k % 4) for s, t, k in pairs], 4)
    latin = is_latin("en"), is_latin(tag)
    for k, ((source, target), one) in enumerate(zip(read, documents, strict=True)):
        lexicon = learned[k % 4] if k % 2 else Lexicon()
        comparison = Comparison.of(source, target, lengths, latin, (lexicon,))
        measured = dict(comparison.measures(source, target))
        values = np.stack(list(measured.values()))
        for i, j in sorted(one.counted):
            for other in (0, *NEIGHBOURS):
                if 0 <= j + other < len(target):
                    yield values[:, i, j + other], int(not other), list(measured)


def regression(x: NDArray[np.float64], y: NDArray[np.float64], ridge: float = 5.0) -> NDArray[np.float64]:
    weights = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    penalty[0] = 0
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        gradient = x.T @ (y - p) - penalty * weights
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def _spelled(said: dict[str, float], documents: int, pairs: int) -> str:
    constant = said.pop("constant")
    lines = [
        "# Weights of the measures of a pair of passages (comparing.py): log-odds, by a logistic regression.",
        f"# Made by `python -m benchmarks.adopt_fit --write` from {pairs} true pairs of {documents} documents, each against six",
        "# neighbours. Not edited by hand, apart from `merge`.",
        "",
        f"constant = {constant:.3f}",
        "# undoes that there were six false pairs for a true one",
        f"neighbours = {np.log(len(NEIGHBOURS)):.3f}",
        "# log-odds that two passages are translated as one, before their texts are looked at",
        "merge = -4.0",
        "",
        "[weights]",
    ]
    return "\n".join([*lines, *(f"{name} = {value:.3f}" for name, value in said.items())]) + "\n"


if __name__ == "__main__":
    main()
