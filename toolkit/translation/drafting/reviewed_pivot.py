"""Pivot through reviewed text: what a person approved in the pivot language is a better source than what a machine says."""

from __future__ import annotations

from dataclasses import replace

from toolkit import codes
from toolkit.translation.drafting.layout import Job, wanted
from toolkit.translation.drafting.run import draft
from toolkit.translation.wrappers import guarded
from toolkit.units import Catalog, Engine, State, Unit, text_hash

_NOTE = "from a reviewed paragraph"


def draft_through_reviewed(catalog: Catalog, middle: Catalog, pivot: Engine, redraft: bool) -> Catalog:
    """The catalog with drafts of the pivot's second leg wherever a person reviewed the same paragraph in the pivot language.

    `middle` is the same article's catalog in that language. Only what a machine may replace is touched.
    """
    second = guarded(pivot.children[1])
    made = second.identities | pivot.identities
    reviewed = {unit.key: unit.target for unit in middle.live if unit.state is State.REVIEWED and unit.target}
    places = [
        index
        for index, unit in enumerate(catalog.units)
        if not unit.obsolete and wanted(unit, made, redraft) and unit.key in reviewed
    ]
    asked = tuple(Unit(reviewed[catalog.units[index].key]) for index in places)
    header = {key: value for key, value in catalog.metadata.items() if key == "X-Lokta-Markup"}
    leg = Catalog(pivot.via, catalog.target_language, asked, header)
    (done,) = draft(Job((leg,), second, redraft, unrelated=True))
    units = list(catalog.units)
    for index, answer in zip(places, done.units, strict=True):
        line = answer.line("mt")
        fits = not codes.compare(units[index].source, answer.target, catalog.markup)
        if answer.target and line is not None and fits:
            note = "; ".join(filter(None, (line.get("note"), _NOTE)))
            values = dict(line.values) | {"via": pivot.via, "hash": text_hash(answer.target), "note": note}
            units[index] = units[index].drafted(answer.target, replace(line, values=tuple(values.items())))
    return replace(catalog, units=tuple(units))
