"""Page furniture in HTML: recognized by the elements around a block, by where the prose of the page stands, by its position
above the title, and as lists of links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby, pairwise

from toolkit.article.furniture import folded, skipped, words_of
from toolkit.article.html.tokens import names
from toolkit.language.measures import weight
from toolkit.units import Block

_ELEMENTS = frozenset({"nav", "aside", "dialog"})
_PAGE_ELEMENTS = frozenset({"header", "footer"})
"""Furniture unless they are inside an article or a section."""
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar", "dialog"})
_CLASSES = names(
    "skip skiplink skiplinks offscreen breadcrumb breadcrumbs share sharing social related menu navbar nav navigation "
    "sidebar promo promos advert advertisement advertising sponsored pagination pager masthead recommended "
    "recommendations recirc trending popular outbrain taboola teaser teasers widget widgets playlist tags footer toolbar "
    "banner ads newsletter subscribe"
)
"""Parts of a class name or id (`site-menu`, `siteMenu`) that mark an element as furniture, unless prose stands in it."""
_NEVER_THE_ARTICLE = names(
    "cookie cookies consent gdpr comment comments commentlist disqus respond responses replies modal popup login signup"
)
"""The same, whatever stands in it: what readers wrote, and what lies over the page."""
_PAIRS = frozenset({("off", "screen"), ("skip", "link"), ("skip", "to"), ("share", "bar")})
"""Pairs of adjacent parts that mark an element as furniture."""
_CONTENT = frozenset({"html", "body", "main", "article", "h1", "p", "blockquote"})
"""Elements that are not furniture whatever their class, because they contain the whole page or its text."""
HOLDERS = names("article body center dd div form main section table tbody td tr ul ol")
"""Elements that can hold an article, or a list of links."""
_PROSE = 50
"""Latin letters, or as many of another script as say as much: a paragraph with more outside of its links is prose."""
_COST = 30
"""Letters of prose that one block without prose outweighs, where the element that holds the article is looked for."""
_BESIDE = 0.1
"""Share of the letters of the page's largest part from which a part without links belongs to the article."""
_SHARE, _LEAST = 0.25, 300
"""An element that only its class calls furniture is none if it has this share of the page's prose, and so many letters."""


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
    path: tuple[int, ...] = (0,)
    """The numbers of the elements around it that can hold an article, the outermost first; 0 is the whole page."""


def region(name: str, attributes: Mapping[str, str], in_section: bool) -> int:
    """Whether an element makes its content furniture: 1 by its name, its role or a class that never holds the article, -1 by
    another class or id, 0 if it does not."""
    role = attributes.get("role", "").strip().lower()
    if name in _ELEMENTS or role in _ROLES or (name in _PAGE_ELEMENTS and not in_section):
        return 1
    if name in _CONTENT:
        return 0
    said = 0
    for label in f"{attributes.get('class', '')} {attributes.get('id', '')}".split():
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", label).lower().replace("_", "-").split("-")
        if not _NEVER_THE_ARTICLE.isdisjoint(parts):
            return 1
        if not _CLASSES.isdisjoint(parts) or any(pair in _PAIRS for pair in pairwise(parts)):
            said = -1
    return said


@dataclass(frozen=True, slots=True)
class _Read:
    """A block of a page, its place, and how much prose it is."""

    block: Block
    place: OpenElement
    prose: float
    """Latin letters outside of links, or as many as say as much; 0 where the block is no prose: a heading, an attribute, a
    line of links, a few words."""
    attribute: bool


def without_furniture(blocks: list[Block], places: list[OpenElement], title: str) -> list[Block]:
    """The blocks of a page in order, its furniture not offered.

    `places` are the elements that they stand in, `title` is what `<head>` says.
    """
    page = [_read(block, place) for block, place in zip(blocks, places, strict=True)]
    heading = _title_block(blocks, places, title)
    kept = _regions_with_the_article(page, heading)
    out = {
        n
        for n, place in enumerate(places)
        if any(region not in kept for region in place.regions)
        or (heading is not None and n < heading and _furniture_above_the_title(blocks[n], place))
    }
    sources = set(_under_sources(page))
    out |= _around_the_article(page, heading, out, sources)
    out |= set(_link_lists(blocks, places)) - sources
    return [skipped(block) if n in out and block.translate else block for n, block in enumerate(blocks)]


def _read(block: Block, place: OpenElement) -> _Read:
    attribute = block.type.startswith("attribute ")
    if attribute or place.head or place.linked or block.type == "heading":
        return _Read(block, place, 0, attribute)
    outside, whole = weight(_outside_of_links(block)), weight(words_of(block))
    return _Read(block, place, outside if outside >= _PROSE and outside * 2 > whole else 0, attribute)


def _outside_of_links(block: Block) -> str:
    """The words of a block that are not in a link."""
    said, at, closing = [], 0, ""
    for code in block.codes:
        label = block.source[code.start : code.end]
        if not closing:
            said.append(block.source[at : code.start])
            at = code.end
            closing = label.replace("<", "</") if code.kind == "sc" and code.data[:2].lower() == "<a" else ""
        elif label == closing:
            at, closing = code.end, ""
    return " ".join([*said, block.source[at:]])


