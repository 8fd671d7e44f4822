"""A changed article meets its old catalog: msgmerge's states, and nothing that a person wrote is lost.

kept        the same msgid, wherever it stands now
resurrected the msgid was obsolete, and is back with its translation
retyped     only the typography of the msgid changed (white space, quotes, dashes, `&copy;` for its character): an approval
            stays one, a signature too
corrected   only a misspelling of the msgid was corrected (`typos`): an approval stays one; its line says `via=typo`
outdated    grown out of an old one by similarity: fuzzy, with the previous msgid; an approved pair stays, obsolete, beside it
new         empty
obsolete    gone from the article; kept when it is translated or a person remarked on it
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolkit.catalog import header, typos
from toolkit.catalog.match import pair_up
from toolkit.codes import compare
from toolkit.codes.tags import REFERENCE
from toolkit.errors import CatalogError, UsageError
from toolkit.language import language
from toolkit.units import Catalog, Markup, State, Unit, fold, review_hash

Key = tuple[str, str]

_UNWRITTEN = "ignore-end-"
"""How the flags begin that earlier versions wrote into Tibetan catalogs for Weblate; a setting of its component does it for all."""


def merge(old: Catalog | None, template: Catalog, target_language: str, corrections: bool = True) -> Catalog:
    """The catalog of the article as `template` has it now, with all that `old` knows; see the table above.

    `corrections`: an approval outlives a corrected misspelling. `target_language` is BCP 47; raises UsageError for an unknown
    one, CatalogError when `old` is in another.
    """
    target = language(target_language)
    if old is not None:
        _refuse_other_language(old, target.tag)
    known = _OldUnits(old.units if old else (), template.markup)
    fresh = list(template.live)
    kept = known.keep(fresh)
    grown = known.outgrown(fresh, kept)
    corrected = known.corrected(fresh, grown, template.source_language) if corrections else {}
    grown = {place: source for place, source in grown.items() if place not in corrected}
    kept |= corrected
    live = [
        _still_signed(known.units[kept[place]], _placed(known.units[kept[place]], unit), place in corrected)
        if place in kept
        else outdated(known.units[grown[place]], unit)
        if place in grown
        else unit
        for place, unit in enumerate(fresh)
    ]
    metadata = header.renewed(old.metadata if old else {}, template.metadata, target.tag)
    units = (*live, *known.left(set(kept.values()), set(grown.values())))
    return Catalog(template.source_language, target.tag, units, metadata, old.raw if old else "")


def _refuse_other_language(old: Catalog, target: str) -> None:
    try:
        found = language(old.target_language).tag if old.target_language else target
    except UsageError:
        return
    if found.split("-")[0] != target.split("-")[0] or language(found).script != language(target).script:
        raise CatalogError(f"the catalog is in {found}, not in {target}; correct its Language field, or name {found}")


def _key(unit: Unit) -> Key:
    return unit.context, unit.source


PERSONS = frozenset({"reviewed", "needs-work", "ignore"})
"""Kinds of provenance lines in which a person says something of a unit."""
_PLURAL_FORM = re.compile(r'^(?:#~ ?)?msgstr\[\d+\][ \t]*(?:""[ \t]*\r?\n(?:#~ ?)?)?"(?=[^"])', re.MULTILINE)
"""The beginning of a plural form that is not empty, on its own line or the next."""


def _words(source: str) -> str:
    """A msgid without its typography, and with characters in the place of their references."""
    return fold(REFERENCE.sub(lambda found: html.unescape(found[0]), source) if "&" in source else source)


def _still_signed(old: Unit, new: Unit, corrected: bool = False) -> Unit:
    """The entry with the signature that it had; it is bound to the msgid, of which only the typography or the spelling changed."""
    review = old.line("reviewed")
    if review is None or old.state is not State.REVIEWED or new.state is State.REVIEWED:
        return new
    facts = [(key, value) for key, value in review.values if key != "hash"]
    facts += [("via", "typo")] if corrected and ("via", "typo") not in facts else []
    facts.append(("hash", review_hash(new)))
    return new.with_lines(replace(review, values=tuple(facts)))


def worth_keeping(unit: Unit) -> bool:
    """Whether an entry that the article lost holds anything to keep: any form of a translation, a person's remark."""
    plural = "msgid_plural" in unit.raw and _PLURAL_FORM.search(unit.raw)
    return bool(unit.target or unit.comments or plural or any(line.kind in PERSONS for line in unit.provenance))


