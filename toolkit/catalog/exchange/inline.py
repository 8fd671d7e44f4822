"""Inline codes of a unit for an exchange file: cut a text into text and codes, and give the same code in source and target the
same id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from toolkit.codes import find, paired
from toolkit.units import Code, Markup

Role = Literal["ph", "open", "close", "alone-open", "alone-close"]
"""A placeholder; the halves of a pair; halves whose other half is missing."""
_TAGS: Mapping[Role, str] = {
    "ph": "<{}/>",
    "open": "<{}>",
    "close": "</{}>",
    "alone-open": "<{}>",
    "alone-close": "</{}>",
}
_TAG = re.compile(r"(</?)([^<>/\s]+)(/?>)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A code in its place in a text, or the text between two."""

    text: str
    """What a translator sees."""
    role: Role | Literal["text"] = "text"
    id: int = 0
    """The same for both halves of a pair."""
    nests: bool = True
    """Of a pair: no other pair begins in it and ends outside."""
    closing: str = ""
    """Of an opening half: the other half's text."""


@dataclass(frozen=True, slots=True)
class _Named:
    """A code or a pair of codes, without its place."""

    opening: str
    closing: str
    role: Role


def pieces(source: str, target: str, markup: Markup) -> tuple[list[Piece], list[Piece]]:
    """Source and target in pieces; joining their texts gives each back."""
    ids: dict[_Named, list[int]] = {}
    first = list(_cut(source, markup, ids, {}))
    used: dict[_Named, int] = {}
    return first, list(_cut(target, markup, ids, used, above=sum(map(len, ids.values()))))


def numbered_tag(role: Role, name: str) -> str:
    """The numbered tag for a code of another tool's, which keeps what it stands for elsewhere."""
    return _TAGS[role].format(name)


def numbered(source: str, markup: Markup) -> tuple[str, dict[str, str]]:
    """A source as it reads where a tool left only the ids of our codes (`<g id="1">`, `<x id="2"/>`), and the code for each of
    those tags."""
    written, codes = [], {}
    for piece in pieces(source, "", markup)[0]:
        if piece.role == "text":
            written.append(piece.text)
        else:
            written.append(numbered_tag(piece.role, str(piece.id)))
            codes[written[-1]] = piece.text
    return "".join(written), codes


def renumbered(source: str) -> tuple[str, dict[str, str]]:
    """A source with tags, which are numbered anew as they come, and what each name became: tools number through a file."""
    names: dict[str, str] = {}
    return _TAG.sub(lambda tag: tag[1] + names.setdefault(tag[2], str(len(names) + 1)) + tag[3], source), names


def with_codes(text: str, codes: Mapping[str, str], names: Mapping[str, str]) -> str:
    """The text with codes in the place of their numbered tags, of which a tool used other names."""
    return _TAG.sub(lambda tag: codes.get(tag[1] + names.get(tag[2], "") + tag[3], tag[0]), text)


def _cut(
    text: str, markup: Markup, ids: dict[_Named, list[int]], used: dict[_Named, int], above: int | None = None
) -> Iterator[Piece]:
    """The pieces of a text. Without `above` ids are given out, and kept in `ids`; else those in `ids` are used again, one after
    the other, and what the source does not have gets numbers beyond."""
    codes = find(text, markup)
    pairs = paired(codes)
    partner: Mapping[int, int] = dict(pairs)
    opener = {closing: opening for opening, closing in pairs}
    crossing = _crossing(pairs)
    given: dict[int, int] = {}
    last = above or 0
    at = 0
    for index, code in enumerate(codes):
        if code.start > at:
            yield Piece(text[at : code.start])
        at = code.end
        seen = text[code.start : code.end]
        if index in opener:
            opening = opener[index]
            yield Piece(seen, "close", given[opening], opening not in crossing)
            continue
        other = codes[partner[index]] if index in partner else None
        closing = text[other.start : other.end] if other else ""
        named = _Named(seen, closing, _role(code, other is not None))
        known = ids.get(named, [])
        place = used.get(named, 0)
        if above is not None and place < len(known):
            number = known[place]
            used[named] = place + 1
        else:
            last += 1
            number = last
            if above is None:
                ids.setdefault(named, []).append(number)
        given[index] = number
        yield Piece(seen, named.role, number, index not in crossing, closing)
    if at < len(text):
        yield Piece(text[at:])


def _role(code: Code, whole: bool) -> Role:
    if code.kind == "ph":
        return "ph"
    if whole:
        return "open"
    return "alone-open" if code.kind == "sc" else "alone-close"


def _crossing(pairs: list[tuple[int, int]]) -> set[int]:
    """The opening halves of pairs that cross another."""
    found: set[int] = set()
    open_: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        while open_ and open_[-1][1] < start:
            open_.pop()
        for pair in open_:
            if start < pair[1] < end:
                found |= {start, pair[0]}
        open_.append((start, end))
    return found
