"""Replacing the codes of a text by short markers for an engine, and putting the codes back into its answer, each once.

Engines often damage markers: SentencePiece models turn underscores into blanks and fold full-width forms, and all
engines drop or renumber markers at times. Of fifteen forms tried on ten sentences with the starter model, and
the best eight of them on twenty, `(1)`, apart from the words, came through best (38 codes of 47; `[1]` 34; `<1>` and
`{1}` hardly ever), and the words around it were translated as without it; letters (`XX1XX`) kept their neighbours English.
Its number occurs nowhere else in the text, so that it is recognized when the engine added blanks or wrote full-width forms.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.codes.placing import own_places, place
from toolkit.codes.spans import replaced
from toolkit.units import Code

_REFERENCE = re.compile(r"&#?[A-Za-z0-9]{1,31};")
_NUMBER = re.compile(r"\d+")
_OPEN, _CLOSE = r"[(（\[［【〔〖「{<⟦]", r"[)）\]］】〕〗」}>⟧]"
_DIGITS = r"(\d(?:\s?\d)*)"
_WHOLE = re.compile(rf"{_OPEN}\s*{_DIGITS}\s*{_CLOSE}")
_DAMAGED = re.compile(rf"{_OPEN}\s*{_DIGITS}|(?<!\d){_DIGITS}\s*{_CLOSE}")
"""One of the brackets was lost."""
_LISTED = re.compile(rf"\s*{_DIGITS}\s*(?:[、．]|[.,，](?!\d))\s*")
_UNSPACED = (
    (0x0E00, 0x109F),
    (0x1780, 0x17FF),
    (0x2E80, 0xA4CF),
    (0xF900, 0xFAFF),
    (0xFF00, 0xFFEF),
    (0x20000, 0x3FFFF),
)
"""Code points of scripts without blanks between words, where a missing blank does not tell that a code adjoins a word."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with markers in place of its codes, and what is needed to restore them."""

    text: str
    tokens: tuple[str, ...]
    """The markers, in order; empty when the codes were removed."""
    source: str = ""
    codes: tuple[Code, ...] = ()
    groups: tuple[tuple[int, ...], ...] = field(default=())
    """For each token, the indexes of the codes that it stands for."""


def mask(text: str, codes: Sequence[Code]) -> Masked:
    """The text with a marker in place of each run of adjacent codes, and a blank between a marker and a letter."""
    groups = _groups(codes)
    used = {int(number[:9]) for number in _NUMBER.findall(text)}
    free = (number for number in range(1, len(used) + len(groups) + 1) if number not in used)
    tokens = tuple(f"({next(free)})" for _ in groups)
    edits = []
    for token, group in zip(tokens, groups, strict=True):
        start, end = codes[group[0]].start, codes[group[-1]].end
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        edits.append((start, end, " " * before.isalnum() + token + " " * after.isalnum()))
    return Masked(replaced(text, edits, readable), tokens, text, tuple(codes), groups)


def readable(text: str) -> str:
    """The text with its character references decoded, because engines would translate `mdash` as a word."""
    return _REFERENCE.sub(lambda match: html.unescape(match.group()), text)


def strip(text: str, codes: Sequence[Code]) -> Masked:
    """The text without its codes, for an engine that does not keep markers; `restore` inserts them at proportional offsets."""
    return Masked(own_places(text, codes)[1], (), text, tuple(codes), _groups(codes))


def restore(masked_target: str, masked: Masked) -> tuple[str, tuple[str, ...]]:
    """The engine's answer with the codes restored, and a remark for each one whose marker was lost: `code re-inserted: **`.

    Each code of the source comes out exactly once and pairs are properly nested, whatever the engine did.
    """
    if masked_target == masked.text:  # nothing was translated, so the source is returned unchanged
        return masked.source, ()
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
    pieces: list[str] = []
    places: dict[int, int] = {}
    position = length = 0
    for start, end, number in sorted(_markers(answer, masked)):
        if start < position:
            continue
        before, end = _trimmed(answer[position:start], answer, end, masked, number)
        pieces.append(before)
        length += len(before)
        position = end
        if number >= 0:
            places |= dict.fromkeys(masked.groups[number], length)
    return "".join(pieces) + answer[position:], places


def _markers(answer: str, masked: Masked) -> Iterator[tuple[int, int, int]]:
    """Span and number of each marker in the answer; -1 for one that came twice, or that the engine invented."""
    numbers = {int(token[1:-1]): number for number, token in enumerate(masked.tokens)}
    used = {int(number[:9]) for number in _NUMBER.findall(masked.text)}
    seen: set[int] = set()
    for match in _WHOLE.finditer(answer) if numbers else ():
        value = _value(match)
        if value in numbers or (value not in used and value < max(numbers) + 4):
            yield match.start(), match.end(), numbers[value] if value in numbers and value not in seen else -1
            seen.add(value)
    lost = numbers.keys() - seen
    for match in _DAMAGED.finditer(answer) if lost else ():
        if (value := _value(match)) in lost:
            lost.remove(value)
            yield match.start(), match.end(), numbers[value]
    first = _LISTED.match(answer)  # `(1) Rain` became a numbered list: `1、雨`
    if first and (value := _value(first)) in lost and value == min(numbers):
        yield first.start(), first.end(), numbers[value]


def _value(match: re.Match[str]) -> int:
    """The number of a marker, written in any decimal digits, perhaps with blanks between them."""
    digits = next(group for group in match.groups() if group)
    return int("".join(digits.split())[:9])


def _trimmed(before: str, answer: str, end: int, masked: Masked, number: int) -> tuple[str, int]:
    """The text before a marker and the end of the marker, adjusted to leave out blanks that the source does not have there."""
    if number < 0:
        return before, end
    first, last = masked.codes[masked.groups[number][0]], masked.codes[masked.groups[number][-1]]
    rest = end
    while answer[rest : rest + 1].isspace():
        rest += 1
    bare = before.rstrip()
    between_han = first.kind != "ph" and _is_han(bare[-1:]) and _is_han(answer[rest : rest + 1])
    left = masked.source[max(first.start - 1, 0) : first.start]
    right = masked.source[last.end : last.end + 1]
    if between_han or _is_glued(left, first.kind == "ec"):
        before = bare
    if between_han or _is_glued(right, last.kind == "sc"):
        end = rest
    return before, end


def _is_glued(neighbour: str, inside: bool) -> bool:
    """Whether no blank belongs between a code and this character of the source."""
    if inside:
        return not neighbour.isspace()
    return neighbour.isalnum() and not any(first <= ord(neighbour) <= last for first, last in _UNSPACED)


def _is_han(char: str) -> bool:
    return bool(char) and (0x2E80 <= ord(char) <= 0x9FFF or 0xFF00 <= ord(char) <= 0xFFEF)
