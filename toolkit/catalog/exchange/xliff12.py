"""XLIFF 1.2, which every tool of translators reads: OmegaT, Poedit, memoQ, Trados, Weblate.

A unit of the catalog is a `<trans-unit>`, an article a `<file>`. The states, both ways:

    initial             state=needs-translation, no text
    draft, a machine's  state=needs-review-translation state-qualifier=leveraged-mt (leveraged-tm from memory)
    draft, a person's   state=translated
    outdated            state=needs-review-translation, the previous pair in <alt-trans alttranstype="previous-version">
    accepted            approved=yes state=signed-off
    reviewed            approved=yes state=final
    memory              approved=yes state=signed-off state-qualifier=exact-match

Codes are `<ph>`, `<bpt>` and `<ept>` (`<it>` without their other half), which carry what the catalog has in their place, so that
no other file is needed to put them back; ids are the same in source and target. `#.` lines and `#` comments are `<note>` from
`developer` and `translator`, places are context groups (as in the guide for gettext), and what is left, such as flags and our
provenance lines, are contexts of types that begin with `x-lokta-`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit.catalog.exchange import model, xml
from toolkit.catalog.exchange.inline import Piece, Role, numbered_tag, pieces
from toolkit.catalog.exchange.model import Base, Document, Passage, Said
from toolkit.catalog.exchange.xml import Element
from toolkit.errors import DataError
from toolkit.units import MACHINE_MADE, Location, Markup, State, Unit

SUFFIX = ".xlf"
_NAMESPACE = "urn:oasis:names:tc:xliff:document:1.2"
_DATATYPES: dict[Markup, str] = {"plain": "plaintext", "tags": "html", "markdown": "x-markdown"}
_APPROVED = ("final", "signed-off")
_FIELD = "x-lokta-"
_ROLES = {"ph": "ph", "open": "bpt", "close": "ept", "alone-open": "it", "alone-close": "it"}
_ROLE_OF: dict[str, Role] = {
    "ph": "ph",
    "bpt": "open",
    "ept": "close",
    "it": "open",
    "x": "ph",
    "bx": "open",
    "ex": "close",
}
_HALVES: tuple[Role, Role] = ("open", "close")
_CONTROL = "x-lokta-control"
"""`ctype` of a `<ph>` that stands for a character that XML forbids; it holds the number, as `U+001B`."""


def dump(documents: Iterable[Document]) -> str:
    """The text of an XLIFF 1.2 file."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<xliff version="1.2" xmlns="{_NAMESPACE}">']
    for document in documents:
        names = {
            "original": document.article,
            "source-language": document.source_language or "und",
            "target-language": document.target_language,
            "datatype": _DATATYPES[document.markup],
        }
        lines += [f"<file{_attributes(names)}>", "<body>"]
        for passage in document.passages:
            lines += _unit(passage.unit, passage.base, document.markup)
        lines += ["</body>", "</file>"]
    return "\n".join([*lines, "</xliff>", ""])


def load(data: bytes, name: str) -> tuple[Document, ...]:
    """The documents in an XLIFF 1.2 file. Raises DataError, `name:line: …`."""
    return model.documents(data, name, "trans-unit", _document, _passage)


# --- writing


def _unit(unit: Unit, base: Base | None, markup: Markup) -> Iterator[str]:
    source, target = pieces(unit.source, unit.target, markup)
    names = {"id": unit.key.short, "resname": unit.context, "approved": "yes" if unit.state.approved else "no"}
    yield f'<trans-unit{_attributes(names)} xml:space="preserve">'
    yield f"<source>{_inline(source)}</source>"
    yield f"<target{_attributes(_state(unit))}>{_inline(target)}</target>"
    for place in unit.locations:
        yield '<context-group purpose="location">'
        yield f'<context context-type="sourcefile">{xml.escaped(place.file)}</context>'
        yield f'<context context-type="linenumber">{place.line}</context>'
        yield "</context-group>"
    if own := model.fields(unit, base):
        yield '<context-group purpose="information">'
        for name, value in own:
            yield f'<context context-type="{_FIELD}{name}">{xml.escaped(value)}</context>'
        yield "</context-group>"
    for author, notes in (("developer", unit.notes), ("translator", unit.comments)):
        for note in notes:
            yield f'<note from="{author}">{xml.escaped(note)}</note>'
    if unit.previous_source:
        previous, then = pieces(unit.previous_source, unit.target, markup)
        yield '<alt-trans alttranstype="previous-version">'
        yield f"<source>{_inline(previous)}</source>"
        yield f"<target>{_inline(then)}</target>"
        yield "</alt-trans>"
    yield "</trans-unit>"


