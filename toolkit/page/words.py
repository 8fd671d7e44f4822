"""The page's own words, from gettext catalogs: `locales/<locale>.po`, in the house's format like any other."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from toolkit import catalog as catalogs
from toolkit.language import language

LANGUAGES = ("en", "zh-Hans", "bo")
"""English stands in the code itself."""


@cache
def all_words() -> dict[str, Any]:
    """For each language its name, direction, words by their English, and whether a machine wrote them and nobody approved them."""
    found: dict[str, Any] = {}
    for tag in LANGUAGES:
        spoken = language(tag)
        units = () if tag == "en" else tuple(catalogs.load(_read(spoken.gettext)).live)
        found[tag] = {
            "name": spoken.autonym,
            "dir": spoken.direction,
            "machine": any(unit.fuzzy for unit in units),
            "words": {unit.source: unit.target for unit in units if unit.target},
        }
    return found


def _read(locale: str) -> str:
    return files("toolkit.page").joinpath("locales", f"{locale}.po").read_text(encoding="utf-8")
