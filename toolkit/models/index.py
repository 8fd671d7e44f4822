"""The index of Argos packages: which pairs are offered, in which version, and where; a stranger's list, read with care.

Asked only by commands that fetch. `ARGOS_PACKAGE_INDEX` names another one, in the environment or in Argos's settings.json.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from toolkit.errors import DataError
from toolkit.files import printable
from toolkit.models import argos, download
from toolkit.remotes.address import refused
from toolkit.tables import Must, Where, parse_json, read
from toolkit.units import LanguagePair

DEFAULT = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
LIMIT = 2**24
"""Bytes of an index; the one of 2025 has 96 entries and 60 kB."""
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An offered package."""

    pair: LanguagePair
    version: str
    links: tuple[str, ...]
    """Addresses that may be asked, in the index's order."""

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers, for comparing: 1.10 is newer than 1.9."""
        return tuple(map(int, self.version.split(".")))


@dataclass(frozen=True, slots=True)
class Index:
    """What an index offers: the newest package of each pair, sorted by pair."""

    entries: tuple[IndexEntry, ...]
    left_out: int
    """Entries that cannot be used."""

    def find(self, pair: LanguagePair) -> IndexEntry | None:
        """The package of a pair."""
        return next((entry for entry in self.entries if entry.pair == pair), None)


@dataclass(frozen=True, slots=True)
class _Item:
    """An entry as it is written in the index."""

    from_code: Annotated[str, Must("a code of Argos", _CODE.fullmatch), argos.tag]
    to_code: Annotated[str, Must("a code of Argos", _CODE.fullmatch), argos.tag]
    package_version: Annotated[str, Must("a version", argos.VERSION.fullmatch)]
    links: tuple[Any, ...]


def address(environ: Mapping[str, str] = os.environ) -> str:
    """The address of the index, found as Argos finds it."""
    base = environ.get("ARGOS_PACKAGE_INDEX") or argos.setting("ARGOS_PACKAGE_INDEX", environ) or DEFAULT
    return base if base.endswith(".json") else f"{base.rstrip('/')}/index.json"


def fetch() -> Index:
    """Ask for the index. Raises DataError or UsageError, in one line, when it is offline or broken."""
    url = address()
    return parse(download.read(url, LIMIT), url)


def parse(data: bytes, url: str) -> Index:
    """An index; entries that cannot be meant are left out and counted. Raises DataError when it is no index at all."""
    listed = parse_json(data)
    if not isinstance(listed, list):
        raise DataError(f"{printable(url)}: is no index of packages; name another: ARGOS_PACKAGE_INDEX")
    newest: dict[LanguagePair, IndexEntry] = {}
    left_out = 0
    for item in listed:
        if isinstance(item, dict) and item.get("type", "translate") != "translate":
            continue
        entry = _entry(item)
        if entry is None:
            left_out += 1
        elif entry.pair not in newest or entry.order > newest[entry.pair].order:
            newest[entry.pair] = entry
    if listed and not newest:
        raise DataError(f"{printable(url)}: offers nothing that can be used; name another: ARGOS_PACKAGE_INDEX")
    return Index(tuple(newest[pair] for pair in sorted(newest)), left_out)


def _entry(item: Any) -> IndexEntry | None:
    """An entry that can be used; None for any other."""
    try:
        found = read(_Item, item, Where(DataError, unknown=""))
    except DataError:
        return None
    links = tuple(link for link in found.links if isinstance(link, str) and refused(link) is None)
    return IndexEntry(LanguagePair(found.from_code, found.to_code), found.package_version, links) if links else None