def _state(unit: Unit) -> dict[str, str]:
    """The attributes of `<target>`; see the table above."""
    if unit.state is State.INITIAL:
        return {"state": "needs-translation"}
    if unit.state is State.REMEMBERED:
        return {"state": "signed-off", "state-qualifier": "exact-match"}
    if unit.state.approved:
        return {"state": "final" if unit.state is State.REVIEWED else "signed-off"}
    if unit.machine:
        memory = next(line.kind for line in unit.provenance if line.kind in MACHINE_MADE) == "tm"
        return {"state": "needs-review-translation", "state-qualifier": "leveraged-tm" if memory else "leveraged-mt"}
    waits = unit.state is State.OUTDATED or unit.line("needs-work")
    return {"state": "needs-review-translation" if waits else "translated"}


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{xml.attribute(value)}"' for name, value in values.items() if value)


def _inline(parts: Iterable[Piece]) -> str:
    written = []
    controls = 0
    for part in parts:
        if part.role == "text":
            for at, run in enumerate(xml.runs(part.text)):
                controls += at % 2
                written.append(
                    f'<ph id="c{controls}" ctype="{_CONTROL}">U+{ord(run):04X}</ph>' if at % 2 else xml.plain(run)
                )
            continue
        name = _ROLES[part.role]
        ends = {"alone-open": ' pos="open"', "alone-close": ' pos="close"'}.get(part.role, "")
        written.append(f'<{name} id="{part.id}"{ends}>{xml.escaped(part.text)}</{name}>')
    return "".join(written)


# --- reading


def _document(element: Element) -> Document | None:
    """The document that an element begins."""
    if element.local != "file":
        return None
    markup: Markup = next((key for key, value in _DATATYPES.items() if value == element.get("datatype")), "plain")
    source, target = element.get("source-language"), element.get("target-language")
    return Document(element.get("original"), "" if source == "und" else source, target, markup)


def _passage(element: Element, name: str) -> Passage:
    source, target, alt = (element.first(one) for one in ("source", "target", "alt-trans"))
    if source is None:
        raise DataError(f"{name}:{element.line}: a trans-unit without <source>; export it again")
    known: list[tuple[str, str]] = []
    places: list[Location] = []
    for group in element.all("context-group"):
        contexts = [(one.get("context-type"), xml.unescaped(one.text)) for one in group.all("context")]
        if group.get("purpose") == "location":
            values = dict(contexts)
            places.append(model.location(f"{values.get('sourcefile', '')}:{values.get('linenumber', '0').strip()}"))
        known += [(kind.removeprefix(_FIELD), value) for kind, value in contexts if kind.startswith(_FIELD)]
    notes = [(note.get("from"), xml.unescaped(note.text)) for note in element.all("note")]
    previous = alt.first("source") if alt is not None and alt.get("alttranstype") == "previous-version" else None
    codes = {_numbered(code): _content(code) for code in source.all(*_ROLE_OF)}
    unit = Unit(
        _text(source, codes),
        _text(target, codes) if target is not None else "",
        previous_source=_text(previous, {}) if previous is not None else "",
        locations=tuple(places),
    )
    notes += [("", remark) for remark in _remarks(target)] if target is not None else []
    state = target.get("state") if target is not None else ""
    found = model.passage(unit, _said(element.get("approved"), state), known, notes, element.line)
    if state == "translated" and found.said == "approved" and found.base and found.base.state.approved:
        return replace(found, said="waits")  # a tool that knows states but not `approved`, which we wrote, took it back
    return found


def _said(approved: str, state: str) -> Said:
    if state.startswith("needs-review") or state in ("needs-adaptation", "needs-l10n"):
        return "needs-work"
    if state in ("new", "needs-translation"):
        return ""
    return "approved" if approved == "yes" or state in _APPROVED else "waits"


def _numbered(code: Element) -> str:
    """The numbered tag in the place of a code."""
    role = _ROLE_OF[code.local]
    if code.local == "it" and code.get("pos") in ("close", "end"):
        role = "close"
    return numbered_tag(role, code.get("id") if role == "ph" else code.get("rid") or code.get("id"))


def _content(code: Element) -> str:
    """What a code stands for; empty where the file does not say it."""
    if code.get("ctype") == _CONTROL:
        return xml.character(code.text.removeprefix("U+"))
    return xml.unescaped(code.text)


def _text(element: Element, codes: Mapping[str, str]) -> str:
    """The text with its codes as the catalog has them. Where another tool left only an id (`<g>`, `<x/>`, an empty `<bpt/>`), it is
    that of `codes`, by its numbered tag, or else the tag itself."""
    written = []
    for child in element.children:
        if isinstance(child, str):
            written.append(child)
        elif child.local in _ROLE_OF:
            tag = _numbered(child)
            written.append(_content(child) or codes.get(tag, "") or child.get("equiv-text") or tag)
        elif child.local == "g":
            start, end = (numbered_tag(role, child.get("id")) for role in _HALVES)
            written += [codes.get(start, "") or start, _text(child, codes), codes.get(end, "") or end]
        elif child.get("mtype") != "x-sdl-deleted":  # <mrk>, which marks a sentence or a change
            written.append(_text(child, codes))
    return "".join(written)


def _remarks(element: Element) -> Iterator[str]:
    """What a translator said of a part of the target."""
    for child in element.all("mrk", "g"):
        if child.get("comment"):
            yield child.get("comment")
        yield from _remarks(child)
