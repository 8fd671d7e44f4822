"""The marks at the end: a full stop, a question mark, and those that come in pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import regex

from toolkit.language import Language
from toolkit.language.measures import script_family
from toolkit.quality.pair import of_unit
from toolkit.units import Catalog, Finding, Mend, Unit

_CLOSERS = "\"'”’»›」』》〉)）]】*_ \u00a0"
_STOPS = ".!?。！？…;；:：།༎༏༑༔"
_QUESTIONS = "?？"
_NO_SHAD = regex.compile(r"[ཀགཤ][\u0f71-\u0f84]*$")
"""After these letters Tibetan writes no shad."""
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "「": "」", "『": "』", "《": "》", "〈": "〉", "«": "»", "【": "】"}
_OPENING = {closing: opening for opening, closing in _PAIRS.items()}
_PLAIN = {"（": "(", "）": ")", "［": "[", "］": "]", "｛": "{", "｝": "}", "„": "“", "༼": "(", "༽": ")"}
_MARKS = re.compile("[" + re.escape("".join((*_PAIRS, *_OPENING, *_PLAIN, '"', "＂"))) + "]")
_LISTED = regex.compile(r"(?:^|[\s、，。；])[\p{Nd}\p{L}]{1,3}\)")
"""`a)`, `1)` begin the items of a list."""


def ending(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A lost end mark is a note, with a mend; a lost question mark a warning."""
    target = unit.target.rstrip()
    if not target:
        return
    pair = of_unit(unit, catalog)
    asked, given = pair.source.rstrip(_CLOSERS), pair.target.rstrip(_CLOSERS)
    if not asked or not given or asked[-1] not in _STOPS or given[-1] in _STOPS:
        if asked and given and asked[-1] in _QUESTIONS and given[-1] not in _QUESTIONS and pair.spoken.script != "Tibt":
            yield Finding(
                "the source is a question, the translation is not", "warning", None, (len(given) - 1, len(given))
            )
        return
    family = script_family(pair.spoken)
    if family == "Tibt" and _NO_SHAD.search(given):
        return
    question = asked[-1] in _QUESTIONS and family != "Tibt"
    mark = _mark(asked[-1], pair.spoken)
    at = len(given)
    cut = 1 if family == "Tibt" and given[-1] in "་༌" and not given.endswith("ང་") else 0
    sure = mark and not unit.target[at:].strip(_CLOSERS)  # behind it stands no address and no other code
    mend = (Mend(at - cut, at, mark),) if sure else ()
    said = "the source is a question, the translation has no question mark" if question else "no mark at the end"
    yield Finding(said, "warning" if question else "info", None, (at - 1, at), mend)


def _mark(mark: str, spoken: Language) -> str:
    """The target language's mark for one of the source; empty where that is not certain."""
    family = script_family(spoken)
    plain = unicodedata.normalize("NFKC", mark)
    if family == "Tibt":
        return "།" if plain in ".!?。།" else ""
    if family == "Han":
        return {".": "。", "。": "。", "།": "。", "!": "！", "?": "？"}.get(plain, "")
    return {"。": ".", "།": "."}.get(plain, plain if plain in ".!?" else "")


def paired(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A bracket or a quotation mark without its other half, where the source has both halves or none: a warning for a bracket,
    a note for a quotation mark, whose other half may stand in the next paragraph."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    alone = _alone(pair.target)
    if not alone:
        return
    theirs = {_kind(mark) for mark, _ in _alone(pair.source)}
    for mark, at in alone[:3]:
        if _kind(mark) not in theirs:
            quote = _kind(mark) == "quote"
            said = f"{'quotation mark' if quote else 'bracket'} without its other half: {unit.target[at]}"
            yield Finding(said, "info" if quote else "warning", None, (at, at + 1))


def _kind(mark: str) -> str:
    return "quote" if mark in '“”"「」『』«»' else "bracket"


def _alone(text: str) -> list[tuple[str, int]]:
    """The marks of pairs that have no other half, with their places; straight quotation marks count as one pair after another."""
    places = [found.start() for found in _MARKS.finditer(text)]
    if not places:
        return []
    open_: list[tuple[str, int]] = []
    alone: list[tuple[str, int]] = []
    listed = {found.end() - 1 for found in _LISTED.finditer(text)}
    straight = [at for at in places if text[at] in '"＂']
    for at in places:
        plain = _PLAIN.get(text[at], text[at])
        if plain in _PAIRS:
            open_.append((plain, at))
        elif plain in _OPENING and at not in listed:
            wanted = _OPENING[plain]
            place = next((n for n in range(len(open_) - 1, max(-1, len(open_) - 4), -1) if open_[n][0] == wanted), None)
            if place is None:
                alone.append((plain, at))
            else:
                del open_[place]
    if len(straight) % 2 and not _inches(text, straight):
        alone.append(('"', straight[-1]))
    return [*alone, *open_]


def _inches(text: str, places: list[int]) -> bool:
    return any(text[at - 1 : at].isdigit() for at in places)
