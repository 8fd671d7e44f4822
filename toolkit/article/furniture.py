"""Around an article a page has furniture: menus, teasers, buttons; it is kept, and not offered for translation.

What no rule knows, a person says with a line in the article's metadata file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise

from toolkit.units import Article, Block

FURNITURE = "skipped: page furniture"
OTHER_SCRIPT = "skipped: already in another script"
_SAMPLE = 100_000
"""Characters that say which scripts an article is written in."""

ELEMENTS = frozenset({"nav", "aside", "dialog"})
PAGE_ELEMENTS = frozenset({"header", "footer"})
"""Furniture of the page, unless they belong to an article or a section."""
ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "menu", "menubar"})
_CLASS_WORDS = (
    "skip skiplink skiplinks offscreen breadcrumb breadcrumbs share sharing social related cookie cookies "
    "consent menu navbar nav navigation sidebar promo promos newsletter advert advertisement advertising "
    "sponsored subscribe pagination pager masthead"
)
CLASSES = frozenset(_CLASS_WORDS.split())
_NO_SCRIPT = "Zyyy"
_FAMILY = dict.fromkeys(("Hira", "Kana", "Bopo"), "Han")
"""Scripts that one language writes side by side."""
_PAIRS = frozenset({("off", "screen"), ("skip", "link"), ("skip", "to"), ("share", "bar"), ("cookie", "banner")})
_CONTENT = frozenset({"html", "body", "main", "article", "h1", "p"})
"""Whatever their class says, they are the page itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an HTML block stands: what the rules that need the whole page ask."""

    regions: tuple[int, ...] = ()
    """The furniture elements around it, each by a number; negative where only a class says so."""
    element: str = ""
    """The nearest element with a type of its own: `h1`, `p`, `li`."""
    article: bool = False
    """Inside `<article>` or `<main>`."""
    head: bool = False
    figure: bool = False
    linked: bool = False
    """All its words are links."""
    group: int = 0
    """The list or other parent that it shares with its neighbours."""


@cache
def phrases() -> frozenset[str]:
    """The fixed phrases of pages, folded, of all languages."""
    lines = (resources.files(__package__) / "data" / "furniture.txt").read_text("utf-8").split("\n")
    return frozenset(_folded(line) for line in lines if line and line[0] not in "#[")


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\u0f0b\u0f35-\u0fbc\s]", " ", text.casefold()).split()).strip("་ ")


def is_phrase(text: str) -> bool:
    """Whether a paragraph says exactly what pages say around an article: `Skip to content`."""
    return len(text) <= 80 and _folded(text) in phrases()


def skipped(block: Block, why: str = FURNITURE) -> Block:
    """The block, kept in the document and not offered for translation."""
    return replace(block, translate=False, notes=(*(n for n in block.notes if not n.startswith("skipped: ")), why))


def offered(block: Block) -> Block:
    """The block, offered for translation."""
    return replace(block, translate=True, notes=tuple(n for n in block.notes if not n.startswith("skipped: ")))


def main_scripts(text: str) -> frozenset[str]:
    """The scripts that at least three in ten letters are written in; Japanese kana count as Han."""
    from toolkit.language.detect import script_shares

    shares: dict[str, float] = {}
    for script, share in script_shares(text[:_SAMPLE]).items():
        shares[_FAMILY.get(script, script)] = shares.get(_FAMILY.get(script, script), 0) + share
    return frozenset(script for script, share in shares.items() if share >= 0.3)


def foreign(text: str, scripts: frozenset[str]) -> bool:
    """Whether there are letters in the text and none of these scripts."""
    from toolkit.language.detect import script_of

    letters = False
    for char in text:
        if char.isalpha():
            script = script_of(char)
            if _FAMILY.get(script, script) in scripts:
                return False
            letters = letters or script not in ("", _NO_SCRIPT)
    return letters


def words_of(block: Block) -> str:
    """The block's source without its codes."""
    kept, at = [], 0
    for code in block.codes:
        kept.append(block.source[at : code.start])
        at = code.end
    return "".join([*kept, block.source[at:]])


