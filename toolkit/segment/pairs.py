"""Pairs of quotation marks and brackets in a text."""

from __future__ import annotations

import re

QUOTES = {"“": "”", "‘": "’", "「": "」", "『": "』", "«": "»"}
BRACKETS = {"（": "）", "(": ")", "《": "》", "〈": "〉", "【": "】", "[": "]", "〔": "〕", "༼": "༽", "༺": "༻"}
_BLANKS = re.compile(r"\s*")
_CLOSING = {closing: opening for opening, closing in (QUOTES | BRACKETS).items()}


def pairs(text: str, longest: int) -> dict[int, int]:
    """Offsets of opening marks, each with that of the mark that closes it; pairs more than `longest` characters apart are left out.

    Straight quotes open and close in turn if their number is even, otherwise they are ignored. Takes linear time.
    """
    found: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    waiting = dict.fromkeys([*_CLOSING.values(), '"'], 0)
    straight = text.count('"') % 2 == 0
    for offset, char in enumerate(text):
        opening = _CLOSING.get(char) or ('"' if char == '"' and straight and waiting['"'] else "")
        if opening and waiting[opening]:
            while stack:
                mark, start = stack.pop()
                waiting[mark] -= 1
                if mark == opening:
                    if offset - start <= longest:
                        found[start] = offset
                    break
        elif char in QUOTES or char in BRACKETS or (char == '"' and straight):
            stack.append((char, offset))
            waiting[char] += 1
    return found


def after_blanks(text: str, offset: int) -> int:
    """The offset of the first character from `offset` on that is no white space."""
    found = _BLANKS.match(text, offset)
    return found.end() if found else offset
