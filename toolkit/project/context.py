"""The context of a run: settings, engines, caches and clock, made once by the command line, a server or a worker.

Code below does not ask for the working directory, the time or a cache of its own, so that one process can work on several
projects.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.files import atomic_write, cache_folder
from toolkit.memory.store import MemoryStore
from toolkit.models.families import FOLDER, Families
from toolkit.project import settings
from toolkit.project.config import Config, load
from toolkit.project.findings_cache import FindingsCache
from toolkit.project.spellings import Spellings
from toolkit.project.store import CatalogStore
from toolkit.project.term_list import TermList
from toolkit.quality.rules import checks, consistency, terms
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Resources
from toolkit.units import Check, text_hash

_PRIVATE = ".lokta"


def clock() -> datetime:
    """The time for PO-Revision-Date and review dates: that of SOURCE_DATE_EPOCH, else now. Raises UsageError if it is out of range."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch.isdecimal() else time.time(), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError("SOURCE_DATE_EPOCH is beyond any calendar; give seconds since 1970, or unset it") from None


@dataclass(frozen=True)
class Context:
    """One project in one run."""

    config: Config
    resources: Resources
    """Engines, families, servers, and the draft cache."""
    checks: Mapping[str, Check] = field(default_factory=checks)
    """Name -> quality check, those of installed plug-ins included."""
    clock: Callable[[], datetime] = clock

    @classmethod
    def of(cls, config: Config, cache: DraftCache | None = None) -> Context:
        """The context of a project with these settings; without a cache, that of the user."""
        folder = config.root / FOLDER if config.file is not None else None
        resources = Resources(engines(), Families(folder), config.remotes, cache or DraftCache())
        return cls(config, resources)

    @classmethod
    def at(cls, start: Path, allowed: Sequence[Path] = ()) -> Context:
        """The context of the project that the folder `start` lies in, with the person's own settings.

        `allowed` are further folders outside the project that it may use. Raises ConfigError for broken settings.
        """
        own = settings.load()
        config = load(start, (*allowed, *own.folders))
        keyed = {
            name: replace(remote, key=own.keys[remote.host]) if remote.host in own.keys and not remote.key else remote
            for name, remote in config.remotes.items()
        }
        return cls.of(replace(config, remotes=keyed))

    @cached_property
    def store(self) -> CatalogStore:
        """The project's catalogs."""
        return CatalogStore(self.config, self.clock)

    @cached_property
    def memory(self) -> MemoryStore:
        """The project's translation memory, as it was left by the last run that brought it up to date."""
        return MemoryStore(cache_folder() / "memory" / f"{text_hash(str(self.config.root))}.sqlite3")

    @cached_property
    def findings(self) -> FindingsCache:
        """What the checks found in the project's catalogs as they were."""
        return FindingsCache(cache_folder() / "findings" / text_hash(str(self.config.root)))

    @cached_property
    def terms(self) -> TermList:
        """The project's list of terms."""
        return TermList(self.config)

    @cached_property
    def spellings(self) -> Spellings:
        """The names that the project's catalogs spell in several ways."""
        return Spellings(self.store, self.findings)

    @cached_property
    def project_checks(self) -> Mapping[str, Check]:
        """The quality checks that know more than one unit and its catalog: the list of terms, and the other catalogs."""
        return {
            terms.NAME: terms.bound(self.terms.glossary),
            consistency.NAME: consistency.bound(self.spellings.of, self.terms.glossary),
        }

    @property
    def private(self) -> Path:
        """The folder for files that can be made again and that git ignores: receipts, records of builds."""
        return self.config.root / _PRIVATE

    def write_private(self, name: str, text: str) -> Path:
        """Write a file below the private folder; its path."""
        atomic_write(self.private / ".gitignore", "*\n", self.config.root)
        atomic_write(self.private / name, text, self.config.root)
        return self.private / name

    def __enter__(self) -> Context:
        return self

    def __exit__(self, *_: object) -> None:
        """Look once more into replaced catalogs, and close the memory and the draft cache, which saves the throughput that was measured."""
        self.store.close()
        if "memory" in self.__dict__:
            self.memory.close()
        if self.resources.cache is not None:
            self.resources.cache.close()
