"""The base class of formats, with defaults that suit plain text.

To add a format, derive a class, set `name` and `suffixes`, and define `parse`. A format with markup of its own overrides
the other methods as needed. Put an instance into `FORMATS` (`article/__init__.py`), or name it in a distribution of
your own by the entry point `lokta.formats`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from toolkit import codes, files
from toolkit.article.rendered import Rendered, check_codes, splice
from toolkit.article.spelling import respell
from toolkit.language import Language
from toolkit.units import Article, Block, Markup

Rewrite = Callable[[str], str]
"""A URL as the article writes it -> the URL that an edition must have in its place."""

_ELEMENTS = {"title": "h1", "heading": "h2", "list item": "ul"}
"""The HTML element of a block by its type, for a list item that of the list; `p` for all others."""
_NUMBERED = re.compile(r"(\d{1,9})[.)．、][ \t]*\Z")
"""The marker of a numbered list item, at the end of what stands before the item."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What a translated document says of itself."""

    state: Literal["draft", "mixed", "reviewed"]
    drafts: int
    """Paragraphs that nobody approved."""
    reviewed: int
    """Paragraphs that a person approved."""
    by: str
    """The engines and models that drafted; empty: none did."""
    notice: tuple[tuple[str, str], ...] = ()
    """For readers, one line for each language: its BCP 47 tag, the line. Empty where all is reviewed."""


class Format:
    """A file format: reads files, writes translations into them, and shows them as HTML."""

    name: str
    """As in `Article.format`; unique."""
    suffixes: tuple[str, ...]
    """Of file names, in lower case, with the dot."""
    dialects: Collection[str] = ()
    """Ways to write this format, of which an article is in one."""
    markup: Markup = "plain"
    """How inline codes are written in the msgids of its articles."""
    keep_unmarked: bool = True
    """Everything in `to_html` belongs to the story. False: it also holds menus, advertisements and the like, so that a web
    edition keeps only the elements that contain paragraphs of the article."""

    def decode(self, data: bytes, name: str) -> str:
        """The text of a file, line ends untouched; UTF-8.

        Raises DataError that says how to convert anything else; `name` is what a person calls the file.
        """
        return files.decode(data, name)

    def parse(self, text: str, file: str = "", dialect: str = "") -> Article:
        """The article in a text. The parts of the article, joined, are the text.

        `file` is the name that locations and messages show. `dialect` is one of `dialects`, and is given only where there are
        some. Raises DataError.
        """
        raise NotImplementedError

    def serialize(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> Rendered:
        """The document with the targets (block id to text) in place.

        `by_person` are the ids of the blocks whose target is a person's: only what would break the document is refused
        there, while a machine's draft must have the codes of its source. A block without a target, or with one that cannot
        be put in, keeps its slice of the file. Line breaks of the file are kept where the target equals the source around
        them (see `spelling`).
        """
        return splice(article, targets, lambda block, target: self._written(block, target, block.id in by_person))

    def to_html(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> str:
        """The document with the targets in place, as HTML that is not sanitized: a whole page or only its content.

        `by_person` as in `serialize`. By default each block is an element chosen by its type, and web addresses are links.
        """
        return "".join(_elements(article, targets))

    def declare_language(self, text: str, source: str, target: Language) -> str:
        """The document with its declarations of language and charset changed to the target language and UTF-8.

        `source` is the BCP 47 tag that is replaced.
        """
        return text

    def keep_anchors(self, article: Article, text: str, linked: Collection[str] = ()) -> str:
        """A translated document (what `serialize` wrote), in which links to places of the source document go on working;
        `linked` are the ids of places that other articles link to."""
        return text

    def places_linked(self, text: str) -> Iterator[tuple[str, str]]:
        """The links of a document to places in others: the path that each is written with, and the id of the place."""
        return iter(())

    def disclose(self, text: str, said: Disclosure) -> str:
        """A translated document that says so, where the format has a place for it."""
        return text

    def rewrite_links(self, text: str, rewrite: Rewrite, dialect: str = "") -> str:
        """The document with `rewrite` applied to the URLs of its links, images and style sheets; `dialect` as for `parse`."""
        return text

    def plain_text(self, text: str) -> str:
        """A msgid or msgstr without inline codes, character references decoded.

        A text of nothing but codes is returned unchanged.
        """
        if self.markup == "plain":
            return text
        found = [code for code in codes.find(text, self.markup) if not code.data.startswith("&")]
        words = codes.strip(text, found).text
        return html.unescape(words if words.strip() else text)

    def _written(self, block: Block, target: str, by_person: bool) -> str:
        if not by_person:
            check_codes(codes.compare(block.source, target, self.markup))
        return respell(block.source, re.sub(r"[ \t]*[\r\n\f]+[ \t]*", " ", target), block.spellings)


def with_skeleton(text: str, blocks: Iterable[tuple[int, int, Block]]) -> tuple[str | Block, ...]:
    """The parts of an article: the blocks, and what stands between them in the text.

    Each block comes with the offsets of its slice, in order and without overlap.
    """
    parts: list[str | Block] = []
    at = 0
    for start, end, block in blocks:
        parts += [text[at:start], block] if at < start else [block]
        at = end
    return (*parts, text[at:]) if at < len(text) else tuple(parts)


def _elements(article: Article, targets: Mapping[str, str]) -> Iterator[str]:
    rows: list[tuple[str, str, str]] = []  # element, number of a list item, content
    for before, part in pairwise(("", *article.parts)):
        if isinstance(part, Block):
            element = _ELEMENTS.get(part.type, "p")
            number = _NUMBERED.search(before) if element == "ul" and isinstance(before, str) else None
            content = _linked(targets.get(part.id, part.source))
            rows.append(("ol", number[1], content) if number else (element, "", content))
    for element, group in groupby(rows, key=lambda row: row[0]):
        found = list(group)
        if element in ("ul", "ol"):
            start = f' start="{found[0][1]}"' if element == "ol" else ""
            yield f"<{element}{start}>" + "".join(f"<li>{content}</li>" for *_, content in found) + f"</{element}>"
        else:
            yield from (f"<{element}>{content}</{element}>" for *_, content in found)


def _linked(text: str) -> str:
    """Plain text as HTML, its web addresses as links."""
    addresses = (code for code in codes.find(text, "plain") if code.data.startswith(("https://", "http://")))
    links = ((code.start, code.end, '<a href="{0}">{0}</a>'.format(html.escape(code.data))) for code in addresses)
    return codes.replaced(text, links, lambda words: html.escape(words, quote=False))
