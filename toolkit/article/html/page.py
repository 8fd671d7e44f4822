"""Page furniture in HTML: recognized by the elements around a block, by its position above the title, and as lists of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from toolkit.article.furniture import folded, skipped, words_of
from toolkit.article.html.tokens import names
from toolkit.units import Block

_ELEMENTS = frozenset({"nav", "aside", "dialog"})
_PAGE_ELEMENTS = frozenset({"header", "footer"})
"""Furniture unless they are inside an article or a section."""
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})
_CLASSES = names(
    "skip skiplink skiplinks offscreen breadcrumb breadcrumbs share sharing social related cookie cookies consent "
    "menu navbar nav navigation sidebar promo promos newsletter advert advertisement advertising sponsored "
    "subscribe pagination pager masthead"
)
"""Parts of a class name or id (`site-menu`, `siteMenu`) that mark an element as furniture."""
_PAIRS = frozenset({("off", "screen"), ("skip", "link"), ("skip", "to"), ("share", "bar"), ("cookie", "banner")})
"""Pairs of adjacent parts that mark an element as furniture."""
_CONTENT = frozenset({"html", "body", "main", "article", "h1", "p"})
"""Elements that are not furniture whatever their class, because they contain the whole page or its text."""


@dataclass(frozen=True, slots=True)
class OpenElement:
    """An open element of the page, with what it inherits from those around it; of a block, the element that it stands in."""

    name: str
    type: str = "paragraph"
    """The type of a block in it."""
    typed_by: str = ""
    """The name of the element that the type comes from: `h1`, `p`, `li`."""
    translate: bool = True
    """Its text is offered for translation."""
    regions: tuple[int, ...] = ()
    """The furniture elements around it, each by a number; negative where only a class or an id says so."""
    article: bool = False
    """Inside `<article>` or `<main>`."""
    section: bool = False
    """Inside an article or a section, whose header and footer are no furniture."""
    head: bool = False
    figure: bool = False
    linked: bool = False
    """Inside a link; of a block: all its words are links."""
    group: int = 0
    """The number of the list, table or section around it; its neighbours there have the same."""


def region(name: str, attributes: Mapping[str, str], in_section: bool) -> int:
    """Whether an element makes its content furniture: 1 by its name or role, -1 by its class or id, 0 if it does not."""
    role = attributes.get("role", "").strip().lower()
    if name in _ELEMENTS or role in _ROLES or (name in _PAGE_ELEMENTS and not in_section):
        return 1
    if name in _CONTENT:
        return 0
    for label in f"{attributes.get('class', '')} {attributes.get('id', '')}".split():
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", label).lower().replace("_", "-").split("-")
        if _CLASSES & set(parts) or any(pair in _PAIRS for pair in pairwise(parts)):
            return -1
    return 0


def without_furniture(blocks: list[Block], places: list[OpenElement], title: str) -> list[Block]:
    """The blocks of a page in order, its furniture not offered.

    `places` are the elements that they stand in, `title` is what `<head>` says.
    """
    heading = _title_block(blocks, places, title)
    kept = _regions_with_the_article(blocks, places, heading)
    out = {
        n
        for n, place in enumerate(places)
        if any(region not in kept for region in place.regions)
        or (heading is not None and n < heading and _furniture_above_the_title(blocks[n], place))
    }
    out |= set(_link_lists(blocks, places))
    return [skipped(block) if n in out and block.translate else block for n, block in enumerate(blocks)]


def _title_block(blocks: list[Block], places: list[OpenElement], title: str) -> int | None:
    """The index of the `<h1>` with the page's title, else of the first `<h1>` outside of furniture, else of the first."""
    wanted = folded(title)
    headings = [n for n, place in enumerate(places) if place.typed_by == "h1" and not blocks[n].type.startswith("attr")]
    said = [(n, folded(words_of(blocks[n]))) for n in headings]
    same = [n for n, words in said if words and wanted and (wanted.startswith(words) or words.startswith(wanted))]
    free = [n for n in headings if not any(region > 0 for region in places[n].regions)]
    return next(iter(same or free or headings), None)


def _regions_with_the_article(blocks: list[Block], places: list[OpenElement], heading: int | None) -> set[int]:
    """The regions that contain the article and so are no furniture: those around the title, and those with most of the text
    of the page that are marked only by their class, such as `<div class="with-sidebar">`."""
    kept = set(places[heading].regions) if heading is not None else set()
    letters: Counter[int] = Counter()
    for block, place in zip(blocks, places, strict=True):
        for region in place.regions:
            if region < 0:
                letters[region] += len(block.original)
    total = sum(len(block.original) for block in blocks)
    return kept | {region for region, count in letters.items() if count > 1000 and count * 2 > total}


def _furniture_above_the_title(block: Block, place: OpenElement) -> bool:
    """Whether a block before the title is furniture: it is short, and not in the article, in `<head>` or in a figure."""
    return not (place.article or place.head or place.figure) and len(block.source) < 200


def _link_lists(blocks: list[Block], places: list[OpenElement]) -> Iterable[int]:
    """The indexes of blocks outside of the article that are lists of at least three links: adjacent blocks of one group, or
    one block."""
    for n, (block, place) in enumerate(zip(blocks, places, strict=True)):
        links = sum(code.kind == "sc" and code.data[:2].lower() == "<a" for code in block.codes)
        if place.linked and not place.article and links > 2:
            yield n
    keys = [(place.linked and not place.article, place.group) for place in places]
    for (listed, _), run in groupby(range(len(places)), key=keys.__getitem__):
        numbers = list(run)
        if listed and len(numbers) > 2:
            yield from numbers
