"""Writing a translation as Markdown: markup that the source does not have is escaped, line breaks are restored."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from toolkit.article.markdown import front_matter, raw_html, references
from toolkit.article.markdown.dialects import MDX
from toolkit.article.markdown.passages import INLINE, Passage, codes_of, passage_codes
from toolkit.article.markdown.structure import Document, trimmed_characters
from toolkit.article.rendered import check_codes
from toolkit.article.spelling import respell
from toolkit.codes import difference, paired, replaced, strip
from toolkit.codes.emphasis import mended
from toolkit.codes.markdown import find as inline_codes
from toolkit.codes.markdown import tag_name
from toolkit.errors import CodesDiffer
from toolkit.units import Code, Spelling

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
"""What begins a block at the start of a line; group 1 is where a backslash is put to make it text."""
_REFERENCE = re.compile(r"(?<!\\)(?:\](?:\[(?!\^)(?:\\.|[^\[\]\\\n])+\])|(?P<note>\[\^[^\s\]]+\]))")
_HARMLESS = re.compile(
    r"\*…\*|\*\*…\*\*|~~…~~|`.*`|<!--.*-->|\[….*|!\[…\]\((?![a-z][a-z0-9+.-]*:|//|\\).*|\[\^.*|\^\[.*|%.*"
    r"|<(?:https?://|mailto:)[^<>]*>|<[^\s@<>]+@[^\s@<>]+>|https?://.*|www\..*|[^\s<>&]+@[^\s<>&]+|&.*;|\\?\n| +\n"
    r"|</?(?:b|br|code|del|em|i|ins|kbd|mark|q|s|small|strong|sub|sup|u|wbr) ?/?>"
    r"|<(b|code|del|em|i|ins|kbd|mark|q|s|small|strong|sub|sup|u)>…</\1>",
    re.DOTALL | re.IGNORECASE,
)
"""Codes that a person may add: they change how the paragraph looks or where it links, and nothing outside of it."""
_TAG_LIKE = re.compile(r"<(?=[A-Za-z/!?])")


def written(doc: Document, passage: Passage, target: str, by_person: bool = False) -> str:
    """The target in the form in which it replaces a passage of the file.

    Raises CodesDiffer where codes are missing or cross, or where added codes cannot be escaped. In a person's words it is
    raised only for tags that are not closed and for references that point nowhere.
    """
    target = target.strip(trimmed_characters())
    if target == passage.source:
        return doc.original[passage.start : passage.end]
    if passage.writer in INLINE:
        target = mended(target, partial(codes_of, doc), strip(passage.source, passage.codes).text)
    elif not by_person:  # markup of Markdown that is added there is just text
        check_codes(replace(difference(passage.codes, passage_codes(doc, passage, target)), extra=(), crossed=False))
    if passage.writer == "folded":
        return respell(passage.source, _one_line(target, ()), passage.spellings)
    if passage.writer in ("scalar", "attribute", "link title"):
        return _quoted(doc, passage, _one_line(target, ()))
    target = _one_line(target, codes_of(doc, target) if passage.writer == "text" else ())
    if passage.writer == "html":
        target = _html_escaped(passage, target)
        _check_closed(inline_codes(passage.source), inline_codes(target))
        return _with_breaks(passage, target)
    target = _by_person(doc, passage, target) if by_person else _without_surplus(doc, passage.codes, target)
    if doc.dialect in MDX:
        target = _without_braces(doc, passage, target)
    if passage.writer == "title":
        return respell(passage.source, _without(target, passage.quote), passage.spellings)
    if passage.writer == "heading":
        target = _line_escaped(re.sub(r"(?<=[ \t])(?=#+$)", r"\\", target), passage.source)
    elif passage.writer == "cell":
        return respell(passage.source, target, references.in_use(passage.source, target, passage.spellings)).replace(
            "|", r"\|"
        )
    return _with_breaks(passage, target)


def inner_text(passage: Passage, target: str) -> str:
    """The target of an inner passage as its code holds it. Raises CodesDiffer for one that would end the title."""
    text = _joined(target.strip())
    if "\\" in text or "<" in text or "{{" in text:
        raise CodesDiffer("the translation cannot be written as a title")
    return text.replace(passage.quote, _CLOSING.get(passage.quote, "）")).replace(
        "(" if passage.quote == ")" else "\0", "（"
    )


def with_inner(passage: Passage, title: str, text: str) -> str:
    """The text of the passage around an inner one, with the title in the first code that still has that of the source."""
    data, start, end = passage.within or ("", 0, 0)
    return text.replace(data, data[:start] + title + data[end:], 1) if data else text


def _one_line(target: str, codes: Sequence[Code]) -> str:
    """The target on one line, apart from the hard line breaks among its codes."""
    breaks = ((c.start, c.end, c.data) for c in codes if c.kind == "ph" and c.data.endswith("\n"))
    return replaced(target, breaks, _joined)


def _joined(text: str) -> str:
    return re.sub(r"[ \t]*[\r\n]\s*", " ", text)


def _without_surplus(doc: Document, source_codes: Sequence[Code], target: str) -> str:
    """The target with the codes escaped that the source does not have.

    Raises CodesDiffer where codes are missing, or where an added code cannot be escaped.
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


