"""What a model says about a translation, and what of its machinery it lets slip; the words are in data/answers.toml."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import regex

from toolkit.quality.pair import Compared, Draft, data

_MARKER = regex.compile(r"[(（\[［【]\s*(\p{Nd}{1,3})\s*[)）\]］】]")
_COLONS = frozenset(":：༔")
_NEVER = r"(?!)"
_MANY = 3
"""So many markers more than the source has are no footnote."""
_NUMBERED = regex.compile(r"(?:^|\n|[.。！？!?།] *)[(（\[]?([1-9]|[一二三四]|[༡-༩])[)）\].．、:：]")
_ENOUGH_ODD = 3
_ORPHANS = re.compile(r"[\u0f71-\u0f84\u0f90-\u0fbc](?<![\u0f00-\u0f0a\u0f0c\u0f0e-\u0fff].)")
"""Tibetan vowels and subjoined letters with nothing to stand on."""


def garbled(draft: Compared) -> str:
    """Characters that no text has, or what is left of broken UTF-8."""
    odd = [char for char in draft.signs if _ODD[char]]
    if odd and set(odd) - set(draft.source) - set("\n\t"):
        return "holds characters that cannot be shown"
    bare = len(_ORPHANS.findall(draft.target))
    broken = _new(draft, "garbled")
    if len(broken) >= 2 or (bare >= _ENOUGH_ODD and bare - len(_ORPHANS.findall(draft.source)) >= _ENOUGH_ODD):
        return "holds garbled characters"
    return ""


class _Odd(dict[str, bool]):
    """Character -> whether no text has it, filled as characters come."""

    def __missing__(self, char: str) -> bool:
        self[char] = char == "\ufffd" or unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs")
        return self[char]


_ODD = _Odd()


def tokens(draft: Compared) -> str:
    """`<|im_end|>` and the like."""
    return "holds the model's control signs" if _new(draft, "tokens") else ""


def thoughts(draft: Compared) -> str:
    """`<think>` with something in it."""
    return "holds the model's own reasoning" if _new(draft, "thoughts") else ""


def delimiters(draft: Draft) -> str:
    """Marks that keep sentences apart in the question, left in the answer."""
    return "marks between the sentences are left in it" if _new(draft, "delimiters") else ""


def markup(draft: Draft) -> str:
    """XML, JSON, a code fence, emphasis."""
    return "comes in markup that the source does not have" if _new(draft, "markup") else ""


def refusal(draft: Compared) -> str:
    """`I'm sorry, I can't`."""
    return "the model declines to translate" if _says(draft, "refusal") else ""


def preface(draft: Compared) -> str:
    """`Here is the translation:`, or the name of a language."""
    if _says(draft, "preface"):
        return "begins with a remark about the translation"
    labels = _labels()
    if not draft.signs.isdisjoint(_COLONS) and labels.search(draft.target) and not labels.search(draft.source):
        return "the name of a language stands before the text"
    return ""


def note(draft: Compared) -> str:
    """`Note: …`."""
    return "a note or an explanation follows the translation" if _says(draft, "note") else ""


def choice(draft: Draft) -> str:
    """`or: …`, `1. … 2. …`."""
    if _says(draft, "choice"):
        return "offers several translations"
    numbers = _NUMBERED.findall(draft.target)
    listed = any(pair in _FOLLOWING for pair in pairwise(numbers)) and numbers[0] in "1一༡"
    return "offers a list where the source has none" if listed and not _NUMBERED.search(draft.source) else ""


def markers(draft: Draft) -> str:
    """`(1)` many times over."""
    extra = len(_MARKER.findall(draft.target)) - len(_MARKER.findall(draft.source))
    return "markers such as (1) come again and again" if extra >= _MANY else ""


def lines(draft: Draft) -> str:
    """More lines than the source has."""
    more = draft.target.strip().count("\n") > draft.source.strip().count("\n")
    return "several lines where the source has fewer" if more else ""


_FOLLOWING = {pair for digits in ("123", "一二三", "༡༢༣") for pair in pairwise(digits)}


def _says(draft: Compared, kind: str) -> bool:
    """Whether the answer has a phrase of that kind, and the source none: then it is no translation of one."""
    phrases = _phrases(kind)
    return phrases.stand_in(draft.target.strip()) and not phrases.stand_in(draft.source.strip())


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases of a kind: those that a text begins with, which are looked for in one place, and those that stand anywhere."""

    first: regex.Pattern[str]
    anywhere: regex.Pattern[str]

    def stand_in(self, text: str) -> bool:
        """Whether a text has one of them."""
        return bool(self.first.match(text) or self.anywhere.search(text))


@cache
def _phrases(kind: str) -> _Phrases:
    patterns: list[str] = data()[kind]
    first = [pattern for pattern in patterns if pattern.startswith("^")]
    anywhere = [pattern for pattern in patterns if not pattern.startswith("^")]
    return _Phrases(_any(first or [_NEVER]), _any(anywhere or [_NEVER]))


def _new(draft: Compared, kind: str) -> list[str]:
    """What the answer has of the machinery of that kind, and the source has not."""
    if draft.signs.isdisjoint(_signs(kind)):
        return []
    return [found[0] for found in _machinery(kind).finditer(draft.target) if found[0] not in draft.source]


@cache
def _signs(kind: str) -> frozenset[str]:
    """Characters of which each text of the machinery of that kind has one, in either case."""
    said = data()["signs"][kind]
    return frozenset(said.lower() + said.upper())


@cache
def _machinery(kind: str) -> regex.Pattern[str]:
    return _any(data()["machinery"][kind])


@cache
def _labels() -> regex.Pattern[str]:
    names = "|".join(data()["names"])
    return regex.compile(rf"(?:^|\n)[ *#“\"「\[【（(]*(?:{names})[་ *\]】）)]*[:：༔]", regex.IGNORECASE)


def _any(patterns: list[str]) -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{pattern})" for pattern in patterns), regex.IGNORECASE)
