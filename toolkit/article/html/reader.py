"""One pass over the pieces of a page: which elements are open, where a run of words ends, what stands around it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.article import furniture
from toolkit.article.furniture import Place
from toolkit.article.html.head import Head
from toolkit.article.html.runs import Item, Message, Piece, coded, message, pieces, runs, trimmed
from toolkit.article.html.tags import (
    BLOCKS,
    SCOPES,
    SEALED,
    TYPES,
    UNREAD,
    VOID,
    closed_by,
    inner_attributes,
    last_ends,
    meta_name,
    sealed_end,
    translate,
    values,
)
from toolkit.article.html.text import atoms, readable, said, words
from toolkit.article.html.tokens import Token, tokens
from toolkit.article.rendered import check_size
from toolkit.errors import DataError
from toolkit.units import Block, Location, Segment

PRESERVED = frozenset({"preformatted text", "textarea"})
"""Types of blocks whose blanks are kept as they are."""
NOT_FOR_TRANSLATION = "skipped: not for translation"
DEEPEST = 200
_KEPT = frozenset({"pre", "listing", "textarea"})
_SECTIONS = frozenset({"article", "main", "section", "blockquote"})


@dataclass(frozen=True, slots=True)
class _Element:
    """An open element, with what it inherits."""

    name: str
    type: str = "paragraph"
    typed_by: str = ""
    translate: bool = True
    regions: tuple[int, ...] = ()
    article: bool = False
    section: bool = False
    head: bool = False
    figure: bool = False
    linked: bool = False
    group: int = 0


class Reader:
    """Cuts one page into blocks."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._lines = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
        self._open: list[_Element] = [_Element("")]
        self._items: list[Item] = []
        self._found: list[tuple[int, int, Block, Place]] = []
        self._head = Head()
        self._numbers = 0

    @property
    def metadata(self) -> Mapping[str, str]:
        """title, date, author, source, licence, language, as far as the page says them; after `read`."""
        return self._head.metadata

    def read(self) -> Iterator[tuple[int, int, Block]]:
        """Start, end and block, in order; a block inside another's code has no length."""
        self._walk(list(tokens(self._text)))
        self._flush()
        blocks = furniture.of_page(
            [block for *_, block, _ in self._found], [place for *_, place in self._found], self._head.title
        )
        headings = (block for block, found in zip(blocks, self._found, strict=True) if found[3].element == "h1")
        self._head.heading = next((furniture.words_of(block) for block in headings if block.translate), "")
        for number, ((start, end, _, _), block) in enumerate(zip(self._found, blocks, strict=True), 1):
            yield start, end, replace(block, id=f"p{number}")

    def _walk(self, stream: Sequence[Token]) -> None:
        ends = last_ends(stream)
        at = 0
        while at < len(stream):
            token = stream[at]
            at += 1
            if token.opens and token.name in UNREAD:
                after = sealed_end(stream, at - 1, ends)
                if after >= at:
                    self._add(Token("comment", token.start, stream[after - 1].end, token.name))
                    at = after
                    continue
            if token.kind in ("open", "close") and token.name in BLOCKS:
                self._flush()
                if token.opens:
                    self._enter(token)
                else:
                    self._leave(token.name)
                self._attributes(token.start, token.end)
            elif token.opens:
                self._enter(token)
                self._add(token)
            else:
                self._add(token)
                if token.kind == "close":
                    self._leave(token.name)

    def _add(self, token: Token) -> None:
        top = self._open[-1]
        self._items.append(Item(token, not top.translate, top.linked, top.regions))

    def _enter(self, token: Token) -> None:
        read = values(self._text, token) if token.attributes else {}
        self._head.see(token.name, read)
        for closes, stops in closed_by(token.name):
            for at in range(len(self._open) - 1, 0, -1):
                if self._open[at].name in closes:
                    del self._open[at:]
                    break
                if self._open[at].name in stops:
                    break
        if token.name in VOID:
            return
        if len(self._open) > DEEPEST:
            line = self._line(token.start)
            raise DataError(
                f"{self._file or 'the page'}:{line}: nested deeper than {DEEPEST} levels; simplify the page and try again"
            )
        self._open.append(self._element(token, read))

    def _element(self, token: Token, read: Mapping[str, str]) -> _Element:
        parent, name = self._open[-1], token.name
        if name in TYPES:
            typed = {"type": TYPES[name], "typed_by": name}
            if name in ("p", "div") and parent.type in ("list item", "table cell", "caption", "definition"):
                typed = {}
        else:
            typed = {}
        kept = name in _KEPT or name in SEALED
        region = furniture.region(name, read, parent.section)
        self._numbers += 1
        return replace(
            parent,
            name=name,
            **typed,
            translate=translate(read, parent.translate) and (not kept or read.get("translate", "").lower() == "yes"),
            regions=(*parent.regions, region * self._numbers) if region else parent.regions,
            article=parent.article or name in ("article", "main"),
            section=parent.section or name in _SECTIONS,
            head=name == "head" or (parent.head and name != "body"),
            figure=parent.figure or name == "figure",
            linked=parent.linked or name == "a",
            group=self._numbers if name in ("ul", "ol", "div", "section", "nav", "table") else parent.group,
        )

    def _leave(self, name: str) -> None:
        """Closes the nearest element of that name; an inline tag closes no paragraph on its way."""
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].name == name:
                if name in BLOCKS or not any(element.name in BLOCKS for element in self._open[at + 1 :]):
                    del self._open[at:]
                return
            if self._open[at].name in SCOPES and name not in SCOPES:
                return

    def _line(self, offset: int) -> int:
        return bisect_right(self._lines, offset) + 1

    def _flush(self) -> None:
        items, self._items = self._items, []
        for run in runs(items, self._text) if items else ():
            self._run(run)

    def _run(self, run: Sequence[Item]) -> None:
        text, top = self._text, self._open[-1]
        hidden = {item.token.start for item in run if item.sealed}
        if all(item.token.kind != "text" or text[item.token.start : item.token.end].isspace() for item in run):
            for item in run:
                if item.token.opens:
                    self._attributes(item.token.start, item.token.end, not item.sealed)
            return
        keep = top.type in PRESERVED
        offered = True
        found = pieces(text, run, keep, seal=True)
        start, end = trimmed(found)
        if not any(piece.kind == "text" and words(piece.shown) for piece in found[start:end]):
            offered = False
            found = pieces(text, run, keep, seal=False)
            start, end = trimmed(found)
            if not any(piece.kind == "text" and words(piece.shown) for piece in found[start:end]):
                start = end = len(found)
        for piece in found[:start]:
            self._silent(piece, hidden)
        if start < end:
            self._block(run, found, start, end, offered)
        for piece in found[end:]:
            self._silent(piece, hidden)

    def _silent(self, piece: Piece, hidden: Collection[int]) -> None:
        if piece.kind in ("sc", "ph"):
            self._attributes(piece.start, piece.end, piece.start not in hidden)

    def _block(self, run: Sequence[Item], found: list[Piece], start: int, end: int, offered: bool) -> None:
        text = self._text
        first, last = found[start].start, found[end - 1].end
        if offered:
            check_size(text[first:last], self._file, self._line(first))
        read = message(text, found[start:end], start)
        spoken = [
            item
            for item in run
            if item.token.kind == "text"
            and item.token.end > first
            and item.token.start < last
            and readable(text, item.token.start, item.token.end)
        ]
        regions = tuple(r for r in spoken[0].regions if r in spoken[-1].regions) if spoken else ()
        place = self._place(regions, all(item.linked for item in spoken))
        self._add_block(first, last, self._open[-1].type, read, offered, place)
        for code in read.codes:
            if "<" in code.data:
                self._attributes(0, 0, offered, code.data, last)

    def _add_block(self, start: int, end: int, type_: str, read: Message, offered: bool, place: Place) -> None:
        block = Block(
            id="",
            type=type_,
            original=self._text[start:end],
            parts=(Segment(read.source, read.codes),),
            location=Location(self._file, self._line(start)),
            codes=read.codes,
            spellings=read.spellings,
            notes=read.notes,
        )
        if type_ == "title":
            self._head.page_title = self._head.page_title or said(self._text[start:end])
        self._found.append((start, end, block if offered else furniture.skipped(block, NOT_FOR_TRANSLATION), place))

    def _place(self, regions: tuple[int, ...], linked: bool = False) -> Place:
        top = self._open[-1]
        return Place(regions, top.typed_by, top.article, top.head, top.figure, linked, top.group)

    def _attributes(self, start: int, end: int, offered: bool = True, data: str = "", inside: int = 0) -> None:
        """Blocks for the readable attributes of a slice of the file, or of a code inside a block that ends there."""
        raw = data or self._text[start:end]
        if "=" not in raw:
            return
        top = self._open[-1]
        for first, last, name, token in inner_attributes(raw):
            found = list(atoms(raw, *_unquoted(raw, first, last), attribute=True))
            while found and found[0].blank:
                del found[0]
            while found and found[-1].blank:
                del found[-1]
            pieces_ = [Piece("text", a.start, a.end, a.shown, a.blank) for a in found]
            if not any(words(piece.shown) for piece in pieces_):
                continue
            read = message(raw, pieces_)
            about = meta_name(values(raw, token)) if token.name == "meta" else f"of <{token.name}>"
            read = replace(read, codes=coded(read.source, {}), notes=(about,))
            span = (inside, inside) if data else (start + first, start + last)
            check_size(read.source, self._file, self._line(span[0]))
            place = self._place(top.regions)
            self._add_block(*span, f"attribute {name}", read, offered and top.translate, place)


def _unquoted(raw: str, first: int, last: int) -> tuple[int, int]:
    return (first + 1, last - 1) if raw[first] in "\"'" else (first, last)