def _by_person(doc: Document, passage: Passage, target: str) -> str:
    """A person's target with the markup escaped that a stranger may have put into it: tags that are more than emphasis,
    images from elsewhere, instructions.

    Raises CodesDiffer for tags that are not closed, and for references that point nowhere.
    """
    for _ in range(3):
        target_codes = references.in_full(target, codes_of(doc, target))
        extra = difference(passage.codes, target_codes).extra
        strange = Counter(name for name in extra if not _HARMLESS.fullmatch(name))
        if not strange:
            break
        named = " ".join(strange.elements())
        target = _escaped(target, target_codes, strange)
    else:
        raise CodesDiffer(f"the translation added {named}")
    _check_closed(passage.codes, target_codes)
    known = Counter(_nowhere(passage.source, passage.codes))
    if lost := +(Counter(_nowhere(target, target_codes)) - known):
        raise CodesDiffer(f"the translation has a reference that points nowhere: {' '.join(lost.elements())}")
    return target


def _check_closed(source_codes: Sequence[Code], target_codes: Sequence[Code]) -> None:
    """Raises CodesDiffer where a target has tags without their other half that the source does not have."""
    mine, theirs = (Counter(_halves(codes)) for codes in (source_codes, target_codes))
    if more := +(theirs - mine):
        raise CodesDiffer(f"the translation has tags without their other half: {' '.join(more.elements())}")


def _halves(codes: Sequence[Code]) -> list[str]:
    """The tags of HTML elements that have a second tag, and no partner among these codes."""
    return [code.data for code in codes if code.kind == "ph" and tag_name(code.data)]


def _nowhere(text: str, codes: Sequence[Code]) -> list[str]:
    """`[text][label]` and `[^note]` that Markdown does not know, so that a reader sees their brackets."""
    ends = {code.end for code in codes}
    inside = {at for code in codes for at in range(code.start, code.end)}
    found = []
    for match in _REFERENCE.finditer(text):
        if match.start() not in inside and (match["note"] or match.start() not in ends):
            found.append(match[0].removeprefix("]"))
    return found


def _escaped(target: str, codes: Sequence[Code], surplus: Counter[str]) -> str:
    """The target with a backslash before each markup character of its surplus codes; of equal codes the last are surplus."""
    wholes = [(at,) for at, code in enumerate(codes) if code.kind == "ph"] + paired(codes)
    places: set[int] = set()
    for whole in sorted(wholes, key=max, reverse=True):
        halves = [codes[at] for at in whole]
        name = "…".join(half.data for half in halves)
        if surplus[name] and not halves[0].data[0].isalnum():
            surplus[name] -= 1
            places.update(_signs(halves))
    return "".join("\\" + char if at in places else char for at, char in enumerate(target))


def _signs(halves: Sequence[Code]) -> list[int]:
    """The offsets of the characters that make these codes markup."""
    signs: list[int] = []
    for code in halves:
        run = re.match(r"[*_~`]+|.", code.data, re.DOTALL)
        signs += range(code.start, code.start + (run.end() if run else 0))
    return signs


_CLOSING = {'"': "”", "'": "’", "]": "］"}


