"""Marks, blanks and digits that the language writes otherwise: advice, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate

from toolkit.language import TIBETAN_DIGITS
from toolkit.language.numbers import ASCII_NUMBER, TIBETAN_NUMBER, with_digits
from toolkit.quality.pair import of_unit
from toolkit.quality.text import polished
from toolkit.units import Catalog, Finding, Mend, Unit

_RUN = re.compile(r"([^\W_\u0f0b-\u0f14]+)")
_TWO_VOWELS = re.compile(r"([\u0f72\u0f74\u0f7a-\u0f7d\u0f80])\1+")
_ORPHAN = re.compile(r"[\u0f71-\u0f84\u0f90-\u0fbc](?<![\u0f18-\u0f1f\u0f35-\u0f39\u0f3e-\u0fbc\u200b-\u200d].)")
_SHOWN = 4
_LOOKED_AT = 500
"""Units in which the digits of a catalog are counted."""


def typography(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """One note for all that the language's rules would write otherwise."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    edits = _edits_between(unit.target, polished(unit.target, unit.target, catalog.markup, pair.spoken))
    if edits:
        shown = ", ".join(dict.fromkeys(_change(unit.target, edit) for edit in edits[:_SHOWN]))
        more = " …" if len(edits) > _SHOWN else ""
        yield Finding(f"typography: {shown}{more}", "info", None, (edits[0].start, edits[-1].end), edits)


def _change(text: str, edit: Mend) -> str:
    """`“,” to “，”`, with a letter beside it where nothing or a blank stands."""
    before, after = text[edit.start : edit.end], edit.new
    if not before.strip() or not after.strip():
        near = text[max(0, edit.start - 1) : edit.start]
        before, after = near + before, near + after
    return f"“{before}” to “{after}”"


def _edits_between(old: str, new: str) -> tuple[Mend, ...]:
    """The edits that make `new` of `old`, by the gaps between the same letters; one edit where the letters differ."""
    if old == new:
        return ()
    before, after = _RUN.split(old), _RUN.split(new)  # gap, letters, gap, …, gap
    if before[1::2] != after[1::2]:
        return (_difference(old, new, 0),)
    starts = accumulate(map(len, before), initial=0)
    pieces = zip(before, after, starts, strict=False)
    return tuple(_difference(gap, other, at) for gap, other, at in pieces if gap != other)


def _difference(old: str, new: str, offset: int) -> Mend:
    """The one edit between two texts, without what they begin and end with alike."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return Mend(offset + start, offset + len(old) - end, new[start : len(new) - end])


def spelling(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """Tibetan signs that stand on nothing, or twice: a note, with a mend where there is one."""
    if not catalog.target_language.startswith(("bo", "dz")):
        return
    for found in _TWO_VOWELS.finditer(unit.target):
        yield Finding(
            f"a vowel sign twice: {_syllable(unit.target, found.start())}", "info", None, found.span(),
            (Mend(*found.span(), found[1]),),
        )  # fmt: skip
    bare = of_unit(unit, catalog).target
    for found in _ORPHAN.finditer(bare):
        yield Finding(f"a sign that stands on no letter: {_syllable(bare, found.start())}", "info", None, found.span())


def _syllable(text: str, at: int) -> str:
    start = max(text.rfind(sign, 0, at) for sign in "་། ") + 1
    end = min((place for sign in "་། " if (place := text.find(sign, at)) >= 0), default=len(text))
    return text[start:end][:20]


def digits(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """Tibetan and Arabic digits in one translation are a warning; others than most of the edition has, a note."""
    if not catalog.target_language.startswith(("bo", "dz")) or not unit.target.strip():
        return
    bare = of_unit(unit, catalog).target
    tibetan, ascii_ = list(TIBETAN_NUMBER.finditer(bare)), list(ASCII_NUMBER.finditer(bare))
    if tibetan and ascii_:
        spans = [found.span() for found in ascii_]
        yield Finding("digits of two kinds in one text", "warning", None, spans[0], _to_tibetan(unit.target, spans))
    elif (tibetan or ascii_) and (most := _most(catalog)) and most != ("tibetan" if tibetan else "ascii"):
        spans = [found.span() for found in ascii_]
        mend = _to_tibetan(unit.target, spans) if ascii_ else ()
        what = "Tibetan" if most == "tibetan" else "Arabic"
        place = (tibetan or ascii_)[0].span()
        yield Finding(f"most of this edition has {what} digits", "info", None, place, mend)


def _to_tibetan(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Mend, ...]:
    return tuple(Mend(start, end, text[start:end].translate(TIBETAN_DIGITS)) for start, end in spans)


def _most(catalog: Catalog) -> str:
    """The digits that at least twice as many units have: `tibetan`, `ascii`, or neither."""
    known = _counted[0]
    if known is None or known[0] is not catalog:
        tibetan, ascii_ = with_digits(unit.target for unit in catalog.units[:_LOOKED_AT])
        most = "tibetan" if tibetan >= 2 * ascii_ and tibetan else "ascii" if ascii_ >= 2 * tibetan and ascii_ else ""
        known = _counted[0] = (catalog, most)
    return known[1]


_counted: list[tuple[Catalog, str] | None] = [None]
"""The catalog that was counted last, and the result."""
