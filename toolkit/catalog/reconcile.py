"""A catalog that somebody saved while we held it: a person's change on disk wins over what a machine made meanwhile."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from toolkit.catalog.merge import PERSONS, worth_keeping
from toolkit.catalog.po_text import excerpt
from toolkit.units import Catalog, Unit

Key = tuple[str, str, bool]
Identity = tuple[str, str, bool]
"""msgctxt, msgid, and whether there is an empty msgctxt, which gettext does not take for none."""
_EMPTY_CONTEXT = re.compile(r"^[ \t]*(?:#~[ \t]*)?msgctxt[ \t]", re.MULTILINE)


def reconcile(base: Catalog, ours: Catalog, theirs: Catalog) -> tuple[Catalog, tuple[str, ...]]:
    """`ours` with all that changed from `base` to `theirs`; one line for each unit that both sides changed by hand.

    An entry that is only in `theirs` is kept; where both hold different words of a person, the ones on disk stand and
    ours stay beside them as an obsolete entry. A person's remarks are kept wherever they stand.
    """
    before = {_key(unit): unit for unit in base.units}
    there = {_key(unit): unit for unit in theirs.units}
    units: list[Unit] = []
    set_aside: list[Unit] = []
    conflicts: list[str] = []
    for unit in ours.units:
        other, old = there.get(_key(unit)), before.get(_key(unit))
        if other is None or _same(other, old) or _same(other, unit):
            units.append(unit)
        elif other.machine and (not unit.machine or not (other.target or (old and old.target))):
            units.append(_with_remarks(unit, other, old))
        else:
            placed = _with_remarks(_placed(other, unit), unit, old)
            units.append(placed)
            if unit != old and not unit.machine and not says_all(placed, unit):
                set_aside.append(unit)
                conflicts.append(
                    f"two people translated {excerpt(unit.source, 60)}; both are kept, one as an obsolete entry"
                )
    known = {_key(unit) for unit in ours.units}
    for unit in theirs.units:
        if _key(unit) not in known and not _same(unit, before.get(_key(unit))):
            # An entry that is new on disk lives; one that the article lost meanwhile is kept for what was written there.
            (set_aside if _key(unit) in before else units).append(unit)
    metadata = {**ours.metadata, **{k: v for k, v in theirs.metadata.items() if base.metadata.get(k) != v}}
    return replace(ours, units=each_once(units, set_aside), metadata=metadata, raw=theirs.raw), tuple(conflicts)


def take_words(ours: Catalog, other: Catalog) -> tuple[Catalog, tuple[str, ...]]:
    """`ours` with what a person wrote in another version of it, whose origin is not known; conflicts as in `reconcile`.

    A machine's words in `other` count for nothing. Where both hold different words of a person, both are kept.
    """
    here = {_key(unit): unit for unit in ours.units}
    words = tuple(
        unit
        for unit in other.units
        if (not unit.machine or unit.comments) and not (_key(unit) in here and says_all(here[_key(unit)], unit))
    )
    base = replace(other, units=())
    taken, conflicts = reconcile(base, ours, replace(other, units=words))
    return replace(taken, raw=ours.raw), conflicts


def _with_remarks(unit: Unit, other: Unit, old: Unit | None) -> Unit:
    """The unit with the remarks that `other` has and `old` had not, and its signature where the unit has the same words
    and no signature of its own."""
    known = (*unit.comments, *(old.comments if old else ()))
    comments = tuple(comment for comment in other.comments if comment not in known)
    signed = unit.target != other.target or unit.line("reviewed") is not None
    lines = tuple(
        line
        for line in other.provenance
        if line.kind in PERSONS
        and not (line.kind == "reviewed" and signed)
        and line not in (*unit.provenance, *(old.provenance if old else ()))
    )
    return replace(unit, comments=unit.comments + comments, provenance=unit.provenance + lines)


def identity(unit: Unit) -> Identity:
    """What names an entry in its file, where each stands once."""
    return unit.context, unit.source, not unit.context and bool(_EMPTY_CONTEXT.search(unit.raw))


def each_once(
    units: Sequence[Unit], set_aside: Sequence[Unit], kept_empty: Collection[Identity] = ()
) -> tuple[Unit, ...]:
    """The living, then the obsolete; of those that hold nothing only `kept_empty`. Gettext wants each msgid once: an obsolete
    one that says other things than another of the same msgid gets a context of its own."""
    kept = {identity(unit): unit for unit in units if not unit.obsolete}
    for unit in (*(unit for unit in units if unit.obsolete), *set_aside):
        if not worth_keeping(unit) and identity(unit) not in kept_empty:
            continue
        gone = replace(unit, obsolete=True)
        while identity(gone) in kept and not says_all(kept[identity(gone)], gone):
            gone = replace(gone, context=gone.aside_context(unit.target))
        if identity(gone) not in kept:
            kept[identity(gone)] = gone if gone == unit else replace(gone, locations=())
    return tuple(kept.values())


def says_all(kept: Unit, gone: Unit) -> bool:
    """Whether an entry already says what another of the same msgid would keep."""
    plural = "msgid_plural" in gone.raw and gone.raw != kept.raw
    same = kept.target == gone.target and {*gone.comments} <= {*kept.comments}
    return same and not plural and {line for line in gone.provenance if line.kind in PERSONS} <= {*kept.provenance}


def _key(unit: Unit) -> Key:
    return unit.context, unit.source, unit.obsolete


def _same(one: Unit, other: Unit | None) -> bool:
    """Whether two entries say the same; the plural forms of one stand in its raw text alone."""
    return one == other and ("msgid_plural" not in one.raw or (other is not None and one.raw == other.raw))


def _placed(theirs: Unit, ours: Unit) -> Unit:
    """Their words, in the place that the article gives the unit now."""
    return replace(theirs, locations=ours.locations, notes=ours.notes)
