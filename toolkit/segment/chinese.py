"""Chinese sentences: a full stop, question or exclamation mark ends one unless a quotation or bracket is open.

After a closing quotation mark the sentence goes on (“……。”他说), unless a new quotation follows at once or a colon stood
before it (他说：“……。”); a parenthesis that began a sentence ends it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.language import Language
from toolkit.segment.pairs import QUOTES, after_blanks, pairs

_STOPS = re.compile(r"[。！？!?]+")
_GOES_ON = re.compile("然后|然後|并|並|接着|接著|随后|隨後|说完|說完|之后|之後|而后|而後|便|就|随即|隨即|[，、；的]")
"""What goes on with the sentence of a quotation: its speaker does something more."""
_LONGEST = 120
"""Characters; a longer quotation is cut inside."""

_STRAY = '”’」』）)】》"'


def starts(text: str, language: Language) -> Iterator[int]:
    """The offsets at which a new sentence begins."""
    closed_by = pairs(text, _LONGEST)
    opened_by = {closing: opening for opening, closing in closed_by.items()}
    stack: list[int] = []
    begin, offset = after_blanks(text, 0), 0
    while offset < len(text):
        char = text[offset]
        if offset in closed_by:
            stack.append(offset)
        elif offset in opened_by:
            outer = stack[0]
            while stack and stack.pop() != opened_by[offset]:
                pass
            if not stack and text[offset - 1] in "。！？!?”’」』" and _ends(text, outer, offset + 1, begin):
                begin = after_blanks(text, offset + 1)
                yield begin
        elif not stack and char in "。！？!?" and (stop := _STOPS.match(text, offset)):
            end = stop.end()
            while end < len(text) and text[end] in _STRAY and end not in closed_by and end not in opened_by:
                end += 1
            offset = end - 1
            if not (char in "!?" and text[end : end + 1].isascii() and text[end : end + 1].isalnum()):
                begin = after_blanks(text, end)
                yield begin
        offset += 1


def _ends(text: str, outer: int, end: int, begin: int) -> bool:
    """Whether the quotation or bracket from `outer` to `end`, with a stop before its closing mark, ends the sentence."""
    if text[outer] in QUOTES or text[outer] == '"':
        if text[outer - 1 : outer] in ("：", ":"):  # 他说：“……。”
            return not _GOES_ON.match(text, after_blanks(text, end))
        following = text[after_blanks(text, end) : after_blanks(text, end) + 1]
        return bool(following) and (following in QUOTES or following == '"')
    return outer == begin and text[outer] in "（(【[〔"
