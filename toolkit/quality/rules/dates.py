"""Days of the week and months: another one in the translation than in the source, or none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from toolkit.quality.pair import data, of_unit
from toolkit.units import Catalog, Finding, Unit

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_BEGINNINGS = frozenset(name[:3].lower() for name in (*_WEEKDAYS, *_MONTHS))
"""Whatever the English patterns find begins with one of these."""
Found = dict[int, tuple[int, int]]
"""Which day or month it is, from 0 -> the span of its first mention."""


def dates(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A changed day or month is an error, a missing day of the week a note."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if pair.origin.tag == "en" and _BEGINNINGS.isdisjoint([word[:3] for word in pair.source_words]):
        return
    for kind, names in (("weekdays", _WEEKDAYS), ("months", _MONTHS)):
        wanted = _find(pair.source, pair.origin.tag, kind)
        if not wanted:
            continue
        told = _find(pair.target, pair.spoken.tag, kind)
        lost = [one for one in wanted if one not in told]
        strange = [one for one in told if one not in wanted]
        what = "day of the week" if kind == "weekdays" else "month"
        for old, new in zip(lost, strange, strict=False):
            start, end = told[new]
            said = f"{what} changed: {names[old]} became {unit.target[start:end]} ({names[new]})"
            yield Finding(said, "error", wanted[old], told[new])
        for old in lost[len(strange) :] if kind == "weekdays" else ():
            if not regex.search(r"\bThe $", pair.source[: wanted[old][0]]):  # The Sunday Times
                yield Finding(f"{what} missing from the translation: {names[old]}", "info", wanted[old])


def _find(text: str, tag: str, kind: str) -> Found:
    pattern = _pattern(tag.split("-")[0], kind)
    found: Found = {}
    for match in pattern.finditer(text) if pattern else ():
        found.setdefault((match.lastindex or 1) - 1, match.span())
    return found


@cache
def _pattern(language: str, kind: str) -> regex.Pattern[str] | None:
    """One group for each day or month; None for a language without a table."""
    names = data("dates").get(language, {}).get(kind)
    if names is None:
        return None
    edge = r"\b" if language == "en" else ""
    groups = "|".join(f"({edge}(?:{name}))" for name in names)
    return regex.compile(groups)
