"""The numbers of the source are in the translation, by their value, whatever digits, scales and words they take."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.language.numbers import Figure, figures, plain_digits, pool, says
from toolkit.quality.text import bare
from toolkit.units import Catalog, Finding, Unit

_SPECIAL = re.compile(r"\b(?:24/7|9/11)\b|(?<![\w.])#\d+")
"""Figures that are words: round the clock, a day of history, a rank."""
_NAMED = re.compile(r"(?<![A-Za-z])([A-Za-z]{1,12}-?)(\d+)(?!\d)")


def numbers(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A figure of two digits or more that is lost or changed is an error; one digit, or one too many, a warning."""
    if not unit.target.strip():
        return
    source = _SPECIAL.sub(" ", bare(unit.source, catalog.markup))
    target = bare(unit.target, catalog.markup)
    said, given = pool(source), pool(target)
    lost = [figure for figure in figures(source) if not says(figure, given) and not _optional(figure, source, target)]
    wanted = list(figures(source))
    extra = [figure for figure in figures(target) if not _known(figure, said, wanted, unit.source)]
    for number, figure in enumerate(lost):
        severity = "error" if figure.strong or extra else "warning"
        if number < len(extra):
            message = f"number changed: {figure.text.strip()} became {extra[number].text.strip()}"
        else:
            message = f"number missing from the translation: {figure.text.strip()}"
        yield Finding(message, "error" if severity == "error" else "warning")
    for old, new in _renamed(source, target):
        yield Finding(f"number changed in a name: {old} became {new}", "error")
    for figure in extra[len(lost) :]:
        yield Finding(f"number that the source does not have: {figure.text.strip()}", "warning")


def _renamed(source: str, target: str) -> Iterator[tuple[str, str]]:
    """Names with a number that has changed: the source's F125 is F145 in the translation."""
    had, has = (set(_NAMED.findall(plain_digits(text))) for text in (source, target))
    for letters, digits in sorted(had - has):
        others = sorted(number for name, number in has - had if name == letters)
        if others and (letters, digits) not in has:
            yield letters + digits, letters + others[0]


def _optional(figure: Figure, source: str, target: str) -> bool:
    """One, none and 100 % need not be said."""
    if not figure.strong and (figure.readings & {0, 1} or figure.readings == {100}):
        return True
    return _in_other_groups(figure, target)


def _known(figure: Figure, said: frozenset[object], wanted: list[Figure], source: str) -> bool:
    if figure.readings & said or any(figure.readings & other.readings for other in wanted):
        return True
    if any(says(Figure("", frozenset(), other.near), figure.readings) for other in wanted if other.near):
        return True
    return _in_other_groups(figure, source)


def _in_other_groups(figure: Figure, text: str) -> bool:
    """A telephone number may be grouped in another way."""
    digits = _digits(figure.text)
    return len(digits) > (3 if digits[0] == "0" else 4) and digits in _digits(text)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", plain_digits(text))
