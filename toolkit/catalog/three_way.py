"""Two versions of one catalog and their common ancestor become one, entry by entry; git's merge driver calls this.

An entry is msgctxt and msgid. What stands under it (msgstr, `fuzzy`, `#|`, our lines) moves as a whole, so that no msgid gets
a msgstr that was never its own, and no signature leaves its words.

one side changed it      its version
a machine and a person   the person's
draft and approval       the approval
two different people     both: one lives, the other becomes an obsolete entry as `reconcile` keeps it, and is named
gone from the article    obsolete where it holds words

An entry that grew out of a changed paragraph on one side gets what a person wrote for the old paragraph on the other, as
outdated: the outcome is the same as if the person had been first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from toolkit.catalog.merge import merge, worth_keeping
from toolkit.catalog.po_entries import Entry, split
from toolkit.catalog.po_text import excerpt
from toolkit.catalog.reconcile import Identity, each_once, identity
from toolkit.units import Catalog, Location, ProvenanceLine, State, Unit, UnitKey


@dataclass(frozen=True, slots=True)
class _Words:
    """What belongs together under a msgid."""

    forms: tuple[str, ...]
    """msgstr, or the plural forms."""
    fuzzy: bool
    previous_source: str
    provenance: tuple[ProvenanceLine, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """What becomes of an entry that both sides have."""

    unit: Unit
    aside: Unit | None = None
    """Another person's words, to be kept as an obsolete entry."""
    conflict: str = ""


def merge_sides(base: Catalog, ours: Catalog, theirs: Catalog) -> tuple[Catalog, tuple[str, ...]]:
    """One catalog of two sides; one line for each unit that two people translated differently.

    An entry that neither side changed is written back byte for byte, and of two equal catalogs comes the same.
    """
    if theirs.raw and theirs.raw in (base.raw, ours.raw):
        return ours, ()
    if ours.raw and ours.raw == base.raw:
        return theirs, ()
    before, here, there = (_by_identity(catalog.units) for catalog in (base, ours, theirs))
    order = _order(*(tuple(map(identity, catalog.live)) for catalog in (base, ours, theirs)))
    alive = set(order)
    chosen: dict[Identity, Unit] = {}
    set_aside: list[Unit] = []
    conflicts: list[str] = []
    given_up: list[Identity] = []
    first, second = (there, here) if list(here) == list(before) else (here, there)
    for key in dict.fromkeys((*order, *first, *second)):
        old, mine, other = before.get(key), here.get(key), there.get(key)
        if mine is not None and other is not None:
            entry = _merged(old, mine, other)
            chosen[key] = replace(entry.unit, obsolete=key not in alive)
            set_aside += [entry.aside] if entry.aside else []
            conflicts += [entry.conflict] if entry.conflict else []
        elif (only := mine or other) is not None:
            chosen[key] = only if key in alive or only.obsolete else _obsolete(only)
            if key not in alive and old is not None and _words(only) == _words(old):
                given_up.append(key)
    targets = Counter(unit.target for unit in chosen.values())
    for key in given_up:  # the other side took it away, or moved its words to a changed paragraph
        unit = chosen[key]
        if not worth_keeping(unit) or (not unit.comments and (targets[unit.target] > 1 or not _persons(unit))):
            targets[unit.target] -= 1
            del chosen[key]
    written = {
        key: unit
        for side in (here, there)
        for key, unit in side.items()
        if key not in alive and not unit.obsolete and key in chosen and chosen[key].target == unit.target
    }
    live = _grown([chosen[key] for key in order], written, before, ours.metadata)
    gone = [unit for key, unit in chosen.items() if key not in alive]
    empty = {key for side in (here, there) for key, unit in side.items() if unit.obsolete and key not in alive}
    units = each_once([*live, *gone], set_aside, empty)
    metadata = _fields(base.metadata, ours.metadata, theirs.metadata)
    raw = _frame(base.raw, ours.raw, theirs.raw)
    return replace(ours, units=units, metadata=metadata, raw=raw), tuple(conflicts)


# --- which entries live, and in what order


def _by_identity(units: Iterable[Unit]) -> dict[Identity, Unit]:
    return {identity(unit): unit for unit in units}


def _order(base: Sequence[Identity], ours: Sequence[Identity], theirs: Sequence[Identity]) -> tuple[Identity, ...]:
    """The living entries: as in the side whose article changed, or, where both did, ours with what theirs took away and added."""
    if theirs == base or ours == theirs:
        return tuple(ours)
    if ours == base:
        return tuple(theirs)
    before, there, here = set(base), set(theirs), set(ours)
    order = [key for key in ours if key in there or key not in before]
    for at, key in enumerate(theirs):
        if key in here or key in before:
            continue
        known = {one: place for place, one in enumerate(order)}
        after = next((known[one] for one in reversed(theirs[:at]) if one in known), -1)
        order.insert(after + 1, key)
    return tuple(order)


def _obsolete(unit: Unit) -> Unit:
    return replace(unit, obsolete=True, locations=(), notes=())


# --- one entry


