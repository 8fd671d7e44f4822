"""A translation as Markdown: what would become other markup than the source's is escaped, line breaks come back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from markdown_it.common.utils import MD_TRIM_CHARS

from toolkit.article.markdown import front_matter, raw_html, references
from toolkit.article.markdown.pieces import Piece, codes_of, piece_codes
from toolkit.article.markdown.structure import Document
from toolkit.article.rendered import check_codes
from toolkit.article.spelling import respell
from toolkit.codes import difference
from toolkit.errors import CodesDiffer
from toolkit.units import Code, Spelling

# What begins a block where a line begins, and where a backslash takes its meaning away (a group marks the place).
_STARTERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"()#{1,6}(?:[ \t]|$)",
        r"()[-+*](?:[ \t]|$)",
        r"\d{1,9}()[.)](?:[ \t]|$)",
        r"()>",
        r"()(?:`{3}[^`]*|~{3}.*)$",
        r"()(?:=+|-+)[ \t]*$",
        r"()([-_*])(?:[ \t]*\2){2,}[ \t]*$",
        r"\[(?:\\.|[^\[\]\\])+\]():",
        r"()[:~][ \t]",
        r"()\|",
        r"()[:-][-:| \t]*$",
    )
)
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")


def written(doc: Document, piece: Piece, target: str) -> str:
    """What to put into the file for a target.

    Raises CodesDiffer where it lost, added or crossed codes that cannot be escaped.
    """
    target = target.strip(MD_TRIM_CHARS)
    if target == piece.source:
        return doc.original[piece.start : piece.end]
    if piece.writer not in ("text", "heading", "cell"):  # markup of Markdown that is added there is just text
        check_codes(replace(difference(piece.codes, piece_codes(doc, piece, target)), extra=(), crossed=False))
    if piece.writer in ("scalar", "attribute", "link title"):
        return _quoted(piece, _one_line(target, ()))
    target = _one_line(target, codes_of(doc, target) if piece.writer == "text" else ())
    if piece.writer == "html":
        return _with_breaks(piece, _html_escaped(piece, target))
    target = _without_surplus(doc, piece.codes, target)
    if piece.writer == "heading":
        target = _line_escaped(re.sub(r"(?<=[ \t])(?=#+$)", r"\\", target), piece.source)
    elif piece.writer == "cell":
        return respell(piece.source, target, references.in_use(piece.source, target, piece.spellings)).replace(
            "|", r"\|"
        )
    return _with_breaks(piece, target)


def _one_line(target: str, codes: Sequence[Code]) -> str:
    """The target without line breaks but those of hard-break codes; a paragraph of a catalog is one line."""
    pieces, position = [], 0
    for code in codes:
        if code.kind == "ph" and code.data.endswith("\n"):
            pieces += [_joined(target[position : code.start]), code.data]
            position = code.end
    return "".join([*pieces, _joined(target[position:])])


def _joined(text: str) -> str:
    return re.sub(r"[ \t]*[\r\n]\s*", " ", text)


def _without_surplus(doc: Document, source_codes: Sequence[Code], target: str) -> str:
    """The target with the codes escaped that the source does not have, so that they are text.

    Raises CodesDiffer where codes are missing, or a surplus one cannot be escaped.
    """
    for _ in range(3):
        target_codes = references.in_full(target, codes_of(doc, target))
        found = difference(source_codes, target_codes)
        if found.missing or not found.extra:
            check_codes(found)
            return target
        target = _escaped(target, target_codes, Counter(found.extra))
    check_codes(difference(source_codes, references.in_full(target, codes_of(doc, target))))
    return target


def _escaped(target: str, codes: Sequence[Code], surplus: Counter[str]) -> str:
    """The target with a backslash before each sign of its surplus codes; of equal ones the last are taken."""
    open_: list[Code] = []
    wholes: list[tuple[str, list[Code]]] = []
    for code in codes:
        if code.kind == "ph":
            wholes.append((code.data, [code]))
        elif code.kind == "sc":
            open_.append(code)
        elif open_:
            opening = open_.pop()
            wholes.append((f"{opening.data}…{code.data}", [opening, code]))
    places: set[int] = set()
    for whole, halves in reversed(wholes):
        if surplus[whole] and not halves[0].data[0].isalnum():
            surplus[whole] -= 1
            places.update(_signs(halves))
    return "".join("\\" + char if at in places else char for at, char in enumerate(target))


def _signs(halves: Sequence[Code]) -> list[int]:
    """The places of the characters that make these codes markup."""
    signs: list[int] = []
    for code in halves:
        run = re.match(r"[*_~`]+|.", code.data, re.DOTALL)
        signs += range(code.start, code.start + (run.end() if run else 0))
    return signs


def _html_escaped(piece: Piece, target: str) -> str:
    """A text inside raw HTML: `<` of a tag that the source does not have is written as a reference."""
    own = Counter(raw_html.tags(piece.source))
    result, position = "", 0
    while position < len(target):
        tag = raw_html.tag_at(target, position)
        if own[tag]:
            own[tag] -= 1
            result += tag
            position += len(tag)
        else:
            result += "&lt;" if _TAG_LIKE.match(target, position) else target[position]
            position += 1
    return result


def _with_breaks(piece: Piece, target: str) -> str:
    """The target with the source's line breaks: soft ones where the texts have the same shape, hard ones in order."""
    source_lines, target_lines = piece.source.split("\n"), target.split("\n")
    prefixes = [s.written for s in piece.spellings if piece.source[s.start : s.end] == "\n"]
    prefixes = prefixes if len(prefixes) == len(source_lines) - 1 else _all_prefixes(piece)
    result, start = "", 0
    for number, line in enumerate(target_lines):
        source = source_lines[number] if number < len(source_lines) else ""
        end = start + len(source)
        inside = [
            Spelling(s.start - start, s.end - start, s.written)
            for s in piece.spellings
            if start <= s.start and s.end <= end and piece.source[s.start : s.end] != "\n"
        ]
        if piece.writer == "text":
            line = _line_escaped(line, source)
        spelled = respell(source, line, references.in_use(source, line, inside)) if inside else line
        result += (prefixes[number - 1] if number - 1 < len(prefixes) else "\n") + spelled if number else spelled
        start = end + 1
    return result


