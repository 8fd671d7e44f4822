"""The catalogs of a project on disk: where they lie, how they meet their article, how they are saved so that a person's
edit meanwhile wins."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from toolkit import article as articles
from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError, UsageError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import atomic_write, lock, read_text, show, sweep
from toolkit.language import language
from toolkit.project.config import Config
from toolkit.units import Catalog


@dataclass(frozen=True, slots=True)
class WorkingCopy:
    """One article's catalog in one language, in the making."""

    article: str
    """The article's id."""
    path: Path
    text: str | None
    """The file as last seen; None: there was none."""
    base: Catalog
    """What it said, for a merge with what somebody saved meanwhile; without units where there was no file."""
    merged: Catalog
    """Merged with the article, before anything was drafted."""
    now: Catalog
    taken_from: str = ""
    """The old name of a renamed article."""


@dataclass(frozen=True, slots=True)
class CatalogStore:
    """Finding, reading, merging and saving catalogs; the only way from a catalog's name to its file."""

    config: Config
    clock: Callable[[], datetime]

    def path(self, article: str, target: str) -> Path:
        """`locales/zh_Hans/LC_MESSAGES/<article>.po`; an existing folder of an alias (zh_CN) is used."""
        usual = language(target).gettext
        name = usual
        if not (self.config.locales / usual).is_dir():
            name = next((folder for tag, folder in self._locales() if tag == target), usual)
        return self.config.locales / name / "LC_MESSAGES" / f"{article}.po"

    def template_path(self, article: str) -> Path:
        """`locales/<article>.pot`."""
        return self.config.locales / f"{article}.pot"

    def targets(self, article: str = "") -> tuple[str, ...]:
        """The project's target languages: the tables of `lokta.toml`, then the locale folders (that hold `article`)."""
        found = list(self.config.targets)
        for tag, folder in self._locales():
            if not article or (self.config.locales / folder / "LC_MESSAGES" / f"{article}.po").is_file():
                found.append(tag)
        return tuple(dict.fromkeys(found))

    def paths(self, targets: Iterable[str], ids: Sequence[str] | None = None) -> list[Path]:
        """The catalogs on disk in these languages, of these articles or of all."""
        found: list[Path] = []
        for tag in targets:
            base = self.path("x", tag).parent
            named = [base / f"{name}.po" for name in ids] if ids is not None else sorted(base.rglob("*.po"))
            found += [path for path in named if path.is_file()]
        return found

    def find(self, article: str, target: str) -> Catalog | None:
        """The article's catalog as it lies on disk; None where there is none."""
        path = self.path(article, target)
        return catalogs.read_catalog(path) if path.is_file() else None

    def read(self, path: Path) -> Catalog:
        """A catalog with its language as a tag; raises CatalogError where its header says none."""
        return with_target(catalogs.read_catalog(path), path)

    def readable(self, target: str, tell: Sink = ignore) -> Iterator[Catalog]:
        """The project's catalogs in a language; one that cannot be read is told and passed over."""
        for path in self.paths([target]):
            try:
                yield catalogs.read_catalog(path)
            except DataError as error:
                tell(Warned(str(error)))

    def template_language(self, article: str) -> str:
        """The source language that an earlier run was told; empty where nothing is known."""
        path = self.template_path(article)
        with contextlib.suppress(DataError):
            return catalogs.read_catalog(path).source_language if path.is_file() else ""
        return ""

    def open(self, template: Catalog, target: str, ids: Iterable[str]) -> WorkingCopy:
        """The article's catalog merged with the article as it is now; `ids` are all articles of the run."""
        path = self.path(template.article, target)
        sweep(path.parent)
        old, taken_from = self.earlier(template, target, ids)
        merged = catalogs.merge(old, template, target)
        here = old if old is not None and not taken_from else None
        base = here or Catalog(template.source_language, target)
        return WorkingCopy(template.article, path, here.raw if here else None, base, merged, merged, taken_from)

    def earlier(self, template: Catalog, target: str, ids: Iterable[str]) -> tuple[Catalog | None, str]:
        """The catalog to merge into, and, where the article was renamed, the name that its translations are taken from."""
        path = self.path(template.article, target)
        if path.is_file():
            catalog = catalogs.read_catalog(path)
            if not catalogs.belongs(catalog, template):
                raise DataError(
                    f"{show(path)}: is the catalog of another article ({catalog.article or 'unnamed'}), not of "
                    f"{template.article}; move it away, or rename the article"
                )
            return catalog, ""
        known = {*ids, template.article}
        for orphan in sorted(path.parent.rglob("*.po")) if path.parent.is_dir() else ():
            name = orphan.relative_to(path.parent).with_suffix("").as_posix()
            if name not in known and not self._has_article(name):
                with contextlib.suppress(DataError):  # a broken one is named by the command that is about it
                    catalog = catalogs.read_catalog(orphan)
                    unnamed = replace(catalog, metadata={**catalog.metadata, "X-Lokta-Article": ""})
                    if catalogs.belongs(unnamed, template):
                        return catalog, name
        return None, ""

    def save(self, copy: WorkingCopy, tell: Sink = ignore) -> WorkingCopy:
        """Write the catalog if it says something new; what a person saved meanwhile wins over the machine."""
        if copy.text is not None and copy.now == copy.base:
            return copy
        with lock(copy.path.parent):
            now, base = copy.now, copy.base
            text = read_text(copy.path) if copy.path.is_file() else None
            if text is not None and text != copy.text:
                disk = catalogs.read_catalog(copy.path)
                now, conflicts = catalogs.reconcile(base, now, disk)
                base = disk
                for line in conflicts:
                    tell(Warned(f"{show(copy.path)}: {line}"))
            if text is None or now != base:
                now = catalogs.touch(now, self.clock())
                text = catalogs.spelled(now, copy.path)
                atomic_write(copy.path, text)
        return replace(copy, text=text, base=now, now=now)

    def save_template(self, template: Catalog) -> None:
        """Write the article's template, unless the one on disk says the same."""
        path = self.template_path(template.article)
        with lock(path.parent):
            old = catalogs.read_catalog(path) if path.is_file() else None
            if old is None or old != template:
                catalogs.write_catalog(path, template)

    def change(self, path: Path, change: Callable[[Catalog], Catalog]) -> tuple[Catalog, Catalog]:
        """Read a catalog, change it, and write it if it says something new; what it was, and what it is now."""
        if not path.exists():  # the lock would make its folder
            raise DataError(f"{show(path)}: no such file; check the path")
        with lock(path.parent):
            old = catalogs.read_catalog(path)
            new = change(old)
            if new != old:
                new = catalogs.touch(new, self.clock())
                catalogs.write_catalog(path, new)
        return old, new

    def _locales(self) -> list[tuple[str, str]]:
        """The locale folders: what language each is of, and its name."""
        found = []
        for folder in sorted(self.config.locales.glob("*/LC_MESSAGES")) if self.config.locales.is_dir() else ():
            with contextlib.suppress(UsageError):
                found.append((language(folder.parent.name).tag, folder.parent.name))
        return found

    def _has_article(self, name: str) -> bool:
        suffixes = (suffix for form in articles.formats().values() for suffix in form.suffixes)
        return any((self.config.articles / f"{name}{suffix}").is_file() for suffix in suffixes)


def with_target(catalog: Catalog, path: Path) -> Catalog:
    """The catalog with its language as a tag; raises CatalogError when the header says none, UsageError for an unknown one."""
    if not catalog.target_language:
        raise CatalogError(f'{show(path)}: its header has no Language; add one: "Language: bo\\n"')
    return replace(catalog, target_language=language(catalog.target_language).tag)