def _words(unit: Unit) -> _Words:
    forms: tuple[str, ...] = (unit.target,)
    if "msgid_plural" in unit.raw:
        entries, _ = split(unit.raw)
        strings = entries[0].strings if entries else {}
        if "msgid_plural" in strings:
            forms = tuple(text for name, text in strings.items() if name == "msgid_plural" or name.startswith("msgstr"))
    return _Words(forms, unit.fuzzy, unit.previous_source, unit.provenance)


def _persons(unit: Unit) -> bool:
    """Whether there are words of a person; a machine makes no plural forms."""
    return not unit.machine or ("msgid_plural" in unit.raw and worth_keeping(replace(unit, target="", comments=())))


def _merged(old: Unit | None, ours: Unit, theirs: Unit) -> _Entry:
    """One entry that both sides have."""
    was = _words(old) if old is not None else None
    mine, other = _words(ours), _words(theirs)
    if other == was or mine == other:
        # the same words: keep the bytes of the side that somebody wrote on
        carrier = theirs if mine == other and old is not None and ours.raw == old.raw else ours
        return _Entry(_dressed(carrier, old, ours, theirs))
    if mine == was:
        return _Entry(_dressed(theirs, old, ours, theirs))
    winner, loser = (ours, theirs) if _rank(ours) >= _rank(theirs) else (theirs, ours)
    unit = _dressed(_with_lines(winner, loser, old), old, ours, theirs)
    if mine.forms == other.forms:
        return _same_text(unit, winner, loser, old)
    if not _persons(loser) or not _persons(winner):
        return _Entry(unit)
    if old is not None and _words(loser).forms == _words(old).forms and not loser.state.approved:
        return _Entry(unit)  # its words did not change: a person rejected, or looked at, what the other rewrote
    said = f"two people translated {excerpt(unit.source, 60)}; both are kept, one as an obsolete entry"
    return _Entry(unit, loser, said)


def _rank(unit: Unit) -> tuple[bool, int, str]:
    """Which of two versions lives: a person's before a machine's, an approval before a draft, the later signature."""
    review = unit.line("reviewed")
    state = {State.REVIEWED: 3, State.ACCEPTED: 2}.get(unit.state, 1 if unit.target else 0)
    return _persons(unit), state, review.get("date") if review else ""


def _same_text(unit: Unit, winner: Unit, loser: Unit, old: Unit | None) -> _Entry:
    """Both sides have the same text, and say different things of it."""
    known = old.provenance if old is not None else ()
    review, rejected = loser.line("reviewed"), loser.line("needs-work")
    if rejected and rejected not in known and winner.state.approved:
        said = f"one person approved {excerpt(unit.source, 60)}, another says that it needs work; both are kept"
        return _Entry(unit, loser, said)
    signed = review is not None and review not in (*known, *unit.provenance) and loser.state is State.REVIEWED
    return _Entry(unit, loser if signed else None)


def _with_lines(winner: Unit, loser: Unit, old: Unit | None) -> Unit:
    """The entry with what a person said of it on the other side, where it holds for these words too."""
    known = (*winner.provenance, *(old.provenance if old is not None else ()))
    lines = tuple(
        line
        for line in loser.provenance
        if line not in known
        and (line.kind == "ignore" or (line.kind == "needs-work" and not winner.state.approved))
        and (line.kind == "ignore" or winner.line(line.kind) is None)
    )
    return replace(winner, provenance=winner.provenance + lines) if lines else winner


def _dressed(words: Unit, old: Unit | None, ours: Unit, theirs: Unit) -> Unit:
    """The entry with these words, and with the remarks, places and flags of both sides."""
    fuzzy = ("fuzzy",) if words.fuzzy else ()
    flags = _joined(old.flags if old is not None else (), ours.flags, theirs.flags)
    kept = tuple(flag for flag in flags if flag != "fuzzy")
    place = _place(theirs) if old is not None and _place(ours) == _place(old) else _place(ours)
    dressed = replace(
        words,
        comments=_joined(old.comments if old is not None else (), ours.comments, theirs.comments),
        locations=place[0],
        notes=place[1],
    )
    if kept != tuple(flag for flag in words.flags if flag != "fuzzy"):
        dressed = replace(dressed, flags=(*fuzzy, *kept))
    return dressed


_Place = tuple[tuple[Location, ...], tuple[str, ...]]
"""Where an entry stands in the article, and what the article says of it."""


def _place(unit: Unit) -> _Place:
    return unit.locations, unit.notes


