"""Latin words in a translation of another script: names spelt otherwise than in the source, and words that were left in it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import regex
from rapidfuzz import fuzz, process

from toolkit.language.measures import script_family
from toolkit.quality.pair import Compared, of_unit
from toolkit.units import Catalog, Finding, Mend, Unit

_WORD = regex.compile(r"\p{Latin}[\p{Latin}\p{M}]*(?:['’-]\p{Latin}+)*")
_NAME = regex.compile(r"\p{Lu}\p{Ll}{2,}")
"""`Yorkshire`, but not `NATO`, `iPhone` or `McDonald's`."""
_JOINT = re.compile(r"['’-]")
_ALIKE = 75.0
"""Percent of its letters in order: a word of the source with a slip of the pen."""
_LONGEST = 20_000
"""Characters of a source whose names are compared with each other word."""
_GLUED = regex.compile(r"(?<=[\u3400-\u9fff\u0f40-\u0fbc])\p{Ll}{2,}+|(?<!\p{Ll})\p{Ll}{2,}+(?=[\u3400-\u9fff])")
_UNITS = re.compile(
    r"km|cm|mm|kg|mg|ml|kwh?|mw|[gmtk]b|[kmg]?hz|px|pt|am|pm|mph|km?ph|kmh|rpm|ft|lbs?|oz|www|com|org|net|html|pdf|\w*\d\w*"
)
"""What is no word of the source's language."""


def names(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A Latin name that is not quite the source's: a warning, with the source's spelling as mend."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if not pair.has_case or script_family(pair.spoken) == script_family(pair.origin):
        return
    yield from _left_in_latin(unit, pair)
    if len(pair.source) > _LONGEST:
        return
    foreign = list(_WORD.finditer(pair.target))
    if {found[0] for found in foreign} <= set(_words(pair.source)):
        return
    theirs = {_plain(word): word for word in _words(pair.source)}
    known = set(theirs) | {part for word in theirs for part in _JOINT.split(word)}
    for found in foreign:
        word = _plain(found[0])
        if len(word) < 4 or word in known or any(word in one for one in theirs):
            continue
        near = process.extractOne(word, theirs.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
        if near and abs(len(near[0]) - len(word)) < 3 and not near[0].startswith(word):
            right = theirs[near[0]]
            edit = Mend(found.start(), found.end(), right)
            yield Finding(f"{found[0]}: the source has {right}", "warning", None, found.span(), (edit,))


def _left_in_latin(unit: Unit, pair: Compared) -> Iterator[Finding]:
    """Names of the source that a draft left in Latin letters: a note, which says nothing of what a person approved."""
    if pair.spoken.cased or script_family(pair.spoken) == "Latn" or unit.state.approved:
        return
    named = [found for found in _WORD.finditer(pair.open) if _NAME.fullmatch(found[0])]
    left = [found for found in named if found[0] in _words(pair.source)]
    if left:
        shown = ", ".join(dict.fromkeys(found[0] for found in left[:4]))
        at = pair.target.find(left[0][0])
        yield Finding(f"left in Latin letters: {shown}", "info", None, (at, at + len(left[0][0])))


def leftovers(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A small word of the source left as it is, or half of one beside letters of the other script: a warning."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if not pair.has_case or script_family(pair.spoken) == script_family(pair.origin) or pair.spoken.cased:
        return
    told = set(_words(pair.source))
    glued = [found for found in _GLUED.finditer(pair.target) if _is_half(found, pair, told)]
    for found in glued[:3]:
        yield Finding(
            f"half a word in Latin letters: {_around(pair.target, found.span())}", "warning", None, found.span()
        )
    if glued:
        return
    for found in _WORD.finditer(pair.open):
        word = found[0]
        if (
            word.islower()
            and len(word) > 2
            and word in told
            and not _UNITS.fullmatch(word)
            and _alone(pair.open, found)
        ):
            at = pair.target.find(word)
            yield Finding(f"left in the source's language: {word}", "warning", None, (at, at + len(word)))
            return


def _is_half(found: regex.Match[str], pair: Compared, told: set[str]) -> bool:
    """Whether a run of small letters is the end or the beginning of a word of the source, and not a word of it."""
    run = found[0]
    whole = _WORD.search(pair.target, max(0, found.start() - 1))
    if whole is not None and whole[0] != run:
        return False
    return run not in told and any(word != run and (word.endswith(run) or word.startswith(run)) for word in told)


@lru_cache(maxsize=8)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text in Latin letters; both rules ask for those of one text."""
    return tuple(_WORD.findall(text))


def _alone(text: str, found: regex.Match[str]) -> bool:
    """Whether a word stands by itself, and not in a name or an address: `Newport on the Levee`, `weather.com`."""
    before, after = text[max(0, found.start() - 4) : found.start()], text[found.end() : found.end() + 4]
    return not regex.search(r"\p{Latin}[ .&-]*$|[./@]$", before) and not regex.match(r"[ &-]*\p{Latin}|[.@/]\w", after)


def _around(text: str, span: tuple[int, int]) -> str:
    return text[max(0, span[0] - 2) : span[1] + 2].strip()


def _plain(word: str) -> str:
    """The word in small letters without marks: Müslüm is muslum."""
    if word.isascii():
        return word.lower()
    split = unicodedata.normalize("NFD", word.replace("ø", "o").replace("Ø", "O").replace("ł", "l"))
    return "".join(char for char in split if not unicodedata.combining(char)).casefold()
