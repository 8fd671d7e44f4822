"""Reads the numbers in a text by value: 2.52 million, 252万 and ས་ཡ་༢.༥༢ are one number.

`figures` yields the numbers written in digits; `pool` also holds numerals in words, which a translator may have written
for a figure. A figure has several readings: 3,500 may have a separator of thousands or a decimal comma, and 1980s may
become 80年代.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from toolkit.language.numbers import numerals
from toolkit.language.numbers.numerals import Value, table, tables


@dataclass(frozen=True, slots=True)
class Figure:
    """A number written in digits."""

    text: str
    """As it is written, with its scale: `2.52 million`."""
    readings: frozenset[Value]
    near: frozenset[Value] = frozenset()
    """Values after a conversion of units, within 4 %: kilometres for miles."""
    strong: bool = True
    """It has two digits or more, or a scale; one digit alone may be translated by a word that is no numeral."""


_DECIMAL_TSHEG = re.compile(r"(?<=[༠-༩])་(?=[༠-༩])")
"""Dzongkha's decimal sign: ༦་༣༤."""
_TIBETAN = re.compile("[\u0f40-\u0fbc]")
_METRIC = "米克瓦升卡赫兆"
"""Behind 千 a unit, no number: 千米 is a kilometre."""
# What stands before a number is asked behind its first digit, in this pattern and others: one that begins with a digit is tried
# at digits alone, which makes it several times as fast.
_FIGURE = re.compile(
    r"\d(?<![\d.,]\d)(?:\d{0,2}(?:[,\u00a0\u202f\u2009' ]\d{3})+|\d{0,2}(?:,\d{2})+,\d{3}|\d{0,2}(?:\.\d{3}){2,}|\d*)(?:[.,]\d+)?(?!\d)"
)
_ENGLISH = re.compile(r"[A-Za-z]+")
_NAME = re.compile(r"(?:[A-Za-z][A-Za-z-]*-|[A-Za-z]+)\Z")
_AFTER = re.compile(r"[ \u00a0\u202f-]?([A-Za-z]+)")
_SEPARATORS = str.maketrans("", "", ",\u00a0\u202f\u2009' ")
_TIME = re.compile(r"(\d(?<!\w\d)\d?)\.(\d\d)(?=[ \u00a0]?[ap]\.?m)", re.IGNORECASE)
_CHAIN = re.compile(r"(?:\d+(?:\.\d+)?[百千万萬亿億兆]+){2,}")
"""Several figures with scales that make one number: 1亿2000万, 3千5百."""
_CHINESE_DECADE = re.compile(r"(\d{2}) ?世[纪紀] ?(\d{1,2}) ?年代")
_HOUR = re.compile(r"[012]?\d\.[0-5]\d")
_CLOCK = re.compile(r"[:.]\d\d|[ \u00a0]?(?:[ap]\.?m|o['’]clock|uhr|h\b)", re.IGNORECASE)
_DECADE = re.compile(r"['’]?s\b")
_PERCENT = re.compile(r"[ \u00a0]?(?:%|per ?cent)")
_RANGE = re.compile(r"[ \u00a0]?(?:to|or|and|-|–|—|至|到|~|～|或)[ \u00a0]?[$£€¥]?(\d[\d.,]*)")
_MORE_OR_LESS = re.compile(r"[ \u00a0]?[多余餘来來几幾]?")
_TOLERANCE = Fraction(4, 100)


@cache
def _units() -> dict[str, tuple[Value, ...]]:
    return {unit: tuple(Value(str(factor)) for factor in factors) for unit, factors in tables()["units"].items()}


def plain_digits(text: str) -> str:
    """The text with decimal digits of all scripts as 0 to 9 and full-width `．，` as `.,`; its length stays the same."""
    return text if text.isascii() else _DECIMAL_TSHEG.sub(".", text).translate(_PLAIN)


TIBETAN_NUMBER = re.compile(r"[༠-༩]+")
ASCII_NUMBER = re.compile(r"\d(?<![\w.,:/#%-]\d)\d*(?:[.,:]\d+)*(?![\w/-])", re.ASCII)
"""A number in Arabic digits that is no part of a name or an address."""


