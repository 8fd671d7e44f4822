"""The review service: run checks, list what waits for review, approve, edit, reject and sign units in catalog files. It
serves the command line, the review page and workers alike."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError, LoktaError, StaleUnit, UnitGone
from toolkit.events import Sink, Warned, ignore
from toolkit.files import show
from toolkit.memory.spellings import Spelled
from toolkit.pipeline.reference import stale
from toolkit.pipeline.workers import spread
from toolkit.project.config import Config
from toolkit.project.context import Context
from toolkit.project.discovery import Source, find, load, metadata_path, of_project
from toolkit.quality.rules import CHECKS
from toolkit.review import acts
from toolkit.review.answers import Answered, take
from toolkit.review.findings import Placed, diagnose, diagnosed, find_all, mended
from toolkit.review.findings import find as find_in
from toolkit.review.rank import rank
from toolkit.review.states import conflicts
from toolkit.units import Catalog, Check, Diagnostic, Finding, LanguagePair, State, Unit, UnitKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the review queue."""

    path: Path
    line: int
    unit: Unit
    risk: float
    """0 to 1."""
    reasons: tuple[str, ...]


ActName = Literal["approve", "edit", "reject", "comment", "ignore", "restore", "settle"]
"""What a person does to a unit: edit gives it a text, settle decides upon a conflict."""


@dataclass(frozen=True, slots=True)
class Acted:
    """What an act did to a unit."""

    unit: Unit
    previous: Unit
    """What it was."""
    beside: tuple[Unit, ...]
    """What was set aside in a conflict about it and is decided upon by this act, as it was."""
    before: str
    """The text of the catalog's file before and after."""
    after: str


