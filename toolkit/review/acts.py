"""What a reviewer does to a unit: approve, edit, reject, sign. Pure functions from unit to unit; the caller saves."""

from __future__ import annotations

import datetime
from dataclasses import replace

from toolkit.catalog import approve, sign
from toolkit.errors import CatalogError
from toolkit.units import ProvenanceLine, State, Unit, text_hash

__all__ = ["approve", "edit", "reject", "seen", "sign_accepted"]

Day = str | datetime.date
"""ISO 8601."""


def seen(unit: Unit) -> str:
    """A hash of all that a reviewer is shown of a unit: source, target, state, comments and provenance."""
    lines = [(line.kind, line.values) for line in unit.provenance]
    shown = (unit.context, unit.source, unit.target, unit.previous_source, unit.flags, lines, unit.comments)
    return text_hash(repr(shown))


def edit(unit: Unit, target: str) -> Unit:
    """The unit with a target that a person wrote, still to be approved; the same target changes nothing."""
    if target == unit.target:
        return unit
    return replace(unit.with_lines(without=("refused",)), target=target).flagged("fuzzy", on=bool(target))


def reject(unit: Unit, reviewer: str, date: Day) -> Unit:
    """The unit without its approval, marked as in need of work. Raises CatalogError where the target is empty."""
    if not unit.target:
        raise CatalogError("there is no translation to reject; write one, or draft again: lokta translate")
    line = ProvenanceLine("needs-work", (("by", reviewer), ("date", str(date))))
    return unit.with_lines(line, without=("reviewed",)).flagged("fuzzy")


def sign_accepted(unit: Unit, reviewer: str, date: Day) -> Unit:
    """The unit with the reviewer's name, if it was approved in another editor without one; any other unit unchanged."""
    accepted = unit.state is State.ACCEPTED and not unit.obsolete
    return sign(unit, reviewer, date) if accepted else unit
