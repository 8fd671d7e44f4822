"""Published translations put into their documents as a person's words: how many are refused, and what becomes of emphasis.

    python -m benchmarks.persons SOURCE_FOLDER TRANSLATED_FOLDER [--show 10]

Of files of one name in both folders, the blocks whose types are in the same order are taken, and each one's translation is put
into the source document: as a person's, and as a machine's draft. `emphasis`: of the blocks with `*` or `_` pairs in the
translation, those in which a reader of the result sees as many.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from toolkit import article as articles
from toolkit.codes import find
from toolkit.codes.comparing import EMPHASIS, difference
from toolkit.errors import LoktaError
from toolkit.units import Article

_CODE = re.compile(r"(`+).+?\1|\]\([^)]*\)")
_PAIRS = re.compile(r"(?<![\\*_\w])(\*\*|\*|__|_)(?=\S)(?:(?!\1).)+?(?<=\S)\1(?![*_])")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("translated", type=Path)
    parser.add_argument("--show", type=int, default=0)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    shown: list[str] = []
    for path in sorted(given.source.rglob("*")):
        other = given.translated / path.relative_to(given.source)
        if path.suffix in (".md", ".mdx") and other.is_file():
            counts["pairs of files"] += 1
            try:
                _compare(_read(path), _read(other), counts, shown)
            except LoktaError:
                counts["unread"] += 1
    for what, count in counts.items():
        print(f"{count:8} {what}")
    if counts["paragraphs"]:
        print(f"refused of a person's: {counts['refused'] / counts['paragraphs']:.2%}", end="; ")
        print(f"of a machine's: {counts['refused as drafts'] / counts['paragraphs']:.2%}")
    print("\n".join(shown[:: max(1, len(shown) // given.show)][: given.show] if given.show else []))


def _read(path: Path) -> Article:
    form = articles.format_of(path.name)
    return articles.read(path.read_text(encoding="utf-8"), form, file=path.name, source_language="en")


def _compare(source: Article, translated: Article, counts: Counter[str], shown: list[str]) -> None:
    ours, theirs = ([block for block in one.blocks if block.translate] for one in (source, translated))
    same = SequenceMatcher(None, [block.type for block in ours], [block.type for block in theirs], autojunk=False)
    matched = ((ours[run.a + at], theirs[run.b + at]) for run in same.get_matching_blocks() for at in range(run.size))
    form = articles.formats()[source.format]
    targets = {one.id: other.source for one, other in matched if one.source != other.source}
    rendered = form.serialize(source, targets, targets)
    refused = {problem.block.id: problem.reason for problem in rendered.problems}
    counts["paragraphs"] += len(targets)
    counts["refused"] += len(refused)
    counts["refused as drafts"] += len(form.serialize(source, targets).problems)
    by_id = {block.id: block for block in ours}
    for name, why in refused.items():
        shown.append(f"  {why}\n    {by_id[name].source[:150]}\n    {targets[name][:150]}")
    again = articles.read(rendered.text, form, file="a.mdx", source_language="zh-Hans", dialect=source.dialect)
    result = [block for block in again.blocks if block.translate]
    if len(result) != len(ours):
        counts["files read otherwise"] += 1
        return
    for one, block in zip(ours, result, strict=True):
        if (
            one.id in targets
            and one.id not in refused
            and (meant := len(_PAIRS.findall(_CODE.sub("", targets[one.id]))))
        ):
            counts["with emphasis"] += 1
            found = sum(what in EMPHASIS for what in difference((), find(block.source, "markdown")).extra)
            counts["emphasis seen"] += found >= meant
            if found < meant:
                shown.append(f"  emphasis {found} of {meant}\n    {targets[one.id][:150]}\n    {block.source[:150]}")


if __name__ == "__main__":
    main()
