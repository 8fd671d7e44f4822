"""The names that the catalogs of a project spell in several ways, found once for each pair of languages while no catalog changes."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from threading import Lock

from toolkit.files import stamp
from toolkit.memory.spellings import MOST, Spelled, spellings
from toolkit.project.findings_cache import FindingsCache
from toolkit.project.store import CatalogStore
from toolkit.quality.text import bare
from toolkit.units import LanguagePair


class Spellings:
    """What is found is kept: a change of a catalog shows in the next run."""

    def __init__(self, store: CatalogStore, cache: FindingsCache) -> None:
        self.store = store
        self.cache = cache
        self.found: dict[LanguagePair, tuple[Spelled, ...]] = {}
        self._beside: dict[Path, None] = {}
        self._lock = Lock()

    def of(self, pair: LanguagePair) -> tuple[Spelled, ...]:
        """The names of a pair of languages."""
        with self._lock:
            if pair not in self.found:
                self.found[pair] = self._found(pair)
            return self.found[pair]

    def _found(self, pair: LanguagePair) -> tuple[Spelled, ...]:
        paths = self._paths(pair)
        of = json.dumps([(str(path), stamp(path)) for path in paths])
        name = f"spellings {'-'.join(pair)}"
        known = self.cache.known(name, of)
        with contextlib.suppress(TypeError, ValueError):
            if known is not None:
                return tuple(Spelled(one, usual, times, tuple(others)) for one, usual, times, others in known)
        found = spellings(self._pairs(pair, paths), pair)
        self.cache.keep(name, of, [astuple(one) for one in found])
        return found

    def read_too(self, paths: Iterable[Path]) -> None:
        """Compare these catalogs with those of the project, which they need not belong to."""
        self._beside |= dict.fromkeys(path.absolute() for path in paths)

    def known(self, pairs: Iterable[LanguagePair]) -> Mapping[LanguagePair, tuple[Spelled, ...]]:
        """The names of these pairs, for another process."""
        return {pair: self.of(pair) for pair in pairs}

    def _paths(self, pair: LanguagePair) -> list[Path]:
        of_project = (path.absolute() for path in self.store.paths((pair.target,)))
        return list(dict.fromkeys((*of_project, *self._beside)))

    def _pairs(self, pair: LanguagePair, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
        """Source and target of what is translated, without inline codes."""
        left = MOST
        for catalog in self.store.readable(paths):
            if catalog.pair != pair:
                continue
            for unit in catalog.live:
                if unit.target and left:
                    left -= 1
                    yield bare(unit.source, catalog.markup), bare(unit.target, catalog.markup)
