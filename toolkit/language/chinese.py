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
    others = {char for char in set(text) if char > "\u2fff" and _is_other(char, simplified)}
    return [char for char in text if char in others] if others else []


def other_name(spoken: Language) -> str:
    """The name of the other script of Chinese: `Traditional` for `zh-Hans`."""
    return "Traditional" if spoken.script == "Hans" else "Simplified"


@cache
def _is_other(char: str, simplified: bool) -> bool:
    """Whether a character is only Traditional (`simplified`), or else only Simplified.

    OpenCC alone would also report 乾, 著, 於, 后, 里 or 干, which both scripts use; so the character must be in the other
    script's national character set (GB 2312, Big5) and not in that of the own one.
    """
    ours, theirs = ("gb2312", "big5") if simplified else ("big5", "gb2312")
    return _encodable(char, theirs) and not _encodable(char, ours) and _converter(simplified)(char) != char


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
