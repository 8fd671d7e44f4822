"""Tibetan clauses, each ended by a shad.

Tibetan does not mark sentences: a shad also ends a clause. These segments are meant for highlighting and short model input,
not for alignment. After a final ཀ, ག or ཤ the shad may be left out, so that a blank alone ends the clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.language import Language
from toolkit.segment.pairs import QUOTES, after_blanks, pairs

_END = re.compile(
    r"[།༎༑༔](?:[ \u00a0]*[།༎༑])*"  # shads, also in twos: ། །
    r"|(?<=[ཀགཤ])[ིེོུ]?[ \u00a0]+(?:[།༎༑][ \u00a0]*)*(?![ \u00a0།༎༑0-9A-Za-z༠-༩(“\"])"
    r"|[?!？！]+(?=[\s”\"’)]|$)"
)
_LETTER = re.compile(r"[ཀ-ཬ]")
_LONGEST = 300
"""Characters; a longer quotation is cut inside."""

_QUOTATIVE = re.compile(r"[ཞཅཤ]ེས|ཟེར|སྟེ|དེ་|ལ་|ནས་|གི་|གྱི་|ཀྱི་")
_STRAY = '”’")༽༻'


def starts(text: str, language: Language) -> Iterator[int]:
    """The offsets at which a new clause begins; head marks, numbers of lists and what is quoted stay with their clause."""
    spans = _outermost(pairs(text, _LONGEST))
    begin = looked = span = 0
    lettered = False
    for found in _END.finditer(text):
        end = found.end()
        while span < len(spans) and spans[span][1] < found.start():
            span += 1
        if span < len(spans) and spans[span][0] < found.start():
            opening, closing = spans[span]
            if text[end:closing].strip() or not _ends(text, opening, closing + 1, begin):
                continue
            end = closing + 1
        while end < len(text) and text[end] in _STRAY:
            end += 1
        end = after_blanks(text, end)
        lettered = lettered or bool(_LETTER.search(text, looked, found.end()))
        looked = found.end()
        if not lettered:
            continue
        begin = looked = end
        lettered = False
        if end < len(text):
            yield end


def _ends(text: str, opening: int, end: int, begin: int) -> bool:
    """Whether a quotation or bracket with a shad before its closing mark ends the clause.

    It does where the clause began with it and no quotative particle or verb follows.
    """
    if text[begin:opening].strip():
        return False
    rest = text[end : end + 12].lstrip()
    return not ((text[opening] in QUOTES or text[opening] == '"') and _QUOTATIVE.match(rest))


def _outermost(found: dict[int, int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for opening, closing in sorted(found.items()):
        if not spans or opening > spans[-1][1]:
            spans.append((opening, closing))
    return spans
