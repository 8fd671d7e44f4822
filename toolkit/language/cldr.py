"""Data from CLDR, through Babel, for languages without a data file of their own."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

_RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})


def preferred(tag: str) -> str:
    """The tag with the language code that CLDR prefers: `de` for `deu`, `he` for `iw`."""
    from babel.core import get_global

    code, *rest = tag.split("-")
    return "-".join((*str(get_global("language_aliases").get(code, code)).split("_"), *rest))


def describe(tag: str) -> dict[str, Any] | None:
    """Name, autonym, script, direction and plural forms; None for a language that has no English name in CLDR."""
    from babel import Locale, UnknownLocaleError
    from babel.localedata import exists
    from babel.messages.plurals import get_plural

    english = Locale("en")
    code, *rest = tag.split("-")
    name = english.languages.get(code) or (code if exists(code) else "")
    tables = [english.scripts if len(part) == 4 else english.territories for part in rest if len(part) in (2, 3, 4)]
    parts = [table.get(part) for table, part in zip(tables, rest, strict=False)]
    if not name or not all(parts) or code in ("und", "mul", "mis", "zxx", "root"):
        return None
    locale_name = tag.replace("-", "_")
    try:
        locale = Locale.parse(locale_name)
        autonym = locale.get_display_name(locale) or name
        direction = locale.text_direction
        plural = get_plural(locale_name)
    except (UnknownLocaleError, ValueError):
        autonym, direction, plural = name, "", get_plural("en")
    script = next((part for part in rest if len(part) == 4), "") or _likely_script(tag)
    return {
        "name": f"{name} ({', '.join(map(str, parts))})" if parts else name,
        "autonym": autonym,
        "script": script,
        "direction": "rtl" if script in _RIGHT_TO_LEFT else direction or "ltr",
        "plural_forms": plural.plural_forms,
    }


@cache
def names() -> dict[str, str]:
    """CLDR's English names of languages, in small letters -> code."""
    from babel import Locale

    return {str(name).casefold(): code for code, name in Locale("en").languages.items() if "_" not in code}


def _likely_script(tag: str) -> str:
    """The script that CLDR expects of a language, ISO 15924; `Latn` where it knows none."""
    from babel.core import get_global

    likely = get_global("likely_subtags")
    full = likely.get(tag.replace("-", "_")) or likely.get(tag.split("-")[0], "")
    return next((part for part in full.split("_")[1:] if len(part) == 4), "Latn")


def long_date(day: date, tag: str) -> str:
    """A date in CLDR's long form; in ISO 8601 where CLDR has no pattern."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        return format_date(day, "long", Locale.parse(tag.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
