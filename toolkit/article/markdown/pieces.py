"""The translatable spans of a Markdown file, found by the places of the lines that markdown-it's rules saw."""

from __future__ import annotations

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from markdown_it.common.utils import MD_TRIM_CHARS, unescapeAll

from toolkit.article.markdown import front_matter, raw_html, references, tables
from toolkit.article.markdown.structure import Document, Span, document
from toolkit.codes import markdown as inline
from toolkit.units import Code, Spelling

if TYPE_CHECKING:
    from markdown_it.token import Token

Writer = Literal["text", "heading", "cell", "scalar", "html", "attribute", "link title"]

_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
_ALERT = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*$")
_HARD_BREAK = re.compile(r"(?:  |\\)\n")
_TITLE = re.compile(r"""(?<=[\s>])(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\(((?:\\.|[^()\\])*)\))[ \t]*$""")
_TYPES = {
    "heading_open": "heading", "th_open": "table cell", "td_open": "table cell", "dt_open": "term",
    "dd_open": "definition", "list_item_open": "list item", "blockquote_open": "quote",
    "footnote_reference_open": "footnote",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of the file that is a block of the article."""

    type: str
    writer: Writer
    """How a translation of it has to be written."""
    start: int
    end: int
    """Offsets in the file."""
    line: int
    """Counted from 1."""
    source: str
    spellings: tuple[Spelling, ...] = ()
    quote: str = ""
    """The quotation mark around an attribute, a title or a scalar of the front matter."""
    codes: tuple[Code, ...] = ()


@functools.lru_cache(maxsize=2)
def read(text: str) -> tuple[Document, tuple[Piece, ...]]:
    """The document of a text, and its translatable spans in the order of the file; they do not overlap.

    The last ones are kept: an article is read once and written in several languages.
    """
    doc = document(text)
    found = (replace(piece, codes=piece_codes(doc, piece, piece.source)) for piece in _all(doc))
    return doc, tuple(sorted((piece for piece in found if _has_words(piece)), key=lambda piece: piece.start))


def codes_of(doc: Document, source: str) -> tuple[Code, ...]:
    """The codes of a text in this document, by its own definitions."""
    return inline.find(source, doc.references, doc.footnotes)


def piece_codes(doc: Document, piece: Piece, text: str) -> tuple[Code, ...]:
    """The codes of a text in the place of this piece; the article's definitions mean nothing where no Markdown is read."""
    return codes_of(doc, text) if piece.writer in ("text", "heading", "cell") else inline.find(text)


def _all(doc: Document) -> Iterator[Piece]:
    parents: list[str] = []
    cells: dict[int, Iterator[Span]] = {}
    for index, token in enumerate(doc.tokens):
        if token.nesting > 0:
            parents.append(token.type)
        elif token.nesting < 0:
            parents.pop()
        elif token.type == "front_matter":
            yield from _front_matter(doc, token)
        elif token.type == "html_block":
            yield from _html(doc, token)
        elif token.type == "inline" and parents[-1] in ("th_open", "td_open"):
            yield from _cell(doc, token, cells)
        elif token.type == "inline":
            yield from _inline(doc, index, parents)
    yield from _titles(doc)


def _inline(doc: Document, index: int, parents: Sequence[str]) -> Iterator[Piece]:
    """A heading, a term, or a paragraph, which is known by what it stands in."""
    token, leads = doc.tokens[index], index >= 2 and doc.tokens[index - 2].nesting > 0
    lines: list[Span] = token.meta["lines"]
    own = parents[-1]
    kind = _TYPES.get(own, "paragraph")
    if own == "heading_open" and token.map and doc.tokens[index - 1].markup.startswith("#"):
        lines = [_heading(doc.source, lines[0], token.content)]
    elif own == "paragraph_open" and len(parents) > 1:
        container = parents[-2]
        if leads or container != "list_item_open":
            kind = _TYPES.get(container, kind)
        if leads and container == "list_item_open" and (task := _TASK.match(doc.source, *lines[0])):
            lines = [(task.end(), lines[0][1]), *lines[1:]]
        elif leads and container == "blockquote_open" and _ALERT.match(doc.source[slice(*lines[0])]):
            lines = lines[1:]
    one_line = own == "dt_open" or (own == "heading_open" and doc.tokens[index - 1].markup.startswith("#"))
    yield from flowing(doc, lines, kind, "heading" if one_line else "text")


def flowing(doc: Document, lines: Sequence[Span], kind: str, writer: Writer) -> Iterator[Piece]:
    """The piece that runs over these lines: a soft break is one blank in its msgid, a hard one stays."""
    lines = _trimmed(doc.source, lines)
    if not lines:
        return
    hard = _hard_breaks(doc, lines) if writer == "text" else frozenset()
    text = ""
    spellings: list[Spelling] = []
    for number, (start, end) in enumerate(lines):
        last = number + 1 == len(lines)
        if not last and number not in hard:
            end = start + len(doc.source[start:end].rstrip(" \t"))
        spellings += _nul(doc, start, end, len(text))
        text += doc.source[start:end]
        if not last:
            text += "\n" if number in hard else " "
            written = doc.slice(end, lines[number + 1][0])
            if written != text[-1]:
                spellings.append(Spelling(len(text) - 1, len(text), written))
    source, spelled = text, tuple(spellings)
    if writer in ("text", "heading", "cell"):
        source, spelled = _spelled_out(doc, text, spellings)
    start = lines[0][0]
    yield Piece(kind, writer, doc.place(start), doc.place(lines[-1][1]), _line(doc, start), source, spelled)


def _spelled_out(doc: Document, text: str, spellings: Sequence[Spelling]) -> tuple[str, tuple[Spelling, ...]]:
    """The text with its shortcut references in full; where the article defines none, the parser need not be asked."""
    if not doc.references or "[" not in text:
        return text, tuple(spellings)
    return references.spelled_out(text, spellings, codes_of(doc, text))


def _trimmed(source: str, lines: Sequence[Span]) -> list[Span]:
    """The lines without the blanks around their text; those with no text at the edges are dropped."""
    result = [(end - len(source[start:end].lstrip(" \t")), end) for start, end in lines]
    while result:
        start, end = result[0]
        start = end - len(source[start:end].lstrip(MD_TRIM_CHARS))
        result[0] = (start, end)
        if start < end:
            break
        result.pop(0)
    while result:
        start, end = result[-1]
        end = start + len(source[start:end].rstrip(MD_TRIM_CHARS))
        result[-1] = (start, end)
        if start < end:
            break
        result.pop()
    return result


def _hard_breaks(doc: Document, lines: Sequence[Span]) -> frozenset[int]:
    """The numbers of the lines that end in a hard break: the parser is asked, two blanks may stand in a code span."""
    raw = "\n".join(doc.source[start:end] for start, end in lines)
    if not _HARD_BREAK.search(raw):
        return frozenset()
    breaks = (code.end for code in codes_of(doc, raw) if code.kind == "ph" and code.data.strip(" \n") in ("", "\\"))
    numbers, at, number = set(), 0, -1
    for end in breaks:
        number += raw.count("\n", at, end)
        at = end
        numbers.add(number)
    return frozenset(numbers)


def _nul(doc: Document, start: int, end: int, at: int) -> Iterator[Spelling]:
    """NUL, which no PO file can hold, is spelled as the file has it."""
    if "\0" in doc.original:
        for match in re.finditer("\ufffd", doc.source[start:end]):
            if doc.original[doc.place(start + match.start())] == "\0":
                yield Spelling(at + match.start(), at + match.end(), "\0")


def _heading(source: str, line: Span, content: str) -> Span:
    """Where the text of `## text ##` stands."""
    start, end = line
    while start < end and source[start] == "#":
        start += 1
    start += len(source[start:end]) - len(source[start:end].lstrip(MD_TRIM_CHARS))
    return start, start + len(content)


def _cell(doc: Document, token: Token, cells: dict[int, Iterator[Span]]) -> Iterator[Piece]:
    """A table cell; an escaped `\\|` is simply `|` in the msgid, and is always escaped again."""
    if not token.map:
        return
    row = cells.setdefault(token.map[0], tables.columns(doc.source, token.meta["lines"][0]))
    span = next(row, None)
    if span is None or not token.content:
        return
    for piece in flowing(doc, [span], "table cell", "cell"):
        if "\\|" not in piece.source:
            yield piece
        elif not any(spelling.written == "\0" for spelling in piece.spellings):
            plain = doc.source[slice(*_trimmed(doc.source, [span])[0])].replace("\\|", "|")
            source, spelled = _spelled_out(doc, plain, [])
            yield replace(piece, source=source, spellings=spelled)


def _html(doc: Document, token: Token) -> Iterator[Piece]:
    """What people read in a block of HTML: the texts between its tags, and the words of its attributes."""
    lines: list[Span] = token.meta["lines"]
    raw = "\n".join(doc.source[start:end] for start, end in lines)
    starts = [0]
    for start, end in lines:
        starts.append(starts[-1] + end - start + 1)
    for run in raw_html.runs(raw):
        for piece in flowing(
            doc, _cut(lines, starts, run.start, run.end), run.type, "attribute" if run.quote else "html"
        ):
            if run.quote or sorted(raw_html.tags(piece.source)) == sorted(_tags(inline.find(piece.source))):
                yield replace(piece, quote=run.quote)
                continue
            # Where HTML and Markdown do not agree on what is a tag (`\\<b>`), the tags stay out of the msgid.
            for start, end in raw_html.texts(raw[run.start : run.end]):
                yield from flowing(doc, _cut(lines, starts, run.start + start, run.start + end), run.type, "html")


def _cut(lines: Sequence[Span], starts: Sequence[int], begin: int, end: int) -> list[Span]:
    """The spans of the file's lines that hold a part of their joined text; `starts` is where each line begins in that."""
    spans = []
    for number in range(bisect_right(starts, begin) - 1, min(bisect_right(starts, end), len(lines))):
        first, last = max(begin, starts[number]), min(end, starts[number + 1] - 1)
        if first <= last:
            shift = lines[number][0] - starts[number]
            spans.append((first + shift, last + shift))
    return spans


def _tags(codes: Iterable[Code]) -> list[str]:
    return [code.data for code in codes if code.data.startswith("<") and raw_html.tags(code.data) == [code.data]]


def _front_matter(doc: Document, token: Token) -> Iterator[Piece]:
    if not token.map:
        return
    for value in front_matter.values(doc.original, token.map[1]):
        if value.key in front_matter.TRANSLATED:
            yield Piece(
                f"front matter: {value.key}", "scalar", value.start, value.end, value.line, value.text, value.spellings,
                value.quote,
            )  # fmt: skip


def _titles(doc: Document) -> Iterator[Piece]:
    """The titles of link definitions, which browsers show; those that run over a line's end are left."""
    for reference in doc.references.values():
        if not reference["title"]:
            continue
        last: int = reference["map"][1]
        end = doc.starts[last] - 1 if last < len(doc.starts) else len(doc.source)
        match = _TITLE.search(doc.source, doc.starts[last - 1], end)
        if match and unescapeAll(match[match.lastindex or 0]) == reference["title"]:
            start, stop = match.span(match.lastindex or 0)
            for piece in flowing(doc, [(start, stop)], "link title", "link title"):
                yield replace(piece, quote=doc.source[stop])


def _line(doc: Document, offset: int) -> int:
    return bisect_right(doc.starts, offset)


def _has_words(piece: Piece) -> bool:
    """Whether there is a letter outside the codes; numbers and signs alone are nobody's work."""
    return any(any(map(str.isalpha, text)) for text in _between(piece.source, piece.codes))


def _between(source: str, codes: Iterable[Code]) -> Iterator[str]:
    position = 0
    for code in codes:
        yield source[position : code.start]
        position = code.end
    yield source[position:]
