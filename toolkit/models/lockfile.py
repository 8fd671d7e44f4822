"""`models.lock`: what was installed, from where, under which licence, with the SHA-256 of every file; kept after a removal.

A package that comes again under the same name must be the same, to the byte, unless it was forgotten. No dates: the same
packages give the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from toolkit.errors import DataError, ModelError
from toolkit.files import atomic_write, read_text, show

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
    pairs: tuple[tuple[str, str], ...] = ()
    """BCP 47; of a family the pairs follow from `languages`."""
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


def load(folder: Path) -> dict[str, Locked]:
    """The lock in `folder`, by name; empty when there is none. Raises ModelError when it is broken."""
    path = folder / NAME
    if not path.is_file() or not path.stat().st_size:
        return {}
    try:
        data = json.loads(read_text(path, _LIMIT))
        return {name: _entry(name, said) for name, said in data["packages"].items()}
    except (DataError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ModelError(f"{show(path)}: is broken; restore it, or delete it and install the models again") from None


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


_TEXTS = ("engine", "source", "sha256", "revision", "version", "family", "licence", "made_by", "published_by")


def _entry(name: str, said: Mapping[str, Any]) -> Locked:
    known = {one.name for one in fields(Locked)} - {"name"}
    values = {key: value for key, value in said.items() if key in known}
    if any(not isinstance(values.get(key, ""), str) for key in _TEXTS) or "/" in name or name.startswith("."):
        raise ValueError(name)
    if any(not isinstance(values.get(key, 0), int) for key in ("size", "cache")):
        raise ValueError(name)
    values["pairs"] = tuple((str(a), str(b)) for a, b in values.get("pairs", ()))
    values["languages"] = tuple(map(str, values.get("languages", ())))
    values["files"] = {str(key): str(value) for key, value in values.get("files", {}).items()}
    return Locked(name=name, **values)
