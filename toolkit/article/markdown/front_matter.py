"""The front matter of a post is YAML, of which this reads simple lines like `title: "A Walk"`; others are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from toolkit.units import Spelling

TRANSLATED = ("title", "subtitle", "description", "summary")
METADATA = {"title": "title", "date": "date", "author": "author", "lang": "language", "language": "language"}
"""Keys that tell about the article, and their names in its metadata."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_KEY = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]+(?=\S)")
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$'),
    "'": re.compile(r"'((?:[^']|'')*)'[ \t]*(?:#.*)?$"),
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_PLAIN_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "e": "\x1b",
    "_": "\xa0",
    "N": "\x85",
    "a": "\a",
    "b": "\b",
}
_NOT_PLAIN = re.compile(
    r"""[\[\]{}>|*&!%#`@,"'?-]|: |.* #|.*:(?: |$)|.*\n|(?:true|false|yes|no|on|off|null|~|[-+.\d][\d_.,:eE+-]*)$""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a line `key: value`."""

    key: str
    start: int
    end: int
    """The span of the text in the file, between its quotation marks."""
    line: int
    text: str
    """The text without the escapes of its quotation."""
    spellings: tuple[Spelling, ...]
    quote: str
    """`"`, `'` or nothing."""


def values(text: str, lines: int) -> Iterator[Value]:
    """The simple values in the first `lines` lines of a file, at the outermost level."""
    start = 0
    bodies = []
    for number in range(1, lines + 1):
        match = _LINE.match(text, start)
        if not match:
            break
        bodies.append((number, start, match.group().rstrip("\r\n")))
        start = match.end()
    for index, (number, start, body) in enumerate(bodies):
        key = _KEY.match(body)
        following = bodies[index + 1][2] if index + 1 < len(bodies) else ""
        if key and not following.startswith((" ", "\t")):
            yield from _value(key[1], body, key.end(), start, number)


def _value(key: str, body: str, at: int, start: int, line: int) -> Iterator[Value]:
    quote = body[at] if body[at] in _QUOTED else ""
    if quote:
        match = _QUOTED[quote].match(body, at)
        if not match:
            return
        first, last = match.span(1)
        plain, spellings = _read_double(match[1]) if quote == '"' else _read_single(match[1])
    else:
        plain, spellings = re.split(r"[ \t]#", body[at:], maxsplit=1)[0].rstrip(" \t"), ()
        if plain[:1] in tuple("|>[{&*!"):
            return
        first, last = at, at + len(plain)
    if plain.strip() == plain:
        yield Value(key, start + first, start + last, line, plain, spellings, quote)


def _read_double(written: str) -> tuple[str, tuple[Spelling, ...]]:
    text, position = "", 0
    spellings: list[Spelling] = []
    for match in _ESCAPE.finditer(written):
        text += written[position : match.start()]
        position = match.end()
        number = match[1] or match[2] or match[3]
        char = chr(min(int(number, 16), 0x10FFFF)) if number else _PLAIN_ESCAPES.get(match[4], match[4])
        text += char if char > "\x1f" else " "  # a msgid is one line
        if char not in ('"', "\\") or match.group() != "\\" + char:
            spellings.append(Spelling(len(text) - 1, len(text), match.group()))
    return text + written[position:], tuple(spellings)


def _read_single(written: str) -> tuple[str, tuple[Spelling, ...]]:
    return written.replace("''", "'"), ()


def write(text: str, quote: str) -> str:
    """A text as it stands between these quotation marks."""
    if quote == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("'", "''") if quote == "'" else text


def needs_quotes(text: str) -> bool:
    """Whether YAML would read the text as something else if it stood without quotation marks."""
    return bool(_NOT_PLAIN.match(text))
