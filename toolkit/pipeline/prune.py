"""What a renamed or deleted article left behind: its catalogs, the sentences of their drafts, its template, what `build` wrote.

    ghosts(context) -> found    prune(context, found) -> what became of each

A file is a ghost only where we know it for ours: a catalog or template by its header, which names the article; an edition by
the record of the build that wrote it. What a person wrote, and an edition that somebody changed since, goes into the trash
(`locales/.trash/`), which git sees; all else can be made again, and is deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from toolkit import catalog as catalogs
from toolkit.catalog.drafted import SUFFIX, parse
from toolkit.catalog.merge import worth_keeping
from toolkit.catalog.reconcile import says_all
from toolkit.edition.names import safe_path
from toolkit.errors import DataError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import read_bytes, read_text, refuse_link
from toolkit.pipeline import build_record
from toolkit.project.context import Context
from toolkit.project.discovery import Source, article_of, names_in, of_project
from toolkit.project.store import TRASH
from toolkit.units import Catalog, Unit

Kind = Literal["catalog", "sentences", "template", "edition", "record"]


@dataclass(frozen=True, slots=True)
class Ghost:
    """A file of an article that is gone."""

    article: str
    """The id that the article had."""
    kind: Kind
    path: Path
    said: bytes
    """What the file holds."""
    words: int = 0
    """Entries of a catalog that hold a person's words which stand in no other catalog of the language."""
    changed: bool = False
    """An edition that is not as the build wrote it."""

    @property
    def kept(self) -> bool:
        """It goes into the trash."""
        return bool(self.words) or self.changed


@dataclass(frozen=True, slots=True)
class Pruned:
    """What became of a ghost."""

    ghost: Ghost
    trash: Path | None
    """Where it lies now; None: it was deleted."""


def ghosts(context: Context, tell: Sink = ignore) -> tuple[Ghost, ...]:
    """The ghosts of a project, sorted: catalogs, templates, editions, records of builds. What cannot be read is left out, and
    told."""
    return tuple(_Search(context, tell).found())


def prune(context: Context, found: Sequence[Ghost], tell: Sink = ignore) -> tuple[Pruned, ...]:
    """Take ghosts away. One that somebody changed meanwhile is told and stays. Records go last, so that a run that was killed
    finds its editions again."""
    done = []
    for ghost in sorted(found, key=lambda ghost: (ghost.kind == "record", ghost.kind == "template")):
        try:
            done.append(Pruned(ghost, context.store.put_away(ghost.path, ghost.said, ghost.kept)))
        except DataError as error:
            tell(Warned(str(error)))
    return tuple(done)


def packages(context: Context, found: Sequence[Ghost]) -> list[Path]:
    """The packages that `build` wrote in which the edition of a ghost is still packed; they stay as they are."""
    base = context.config.editions
    names = {ghost.path.relative_to(base).as_posix() for ghost in found if ghost.kind == "edition"}
    return [path for path in sorted((base / "packages").glob("*.zip")) if not names.isdisjoint(_packed(path))]


