"""Projects on disk: articles are written, translated, and their catalogs read and changed as a person's editor would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit.catalog import approve
from toolkit.events import Cancellation, Event, Recorder, Sink, ignore
from toolkit.pipeline import translate as pipeline
from toolkit.project import settings
from toolkit.project.config import load as config_of
from toolkit.project.context import Context
from toolkit.project.discovery import find
from toolkit.translation.options import Options
from toolkit.units import Catalog, Unit

TEXT = "Title of it\n\nThe river rose.\n\nIt fell again.\n"


@dataclass(frozen=True)
class Ran:
    """What a run returned, and what it told."""

    done: pipeline.Translation
    told: Recorder

    @property
    def summaries(self) -> tuple[pipeline.Summary, ...]:
        """One for each article and language."""
        return self.done.summaries

    @property
    def warnings(self) -> list[str]:
        """Each line once."""
        return self.told.warnings


def write(folder: Path, name: str = "a.txt", text: str = TEXT) -> Path:
    """A file of the project."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def write_catalog(path: Path, catalog: Catalog) -> None:
    """Write a catalog as an editor would, over what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(catalogs.spelled(catalog, path), encoding="utf-8")


def agree(folder: Path) -> None:
    """The person agrees to all servers of a project."""
    config = config_of(folder)
    for remote in config.remotes.values():
        settings.agree(config.root, remote, (config.articles, config.locales))


def order(
    context: Context,
    *targets: str,
    names: tuple[str, ...] = (),
    engine: str = "pseudo",
    source_language: str = "",
    options: Options | None = None,
) -> pipeline.Order:
    """What to translate: all .txt files in the project's root, or those that are named; into Tibetan if nothing is said."""
    root = context.config.root
    paths = [root / name for name in names] or sorted(root.glob("*.txt"))
    return pipeline.Order(
        find(context.config, paths), targets or ("bo",), source_language, engine, options or Options()
    )


def translate(
    folder: Path,
    *targets: str,
    names: tuple[str, ...] = (),
    engine: str = "pseudo",
    source_language: str = "",
    options: Options | None = None,
    tell: Sink = ignore,
    cancellation: Cancellation | None = None,
) -> Ran:
    """Run the pipeline over a project; `tell` hears every event before it is recorded."""
    told = Recorder()

    def sink(event: Event) -> None:
        tell(event)
        told(event)

    with Context.at(folder) as context:
        wanted = order(context, *targets, names=names, engine=engine, source_language=source_language, options=options)
        return Ran(pipeline.translate(context, wanted, sink, cancellation), told)


def path_of(folder: Path, tag: str = "bo", name: str = "a") -> Path:
    """Where a catalog lies."""
    return Context.at(folder).store.path(name, tag)


def read(folder: Path, tag: str = "bo", name: str = "a") -> Catalog:
    """A catalog as it lies on disk."""
    return catalogs.read_catalog(path_of(folder, tag, name))


def change(folder: Path, source: str, to: Callable[[Unit], Unit], tag: str = "zh-Hans", name: str = "a") -> None:
    """Change one unit of a catalog on disk, as any editor could."""
    held = read(folder, tag, name)
    units = tuple(to(unit) if unit.source == source and not unit.obsolete else unit for unit in held.units)
    write_catalog(path_of(folder, tag, name), replace(held, units=units))


def reviewed(words: str) -> Callable[[Unit], Unit]:
    """A person writes these words and approves them."""
    return lambda unit: approve(replace(unit, target=words), "Tashi", "2026-11-25")
