"""Reads numerals in words: English, Chinese, Tibetan.

Every possible reading is yielded: they are used to find the counterpart of a figure, and never to report an error.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

Value = Fraction


@cache
def table(name: str) -> dict[str, Value]:
    """A table of `numbers.toml`: word -> value, as an exact fraction."""
    return {word: Value(str(value)) for word, value in tables()[name].items()}


@cache
def tables() -> dict[str, dict[str, Any]]:
    """All tables of `numbers.toml`."""
    entry = files("toolkit.language.numbers").joinpath("numbers.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8"))


_HALF = re.compile(
    r"\bhalf[- ]an?[- ](dozen|hundred|thousand|million|billion|trillion|decade|century)\b", re.IGNORECASE
)


_ENGLISH = re.compile(r"[A-Za-z]+|\d[\d,.]*|[^\sA-Za-z\d-]+")
_NOTHING = Value(0)


def english(text: str) -> Iterator[Value]:
    """The values of English numerals: `twenty-five`, `two hundred thousand`, `3 million`; months count as their number."""
    ones, scales = table("english"), table("english_scales")
    yield from (scales[found[1].lower()] / 2 for found in _HALF.finditer(text))
    total = part = _NOTHING
    inside = False
    for word in (*_ENGLISH.findall(text), ""):
        name = word.lower()
        if name in ones:
            part += ones[name]
            yield ones[name]
            yield part
        elif name in scales and len(name) > 2:
            part = (part or Value(1)) * scales[name]
            yield part
            if scales[name] >= 1000:
                total, part = total + part, Value(0)
                yield total
        elif word[:1].isdecimal() and not inside:  # `²` is a digit, and no number
            digits = word.replace(",", "").strip(".")
            part = Value(digits) if digits.count(".") < 2 else Value(0)
        elif name != "and":
            total = part = _NOTHING
            inside = False
            continue
        yield total + part
        inside = True


_DIGITS = "〇零一壹首单單二两兩双雙三四五六七八九半"
_SCALES = "十廿百千万萬亿億兆"
_NUMERALS = frozenset(_DIGITS + _SCALES)
_MORE = f"(?<=[\\d十百千万萬])[多余餘来來几幾](?=[{_SCALES}])"
_HAN = re.compile(rf"(?:\d+(?:\.\d+)?[ ]?)?(?:[{_DIGITS}{_SCALES}]|{_MORE}|\d+(?:\.\d+)?)+")
_EITHER = re.compile("([一二三四五六七八九])([一二三四五六七八九])([十百千万萬亿億])")


def chinese(text: str) -> Iterator[Value]:
    """The values of Chinese numerals: `三十五`, `二〇〇九`, `1亿2000万`, `3千5百`, `20多万`; for `四五百` 400 and 500."""
    digits, scales = table("chinese"), table("chinese_scales")
    if _NUMERALS.isdisjoint(text):
        return
    for found in _HAN.finditer(text):
        run = re.findall(r"\d+(?:\.\d+)?|[^\d. 多余餘来來几幾]", found[0])
        if not any(item in digits or item in scales for item in run):
            continue
        yield _chinese(run)
        if len(run) > 2 and run[-1] in digits and (unit := scales.get(run[-2], Value(0))) >= 100:
            yield _chinese(run[:-1]) + digits[run[-1]] * unit / 10  # 一万九千五 is 19,500
        if not any(item in scales for item in run):
            yield from (digits[item] for item in run if item in digits)
    for found in _EITHER.finditer(text):
        yield from (digits[found[n]] * scales[found[3]] for n in (1, 2))


def _chinese(run: Sequence[str]) -> Value:
    """The value of one numeral, given as its digits, numbers and scales in order."""
    digits, scales = table("chinese"), table("chinese_scales")
    total = section = Value(0)
    number: Value | None = None
    last = Value(0)
    for item in run:
        if item not in scales:
            value = digits[item] if item in digits else Value(item)
            number = value if number is None or item not in digits else number * 10 + value
            continue
        unit = scales[item]
        if unit < 10000:
            section += (Value(1) if number is None else number) * unit
        elif last and unit >= last:
            total = (total + section + (number or 0)) * unit
            section = Value(0)
        else:
            total += (section + (number or 0) or 1) * unit
            section = Value(0)
        last = unit if unit >= 10000 else last
        number = None
    return total + section + (number or 0)


_TIBETAN = re.compile(r"[\u0f40-\u0fbc]")
_ENDINGS = re.compile(r"(?<=[\u0f40-\u0fbc])(?:འི|འང|འམ|འོ|ར|ས)\Z")
_JOINTS = frozenset(("རྩ", "དང", "ཕྲག", "ལ", "པ", "བ"))


def tibetan(text: str) -> Iterator[Value]:
    """The values of Tibetan numerals: `ཉི་ཤུ་རྩ་ལྔ`, `ཁྲི་ལྔ`, `ལྔ་བརྒྱ`; a scale multiplies the digit before or after it."""
    if not _TIBETAN.search(text):
        return
    words, scales = table("tibetan"), table("tibetan_scales")
    run: list[tuple[Value, bool]] = []
    items = _tibetan_items(text)
    for item in (*items, ""):
        if item in scales:
            run.append((scales[item], True))
        elif item in words:
            run.append((words[item], False))
        elif item[:1].isdecimal():
            run.append((Value(item.rstrip(".")), False))
        elif item not in _JOINTS and run:
            yield from _tibetan(run)
            run = []


def _tibetan_items(text: str) -> list[str]:
    """Syllables and numbers in order; two syllables that are one numeral are joined, case endings of numerals cut off."""
    syllables = re.findall(r"\d+(?:\.\d+)?|[\u0f40-\u0fbc]+|[^\s\u0f0b\u0f0c\u0f40-\u0fbc\d]", text)
    items: list[str] = []
    at = 0
    while at < len(syllables):
        pair = _numeral("་".join(syllables[at : at + 2])) if syllables[at] in _firsts() else ""
        items.append(pair or _numeral(syllables[at]) or syllables[at])
        at += 2 if pair else 1
    return items


@cache
def _firsts() -> frozenset[str]:
    """The first syllables of the numerals that have two."""
    return frozenset(
        word.partition("་")[0] for name in ("tibetan", "tibetan_scales") for word in table(name) if "་" in word
    )


@lru_cache(maxsize=16384)
def _numeral(word: str) -> str:
    """The numeral that one or two syllables are, without a case ending; empty for other words."""
    forms = (word, _ENDINGS.sub("", word))
    return next((form for form in forms if form in table("tibetan") or form in table("tibetan_scales")), "")


def _tibetan(run: Sequence[tuple[Value, bool]]) -> Iterator[Value]:
    """The readings of one numeral, given as its values in order and whether each is a scale."""
    yield from (value for value, _ in run)
    for before in (True, False):
        total = part = Value(0)
        pending: Value | None = None
        for value, is_scale in run:
            if not is_scale:
                if pending is not None and not before:
                    total += pending * value
                    pending = None
                    yield total
                    continue
                part += value
                yield part
            elif before:
                total += (part or 1) * value
                part = Value(0)
            else:
                total += part + (pending or 0)
                part, pending = Value(0), value
            yield total + part + (pending or 0)
        for (left, scale), (right, other) in pairwise(run):
            if scale != other:
                yield left * right
            elif not scale:
                yield left + right
            elif left < right:
                yield left * right