def with_digits(texts: Iterable[str]) -> tuple[int, int]:
    """How many of the texts have numbers in Tibetan digits, and how many in Arabic ones."""
    found = [(bool(TIBETAN_NUMBER.search(text)), bool(ASCII_NUMBER.search(text))) for text in texts]
    return sum(tibetan for tibetan, _ in found), sum(ascii_ for _, ascii_ in found)


class _Plain(dict[int, str]):
    """Character -> what it is in plain digits, filled as characters come."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        value = unicodedata.decimal(char, None)
        self[code] = ".,"["．，".index(char)] if char in "．，" else char if value is None else str(value)
        return self[code]


_PLAIN = _Plain()


def figures(text: str) -> Iterator[Figure]:
    """The numbers written in digits, in order; those that belong to a name, such as COVID-19 or G20, are left out."""
    folded = _TIME.sub(r"\1:\2", plain_digits(text))
    end_of_chain = 0
    for found in _FIGURE.finditer(folded):
        start, end = found.span()
        if start < end_of_chain:
            continue
        if decade := _CHINESE_DECADE.match(folded, start):
            end_of_chain = decade.end()
            yield Figure(text[start:end_of_chain], frozenset(_decade(decade)), strong=False)
            continue
        if chain := _CHAIN.match(folded, start):
            end_of_chain = chain.end()
            yield Figure(text[start:end_of_chain], frozenset(numerals.chinese(chain[0])))
        elif not _ends_name(folded, start) and not _begins_name(folded, end):
            yield _figure(folded, text, start, end)


def _decade(found: re.Match[str]) -> Iterator[Value]:
    """20世纪30年代: 1930, and its two numbers."""
    century, decade = Value(found[1]), Value(found[2])
    yield from (century * 100 - 100 + decade, century, decade)


def _ends_name(folded: str, start: int) -> bool:
    """Whether what stands right before a figure makes it a part of a name: COVID-19, G20."""
    before = folded[start - 1 : start]
    return (before == "-" or before.isalpha()) and bool(_NAME.search(folded[max(0, start - 20) : start]))


def _begins_name(folded: str, end: int) -> bool:
    """Whether the letters right after a figure make it a name: `247sports`, but not `12km`, `3rd` or `11million`."""
    after = _ENGLISH.match(folded, end)
    return after is not None and len(after[0]) > 3 and after[0].lower() not in {*table("english_scales"), *_units()}


def _figure(folded: str, text: str, start: int, end: int) -> Figure:
    """A figure with all its readings."""
    bare = _readings(folded[start:end])
    literal, stop, scaled = _literal(folded, start, end, bare)
    after = _AFTER.match(folded, end)
    word = after[1].lower() if after else ""
    near = frozenset(value * factor for value in bare for factor in _units().get(word, ()))
    rest = folded[end : end + 12]
    vague = bool(_DECADE.match(rest)) or (bare == {100} and bool(_PERCENT.match(rest)))
    readings = literal | set(_others(folded, start, end, bare))
    digits = sum(char.isdigit() for char in folded[start:end])
    return Figure(text[start:stop], frozenset(readings), near, (scaled or digits > 1) and not vague and bare != {0})


def _literal(folded: str, start: int, end: int, bare: frozenset[Value]) -> tuple[Set[Value], int, bool]:
    """The values of a figure (`bare`: without a scale) with the scale beside it, the end of the scale, and whether there certainly
    is one."""
    scales = list(_scales(folded, start, end))
    if not scales:
        shared = _RANGE.match(folded, end)
        beyond = _scales(folded, shared.start(1), shared.end(1)) if shared else ()
        return bare | {value * scale for scale, _, _ in beyond for value in bare}, end, False
    scaled = {value * scale for scale, _, _ in scales for value in bare}
    sure = all(certain for _, _, certain in scales)
    return (scaled if sure else scaled | bare), max(end, *(stop for _, stop, _ in scales)), sure


@lru_cache(maxsize=4096)
def _readings(written: str) -> frozenset[Value]:
    """The values of digits with separators: 3,500 is 3500 or 3.5; 1.234.567 is 1234567; 20 300 may be two numbers."""
    return frozenset(_each_reading(written))


def _each_reading(written: str) -> Iterator[Value]:
    plain = written.translate(_SEPARATORS)
    if plain.count(".") > 1:
        yield Value(plain.replace(".", ""))
        return
    yield Value(plain)
    if re.fullmatch(r"\d+\.\d{3}", plain):
        yield Value(plain.replace(".", ""))
    if re.fullmatch(r"\d+,\d+", written):
        yield Value(written.replace(",", "."))
    if " " in written:
        yield from (Value(part.replace(",", "").strip(".") or 0) for part in written.split(" "))


def _scales(folded: str, start: int, end: int) -> Iterator[tuple[Value, int, bool]]:
    """The scales beside a figure, where each ends, and whether it certainly belongs to it: 12 million, 1200万, ས་ཡ་༡༢."""
    if (after := _AFTER.match(folded, end)) and (scale := table("english_scales").get(after[1].lower())):
        then = _AFTER.match(folded, after.end())
        if then and (more := table("english_scales").get(then[1].lower())):
            yield scale * more, then.end(), True
        else:
            yield scale, after.end(), len(after[1]) > 1
    gap = _MORE_OR_LESS.match(folded, end)
    at = first = gap.end() if gap else end
    scale = Value(1)
    while at < len(folded) and folded[at] in table("chinese_scales"):
        if folded[at] == "千" and folded[at + 1 : at + 2] and folded[at + 1] in _METRIC:
            break
        scale *= table("chinese_scales")[folded[at]]
        at += 1
    if at > first:
        yield scale, at, True
    before, behind = folded[max(0, start - 20) : start], folded[end : end + 12]
    scales = _tibetan_scales() if _TIBETAN.search(before + behind) else ()
    for word, value in scales:
        if word in before and re.search(f"{word}[་༌ ]{{0,2}}(?:ཕྲག[་༌ ]?)?(?:[A-Z]{{0,3}}[$£€¥])?[ ]?\\Z", before):
            yield value, end, "་" in word
            break
    for word, value in scales:
        if word in behind and (found := re.match(f"[་༌ ]?{word}(?![ཱ-ྼ])", behind)):
            yield value, end + found.end(), "་" in word
            break


@cache
def _tibetan_scales() -> tuple[tuple[str, Value], ...]:
    """The Tibetan scales, those of more syllables first: ཐེར་འབུམ is no འབུམ."""
    return tuple(sorted(table("tibetan_scales").items(), key=lambda item: -len(item[0])))


def _others(folded: str, start: int, end: int, bare: Iterable[Value]) -> Iterator[Value]:
    """Values that a translator may write for a figure: decades, centuries, hours after noon, the long form of a short year."""
    rest, before = folded[end : end + 12], folded[max(0, start - 1) : start]
    for value in bare:
        if value.denominator != 1:
            continue
        if _DECADE.match(rest):
            yield value % 100
            yield Value(value // 100 + 1)
            yield 1900 + value
        if _CLOCK.match(rest):
            yield value + 12 if value <= 12 else value - 12
        if value < 100 and before and before in "-–—/'’":
            yield 2000 + value
            yield 1900 + value
        if value == 30 and before == ":":
            yield Value(1, 2)
        if 13 <= value <= 24 and rest.startswith(":"):
            yield value - 12


def pool(text: str) -> frozenset[Value]:
    """Every value that some reading of the text gives, in digits and in words, in any of the scripts."""
    folded = plain_digits(text)
    found: set[Value] = set()
    for match in _FIGURE.finditer(folded):
        found |= _literal(folded, *match.span(), _readings(match[0]))[0]
        if _HOUR.fullmatch(match[0]):
            found |= {Value(part) for part in match[0].split(".")}
    found |= {value for match in _CHINESE_DECADE.finditer(folded) for value in _decade(match)}
    return frozenset(
        found | set(numerals.english(folded)) | set(numerals.chinese(folded)) | set(numerals.tibetan(folded))
    )


def says(figure: Figure, pool: frozenset[Value]) -> bool:
    """Whether one of the values in the pool can stand for the figure."""
    if figure.readings & pool:
        return True
    return any(abs(value - near) <= near * _TOLERANCE for near in figure.near for value in pool)
