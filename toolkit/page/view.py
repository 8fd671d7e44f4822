"""Units, findings and catalogs as the review page gets them: plain JSON, places counted in UTF-16 units as browsers count."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolkit import codes
from toolkit.catalog.reuse import sentence_states
from toolkit.codes.spans import paired
from toolkit.language import language
from toolkit.language.measures import word_count
from toolkit.memory.fill import withdrawn_from
from toolkit.pipeline.suggest import Suggestion
from toolkit.quality.rules.codes import kind, meaning
from toolkit.review import acts
from toolkit.review.findings import Placed, silenced
from toolkit.review.states import as_drafted, conflicts, origin, shown_state
from toolkit.units import Catalog, Code, State, Unit

Json = dict[str, Any]


def rev_of(text: str) -> str:
    """A digest of a catalog's text, 16 hex digits, by which the page knows that its file is another."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def work(catalog: Catalog) -> Json:
    """A catalog: its units, and the rows in which the page shows them."""
    asides = conflicts(catalog)
    history = _history(catalog)
    units = [unit_view(unit, catalog, asides.get(unit.key, ()), history.get(unit.source, ())) for unit in catalog.live]
    source, target = language(catalog.source_language or "en"), language(catalog.target_language)
    return {
        "rev": rev_of(catalog.raw),
        "article": catalog.article,
        "source": {"tag": source.tag, "dir": source.direction, "name": source.autonym},
        "target": {"tag": target.tag, "dir": target.direction, "name": target.autonym, "script": target.script},
        "markup": catalog.markup,
        "units": units,
        "rows": _rows(catalog),
    }


def unit_view(unit: Unit, catalog: Catalog, asides: Sequence[Unit] = (), history: Sequence[Unit] = ()) -> Json:
    """One unit; `asides` are the other versions of a conflict, `history` what obsolete entries say of it."""
    review = unit.line("reviewed") or unit.line("needs-work")
    refused = unit.line("refused")
    view = {
        "key": unit.key.short,
        "etag": acts.seen(unit),
        "state": shown_state(unit, bool(asides)),
        "approved": unit.state.approved,
        "source": unit.source,
        "target": unit.target,
        "previous": unit.previous_source,
        "context": unit.context,
        "type": unit.type,
        "places": [f"{place.file}:{place.line}" for place in unit.locations],
        "codes": _codes(unit, catalog),
        "origin": origin(unit),
        "asDrafted": as_drafted(unit),
        "made": _made(unit),
        "by": review.get("by") if review else "",
        "date": review.get("date") if review else "",
        "why": refused.get("why") if refused and not unit.target else "",
        "withdrawn": withdrawn_from(unit),
        "comments": list(unit.comments),
        "notes": [note for note in unit.notes if not note.startswith("type: ")],
        "ignored": sorted(silenced(unit)),
        "sentences": [[state, text] for text, state in sentence_states(unit, catalog)],
        "words": max(1, word_count(unit.source)),
        "asides": [_old(one) for one in asides],
        "history": [_old(one) for one in history if one not in asides],
    }
    return {name: value for name, value in view.items() if value not in ("", [], {}, False)}


def findings_view(found: Iterable[Placed], unit: Unit) -> list[Json]:
    """Findings, the gravest first, with their places and mends."""
    order = {"error": 0, "warning": 1, "info": 2}
    views: list[Json] = []
    for check, finding in sorted(found, key=lambda one: order[one[1].severity]):
        view: Json = {"check": check, "severity": finding.severity, "message": finding.message}
        if finding.source:
            view["source"] = _span(unit.source, finding.source)
        if finding.target:
            view["target"] = _span(unit.target, finding.target)
        if finding.mend:
            view["mend"] = [[*_span(unit.target, (edit.start, edit.end)), edit.new] for edit in finding.mend]
        views.append(view)
    return views


