"""The names that the catalogs of a project spell in several ways, found once in a run for each pair of languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from threading import Lock

from toolkit.memory.spellings import MOST, Spelled, spellings
from toolkit.project.store import CatalogStore
from toolkit.quality.text import bare
from toolkit.units import LanguagePair


class Spellings:
    """What is found is kept: a change of a catalog shows in the next run."""

    def __init__(self, store: CatalogStore) -> None:
        self.store = store
        self.found: dict[LanguagePair, tuple[Spelled, ...]] = {}
        self._beside: dict[Path, None] = {}
        self._lock = Lock()

    def of(self, pair: LanguagePair) -> tuple[Spelled, ...]:
        """The names of a pair of languages."""
        with self._lock:
            if pair not in self.found:
                self.found[pair] = spellings(self._pairs(pair), pair)
            return self.found[pair]

    def read_too(self, paths: Iterable[Path]) -> None:
        """Compare these catalogs with those of the project, which they need not belong to."""
        self._beside |= dict.fromkeys(path.absolute() for path in paths)

    def known(self, pairs: Iterable[LanguagePair]) -> Mapping[LanguagePair, tuple[Spelled, ...]]:
        """The names of these pairs, for another process."""
        return {pair: self.of(pair) for pair in pairs}

    def _pairs(self, pair: LanguagePair) -> Iterator[tuple[str, str]]:
        """Source and target of what is translated, without inline codes."""
        left = MOST
        of_project = (path.absolute() for path in self.store.paths((pair.target,)))
        for catalog in self.store.readable(dict.fromkeys((*of_project, *self._beside))):
            if catalog.pair != pair:
                continue
            for unit in catalog.live:
                if unit.target and left:
                    left -= 1
                    yield bare(unit.source, catalog.markup), bare(unit.target, catalog.markup)
