"""Fills the units of a catalog from the translation memory; what a person wrote is never touched.

A text that was approved in the same context is approved here too, and says where it comes from; the same text in another context
is a draft, and so is a similar one. What was approved here so is no longer, when that approval is withdrawn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from toolkit import codes
from toolkit.catalog.provenance import fitted
from toolkit.memory.entries import surroundings
from toolkit.memory.store import Near, numbers
from toolkit.units import SAME_CONTEXT, Catalog, ProvenanceLine, State, Unit, text_hash

Find = Callable[[str], Sequence[Near]]
"""What the memory has for a text, the best first."""


Withdrawn = Callable[[Unit], bool]
"""Whether the text that a unit got from the memory is no longer approved where it came from."""
WITHDRAWN = "withdrawn"
"""The key of a `tm` line (`withdrawn=yes`) whose text was approved in its `origin` once, and is no longer."""


def withdrawn_from(unit: Unit) -> str:
    """The article in which the approval of the unit's text was withdrawn; empty where none was, or a person approved or changed it
    here."""
    line = unit.line("tm")
    if line is None or not unit.fuzzy or not line.get(WITHDRAWN) or line.get("hash") != text_hash(unit.target):
        return ""
    return line.get("origin")


def exactly(catalog: Catalog, find: Find, withdrawn: Withdrawn = lambda unit: False) -> Catalog:
    """The catalog with what was approved for exactly the same texts, in the place of nothing, of untouched drafts, and of what
    came from the memory before. An imported memory with a penalty has only near matches.

    What came from the memory and is `withdrawn` becomes a draft with the same text, which gives way to what is approved in the
    same context alone.
    """
    contexts = iter(surroundings(catalog))

    def made(unit: Unit) -> Unit:
        if unit.obsolete:
            return unit
        context = next(contexts)
        remembered = unit.state is State.REMEMBERED
        if not (unit.machine or remembered) or not unit.source.strip() or _rejected(unit):
            return unit
        fit = [one for one in find(unit.source) if one.score == 100 and _fits(unit, one, catalog)]
        same = [one for one in fit if context and one.context == context and not one.imported]
        if same:
            return _with(unit, same[0], SAME_CONTEXT).flagged("fuzzy", on=False)
        if remembered:
            return _taken_back(unit) if withdrawn(unit) else unit
        if not fit or withdrawn_from(unit):
            return unit
        return _with(unit, fit[0], "100")

    return replace(catalog, units=tuple(map(made, catalog.units)))


def nearly(catalog: Catalog, find: Find) -> Catalog:
    """The catalog with drafts from similar texts in its empty units, as far as their numbers are the same."""

    def made(unit: Unit) -> Unit:
        if unit.obsolete or unit.target or not unit.source.strip():
            return unit
        fit = [
            one
            for one in find(unit.source)
            if numbers(one.source) == numbers(unit.source) and _fits(unit, one, catalog)
        ]
        if not fit:
            return unit
        refused = tuple(line for line in unit.provenance if line.kind == "refused")  # its machine is not asked again
        return _with(unit, fit[0], f"{fit[0].score:.0f}").with_lines(*refused)

    return replace(catalog, units=tuple(map(made, catalog.units)))


def _rejected(unit: Unit) -> bool:
    """Whether a person has taken back what the memory, or a machine, put there."""
    line = unit.line("tm")
    return unit.line("needs-work") is not None or (
        unit.fuzzy and line is not None and line.get("match") == SAME_CONTEXT
    )


def _taken_back(unit: Unit) -> Unit:
    """A unit from the memory as a draft; should somebody approve it in an editor, it is approved here."""
    line = unit.line("tm")
    values = () if line is None else tuple((key, "100" if key == "match" else value) for key, value in line.values)
    return unit.with_lines(ProvenanceLine("tm", (*values, (WITHDRAWN, "yes")))).flagged("fuzzy")


def _fits(unit: Unit, one: Near, catalog: Catalog) -> bool:
    """Whether a text can stand in the unit: it has the codes of its source."""
    return not codes.compare(unit.source, one.target, catalog.markup)


def _with(unit: Unit, one: Near, match: str) -> Unit:
    said = {"match": match, "origin": one.origin, "by": one.reviewer}
    said |= {"engine": one.engine, "model": one.model, "edited": "yes" if one.edited else ""}
    said["hash"] = text_hash(one.target)
    line = ProvenanceLine("tm", tuple((key, fitted("tm", key, value)) for key, value in said.items() if value))
    if unit.target == one.target and unit.line("tm") == line:
        return unit
    return unit.drafted(one.target, line)
