"""Links, images, emphasis and addresses of the source are in the translation, no more and no fewer.

A machine's draft that differs is an error, since it will not be put into an edition. A person's translation is put in: what
differs is a warning, and a note where it is emphasis alone; tags that are not closed are an error there too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from toolkit.codes import compare, find, strip
from toolkit.codes.comparing import EMPHASIS
from toolkit.codes.emphasis import mended
from toolkit.codes.markdown import find as inline_codes
from toolkit.language.numbers import figures, pool, says
from toolkit.units import Catalog, Code, Finding, Markup, Severity, Unit

_TAG = re.compile(r"</?(\d+)/?>")
_HALF = re.compile(r"</?(?!br|img|wbr|hr|input)[A-Za-z][^…]*(?<!/)>|</?\d+>")
"""A tag without its other half."""
_ELEMENTS = {
    "a": "link",
    "img": "image",
    "b": "bold",
    "strong": "bold",
    "i": "italics",
    "em": "italics",
    "code": "code",
    "br": "line break",
    "sub": "subscript",
    "sup": "superscript",
}


def codes(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """One finding for each kind of loss and addition: "link missing from the translation: …"."""
    if not unit.target.strip():
        return
    target, markup = unit.target, catalog.markup
    if markup == "markdown":  # as an edition prints it
        target = mended(target, inline_codes, strip(unit.source, inline_codes(unit.source)).text)
    if not find(unit.source, markup) and not find(target, markup):
        return
    found = compare(unit.source, target, markup)
    for what, count in Counter(found.missing).items():
        said = f"{kind(what, unit)} missing from the translation: {_shown(what, unit)}{_times(count)}"
        yield Finding(said, _severity(what, unit))
    for what, count in Counter(found.extra).items():
        said = f"{kind(what, unit)} that the source does not have: {_shown(what, unit)}{_times(count)}"
        yield Finding(said, "error" if _HALF.fullmatch(what) else _severity(what, unit))
    yield from _within(unit, catalog)
    if found.crossed:
        yield Finding("tags close in the wrong order: what was opened last must be closed first", "error")


def _within(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A pair of codes that holds words in the source and none in the translation, or whose number stands outside of it."""
    theirs = dict(_pairs(unit.source, catalog.markup))
    for label, (start, end) in _pairs(unit.target, catalog.markup) if theirs else ():
        if label not in theirs:
            continue
        words, said = unit.source[slice(*theirs[label])], unit.target[start:end]
        if any(map(str.isalnum, words)) and not any(map(str.isalnum, said)):
            yield Finding(
                f"nothing stands in {label}: in the source it holds {words.strip()[:40]}",
                "warning",
                theirs[label],
                (start, end),
            )
        elif fallen := [
            one for one in figures(words) if one.strong and not says(one, pool(said)) and says(one, pool(unit.target))
        ]:
            yield Finding(f"{fallen[0].text.strip()} stands outside of {label}", "warning", theirs[label], (start, end))


def _pairs(text: str, markup: Markup) -> Iterator[tuple[str, tuple[int, int]]]:
    """The pairs of codes in a text that are there once: their label, and the span between their halves."""
    found: dict[str, list[tuple[int, int]]] = {}
    open_: list[Code] = []
    for code in find(text, markup):
        if code.kind == "sc":
            open_.append(code)
        elif code.kind == "ec" and open_:
            opening = open_.pop()
            label = f"{text[opening.start : opening.end]}…{text[code.start : code.end]}"
            found.setdefault(label, []).append((opening.end, code.start))
    yield from ((label, spans[0]) for label, spans in found.items() if len(spans) == 1)


def _severity(what: str, unit: Unit) -> Severity:
    """How bad it is that this code is missing or added."""
    if unit.machine:
        return "error"
    return "info" if what in EMPHASIS else "warning"


def kind(what: str, unit: Unit) -> str:
    """What a translator calls a code: link, bold, footnote mark, …"""
    element = re.match(r"</?([a-zA-Z][a-zA-Z0-9]*)", meaning(what, unit) or what)
    if element:
        return _ELEMENTS.get(element[1].lower(), "tag")
    if what.startswith("!["):
        return "image"
    if what.startswith("[^"):
        return "footnote mark"
    if what.startswith("["):
        return "link"
    if re.match(r"<?(?:[a-z][a-z0-9+.-]*://|www\.|mailto:)", what, re.IGNORECASE):
        return "address"
    if re.fullmatch(r"<?[^\s@<>]+@[^\s@<>]+>?", what):
        return "e-mail address"
    if re.fullmatch(r"&#?\w+;", what):
        return "character reference"
    if what.startswith("`"):
        return "code"
    if what.startswith("<"):
        return "tag"
    return {"*": "italics", "_": "italics", "**": "bold", "__": "bold", "~~": "strikethrough"}.get(
        what.split("…")[0], "code"
    )


def meaning(what: str, unit: Unit) -> str:
    """What a numbered tag stands for, from the entry's `#.` lines."""
    tag = _TAG.match(what)
    if tag is None:
        return ""
    notes = (note.partition(" = ") for note in unit.notes)
    return next((said for label, _, said in notes if (named := _TAG.match(label)) and named[1] == tag[1]), "")


def _shown(what: str, unit: Unit) -> str:
    said = meaning(what, unit)
    return f"{what} ({said})" if said else what


def _times(count: int) -> str:
    return f" ({count} times)" if count > 1 else ""