def _all_prefixes(piece: Piece) -> list[str]:
    """What the file has at each hard break; those without a spelling are a line feed alone."""
    own = {s.start: s.written for s in piece.spellings}
    return [own.get(match.start(), "\n") for match in re.finditer("\n", piece.source)]


def _line_escaped(line: str, source: str) -> str:
    """The line with a backslash where it would begin a block, unless the source's line begins alike."""
    line = line.lstrip(" \t")
    for starter in _STARTERS:
        match = starter.match(line)
        if match and not starter.match(source):
            return f"{line[: match.start(1)]}\\{line[match.start(1) :]}"
    return line


def _quoted(piece: Piece, target: str) -> str:
    """The value of a scalar, an attribute or a title; its own quotation mark is escaped as the syntax has it."""
    quote = piece.quote
    if piece.writer == "scalar":
        if not quote and front_matter.needs_quotes(target) and not front_matter.needs_quotes(piece.source):
            return '"' + front_matter.write(target, '"') + '"'
        return respell(piece.source, target, piece.spellings, lambda text: front_matter.write(text, quote))
    if not target or (piece.writer == "link title" and target.endswith("\\")):
        raise CodesDiffer("the translation cannot be written as a title")
    if piece.writer == "attribute":
        reference = "&quot;" if quote == '"' else "&#39;"
        return respell(piece.source, target, piece.spellings, lambda text: text.replace(quote, reference))
    marks = r"(?<!\\)((?:\\\\)*)" + (r"([()])" if quote == ")" else f"({quote})")
    return respell(piece.source, target, piece.spellings, lambda text: re.sub(marks, r"\1\\\2", text))
