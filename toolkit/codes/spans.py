"""Replacing and comparing spans of a text, and finding the two halves of each pair of codes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from toolkit.units import Code

Edit = tuple[int, int, str]
"""Start, end and new text of a span of a text."""
Span = tuple[int, int]

_TAG = re.compile(r"</?\d+/?>")


def replaced(text: str, edits: Iterable[Edit], between: Callable[[str], str] = str) -> str:
    """The text with the edits made, in any order; they do not overlap. `between` is applied to the text between the spans."""
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [between(text[at:start]), new]
        at = end
    return "".join([*parts, between(text[at:])])


def outside(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The spans that lie in none of the others."""
    known = list(others)
    return [one for one in spans if not any(start <= one[0] and one[1] <= end for start, end in known)]


def paired(codes: Sequence[Code]) -> list[tuple[int, int]]:
    """The indexes of the opening and the closing code of each pair, in the order of the closing codes.

    A numbered tag closes the tag with its number, any other closing code the last one that is open. Codes without another
    half are left out.
    """
    pairs: list[tuple[int, int]] = []
    open_: list[int] = []
    for index, code in enumerate(codes):
        if code.kind == "sc":
            open_.append(index)
        elif code.kind == "ec":
            label = code.data.replace("/", "", 1) if _TAG.fullmatch(code.data) else None
            places = reversed(range(len(open_)))
            place = next((at for at in places if label is None or codes[open_[at]].data == label), None)
            if place is not None:
                pairs.append((open_.pop(place), index))
    return pairs
