"""Through another language by a person's words: what she approved there is a better source than what a machine says."""

from __future__ import annotations

from dataclasses import replace

from toolkit import codes
from toolkit.hashing import text_hash
from toolkit.translation.accept import Checked
from toolkit.translation.draft import draft
from toolkit.translation.identity import identities
from toolkit.translation.options import Options
from toolkit.translation.plan import wanted
from toolkit.translation.wrappers import Pivot, Protect
from toolkit.units import Catalog, Engine, State, Unit

_NOTE = "from a reviewed paragraph"


def pivot(engine: Engine) -> Pivot | None:
    """The pivot inside of an engine, if it is one."""
    while isinstance(engine, Protect | Checked):
        engine = engine.inner
    return engine if isinstance(engine, Pivot) else None


def relay(catalog: Catalog, middle: Catalog, through: Pivot, options: Options) -> Catalog:
    """The catalog with drafts of the second leg wherever a person reviewed the same paragraph in the language between.

    `middle` is the same article's catalog in that language. Only what a machine may replace is touched.
    """
    second = Protect(through.second)
    made = identities(second) | identities(through)
    reviewed = {
        (unit.context, unit.source): unit.target for unit in middle.live if unit.state is State.REVIEWED and unit.target
    }
    places = [
        index
        for index, unit in enumerate(catalog.units)
        if not unit.obsolete and wanted(unit, made, options.redraft) and (unit.context, unit.source) in reviewed
    ]
    asked = [Unit(reviewed[catalog.units[index].context, catalog.units[index].source]) for index in places]
    header = {key: value for key, value in catalog.metadata.items() if key == "X-Lokta-Markup"}
    (done,) = draft([Catalog(through.via, catalog.target_language, tuple(asked), header)], second, options, alone=True)
    units = list(catalog.units)
    for index, answer in zip(places, done.units, strict=True):
        mark = answer.mark("mt")
        fits = not codes.compare(units[index].source, answer.target, catalog.markup)
        if answer.target and mark is not None and fits:
            note = "; ".join(filter(None, (mark.get("note"), _NOTE)))
            values = dict(mark.values) | {"via": through.via, "hash": text_hash(answer.target), "note": note}
            drafted = replace(units[index], target=answer.target, previous_source="")
            line = replace(mark, values=tuple(values.items()))
            units[index] = drafted.marked(line, without=("mt", "tm", "convert", "refused")).flagged("fuzzy")
    return replace(catalog, units=tuple(units))
