"""States as a reviewer needs them: finer than the catalog's, told from an entry and from what was set aside beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from toolkit.units import MACHINE_MADE, Catalog, State, Unit, UnitKey, text_hash


class Shown(StrEnum):
    """What a reviewer is told of a unit.

    empty      nothing is translated yet
    refused    the draft of a machine was refused; the unit is empty
    draft      a machine's, and nobody touched it
    edited     a person wrote or changed it, and nobody approved it
    rejected   somebody marked it as in need of work
    outdated   the source changed since it was translated
    accepted   approved in another editor, without a name
    changed    approved by name once, and changed elsewhere since, without a name
    reviewed   approved by name
    memory     approved elsewhere, for the same text in the same context
    conflict   two people translated it differently; both versions are in the catalog
    """

    EMPTY = "empty"
    REFUSED = "refused"
    DRAFT = "draft"
    EDITED = "edited"
    REJECTED = "rejected"
    OUTDATED = "outdated"
    ACCEPTED = "accepted"
    CHANGED = "changed"
    REVIEWED = "reviewed"
    MEMORY = "memory"
    CONFLICT = "conflict"


def shown_state(unit: Unit, in_conflict: bool = False) -> Shown:
    """What a reviewer is told of a unit."""
    if in_conflict:
        return Shown.CONFLICT
    if not unit.target:
        return Shown.REFUSED if unit.line("refused") else Shown.EMPTY
    if unit.state is State.REVIEWED:
        return Shown.REVIEWED
    if unit.state is State.REMEMBERED:
        return Shown.MEMORY
    if unit.state is State.ACCEPTED:
        return Shown.CHANGED if unit.line("reviewed") else Shown.ACCEPTED
    if unit.line("needs-work"):
        return Shown.REJECTED
    if unit.state is State.OUTDATED:
        return Shown.OUTDATED
    return Shown.DRAFT if unit.machine else Shown.EDITED


def conflicts(catalog: Catalog) -> Mapping[UnitKey, Sequence[Unit]]:
    """For each unit that two people translated differently, what was set aside and nobody decided upon yet.

    A merge keeps such a text as an obsolete entry of the same msgid, in the context `was HASH`; the hash is over the context
    that it had, which tells units of one msgid apart.
    """
    live: dict[str, list[Unit]] = {}
    for unit in catalog.live:
        live.setdefault(unit.source, []).append(unit)
    found: dict[UnitKey, list[Unit]] = {}
    for unit in catalog.units:
        if unit.obsolete and unit.target and unit.is_aside and not unit.line("settled"):
            others = live.get(unit.source, ())
            named = [one for one in others if unit.context == one.aside_context(unit.target)]
            for other in (named or others)[:1]:
                if unit.target != other.target:
                    found.setdefault(other.key, []).append(unit)
    return found


def origin(unit: Unit) -> str:
    """Where the target came from: `machine`, `memory` or `conversion` as long as it is letter by letter what that made,
    approved or not; else `person`; empty where there is no target."""
    if not unit.target:
        return ""
    made = _made(unit)
    return {"mt": "machine", "tm": "memory", "convert": "conversion"}[made] if made else "person"


def as_drafted(unit: Unit) -> bool:
    """Whether the target is letter by letter what a machine made."""
    return bool(unit.target) and bool(_made(unit))


def _made(unit: Unit) -> str:
    """The kind of the machine's line that is bound to the target as it is."""
    lines = (line for line in unit.provenance if line.kind in MACHINE_MADE)
    return next((line.kind for line in lines if line.get("hash") == text_hash(unit.target)), "")
