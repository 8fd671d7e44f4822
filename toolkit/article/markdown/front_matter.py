"""The front matter of a post: YAML between `---`, of which simple lines such as `title: "A Walk"` are read, or TOML between
`+++`. In both the language can be declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, zip_longest

from toolkit.units import Spelling

TRANSLATED = ("title", "subtitle", "description", "summary")
"""Keys whose values are blocks of the article."""
METADATA = {"title": "title", "date": "date", "author": "author", "lang": "language", "language": "language"}
"""Keys that give metadata of the article, and their names there."""

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
"""Texts that YAML reads as something other than a string if they have no quotation marks."""
_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?:.*?\r?\n)??\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_ANY_KEY = re.compile(r"^[A-Za-z][\w-]*[ \t]*[:=]", re.MULTILINE)
_LANGUAGE = re.compile(
    r"""^((?:lang|language|locale)[ \t]*[:=][ \t]*)(?:(?P<quote>["'])(?:(?!(?P=quote))[^\r\n])*(?P=quote)|(?P<bare>)[^\s#"'][^#\r\n]*?)"""
    r"""(?=[ \t]*(?:#.*)?\r?$)""",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a line `key: value`."""

    key: str
    start: int
    end: int
    """The span of the value in the file, without its quotation marks."""
    line: int
    text: str
    """The value without the escapes of its quotation."""
    spellings: tuple[Spelling, ...]
    quote: str
    """Its quotation mark: `"`, `'` or none."""


def values(text: str, lines: int) -> Iterator[Value]:
    """The values of simple lines among the first `lines` lines of a file, at the outermost level."""
    found = list(islice(_LINE.finditer(text), lines))
    for number, (line, following) in enumerate(zip_longest(found, found[1:]), 1):
        body = line.group().rstrip("\r\n")
        key = _KEY.match(body)
        if key and not (following and following.group().startswith((" ", "\t"))):
            yield from _value(key[1], body, key.end(), line.start(), number)


def _value(key: str, body: str, at: int, start: int, line: int) -> Iterator[Value]:
    quote = body[at] if body[at] in _QUOTED else ""
    if quote:
        match = _QUOTED[quote].match(body, at)
        if not match:
            return
        first, last = match.span(1)
        plain, spellings = _read_double(match[1]) if quote == '"' else (match[1].replace("''", "'"), ())
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


def write(text: str, quote: str) -> str:
    """A text escaped for a YAML scalar with these quotation marks."""
    if quote == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("'", "''") if quote == "'" else text


def needs_quotes(text: str) -> bool:
    """Whether YAML would not read the text as a string if it had no quotation marks."""
    return bool(_NOT_PLAIN.match(text))


def fenced(text: str) -> str:
    """The front matter of a text, fences included; empty where there is none, as for words between two thematic breaks."""
    found = _FENCED.match(text)
    return found[0] if found and (_ANY_KEY.search(found[0]) or not found[0].strip("-+ \t\r\n")) else ""


def with_language(text: str, tag: str) -> str:
    """The text with `lang` (or `language`, `locale`) in its front matter changed, or added; unchanged without front matter."""
    old = fenced(text)
    if not old:
        return text
    fence = old[:3]
    new, count = _LANGUAGE.subn(rf"\g<1>\g<quote>{tag}\g<quote>", old)
    if not count:
        end = "\r\n" if "\r\n" in old else "\n"
        line = f"lang: {tag}" if fence == "---" else f'lang = "{tag}"'
        at = old.rindex(fence)
        new = f"{old[:at]}{line}{end}{old[at:]}"
    return new + text[len(old) :]
