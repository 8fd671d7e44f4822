"""What a person does with the catalogs: look for mistakes, see what waits, put a name to what was approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit import project
from toolkit.config import Config
from toolkit.errors import CatalogError, DataError
from toolkit.files import lock, show
from toolkit.jobs import now
from toolkit.language import language
from toolkit.review import diagnose, rank
from toolkit.second_source import stale
from toolkit.units import Catalog, Diagnostic, State, Unit


def catalog_files(config: Config, paths: Sequence[Path], targets: Sequence[str]) -> tuple[Path, ...]:
    """The .po files meant by `paths`: files themselves, and the catalogs of articles; all of the project when empty.

    Raises DataError when there is none.
    """
    files = [path for path in paths if path.suffix == ".po"]
    articles = [path for path in paths if path.suffix != ".po"]
    if articles or not paths:
        sources = project.find(config, articles) if articles or config.file else ()
        names = [source.id for source in sources]
        for tag in targets or project.targets(config):
            base = project.catalog_path(config, "x", tag).parent
            found = [base / f"{name}.po" for name in names] if articles else sorted(base.rglob("*.po"))
            files += [path for path in found if path.is_file()]
    if not files:
        raise DataError("no catalog found here; make one: lokta translate ARTICLE --to bo")
    return tuple(dict.fromkeys(files))


def readable_catalogs(config: Config, target: str, warnings: list[str]) -> Iterator[Catalog]:
    """The project's catalogs in `target`; one that cannot be read is named in `warnings` and passed over."""
    base = project.catalog_path(config, "x", target).parent
    for path in sorted(base.rglob("*.po")) if base.is_dir() else ():
        try:
            yield catalogs.read_catalog(path)
        except DataError as error:
            warnings.append(str(error))


def check(path: Path) -> Iterator[Diagnostic]:
    """What the checks find in a catalog file."""
    return diagnose(with_target(catalogs.read_catalog(path), path), show(path))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A paragraph that waits for a person."""

    path: Path
    line: int
    unit: Unit
    risk: float
    """0 to 1."""
    reasons: tuple[str, ...]


def queue(config: Config, paths: Sequence[Path]) -> list[Waiting]:
    """What nobody has approved, riskiest first."""
    waiting = []
    for path in paths:
        catalog = with_target(catalogs.read_catalog(path), path)
        old = {id(unit): language for language, units in stale(config, catalog).items() for unit in units}
        for item in rank(catalog):
            line = catalogs.line_of(catalog, item.unit)
            helped = old.get(id(item.unit))
            more = (f"what helped it in {helped} changed since",) if helped else ()
            waiting.append(Waiting(path, line, item.unit, item.risk, item.reasons + more))
    return sorted(waiting, key=lambda item: -item.risk)


def sign(config: Config, path: Path) -> int:
    """Put the reviewer's name to what was approved without one; returns how many entries."""
    with lock(path.parent):
        catalog = catalogs.read_catalog(path)
        date = now().strftime("%Y-%m-%d")
        units = tuple(
            catalogs.sign(unit, config.reviewer_name, date)
            if unit.state is State.ACCEPTED and not unit.obsolete
            else unit
            for unit in catalog.units
        )
        count = sum(old != new for old, new in zip(catalog.units, units, strict=True))
        if count:
            catalogs.write_catalog(path, catalogs.touch(replace(catalog, units=units), now()))
    return count


def states(catalog: Catalog) -> dict[State, list[Unit]]:
    """The live units by state."""
    found: dict[State, list[Unit]] = {state: [] for state in State}
    for unit in catalog.live:
        found[unit.state].append(unit)
    return found


def with_target(catalog: Catalog, path: Path) -> Catalog:
    """The catalog with its language as a tag; raises CatalogError when the header says none, UsageError for an unknown one."""
    if not catalog.target_language:
        raise CatalogError(f'{show(path)}: its header has no Language; add one: "Language: bo\\n"')
    return replace(catalog, target_language=language(catalog.target_language).tag)
