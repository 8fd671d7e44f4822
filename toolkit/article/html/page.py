"""Which blocks of an HTML page are furniture: by the elements around them, by what stands above the title, by lists of links."""

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
"""Furniture of the page, unless they belong to an article or a section."""
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})
_CLASSES = names(
    "skip skiplink skiplinks offscreen breadcrumb breadcrumbs share sharing social related cookie cookies consent "
    "menu navbar nav navigation sidebar promo promos newsletter advert advertisement advertising sponsored "
    "subscribe pagination pager masthead"
)
"""Parts of a class name or id (`site-menu`, `siteMenu`) that say that an element is furniture."""
_PAIRS = frozenset({("off", "screen"), ("skip", "link"), ("skip", "to"), ("share", "bar"), ("cookie", "banner")})
"""Two such parts, one after the other, that say so together."""
_CONTENT = frozenset({"html", "body", "main", "article", "h1", "p"})
"""Elements that are never furniture by their class: they hold the page itself."""


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
    """Whether an element makes its content furniture: 1 by its name or role, -1 by its class or id, 0 not."""
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
    innocent = _regions_with_the_article(blocks, places, heading)
    out = {
        n
        for n, place in enumerate(places)
        if any(region not in innocent for region in place.regions)
        or (heading is not None and n < heading and _furniture_above_the_title(blocks[n], place))
    }
    out |= set(_link_lists(blocks, places))
    return [skipped(block) if n in out and block.translate else block for n, block in enumerate(blocks)]


def _title_block(blocks: list[Block], places: list[OpenElement], title: str) -> int | None:
    """The number of the `<h1>` that says the page's title, else of the first outside of furniture, else of the first."""
    wanted = folded(title)
    headings = [n for n, place in enumerate(places) if place.typed_by == "h1" and not blocks[n].type.startswith("attr")]
    said = [(n, folded(words_of(blocks[n]))) for n in headings]
    same = [n for n, words in said if words and wanted and (wanted.startswith(words) or words.startswith(wanted))]
    free = [n for n in headings if not any(region > 0 for region in places[n].regions)]
    return next(iter(same or free or headings), None)


def _regions_with_the_article(blocks: list[Block], places: list[OpenElement], heading: int | None) -> set[int]:
    """The regions that are no furniture after all: those around the title, and those that are furniture by class alone and
    hold most of the page, as `<div class="with-sidebar">` may."""
    innocent = set(places[heading].regions) if heading is not None else set()
    letters: Counter[int] = Counter()
    for block, place in zip(blocks, places, strict=True):
        for region in place.regions:
            if region < 0:
                letters[region] += len(block.original)
    total = sum(len(block.original) for block in blocks)
    return innocent | {region for region, count in letters.items() if count > 1000 and count * 2 > total}


def _furniture_above_the_title(block: Block, place: OpenElement) -> bool:
    """Whether a block before the title is furniture: all but parts of the article, captions, `<head>`, and long prose."""
    return not (place.article or place.head or place.figure) and len(block.source) < 200


def _link_lists(blocks: list[Block], places: list[OpenElement]) -> Iterable[int]:
    """The numbers of blocks that are three or more links and nothing else, outside of the article: blocks of one group in
    a row, or one block that holds them all."""
    for n, (block, place) in enumerate(zip(blocks, places, strict=True)):
        links = sum(code.kind == "sc" and code.data[:2].lower() == "<a" for code in block.codes)
        if place.linked and not place.article and links > 2:
            yield n
    keys = [(place.linked and not place.article, place.group) for place in places]
    for (listed, _), run in groupby(range(len(places)), key=keys.__getitem__):
        numbers = list(run)
        if listed and len(numbers) > 2:
            yield from numbers
