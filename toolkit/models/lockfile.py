"""`models.lock`: what was installed, from where, under which licence, with the SHA-256 of every file; kept after a removal.

A package that comes again under the same name must be the same, to the byte, unless it was forgotten. No dates: the same
packages give the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from toolkit.errors import ModelError
from toolkit.files import atomic_write, read_bytes, show
from toolkit.tables import Where, parse_json, read
from toolkit.units import LanguagePair

NAME = "models.lock"
_LIMIT = 2**24


@dataclass(frozen=True, slots=True)
class Locked:
    """One package."""

    name: str
    engine: str
    """`argos`, `ctranslate2` or `llama`."""
    source: str
    """An address, `hf:OWNER/NAME`, or the name of the file."""
    sha256: str
    """Of the archive as it came; of a repository, of the list of its files' sums."""
    files: Mapping[str, str] = field(default_factory=dict)
    """Path in the package -> SHA-256."""
    revision: str = ""
    """The commit of a repository."""
    version: str = ""
    family: str = ""
    pairs: tuple[LanguagePair, ...] = ()
    """Of a family they follow from `languages`."""
    languages: tuple[str, ...] = ()
    licence: str = ""
    commercial: bool | None = None
    """Whether the licence allows commercial use; None: not known."""
    size: int = 0
    """Bytes on disk."""
    installed: bool = True
    """False after a removal; the record stays, for what its drafts may be used for, and for the next installation."""
    made_by: str = ""
    published_by: str = ""
    """Who put it on the hub, the maker or another."""
    cache: int = 0
    """Bytes of memory that a language model takes for each token of its context, beside the weights."""


@dataclass(frozen=True, slots=True)
class _File:
    """The whole file."""

    packages: Mapping[str, Any]


def load(folder: Path) -> dict[str, Locked]:
    """The records in `folder`, by name; empty where there is no file. Raises ModelError for a broken one."""
    path = folder / NAME
    if not path.is_file() or not path.stat().st_size:
        return {}
    place = Where(
        lambda said: ModelError(
            f"{show(path)}: is broken ({said}); restore it, or delete it and install the models again"
        ),
        unknown="",
    )
    packages = read(_File, parse_json(read_bytes(path, _LIMIT)), place).packages
    if strange := [name for name in packages if "/" in name or name.startswith(".")]:
        raise place.error(f"no package is called {strange[0]!r}")
    return {name: read(Locked, table, place.within(name), name=name) for name, table in packages.items()}


def save(folder: Path, locked: Mapping[str, Locked]) -> None:
    """Write the lock, sorted."""
    packages = {}
    for name in sorted(locked):
        said = {key: value for key, value in asdict(locked[name]).items() if key != "name"}
        packages[name] = {key: value for key, value in said.items() if _worth_saying(key, value)}
    text = json.dumps({"version": 1, "packages": packages}, ensure_ascii=False, indent=1, sort_keys=True)
    atomic_write(folder / NAME, text + "\n")


def _worth_saying(key: str, value: object) -> bool:
    return key == "source" or not (value in ("", (), {}) or (key == "cache" and value == 0))
