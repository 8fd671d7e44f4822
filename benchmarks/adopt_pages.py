"""How exactly edits of web editions come back: articles are translated by the engine `pseudo`, their pages built and edited.

    python -m benchmarks.adopt_pages FOLDER

`FOLDER`: articles of any format. Every paragraph of every page gets two characters in the middle of its longest text, a third of
them at a time. Prints the pages in which nothing is found before they are edited, and of the edits how many come back exactly,
how many are doubtful and why, and how many are not found.
"""

from __future__ import annotations

import argparse
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from toolkit import article as articles
from toolkit.edition import EditionJob
from toolkit.pipeline.build import Choice, Renderings, build
from toolkit.pipeline.edited_page import edited_page
from toolkit.pipeline.page_text import paragraphs
from toolkit.pipeline.translate import Order, translate
from toolkit.project.context import Context
from toolkit.project.discovery import find, load, of_project

TAG = "zh-Hans"
_NEW = "新字"
_TEXT = re.compile(r">([^<>]*[^\W\d_][^<>]*)<")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        suffixes = {suffix for form in articles.formats().values() for suffix in form.suffixes}
        for path in sorted(given.folder.iterdir()):
            if path.suffix in suffixes:
                shutil.copy(path, root)
        root.joinpath("lokta.toml").write_text('source_language = "en"\narticles = "."\n[target.zh-Hans]\n', "utf-8")
        with Context.at(root) as context:
            sources = find(context.config, [root])
            translate(context, Order(sources, (TAG,), engine="pseudo"))
            build(context, sources, (TAG,), Choice(("html",)))
            renderings = Renderings(context, of_project(context.config))
            for source in sources:
                job = next(renderings.pages(load(context.store, source), TAG, (TAG,)))
                page = root.joinpath(f"editions/html/{TAG}/{source.id}.html").read_text("utf-8")
                _measure(job, page, counts)
    print(f"{counts.pop('pages')} pages, {counts.pop('same')} of them without a change before they are edited")
    print(f"{counts.pop('edits')} edits")
    for name, count in counts.most_common():
        print(f"{count:6} {name}")


def _measure(job: EditionJob, page: str, counts: Counter[str]) -> None:
    untouched = edited_page(job, page)
    counts["pages"] += 1
    counts["same"] += untouched is not None and not (untouched.changes or untouched.added or untouched.gone)
    for third in range(3):
        edits = list(_edits(job, page, third))
        text, at = "", 0
        for place in edits:
            text += page[at:place] + _NEW
            at = place
        result = edited_page(job, text + page[at:])
        counts["edits"] += len(edits)
        found = 0
        for change in result.changes if result is not None else ():
            found += 1
            counts["exact" if not change.why else f"doubtful: {change.why}"] += 1
        for _, why in result.beyond if result is not None else ():
            found += 1
            counts[f"listed: {why}"] += 1
        counts["not found"] += max(len(edits) - found, 0)


def _edits(job: EditionJob, page: str, third: int) -> Iterator[int]:
    """Where a third of the paragraphs get their characters."""
    read = articles.read(page, articles.formats()["html"], source_language=job.language)
    at = page.index("<article")
    end = page.index("</article>")
    known = {pair.block.id for pair in job.pairs}
    number = 0
    for one in paragraphs(read) if known else ():
        start = page.find(one.block.original, at, end)
        texts = list(_TEXT.finditer(f">{one.block.original}<"))
        if start < 0 or not texts or one.block.type.startswith("attribute"):
            continue
        at = start + len(one.block.original)
        number += 1
        if number % 3 == third and "data-state" in page[page.rindex("\n", 0, start) : start]:
            longest = max(texts, key=lambda found: len(found[1]))
            place = start + longest.start(1) - 1 + len(longest[1]) // 2
            yield place if "&" not in page[place - 7 : place] else start + longest.start(1) - 1


if __name__ == "__main__":
    main()
