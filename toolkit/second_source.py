"""What people approved of an article in another language, for the models that take a second source; and where there is none.

in_order     targets, each after those that help it
SecondSource what helps the catalogs of one target language in a run
stale        the drafts that were helped by words that are others now
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit import project
from toolkit.catalog import merge, read_catalog
from toolkit.config import Config, Target
from toolkit.errors import DataError, UsageError
from toolkit.jobs import Job
from toolkit.translation.convert import HANS, HANT
from toolkit.translation.plan import wanted
from toolkit.translation.relay import pivot
from toolkit.translation.second import NONE, Seconds
from toolkit.units import Catalog, Engine, Unit

_NAMED = 3
"""Articles that a line names; the others are counted."""


def check(second: str, targets: Sequence[str], source_language: str) -> None:
    """Raises UsageError where a second source was asked for that can help nobody."""
    if second and second == source_language:
        raise UsageError(f"--second-source {second} is the articles' own language; name another, or leave it out")
    if second and set(targets) == {second}:
        raise UsageError(f"--second-source {second} is the target language itself; name another, or leave it out")


def in_order(targets: Sequence[str], second: str, tables: Mapping[str, Target]) -> list[str]:
    """The languages, each after the one that is its second source; zh-Hant, which is derived from zh-Hans, after that."""
    ordered: dict[str, None] = {}
    begun: set[str] = set()

    def visit(tag: str) -> None:
        if tag in begun or tag not in targets:
            return
        begun.add(tag)
        for first in (second or tables.get(tag, Target()).second_source, HANS if tag == HANT else ""):
            visit(first)
        ordered[tag] = None

    for tag in sorted(targets, key=lambda tag: tag == HANT):
        visit(tag)
    return list(ordered)


@dataclass(slots=True)
class SecondSource:
    """For one target language of a run."""

    config: Config
    ids: Sequence[str]
    """All articles of the run."""
    target: str
    language: str
    """Of the second source; empty: none is wanted."""
    redraft: bool
    warnings: list[str]
    _bare: list[str] = field(default_factory=list)
    """Articles of which nobody approved anything in that language."""

    def give(self, tag: str, jobs: Sequence[Job], machine: Engine | None) -> None:
        """Give each catalog of articles in the language `tag` what may help it; an engine that takes no help is named once."""
        through = pivot(machine) if machine is not None else None
        if machine is None or self.language in ("", self.target) or (through and through.via == self.language):
            return  # through that language, what was approved in it is the source of the second leg
        asked = [job for job in jobs if self._asks(job)]
        if self.language != tag and self.language in getattr(machine, "seconds", ()):
            by_sentence = machine.grain == "sentence"
            for job in asked:
                job.second = self._approved(job, by_sentence)
            return
        own = f"articles in {tag} get no second source in their own language"
        none = f"{machine.name} takes no second source in {self.language} and drafts without; name a model that does (--engine)"
        self._say(f"{self.target}: {own if self.language == tag else none}" if asked else "")

    def tell(self) -> None:
        """One line on the articles that had to do without."""
        if self._bare:
            names = ", ".join(self._bare[:_NAMED])
            more = f" and {len(self._bare) - _NAMED} more" if len(self._bare) > _NAMED else ""
            self._say(f"{self.target}: nothing is reviewed in {self.language} yet, so no second source: {names}{more}")

    def _asks(self, job: Job) -> bool:
        """Whether anything of it may be drafted in this run, or was asked with a second source before."""
        return any(
            wanted(unit, frozenset(), self.redraft)
            or any(mark.get("second") for mark in unit.provenance if mark.kind in ("mt", "refused"))
            for unit in job.now.live
        )

    def _approved(self, job: Job, by_sentence: bool) -> Seconds:
        """What the article's catalog in that language says, met with the article as it is now; nothing is written."""
        try:
            old, _ = project.old_catalog(self.config, job.loaded, self.language, self.ids)
            there = merge(old, job.loaded.template, self.language) if old is not None else None
        except DataError as error:
            self._say(f"{error}; {self.target} is drafted without a second source from it")
            return NONE
        found = Seconds.of(there, self.language, by_sentence)
        if not found.approved and any(wanted(unit, frozenset(), self.redraft, found) for unit in job.now.live):
            self._bare.append(job.loaded.source.id)
        return found

    def _say(self, line: str) -> None:
        if line and line not in self.warnings:
            self.warnings.append(line)


def stale(config: Config, catalog: Catalog) -> dict[str, list[Unit]]:
    """Second language -> the drafts that it helped with words that nobody stands behind any more, and no person took up.

    A catalog that cannot be read says nothing; `translate` names it.
    """
    units = [unit for unit in catalog.live if unit.target and unit.machine]
    helped = {mark.get("second") for unit in units if (mark := unit.mark("mt"))} - {""}
    found: dict[str, list[Unit]] = {}
    for language in sorted(helped):
        with contextlib.suppress(DataError, UsageError):
            path = project.catalog_path(config, catalog.article, language)
            there = Seconds.of(read_catalog(path), language) if path.is_file() else NONE
            found[language] = [unit for unit in units if there.stale(unit)]
    return {language: drafts for language, drafts in found.items() if drafts}
