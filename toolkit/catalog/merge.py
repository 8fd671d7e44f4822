"""A changed article meets its old catalog: msgmerge's states, and nothing that a person wrote is lost.

kept        the same msgid: only places and notes change
kept        only its typography changed (white space, quotes, dashes): a review stays valid
resurrected the msgid was obsolete, and is back with its translation
outdated    similar to an old one: fuzzy, with the previous msgid; an approved old pair stays as an obsolete entry too
new         empty
obsolete    gone from the article; kept when it has a translation
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from toolkit.catalog import header
from toolkit.catalog.match import pair_up
from toolkit.language import language
from toolkit.units import Catalog, Unit, fold, text_hash

Key = tuple[str, str]

_NO_STOPS = tuple(
    f"ignore-end-{mark}" for mark in ("stop", "question", "exclamation", "colon", "ellipsis", "semicolon")
)
"""Weblate knows no shad, and would warn of every Tibetan sentence."""


def merge(old: Catalog | None, template: Catalog, target_language: str) -> Catalog:
    """The catalog of the article as `template` has it now, with all that `old` knows; see the table above.

    `target_language` is BCP 47; raises UsageError for an unknown one.
    """
    metadata = header.renewed(old.metadata if old else {}, template.metadata, target_language)
    known = _Known(old.units if old else ())
    flags = _NO_STOPS if language(target_language).script == "Tibt" else ()
    fresh = list(template.live)
    found = [known.same(unit) for unit in fresh]
    found = [same or known.typographic(unit) for unit, same in zip(fresh, found, strict=True)]
    found = [same or known.back(unit) for unit, same in zip(fresh, found, strict=True)]
    open_ = [(place, unit.source) for place, (unit, same) in enumerate(zip(fresh, found, strict=True)) if same is None]
    pairs = pair_up(open_, list(known.candidates()))
    live = [
        _placed(same, unit)
        if same is not None
        else _outdated(known.take(pairs[place]), unit)
        if place in pairs
        else replace(unit, flags=(*unit.flags, *flags))
        for place, (unit, same) in enumerate(zip(fresh, found, strict=True))
    ]
    units = (*live, *known.obsolete({_key(unit) for unit in live}))
    return Catalog(template.source_language, language(target_language).tag, units, metadata, old.raw if old else "")


def _key(unit: Unit) -> Key:
    return unit.context, unit.source


class _Known:
    """The old units, and which of them the new article has claimed."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = tuple(units)
        self.live = {_key(unit): place for place, unit in enumerate(self.units) if not unit.obsolete}
        self.gone = {_key(unit): place for place, unit in enumerate(self.units) if unit.obsolete}
        self.folded: dict[Key, int] = {}
        for place, unit in enumerate(self.units):
            if not unit.obsolete and unit.target:
                self.folded.setdefault((unit.context, fold(unit.source)), place)
        self.claimed: set[int] = set()
        self.aside: list[Unit] = []
        """Approved pairs whose entry went on with another msgid."""

    def claim(self, place: int | None) -> Unit | None:
        if place is None or place in self.claimed:
            return None
        self.claimed.add(place)
        return self.units[place]

    def same(self, unit: Unit) -> Unit | None:
        """The entry with the same msgid."""
        return self.claim(self.live.get(_key(unit)))

    def typographic(self, unit: Unit) -> Unit | None:
        """An entry whose msgid differs in typography alone, with the new msgid."""
        old = self.claim(self.folded.get((unit.context, fold(unit.source))))
        return replace(old, source=unit.source) if old else None

    def back(self, unit: Unit) -> Unit | None:
        """The obsolete entry of the same msgid, living again."""
        old = self.claim(self.gone.get(_key(unit)))
        return replace(old, obsolete=False) if old else None

    def candidates(self) -> Iterator[tuple[int, str]]:
        """What may have become something else: translated entries that nobody claimed."""
        for place, unit in enumerate(self.units):
            if place not in self.claimed and unit.target:
                yield place, unit.source

    def take(self, place: int) -> Unit:
        """An entry that goes on under another msgid; what a person approved stays beside it, obsolete ones anyway."""
        unit = self.units[place]
        if unit.obsolete:
            return unit
        self.claimed.add(place)
        if unit.state.approved:
            self.aside.append(unit)
        return unit

    def obsolete(self, taken: set[Key]) -> Iterator[Unit]:
        """What is no longer in the article but was translated; gettext wants each msgid once, so a clash gets a context."""
        left = [unit for place, unit in enumerate(self.units) if place not in self.claimed and unit.target]
        kept: dict[Key, Unit] = {}
        for unit in (*left, *self.aside):
            made = (
                unit
                if unit.obsolete
                else replace(unit, obsolete=True, locations=(), raw=unit.raw if unit in left else "")
            )
            if _key(made) in kept and kept[_key(made)].target == made.target:
                continue
            if _key(made) in kept or _key(made) in taken:
                made = replace(made, context=f"was {text_hash(made.source + made.target)}", raw="")
            kept[_key(made)] = made
        return iter(kept.values())


def _placed(unit: Unit, template: Unit) -> Unit:
    """The entry where the article has it now."""
    return replace(unit, locations=template.locations, notes=template.notes)


def _outdated(old: Unit, template: Unit) -> Unit:
    """The old translation under the new msgid, for a person to look at."""
    unit = replace(
        old,
        source=template.source,
        context=template.context,
        previous_source=old.previous_source or old.source,
        obsolete=False,
        raw="" if old.obsolete else old.raw,
    )
    return _placed(unit.flagged("fuzzy"), template)
