"""A catalog that somebody saved while we held it: a person's change on disk wins over what a machine made meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from toolkit.catalog.po_text import excerpt
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
        if other.machine and not unit.machine:
            units.append(unit)
            continue
        units.append(_placed(other, unit))
        if unit != old and not unit.machine and unit.target != other.target:
            set_aside.append(unit)
            conflicts.append(
                f"two people translated {excerpt(unit.source, 60)}; both are kept, one as an obsolete entry"
            )
    known = {_key(unit) for unit in ours.units}
    for unit in theirs.units:
        if _key(unit) not in known and unit != before.get(_key(unit)):
            # An entry that is new on disk lives; one that the article lost meanwhile is kept for what was written there.
            (set_aside if _key(unit) in before else units).append(unit)
    metadata = {**ours.metadata, **{k: v for k, v in theirs.metadata.items() if base.metadata.get(k) != v}}
    return replace(ours, units=_each_once(units, set_aside), metadata=metadata, raw=theirs.raw), tuple(conflicts)


def _each_once(units: Sequence[Unit], set_aside: Sequence[Unit]) -> tuple[Unit, ...]:
    """The living, then the obsolete; gettext wants each msgid once, so what is set aside beside another gets a context."""
    kept = {(unit.context, unit.source): unit for unit in units if not unit.obsolete}
    for unit in (*(unit for unit in units if unit.obsolete), *set_aside):
        name, gone = (unit.context, unit.source), replace(unit, obsolete=True)
        if name in kept and kept[name].target != unit.target:
            gone = replace(gone, context=f"was {text_hash(unit.source + unit.target)}")
        if unit.target and (name not in kept or gone.context != unit.context):
            kept[gone.context, gone.source] = gone if gone == unit else replace(gone, locations=(), raw="")
    return tuple(kept.values())


def _key(unit: Unit) -> Key:
    return unit.context, unit.source, unit.obsolete


def _placed(theirs: Unit, ours: Unit) -> Unit:
    """Their words, in the place that the article gives the unit now."""
    return replace(theirs, locations=ours.locations, notes=ours.notes)
