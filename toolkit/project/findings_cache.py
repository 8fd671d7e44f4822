"""Keeps what the checks found in each catalog in the user's cache folder, so that an unchanged catalog is not checked again."""

from __future__ import annotations

import hashlib
import json
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import regex

from toolkit import __version__
from toolkit.errors import DataError
from toolkit.files import atomic_write, read_bytes
from toolkit.review.findings import Placed
from toolkit.units import Catalog, Finding, Mend, text_hash

_CODE = Path(__file__).resolve().parents[1]
_PARTS = ("units.py", "catalog", "codes", "language", "quality", "review", "project/findings_cache.py")
"""What decides about findings: where one of these files is another, everything is checked anew."""


class FindingsCache:
    """The findings of the rules of `quality/rules/` in the catalogs of one project, each for one text of its file.

    Rules of installed packages and those that look at more than the catalog are none of these.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, path: Path, catalog: Catalog) -> list[list[Placed]] | None:
        """What was found in each live unit of a catalog file as it is now; None where it is not known."""
        try:
            saved = json.loads(read_bytes(self._file(path)))
            if saved["of"] != _key(catalog):
                return None
            found: list[list[Placed]] = [[] for _ in catalog.live]
            for number, check, message, severity, source, target, mend in saved["found"]:
                edits = tuple(Mend(*edit) for edit in mend)
                finding = Finding(message, severity, _span(source), _span(target), edits)
                found[number].append((check, finding))
        except (DataError, OSError, ValueError, TypeError, LookupError, RecursionError):
            return None
        return found

    def write(self, path: Path, catalog: Catalog, found: Sequence[Sequence[Placed]]) -> None:
        """Keep what was found in each live unit of a catalog file; a full disk is no reason to fail."""
        rows = [
            (number, check, one.message, one.severity, one.source, one.target, one.mend)
            for number, placed in enumerate(found)
            for check, one in placed
        ]
        try:
            atomic_write(self._file(path), json.dumps({"of": _key(catalog), "found": rows}, ensure_ascii=False))
        except (DataError, OSError):
            return

    def _file(self, path: Path) -> Path:
        return self.folder / f"{text_hash(str(path.absolute()))}.json"


def _span(said: Sequence[int] | None) -> tuple[int, int] | None:
    return None if said is None else (said[0], said[1])


def _key(catalog: Catalog) -> str:
    """What the findings depend on: the rules as they are installed, and the text of the catalog."""
    return hashlib.sha256(f"{_rules()}\n{catalog.raw}".encode()).hexdigest()


@cache
def _rules() -> str:
    """What tells the rules from those of another version, one that somebody is working on included."""
    files = sorted(file for part in _PARTS for file in [_CODE / part, *(_CODE / part).rglob("*")] if file.is_file())
    kept = [(file, file.stat()) for file in files if file.suffix in (".py", ".toml")]
    stamps = [f"{file.relative_to(_CODE)} {status.st_mtime_ns} {status.st_size}" for file, status in kept]
    return "\n".join([__version__, sys.version, unicodedata.unidata_version, regex.__version__, *stamps])
