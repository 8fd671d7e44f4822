"""Recognizing an unmarked heading in plain text: a short line of its own that does not end as a sentence does.

The rule must hold for scripts without capitals and without blanks between words, so each kind of script has its own limits.
"""

from __future__ import annotations

import re

_CLOSERS = "\"'”’»›」』》〉)）]】 \u00a0"
_ENDS = ".!?…:;,。！？；：，、．།༎༏༐༑༔؟۔։।॥"
_SHAD = "།༎༏༐༑༔"
_TIBETAN = re.compile(r"[\u0f40-\u0fbc]")
_UNSPACED = re.compile(r"[\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SENTENCE_INSIDE = re.compile(r"[^\W\d_]{3}[.!?]\s+\S|[。！？；]")


def ends_a_sentence(text: str) -> bool:
    """Whether the text ends with punctuation, closing quotes and brackets aside."""
    return text.rstrip(_CLOSERS).endswith(tuple(_ENDS))


def looks_like_a_heading(text: str, title: bool = False) -> bool:
    """Whether a line of its own reads like a heading; the title of an article may also ask or exclaim."""
    if len(text) > 120:
        return False
    if _TIBETAN.search(text):
        body = text.rstrip(_SHAD + _CLOSERS)
        return not any(shad in body for shad in _SHAD) and body.count("་") <= 15
    body = text.rstrip(_CLOSERS).rstrip("?!？！") if title else text
    if ends_a_sentence(body) or _SENTENCE_INSIDE.search(body):
        return False
    if len(_UNSPACED.findall(body)) * 2 > len(body):
        return len(body) <= 36
    first = next((char for char in body if char.isalpha()), "a")
    return not first.islower() and len(body.split()) <= 14 and len(body) <= 100
