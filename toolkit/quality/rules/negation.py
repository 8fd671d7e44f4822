"""The source denies, and nothing in the translation does."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from toolkit.quality.pair import data, of_unit
from toolkit.units import Catalog, Finding, Unit


def negation(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A warning, for a translator may say it by a word of the opposite meaning."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    theirs, ours = _patterns(pair.origin.tag.split("-")[0]), _patterns(pair.spoken.tag.split("-")[0])
    if theirs is None or ours is None:
        return
    denied = next(_denials(pair.source, theirs), None)
    if denied and not ours[0].search(pair.target):
        said = pair.source[slice(*denied)]
        yield Finding(f"“{said}” of the source is denied nowhere in the translation", "warning", denied)


_Patterns = tuple["regex.Pattern[str]", "regex.Pattern[str] | None"]


def _denials(text: str, patterns: _Patterns) -> Iterator[tuple[int, int]]:
    words, exempt = patterns
    passed = {at for found in exempt.finditer(text) for at in range(*found.span())} if exempt else set()
    for found in words.finditer(text):
        if found.start() not in passed:
            yield found.span()


@cache
def _patterns(language: str) -> _Patterns | None:
    table = data("negation").get(language)
    if table is None:
        return None
    edge = r"\b" if language == "en" else ""
    words = regex.compile(edge + "(?:" + "|".join(table["words"]) + ")" + edge, regex.IGNORECASE)
    exempt = "|".join(table["not"])
    return words, regex.compile(f"{edge}(?:{exempt})", regex.IGNORECASE) if exempt else None