@dataclass(frozen=True, slots=True)
class ReviewService:
    """Reads and changes the catalogs of a project, or single PO files."""

    context: Context

    def files(self, paths: Sequence[Path], targets: Sequence[str]) -> tuple[Path, ...]:
        """The .po files meant by `paths`: .po files themselves, and the catalogs of articles; without paths, all of the project.

        Raises DataError when there is none.
        """
        store = self.context.store
        found = [path for path in paths if path.suffix == ".po"]
        articles = [path for path in paths if path.suffix != ".po"]
        if articles or not paths:
            sources = find(self.context.config, articles) if articles or self.context.config.file else ()
            ids = [source.id for source in sources] if articles else None
            found += store.paths(targets or store.targets(), ids)
        if not found:
            way = f" --to {','.join(targets)}" if targets else self.context.config.way_to
            what = f" {show(articles[0])}" if articles else "" if self.context.config.file else " ARTICLE"
            raise DataError(f"no catalog found here; make one: lokta translate{what}{way}")
        return tuple(dict.fromkeys(found))

    def changed(self) -> Iterator[Source]:
        """The articles of the project whose text is another than at their last run; broken ones are left out."""
        store = self.context.store
        for source in of_project(self.context.config):
            template = store.template_path(source.id)
            if not template.is_file():
                continue
            beside = (path for path in (source.path, metadata_path(source)) if path.is_file())
            if max(path.stat().st_mtime_ns for path in beside) <= template.stat().st_mtime_ns:
                continue
            with contextlib.suppress(LoktaError):
                then = catalogs.read_catalog(template)
                if [unit.source for unit in load(store, source).template.live] != [unit.source for unit in then.live]:
                    yield source

    def read(self, paths: Sequence[Path], tell: Sink | None) -> Iterator[tuple[Path, Catalog]]:
        """These catalog files with what they hold. One that cannot be read is told and passed over; raises DataError where it is
        the only one, or where `tell` is None."""
        for path in paths:
            try:
                yield path, self.context.store.read(path)
            except DataError as error:
                if tell is None or len(paths) == 1:
                    raise
                tell(Warned(str(error)))

    def check(self, paths: Sequence[Path], jobs: int = 1, tell: Sink | None = None) -> Iterator[Diagnostic]:
        """The findings of the quality checks in these catalog files, by `jobs` processes. One that cannot be read: as in `read`."""
        self.context.terms.checked()
        self.context.spellings.read_too(paths)
        if jobs > 1 and len(paths) > 1:
            pairs = {path: catalog.pair for path, catalog in self.read(paths, tell)}
            known = self.context.spellings.known(sorted(set(pairs.values())))
            for part in spread(partial(_findings, self.context.config, known), list(pairs), jobs):
                yield from part
            return
        for path, catalog in self.read(paths, tell):
            yield from diagnosed(catalog, show(path), self._found(path, catalog))

    def _found(self, path: Path, catalog: Catalog) -> Iterator[list[Placed]]:
        """The findings in each live unit of a catalog file; those of our rules are taken from the cache where it has them."""
        checks = self.checks(catalog.target_language)
        ours = {name: check for name, check in checks.items() if CHECKS.get(name) is check}
        others = {name: check for name, check in checks.items() if name not in ours}
        known = self.context.findings.read(path, catalog)
        if known is None:
            known = list(find_all(catalog, CHECKS))
            self.context.findings.write(path, catalog, known)
        for unit, placed in zip(catalog.live, known, strict=True):
            yield [one for one in placed if one[0] in ours] + list(find_in(unit, catalog, others))

    def of_terms(self, path: Path) -> Iterator[Diagnostic]:
        """The findings about the project's terms and names alone in a catalog file."""
        yield from diagnose(self.context.store.read(path), show(path), self.context.project_checks)

    def findings(self, path: Path, unit: Unit) -> list[tuple[str, Finding]]:
        """The findings in one unit of a catalog file, each with the name of its check."""
        catalog = self.context.store.read(path)
        return list(find_in(unit, catalog, self.checks(catalog.target_language)))

    def checks(self, tag: str) -> Mapping[str, Check]:
        """The checks for a language, those of the project's terms and names among them, without those that the settings silence."""
        ignored = self.context.config.ignored(tag)
        return {name: check for name, check in self.every_check.items() if name not in ignored}

    @property
    def every_check(self) -> Mapping[str, Check]:
        """All checks by name."""
        return {**self.context.checks, **self.context.project_checks}

    def fix(self, path: Path) -> tuple[int, int]:
        """Mend the marks, blanks and digits of a catalog file where that is certain; how many paragraphs were mended, and how
        many approved ones were left because only a person changes them."""
        left = 0

        def fixed(catalog: Catalog) -> Catalog:
            nonlocal left
            checks = self.checks(catalog.target_language)
            new = [one if one.obsolete else mended(one, catalog, checks) for one in catalog.units]
            pairs = list(zip(catalog.units, new, strict=True))
            left = sum(old.state.approved and old is not one for old, one in pairs)
            return replace(catalog, units=tuple(old if old.state.approved else one for old, one in pairs))

        old, new = self.context.store.change(path, fixed)
        self.context.store.settle()
        return sum(one != other for one, other in zip(old.units, new.units, strict=True)), left

    def queue(self, paths: Sequence[Path], tell: Sink | None = None) -> list[Waiting]:
        """The units of these catalog files that nobody has approved, riskiest first. One that cannot be read: as in `read`."""
        waiting = []
        for path, catalog in self.read(paths, tell):
            old = {
                unit.key: language for language, units in stale(self.context.store, catalog).items() for unit in units
            }
            for item in rank(catalog, self.checks(catalog.target_language)):
                helped = old.get(item.unit.key)
                more = (f"what helped it in {helped} changed since",) if helped else ()
                line = catalogs.line_of(catalog, item.unit)
                waiting.append(Waiting(path, line, item.unit, item.risk, item.reasons + more))
        return sorted(waiting, key=lambda item: -item.risk)

    def approve(self, path: Path, key: UnitKey, seen: str) -> Unit:
        """Approve a unit in the reviewer's name. `seen` is `acts.seen` of the unit as the reviewer saw it; raises StaleUnit,
        with both versions, where it has changed since."""
        return self.act(path, key, seen, "approve").unit

    def edit(self, path: Path, key: UnitKey, seen: str, target: str) -> Unit:
        """Give a unit a target that a person wrote, still to be approved. Raises StaleUnit."""
        return self.act(path, key, seen, "edit", target).unit

    def reject(self, path: Path, key: UnitKey, seen: str) -> Unit:
        """Mark a unit as in need of work. Raises StaleUnit."""
        return self.act(path, key, seen, "reject").unit

    def act(
        self, path: Path, key: UnitKey, seen: str, what: ActName, target: str | None = None, words: str = ""
    ) -> Acted:
        """Do one act of a reviewer to a unit of a catalog file, and write it.

        `target`: the text to put in first; None: as it is. `words`: the comment, the name of the check to ignore, or, to
        restore, the entries as the catalog had them: the unit's, and what was set aside beside it. Raises StaleUnit where the
        unit is not as the person saw it, DataError where it is gone, CatalogError for what cannot be done.
        """

        def done(unit: Unit) -> Unit:
            edited = acts.edit(unit, target) if target is not None else unit
            return self._done(edited, what, words)

        set_aside = _set_aside(words) if what == "restore" else {}
        return self._act(path, key, seen, done, settles=what in ("approve", "settle"), set_aside=set_aside)

    def keep(self, path: Path, key: UnitKey, was: str, target: str) -> None:
        """Keep a text that a person wrote for a unit which its article lost meanwhile: in the unit that grew out of it, or else
        as an obsolete entry. `was` is the target that the person saw."""
        said = Answered("", key.short, *key, was, State.DRAFT, target, "edited", self.today)
        self.context.store.change(path, lambda catalog: take(catalog, (said,), self.reviewer)[0])
        self.context.store.settle()

    def _done(self, unit: Unit, what: ActName, words: str) -> Unit:
        """The unit after an act that may follow an edit."""
        if what == "approve":
            return acts.approve(unit, self.reviewer, self.today)
        if what == "reject":
            return acts.reject(unit, self.reviewer, self.today)
        if what == "comment":
            return acts.comment(unit, self.reviewer, self.today, words)
        if what == "ignore":
            return acts.ignore(unit, words)
        if what == "restore":
            return _restored(unit, words)
        return unit

    def sign(self, path: Path, tell: Sink = ignore) -> int:
        """Put the reviewer's name to what was approved without one; how many entries that were."""
        reviewer, today = self.reviewer, self.today

        def signed(catalog: Catalog) -> Catalog:
            return replace(catalog, units=tuple(acts.sign_accepted(unit, reviewer, today) for unit in catalog.units))

        old, new = self.context.store.change(path, signed, tell)
        self.context.store.settle(tell)
        for unit in new.live:
            if (review := unit.line("reviewed")) and review.damaged and unit.state is State.ACCEPTED:
                place = f"{show(path)}:{catalogs.line_of(new, unit)}"
                tell(
                    Warned(
                        f"{place}: its `reviewed` line lost its hash in another tool; look at it, and approve it again"
                    )
                )
        return sum(one != other for one, other in zip(old.units, new.units, strict=True))

    @property
    def reviewer(self) -> str:
        """The reviewer's name (see `Config.reviewer_name`)."""
        return self.context.config.reviewer_name

    @property
    def today(self) -> str:
        """The date of the run's clock, ISO 8601."""
        return self.context.clock().strftime("%Y-%m-%d")

    def _act(
        self,
        path: Path,
        key: UnitKey,
        seen: str,
        act: Callable[[Unit], Unit],
        settles: bool = False,
        set_aside: Mapping[UnitKey, Unit] = MappingProxyType({}),
    ) -> Acted:
        """Change one unit of a catalog file. Raises StaleUnit if it is not as the person saw it, UnitGone if it is gone.

        `settles`: what was set aside in a conflict about it is decided upon; `set_aside`: entries of that kind to put back as
        they were, as far as they say the same now.
        """
        beside: Sequence[Unit] = ()

        def changed(catalog: Catalog) -> Catalog:
            unit = next((unit for unit in catalog.live if unit.key == key), None)
            if unit is None:
                raise UnitGone(f"{show(path)}: {key.source[:60]!r} is not in this catalog any more; read it again")
            if acts.seen(unit) != seen:
                line = f"{show(path)}: {key.source[:60]!r} changed since it was read; look at it again"
                raise StaleUnit(line, unit, _acted_on(unit, act))
            nonlocal beside
            beside = conflicts(catalog).get(key, ()) if settles else ()
            return replace(catalog, units=tuple(made(one, unit) for one in catalog.units))

        def made(one: Unit, unit: Unit) -> Unit:
            if one is unit:
                return act(one)
            if one.obsolete and one.key in set_aside and set_aside[one.key].target == one.target:
                return set_aside[one.key]
            return acts.settle(one, self.reviewer, self.today) if any(one is other for other in beside) else one

        old, new = self.context.store.change(path, changed)
        self.context.store.settle()
        done, previous = (next(unit for unit in one.live if unit.key == key) for one in (new, old))
        return Acted(done, previous, tuple(beside), old.raw, new.raw)


