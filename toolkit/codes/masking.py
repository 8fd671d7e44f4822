"""Hide the codes of a text from an engine behind short markers, and put them back into what it answers, each once.

Markers are what engines break first: SentencePiece models turn underscores into blanks and fold full-width forms,
language models renumber or drop what looks like noise. So a marker is ASCII, short, and looks like something that is
copied in the data these models were trained on: a number in square brackets, as of a footnote. Its number occurs
nowhere else in the text, so that it is known again when the engine has spaced it, widened it or lost a bracket.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..units import Code
from .placing import own_places, place

_NUMBER = re.compile(r"\d+")
_OPEN, _CLOSE = r"[\[［【〔〖「{(（<⟦]", r"[\]］】〕〗」})）>⟧]"
_WIDE = str.maketrans({ord("0") + n: f"[{n}{chr(0xFF10 + n)}{chr(0x0F20 + n)}]" for n in range(10)})


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with markers where codes stood, and what is needed to undo it."""

    text: str
    tokens: tuple[str, ...]
    """The markers, in order; empty when the codes were taken out altogether."""
    source: str = ""
    codes: tuple[Code, ...] = ()
    groups: tuple[tuple[int, ...], ...] = field(default=())
    """For each token, the indexes of the codes that it stands for."""


def mask(text: str, codes: Sequence[Code]) -> Masked:
    """Put a marker in the place of each run of adjacent codes."""
    groups = _groups(codes)
    used = {int(number) for number in _NUMBER.findall(text)}
    free = (number for number in range(1, len(used) + len(groups) + 1) if number not in used)
    tokens = tuple(f"[{next(free)}]" for _ in groups)
    result, position = [], 0
    for token, group in zip(tokens, groups, strict=True):
        result += [text[position : codes[group[0]].start], token]
        position = codes[group[-1]].end
    return Masked("".join(result) + text[position:], tokens, text, tuple(codes), groups)


def strip(text: str, codes: Sequence[Code]) -> Masked:
    """Take the codes out, for an engine that cannot be trusted with markers; `restore` puts them in by proportion."""
    return Masked(own_places(text, codes)[1], (), text, tuple(codes), _groups(codes))


def restore(masked_target: str, masked: Masked) -> tuple[str, tuple[str, ...]]:
    """The engine's answer with the codes in it, and remarks on those that it had lost: `code re-inserted: **`.

    Each code of the source comes out exactly once and pairs are properly nested, whatever the engine did.
    """
    text, places = _located(masked_target, masked)
    return place(text, masked.source, masked.codes, places)


def _groups(codes: Sequence[Code]) -> tuple[tuple[int, ...], ...]:
    """The codes' indexes, those of adjacent codes together."""
    groups: list[list[int]] = []
    for index, code in enumerate(codes):
        if groups and codes[index - 1].end == code.start:
            groups[-1].append(index)
        else:
            groups.append([index])
    return tuple(tuple(group) for group in groups)


def _located(answer: str, masked: Masked) -> tuple[str, dict[int, int]]:
    """The answer without its markers, and for each code whose marker was there the offset where it belongs."""
    spans: list[tuple[int, int, int]] = []
    for number, token in enumerate(masked.tokens):
        found = [match.span() for match in _pattern(token).finditer(answer)]
        spans += [(start, end, number if not i else -1) for i, (start, end) in enumerate(found)]
    pieces: list[str] = []
    places: dict[int, int] = {}
    position = length = 0
    for start, end, number in sorted(spans):
        if start < position:
            continue
        before, end = _trimmed(answer[position:start], answer, end, masked, number)
        pieces.append(before)
        length += len(before)
        position = end
        if number >= 0:
            places |= dict.fromkeys(masked.groups[number], length)
    return "".join(pieces) + answer[position:], places


def _trimmed(before: str, answer: str, end: int, masked: Masked, number: int) -> tuple[str, int]:
    """What stands before a marker and where it ends, without the blanks that the engine put inside a pair."""
    if number < 0:
        return before, end
    group = masked.groups[number]
    first, last = masked.codes[group[0]], masked.codes[group[-1]]
    if first.kind == "ec" and not masked.source[max(first.start - 1, 0) : first.start].isspace():
        before = before.rstrip()
    if last.kind == "sc" and not masked.source[last.end : last.end + 1].isspace():
        while answer[end : end + 1].isspace():
            end += 1
    return before, end


def _pattern(token: str) -> re.Pattern[str]:
    """Finds a marker again: spaced, in full-width or other brackets, in other digits, with one bracket lost."""
    number = r"\s?".join(digit.translate(_WIDE) for digit in token[1:-1])
    return re.compile(rf"{_OPEN}\s*(?<!\d){number}(?!\d)\s*{_CLOSE}|{_OPEN}{number}(?!\d)|(?<!\d){number}{_CLOSE}")
