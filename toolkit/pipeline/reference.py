"""Reference translations of a project: an article's approved paragraphs in one language, given to the engine for another.

in_order           orders the targets so that a reference language comes before those that use it
ProjectReferences  finds the reference translations for the catalogs of one target language
stale              finds drafts whose reference translation has changed since
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.catalog import merge
from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, Warned
from toolkit.language.chinese import HANS, HANT
from toolkit.project.config import Target
from toolkit.project.store import CatalogStore, WorkingCopy
from toolkit.translation.drafting.layout import wanted
from toolkit.translation.drafting.reference import NONE, References
from toolkit.translation.wrappers import innermost
from toolkit.units import Catalog, Engine, Unit

_NAMED = 3
"""How many articles a warning names; the others are counted."""


def check(language: str, targets: Sequence[str], source_language: str) -> None:
    """Raises UsageError where the reference language is the articles' own language or the only target."""
    if language and language == source_language:
        raise UsageError(f"--second-source {language} is the articles' own language; name another, or leave it out")
    if language and set(targets) == {language}:
        raise UsageError(f"--second-source {language} is the target language itself; name another, or leave it out")


def in_order(targets: Sequence[str], language: str, tables: Mapping[str, Target]) -> list[str]:
    """The targets, each after its reference language, and zh-Hant after zh-Hans, from which it is converted."""
    ordered: dict[str, None] = {}
    begun: set[str] = set()

    def visit(tag: str) -> None:
        if tag in begun or tag not in targets:
            return
        begun.add(tag)
        for first in (language or tables.get(tag, Target()).second_source, HANS if tag == HANT else ""):
            visit(first)
        ordered[tag] = None

    for tag in sorted(targets, key=lambda tag: tag == HANT):
        visit(tag)
    return list(ordered)


@dataclass(slots=True)
class ProjectReferences:
    """Finds the reference translations for one target language of a run."""

    store: CatalogStore
    ids: Sequence[str]
    """All articles of the run."""
    target: str
    language: str
    """The reference language, BCP 47; empty: none."""
    redraft: bool
    tell: Sink
    _bare: list[str] = field(default_factory=list)
    """Articles without any approved paragraph in the reference language."""

    def of(
        self, copies: Sequence[WorkingCopy], templates: Mapping[str, Catalog], machine: Engine | None
    ) -> tuple[References, ...]:
        """The reference translations for each of these catalogs, which share one source language. Warns of an engine that takes none."""
        none = (NONE,) * len(copies)
        if machine is None or not copies or self.language in ("", self.target):
            return none
        if innermost(machine).via == self.language:
            return none  # what was approved in the pivot language is the source of the second leg
        asked = [self._asks(copy) for copy in copies]
        source = copies[0].now.source_language
        if self.language != source and self.language in machine.abilities.reference_languages:
            by_sentence = machine.abilities.grain == "sentence"
            return tuple(
                self._approved(copy, templates[copy.article], by_sentence) if asks else NONE
                for copy, asks in zip(copies, asked, strict=True)
            )
        if any(asked):
            own = f"articles in {source} get no second source in their own language"
            cannot = (
                f"{machine.name} takes no second source in {self.language} and drafts without; name a model that does"
            )
            self.tell(Warned(f"{self.target}: {own if self.language == source else f'{cannot} (--engine)'}"))
        return none

    def close(self) -> None:
        """Warn, in one line, of the articles that had no reference translation."""
        if self._bare:
            names = ", ".join(self._bare[:_NAMED])
            more = f" and {len(self._bare) - _NAMED} more" if len(self._bare) > _NAMED else ""
            line = f"{self.target}: nothing is reviewed in {self.language} yet, so no second source: {names}{more}"
            self.tell(Warned(line))

    def _asks(self, copy: WorkingCopy) -> bool:
        """Whether a unit may be drafted in this run, or was drafted or refused with a reference translation before."""
        return any(
            wanted(unit, frozenset(), self.redraft)
            or any(line.get("second") for line in unit.provenance if line.kind in ("mt", "refused"))
            for unit in copy.now.live
        )

    def _approved(self, copy: WorkingCopy, template: Catalog, by_sentence: bool) -> References:
        """The reference translations from the article's catalog in that language, merged in memory with the article as it is now."""
        try:
            old, _ = self.store.earlier(template, self.language, self.ids)
            there = merge(old, template, self.language) if old is not None else None
        except DataError as error:
            self.tell(Warned(f"{error}; {self.target} is drafted without a second source from it"))
            return NONE
        found = References.of(there, self.language, by_sentence)
        if not found.approved and any(wanted(unit, frozenset(), self.redraft, found) for unit in copy.now.live):
            self._bare.append(copy.article)
        return found


def stale(store: CatalogStore, catalog: Catalog) -> dict[str, list[Unit]]:
    """Reference language -> the untouched drafts in `catalog` whose reference translation has changed since.

    A catalog in the reference language that cannot be read is passed over; `translate` warns of it.
    """
    units = [unit for unit in catalog.live if unit.target and unit.machine]
    helped = {line.get("second") for unit in units if (line := unit.line("mt"))} - {""}
    found: dict[str, list[Unit]] = {}
    for language in sorted(helped):
        with contextlib.suppress(DataError, UsageError):
            there = References.of(store.find(catalog.article, language), language)
            found[language] = [unit for unit in units if there.stale(unit)]
    return {language: drafts for language, drafts in found.items() if drafts}
