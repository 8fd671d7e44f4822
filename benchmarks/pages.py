"""Real web pages: how much of the article is offered for translation, how much of what is offered is the article, what changes.

    python -m benchmarks.pages FOLDER [--show 5]

A page is `NAME.html` beside `NAME.txt`, the text of its article, one paragraph a line; or a folder with `source.html` and
`expected.html`. `words`: of the words of the article, those in units (as a multiset). `units`: of the units of text, the title and the head
aside, those whose words are in the article (four words in a row, in four of five places). `DOM`: pages that html5lib
reads as the same tree after they were written with their own text as translation. `s/MB`: reading and writing a megabyte,
beside html5lib's reading of it.
"""

from __future__ import annotations

import argparse
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib

from toolkit import article as articles
from toolkit.article.furniture import words_of
from toolkit.errors import LoktaError
from toolkit.units import Block

_HEAD = re.compile(r"title|attribute content")
_HIDDEN = {"script", "style", "template", "svg", "noscript"}
_ROW = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument(
        "--show", type=int, default=0, help="so many of the worst pages, with what is missing and too much"
    )
    parser.add_argument("--no-tree", action="store_true", help="leave out the comparison of trees")
    given = parser.parse_args()
    html = articles.FORMATS["html"]
    totals: Counter[str] = Counter()
    shares: list[tuple[float, Path, list[str], list[str]]] = []
    for page, expected in (pair for folder in given.folders for pair in pages(folder)):
        totals["pages"] += 1
        began = time.process_time()
        try:
            article = articles.read(html.decode(page.read_bytes(), page.name), html, file=page.name)
        except LoktaError as error:
            print(f"{page.name}: {error}")
            totals["unread"] += 1
            continue
        again = html.serialize(article, {block.id: block.source for block in article.blocks})
        totals["ms"] += round((time.process_time() - began) * 1000)
        totals["bytes"] += page.stat().st_size
        if not given.no_tree:
            totals["same tree"] += same_tree(article.original, again.text, totals)
        wanted = words(expected)
        units = [block for block in article.blocks if block.translate and not _HEAD.match(block.type)]
        offered = Counter(word for block in units for word in words(words_of(block)))
        missing = Counter(wanted) - offered
        rows = {tuple(wanted[n : n + _ROW]) for n in range(len(wanted))} | {(word,) for word in wanted}
        title = words(article.metadata.get("title", ""))
        told = [
            block
            for block in units
            if (said := words(words_of(block)))
            and not block.type.startswith("attribute ")
            and said != title[: len(said)]
        ]
        strange = [block for block in told if not in_article(block, wanted, rows)]
        totals.update({"words": len(wanted), "missing": missing.total(), "units": len(told), "strange": len(strange)})
        lost = missing.total() / max(1, len(wanted)) + len(strange) / max(1, len(told))
        shares.append((lost, page, list(missing.elements())[:40], [words_of(block)[:90] for block in strange]))
    read = totals["pages"] - totals["unread"]
    print(
        f"pages {totals['pages']} unread {totals['unread']}  words {1 - totals['missing'] / max(1, totals['words']):.2%}"
        f"  units {1 - totals['strange'] / max(1, totals['units']):.2%} of {totals['units']}"
        f"  DOM {totals['same tree']} of {read}"
        f"  s/MB {totals['ms'] / max(1, totals['bytes']) * 1000:.2f} (html5lib {totals['tree ms'] / max(1, totals['bytes']) * 1000:.2f})"
    )
    for lost, page, missing_words, strange_units in sorted(shares, reverse=True)[: given.show]:
        print(f"\n{page} {lost:.2f}\n  missing: {' '.join(missing_words)}")
        for unit in strange_units[:25]:
            print(f"  strange: {unit}")


def pages(folder: Path) -> Iterator[tuple[Path, str]]:
    """Each page below a folder, with the text of its article."""
    for page in sorted(folder.rglob("*.htm*")):
        if page.name.startswith("expected."):
            continue
        text, tree = page.with_suffix(".txt"), page.with_name(f"expected{page.suffix}")
        if text.exists():
            yield page, text.read_text("utf-8")
        elif page.stem == "source" and tree.exists():
            yield page, visible(html5lib.parse(tree.read_bytes(), namespaceHTMLElements=False))


def visible(element: Any) -> str:
    """The text of an element of html5lib's tree, without scripts."""
    if not isinstance(element.tag, str) or element.tag in _HIDDEN:
        return element.tail or ""
    return " ".join([element.text or "", *(visible(child) for child in element), element.tail or ""])


def words(text: str) -> list[str]:
    """The words of a text in small letters; a character of Chinese and a syllable of Tibetan is one."""
    return re.findall(r"[\u3400-\u9fff]|[^\W_]+", unicodedata.normalize("NFKC", text).casefold())


def in_article(block: Block, wanted: list[str], rows: set[tuple[str, ...]]) -> bool:
    """Whether four of five rows of words of a unit are in the article, a unit of fewer words as a whole."""
    said = words(words_of(block))
    length = min(_ROW, len(said))
    if length < _ROW:
        return any(wanted[n : n + length] == said for n in range(len(wanted)))
    found = [tuple(said[n : n + length]) in rows for n in range(len(said) - length + 1)]
    return sum(found) * 5 >= len(found) * 4


def same_tree(before: str, after: str, totals: Counter[str]) -> bool:
    began = time.process_time()
    first = html5lib.parse(before, namespaceHTMLElements=False)
    totals["tree ms"] += round((time.process_time() - began) * 1000)
    return before == after or flat(first) == flat(html5lib.parse(after, namespaceHTMLElements=False))


def flat(tree: Any) -> list[tuple[Any, ...]]:
    return [(e.tag if isinstance(e.tag, str) else "", e.text, e.tail, sorted(e.attrib.items())) for e in tree.iter()]


if __name__ == "__main__":
    main()
