"""The catalogs of a project on disk: where they lie, how they meet their article, how they are saved so that a person's
edit meanwhile wins."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from time import monotonic, sleep, time

from toolkit import article as articles
from toolkit import catalog as catalogs
from toolkit.catalog import drafted as sentence_pairs
from toolkit.errors import CatalogError, DataError, UsageError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import (
    Changed,
    Displaced,
    atomic_write,
    lock,
    read_bytes,
    read_text,
    refuse_link,
    rest_name,
    rests,
    show,
    swap,
    sweep,
    take_away,
)
from toolkit.language import language
from toolkit.project.config import Config
from toolkit.project.orphans import Orphans
from toolkit.units import Catalog

_QUIET = 0.05
"""Seconds without a change after which a file that somebody else wrote is taken for whole."""
_PATIENCE = 10.0
"""Seconds to wait for an editor that is in the middle of saving."""
TRASH = ".trash"
"""The folder in that of the catalogs where `lokta prune` puts what people wrote; git sees it, and nothing of ours reads it."""
_HELD = 100
"""Replaced files that are held open, to be looked into once more at the end."""


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
class _Made:
    """What becomes of a catalog."""

    old: Catalog | None
    """As it is on disk; None where there is no file."""
    new: Catalog
    lines: Sequence[str] = ()
    """For the person."""


class CatalogStore:
    """Finding, reading, merging and saving catalogs; the only way from a catalog's name to its file.

    A catalog is replaced only if its file still holds the bytes that the new one was made from; otherwise the new one is made
    again from what is there now.
    """

    def __init__(self, config: Config, clock: Callable[[], datetime]) -> None:
        self.config = config
        self.clock = clock
        self._written: dict[Path, bytes] = {}
        """Digests of the catalogs that this store wrote last."""
        self._rests: dict[Path, dict[str, list[Path]]] = {}
        """What killed runs left in the folders that were looked through."""
        self._orphans: dict[str, Orphans] = {}
        """By target language, as they were when a new article first asked."""
        self._displaced: deque[Displaced] = deque()

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

    def readable(self, paths: Iterable[Path], tell: Sink = ignore) -> Iterator[Catalog]:
        """The catalogs in these files; one that cannot be read is told and passed over."""
        for path in paths:
            try:
                yield catalogs.read_catalog(path)
            except DataError as error:
                tell(Warned(str(error)))

    def template_language(self, article: str) -> str:
        """The source language that an earlier run was told; empty where nothing is known."""
        path = self.template_path(article)
        with contextlib.suppress(DataError):
            refuse_link(path)
            return catalogs.read_catalog(path).source_language if path.is_file() else ""
        return ""

    def open(self, template: Catalog, target: str, ids: Iterable[str]) -> WorkingCopy:
        """The article's catalog merged with the article as it is now; `ids` are all articles of the run."""
        path = self.path(template.article, target)
        if self._left_behind(path) and path.is_file():
            self.change(path, lambda catalog: catalog)
        old, taken_from = self.earlier(template, target, ids)
        merged = catalogs.share(old, catalogs.merge(old, template, target, self.config.merge.corrections))
        here = old if old is not None and not taken_from else None
        base = here or Catalog(template.source_language, target)
        return WorkingCopy(template.article, path, here.raw if here else None, base, merged, merged, taken_from)

    def earlier(self, template: Catalog, target: str, ids: Iterable[str]) -> tuple[Catalog | None, str]:
        """The catalog to merge into, and, where the article was renamed, the name that its translations are taken from."""
        path = self.path(template.article, target)
        if path.is_file():
            refuse_link(path)
            catalog = catalogs.read_catalog(path)
            if not catalogs.belongs(catalog, template):
                raise DataError(
                    f"{show(path)}: is the catalog of another article ({catalog.article or 'unnamed'}), not of "
                    f"{template.article}; move it away, or rename the article"
                )
            self._refuse_sister(path, catalog, template)
            return catalog, ""
        if target not in self._orphans:
            known = frozenset(ids)
            self._orphans[target] = Orphans(
                self.path("x", target).parent, lambda name: name in known or self._has_article(name)
            )
        return self._orphans[target].find(template) or (None, "")

    def _refuse_sister(self, path: Path, catalog: Catalog, template: Catalog) -> None:
        """Raises DataError where a catalog is that of another file, which is still there: two articles of one id."""
        files, other = ({place.file for unit in one.live for place in unit.locations} for one in (template, catalog))
        for name in sorted(other if files and other.isdisjoint(files) else ()):
            if (self.config.root / name).is_file():
                mine = next(iter(files))
                raise DataError(
                    f"{show(self.config.root / name)} and {show(self.config.root / mine)} would share the catalog "
                    f"{show(path)}; rename one of them"
                )

    def save(self, copy: WorkingCopy, tell: Sink = ignore) -> WorkingCopy:
        """Write the catalog if it says something new; what a person saved meanwhile wins over the machine."""
        if copy.text is not None and copy.now == copy.base:
            return copy

        def reconciled(text: str | None) -> _Made:
            if text is None or text == copy.text:
                return _Made(copy.base if text is not None else None, copy.now)
            disk = catalogs.parse_catalog(text, copy.path)
            return _Made(disk, *catalogs.reconcile(copy.base, copy.now, disk))

        made, text = self._write(copy.path, reconciled, tell)
        return replace(copy, text=text, base=made.new, now=made.new)

    def save_template(self, template: Catalog) -> None:
        """Write the article's template, unless the one on disk says the same."""
        path = self.template_path(template.article)

        def made(text: str | None) -> _Made:
            old = None if text is None else catalogs.parse_catalog(text, path)
            return _Made(old, template)

        self._write(path, made, dated=False)

    def change(self, path: Path, change: Callable[[Catalog], Catalog], tell: Sink = ignore) -> tuple[Catalog, Catalog]:
        """Read a catalog, change it, and write it if it says something new; what it was, and what it is now. The `raw` of both
        is the file's text.

        `change` is called again where somebody saved the catalog meanwhile. Raises DataError where there is no such file.
        """

        def changed(text: str | None) -> _Made:
            if text is None:
                raise DataError(f"{show(path)}: no such file; check the path")
            old = catalogs.parse_catalog(text, path)
            return _Made(old, change(old))

        if not path.exists():  # the lock would make its folder
            changed(None)
        made, text = self._write(path, changed, tell)
        return made.old or made.new, replace(made.new, raw=text)

    def every_locale(self) -> Iterator[tuple[str, Path]]:
        """Each locale folder's language and its `LC_MESSAGES`, links out of the project left out."""
        for tag, name in self._locales():
            folder = self.config.locales / name / "LC_MESSAGES"
            if self.config.root_of(folder.resolve()) is not None:
                yield tag, folder

    def put_away(self, path: Path, said: bytes, keep: bool) -> Path | None:
        """Take away a file that is not wanted in its place; with `keep`, into the trash, whose path is returned.

        Raises DataError where the file does not hold `said` any more, and for a link. Killed midway, it is in both places, and
        again it goes the same way.
        """
        root = self.config.root_of(path)
        ours = path.is_relative_to(self.config.locales)  # where an editor may save; no lock is left among editions
        with lock(path.parent, root) if ours else contextlib.nullcontext():
            if not path.exists():
                return None
            try:
                if read_bytes(path) != said:
                    raise Changed
                kept = self._into_trash(path, said) if keep else None
                take_away(path, said, root)
                return kept
            except Changed:
                raise DataError(
                    f"{show(path)}: somebody changed it meanwhile; nothing of it was lost, run the command again"
                ) from None

    def _into_trash(self, path: Path, said: bytes) -> Path:
        """Write a copy below `locales/.trash/`, under a number where another version lies there; its path."""
        base = self.config.locales if path.is_relative_to(self.config.locales) else self.config.editions.parent
        inside = self.config.locales / TRASH / path.relative_to(base)
        for number in count():
            place = inside.with_name(f"{inside.stem}.{number}{inside.suffix}") if number else inside
            refuse_link(place)
            if not place.exists() or read_bytes(place) == said:
                atomic_write(place, said, self.config.root_of(place))
                return place
        raise AssertionError("there is always a number left")

    def drafted(self, copy: WorkingCopy) -> dict[str, tuple[str, ...]]:
        """The sentences of the drafts of an article's catalog (`catalog.drafted`), those under its old name included."""
        found: dict[str, tuple[str, ...]] = {}
        old = [copy.path]
        if copy.taken_from:
            old.insert(0, self.path(copy.taken_from, copy.now.target_language))
        for path in old:
            found |= self.drafted_beside(path)
        return found

    def drafted_beside(self, path: Path) -> dict[str, tuple[str, ...]]:
        """The sentences of drafts in the file beside a catalog; nothing where there is none that can be read."""
        beside = path.with_suffix(sentence_pairs.SUFFIX)
        with contextlib.suppress(DataError):  # it only saves work
            refuse_link(beside)
            return sentence_pairs.parse(read_text(beside)) if beside.is_file() else {}
        return {}

    def keep_drafted(self, copy: WorkingCopy, sentences: Mapping[str, Sequence[str]]) -> None:
        """Remember the sentences of drafts beside the catalog; those whose paragraph is gone are forgotten."""
        path = copy.path.with_suffix(sentence_pairs.SUFFIX)
        root = self.config.root_of(path)
        with lock(path.parent, root):
            before = self.drafted(copy)
            known = sentence_pairs.still_needed({**before, **sentences}, copy.now)
            if (known or path.exists()) and (known != before or copy.taken_from):
                atomic_write(path, sentence_pairs.spell(known), root)

    def settle(self, tell: Sink = ignore) -> None:
        """Look once more into the files that were replaced: an editor that had one open may have written into it since."""
        for displaced in tuple(self._displaced):
            self._look_again(displaced, tell)

    def close(self, tell: Sink = ignore) -> None:
        """Do what `settle` does, for the last time."""
        self.settle(tell)
        while self._displaced:
            self._displaced.popleft().close()

    def _write(
        self, path: Path, make: Callable[[str | None], _Made], tell: Sink = ignore, dated: bool = True
    ) -> tuple[_Made, str]:
        """Put what `make` makes of a catalog's text in its place; also the text that is there now.

        `make` gets what is on disk (None: no file), and is called again where somebody saves it meanwhile. `dated`: renew
        PO-Revision-Date.
        """
        root = self.config.root_of(path)
        with lock(path.parent, root):
            made, text = self._exchange(path, make, dated)
        for line in made.lines:
            tell(Warned(f"{show(path)}: {line}"))
        while len(self._displaced) > _HELD:
            oldest = self._displaced.popleft()
            self._look_again(oldest, tell)
            oldest.close()
        return made, text

    def _exchange(self, path: Path, make: Callable[[str | None], _Made], dated: bool) -> tuple[_Made, str]:
        left = self._left_behind(path)
        saved: list[Catalog] = []
        broken: CatalogError | None = None
        until = monotonic() + _PATIENCE
        while monotonic() < until:
            text = self._at_rest(path)
            try:
                made = make(text)
            except CatalogError as error:  # perhaps half of it is written
                if time() - path.stat().st_mtime > _PATIENCE:
                    raise
                broken = error
                sleep(_QUIET)
                continue
            for words in [*saved, *(catalogs.read_catalog(rest) for rest in left)]:
                new, lines = catalogs.take_words(made.new, words)
                made = _Made(made.old, new, (*made.lines, *lines))
            if text is None or made.new != made.old:
                new = catalogs.touch(made.new, self.clock()) if dated else made.new
                said = catalogs.spelled(new, path)
                try:
                    displaced = swap(
                        path, None if text is None else text.encode(), said.encode(), self.config.root_of(path)
                    )
                except Changed as changed:
                    left += [changed.rest] if changed.rest else []
                    if changed.saved is not None:
                        with contextlib.suppress(DataError):  # half of a save: the whole of it will be on disk
                            saved.append(catalogs.parse_catalog(catalogs.decoded(changed.saved, path), path))
                    continue
                self._written[path] = sha256(said.encode()).digest()
                if displaced is not None:
                    self._displaced.append(displaced)
                made, text = replace(made, new=new), said
            while left:
                left.pop().unlink()
            return made, text
        raise broken or DataError(f"{show(path)}: another program saves it again and again; close it and try again")

    def _at_rest(self, path: Path) -> str | None:
        """The text on disk, once nobody is in the middle of writing it; None where there is no file."""
        if self.config.root_of(path) is not None:
            refuse_link(path)
        until = monotonic() + _PATIENCE
        while path.is_file():
            data = read_bytes(path)
            age = time() - path.stat().st_mtime
            mine = sha256(data).digest() == self._written.get(path)
            if mine or not 0 <= age < _QUIET or monotonic() > until:
                return catalogs.decoded(data, path)
            sleep(_QUIET - age)
        return None

    def _left_behind(self, path: Path) -> list[Path]:
        """Files with words that a killed run could not put into this catalog."""
        folder = path.parent
        if folder not in self._rests:
            sweep(folder)
            self._rests[folder] = rests(folder)
        return self._rests[folder].setdefault(rest_name(path.name), [])

    def _look_again(self, displaced: Displaced, tell: Sink) -> None:
        """Bring what was written into a replaced file since into the catalog; a person's words alone."""
        path, data = displaced.path, displaced.later()
        until = monotonic() + _PATIENCE
        more = data
        while more is not None and monotonic() < until:
            sleep(_QUIET)
            more = displaced.later()
            data = more if more is not None else data
        if data is None:
            return
        try:
            late = catalogs.parse_catalog(catalogs.decoded(data, path), path)
        except DataError:
            aside = path.with_name(f"{path.name}.meanwhile")
            atomic_write(aside, data, self.config.root_of(aside))
            tell(
                Warned(
                    f"{show(path)}: an editor wrote into it while it was saved, and left what is no catalog: {show(aside)}"
                )
            )
            return

        def with_words(text: str | None) -> _Made:
            if text is None:
                return _Made(None, late)
            disk = catalogs.parse_catalog(text, path)
            return _Made(disk, *catalogs.take_words(disk, late))

        self._write(path, with_words, tell)

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
