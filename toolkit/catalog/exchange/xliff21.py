"""XLIFF 2.1 (and what its core has in common with 2.0).

A unit of the catalog is a `<unit>` with one `<segment>`, an article a `<file>`. The states, both ways:

    initial             state=initial, no target
    draft, a machine's  state=initial subState=lokta:draft, with a target: nobody translated it yet
    draft, a person's   state=translated
    outdated            state=initial subState=lokta:outdated
    accepted            state=reviewed
    reviewed            state=final
    memory              state=reviewed subState=lokta:memory

Codes are `<ph>`, `<pc>` (`<sc>` and `<ec>` where pairs cross or lack a half); what the catalog has in their place is in
`<originalData>`. `#.` lines and `#` comments are notes of the categories `developer` and `translator`; places, flags, our
provenance lines and the previous source stand in the metadata module, category `lokta`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from toolkit.catalog.exchange import model, xml
from toolkit.catalog.exchange.inline import Piece, Role, numbered_tag, pieces
from toolkit.catalog.exchange.model import Base, Document, Passage, Said
from toolkit.catalog.exchange.xml import Element
from toolkit.errors import DataError
from toolkit.units import Location, Markup, State, Unit, markup_of

SUFFIX = ".xlf"
_NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_METADATA = "urn:oasis:names:tc:xliff:metadata:2.0"
_OURS = "urn:lokta:exchange:1"
_STATES = ("initial", "translated", "reviewed", "final")
_ROLE_OF: Mapping[str, Role] = {"ph": "ph", "sc": "open", "ec": "close"}


def dump(documents: Iterable[Document], version: str = "2.1") -> str:
    """The text of an XLIFF 2.1 file; all documents are of one pair of languages."""
    all_ = [one for one in documents if one.passages]  # a file must have a unit
    source = next((one.source_language for one in all_ if one.source_language), "und")
    target = next((one.target_language for one in all_), "")
    names = {"srcLang": source, "trgLang": target}
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<xliff version="{version}" xmlns="{_NAMESPACE}" xmlns:mda="{_METADATA}" xmlns:lokta="{_OURS}"{_attributes(names)}>',
    ]
    for number, document in enumerate(all_, 1):
        names = {"id": f"f{number}", "original": document.article, "lokta:markup": document.markup}
        lines.append(f"<file{_attributes(names)}>")
        for passage in document.passages:
            lines += _unit(passage.unit, passage.base, document.markup)
        lines.append("</file>")
    return "\n".join([*lines, "</xliff>", ""])


def load(data: bytes, name: str) -> tuple[Document, ...]:
    """The documents in an XLIFF 2 file. Raises DataError, `name:line: …`."""
    languages = {"srcLang": "", "trgLang": ""}

    def begun(element: Element) -> Document | None:
        if element.local == "xliff":
            languages.update({key: element.get(key) for key in languages})
        if element.local != "file":
            return None
        source = "" if languages["srcLang"] == "und" else languages["srcLang"]
        markup = markup_of(element.get(f"{{{_OURS}}}markup"))
        return Document(element.get("original"), source, languages["trgLang"], markup)

    return model.documents(data, name, "unit", begun, _passage)


# --- writing


@dataclass(slots=True)
class _Data:
    """The `<originalData>` of a unit: what stands in the place of its codes."""

    ids: dict[str, str] = field(default_factory=dict)

    def id(self, text: str) -> str:
        """The id of the entry with this text."""
        return self.ids.setdefault(text, f"d{len(self.ids) + 1}")


def _unit(unit: Unit, base: Base | None, markup: Markup) -> Iterator[str]:
    data = _Data()
    source, target = (_inline(parts, data) for parts in pieces(unit.source, unit.target, markup))
    yield f'<unit{_attributes({"id": unit.key.short, "name": unit.context})} xml:space="preserve">'
    own = model.fields(unit, base)
    own += [("location", f"{place.file}:{place.line}") for place in unit.locations]
    own += [("previous-source", unit.previous_source)] if unit.previous_source else []
    yield from _metadata(own)
    if unit.notes or unit.comments:
        yield "<notes>"
        for author, notes in (("developer", unit.notes), ("translator", unit.comments)):
            for note in notes:
                yield f'<note category="{author}">{xml.escaped(note)}</note>'
        yield "</notes>"
    if data.ids:
        yield "<originalData>"
        for text, number in data.ids.items():
            yield f'<data id="{number}">{_controlled(text)}</data>'
        yield "</originalData>"
    yield f"<segment{_attributes(_state(unit))}>"
    yield f"<source>{source}</source>"
    if unit.target:
        yield f"<target>{target}</target>"
    yield "</segment>"
    yield "</unit>"


def _state(unit: Unit) -> dict[str, str]:
    """The attributes of `<segment>`; see the table above."""
    if unit.state is State.INITIAL:
        return {"state": "initial"}
    if unit.state is State.REMEMBERED:
        return {"state": "reviewed", "subState": "lokta:memory"}
    if unit.state.approved:
        return {"state": "final" if unit.state is State.REVIEWED else "reviewed"}
    if unit.machine:
        return {"state": "initial", "subState": "lokta:draft"}
    if unit.state is State.OUTDATED:
        return {"state": "initial", "subState": "lokta:outdated"}
    return {"state": "initial", "subState": "lokta:needs-work"} if unit.line("needs-work") else {"state": "translated"}


def _metadata(fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Our fields in the metadata module."""
    if fields:
        yield '<mda:metadata><mda:metaGroup category="lokta">'
        for name, value in fields:
            yield f'<mda:meta type="{name}">{xml.escaped(value)}</mda:meta>'
        yield "</mda:metaGroup></mda:metadata>"


