"""What a reviewer does to a unit: approve, edit, reject, sign, comment. Pure functions from unit to unit; the caller saves."""

from __future__ import annotations

import datetime
from dataclasses import replace

from toolkit.catalog import approve, sign
from toolkit.errors import CatalogError
from toolkit.units import ProvenanceLine, State, Unit, review_hash, text_hash

__all__ = ["approve", "comment", "edit", "ignore", "reject", "seen", "settle", "sign_accepted"]

Day = str | datetime.date
"""ISO 8601."""


def seen(unit: Unit) -> str:
    """A hash of all that a reviewer is shown of a unit: source, target, state, comments and provenance."""
    lines = [(line.kind, line.values) for line in unit.provenance]
    shown = (unit.context, unit.source, unit.target, unit.previous_source, unit.flags, lines, unit.comments)
    return text_hash(repr(shown))


def edit(unit: Unit, target: str) -> Unit:
    """The unit with a target that a person wrote, still to be approved; the same target changes nothing. The exact text that
    was once approved by name is approved again."""
    if target == unit.target:
        return unit
    edited = replace(unit.with_lines(without=("refused",)), target=target).flagged("fuzzy", on=bool(target))
    review = edited.line("reviewed")
    again = review is not None and not edited.previous_source and review.get("hash") == review_hash(edited)
    return edited.flagged("fuzzy", on=False) if again else edited


def reject(unit: Unit, reviewer: str, date: Day) -> Unit:
    """The unit without its approval, marked as in need of work. Raises CatalogError where the target is empty."""
    if not unit.target:
        raise CatalogError("there is no translation to reject; write one, or draft again: lokta translate")
    line = ProvenanceLine("needs-work", (("by", reviewer), ("date", str(date))))
    return unit.with_lines(line, without=("reviewed",)).flagged("fuzzy")


def comment(unit: Unit, reviewer: str, date: Day, text: str) -> Unit:
    """The unit with a remark in the translator comments, `Dolma, 2026-11-26: …`, which any PO editor shows. Raises
    CatalogError where there is nothing to say."""
    said = " ".join(text.split())
    if not said:
        raise CatalogError("there is no comment to write")
    line = f"{reviewer}, {date}: {said}"
    return unit if line in unit.comments else replace(unit, comments=(*unit.comments, line))


def ignore(unit: Unit, check: str) -> Unit:
    """The unit in which a check stays silent from now on. Raises CatalogError where none is named."""
    if not check.strip():
        raise CatalogError("there is no check to ignore; name one")
    line = ProvenanceLine("ignore", (("check", check),))
    return unit if line in unit.provenance else replace(unit, provenance=(*unit.provenance, line))


def settle(unit: Unit, reviewer: str, date: Day) -> Unit:
    """An entry that was set aside in a conflict, marked as decided upon; its words stay."""
    return unit.with_lines(ProvenanceLine("settled", (("by", reviewer), ("date", str(date)))))


def sign_accepted(unit: Unit, reviewer: str, date: Day) -> Unit:
    """The unit with the reviewer's name, if it was approved in another editor without one; any other unit unchanged."""
    accepted = unit.state is State.ACCEPTED and not unit.obsolete
    return sign(unit, reviewer, date) if accepted else unit
