"""The digest of gigabytes is not computed at every start: it is kept with the size and time of the files it was computed from.

A file in the user's cache folder; it may be deleted at any time. `models verify` never asks it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from toolkit.errors import LoktaError
from toolkit.files import atomic_write, read_text
from toolkit.memory import drafts

Stamps = Sequence[tuple[str, int, int]]
"""Name, size and time of the last change (nanoseconds) of each file."""
_NAME = "digests.json"
_LIMIT = 2**20
_MOST = 200
"""Models; the ones that came first are forgotten."""
WORTH = 2**24
"""Bytes; what is smaller is read anew."""


def find(path: Path, stamps: Stamps) -> str:
    """The digest that was kept of files in this state; empty when none was."""
    return _kept().get(_key(path, stamps), "")


def keep(path: Path, stamps: Stamps, digest: str) -> None:
    """Remember a digest; where nothing can be written it is computed again."""
    kept = {key: value for key, value in _kept().items() if not key.startswith(_place(path))}
    rest = list(kept.items())[1 - _MOST :]
    try:
        atomic_write(drafts.folder() / _NAME, json.dumps(dict([*rest, (_key(path, stamps), digest)]), indent=1))
    except LoktaError:
        return


def _kept() -> dict[str, str]:
    try:
        said = json.loads(read_text(drafts.folder() / _NAME, _LIMIT))
    except (LoktaError, ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {key: value for key, value in said.items() if isinstance(value, str) and len(value) == 64}


def _key(path: Path, stamps: Stamps) -> str:
    state = hashlib.sha256(json.dumps(list(stamps)).encode()).hexdigest()
    return f"{_place(path)}{state}"


def _place(path: Path) -> str:
    return f"{path.resolve()} "
