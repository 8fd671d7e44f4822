"""A catalog as TMX 1.4b: its translated units as pairs, with states, places and provenance as properties.

TMX knows no states and no empty targets. Ours are properties (`<prop type="x-lokta-state">`), so that a file that comes back
says what it was; a tool that knows none of them reads the pairs. Units without a target are left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit.catalog.exchange import model, tmx, xml
from toolkit.catalog.exchange.model import Document, Passage, Said
from toolkit.units import State, Unit, markup_of

SUFFIX = ".tmx"
_OURS = "x-lokta-"


def dump(documents: Iterable[Document]) -> str:
    """The text of a TMX file; all documents are of one source language."""
    all_ = list(documents)
    source = next((one.source_language for one in all_ if one.source_language), "und")
    return "".join(tmx.write((pair for document in all_ for pair in _pairs(document)), source))


def load(data: bytes, name: str) -> tuple[Document, ...]:
    """The documents in a TMX file, by article and target language. Raises CatalogError, `name:line: …`."""
    found: dict[tuple[str, str, str], Document] = {}
    passages: dict[tuple[str, str, str], list[Passage]] = {}
    header: dict[str, str] = {}
    for unit in tmx.read([data], name, header):
        if not unit.variants:
            continue
        first, *others = unit.variants
        properties = {
            kind.removeprefix(_OURS): xml.unescaped(text)
            for kind, text in unit.properties.items()
            if kind.startswith(_OURS)
        }
        markup = markup_of(properties.get("markup", ""))
        source = "" if first.language == "und" else first.language
        for other in others:
            key = (properties.get("article", ""), source, other.language)
            found.setdefault(key, Document(*key, markup))
            passages.setdefault(key, []).append(_passage(unit, first.text, other.text, properties))
    return tuple(replace(document, passages=tuple(passages[key])) for key, document in found.items())


def _pairs(document: Document) -> Iterator[tmx.TranslationUnit]:
    for passage in document.passages:
        unit = passage.unit
        if not unit.target:
            continue
        held: dict[str, list[str]] = {"article": [document.article], "markup": [document.markup]}
        held["state"] = [unit.state]
        for name, value in model.fields(unit, passage.base):
            held.setdefault(name, []).append(value)
        held |= {"note": list(unit.notes)} if unit.notes else {}
        held |= {"location": [f"{place.file}:{place.line}" for place in unit.locations]} if unit.locations else {}
        held |= {"previous-source": [unit.previous_source]} if unit.previous_source else {}
        review = unit.line("reviewed") if unit.state is State.REVIEWED else None
        by, date = (review.get("by"), review.get("date")) if review else (tmx.MACHINE * unit.machine, "")
        yield tmx.TranslationUnit(
            (
                tmx.with_codes(document.source_language or "und", xml.marked(unit.source), document.markup),
                tmx.with_codes(document.target_language, xml.marked(unit.target), document.markup, by, date),
            ),
            unit.key.short,
            {f"{_OURS}{name}": xml.marked("\n".join(values)) for name, values in held.items()},
            tuple(map(xml.marked, unit.comments)),
        )


def _passage(pair: tmx.TranslationUnit, source: str, target: str, properties: Mapping[str, str]) -> Passage:
    def lines(name: str) -> list[str]:
        return properties[name].split("\n") if name in properties else []

    several = ("flag", "provenance")
    known = [(name, value) for name in several for value in lines(name)]
    known += [(name, properties[name]) for name in ("context", "base") if name in properties]
    notes = [("developer", note) for note in lines("note")]
    notes += [("", xml.unescaped(note)) for note in pair.notes]
    unit = Unit(
        xml.unescaped(source),
        xml.unescaped(target),
        previous_source=properties.get("previous-source", ""),
        locations=tuple(map(model.location, lines("location"))),
    )
    state = properties.get("state", "")
    said: Said = "approved" if state in [*State] and State(state).approved else "waits" if state else ""
    return model.passage(unit, said, known, notes, 0)
