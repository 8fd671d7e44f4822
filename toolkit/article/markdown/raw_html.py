"""What people read in a block of raw HTML: the texts between its tags, and the words in attributes such as `alt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it.common.html_re import HTML_TAG_RE

from toolkit.article.html.tags import BLOCKS, TYPES, UNREAD

_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_ATTRIBUTE = re.compile(r"""\s+([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|[^\s"'=<>`]+))?""")
_READ = frozenset({"alt", "title", "aria-label", "placeholder", "summary"})
_SEALED = UNREAD | {"pre", "textarea", "title"}
"""Elements whose content is left alone to their end tags: code, and what no browser shows as text of the page."""
_NO_TEXT = re.compile(r"<(?:[A-Za-z/!?])")


@dataclass(frozen=True, slots=True)
class Run:
    """A text in HTML, or the value of an attribute; offsets count characters of the block."""

    start: int
    end: int
    type: str
    quote: str = ""
    """The mark around an attribute's value."""


def runs(raw: str) -> Iterator[Run]:
    """The runs in order. Tags of phrases (`<b>`, `<a>`) stand inside a run, all others and comments end it."""
    kind, start, position = "paragraph", 0, 0
    tags: list[str] = []  # the phrase tags of the run, whose attributes are read when the run has no words
    at: list[int] = []
    while (found := raw.find("<", position)) >= 0:
        match = HTML_TAG_RE.match(raw, found)
        if not match:
            position = found + 1
            if _NO_TEXT.match(raw, found):  # a broken tag: nothing to its end is text
                yield from _run(raw, start, found, kind, tags, at)
                start = position = _after(raw, ">", position)
            continue
        position = match.end()
        name = _NAME.match(match.group())
        if name and name[1].lower() not in BLOCKS | _SEALED:
            tags.append(match.group())
            at.append(found)
            continue
        yield from _run(raw, start, found, kind, tags, at)
        yield from _attributes(match.group(), found)
        start = position
        if name and not match.group().startswith("</"):
            kind = TYPES.get(name[1].lower(), kind)
            if name[1].lower() in _SEALED and not match.group().endswith("/>"):
                closing = re.compile(rf"</{name[1]}\s*>", re.IGNORECASE).search(raw, position)
                start = position = closing.end() if closing else len(raw)
    yield from _run(raw, start, len(raw), kind, tags, at)


def texts(raw: str) -> Iterator[tuple[int, int]]:
    """The spans between all tags of a run."""
    position = 0
    for match in HTML_TAG_RE.finditer(raw):
        yield position, match.start()
        position = match.end()
    yield position, len(raw)


def tags(raw: str) -> list[str]:
    """All tags of a run."""
    return [match.group() for match in HTML_TAG_RE.finditer(raw)]


def tag_at(text: str, position: int) -> str:
    """The tag that begins at this place, or nothing."""
    match = HTML_TAG_RE.match(text, position)
    return match.group() if match else ""


def _run(raw: str, start: int, end: int, kind: str, tags: list[str], at: list[int]) -> Iterator[Run]:
    """The run between two block tags; where it holds tags alone, their attributes."""
    if any(map(str.isalpha, HTML_TAG_RE.sub("", raw[start:end]))):
        yield Run(start, end, kind)
    else:
        for tag, place in zip(tags, at, strict=True):
            yield from _attributes(tag, place)
    tags.clear()
    at.clear()


def _attributes(tag: str, place: int) -> Iterator[Run]:
    name = _NAME.match(tag)
    if not name or tag.startswith("</"):
        return
    for match in _ATTRIBUTE.finditer(tag, name.end()):
        group = 2 if match[2] is not None else 3
        if match[1].lower() in _READ and match[group]:
            start, end = match.span(group)
            yield Run(place + start, place + end, f"attribute {match[1].lower()}", tag[end])


def _after(raw: str, text: str, position: int) -> int:
    found = raw.find(text, position)
    return found + len(text) if found >= 0 else len(raw)
