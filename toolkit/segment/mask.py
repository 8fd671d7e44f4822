"""Masking for sentence scanners: paired codes are left out, placeholders and URLs are one word; offsets can be mapped back."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from toolkit.units import Code

_URL = re.compile(
    r"(?:\bhttps?://|\bftp://|\bwww\.)[^\s<>\"“”「」『』《》（），。；！？、]{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,8}"
)
_NOT_URL = ".,;:!?'’)]}*_"
_WORD = "Xxxxx"
"""Replaces a placeholder or a URL: a word without a stop that is no abbreviation and may begin a sentence."""

_BREAK = re.compile(r"<br\b|\n\s*$|\\$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScannedText:
    """A masked text, and for each piece of it three offsets: its start in the masked text, its start and end in the original."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]

    def start(self, offset: int) -> int:
        """The offset in the original at which the character at `offset` begins."""
        masked, original, end = self._piece(offset)
        return min(original + offset - masked, end)

    def end(self, offset: int) -> int:
        """The offset in the original at which the character before `offset` ends."""
        masked, original, end = self._piece(offset - 1)
        if self.text[masked : masked + len(_WORD)] == _WORD and end - original != len(_WORD):
            return end
        return min(original + offset - masked, end)

    def _piece(self, offset: int) -> tuple[int, int, int]:
        return self.pieces[bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1]


def mask(text: str, codes: Sequence[Code]) -> ScannedText:
    """The text as a scanner sees it: opening and closing codes left out, one word for a placeholder or a URL."""
    shown: list[tuple[str, int, int]] = []
    position = 0
    for start, end, replacement in _replacements(text, codes):
        shown += [(text[position:start], position, start), (replacement, start, end)]
        position = end
    shown = [piece for piece in (*shown, (text[position:], position, len(text))) if piece[0]]
    offsets = accumulate((len(words) for words, *_ in shown), initial=0)
    pieces = tuple((offset, start, end) for offset, (_, start, end) in zip(offsets, shown, strict=False))
    return ScannedText("".join(words for words, *_ in shown), pieces or ((0, 0, 0),))


def _replacements(text: str, codes: Sequence[Code]) -> Iterator[tuple[int, int, str]]:
    position = 0
    for code in codes:
        yield from _urls(text, position, code.start)
        yield code.start, code.end, _stand_in(text, code)
        position = code.end
    yield from _urls(text, position, len(text))


def _stand_in(text: str, code: Code) -> str:
    if code.kind != "ph":
        return ""
    if _BREAK.search(code.data):
        return " "
    glued = code.start > 0 and text[code.start - 1] in ".!?…。！？།\"”’')"
    return "" if glued else _WORD


def _urls(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for found in _URL.finditer(text, start, end):
        stop = found.start() + len(found[0].rstrip(_NOT_URL))
        if stop > found.start():
            yield found.start(), stop, _WORD
