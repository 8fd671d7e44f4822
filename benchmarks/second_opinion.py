"""How well signals find the drafts that a person should read first; the truth is sentence chrF2 against a person's words.

    python -m benchmarks.second_opinion --source F --draft F --other F [--other F …] --reference F [--to zh-Hans]
    python -m benchmarks.second_opinion --starter FILE.tsv

A sentence a line in each file; `--other` is what another engine made of the same. `spearman`: between the signal and the
truth, `found`: of the worst fifth, how many are in the first fifth that is read (by chance 0.20). `queue` is the order of the
project's own command, with the agreement in the machine's lines.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path

from toolkit.quality.agreement import chrf
from toolkit.quality.rules import CHECKS
from toolkit.review.rank import rank
from toolkit.units import Catalog, ProvenanceLine, Unit, text_hash


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("source", "draft", "reference"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--other", type=Path, action="append", default=[])
    parser.add_argument("--starter", type=Path, help="a table with id, score, source, starter, reference")
    parser.add_argument("--to", default="zh-Hans")
    given = parser.parse_args()
    scores: list[str] = []
    others: list[list[str]] = []
    if given.starter:
        with given.starter.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        sources, drafts, references = ([row[key] for row in rows] for key in ("source", "starter", "reference"))
        scores = [row["score"] for row in rows]
    else:
        sources, drafts, references = (_lines(path) for path in (given.source, given.draft, given.reference))
        others = [_lines(path) for path in given.other]
    truth = [chrf(draft, reference) for draft, reference in zip(drafts, references, strict=True)]
    for path, lines in zip(given.other, others, strict=True):
        said = [chrf(draft, other) for draft, other in zip(drafts, lines, strict=True)]
        _show(f"agreement with {path.name}", said, truth)
    if scores:
        _show("score", [float(score) for score in scores], truth)
    _show("length", [-len(source) for source in sources], truth)
    agree = (
        [sum(chrf(draft, lines[n]) for lines in others) / len(others) for n, draft in enumerate(drafts)]
        if others
        else []
    )
    units = []
    for n, (source, draft) in enumerate(zip(sources, drafts, strict=True)):
        values = [
            ("engine", "x"),
            ("model", "m"),
            ("hash", text_hash(draft)),
            *([("score", scores[n])] if scores else []),
        ]
        values += [("agree", f"{agree[n]:.2f}"), ("by", "other")] if agree else []
        units.append(
            Unit(source, draft, context=str(n), flags=("fuzzy",), provenance=(ProvenanceLine("mt", tuple(values)),))
        )
    catalog = Catalog("en", given.to, tuple(units))
    risk = {item.unit.context: item.risk for item in rank(catalog, CHECKS)}
    _show("queue", [-risk[str(n)] for n in range(len(units))], truth)
    flagged = sum(
        any(f.severity != "info" for check in CHECKS.values() for f in check(unit, catalog)) for unit in units
    )
    any_ = sum(any(True for check in CHECKS.values() for _ in check(unit, catalog)) for unit in units)
    print(f"drafts with a finding: {any_ / len(units):.1%}, with one but info: {flagged / len(units):.1%}")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def _show(name: str, signal: Sequence[float], truth: Sequence[float]) -> None:
    fifth = len(truth) // 5
    first, worst = (set(sorted(range(len(truth)), key=lambda n: values[n])[:fifth]) for values in (signal, truth))
    print(f"{name:36} spearman={_spearman(signal, truth):.3f} found={len(first & worst) / fifth:.2f}")


def _spearman(one: Sequence[float], two: Sequence[float]) -> float:
    ranks = [_ranks(one), _ranks(two)]
    means = [sum(each) / len(each) for each in ranks]
    product = sum((a - means[0]) * (b - means[1]) for a, b in zip(*ranks, strict=True))
    squares = [sum((value - mean) ** 2 for value in each) for each, mean in zip(ranks, means, strict=True)]
    return product / (squares[0] * squares[1]) ** 0.5 if all(squares) else 0.0


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=lambda n: values[n])
    ranks = [0.0] * len(values)
    at = 0
    while at < len(order):
        end = at
        while end + 1 < len(order) and values[order[end + 1]] == values[order[at]]:
            end += 1
        for n in order[at : end + 1]:
            ranks[n] = (at + end) / 2
        at = end + 1
    return ranks


if __name__ == "__main__":
    main()