def _title_block(blocks: list[Block], places: list[OpenElement], title: str) -> int | None:
    """The index of the `<h1>` with the page's title, else of the first `<h1>` outside of furniture, else of the first."""
    wanted = folded(title)
    headings = [n for n, place in enumerate(places) if place.typed_by == "h1" and not blocks[n].type.startswith("attr")]
    said = [(n, folded(words_of(blocks[n]))) for n in headings]
    same = [n for n, words in said if words and wanted and (wanted.startswith(words) or words.startswith(wanted))]
    free = [n for n in headings if not any(region > 0 for region in places[n].regions)]
    return next(iter(same or free or headings), None)


def _regions_with_the_article(page: Sequence[_Read], heading: int | None) -> set[int]:
    """The regions that contain the article and so are no furniture: those around the title; those with the first prose of the
    page and most of it; and those that only a class marks, such as `<div class="with-sidebar">`, with much of its prose, or in
    a short article with most of what stands in no certain furniture."""
    kept = set(page[heading].place.regions) if heading is not None else set()
    letters: Counter[int] = Counter()
    for read in page:
        for region in read.place.regions:
            letters[region] += round(read.prose)
    total = sum(read.prose for read in page)
    first = next((read.place.regions for read in page if read.prose), ())
    kept |= {region for region in first if letters[region] * 2 > total and letters[region] > 2 * _LEAST}
    much = max(_LEAST, _SHARE * total)
    rest = sum(read.prose for read in page if not any(r > 0 and r not in kept for r in read.place.regions))
    return kept | {r for r, count in letters.items() if r < 0 and (count > much or count * 2 > rest)}


def _around_the_article(page: Sequence[_Read], heading: int | None, out: set[int], sources: set[int]) -> set[int]:
    """The indexes of the blocks outside of the element that holds the article's prose, and of lists of links inside of it.

    That element is the one with most letters of prose, less a cost for every other block. Blocks between the title and it stay,
    if they are not links: a byline, a standfirst, the caption of a picture. A page without prose has no such element.
    """
    worth: Counter[int] = Counter()
    depth: dict[int, int] = {}
    for n, read in enumerate(page):
        if read.place.head or read.attribute or n == heading:
            continue
        if read.block.type == "table cell" and not read.prose and not read.place.linked:
            continue  # a table of data says nothing of where the article is
        for level, element in enumerate(read.place.path):
            worth[element] += round(read.prose) if read.prose and n not in out else -_COST
            depth[element] = level
    holder = max(worth, key=lambda element: (worth[element], depth[element]), default=0)
    if worth[holder] <= 0:
        return set()
    inside = [n for n, read in enumerate(page) if holder in read.place.path]
    begin = next(n for n in inside if n not in out)
    lists = _elements_of_links(page, [n for n in inside if n not in sources], depth[holder])
    kept = _beside_the_article(
        page, {element for element in page[inside[0]].place.path if depth.get(element, 0) <= depth[holder]}
    )
    return {
        n
        for n, read in enumerate(page)
        if not lists.isdisjoint(read.place.path)
        or not (
            holder in read.place.path
            or read.place.head
            or n == heading
            or n in kept
            or (heading is not None and heading < n < begin and not read.place.linked)
        )
    }


def _beside_the_article(page: Sequence[_Read], around: set[int]) -> set[int]:
    """The indexes of the blocks outside of the element that holds the article which are part of it all the same: questions and
    answers below an introduction, the short sections of a page. They stand in an element without a link, or in none, and are no
    small part of the page's text. `around` are that element and those around it."""
    blocks: dict[int, list[int]] = {}
    for n, read in enumerate(page):
        if not read.place.head and not read.attribute:
            branch = next((element for element in read.place.path if element not in around), 0)
            blocks.setdefault(branch, []).append(n)
    letters = {branch: sum(len(page[n].block.source) for n in numbers) for branch, numbers in blocks.items()}
    free = {branch for branch, numbers in blocks.items() if not any(_leads_on(page[n]) for n in numbers)}
    most = max(letters.values(), default=0)
    return {n for branch in free if letters[branch] >= _BESIDE * most for n in blocks[branch]}


def _leads_on(read: _Read) -> bool:
    """Whether a block is a control, or mostly links, as those of teasers and boxes are."""
    links = any(code.data[:2].lower() == "<a" for code in read.block.codes)
    mostly = links and len(_outside_of_links(read.block).strip()) * 2 < len(words_of(read.block))
    return read.place.linked or mostly or read.block.type in ("option", "button", "label", "textarea")


def _elements_of_links(page: Sequence[_Read], numbers: Sequence[int], level: int) -> set[int]:
    """The elements below a level that hold at least three links, most of their words in them: headlines of other articles."""
    links: Counter[int] = Counter()
    linked: Counter[int] = Counter()
    words: Counter[int] = Counter()
    for read in (page[n] for n in numbers if not page[n].attribute):
        length = len(read.block.source)
        for element in read.place.path[level + 1 :]:
            links[element] += read.place.linked
            linked[element] += length if read.place.linked else 0
            words[element] += length
    return {element for element, count in links.items() if count > 2 and linked[element] * 2 > words[element]}


def _under_sources(page: Sequence[_Read]) -> Iterator[int]:
    """The indexes of the blocks under a heading such as `Sources`, whose links belong to the article."""
    under = False
    for n, read in enumerate(page):
        if read.block.type == "heading":
            under = folded(words_of(read.block)) in headings_of_sources()
        elif under:
            yield n


@cache
def headings_of_sources() -> frozenset[str]:
    """The headings under which a list of links belongs to the article, in the form that `folded` gives them."""
    lines = (resources.files("toolkit.article") / "data" / "sources.txt").read_text("utf-8").split("\n")
    return frozenset(folded(line) for line in lines if line and line[0] not in "#[")


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
