"""A catalog that somebody saved while we held it: a person's change on disk wins over what a machine made meanwhile."""

from __future__ import annotations

from dataclasses import replace

from toolkit.files import printable
from toolkit.units import Catalog, Unit, text_hash

Key = tuple[str, str, bool]


def reconcile(base: Catalog, ours: Catalog, theirs: Catalog) -> tuple[Catalog, tuple[str, ...]]:
    """`ours` with all that changed from `base` to `theirs`; one line for each unit that both sides changed by hand.

    An entry that is only in `theirs` is kept; where both hold different words of a person, the ones on disk stand and
    ours stay beside them as an obsolete entry.
    """
    before = {_key(unit): unit for unit in base.units}
    there = {_key(unit): unit for unit in theirs.units}
    units: list[Unit] = []
    set_aside: list[Unit] = []
    conflicts: list[str] = []
    for unit in ours.units:
        other, old = there.get(_key(unit)), before.get(_key(unit))
        if other is None or other in (old, unit):
            units.append(unit)
            continue
        units.append(_placed(other, unit))
        if unit != old and not unit.machine and unit.target != other.target:
            set_aside.append(
                replace(
                    unit, context=f"was {text_hash(unit.source + unit.target)}", obsolete=True, locations=(), raw=""
                )
            )
            conflicts.append(
                f"two people translated “{printable(unit.source[:60])}”; both are kept, one as an obsolete entry"
            )
    known = {_key(unit) for unit in ours.units}
    new = [unit for unit in theirs.units if _key(unit) not in known and _key(unit) not in before]
    live = [unit for unit in (*units, *new) if not unit.obsolete]
    obsolete = [unit for unit in (*units, *new, *set_aside) if unit.obsolete]
    metadata = {**ours.metadata, **{k: v for k, v in theirs.metadata.items() if base.metadata.get(k) != v}}
    return replace(ours, units=(*live, *obsolete), metadata=metadata, raw=theirs.raw), tuple(conflicts)


def _key(unit: Unit) -> Key:
    return unit.context, unit.source, unit.obsolete


def _placed(theirs: Unit, ours: Unit) -> Unit:
    """Their words, in the place that the article gives the unit now."""
    return replace(theirs, locations=ours.locations, notes=ours.notes)