def _packed(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as opened:
            return opened.namelist()
    except (OSError, ValueError, NotImplementedError, zipfile.BadZipFile):
        return []  # no package of ours


def empty(context: Context) -> bool:
    """Whether the project seems to have no article at all, as when its folder is not there or the settings name another."""
    return context.config.file is not None and not of_project(context.config)


def untranslated(context: Context) -> tuple[Source, ...]:
    """The articles of the project without any catalog: one of them may be a renamed one, whose translations wait."""
    return tuple(
        source for source in of_project(context.config) if not context.store.template_path(source.id).is_file()
    )


class _Search:
    """One look through a project."""

    def __init__(self, context: Context, tell: Sink) -> None:
        self.context = context
        self.config = context.config
        self.store = context.store
        self.tell = tell
        self.listed = cache(names_in)
        self.alive: dict[str, bool] = {}
        """Whether there is an article of an id, for those that were asked for."""

    def found(self) -> Iterator[Ghost]:
        yield from self._catalogs()
        yield from self._templates()
        yield from self._built()

    def _lives(self, name: str, files: Sequence[str] = ()) -> bool:
        if name not in self.alive:
            self.alive[name] = article_of(name, files, self.config, self.listed) is not None
        return self.alive[name]

    def _read(self, path: Path, name: str) -> tuple[bytes, Catalog] | None:
        """A catalog whose header says that it is of the article `name`, and whose article is gone; else None."""
        try:
            refuse_link(path)
            said = read_bytes(path)
            catalog = catalogs.parse_catalog(catalogs.decoded(said, path), path)
        except DataError as error:
            if not self._lives(name):
                self.tell(Warned(f"{error}; whether it can go away nobody can tell"))
                self.alive[name] = True
            return None
        files = sorted({place.file for unit in catalog.live for place in unit.locations})
        return None if catalog.article != name or self._lives(name, files) else (said, catalog)

    def _catalogs(self) -> Iterator[Ghost]:
        for tag, folder in self.store.every_locale():
            gone = []
            for path in sorted(folder.rglob("*.po")):
                name = path.relative_to(folder).with_suffix("").as_posix()
                if not self._lives_by_name(name) and (read := self._read(path, name)):
                    gone.append((path, name, *read))
            elsewhere = self._living_words(tag, {path for path, *_ in gone}) if gone else {}
            for path, name, said, catalog in gone:
                words = sum(
                    _of_a_person(unit) and not any(says_all(one, unit) for one in elsewhere.get(unit.source, ()))
                    for unit in catalog.units
                )
                yield Ghost(name, "catalog", path, said, words)
            yield from self._sentences(folder, {path for path, *_ in gone})

    def _sentences(self, folder: Path, gone: set[Path]) -> Iterator[Ghost]:
        """The sentences of drafts beside catalogs that are ghosts, or were."""
        for path in sorted(folder.rglob(f"*{SUFFIX}")):
            name, beside = path.relative_to(folder).with_suffix("").as_posix(), path.with_suffix(".po")
            if beside in gone or not (beside.is_file() or self._lives_by_name(name) or self._lives(name)):
                with contextlib.suppress(DataError):
                    refuse_link(path)
                    said = read_bytes(path)
                    if parse(said.decode("utf-8", "replace")):
                        yield Ghost(name, "sentences", path, said)

    def _lives_by_name(self, name: str) -> bool:
        """The quick look: a file of this name is there, so that the catalog need not be read."""
        return name in self._known or bool(self.alive.get(name))

    @cached_property
    def _known(self) -> dict[str, Source]:
        return {source.id: source for source in of_project(self.config)}

    def _living_words(self, tag: str, gone: set[Path]) -> dict[str, list[Unit]]:
        """The entries of the language's other catalogs, by msgid."""
        found: dict[str, list[Unit]] = {}
        paths = (path for path in self.store.paths((tag,)) if path not in gone)
        for catalog in self.store.readable(paths):
            for unit in catalog.units:
                if unit.target or unit.comments or unit.provenance:
                    found.setdefault(unit.source, []).append(unit)
        return found

    def _templates(self) -> Iterator[Ghost]:
        base = self.config.locales
        for path in sorted(base.rglob("*.pot")) if base.is_dir() else ():
            inside = path.relative_to(base)
            name = inside.with_suffix("").as_posix()
            if inside.parts[0] != TRASH and not self._lives_by_name(name) and (read := self._read(path, name)):
                yield Ghost(name, "template", path, read[0])

    def _built(self) -> Iterator[Ghost]:
        """Editions by the records of their builds, and the records."""
        base = self.context.private / build_record.FOLDER
        known = {safe_path(name): source for name, source in self._known.items()}
        records = sorted(base.glob("*/**/*.json")) if base.is_dir() and not base.is_symlink() else []
        by_name: dict[str, list[Path]] = {}
        for path in records:
            by_name.setdefault(path.relative_to(base).with_suffix("").as_posix().partition("/")[2], []).append(path)
        for safe, paths in sorted(by_name.items()):
            read = [(path, *found) for path in paths if (found := _record(path))]
            if (source := known.get(safe)) is not None:
                yield from self._former(source, [record for _, _, record in read])
                continue
            name = next((ident for _, _, record in read if (ident := _article(record))), safe)
            if self._lives(name):
                continue
            for path, said, record in read:
                yield from self._editions(name, [*record["editions"], *record["others"]])
                yield Ghost(name, "record", path, said)

    def _former(self, source: Source, records: Sequence[dict[str, Any]]) -> Iterator[Ghost]:
        """Editions in the format that an article had before it was converted."""
        for record in records:
            former = [one for one in record["others"] if one["format"] == "native"]
            yield from self._editions(
                source.id, [one for one in former if PurePosixPath(one["name"]).suffix != source.path.suffix]
            )

    def _editions(self, name: str, editions: Sequence[dict[str, Any]]) -> Iterator[Ghost]:
        """The files that records say were written, as far as they are there and lie in the editions' folder."""
        for edition in editions:
            inside = PurePosixPath(str(edition["name"]))
            if inside.is_absolute() or ".." in inside.parts:
                continue
            path = self.config.editions / inside
            if path.resolve() != path or not path.is_file():  # a link somewhere on the way
                continue
            with contextlib.suppress(DataError):
                said = read_bytes(path)
                yield Ghost(name, "edition", path, said, changed=hashlib.sha256(said).hexdigest() != edition["sha256"])


def _of_a_person(unit: Unit) -> bool:
    """Whether an entry holds anything that no machine can make again."""
    return worth_keeping(unit) and (not unit.machine or worth_keeping(replace(unit, target="")))


def _record(path: Path) -> tuple[bytes, dict[str, Any]] | None:
    """A record of a build; None where it is none."""
    try:
        refuse_link(path)
        record = json.loads(read_text(path, build_record.LARGEST))
        record.setdefault("others", [])
        for edition in (*record["editions"], *record["others"]):
            str(edition["name"]), edition["sha256"], edition["format"]
        return read_bytes(path), record
    except (DataError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _article(record: dict[str, Any]) -> str:
    about = record.get("article")
    return str(about.get("id", "")) if isinstance(about, dict) else ""
