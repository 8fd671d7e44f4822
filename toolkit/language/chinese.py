"""Which of the two ways of writing Chinese a character belongs to."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache


@cache
def is_other(char: str, simplified: bool) -> bool:
    """Whether only the other Chinese writes this character: the Traditional one, if ours is `simplified`.

    Conversion alone would accuse 乾, 著 or 於, and 后, 里 or 干, which both know; the national character sets tell.
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
