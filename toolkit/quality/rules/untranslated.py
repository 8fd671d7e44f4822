"""The translation is a copy of the source, or words of the source were left standing in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import regex

from toolkit.language import Language, language
from toolkit.language.detect import in_script
from toolkit.language.measures import script_family, without_asides
from toolkit.quality.pair import of_unit
from toolkit.units import Catalog, Finding, Unit

_WORD = regex.compile(r"[\p{Lu}\p{Ll}]+(?:['’-][\p{Lu}\p{Ll}]+)*")
_RUN = regex.compile(r"[\p{Lu}\p{Ll}](?:[\p{Lu}\p{Ll}\p{M}\p{Nd}\p{P}\s]*[\p{Lu}\p{Ll}])?")
_LEFT_WORDS, _LEFT_LOWER = 4, 2
"""A run of this many words of the source, so many of them in small letters, is more than a name."""


def untranslated(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A copy is an error when it holds words, a warning when it may be a name; names and abbreviations may stay."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    source, target = pair.source, pair.target
    from_language, to_language = language(catalog.source_language), language(catalog.target_language)
    if source.casefold().split() == target.casefold().split():
        severity = _copy(source, from_language, to_language)
        if severity == "error":
            yield Finding("not translated: the text is a copy of the source", "error")
        elif severity == "warning":
            yield Finding("copied from the source: translate it, unless it is a name that stays", "warning")
    elif pair.has_case and script_family(from_language) != script_family(to_language):
        yield from _left(source, target)


def _copy(source: str, from_language: Language, to_language: Language) -> str:
    """How bad a copy of this text is."""
    alike = script_family(from_language) == script_family(to_language)
    if not from_language.cased:
        return "" if alike or in_script(source, from_language) < 0.5 else "error"
    words = _WORD.findall(source)
    lower = sum(word.islower() and len(word) > 1 for word in words)
    if lower >= (3 if alike else 2):
        return "error"
    names = sum(word.istitle() for word in words)
    return "warning" if not alike and (lower or names >= 2) else ""


def _left(source: str, target: str) -> Iterator[Finding]:
    """Runs of the source's words in a target of another script, outside brackets and quotes."""
    runs = [words for run in _RUN.findall(without_asides(target)) if len(words := _words(run)) >= _LEFT_WORDS]
    if not runs:
        return
    said = _words(source)
    places: dict[tuple[str, ...], int] = {}
    for at in range(len(said) - _LEFT_WORDS + 1):
        places.setdefault(tuple(said[at : at + _LEFT_WORDS]), at)
    lower = {word for word in _WORD.findall(source) if word.islower()}
    for words in runs:
        left = _longest(said, places, words)
        small = sum(word in lower for word in left)
        # A name begins and ends with a capital: Newport on the Levee.
        named = small <= _LEFT_LOWER and not (left and (left[0] in lower or left[-1] in lower))
        if len(left) >= _LEFT_WORDS and small >= _LEFT_LOWER and not named:
            message = f"words left in the source language: {' '.join(left)}"
            yield Finding(message, "error" if small > _LEFT_LOWER else "warning")


def _longest(said: list[str], places: Mapping[tuple[str, ...], int], words: list[str]) -> list[str]:
    """The longest run of words that stands in `said` too; `places` says where its runs of `_LEFT_WORDS` first begin. Shorter
    ones do not count."""
    best: tuple[int, int] = (0, 0)
    at = 0
    while at + _LEFT_WORDS <= len(words):
        place = places.get(tuple(words[at : at + _LEFT_WORDS]))
        if place is None:
            at += 1
            continue
        size = _LEFT_WORDS
        while at + size < len(words) and place + size < len(said) and words[at + size] == said[place + size]:
            size += 1
        best = max(best, (size, -at))
        at += size - _LEFT_WORDS + 1
    size, start = best[0], -best[1]
    return words[start : start + size]


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]
