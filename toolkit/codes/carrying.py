"""Writes a paragraph of another document, in whatever markup, with the inline codes of a msgid: a link becomes the msgid's link
to the same address, emphasis its emphasis. `<em>` of a web page may so become `*` of Markdown, or `<2>`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from toolkit import codes
from toolkit.codes.spans import paired
from toolkit.units import Code, Markup

_LINK = re.compile(r"""\]\(\s*<?([^\s<>)]+)|\b(?:href|src)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^"'\s<>]+))""", re.IGNORECASE)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_INSIDE = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"<[!?]")
"""A comment or an instruction: it has no words."""
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//(?:www\.)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?<=/)[a-z]{2}(?:-[a-z]{2,4})?/", re.IGNORECASE)
"""A part of an address that names a language: it differs in every edition."""
_MARKS = {
    "*": "em",
    "_": "em",
    "**": "strong",
    "__": "strong",
    "~~": "del",
    "[": "a",
    "![": "img",
    "i": "em",
    "b": "strong",
}
"""Markdown's signs and the older tags, by the tag that says the same."""
_PASSED = {"br", "span", "font", "wbr", "u", "small", "div"}
"""Tags without which a text says the same."""


class _Sign(NamedTuple):
    """What a code is, however it is written."""

    name: str
    """`em`, `strong`, `a`, `img`, `code`, another tag; empty: characters that are themselves."""
    value: str = ""
    """An address or a piece of code."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A code that stands alone, or a pair of them, in a text."""

    sign: _Sign
    first: int
    """Number of the code, or of the opening one."""
    last: int


def address(url: str) -> str:
    """An address without what editions in other languages change of it: scheme, and a folder that names a language."""
    return _LANGUAGE.sub("", _SCHEME.sub("/", html.unescape(url))).strip("/").removesuffix(".html")


def element(data: str) -> str:
    """The element of HTML that an inline code stands for, by the older and newer name the same: `strong` for `**` and `<b>`;
    empty for what is none."""
    if tag := _TAG.match(data):
        return _MARKS.get(tag[1].lower(), tag[1].lower())
    return "code" if data.startswith("`") else _MARKS.get(data, "")


def kept(found: Sequence[Code]) -> frozenset[str]:
    """What a translation keeps of these codes: addresses, named footnotes, and code, with a backtick before it."""
    signs = (_sign(code, code) for code in found if code.kind != "sc" or code.data.startswith("<"))
    return frozenset(f"{'`' * (sign.name == 'code')}{sign.value[:200]}" for sign in signs if sign.value)


def carried(
    source: str, markup: Markup, known: Sequence[Code], text: str, its_markup: Markup, its_codes: Sequence[Code]
) -> tuple[str, bool]:
    """The text, which is a translation of the msgid `source`, with the codes of the msgid; whether it has all of them, and lost
    none of its own.

    `known` and `its_codes` are the codes of the two blocks, whose data is what stands in their documents.
    """
    if markup == its_markup == "markdown":  # both are written by a person in the same signs
        return text, True
    ours, theirs = _codes(source, markup, known), _codes(text, its_markup, its_codes)
    places: dict[int, str] = {}
    lost = False
    free = list(_spans(ours))
    for span in _spans(theirs):
        partner = next((one for one in free if one.sign == span.sign), None)
        if partner is None and span.sign.value:  # an edition may link elsewhere
            alike = [one for one in free if one.sign.name == span.sign.name]
            partner = alike[0] if len(alike) == 1 else None
        if partner is None or markup == "plain":
            lost |= markup != "plain" and span.sign.name not in _PASSED
            continue
        free.remove(partner)
        for own, other in ((span.first, partner.first), (span.last, partner.last)):
            places[own] = source[ours[other].start : ours[other].end]
    pieces: list[str] = []
    at = 0
    for number, code in enumerate(theirs):
        pieces += [_escaped(text[at : code.start], markup, its_markup), places.get(number, _bare(code, markup))]
        at = code.end
    pieces.append(_escaped(text[at:], markup, its_markup))
    result = re.sub(r"[ \t\n]+", " ", "".join(pieces)).strip()
    if markup == "plain":
        return result, True
    if not places and (around := _around(source, ours)):
        # where a paragraph is emphasized as a whole, its document keeps the tags around it to itself
        result = f"{around[0]}{result}{around[1]}"
    before, after = ([code for code in codes.find(one, markup) if not _literal(code)] for one in (source, result))
    return result, not (lost or codes.difference(before, after))


def _around(source: str, found: Sequence[Code]) -> tuple[str, str] | None:
    """The only codes of a text, where they emphasize all of it but for signs."""
    spans = list(_spans(found))
    if len(spans) != 1 or len(found) != 2 or spans[0].sign.name not in ("em", "strong"):
        return None
    first, last = found
    if any(map(str.isalnum, source[: first.start] + source[last.end :])):
        return None
    return source[first.start : first.end], source[last.start : last.end]


def _literal(code: Code) -> bool:
    """Whether it is a part of the words: a character that stays spelled, an address that a reader sees."""
    return code.data.startswith("&") or (code.kind == "ph" and code.data[:1] not in "<`" and "://" in code.data)


def _codes(text: str, markup: Markup, known: Sequence[Code]) -> tuple[Code, ...]:
    """The codes with their data as it stands in the document."""
    data = {(code.start, code.end): code for code in known}
    return tuple(data.get((code.start, code.end), code) for code in codes.find(text, markup))


def _spans(found: Sequence[Code]) -> Iterator[_Span]:
    """The pairs and lone codes that mean something, in the order of their beginnings."""
    pairs = dict(paired(found))
    closing = set(pairs.values())
    for number, code in enumerate(found):
        last = pairs.get(number, number)
        if number in closing or (code.kind != "ph" and last == number):
            continue
        sign = _sign(code, found[last])
        if sign.name:
            yield _Span(sign, number, last)


def _sign(code: Code, last: Code) -> _Sign:
    data, end = code.data, last.data
    link = _LINK.search(end if code.kind == "sc" and not data.startswith("<") else data)
    where = address(next(filter(None, link.groups()), "")) if link else ""
    if tag := _TAG.match(data):
        name = tag[1].lower()
        if code.kind == "ph" and name in ("code", "kbd", "samp", "tt", "var"):
            return _Sign("code", html.unescape(_INSIDE.sub("", data)))
        return _Sign(_MARKS.get(name, name), where)
    if data.startswith("`"):
        return _Sign("code", data.strip("` "))
    if code.kind == "ph" and data.startswith("[^"):
        label = data[2:-1]
        return _Sign("", "" if label.isdigit() else data)  # numbers are counted anew where a note was left out
    if code.kind == "ph":
        return _Sign("") if "://" not in data else _Sign("", address(data.strip("<>")))
    return _Sign(_MARKS.get(data, data), where)


def _bare(code: Code, markup: Markup) -> str:
    """What is left of a code that the msgid does not have: its words."""
    if code.kind != "ph":
        return ""
    words = _INSIDE.sub("", code.data) if _TAG.match(code.data) else "" if _UNSEEN.match(code.data) else code.data
    if words.startswith("`"):
        words = words.strip("`")
    words = words.strip("<>") if "://" in words else words
    if code.data.lower().startswith("<br"):
        return " "
    words = html.unescape(words)
    return html.escape(words, quote=False) if markup == "tags" else words


def _escaped(text: str, markup: Markup, its_markup: Markup) -> str:
    """Text between codes as the msgid's markup writes it."""
    if its_markup == "markdown":
        text = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
    return html.escape(text, quote=False) if markup == "tags" else text