def _joined(old: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    """Ours, without what theirs took away, with what theirs added."""
    if tuple(theirs) == tuple(old) or tuple(theirs) == tuple(ours):
        return tuple(ours)
    if tuple(ours) == tuple(old):
        return tuple(theirs)
    kept = tuple(item for item in ours if item in theirs or item not in old)
    return kept + tuple(item for item in theirs if item not in ours and item not in old)


# --- paragraphs that changed on one side, while somebody translated them on the other


def _grown(
    live: list[Unit],
    written: Mapping[Identity, Unit],
    before: Mapping[Identity, Unit],
    metadata: Mapping[str, str],
) -> list[Unit]:
    """The living entries, those of changed paragraphs with what a person wrote meanwhile for the paragraph as it was.

    `written` are the entries that live on one side alone, and that the article has lost on the other.
    """
    fresh = {
        key: unit
        for key, unit in written.items()
        if _persons(unit)
        and (old := before.get(key)) is not None
        and (unit.target != old.target or (unit.state.approved and not old.state.approved))
    }
    if not fresh:
        return live
    stale = {before[key].target for key in fresh}
    open_ = [
        unit
        for unit in live
        if identity(unit) not in before
        and "msgid_plural" not in unit.raw
        and (unit.machine or (unit.state is State.OUTDATED and unit.target in stale))
    ]
    donors = {unit.source: unit for unit in fresh.values() if "msgid_plural" not in unit.raw}
    new = [unit for unit in live if identity(unit) not in before and "msgid_plural" not in unit.raw]
    known = {unit.previous_source for unit in new}
    here = {identity(unit) for unit in live}
    lost = [
        fresh.get(key, unit)
        for key, unit in before.items()
        if key not in here and unit.source not in known and "msgid_plural" not in unit.raw
    ]
    grown: dict[UnitKey, Unit] = {}
    for unit in new:  # what that side's merge found out already
        if unit.previous_source in donors:
            grown |= _outgrown([donors.pop(unit.previous_source)], [unit], metadata)
    grown |= _outgrown(lost, [unit for unit in new if not unit.previous_source], metadata)
    persons = {unit.target for unit in fresh.values()}
    taken = {unit.key: grown[unit.key] for unit in open_ if unit.key in grown and grown[unit.key].target in persons}
    return [_regrown(unit, taken[unit.key]) if unit.key in taken else unit for unit in live]


def _outgrown(old: Sequence[Unit], new: Sequence[Unit], metadata: Mapping[str, str]) -> dict[UnitKey, Unit]:
    """The new entries that grew out of old ones, as a merge of a catalog with a template has them; no language counts here."""
    bare = (replace(unit, target="", previous_source="", provenance=(), flags=(), comments=(), raw="") for unit in new)
    merged = merge(Catalog("", "en", tuple(old)), Catalog("", "", tuple(bare), metadata), "en")
    return {unit.key: unit for unit in merged.live if unit.target}


def _regrown(unit: Unit, grown: Unit) -> Unit:
    """The entry as it stands, with the words of its former paragraph; its own comments stay."""
    comments = (*unit.comments, *(comment for comment in grown.comments if comment not in unit.comments))
    flags = tuple(flag for flag in unit.flags if flag != "fuzzy")
    return replace(
        unit,
        target=grown.target,
        previous_source=grown.previous_source,
        provenance=grown.provenance,
        comments=comments,
        flags=("fuzzy", *flags) if grown.fuzzy else flags,
    )


# --- the header, and what stands after the last entry


def _fields(base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str]) -> dict[str, str]:
    """The header's fields; of those that both sides changed, the ones of the side that was saved last."""
    later = _when(theirs.get("PO-Revision-Date", "")) > _when(ours.get("PO-Revision-Date", ""))
    found = {}
    for name in dict.fromkeys((*ours, *theirs)):
        old, mine, other = base.get(name), ours.get(name), theirs.get(name)
        theirs_counts = mine == old or (other not in (old, None) and (later or mine is None))
        if (value := other if theirs_counts else mine) is not None:
            found[name] = value
    return found


def _when(date: str) -> float:
    """Seconds since 1970 of a PO date; 0 where it is none."""
    try:
        return datetime.strptime(date, "%Y-%m-%d %H:%M%z").timestamp()
    except ValueError:
        return 0.0


def _frame(base: str, ours: str, theirs: str) -> str:
    """Our text with the header's comments and the last lines of both sides; the entries in it tell what was neighbour of what."""
    (head, body, tail), (old_head, _, old_tail), (other_head, _, other_tail) = map(_parts, (ours, base, theirs))
    if head == old_head and other_head:
        head = other_head
    elif other_head not in (old_head, head):
        entry = _first(head)
        mine = [text for kind, text in entry.lines if kind == "#"] if entry else []
        old = old_head.split("\n")
        other = _first(other_head)
        more = [
            text
            for kind, text in (other.lines if other else ())
            if kind == "#" and text not in mine and text.rstrip("\r\n") not in old
        ]
        head = "".join(mine) + "".join(more) + head[len("".join(mine)) :] if head.startswith("".join(mine)) else head
    if tail == old_tail:
        tail = other_tail
    elif other_tail not in (old_tail, tail):
        tail = tail + ("" if tail.endswith("\n") else "\n") + other_tail
    return head + body + tail


def _first(head: str) -> Entry | None:
    entries, _ = split(head)
    return entries[0] if entries else None


def _parts(text: str) -> tuple[str, str, str]:
    """A catalog's text as header, body and what follows the last entry."""
    entries, tail = split(text)
    head = entries[0].raw if entries and entries[0].header else ""
    return head, text[len(head) : len(text) - len(tail)], tail
