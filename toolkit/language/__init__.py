"""What we know of a language, asked by its tag: names, script, direction, plural forms, locale folder, quotes, rules.

`language("bo")`, `language("zh_CN")`, `language("fr")`. A language with a file in `data/` is described by that file
and by those of its fallback chain (pt-BR -> pt -> default); for any other CLDR is asked, through Babel.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from toolkit.errors import UsageError

__all__ = ["TIBETAN_DIGITS", "Language", "format_date", "known", "language"]


@dataclass(frozen=True, slots=True)
class Language:
    """A language as a target or source of translation."""

    tag: str
    """BCP 47, canonical: `zh-Hans`."""
    gettext: str
    """The name of its locale folder and of the PO header's `Language`: `zh_Hans`."""
    name: str
    """In English."""
    autonym: str
    """As its readers call it."""
    script: str
    """ISO 15924: `Tibt`, `Hans`, `Hant`, `Jpan`, `Latn`, …"""
    direction: str
    """`ltr` or `rtl`, as HTML's `dir`."""
    plural_forms: str
    """The PO header's `Plural-Forms`."""
    fallbacks: tuple[str, ...]
    """Whose data to take for what its own file leaves out: `("zh", "default")`."""
    joiner: str
    """What stands between two sentences of a paragraph."""
    cased: bool
    """The script has capitals."""
    spaced: bool
    """Words are set apart by blanks."""
    quotes: tuple[str, str, str, str]
    """Opening and closing, outer and inner."""
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """Everything its files say, the fallback chain merged in."""


_CASES = {2: str.upper, 3: str.upper, 4: str.title}
_SHAPE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*")


def language(tag: str) -> Language:
    """The language that a BCP 47 tag, a gettext locale name or a usual alias means.

    Raises UsageError for what is no tag, or a language that neither we nor CLDR know.
    """
    return _language(canonical(tag))


@cache
def _language(tag: str) -> Language:
    data = _data(tag)
    if "name" not in data:
        from toolkit.language.cldr import describe, preferred

        if (better := preferred(tag)) != tag:
            return language(better)
        data = {**data, **describe(tag)}
    default = _read("default")
    quotes = next(({"quotes": default["quotes_of"][near]} for near in _chain(tag) if near in default["quotes_of"]), {})
    merged = {**default, **default["scripts"].get(data["script"], {}), **quotes, **data}
    return Language(
        tag=tag,
        gettext=tag.replace("-", "_"),
        fallbacks=_chain(tag)[1:],
        quotes=tuple(merged["quotes"]),
        data=merged,
        **{key: merged[key] for key in _FIELDS},
    )


_FIELDS = ("name", "autonym", "script", "direction", "plural_forms", "joiner", "cased", "spaced")


def canonical(tag: str) -> str:
    """BCP 47 in its usual case; UsageError for what has not the shape of a tag."""
    text = re.sub(r"[.@].*", "", tag.strip()).replace("_", "-").lower()
    if text in _aliases():
        return _aliases()[text]
    if not _SHAPE.fullmatch(text):
        raise unknown(tag)
    first, *rest = text.split("-")
    return "-".join((first, *(_CASES.get(len(part), str.lower)(part) for part in rest)))


def unknown(tag: str) -> UsageError:
    """The error for a language that nobody knows."""
    return UsageError(f"unknown language {tag!r}: not a BCP 47 tag that CLDR knows; try `lokta languages`")


def known() -> tuple[str, ...]:
    """The tags of the languages that have a file of their own, sorted."""
    stems = (entry.name.removesuffix(".toml") for entry in files(__package__).joinpath("data").iterdir())
    return tuple(sorted(stem for stem in stems if "name" in _read(stem)))


TIBETAN_DIGITS = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")


def format_date(day: date, tag: str, digits: str = "") -> str:
    """A date in full, in one digit system; `digits` is `tibt`, `latn` or empty for the language's own."""
    spoken = language(tag)
    pattern = spoken.data.get("date")
    if pattern is None:
        from toolkit.language.cldr import long_date

        return long_date(day, spoken.tag)
    names = spoken.data.get("month_names")
    text = str(pattern).format(
        year=day.year, month=day.month, day=day.day, month_name=names[day.month - 1] if names else day.month
    )
    return text.translate(TIBETAN_DIGITS) if (digits or spoken.data["digits"]) == "tibt" else text


def _chain(tag: str) -> tuple[str, ...]:
    """The language, then whose data it borrows: what its file names or its tag cut from the right; then `default`."""
    chain = [tag]
    while tag:
        named = _read(tag).get("fallbacks")
        tag = named[0] if named else tag.rpartition("-")[0]
        if tag:
            chain.append(tag)
    return (*chain, "default")


def _data(tag: str) -> dict[str, Any]:
    """The files of the chain but for `default`, nearer over farther; en-GB has its own name and dates."""
    merged: dict[str, Any] = {}
    for nearer in reversed(_chain(tag)[:-1]):
        merged = {**merged, **_read(nearer)}
    if "name" not in _read(tag):
        merged = {key: value for key, value in merged.items() if key not in ("name", "autonym", "date")}
    return merged


@cache
def _read(stem: str) -> dict[str, Any]:
    entry = files(__package__).joinpath("data", f"{stem}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8")) if entry.is_file() else {}


@cache
def _aliases() -> dict[str, str]:
    return {alias: tag for tag, aliases in _read("default")["aliases"].items() for alias in aliases}
