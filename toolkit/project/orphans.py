"""Catalogs whose article is gone: a renamed article is found again by the msgids that it shares with one of them."""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit.errors import DataError
from toolkit.units import Catalog, fold


class Orphans:
    """The catalogs below a folder that belong to no article, each read once; only digests of their msgids are kept."""

    def __init__(self, folder: Path, lives: Callable[[str], bool]) -> None:
        """`lives` says whether there is an article of a name (the catalog's path below the folder, without its suffix)."""
        self._folder = folder
        self._names: list[str] = []
        self._sizes: list[int] = []
        """Different msgids of each catalog."""
        self._holders: defaultdict[int, list[int]] = defaultdict(list)
        """Digest of a folded msgid -> the catalogs that have it."""
        for path in sorted(folder.rglob("*.po")) if folder.is_dir() else ():
            name = path.relative_to(folder).with_suffix("").as_posix()
            if not lives(name):
                with contextlib.suppress(DataError):  # a broken one is named by the command that is about it
                    self._add(name, catalogs.read_catalog(path))

    def _add(self, name: str, catalog: Catalog) -> None:
        msgids = {hash(fold(unit.source)) for unit in catalog.units}
        for msgid in msgids:
            self._holders[msgid].append(len(self._names))
        self._names.append(name)
        self._sizes.append(len(msgids))

    def find(self, template: Catalog) -> tuple[Catalog, str] | None:
        """The catalog that shares most msgids with a new article, at least half of the shorter one's, and its name."""
        if not self._names:
            return None
        msgids = {hash(fold(unit.source)) for unit in template.live}
        shared = Counter(holder for msgid in msgids for holder in self._holders.get(msgid, ()))
        for holder, count in sorted(shared.items(), key=lambda item: (-item[1], self._names[item[0]])):
            if count * 2 < min(len(msgids), self._sizes[holder]):
                continue
            name = self._names[holder]
            with contextlib.suppress(DataError):
                catalog = catalogs.read_catalog(self._folder / f"{name}.po")
                unnamed = replace(catalog, metadata={**catalog.metadata, "X-Lokta-Article": ""})
                if catalogs.belongs(unnamed, template):
                    return catalog, name
        return None
