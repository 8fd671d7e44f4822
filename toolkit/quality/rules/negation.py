"""The source denies, and nothing in the translation does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
    if theirs.one_of and pair.source_words.isdisjoint(theirs.one_of):
        return
    denied = _denial(pair.source, theirs)
    if denied and not ours.words.search(pair.target):
        said = pair.source[slice(*denied)]
        yield Finding(f"“{said}” of the source is denied nowhere in the translation", "warning", denied)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """A language's table of `data/negation.toml`."""

    words: regex.Pattern[str]
    exempt: regex.Pattern[str] | None
    one_of: frozenset[str]


def _denial(text: str, patterns: _Patterns) -> tuple[int, int] | None:
    """Where the text denies first."""
    denials: list[tuple[int, int]] = [found.span() for found in patterns.words.finditer(text)]
    exempt = patterns.exempt.finditer(text) if denials and patterns.exempt else ()
    passed = {at for found in exempt for at in range(*found.span())}
    return next((span for span in denials if span[0] not in passed), None)


@cache
def _patterns(language: str) -> _Patterns | None:
    table = data("negation").get(language)
    if table is None:
        return None
    edge = r"\b" if language == "en" else ""
    words = regex.compile(edge + "(?:" + "|".join(table["words"]) + ")" + edge, regex.IGNORECASE)
    exempt = "|".join(table["not"])
    passed = regex.compile(f"{edge}(?:{exempt})", regex.IGNORECASE) if exempt else None
    return _Patterns(words, passed, frozenset(table.get("one_of", ())))
