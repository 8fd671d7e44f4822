"""What checks look at: a text without its inline codes, and the places that quote another language on purpose."""

from __future__ import annotations

import re

from toolkit import codes
from toolkit.units import Markup


def bare(text: str, markup: Markup) -> str:
    """The text with a blank in place of each code: markup and addresses are not words."""
    parts, end = [], 0
    for code in codes.find(text, markup):
        parts.append(text[end : code.start])
        end = code.end
    return " ".join((*parts, text[end:]))


_ASIDE = re.compile(r"[(（\[［“„\"「『《〈‘][^()（）\[\]［］“”„\"「」『』《》〈〉‘’]*[)）\]］”\"」』》〉’]")


def without_asides(text: str) -> str:
    """The text without what stands in brackets or quotes: there a translator may keep the original's words."""
    return _ASIDE.sub(" ", text)