def _restored(unit: Unit, entry: str) -> Unit:
    """The unit as an entry of the catalog had it. Raises CatalogError where there is not one entry of the same text."""
    found = [one for one in _entries(entry) if not one.obsolete]
    if len(found) != 1 or found[0].key != unit.key:
        raise CatalogError("that is not an earlier entry of this paragraph")
    # Where it stands in the article is not a person's to undo.
    return replace(found[0], locations=unit.locations, notes=unit.notes)


def _set_aside(entries: str) -> Mapping[UnitKey, Unit]:
    """The entries of texts that a conflict set aside, by what names them."""
    return {one.key: one for one in _entries(entries) if one.obsolete and one.is_aside}


def _entries(text: str) -> tuple[Unit, ...]:
    """The units of some entries of a catalog; none where they cannot be read."""
    try:
        return catalogs.load(text).units
    except CatalogError:
        return ()


@contextlib.contextmanager
def _findings(
    config: Config, known: Mapping[LanguagePair, tuple[Spelled, ...]], tell: Sink
) -> Iterator[Callable[[Sequence[Path]], list[Diagnostic]]]:
    """In a process: what checks some of the catalogs. `known`: the names that all of them spell in several ways."""
    with Context.of(config) as context:
        context.spellings.found.update(known)
        yield lambda paths: list(ReviewService(context).check(paths))


def _acted_on(unit: Unit, act: Callable[[Unit], Unit]) -> Unit:
    """The unit after an act; unchanged where the act is not possible, such as approving an empty unit."""
    try:
        return act(unit)
    except CatalogError:
        return unit
