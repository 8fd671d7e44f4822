"""The translation is written in another script than its language is: Chinese in Tibetan, Traditional in Simplified."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

import regex

from toolkit.language import Language, language
from toolkit.language.chinese import is_other
from toolkit.language.detect import in_script, script_of
from toolkit.review.text import bare, without_asides
from toolkit.units import Catalog, Finding, Unit

_NAMES = {
    "Han": "Chinese characters",
    "Tibt": "Tibetan letters",
    "Latn": "Latin letters",
    "Cyrl": "Cyrillic letters",
    "Deva": "Devanagari letters",
    "Hira": "Japanese letters",
    "Kana": "Japanese letters",
    "Hang": "Korean letters",
    "Grek": "Greek letters",
    "Arab": "Arabic letters",
}
_SHOWN = 3
_STRAY_WORDS = 3
"""So many small words in Latin letters that the source does not have are no names."""
_SURE = 3
"""So many different characters of the other Chinese are no accident; one or two may be a name."""


def script(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A word in a script that is neither the language's nor quoted is an error, a single letter a warning."""
    if not unit.target.strip():
        return
    source, target = bare(unit.source, catalog.markup), bare(unit.target, catalog.markup)
    origin, spoken = language(catalog.source_language), language(catalog.target_language)
    yield from _mostly_latin(source, target, spoken)
    yield from _foreign(source, target, origin, spoken)
    if spoken.script in ("Hans", "Hant"):
        yield from _other_chinese("" if _family(origin) == "Han" else source, target, spoken)


_SMALL_WORD = regex.compile(r"(?<![\p{L}\p{M}])\p{Ll}{2,}(?![\p{L}\p{M}])")


def _mostly_latin(source: str, target: str, spoken: Language) -> Iterator[Finding]:
    """Words that are neither the language's nor the source's, such as Wylie or Pinyin."""
    if spoken.cased or in_script(target, spoken) >= 0.5:
        return
    known = set(_SMALL_WORD.findall(source))
    stray = [word for word in _SMALL_WORD.findall(target) if word not in known]
    if len(stray) >= _STRAY_WORDS:
        yield Finding(f"not in {_NAMES.get(_family(spoken), spoken.script)}: {' '.join(stray[:_SHOWN])} …", "error")


def _foreign(source: str, target: str, origin: Language, spoken: Language) -> Iterator[Finding]:
    """Letters of other scripts; the source's own may stand in brackets or quotes, a third one's where it has them."""
    in_the_open = without_asides(target)
    found: dict[str, list[str]] = {}
    for name, letters in groupby(target, lambda char: _foreign_script(char, spoken.tag)):
        run = "".join(letters)
        if not name or (name == "Grek" and len(run) == 1):
            continue
        if run not in source or (in_script(run, origin) > 0 and run in in_the_open):
            found.setdefault(name, []).append(run)
    for name, runs in found.items():
        shown = ", ".join(dict.fromkeys(runs[:_SHOWN])) + (" …" if len(runs) > _SHOWN else "")
        message = f"{_NAMES.get(name, f'letters of another script ({name})')} in the {spoken.name} text: {shown}"
        yield Finding(message, "error" if max(map(len, runs)) > 1 else "warning")


@cache
def _foreign_script(char: str, tag: str) -> str:
    """The letter's script when it is neither the language's nor Latin, else nothing; names in Latin letters stay."""
    if not char.isalpha():
        return ""
    name = script_of(char)
    return "" if name in ("Latn", "Zyyy", "Zinh", "") or in_script(char, language(tag)) > 0 else name


def _other_chinese(quotable: str, target: str, spoken: Language) -> Iterator[Finding]:
    simplified = spoken.script == "Hans"
    wrong = dict.fromkeys(
        char for char in target if char > "\u2fff" and char not in quotable and is_other(char, simplified)
    )
    if wrong:
        name = "Traditional" if simplified else "Simplified"
        sure = len(wrong) >= _SURE
        hint = "" if sure else " (right only in a name)"
        yield Finding(f"{name} characters{hint}: {''.join(wrong)}", "error" if sure else "warning")


def _family(spoken: Language) -> str:
    return "Han" if spoken.script in ("Hans", "Hant", "Hani") else spoken.script
