"""Plain text: paragraphs end at blank lines; headings and lists are recognized by rules of layout.

A line break inside a paragraph is one blank in the msgid. Blank lines, indentation, lines of dashes and the markers of list
items stay in the skeleton. A short line of its own that ends without punctuation and has a paragraph after it is a heading;
the first such line is the title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, islice, pairwise

from toolkit import codes
from toolkit.article import furniture
from toolkit.article.format import Disclosure, Format, with_skeleton
from toolkit.article.rendered import too_long
from toolkit.units import Article, Block, Location, Segment, Spelling

_LINE = re.compile(r"[^\r\n\f]*(?:\r\n|[\r\n\f])?")
_RULE = re.compile(r"\s*(?:[-*=_~#+.·•–—―─━═]\s*){3,}\Z")
_BULLET = re.compile(r"[-*+•‣◦▪▫●○■□►▶∙·–—]\s+(?=\S)")
_NUMBER = re.compile(r"[(（]?(\d{1,3})(?:[.)](?=\s)|[．、）༽])\s*(?=\S)")
_WIDE = re.compile(r"\s*\t\s*|\s{2,}")
_LONG_LINE = 150
"""Characters. Text is not wrapped at more columns than this, so a longer line is a paragraph by itself."""

_CLOSERS = "\"'”’»›」』》〉)）]】 \u00a0"
_ENDS = ".!?…:;,。！？；：，、．།༎༏༐༑༔؟۔։।॥"
_SHAD = "།༎༏༐༑༔"
_TIBETAN = re.compile(r"[\u0f40-\u0fbc]")
_UNSPACED = re.compile(r"[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?]\s+\S|[。！？；]")


class Text(Format):
    """Text without markup."""

    name = "text"
    suffixes = (".txt", ".text")

    def parse(self, text: str, file: str = "", dialect: str = "") -> Article:
        """The article of a plain text file.

        Raises DataError where a paragraph is longer than 100 kB.
        """
        scripts = furniture.main_scripts(text)
        paragraphs = [_without_foreign_end(text, paragraph, scripts) for paragraph in _paragraphs(text)]
        blocks = [_block(text, paragraph, file, f"p{n}") for n, paragraph in enumerate(paragraphs, 1)]
        blocks = _typed(blocks, paragraphs)
        spans = ((paragraph.lines[0].first, paragraph.lines[-1].last) for paragraph in paragraphs)
        title = next((block.source for block in blocks if block.type == "title"), "")
        parts = with_skeleton(text, ((*span, block) for span, block in zip(spans, blocks, strict=True)))
        return Article(text, "", self.name, parts, {"title": title} if title else {})

    def disclose(self, text: str, said: Disclosure) -> str:
        """The text below a line that says how much of it nobody has approved."""
        return f"[{' '.join(line for _, line in said.notice)}]\n\n{text}" if said.notice else text


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file."""

    number: int
    start: int
    first: int
    """Offset of the first word, after indentation and the marker of a list item."""
    last: int
    """Offset of the end of the words, before trailing blanks."""
    item: bool = False
    """Whether it begins a list item."""
    ends_page: bool = False
    """Whether it ends with a form feed."""

    def words(self, text: str) -> str:
        """The words of the line."""
        return text[self.first : self.last]

    @property
    def blank(self) -> bool:
        """Whether it has no words."""
        return self.first >= self.last


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Lines that are one block."""

    lines: tuple[_Line, ...]
    underlined: bool = False
    """Whether it is one line with a line of dashes below it."""


def _lines(text: str) -> Iterator[_Line]:
    numbered = _numbered_items(text)
    for number, match in enumerate(_LINE.finditer(text), 1):
        if match.end() == match.start():
            break
        content = match.group().rstrip("\r\n\f")
        first = match.start() + len(content) - len(content.lstrip())
        last = match.start() + len(content.rstrip())
        marker = _BULLET.match(text, first, last) or (_NUMBER.match(text, first, last) if number in numbered else None)
        yield _Line(
            number,
            match.start(),
            marker.end() if marker else first,
            last,
            item=bool(marker),
            ends_page=match.group().endswith("\f"),
        )


def _numbered_items(text: str) -> frozenset[int]:
    """The numbers of the lines that begin an item of a numbered list: 1 where a 2 comes later, or one more than the item
    before. `20. Januar` or `12. The` at the beginning of a line is therefore no list item."""
    found = [
        (number, int(marker[1]))
        for number, line in enumerate(_LINE.finditer(text), 1)
        if (marker := _NUMBER.match(line.group().lstrip()))
    ]
    accepted: set[int] = set()
    previous: tuple[int, int] | None = None
    for line, value in found:
        if previous and value == previous[1] + 1:
            accepted |= {previous[0], line}
            previous = (line, value)
        elif value == 1:
            previous = (line, value)
    return frozenset(accepted)


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    """The groups of lines with at least one letter; all other lines are skeleton."""
    group: list[_Line] = []

    def done(underlined: bool = False) -> Iterator[_Paragraph]:
        if any(char.isalpha() for line in group for char in line.words(text)):
            yield _Paragraph(tuple(group), underlined)
        group.clear()

    for line in _lines(text):
        if line.blank:
            yield from done()
        elif _RULE.match(text, line.start, line.last):
            yield from done(underlined=len(group) == 1)
        else:
            if group and _begins_paragraph(text, group[-1], line, group[0].item):
                yield from done()
            group.append(line)
        if line.ends_page:
            yield from done()
    yield from done()


def _begins_paragraph(text: str, previous: _Line, line: _Line, in_list: bool) -> bool:
    """Whether the line begins a paragraph although the line before it is not blank."""
    before = previous.words(text)
    if line.item:
        return in_list or before.endswith((":", "：")) or text[line.start : line.first].lstrip()[:1] in "•‣◦▪▫●○■□►▶"
    if in_list or not _ends_a_sentence(before):
        return False
    indent, was = text[line.start : line.first], text[previous.start : previous.first]
    return len(before) > _LONG_LINE or indent.startswith("\u3000") or (len(indent.expandtabs()) > 1 and not was)


def _without_foreign_end(text: str, paragraph: _Paragraph, scripts: frozenset[str]) -> _Paragraph:
    """The paragraph without words in another script that a wide gap separates at the end or the beginning of its line: in a
    saved page they are a link to another language, which stays in the skeleton."""
    if len(paragraph.lines) != 1 or not scripts:
        return paragraph
    line = paragraph.lines[0]
    if line.last - line.first > 2 * _LONG_LINE:
        return paragraph
    gaps = list(_WIDE.finditer(text, line.first, line.last))
    if gaps and _other(text[gaps[-1].end() : line.last], text[line.first : gaps[-1].start()], scripts):
        return replace(paragraph, lines=(replace(line, last=gaps[-1].start()),))
    if gaps and _other(text[line.first : gaps[0].start()], text[gaps[0].end() : line.last], scripts):
        return replace(paragraph, lines=(replace(line, first=gaps[0].end()),))
    return paragraph


def _other(tail: str, rest: str, scripts: frozenset[str]) -> bool:
    return furniture.foreign(tail, scripts) and any(map(str.isalpha, rest)) and not furniture.foreign(rest, scripts)


def _block(text: str, paragraph: _Paragraph, file: str, name: str) -> Block:
    source = " ".join(line.words(text) for line in paragraph.lines)
    breaks = accumulate((len(line.words(text)) + 1 for line in paragraph.lines), initial=-1)
    spellings = [
        Spelling(at, at + 1, text[line.last : following.first])
        for at, (line, following) in zip(islice(breaks, 1, None), pairwise(paragraph.lines), strict=False)
    ]
    first = paragraph.lines[0]
    found = () if too_long(source) else codes.find(source, "plain")
    return Block(
        id=name,
        type="list item" if first.item else "paragraph",
        original=text[first.first : paragraph.lines[-1].last],
        parts=(Segment(source, found),),
        location=Location(file, first.number),
        codes=found,
        spellings=tuple(spelling for spelling in spellings if spelling.written != " "),
    )


def _typed(blocks: list[Block], paragraphs: list[_Paragraph]) -> list[Block]:
    """The blocks with the types of title and headings set, and fixed phrases of pages marked as furniture."""
    typed = [furniture.skipped(block) if furniture.is_phrase(block.source) else block for block in blocks]
    content = [n for n, block in enumerate(typed) if block.translate]
    like = {
        n
        for n in content
        if typed[n].type == "paragraph"
        and len(paragraphs[n].lines) == 1
        and (paragraphs[n].underlined or looks_like_a_heading(typed[n].source))
    }
    listed = _in_a_list(content, like)
    for place, n in enumerate(content):
        following = content[place + 1] if place + 1 < len(content) else None
        if place == 0 and following is not None and (n in like or looks_like_a_heading(typed[n].source, title=True)):
            if typed[n].type == "paragraph" and len(paragraphs[n].lines) == 1:
                typed[n] = replace(typed[n], type="title")
        elif n in listed:
            continue
        elif n in like and (paragraphs[n].underlined or (following is not None and following not in like)):
            typed[n] = replace(typed[n], type="heading")
    return typed


def _in_a_list(content: Sequence[int], like: Collection[int]) -> set[int]:
    """Those paragraphs that look like headings and stand in a row of three or more, the title aside: lines of a list."""
    rows = (list(row) for alike, row in groupby(content[1:], key=like.__contains__) if alike)
    return {n for row in rows if len(row) > 2 for n in row}


def _ends_a_sentence(text: str) -> bool:
    """Whether the text ends with punctuation, closing quotes and brackets aside."""
    return text.rstrip(_CLOSERS).endswith(tuple(_ENDS))


def looks_like_a_heading(text: str, title: bool = False) -> bool:
    """Whether a line of its own reads like a heading; the title of an article may also end with `?` or `!`.

    The rule must hold for scripts without capitals and without blanks between words, so each kind of script has its own limits.
    """
    if len(text) > 120:
        return False
    if _TIBETAN.search(text):
        body = text.rstrip(_SHAD + _CLOSERS)
        return not any(shad in body for shad in _SHAD) and body.count("་") <= 15
    body = text.rstrip(_CLOSERS).rstrip("?!？！") if title else text
    if _ends_a_sentence(body) or _SENTENCE_INSIDE.search(body):
        return False
    if len(_UNSPACED.findall(body)) * 2 > len(body):
        return len(body) <= 36
    first = next((char for char in body if char.isalpha()), "a")
    return not first.islower() and len(body.split()) <= 14 and len(body) <= 100
