"""The rules of `lokta check` on good translations, and on defects seeded into them: false alarms and finds of each.

    python -m benchmarks.checks --source FILE --target FILE --to LANG [--from en] [--lines odd|even|all] [--show RULE]

Two files of the same number of lines: sources and good translations. Limits of the rules were fitted on odd lines, so `even`,
the default, is what is reported. A defect is found if its text has a finding that the good text does not have. Prints the
share of good pairs with a finding of each severity (single sentences, and paragraphs of four), of each rule, and for each kind
of `kinds.tsv` how many of its cases are found, by any rule and by the one that is to find it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.seeds import KINDS, Text, kinds
from toolkit.language import language
from toolkit.quality.rules import CHECKS
from toolkit.review.findings import find
from toolkit.units import Catalog, Finding, Unit

_MOST = 300
"""Cases of a kind."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--from", dest="origin", default="en")
    parser.add_argument("--lines", choices=("odd", "even", "all"), default="even")
    parser.add_argument("--show", default="", help="print the false alarms of this rule")
    parser.add_argument("--missed", default="", help="print cases of this kind that are not found")
    given = parser.parse_args()
    catalog = Catalog(given.origin, language(given.to).tag)
    lines = zip(given.source.read_text("utf-8").split("\n"), given.target.read_text("utf-8").split("\n"), strict=True)
    pairs = [(s.strip(), t.strip()) for s, t in lines if s.strip() and t.strip()]
    if given.lines != "all":
        pairs = pairs[(0 if given.lines == "odd" else 1) :: 2]
    paragraphs = list(_paragraphs(pairs, catalog))
    for name, texts in (("sentences", pairs), ("paragraphs", paragraphs)):
        _good(name, texts, catalog, given.show)
    print(f"{'kind':28} {'cases':>5} {'found':>6} {'errors':>6}  by its rule")
    shares = []
    for kind, rule in kinds(catalog.target_language):
        texts = paragraphs if kind.startswith("paragraph") else pairs
        cases, found, errors, by_rule = _seeded(kind, rule, texts, catalog, given.missed)
        if cases:
            shares.append(found / cases)
            print(f"{kind:28} {cases:5} {found / cases:6.0%} {errors / cases:6.0%}  {by_rule / cases:4.0%} {rule}")
    print(f"mean of {len(shares)} kinds: {sum(shares) / len(shares):.1%}")


def _paragraphs(pairs: list[tuple[str, str]], catalog: Catalog) -> Iterator[tuple[str, str]]:
    blank = "" if catalog.target_language.startswith("zh") else " "
    for at in range(0, len(pairs) - 3, 4):
        four = pairs[at : at + 4]
        yield " ".join(source for source, _ in four), blank.join(target for _, target in four)


def _findings(source: str, target: str, catalog: Catalog) -> list[tuple[str, Finding]]:
    whole = replace(catalog, units=())
    return list(find(Unit(source, target), whole, CHECKS))


def _good(name: str, pairs: list[tuple[str, str]], catalog: Catalog, show: str) -> None:
    severities: Counter[str] = Counter()
    rules: Counter[tuple[str, str]] = Counter()
    for source, target in pairs:
        found = _findings(source, target, catalog)
        severities.update({finding.severity for _, finding in found})
        severities["any but info"] += any(finding.severity != "info" for _, finding in found)
        rules.update({(rule, finding.severity) for rule, finding in found})
        for rule, finding in found:
            if rule == show:
                print(f"  {finding.severity}: {finding.message}\n    {source}\n    {target}")
    total = len(pairs)
    said = "  ".join(f"{key} {severities[key] / total:.2%}" for key in ("error", "warning", "any but info", "info"))
    print(f"good {name}: {total}  {said}")
    print(
        "   "
        + "  ".join(f"{rule} {severity[0]} {count / total:.2%}" for (rule, severity), count in rules.most_common())
    )


def _seeded(
    kind: str, rule: str, pairs: list[tuple[str, str]], catalog: Catalog, missed: str
) -> tuple[int, int, int, int]:
    random = Random(kind)
    seed = KINDS[kind]
    cases = found = errors = by_rule = 0
    for number, (source, target) in enumerate(pairs):
        if cases >= _MOST:
            break
        text = Text(source, target, pairs[(number + 7) % len(pairs)][1], catalog.target_language.split("-")[0])
        bad = seed(text, random)
        if bad is None or bad == target:
            continue
        before = Counter((name, finding.message) for name, finding in _findings(source, target, catalog))
        new = [
            (name, finding)
            for name, finding in _findings(source, bad, catalog)
            if (name, finding.message) not in before
        ]
        cases += 1
        found += bool(new)
        errors += any(finding.severity == "error" for _, finding in new)
        by_rule += any(name == rule for name, _ in new)
        if kind == missed and not new:
            print(f"  missed: {source}\n    {target}\n    {bad}")
    return cases, found, errors, by_rule


if __name__ == "__main__":
    main()