def suggestion_view(one: Suggestion) -> Json:
    """A suggestion; what it lacks is left out."""
    view: Json = {
        "target": one.target,
        "kind": one.kind,
        "origin": one.origin,
        "score": one.score,
        "language": one.language,
    }
    view |= {"reviewer": one.reviewer}
    return {name: value for name, value in view.items() if value not in ("", None)}


def counts(catalog: Catalog) -> Json:
    """How far a catalog is: its units, those that wait for a person, and how many of the approved are as drafted."""
    units = list(catalog.live)
    waiting = [unit for unit in units if not unit.state.approved]
    approved = [unit for unit in units if unit.state.approved]
    return {
        "all": len(units),
        "waiting": len(waiting),
        "words": sum(word_count(unit.source) for unit in waiting),
        "approved": len(approved),
        "asDrafted": sum(as_drafted(unit) for unit in approved if unit.state is not State.REMEMBERED),
    }


def _rows(catalog: Catalog) -> list[Json]:
    """The rows in reading order: each unit once, and again, as a reference to it, where the same text comes again."""
    rows: list[tuple[int, str, int]] = []
    reached = 0
    for number, unit in enumerate(catalog.live):
        first, *others = [place.line for place in unit.locations] or [0]
        reached = max(reached, first)  # the catalog's order counts, whatever the lines say
        rows.append((reached, "unit", number))
        rows += [(line, "again", number) for line in others]
    return [{kind: number} for _, kind, number in sorted(rows, key=lambda row: (row[0], row[1] == "again"))]


def _codes(unit: Unit, catalog: Catalog) -> list[Json]:
    """The codes of the source: pairs and placeholders, in the order in which they begin, with what a translator calls them."""
    found = codes.find(unit.source, catalog.markup)
    pairs = paired(found)
    halves = {place for pair in pairs for place in pair}
    views = [(found[start].start, _code(unit, found[start], found[end])) for start, end in pairs]
    views += [(code.start, _code(unit, code)) for place, code in enumerate(found) if place not in halves]
    return [view for _, view in sorted(views, key=lambda one: one[0])]


def _code(unit: Unit, opening: Code, closing: Code | None = None) -> Json:
    text = unit.source
    whole = text[opening.start : opening.end]
    view: Json = {"open": whole, "name": kind(opening.data, unit)}
    spans = [_span(text, (opening.start, opening.end))]
    if closing is not None:
        view["close"] = text[closing.start : closing.end]
        view["name"] = kind(f"{opening.data}…{closing.data}", unit)
        spans.append(_span(text, (closing.start, closing.end)))
    if said := meaning(whole, unit):
        view["title"] = said
    return {**view, "spans": spans}


def _made(unit: Unit) -> Json:
    """Who made the text that the entry has, or had before a person changed it."""
    line = next((line for line in unit.provenance if line.kind in ("mt", "tm", "convert", "adopted")), None)
    if line is None:
        return {}
    keys = ("engine", "model", "score", "agree", "by", "second", "match", "origin", "from", "via")
    return {"kind": line.kind, **{key: said for key in keys if (said := line.get(key))}}


def _old(unit: Unit) -> Json:
    """What an obsolete entry says."""
    review = unit.line("reviewed")
    view = {"target": unit.target, "source": unit.source, "by": review.get("by") if review else ""}
    return {**view, "date": review.get("date") if review else ""}


def _history(catalog: Catalog) -> Mapping[str, Sequence[Unit]]:
    """What obsolete entries say of the sources that live units have or had."""
    gone: dict[str, list[Unit]] = {}
    for unit in catalog.units:
        if unit.obsolete and unit.target:
            gone.setdefault(unit.source, []).append(unit)
    found: dict[str, Sequence[Unit]] = {}
    for unit in catalog.live if gone else ():
        if old := [*gone.get(unit.source, ()), *gone.get(unit.previous_source, ())]:
            found[unit.source] = old
    return found


def _span(text: str, span: tuple[int, int]) -> list[int]:
    return [at + sum(char > "\uffff" for char in text[:at]) for at in span]