def _attributes(values: dict[str, str]) -> str:
    return "".join(f' {name}="{xml.attribute(value)}"' for name, value in values.items() if value)


def _controlled(text: str) -> str:
    """The text with `<cp>` for characters that XML forbids."""
    found = enumerate(xml.runs(text))
    return "".join(f'<cp hex="{ord(run):04X}"/>' if at % 2 else xml.plain(run) for at, run in found)


def _inline(parts: Iterable[Piece], data: _Data) -> str:
    written = []
    for part in parts:
        if part.role == "text":
            written.append(_controlled(part.text))
        elif part.role == "close" and part.nests:
            written.append("</pc>")
        elif part.role == "open" and part.nests:
            refs = f'dataRefStart="{data.id(part.text)}" dataRefEnd="{data.id(part.closing)}"'
            written.append(f'<pc id="{part.id}" {refs}>')
        else:
            names = {
                "ph": f'ph id="{part.id}" disp="{xml.attribute(part.text)}"',
                "open": f'sc id="{part.id}"',
                "close": f'ec startRef="{part.id}"',
                "alone-open": f'sc id="{part.id}" isolated="yes"',
                "alone-close": f'ec id="{part.id}" isolated="yes"',
            }
            written.append(f'<{names[part.role]} dataRef="{data.id(part.text)}"/>')
    return "".join(written)


# --- reading


