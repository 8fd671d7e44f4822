"""The review service: run checks, list what waits for review, approve, edit, reject and sign units in catalog files. It
serves the command line, the review page and workers alike."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError, LoktaError, StaleUnit
from toolkit.events import Sink, Warned, ignore
from toolkit.files import show
from toolkit.pipeline.reference import stale
from toolkit.pipeline.workers import spread
from toolkit.project.config import Config
from toolkit.project.context import Context
from toolkit.project.discovery import Source, find, load, metadata_path, of_project
from toolkit.review import acts
from toolkit.review.findings import diagnose, mended
from toolkit.review.findings import find as find_in
from toolkit.review.rank import rank
from toolkit.units import Catalog, Check, Diagnostic, Finding, State, Unit, UnitKey


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry of the review queue."""

    path: Path
    line: int
    unit: Unit
    risk: float
    """0 to 1."""
    reasons: tuple[str, ...]


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
            raise DataError(f"no catalog found here; make one: lokta translate ARTICLE{self.context.config.way_to}")
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

    def check(self, paths: Sequence[Path], jobs: int = 1) -> Iterator[Diagnostic]:
        """The findings of the quality checks in these catalog files, by `jobs` processes. Raises CatalogError where one is
        broken."""
        if jobs > 1 and len(paths) > 1:
            for part in spread(partial(_findings, self.context.config), paths, jobs):
                yield from part
            return
        for path in paths:
            catalog = self.context.store.read(path)
            yield from diagnose(catalog, show(path), self.checks(catalog.target_language))

    def findings(self, path: Path, unit: Unit) -> list[tuple[str, Finding]]:
        """The findings in one unit of a catalog file, each with the name of its check."""
        catalog = self.context.store.read(path)
        return list(find_in(unit, catalog, self.checks(catalog.target_language)))

    def checks(self, tag: str) -> Mapping[str, Check]:
        """The checks for a language, without those that the settings silence."""
        ignored = self.context.config.ignored(tag)
        return {name: check for name, check in self.context.checks.items() if name not in ignored}

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

    def queue(self, paths: Sequence[Path]) -> list[Waiting]:
        """The units of these catalog files that nobody has approved, riskiest first."""
        waiting = []
        for path in paths:
            catalog = self.context.store.read(path)
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
        return self._act(path, key, seen, lambda unit: acts.approve(unit, self.reviewer, self.today))

    def edit(self, path: Path, key: UnitKey, seen: str, target: str) -> Unit:
        """Give a unit a target that a person wrote, still to be approved. Raises StaleUnit."""
        return self._act(path, key, seen, lambda unit: acts.edit(unit, target))

    def reject(self, path: Path, key: UnitKey, seen: str) -> Unit:
        """Mark a unit as in need of work. Raises StaleUnit."""
        return self._act(path, key, seen, lambda unit: acts.reject(unit, self.reviewer, self.today))

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

    def _act(self, path: Path, key: UnitKey, seen: str, act: Callable[[Unit], Unit]) -> Unit:
        """Change one unit of a catalog file. Raises StaleUnit if it is not as the person saw it, DataError if it is gone."""

        def changed(catalog: Catalog) -> Catalog:
            unit = next((unit for unit in catalog.live if unit.key == key), None)
            if unit is None:
                raise DataError(f"{show(path)}: {key.source[:60]!r} is not in this catalog any more; read it again")
            if acts.seen(unit) != seen:
                line = f"{show(path)}: {key.source[:60]!r} changed since it was read; look at it again"
                raise StaleUnit(line, unit, _acted_on(unit, act))
            return replace(catalog, units=tuple(act(one) if one is unit else one for one in catalog.units))

        _, new = self.context.store.change(path, changed)
        self.context.store.settle()
        return next(unit for unit in new.live if unit.key == key)


@contextlib.contextmanager
def _findings(config: Config, tell: Sink) -> Iterator[Callable[[Sequence[Path]], list[Diagnostic]]]:
    """In a process: what checks some of the catalogs."""
    with Context.of(config) as context:
        yield lambda paths: list(ReviewService(context).check(paths))


def _acted_on(unit: Unit, act: Callable[[Unit], Unit]) -> Unit:
    """The unit after an act; unchanged where the act is not possible, such as approving an empty unit."""
    try:
        return act(unit)
    except CatalogError:
        return unit
