"""The translatable spans of a Markdown file, found by the lines that markdown-it's block rules read."""

from __future__ import annotations

import functools
import html
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html.entities import html5
from typing import TYPE_CHECKING, Literal

from toolkit import codes
from toolkit.article.markdown import front_matter, raw_html, references
from toolkit.article.markdown.structure import COMMONMARK, Document, Span, document, trimmed_characters
from toolkit.article.rendered import too_long
from toolkit.codes import difference
from toolkit.codes import markdown as inline
from toolkit.codes.dialects import ATTRIBUTES
from toolkit.codes.tags import REFERENCE
from toolkit.units import Code, Spelling

if TYPE_CHECKING:
    from markdown_it.token import Token

Writer = Literal["text", "heading", "cell", "title", "scalar", "folded", "html", "attribute", "link title", "inner"]
"""How a passage is written in the file: Markdown over several lines, on one line, in a table cell, or in an opaque line; a
value in the front matter, on one line or as a block of lines; text or an attribute in raw HTML; the title of a link definition;
a title or an attribute in a code of the passage before it."""
INLINE: tuple[Writer, ...] = ("text", "heading", "cell", "title")
"""Those that are Markdown."""

_TASK = re.compile(r"\[[ xX]\][ \t]+(?=\S)")
HEADING_END = re.compile(
    rf"[ \t]+(?:{ATTRIBUTES}|\{{[ \t]*#[^{{}}\n]*\}}|\{{/\*[^\n]*?\*/\}}|\[#[\w-]+\])[ \t]*#*[ \t]*$"
)
"""The id and the attributes of a heading, behind its text."""
_HARD_BREAK = re.compile(r"(?:  |\\)\n")
_TITLE = re.compile(r"""(?<=[\s>])(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\(((?:\\.|[^()\\])*)\))[ \t]*$""")
_INLINE_TITLE = re.compile(
    r"""[\s>](?:"(?=[^"]*"\s*\)$)|'(?=[^']*'\s*\)$)|\((?=[^()]*\)\s*\)$))(?P<text>.*)(?P<end>["')])\s*\)$"""
)
_TYPES = {
    "heading_open": "heading", "th_open": "table cell", "td_open": "table cell", "dt_open": "term",
    "dd_open": "definition", "list_item_open": "list item", "blockquote_open": "quote",
    "footnote_reference_open": "footnote",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of the file that is a block of the article."""

    type: str
    writer: Writer
    """Decides how a translation of it is written."""
    start: int
    end: int
    """Offsets in the file."""
    line: int
    """Counted from 1."""
    source: str
    """The msgid."""
    spellings: tuple[Spelling, ...] = ()
    quote: str = ""
    """The quotation mark around an attribute, a title or a scalar of the front matter; in an opaque line, what ends the text."""
    codes: tuple[Code, ...] = ()
    within: tuple[str, int, int] | None = None
    """Of an inner passage: the data of the code, and the span of the text in it."""


@functools.lru_cache(maxsize=2)
def read_passages(text: str, dialect: str = "") -> tuple[Document, tuple[Passage, ...]]:
    """The document of a text in this dialect, and its translatable spans in the order of the file; they do not overlap.

    Cached, because an article is read once and written in several languages.
    """
    doc = document(text, dialect)
    found = (
        passage if too_long(passage.source) else replace(passage, codes=passage_codes(doc, passage, passage.source))
        for passage in _all(doc)
    )
    passages = sorted(filter(_has_words, found), key=lambda passage: passage.start)
    return doc, tuple(one for passage in passages for one in (passage, *_inner(passage)))


def _inner(passage: Passage) -> Iterator[Passage]:
    """The titles of links and images in a passage, and the readable attributes of its tags, as passages without a slice of
    their own: they are written into the passage's codes."""
    for code in passage.codes if passage.writer in INLINE else ():
        for kind, start, end, quote in _inner_texts(code.data):
            text = code.data[start:end]
            if any(map(str.isalpha, text)) and not re.search(r"[\\\n&]|\{\{", text):
                yield Passage(
                    kind,
                    "inner",
                    passage.end,
                    passage.end,
                    passage.line,
                    text,
                    quote=quote,
                    within=(code.data, start, end),
                )


def _inner_texts(data: str) -> Iterator[tuple[str, int, int, str]]:
    """Type, span and quotation mark of each readable text in a code."""
    if data.startswith("](") and (title := _INLINE_TITLE.search(data)):
        yield "title", *title.span("text"), title["end"]
    elif data.startswith("<"):
        for run in raw_html.runs(data):
            if run.quote:
                yield run.type, run.start, run.end, run.quote


def codes_of(doc: Document, source: str) -> tuple[Code, ...]:
    """The codes of an inline text, by the definitions of links and footnotes in this document."""
    return inline.find(source, doc.references, doc.footnotes, doc.dialect != COMMONMARK)


def passage_codes(doc: Document, passage: Passage, text: str) -> tuple[Code, ...]:
    """The codes of a text in the place of this passage; outside of Markdown the document's definitions are not used."""
    return codes_of(doc, text) if passage.writer in INLINE else inline.find(text, dialects=doc.dialect != COMMONMARK)


def _all(doc: Document) -> Iterator[Passage]:
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
        elif token.type == "opaque":
            for text in token.meta["texts"]:
                for passage in flowing(doc, [(text.start, text.end)], text.name, "title"):
                    yield replace(passage, quote=text.quote)
        elif token.type == "inline" and parents[-1] in ("th_open", "td_open"):
            yield from _cell(doc, token, cells)
        elif token.type == "inline":
            yield from _inline(doc, index, parents)
    yield from _titles(doc)


def _inline(doc: Document, index: int, parents: Sequence[str]) -> Iterator[Passage]:
    """A heading, a term, or a paragraph, whose type comes from the container that it begins."""
    token, leads = doc.tokens[index], index >= 2 and doc.tokens[index - 2].nesting > 0
    lines: list[Span] = token.meta["lines"]
    own = parents[-1]
    kind = _TYPES.get(own, "paragraph")
    if own == "heading_open" and token.map and doc.tokens[index - 1].markup.startswith("#"):
        lines = [heading_span(doc.source, lines[0], token.content, doc.dialect)]
    elif own == "paragraph_open" and len(parents) > 1:
        container = parents[-2]
        if leads or container != "list_item_open":
            kind = _TYPES.get(container, kind)
        if leads and container == "list_item_open" and (task := _TASK.match(doc.source, *lines[0])):
            lines = [(task.end(), lines[0][1]), *lines[1:]]
    one_line = own == "dt_open" or (own == "heading_open" and doc.tokens[index - 1].markup.startswith("#"))
    yield from flowing(doc, lines, kind, "heading" if one_line else "text")


def flowing(doc: Document, lines: Sequence[Span], kind: str, writer: Writer) -> Iterator[Passage]:
    """The passage that runs over these lines: in its msgid a soft break is one blank, a hard break stays."""
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
    if writer in INLINE and not too_long(text):
        source, spelled = _spelled_out(doc, text, spellings)
        source, spelled = _characters(doc, source, spelled)
    start = lines[0][0]
    yield Passage(kind, writer, doc.place(start), doc.place(lines[-1][1]), _line(doc, start), source, spelled)


def _spelled_out(doc: Document, text: str, spellings: Sequence[Spelling]) -> tuple[str, tuple[Spelling, ...]]:
    """The text with its shortcut references in full, and the spellings that restore their short form."""
    if not doc.references or "[" not in text:  # saves a parse
        return text, tuple(spellings)
    return references.spelled_out(text, spellings, codes_of(doc, text))


def _characters(doc: Document, text: str, spellings: tuple[Spelling, ...]) -> tuple[str, tuple[Spelling, ...]]:
    """The text with characters in the place of references such as `&copy;`, and the spellings that restore them.

    Those stay that stand for ASCII or an invisible character, and all of them where the codes would be others.
    """
    held = [(at.start(), at.end()) for at in REFERENCE.finditer(text)] if "&" in text else []
    before = codes_of(doc, text) if held else ()
    taken = {at for code in before for at in range(code.start, code.end)}
    result, at = "", 0
    found = list[Spelling]()
    rest = list(spellings)
    for start, end in held:
        char = html.unescape(text[start:end])
        known = len(char) == 1 or text[start + 1 : end] in html5
        if start in taken or char == text[start:end] or not known or text[start - 1 : start] == "\\":
            continue
        while rest and rest[0].start < start:
            found.append(references.shifted(rest.pop(0), len(result) - at))
        result += text[at:start] + char
        found.append(Spelling(len(result) - len(char), len(result), text[start:end]))
        at = end
    found += [references.shifted(spelling, len(result) - at) for spelling in rest]
    result += text[at:]
    if result == text or difference(before, codes_of(doc, result)):
        return text, spellings
    return result, tuple(found)


def _trimmed(source: str, lines: Sequence[Span]) -> list[Span]:
    """The lines without the white space around their text; lines without text at both ends are dropped."""
    blanks = trimmed_characters()
    words = [number for number, (start, end) in enumerate(lines) if source[start:end].strip(blanks)]
    result = [(end - len(source[start:end].lstrip(" \t")), end) for start, end in lines]
    for number in words[:1]:
        result[number] = (_stripped(source, result[number])[0], result[number][1])
    for number in words[-1:]:
        result[number] = (result[number][0], _stripped(source, result[number])[1])
    return result[words[0] : words[-1] + 1] if words else []


def _stripped(source: str, span: Span) -> Span:
    """The span without the characters at both ends that markdown-it strips."""
    start, end = span
    text, blanks = source[start:end], trimmed_characters()
    return end - len(text.lstrip(blanks)), start + len(text.rstrip(blanks))


def _hard_breaks(doc: Document, lines: Sequence[Span]) -> frozenset[int]:
    """The numbers of the lines that end in a hard break; two blanks inside of a code span are none, so the parser decides."""
    raw = "\n".join(doc.source[start:end] for start, end in lines)
    if not _HARD_BREAK.search(raw) or too_long(raw):
        return frozenset()
    breaks = (code.end for code in codes_of(doc, raw) if code.kind == "ph" and code.data.strip(" \n") in ("", "\\"))
    numbers, at, number = set(), 0, -1
    for end in breaks:
        number += raw.count("\n", at, end)
        at = end
        numbers.add(number)
    return frozenset(numbers)


def _nul(doc: Document, start: int, end: int, at: int) -> Iterator[Spelling]:
    """A spelling for each NUL of the file, which markdown-it reads as U+FFFD and no PO file can hold."""
    if "\0" in doc.original:
        for match in re.finditer("\ufffd", doc.source[start:end]):
            if doc.original[doc.place(start + match.start())] == "\0":
                yield Spelling(at + match.start(), at + match.end(), "\0")


def heading_span(source: str, line: Span, content: str, dialect: str) -> Span:
    """The span of the text in `## text {#id} ##`, without its id."""
    start, end = line
    while start < end and source[start] == "#":
        start += 1
    start += len(source[start:end]) - len(source[start:end].lstrip(trimmed_characters()))
    end = start + len(content)
    if dialect != COMMONMARK and (attributes := HEADING_END.search(source, start, end)):
        end = attributes.start()
    return start, end


def _cell(doc: Document, token: Token, cells: dict[int, Iterator[Span]]) -> Iterator[Passage]:
    """A table cell; an escaped `\\|` is `|` in the msgid, and escaped again when it is written.

    `cells` has the spans of the cells still to come by the first line of their row.
    """
    if not token.map:
        return
    row = cells.setdefault(token.map[0], _columns(doc.source, token.meta["lines"][0]))
    span = next(row, None)
    if span is None or not token.content:
        return
    for passage in flowing(doc, [span], "table cell", "cell"):
        if "\\|" not in passage.source:
            yield passage
        elif not any(spelling.written == "\0" for spelling in passage.spellings):
            plain = doc.source[slice(*_trimmed(doc.source, [span])[0])].replace("\\|", "|")
            source, spelled = _spelled_out(doc, plain, [])
            yield replace(passage, source=source, spellings=spelled)


def _columns(source: str, line: Span) -> Iterator[Span]:
    """The spans of a row's cells, divided as markdown-it does it: at each `|` that has no backslash before it."""
    start, end = _stripped(source, line)
    bounds = [start - 1]
    bounds += [at for at in range(start, end) if source[at] == "|" and (at == start or source[at - 1] != "\\")]
    bounds.append(end)
    spans = [(before + 1, after) for before, after in itertools.pairwise(bounds)]
    if spans and spans[0][0] == spans[0][1]:
        spans.pop(0)
    if spans and spans[-1][0] == spans[-1][1]:
        spans.pop()
    return iter(spans)


def _html(doc: Document, token: Token) -> Iterator[Passage]:
    """The translatable text of a block of HTML: between its tags, and in some attributes."""
    lines: list[Span] = token.meta["lines"]
    raw = "\n".join(doc.source[start:end] for start, end in lines)
    starts = [0]
    for start, end in lines:
        starts.append(starts[-1] + end - start + 1)
    for run in raw_html.runs(raw):
        writer: Writer = "attribute" if run.quote else "html"
        for passage in flowing(doc, _cut(lines, starts, run.start, run.end), run.type, writer):
            if run.quote or sorted(raw_html.tags(passage.source)) == sorted(_tags(inline.find(passage.source))):
                yield replace(passage, quote=run.quote)
                continue
            # Where HTML and Markdown do not agree on what is a tag (`\\<b>`), the tags stay out of the msgid.
            for start, end in raw_html.texts(raw[run.start : run.end]):
                yield from flowing(doc, _cut(lines, starts, run.start + start, run.start + end), run.type, "html")


def _cut(lines: Sequence[Span], starts: Sequence[int], begin: int, end: int) -> list[Span]:
    """The spans in the file of a part of the joined lines; `starts` are the offsets of the lines in the joined text."""
    spans = []
    for number in range(bisect_right(starts, begin) - 1, min(bisect_right(starts, end), len(lines))):
        first, last = max(begin, starts[number]), min(end, starts[number + 1] - 1)
        if first <= last:
            shift = lines[number][0] - starts[number]
            spans.append((first + shift, last + shift))
    return spans


def _tags(codes: Iterable[Code]) -> list[str]:
    """The data of those codes that are tags of HTML."""
    return [code.data for code in codes if code.data.startswith("<") and raw_html.tags(code.data) == [code.data]]


def _front_matter(doc: Document, token: Token) -> Iterator[Passage]:
    if not token.map:
        return
    for value in front_matter.values(doc.original, token.map[1]):
        if value.offered:
            writer: Writer = "folded" if value.quote == ">" else "scalar"
            yield Passage(
                f"front matter: {value.key}", writer, value.start, value.end, value.line, value.text, value.spellings,
                value.quote,
            )  # fmt: skip


def _titles(doc: Document) -> Iterator[Passage]:
    """The titles of link definitions, which browsers show; those that go on in a second line are left out."""
    from markdown_it.common.utils import unescapeAll

    for reference in doc.references.values():
        if not reference["title"]:
            continue
        last: int = reference["map"][1]
        end = doc.starts[last] - 1 if last < len(doc.starts) else len(doc.source)
        match = _TITLE.search(doc.source, doc.starts[last - 1], end)
        if match and unescapeAll(match[match.lastindex or 0]) == reference["title"]:
            start, stop = match.span(match.lastindex or 0)
            for passage in flowing(doc, [(start, stop)], "link title", "link title"):
                yield replace(passage, quote=doc.source[stop])


def _line(doc: Document, offset: int) -> int:
    """The number of the line that holds this offset of `source`, from 1."""
    return bisect_right(doc.starts, offset)


def _has_words(passage: Passage) -> bool:
    """Whether there is a letter outside of the codes; numbers and symbols alone are not translated."""
    return any(map(str.isalpha, codes.strip(passage.source, passage.codes).text))