def _passage(element: Element, name: str) -> Passage:
    data: dict[str, str] = {}
    for held in element.all("originalData"):
        data |= {one.get("id"): _text(one, _Codes()) for one in held.all("data")}
    codes = _Codes(data)
    sources, targets, states, remarks = [], list[tuple[int, str]](), [], list[str]()
    for place, part in enumerate(element.all("segment", "ignorable"), 1):
        source, target = part.first("source"), part.first("target")
        if source is None:
            raise DataError(f"{name}:{part.line}: a segment without <source>; export it again")
        codes.learn(source)
        sources.append(_text(source, codes))
        if target is not None:
            order = target.get("order")
            targets.append((int(order) if re.fullmatch("[0-9]{1,6}", order) else place, _text(target, codes)))
            remarks += _remarks(target)
        elif part.local == "ignorable":
            targets.append((place, sources[-1]))
        if part.local == "segment":
            states.append((part.get("state"), part.get("subState"), target is not None))
    known, places, previous = [], list[Location](), ""
    for kind, value in _fields(element):
        if kind == "location":
            places.append(model.location(value))
        elif kind == "previous-source":
            previous = value
        else:
            known.append((kind, value))
    notes = [
        (note.get("category"), xml.unescaped(note.text)) for group in element.all("notes") for note in group.all("note")
    ]
    notes += [("", remark) for remark in remarks]
    in_order = sorted(targets, key=lambda one: one[0])
    target_text = "".join(text for _, text in in_order) if any(there for *_, there in states) else ""
    unit = Unit("".join(sources), target_text, previous_source=previous, locations=tuple(places))
    return model.passage(unit, _said(states), known, notes, element.line)


def _said(states: list[tuple[str, str, bool]]) -> Said:
    """What the segments of a unit say together: as much as the one that says least. A target without a state waits."""
    least = min((_STATES.index(state) if state in _STATES else int(there) for state, _, there in states), default=0)
    if least >= _STATES.index("reviewed"):
        return "approved"
    if any(more == "lokta:needs-work" for _, more, _ in states):
        return "needs-work"
    return "waits" if least else ""


def _fields(element: Element) -> Iterator[tuple[str, str]]:
    for metadata in element.all("metadata"):
        for group in metadata.all("metaGroup"):
            if group.get("category") == "lokta":
                yield from ((one.get("type"), xml.unescaped(one.text)) for one in group.all("meta"))


@dataclass(slots=True)
class _Codes:
    """What the codes of a unit stand for."""

    data: Mapping[str, str] = field(default_factory=dict)
    """By the id of the `<originalData>`."""
    tags: dict[str, str] = field(default_factory=dict)
    """By the numbered tag of a code in the source, for a tool that leaves the `dataRef` out of the target."""

    def learn(self, source: Element) -> None:
        """Take in the codes of a source."""
        for code in source.children:
            if isinstance(code, Element) and code.local != "cp":
                for tag, text in self._of(code):
                    if text:
                        self.tags.setdefault(tag, text)
                self.learn(code)

    def of(self, code: Element) -> list[str]:
        """What stands in the place of a code, or of the two ends of a `<pc>`; a numbered tag where that is not known."""
        return [text or self.tags.get(tag, "") or code.get("equiv") or tag for tag, text in self._of(code)]

    def _of(self, code: Element) -> list[tuple[str, str]]:
        """Its numbered tags, and what the data says of each."""
        name = code.get("startRef") or code.get("id")
        if code.local == "pc":
            return [
                (numbered_tag("open", name), self.data.get(code.get("dataRefStart"), "")),
                (numbered_tag("close", name), self.data.get(code.get("dataRefEnd"), "")),
            ]
        roles = _ROLE_OF.get(code.local)
        return [(numbered_tag(roles, name), self.data.get(code.get("dataRef"), ""))] if roles else []


def _text(element: Element, codes: _Codes) -> str:
    """The text with its codes as the catalog has them."""
    written = []
    for child in element.children:
        if isinstance(child, str):
            written.append(child)
        elif child.local == "cp":
            written.append(xml.character(child.get("hex")))
        elif child.local in _ROLE_OF:
            written += codes.of(child)
        elif child.local == "pc":
            start, end = codes.of(child)
            written += [start, _text(child, codes), end]
        elif child.local not in ("sm", "em"):  # <mrk>
            written.append(_text(child, codes))
    return "".join(written)


def _remarks(element: Element) -> Iterator[str]:
    """What a translator said of a part of the target."""
    for child in element.all("mrk", "sm", "pc"):
        if child.get("type") == "comment" and child.get("value"):
            yield child.get("value")
        yield from _remarks(child)
