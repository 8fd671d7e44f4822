"""What stands around a paragraph, for a model that reads it as background: the article's title and the neighbours.

All of it is source text, so a draft never depends on what was drafted before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit import codes
from toolkit.segment import sentences
from toolkit.units import Catalog, Code, Request, Unit

_LONGEST = 600
"""Characters of each; from there on they would take the room of the paragraph itself."""
_BLANKS = re.compile(r"[ \t\n]+")


def plain(text: str, found: Sequence[Code]) -> str:
    """A text as a reader sees it: one line without its codes, character references decoded."""
    unread = [code for code in found if not code.data.startswith("&")]
    return _BLANKS.sub(" ", codes.readable(codes.strip(text, unread).text)).strip()


def surroundings(catalog: Catalog, wants: frozenset[str]) -> Iterator[Request]:
    """For each live unit in order a request with the wanted background (of `title`, `before`, `after`) and nothing else.

    A unit is not its own title, and a title that is the neighbour too is given once.
    """
    units = tuple(catalog.live)
    if not wants:
        yield from (Request("") for _ in units)
        return
    texts = [plain(unit.source, codes.find(unit.source, catalog.markup)) for unit in units]
    at = _title(units) if "title" in wants else -1
    for index in range(len(units)):
        before = texts[index - 1] if "before" in wants and index and index - 1 != at else ""
        after = texts[index + 1] if "after" in wants and index + 1 < len(units) and index + 1 != at else ""
        yield Request(
            "",
            title=_head(texts[at], catalog.source_language) if at not in (-1, index) else "",
            before=_tail(before, catalog.source_language),
            after=_head(after, catalog.source_language),
        )


def _title(units: tuple[Unit, ...]) -> int:
    """The place of the first title, else of the first heading; -1 if there is neither."""
    for kind in ("title", "heading"):
        for index, unit in enumerate(units):
            if unit.type == kind:
                return index
    return -1


def _head(text: str, tag: str) -> str:
    """The first sentences of a long text."""
    if len(text) <= _LONGEST:
        return text
    end = max((stop for _, stop in sentences(text, tag) if stop <= _LONGEST), default=_LONGEST)
    return text[:end]


def _tail(text: str, tag: str) -> str:
    """The last sentences of a long text."""
    if len(text) <= _LONGEST:
        return text
    least = len(text) - _LONGEST
    start = min((begin for begin, _ in sentences(text, tag) if begin >= least), default=least)
    return text[start:]
