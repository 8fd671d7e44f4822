"""Reading a page into blocks, in one pass over its tokens with a stack of the open elements."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.article.furniture import skipped, words_of
from toolkit.article.html.head import Head
from toolkit.article.html.page import HOLDERS, OpenElement, region, without_furniture
from toolkit.article.html.runs import Item, Message, Piece, message, pieces, runs, trimmed
from toolkit.article.html.tags import (
    BLOCKS,
    SCOPES,
    SEALED,
    TYPES,
    UNREAD,
    VOID,
    closed_by,
    element_end,
    inner_attributes,
    is_offered,
    last_ends,
    meta_name,
)
from toolkit.article.html.text import atoms, decoded, has_letters, inside_quotes, is_readable
from toolkit.article.html.tokens import Token, attribute_values, tokens
from toolkit.errors import DataError
from toolkit.units import Block, Location, Segment

PRESERVED = frozenset({"preformatted text", "textarea"})
"""Types of blocks whose white space is kept as it is."""
NOT_FOR_TRANSLATION = "skipped: not for translation"
DEEPEST = 200
_KEPT = frozenset({"pre", "listing", "textarea"})
"""Elements that are offered for translation only where they say `translate="yes"`; so are the sealed ones."""
_SECTIONS = frozenset({"article", "main", "section", "blockquote"})
_GROUPS = frozenset({"ul", "ol", "div", "section", "nav", "table"})


class Reader:
    """Cuts one page into blocks."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._lines = [match.end() for match in re.finditer(r"\r\n|\r|\n", text)]
        self._open: list[OpenElement] = [OpenElement("")]
        self._items: list[Item] = []
        self._found: list[tuple[int, int, Block, OpenElement]] = []
        self._head = Head()
        self._numbers = 0

    @property
    def metadata(self) -> Mapping[str, str]:
        """Title, date, author, source, licence and language, as far as the page has them; complete after `read`."""
        return self._head.metadata

    def read(self) -> Iterator[tuple[int, int, Block]]:
        """Start, end and block, in order; the block of an attribute inside another block is an empty span at the end of that.

        Raises DataError where elements nest deeper than 200 levels or a paragraph is longer than 100 kB.
        """
        self._walk(list(tokens(self._text)))
        self._flush()
        places = [place for *_, place in self._found]
        blocks = without_furniture([block for *_, block, _ in self._found], places, self._head.title)
        headings = (block for block, place in zip(blocks, places, strict=True) if place.typed_by == "h1")
        self._head.heading = next((words_of(block) for block in headings if block.translate), "")
        for number, ((start, end, _, _), block) in enumerate(zip(self._found, blocks, strict=True), 1):
            yield start, end, replace(block, id=f"p{number}")

    def _walk(self, stream: Sequence[Token]) -> None:
        ends = last_ends(stream)
        at = 0
        while at < len(stream):
            token = stream[at]
            at += 1
            if token.opens and token.name in UNREAD:
                after = element_end(stream, at - 1, ends)
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
        self._items.append(Item(token, self._open[-1]))

    def _enter(self, token: Token) -> None:
        """Close the elements that an opening tag implicitly closes, and open the new element."""
        read = attribute_values(self._text, token) if token.attributes else {}
        self._head.collect(token.name, read)
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

    def _element(self, token: Token, read: Mapping[str, str]) -> OpenElement:
        parent, name = self._open[-1], token.name
        typed = {"type": TYPES[name], "typed_by": name} if name in TYPES else {}
        if name in ("p", "div") and parent.type in ("list item", "table cell", "caption", "definition"):
            typed = {}
        kept = name in _KEPT or name in SEALED
        said = region(name, read, parent.section)
        self._numbers += 1
        return replace(
            parent,
            name=name,
            **typed,
            translate=is_offered(read, parent.translate) and (not kept or read.get("translate", "").lower() == "yes"),
            regions=(*parent.regions, said * self._numbers) if said else parent.regions,
            article=parent.article or name in ("article", "main"),
            section=parent.section or name in _SECTIONS,
            head=name == "head" or (parent.head and name != "body"),
            figure=parent.figure or name == "figure",
            linked=parent.linked or name == "a",
            group=self._numbers if name in _GROUPS else parent.group,
            path=(*parent.path, self._numbers) if name in HOLDERS else parent.path,
        )

    def _leave(self, name: str) -> None:
        """Close the nearest open element of that name; an inline tag closes none outside of its paragraph."""
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
        """Make blocks of the tokens that were added since the last paragraph ended."""
        items, self._items = self._items, []
        for run in runs(items, self._text) if items else ():
            self._run(run)

    def _run(self, run: Sequence[Item]) -> None:
        """Add the block of a run, and those of the attributes in it."""
        text, top = self._text, self._open[-1]
        hidden = {item.token.start for item in run if not item.element.translate}
        if all(item.token.kind != "text" or text[item.token.start : item.token.end].isspace() for item in run):
            for item in run:
                if item.token.opens:
                    self._attributes(item.token.start, item.token.end, item.element.translate)
            return
        for seal in (True, False):  # a run whose only words are not for translation is a block that is not offered
            found = pieces(text, run, top.type in PRESERVED, seal)
            start, end = trimmed(found)
            if any(piece.kind == "text" and has_letters(piece.shown) for piece in found[start:end]):
                break
        else:
            start = end = len(found)
        for piece in found[:start]:
            self._skeleton(piece, hidden)
        if start < end:
            self._block(run, found, start, end, offered=seal)
        for piece in found[end:]:
            self._skeleton(piece, hidden)

    def _skeleton(self, piece: Piece, hidden: Collection[int]) -> None:
        """Add the blocks of the attributes in a piece that stays in the skeleton."""
        if piece.kind in ("sc", "ph"):
            self._attributes(piece.start, piece.end, piece.start not in hidden)

    def _block(self, run: Sequence[Item], found: list[Piece], start: int, end: int, offered: bool) -> None:
        """Add the block of the pieces from `start` to `end`, and those of the attributes in its codes."""
        text = self._text
        first, last = found[start].start, found[end - 1].end
        read = message(text, found[start:end], start)
        spoken = [
            item
            for item in run
            if item.token.kind == "text"
            and item.token.end > first
            and item.token.start < last
            and is_readable(text, item.token.start, item.token.end)
        ]
        regions = tuple(r for r in spoken[0].element.regions if r in spoken[-1].element.regions) if spoken else ()
        place = replace(self._open[-1], regions=regions, linked=all(item.element.linked for item in spoken))
        self._add_block(first, last, self._open[-1].type, read, offered, place)
        for code in read.codes:
            if "<" in code.data:
                self._attributes(0, 0, offered, code.data, last)

    def _add_block(self, start: int, end: int, type_: str, read: Message, offered: bool, place: OpenElement) -> None:
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
            self._head.page_title = self._head.page_title or decoded(self._text[start:end])
        self._found.append((start, end, block if offered else skipped(block, NOT_FOR_TRANSLATION), place))

    def _attributes(self, start: int, end: int, offered: bool = True, data: str = "", inside: int = 0) -> None:
        """Add the blocks of the readable attributes in a slice of the file; with `data`, in the data of a code of the block
        that ends at `inside`."""
        raw = data or self._text[start:end]
        if "=" not in raw:
            return
        top = self._open[-1]
        for attribute, token in inner_attributes(raw):
            found = list(atoms(raw, *inside_quotes(raw, attribute.start, attribute.end), attribute=True))
            words = [at for at, atom in enumerate(found) if not atom.blank]
            found = found[words[0] : words[-1] + 1] if words else []
            if not any(has_letters(atom.shown) for atom in found):
                continue
            read = message(raw, [Piece("text", atom.start, atom.end, atom.shown, atom.blank) for atom in found])
            about = meta_name(attribute_values(raw, token)) if token.name == "meta" else f"of <{token.name}>"
            read = replace(read, notes=(about,))
            span = (inside, inside) if data else (start + attribute.start, start + attribute.end)
            self._add_block(
                *span, f"attribute {attribute.name}", read, offered and top.translate, replace(top, linked=False)
            )
