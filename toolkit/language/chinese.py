"""Tells Simplified from Traditional Chinese characters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from toolkit.language import Language

HANS, HANT = "zh-Hans", "zh-Hant"
"""The tags of the two scripts of Chinese."""


def is_chinese(spoken: Language) -> bool:
    """Whether a language is Chinese, in Simplified or Traditional characters."""
    return spoken.script in ("Hans", "Hant")


def other_chinese(text: str, spoken: Language) -> list[str]:
    """The characters of a text, in order, that belong only to the other script of Chinese: Traditional for `zh-Hans`."""
    simplified = spoken.script == "Hans"
    is_other = _OTHERS[simplified]
    others = {char for char in set(text) if is_other[char]}
    return [char for char in text if char in others] if others else []


def other_name(spoken: Language) -> str:
    """The name of the other script of Chinese: `Traditional` for `zh-Hans`."""
    return "Traditional" if spoken.script == "Hans" else "Simplified"


class _Others(dict[str, bool]):
    """Character -> whether it is only Traditional (`simplified`), or else only Simplified; filled as characters come.

    OpenCC alone would also report 乾, 著, 於, 后, 里 or 干, which both scripts use; so the character must be in the other
    script's national character set (GB 2312, Big5) and not in that of the own one.
    """

    def __init__(self, simplified: bool) -> None:
        self.simplified = simplified

    def __missing__(self, char: str) -> bool:
        ours, theirs = ("gb2312", "big5") if self.simplified else ("big5", "gb2312")
        coded = char > "\u2fff" and _encodable(char, theirs) and not _encodable(char, ours)
        self[char] = coded and _converter(self.simplified)(char) != char
        return self[char]


_OTHERS = {simplified: _Others(simplified) for simplified in (True, False)}


def _encodable(char: str, charset: str) -> bool:
    try:
        return bool(char.encode(charset))
    except UnicodeEncodeError:
        return False


@cache
def _converter(simplified: bool) -> Callable[[str], str]:
    import opencc

    convert: Callable[[str], str] = opencc.OpenCC("t2s" if simplified else "s2t").convert
    return convert
