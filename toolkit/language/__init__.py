"""Data about languages by BCP 47 tag: names, script, direction, plural forms, locale folder, quotation marks, rules.

`language("bo")`, `language("zh_CN")`, `language("fr")`. A language with a file in `data/` is described by that file
and by those of its fallback chain (pt-BR -> pt -> default); for any other CLDR is asked, through Babel.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from toolkit.errors import UsageError
from toolkit.language import cldr

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
    """Languages whose data files fill in what its own leaves out, nearest first: `("zh", "default")`."""
    joiner: str
    """The text between two sentences of a paragraph: a space, or nothing in Chinese."""
    cased: bool
    """The script has capitals."""
    spaced: bool
    """Words are separated by spaces."""
    quotes: tuple[str, str, str, str]
    """Quotation marks: outer opening, outer closing, inner opening, inner closing."""
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """All keys of its data files, those of the fallback chain merged in."""


_CASES = {2: str.upper, 3: str.upper, 4: str.title}
_SHAPE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*")


def language(tag: str) -> Language:
    """The language that a BCP 47 tag, a gettext locale name, a name (`Tibetan`, `བོད་སྐད།`) or a usual alias means.

    Raises UsageError for what is neither, and for a language that has no data file and is not in CLDR.
    """
    return _language(canonical(tag))


@cache
def _language(tag: str) -> Language:
    data = _data(tag)
    if "name" not in data:
        if (better := cldr.preferred(tag)) != tag:
            return language(better)
        described = cldr.describe(tag)
        if described is None:
            raise unknown(tag)
        data = {**data, **described}
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


@lru_cache(maxsize=512)
def canonical(tag: str) -> str:
    """The tag in the usual case of BCP 47, aliases resolved. Raises UsageError for what does not look like a tag."""
    text = re.sub(r"[.@].*", "", tag.strip()).replace("_", "-").lower()
    if text in _aliases():
        return _aliases()[text]
    if not _SHAPE.fullmatch(text):
        if found := named(tag):
            return found
        raise unknown(tag)
    first, *rest = text.split("-")
    return "-".join((first, *(_CASES.get(len(part), str.lower)(part) for part in rest)))


def unknown(tag: str) -> UsageError:
    """The error for an unknown language."""
    near = get_close_matches(tag.strip().casefold(), [*_names(), *cldr.names()] if len(tag) > 3 else [], 1, 0.75)
    hint = f"did you mean {near[0].title()} ({named(near[0])})?" if near else "try `lokta languages`"
    return UsageError(f"unknown language {tag!r}: not a BCP 47 tag that CLDR knows; {hint}")


def named(name: str) -> str:
    """The tag of the language with this name, in English or in the language itself; empty for none."""
    wanted = name.strip().strip("།་").casefold()
    return _names().get(wanted) or cldr.names().get(wanted, "")


@cache
def _names() -> dict[str, str]:
    """The names of the languages that have a data file -> tag."""
    spoken = ((tag, _data(tag)) for tag in known())
    return {str(data[key]).strip("།་").casefold(): tag for tag, data in spoken for key in ("name", "autonym")}


def known() -> tuple[str, ...]:
    """The tags of the languages that have a data file of their own, sorted; pseudo-localization is no language."""
    stems = (entry.name.removesuffix(".toml") for entry in files(__package__).joinpath("data").iterdir())
    return tuple(sorted(stem for stem in stems if "name" in _read(stem) and not stem.startswith("qps")))


TIBETAN_DIGITS = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")


def format_date(day: date, tag: str) -> str:
    """A date in the language's long form and digits."""
    spoken = language(tag)
    pattern = spoken.data.get("date")
    if pattern is None:
        return cldr.long_date(day, spoken.tag)
    names = spoken.data.get("month_names")
    text = str(pattern).format(
        year=day.year, month=day.month, day=day.day, month_name=names[day.month - 1] if names else day.month
    )
    return text.translate(TIBETAN_DIGITS) if spoken.data["digits"] == "tibt" else text


def _chain(tag: str) -> tuple[str, ...]:
    """The tag and its fallbacks: at each step the one its file names, else the tag without its last part; then `default`."""
    chain = [tag]
    while tag:
        named = _read(tag).get("fallbacks")
        tag = named[0] if named else tag.rpartition("-")[0]
        if tag:
            chain.append(tag)
    return (*chain, "default")


def _data(tag: str) -> dict[str, Any]:
    """The data files of the chain without `default`, nearer ones over farther; name and dates are never inherited."""
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