def own_scripts(text: str, tag: str) -> frozenset[str]:
    """The main scripts of a text that its language is written in; all of them where that leaves none."""
    from toolkit.language import language
    from toolkit.language.detect import in_script, script_of

    main = main_scripts(text)
    if not tag or len(main) < 2:
        return main
    samples = {script_of(char): char for char in text[:_SAMPLE] if char.isalpha()}
    own = {_FAMILY.get(script, script) for script, char in samples.items() if in_script(char, language(tag)) > 0}
    return main & own or main


def mark(article: Article) -> Article:
    """The article with fixed phrases, and blocks in another script than its own, marked, whatever its format."""
    text = "\n".join(words_of(block) for block in article.blocks if block.translate)
    scripts = own_scripts(text, article.source_language)

    def judged(block: Block) -> Block:
        if not block.translate:
            return block
        said = words_of(block)
        if is_phrase(said):
            return skipped(block)
        return skipped(block, OTHER_SCRIPT) if scripts and foreign(said, scripts) else block

    return replace(article, parts=tuple(judged(part) if isinstance(part, Block) else part for part in article.parts))


def region(name: str, attributes: Mapping[str, str], in_section: bool) -> int:
    """Whether an element makes its content furniture: 1 by its name or role, -1 by its class or id, 0 not."""
    role = attributes.get("role", "").strip().lower()
    if name in ELEMENTS or role in ROLES or (name in PAGE_ELEMENTS and not in_section):
        return 1
    if name in _CONTENT:
        return 0
    for said in f"{attributes.get('class', '')} {attributes.get('id', '')}".split():
        parts = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", said).lower().replace("_", "-").split("-")
        if CLASSES & set(parts) or any(pair in _PAIRS for pair in pairwise(parts)):
            return -1
    return 0


def of_page(blocks: list[Block], places: list[Place], title: str) -> list[Block]:
    """The blocks of an HTML page with its furniture marked; `title` is what `<head>` says."""
    heading = _title_block(blocks, places, title)
    innocent = _regions_with_the_article(blocks, places, heading)
    out = {
        n
        for n, place in enumerate(places)
        if any(region not in innocent for region in place.regions)
        or (heading is not None and n < heading and _before_the_title(blocks[n], place))
    }
    out |= set(_link_lists(blocks, places))
    return [skipped(block) if n in out and block.translate else block for n, block in enumerate(blocks)]


def _title_block(blocks: list[Block], places: list[Place], title: str) -> int | None:
    """The heading that says the page's title, else the first `<h1>`."""
    wanted = _folded(title)
    headings = [n for n, place in enumerate(places) if place.element == "h1" and not blocks[n].type.startswith("attr")]
    said = [(n, _folded(words_of(blocks[n]))) for n in headings]
    same = [n for n, words in said if words and wanted and (wanted.startswith(words) or words.startswith(wanted))]
    free = [n for n in headings if not any(region > 0 for region in places[n].regions)]
    return next(iter(same or free or headings), None)


def _regions_with_the_article(blocks: list[Block], places: list[Place], heading: int | None) -> set[int]:
    """Regions that hold the title, or by their class alone hold most of the page: a class may say `with-sidebar`."""
    innocent = set(places[heading].regions) if heading is not None else set()
    letters: dict[int, int] = {}
    total = 0
    for block, place in zip(blocks, places, strict=True):
        total += len(block.original)
        for region in place.regions:
            if region < 0:
                letters[region] = letters.get(region, 0) + len(block.original)
    return innocent | {region for region, count in letters.items() if count > 1000 and count * 2 > total}


def _before_the_title(block: Block, place: Place) -> bool:
    """What stands above the title of a page is furniture, unless it is in the article, a picture or plainly prose."""
    return not (place.article or place.head or place.figure) and len(block.source) < 200


def _link_lists(blocks: list[Block], places: list[Place]) -> Iterable[int]:
    """Three or more links, outside of the article, and nothing else: one after the other or in one block."""
    for n, (block, place) in enumerate(zip(blocks, places, strict=True)):
        links = sum(code.kind == "sc" and code.data[:2].lower() == "<a" for code in block.codes)
        if place.linked and not place.article and links > 2:
            yield n
    run: list[int] = []
    for n, place in enumerate(places):
        if place.linked and not place.article and (not run or places[run[-1]].group == place.group):
            run.append(n)
            continue
        yield from run if len(run) > 2 else ()
        run = [n] if place.linked and not place.article else []
    yield from run if len(run) > 2 else ()
