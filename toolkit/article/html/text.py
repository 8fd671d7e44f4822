"""Text of HTML: conversion between the form in the file and the form in a msgid.

In a msgid white space is one blank, and a character reference is its character. `&lt;`, `&gt;` and `&amp;` stay
references, whichever way the file wrote them, so that no text in a msgid can be taken for a tag; so do references to
invisible characters and to ASCII letters and digits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.entities import html5

from toolkit.codes.tags import stays_spelled

_ATOM = re.compile(
    r"(?P<space>[\t\n\f\r ]+)"
    r"|&(?:#(?P<number>[xX][0-9a-fA-F]+|[0-9]+)|(?P<name>[A-Za-z][A-Za-z0-9]*));?"
    r"|(?P<wide>[^\S\t\n\f\r ]+)"
    r"|[<>&]"
    r"|[^\s<>&]+(?: [^\s<>&]+)*"
)
_COMPLETE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LABEL = r"</?[0-9]{1,6}>|<[0-9]{1,6}/>"
_TARGET = re.compile(rf"(?P<label>{_LABEL})|(?P<reference>{_COMPLETE.pattern})|(?P<space>[\t\n\f\r ]+)|[<>&]")
_PLAIN = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
_LEGACY = frozenset(name for name in html5 if not name.endswith(";"))
_LONGEST_LEGACY = max(map(len, _LEGACY))


@dataclass(frozen=True, slots=True)
class Atom:
    """Words, white space or a reference: `text[start:end]` of the file, and its form in a msgid."""

    start: int
    end: int
    shown: str
    blank: bool = False
    """White space, or a reference to something that looks like it: at the edges of a paragraph it is left out of the msgid."""


def atoms(text: str, start: int, end: int, attribute: bool = False, keep_space: bool = False) -> Iterator[Atom]:
    """The pieces of a text without tags, in order; in an attribute `&copy=1` is no reference."""
    at = start
    while at < end:
        match = _ATOM.match(text, at, end)
        assert match is not None
        raw, stop = match.group(), match.end()
        if match.group("space"):
            yield Atom(at, stop, raw if keep_space else " ", blank=True)
        elif raw[0] == "&":
            stop, shown = _reference(text, match, attribute)
            yield Atom(at, stop, shown, blank=bool(shown) and not html.unescape(shown).strip())
        else:
            yield Atom(at, stop, _PLAIN.get(raw, raw), blank=bool(match.group("wide")))
        at = stop


def _reference(text: str, match: re.Match[str], attribute: bool) -> tuple[int, str]:
    """The end of the reference at the match and its form in a msgid; a `&` that begins no reference is `&amp;`."""
    start, stop = match.span()
    name = match.group("name")
    if name is None and match.group("number") is None:
        return start + 1, "&amp;"
    if name is not None and match.group()[1:] not in html5:
        name = next((name[:n] for n in range(min(len(name), _LONGEST_LEGACY), 1, -1) if name[:n] in _LEGACY), None)
        if name is None:
            return start + 1, "&amp;"
        stop = start + 1 + len(name)
    raw = text[start:stop]
    if attribute and name is not None and not raw.endswith(";"):
        following = text[stop : stop + 1]
        if following == "=" or (following.isascii() and following.isalnum()):
            return start + 1, "&amp;"
    return stop, shown(raw)


def shown(reference: str) -> str:
    """The form of a character reference in a msgid."""
    complete = reference if reference.endswith(";") else f"{reference};"
    if len(complete) > 12 and complete[1] == "#":
        # Leading zeros, or a number that is no character; html.unescape raises ValueError for the longest numbers.
        digits = complete[2:-1].lstrip("xX").lstrip("0") or "0"
        complete = f"&#{'x' if complete[2] in 'xX' else ''}{digits if len(digits) < 8 else '0'};"
    char = html.unescape(complete)
    if not stays_spelled(complete):
        return plain(char)
    return _PLAIN.get(char, complete if _COMPLETE.fullmatch(complete) else "".join(f"&#{ord(c)};" for c in char))


def plain(text: str) -> str:
    """Text with `<`, `>` and `&` as references."""
    return re.sub(r"[<>&]", lambda match: _PLAIN[match.group()], text)


def canonical(target: str, labels: bool = True, keep_space: bool = False) -> str:
    """A msgstr in the form of msgids: `&eacute;` becomes `é`, `&` becomes `&amp;`.

    With `labels`, `<1>`, `</1>` and `<2/>` are kept; everything else that could be read as markup becomes a reference.
    """

    def spelled(match: re.Match[str]) -> str:
        if match.group("label"):
            return match.group() if labels else plain(match.group())
        if match.group("reference"):
            char = html.unescape(match.group())
            return shown(match.group()) if char != match.group() and not char.endswith(";") else plain(match.group())
        if match.group("space"):
            return match.group() if keep_space else " "
        return _PLAIN[match.group()]

    return _TARGET.sub(spelled, target)


def has_letters(shown: str) -> bool:
    """Whether a text in the form of msgids has a letter."""
    return any(map(str.isalpha, html.unescape(shown) if "&" in shown else shown))


def decoded(text: str) -> str:
    """The value of an attribute, or a text without tags, with its references decoded as a browser does in attributes."""
    return "".join(html.unescape(atom.shown) for atom in atoms(text, 0, len(text), True, True))


def is_readable(text: str, start: int, end: int) -> bool:
    """Whether a slice of the file that has no tags has a letter."""
    return any(has_letters(atom.shown) for atom in atoms(text, start, end))


def inside_quotes(raw: str, start: int, end: int) -> tuple[int, int]:
    """The span of an attribute's value without its quotes, if it has any."""
    return (start + 1, end - 1) if start < end and raw[start] in "\"'" else (start, end)