class _OldUnits:
    """The old units by the ways in which they are found again; a place is an index into `units`."""

    def __init__(self, units: Sequence[Unit], markup: Markup) -> None:
        self.units = tuple(units)
        self.markup = markup
        # live ones before obsolete ones, so that what is in use wins
        order = sorted(range(len(self.units)), key=lambda place: self.units[place].obsolete)
        self.exact: dict[Key, int] = {}
        self.folded: dict[Key, list[int]] = {}
        for place in order:
            unit = self.units[place]
            self.exact.setdefault(_key(unit), place)
            if unit.target:
                self.folded.setdefault((unit.context, _words(unit.source)), []).append(place)

    def keep(self, fresh: Sequence[Unit]) -> dict[int, int]:
        """Where the new units were, as far as their msgid stayed, or changed in its typography alone."""
        kept = {place: self.exact[_key(unit)] for place, unit in enumerate(fresh) if _key(unit) in self.exact}
        claimed = set(kept.values())
        for place, unit in enumerate(fresh):
            if place in kept:
                continue
            for old in self.folded.get((unit.context, _words(unit.source)), ()):
                # a quote or a dash inside code is no typography
                if old not in claimed and not compare(self.units[old].source, unit.source, self.markup):
                    kept[place] = old
                    claimed.add(old)
                    break
        return kept

    def outgrown(self, fresh: Sequence[Unit], kept: dict[int, int]) -> dict[int, int]:
        """The translated old units that the other new ones grew out of; never one whose paragraph still exists."""
        claimed = set(kept.values())
        new = [(place, fold(unit.source)) for place, unit in enumerate(fresh) if place not in kept]
        old = [
            (place, fold(unit.source)) for place, unit in enumerate(self.units) if unit.target and place not in claimed
        ]
        return pair_up(new, old, kept)

    def corrected(self, fresh: Sequence[Unit], grown: dict[int, int], tag: str) -> dict[int, int]:
        """Those of the grown ones whose old msgid was approved and differs by a corrected misspelling alone."""
        known = typos.rule(tag) if grown else None
        pairs = {
            place: source
            for place, source in grown.items()
            if (old := self.units[source]).state.approved and not old.obsolete and old.context == fresh[place].context
        }
        if known is None or not pairs:
            return {}
        before = typos.words(unit.source for unit in self.units if not unit.obsolete)
        after = typos.words(unit.source for unit in fresh)
        return {
            place: source
            for place, source in pairs.items()
            if typos.corrected(self.units[source].source, fresh[place].source, known, before, after)
            and not compare(self.units[source].source, fresh[place].source, self.markup)
        }

    def left(self, kept: set[int], grown: set[int]) -> Iterator[Unit]:
        """The obsolete entries: what the article no longer has, and approved pairs that went on with another msgid."""
        for place, unit in enumerate(self.units):
            if place in kept or (place in grown and not unit.state.approved):
                continue
            if unit.obsolete:
                yield unit
            elif worth_keeping(unit):
                yield replace(unit, obsolete=True, locations=(), notes=())


def _placed(old: Unit, template: Unit) -> Unit:
    """The entry where the article has it now; an approval ends what `#|` was for. One that changes loses flags of old."""
    placed = replace(
        old,
        source=template.source,
        previous_source=old.previous_source if old.fuzzy else "",
        locations=template.locations,
        notes=template.notes,
        obsolete=False,
    )
    kept = tuple(flag for flag in old.flags if not flag.startswith(_UNWRITTEN))
    return placed if placed == old else replace(placed, flags=kept)


def outdated(old: Unit, template: Unit) -> Unit:
    """The old translation under the new msgid, for a person to look at; the draft of this very msgid is none."""
    made_for = old.previous_source if old.fuzzy and old.previous_source else old.source
    unit = replace(_placed(old, template), context=template.context).flagged("fuzzy")
    unit = replace(unit, previous_source="" if made_for == template.source else made_for)
    if old.state.approved and not old.line("reviewed"):
        # approved in another editor: these are a person's words now, and no machine's line may claim them back
        unit = unit.with_lines(without=("mt", "tm", "convert"))
    return unit
