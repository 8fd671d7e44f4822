"""Keeps what the checks found in the user's cache folder, so that an unchanged catalog is not checked again, nor the names of
unchanged catalogs compared again."""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import regex

from toolkit import __version__
from toolkit.errors import DataError
from toolkit.files import atomic_write, read_bytes
from toolkit.review.findings import Placed
from toolkit.units import Catalog, Finding, Mend, text_hash

_CODE = Path(__file__).resolve().parents[1]
_PARTS = ("units.py", "catalog", "codes", "language", "memory", "quality", "review", "project")
"""What decides about findings: where one of these files is another, everything is checked anew."""


class FindingsCache:
    """What was found in the catalogs of one project: the findings of the rules of `quality/rules/` in each, for one text of its file;
    rules of installed packages and those that look at more than the catalog are none of these. `known` and `keep` take anything
    else that JSON can hold.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: Path, catalog: Catalog) -> list[list[Placed]] | None:
        """What was found in each live unit of a catalog file as it is now; None where it is not known."""
        rows = self.known(str(path.absolute()), catalog.raw)
        found: list[list[Placed]] = [[] for _ in catalog.live]
        if rows is None:
            return None
        try:
            for number, check, message, severity, source, target, mend in rows:
                edits = tuple(Mend(*edit) for edit in mend)
                finding = Finding(message, severity, _span(source), _span(target), edits)
                found[number].append((check, finding))
        except (ValueError, TypeError, LookupError):
            return None
        return found

    def write(self, path: Path, catalog: Catalog, found: Sequence[Sequence[Placed]]) -> None:
        """Keep what was found in each live unit of a catalog file."""
        rows = [
            (number, check, one.message, one.severity, one.source, one.target, one.mend)
            for number, placed in enumerate(found)
            for check, one in placed
        ]
        self.keep(str(path.absolute()), catalog.raw, rows)

    def known(self, name: str, of: str) -> Any:
        """What was kept under a name, if it was made of the same, by rules that are the same; else None."""
        try:
            saved = json.loads(read_bytes(self._file(name)))
            return saved["found"] if saved["of"] == _key(of) else None
        except (DataError, OSError, ValueError, TypeError, LookupError, RecursionError):
            return None

    def keep(self, name: str, of: str, found: object) -> None:
        """Keep something under a name with what it was made of; a full disk is no reason to fail."""
        try:
            atomic_write(self._file(name), json.dumps({"of": _key(of), "found": found}, ensure_ascii=False))
        except (DataError, OSError):
            return

    def _file(self, name: str) -> Path:
        return self.folder / f"{text_hash(name)}.json"


def _span(said: Sequence[int] | None) -> tuple[int, int] | None:
    return None if said is None else (said[0], said[1])


def _key(of: str) -> str:
    """What the findings depend on: the rules as they are installed, and what they were applied to."""
    return hashlib.sha256(f"{_rules()}\n{of}".encode()).hexdigest()


@cache
def _rules() -> str:
    """What tells the rules from those of another version, one that somebody is working on included."""
    files = sorted(file for part in _PARTS for file in [_CODE / part, *(_CODE / part).rglob("*")] if file.is_file())
    kept = [(file, file.stat()) for file in files if file.suffix in (".py", ".toml")]
    stamps = [f"{file.relative_to(_CODE)} {status.st_mtime_ns} {status.st_size}" for file, status in kept]
    return "\n".join([__version__, sys.version, unicodedata.unidata_version, regex.__version__, *stamps])
