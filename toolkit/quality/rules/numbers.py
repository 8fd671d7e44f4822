"""The numbers of the source are in the translation, by their value, whatever digits, scales and words they take."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from toolkit.language.measures import script_family
from toolkit.language.numbers import Figure, figures, plain_digits, pool, says
from toolkit.quality.pair import Compared, of_unit
from toolkit.units import Catalog, Finding, Unit

_SPECIAL = re.compile(r"(?<!\d)(?:24/7|9/11|911)(?!\d)|(?<![\w.])#\d+|\b24[- ]hours?\b")
"""Figures that are words: round the clock, a day of history, a rank."""
_SPECIAL_SIGNS = ("24", "11", "#")
"""One of these is in each of them."""
_NAMED = re.compile(r"(?<![A-Za-z])([A-Za-z]{1,12}-?)(\d+)(?!\d)")
_IN_NAME = re.compile(r"\d(?<=[A-Za-z-].)")
_DIGIT = re.compile(r"\d")
_PERCENT = re.compile(r"[%％٪]|per ?cent|百分|个百分|成|བརྒྱ་ཆ|བརྒྱའི་ཆ", re.IGNORECASE)
_A_PERCENT = re.compile(r"\d(?<!\d\d)(?!(?<=1)00\D)[\d.,]*[ \u00a0]?(?:[%％]|per ?cent)", re.IGNORECASE)
_DEGREES = re.compile(r"\d ?°")
_SAYS_DEGREES = re.compile(r"[°度℃℉]|ཏུའུ|དྲོད|ཚད|degree", re.IGNORECASE)
_LISTED = re.compile(r"^\s*(?:[(（]?\d{1,2}[)）.．、])\s*")
"""The number of an item of a list, at the beginning."""


def numbers(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A figure of two digits or more that is lost or changed is an error; one digit, or one too many, a warning; two that
    changed places, a note."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    yield from _in_words(pair)
    if not (_DIGIT.search(unit.source) or _DIGIT.search(unit.target)):
        return
    wanted, told = _usual_figures(pair.source), _usual_figures(pair.target)
    values = frozenset(value for figure in told for value in figure.readings)
    lost = [figure for figure in wanted if not figure.readings & values]  # words are read only where a figure lacks
    lost = [figure for figure in lost if not says(figure, pair.given) and not _optional(figure, pair.target)]
    extra = [figure for figure in told if not _known(figure, pair, wanted)]
    yield from _lost_and_changed(unit, lost, extra)
    for old, new in _renamed(pair):
        yield Finding(f"number changed in a name: {old} became {new}", "error", None, _place(pair.target, new))
    for figure in extra[len(lost) :]:
        listed = _LISTED.match(pair.target)
        if listed and figure.text.strip() in listed[0] and not _LISTED.match(pair.source):
            yield Finding(
                f"a number of a list that the source does not have: {listed[0].strip()}", "warning", None, listed.span()
            )
        else:
            said = f"number that the source does not have: {figure.text.strip()}"
            yield Finding(said, "warning", None, _place(unit.target, figure.text))
    if not lost and not extra:
        yield from _swapped(unit, wanted, told)
    for sign, has, what in ((_A_PERCENT, _PERCENT, "percent"), (_DEGREES, _SAYS_DEGREES, "degrees")):
        found = sign.search(pair.source)
        if found and not lost and not has.search(pair.target):
            yield Finding(f"{what} in the source, none in the translation", "warning", found.span())


_WORDS = {
    word: value
    for value, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2
    )
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_ENGLISH = re.compile(
    rf"(?<![\w-])({'|'.join(_WORDS)})(?![\w-]| (?:hundred|thousand|million|billion|trillion|dozen|of the|or |to ))",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?<![一二三四五六七八九十百千万亿第\d])[两二三四五六七八九](?=[个名年人天次位家种场岁支座条张周])"
)
_TIBETAN = re.compile(r"(?<![\u0f40-\u0fbc])(?:གཉིས(?!་(?:པོ|ཀ))|གསུམ|བཞི|ལྔ|དྲུག|བདུན|བརྒྱད|དགུ|བཅུ)(?![\u0f40-\u0fbc])")
"""གཉིས་པོ and གཉིས་ཀ, "the two" and "both", stand where English says "the sides"."""


def _in_words(pair: Compared) -> Iterator[Finding]:
    """A numeral of the source that the translation has not, while it has another one: a warning."""
    pattern = {"Han": _CHINESE, "Tibt": _TIBETAN}.get(script_family(pair.spoken))
    if pair.origin.tag != "en" or pattern is None or pair.source_words.isdisjoint(_WORDS):
        return
    told = list(pattern.finditer(pair.target))
    lost = [m for m in _ENGLISH.finditer(pair.source) if _WORDS[m[1].lower()] not in pair.given] if told else []
    for found in told if lost else ():
        said = pool(found[0])
        if said and not said & pair.said:
            message = f"number changed: {lost[0][0]} became {found[0]}"
            yield Finding(message, "warning", lost[0].span(), found.span())
            return


def _usual_figures(text: str) -> tuple[Figure, ...]:
    """The figures of a text, those aside that are words."""
    if any(sign in text for sign in _SPECIAL_SIGNS):
        text = _SPECIAL.sub(lambda found: " " * len(found[0]), text)
    return tuple(figures(text))


def _lost_and_changed(unit: Unit, lost: Sequence[Figure], extra: Sequence[Figure]) -> Iterator[Finding]:
    for number, figure in enumerate(lost):
        place = _place(unit.source, figure.text)
        severity = "error" if figure.strong or extra else "warning"
        if number < len(extra):
            message = f"number changed: {figure.text.strip()} became {extra[number].text.strip()}"
            there = _place(unit.target, extra[number].text)
        else:
            message, there = f"number missing from the translation: {figure.text.strip()}", None
        yield Finding(message, "error" if severity == "error" else "warning", place, there)


def _place(text: str, figure: str) -> tuple[int, int] | None:
    at = text.find(figure)
    return (at, at + len(figure)) if at >= 0 and figure else None


def _swapped(unit: Unit, wanted: Sequence[Figure], told: Sequence[Figure]) -> Iterator[Finding]:
    """Two figures of one kind that stand in the other order, as nothing in the sentence asks for."""
    ours = [figure for figure in wanted if figure.strong]
    theirs = [figure for figure in told if figure.strong]
    if len(ours) != len(theirs) or len(ours) < 2 or len({figure.readings for figure in ours}) != len(ours):
        return
    order = [next((n for n, other in enumerate(theirs) if one.readings & other.readings), -1) for one in ours]
    if -1 in order or len(set(order)) != len(order):
        return
    for first, second in zip(range(len(order)), range(1, len(order)), strict=False):
        if order[first] == second and order[second] == first and not _is_date(ours[first], ours[second]):
            said = f"stand in the other order: {ours[first].text.strip()} and {ours[second].text.strip()}"
            yield Finding(said, "info", _place(unit.source, ours[first].text), _place(unit.target, theirs[first].text))
            return


def _is_date(*figures: Figure) -> bool:
    """Whether two figures are a day and a year, whose order each language has for itself."""
    days, years = (
        [any(low <= value <= high for value in figure.readings) for figure in figures]
        for low, high in ((1, 31), (1000, 2100))
    )
    return (days[0] and years[1]) or (days[1] and years[0])


def _renamed(pair: Compared) -> Iterator[tuple[str, str]]:
    """Names with a number that has changed: the source's F125 is F145 in the translation."""
    if not _IN_NAME.search(pair.source):
        return
    had, has = (set(_NAMED.findall(plain_digits(text))) for text in (pair.source, pair.target))
    for letters, digits in sorted(had - has):
        others = sorted(number for name, number in has - had if name == letters)
        if others and (letters, digits) not in has:
            yield letters + digits, letters + others[0]


def _optional(figure: Figure, target: str) -> bool:
    """One, none and 100 % need not be said."""
    if not figure.strong and (figure.readings & {0, 1} or figure.readings == {100}):
        return True
    return _in_other_groups(figure, target)


def _known(figure: Figure, pair: Compared, wanted: Sequence[Figure]) -> bool:
    if any(figure.readings & other.readings for other in wanted) or figure.readings & pair.said:
        return True
    if any(says(Figure("", frozenset(), other.near), figure.readings) for other in wanted if other.near):
        return True
    return _in_other_groups(figure, pair.source)


def _in_other_groups(figure: Figure, text: str) -> bool:
    """A telephone number may be grouped in another way."""
    digits = _digits(figure.text)
    return len(digits) > (3 if digits[0] == "0" else 4) and digits in _digits(text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", plain_digits(text))
