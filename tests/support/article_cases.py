"""Cases as a linguist writes them: a name, a document, and the blocks that it should be cut into."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.environment import ROOT
from toolkit.units import Article


def cases(name: str) -> Iterator[tuple[str, str, list[str]]]:
    """Name, document and expected lines of each case of a file below `tests/article`."""
    text = (ROOT / "tests" / "article" / name).read_text("utf-8")
    for case in text.split("\n=== ")[1:]:
        title, rest = case.split("\n", 1)
        document, expected = rest.split("\n---\n", 1)
        yield title, document, [line for line in expected.split("\n") if line]


def lines(article: Article) -> list[str]:
    """The blocks as a case writes them."""
    return [
        f"{'' if block.translate else '- '}{block.type} | {block.source}".replace("\n", "\\n")
        for block in article.blocks
    ]
