"""The index of Argos packages: which pairs are offered, in which version, and where; a stranger's list, read with care.

Asked only by commands that fetch. `ARGOS_PACKAGE_INDEX` names another one, in the environment or in Argos's settings.json.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from toolkit.errors import DataError, LoktaError, UsageError
from toolkit.files import printable
from toolkit.models import argos, download

DEFAULT = "https://raw.githubusercontent.com/argosopentech/argospm-index/main/"
LIMIT = 2**24
"""Bytes of an index; the one of 2025 has 96 entries and 60 kB."""
_CODE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Entry:
    """An offered package."""

    source: str
    """BCP 47."""
    target: str
    version: str
    links: tuple[str, ...]
    """The https ones, in the index's order."""

    @property
    def order(self) -> tuple[int, ...]:
        """Versions by their numbers: 1.10 is newer than 1.9."""
        return tuple(map(int, self.version.split(".")))


@dataclass(frozen=True, slots=True)
class Index:
    """What an index offers: the newest package of each pair, by pair; and how many entries could not be used."""

    entries: tuple[Entry, ...]
    left_out: int

    def find(self, source: str, target: str) -> Entry | None:
        """The package of a pair of BCP 47 tags."""
        return next((entry for entry in self.entries if (entry.source, entry.target) == (source, target)), None)


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
    try:
        listed = json.loads(data)
    except (ValueError, RecursionError):
        listed = None
    if not isinstance(listed, list):
        raise DataError(f"{printable(url)}: is no index of packages; name another: ARGOS_PACKAGE_INDEX")
    newest: dict[tuple[str, str], Entry] = {}
    left_out = 0
    for item in listed:
        if isinstance(item, dict) and item.get("type", "translate") != "translate":
            continue
        entry = _entry(item)
        if entry is None:
            left_out += 1
        elif (pair := (entry.source, entry.target)) not in newest or entry.order > newest[pair].order:
            newest[pair] = entry
    if listed and not newest:
        raise DataError(f"{printable(url)}: offers nothing that can be used; name another: ARGOS_PACKAGE_INDEX")
    return Index(tuple(newest[pair] for pair in sorted(newest)), left_out)


def _entry(item: Any) -> Entry | None:
    if not isinstance(item, dict):
        return None
    source, target, version, links = (item.get(k) for k in ("from_code", "to_code", "package_version", "links"))
    if not (isinstance(source, str) and isinstance(target, str) and isinstance(version, str)):
        return None
    if not (_CODE.fullmatch(source) and _CODE.fullmatch(target) and argos.VERSION.fullmatch(version)):
        return None
    good = tuple(link for link in (links if isinstance(links, list) else []) if _may(link))
    try:
        return Entry(argos.tag(source), argos.tag(target), version, good) if good else None
    except LoktaError:
        return None


def _may(link: object) -> bool:
    try:
        return isinstance(link, str) and bool(download.allowed(link))
    except UsageError:
        return False