def _without(target: str, quote: str) -> str:
    """The target without the character that would end it in an opaque line: few dialects have an escape for it there."""
    return target.replace(quote, _CLOSING.get(quote, "")) if quote else target


def _without_braces(doc: Document, passage: Passage, target: str) -> str:
    """The target for MDX, which reads each `{` and `<` that is no code as the beginning of an expression or a tag; where the
    source has such ones, they are the author's."""
    added = "".join(char for char in "{<" if char not in strip(passage.source, passage.codes).text)
    held = ((code.start, code.end, code.data) for code in codes_of(doc, target))
    return replaced(target, held, lambda text: re.sub(rf"(?<!\\)[{added}]", r"\\\g<0>", text)) if added else target


def _html_escaped(passage: Passage, target: str) -> str:
    """A target inside of raw HTML, with `&lt;` for the `<` of each tag that the source does not have."""
    own = Counter(raw_html.tags(passage.source))
    result, position = "", 0
    while position < len(target):
        found = (tag for tag, count in own.items() if count and target.startswith(tag, position))
        if target[position] == "<" and (tag := next(found, "")):
            own[tag] -= 1
            result += tag
            position += len(tag)
        else:
            result += "&lt;" if _TAG_LIKE.match(target, position) else target[position]
            position += 1
    return result


def _with_breaks(passage: Passage, target: str) -> str:
    """The target with the line breaks of the file: soft ones where `respell` allows, hard ones in order."""
    source_lines, target_lines = passage.source.split("\n"), target.split("\n")
    prefixes = [s.written for s in passage.spellings if passage.source[s.start : s.end] == "\n"]
    prefixes = prefixes if len(prefixes) == len(source_lines) - 1 else _all_prefixes(passage)
    result, start = "", 0
    for number, line in enumerate(target_lines):
        source = source_lines[number] if number < len(source_lines) else ""
        end = start + len(source)
        inside = [
            Spelling(s.start - start, s.end - start, s.written)
            for s in passage.spellings
            if start <= s.start and s.end <= end and passage.source[s.start : s.end] != "\n"
        ]
        if passage.writer == "text":
            line = _line_escaped(line, source)
        spelled = respell(source, line, references.in_use(source, line, inside)) if inside else line
        result += (prefixes[number - 1] if number - 1 < len(prefixes) else "\n") + spelled if number else spelled
        start = end + 1
    return result


def _all_prefixes(passage: Passage) -> list[str]:
    """How the file writes each hard break of the passage."""
    own = {s.start: s.written for s in passage.spellings}
    return [own.get(match.start(), "\n") for match in re.finditer("\n", passage.source)]


def _line_escaped(line: str, source: str) -> str:
    """The line with a backslash where it would begin a block, unless the source's line begins the same kind of block."""
    line = line.lstrip(" \t")
    for starter in _STARTERS:
        match = starter.match(line)
        if match and not starter.match(source):
            return f"{line[: match.start(1)]}\\{line[match.start(1) :]}"
    return line


def _quoted(doc: Document, passage: Passage, target: str) -> str:
    """The target as a scalar of the front matter, the value of an attribute or a title, its quotation mark escaped."""
    quote = passage.quote
    if passage.writer == "scalar":
        if quote == "'" and doc.original.startswith("+++"):  # a literal of TOML, which has no escapes
            return respell(passage.source, target.replace("'", "’"), passage.spellings)
        if not quote and front_matter.needs_quotes(target) and not front_matter.needs_quotes(passage.source):
            return '"' + front_matter.write(target, '"') + '"'
        return respell(passage.source, target, passage.spellings, lambda text: front_matter.write(text, quote))
    if not target or (passage.writer == "link title" and target.endswith("\\")):
        raise CodesDiffer("the translation cannot be written as a title")
    if passage.writer == "attribute":
        reference = "&quot;" if quote == '"' else "&#39;"
        return respell(passage.source, target, passage.spellings, lambda text: text.replace(quote, reference))
    marks = r"(?<!\\)((?:\\\\)*)" + (r"([()])" if quote == ")" else f"({quote})")
    return respell(passage.source, target, passage.spellings, lambda text: re.sub(marks, r"\1\\\2", text))
