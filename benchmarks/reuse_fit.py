"""Fits the weights of `toolkit/alignment/rewritten.py`: a logistic regression of the sentences of a text against their neighbours.

    python -m benchmarks.reuse_fit --source FILE --target FILE --draft FILE [--draft FILE ...] --to LANG

The same sentence stands in the same line of each file: the source, a published translation, the draft of an engine. Paragraphs
are six lines in a row; eight paragraphs are read, the next eight are left for measuring (`benchmarks/reuse.py --draft`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from benchmarks.adopt_fit import regression
from toolkit.alignment.comparing import first_lengths
from toolkit.alignment.rewritten import WEIGHTS, measures
from toolkit.alignment.traits import Passage, traits
from toolkit.language import language
from toolkit.units import LanguagePair

SIZE, BLOCK = 6, 48
"""Lines of a paragraph; lines in a row that are all read, or all left out."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--draft", type=Path, action="append", required=True)
    parser.add_argument("--to", required=True)
    given = parser.parse_args()
    pair = LanguagePair("en", language(given.to).tag)
    source, target = (lines(path) for path in (given.source, given.target))
    rows, truth = [], []
    for draft in map(lines, given.draft):
        for at in range(0, len(source) - SIZE, SIZE):
            if at // BLOCK % 2:
                continue
            part = slice(at, at + SIZE)
            own = [traits(Passage(text), pair.source) for text in source[part]]
            other = [traits(Passage(text), pair.target) for text in target[part]]
            found = measures(own, draft[part], other, target[part], first_lengths([(own, other)]), pair)
            for i, j in np.ndindex(SIZE, SIZE):
                rows.append([1.0, *(found[name][i, j] for name in WEIGHTS)])
                truth.append(float(i == j))
    x, y = np.array(rows), np.array(truth)
    weights = regression(x, y, ridge=1.0)
    print(f"{int(y.sum())} sentences: {((x @ weights > 0) == (y > 0)).mean():.4f} of {len(y)} pairs right")
    for name, weight in zip(("constant", *WEIGHTS), weights, strict=True):
        print(f"{name:12} {weight:7.2f}")


def lines(path: Path) -> list[str]:
    """The lines of a file."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n")


if __name__ == "__main__":
    main()
