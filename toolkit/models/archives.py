"""Installation of Argos packages: from the index, from an address, or from a file on this machine."""

from __future__ import annotations

import contextlib
from pathlib import Path

from toolkit.errors import DataError, ModelError
from toolkit.files import printable, sha256, show
from toolkit.models import argos, download, folder, store
from toolkit.models.download import Progress
from toolkit.models.extract import Limits, extract
from toolkit.models.index import IndexEntry
from toolkit.models.lockfile import Locked
from toolkit.models.store import PARTS, Agree, Terms
from toolkit.remotes.address import allowed

_LIMIT = 2**32
"""Bytes of an archive, and of what it unpacks to."""


def install_file(path: Path, agree: Agree) -> Locked:
    """Install an archive that is on this machine; raises LoktaError, and then nothing is left in the folder."""
    if not path.is_file():
        raise DataError(f"{show(path)}: no such file; name an .argosmodel, an address, a language or a model")
    with store.workplace() as place:
        return _unpack(place, path, sha256(path), path.name, agree)


def install_url(url: str, agree: Agree, progress: Progress | None = None, entry: IndexEntry | None = None) -> Locked:
    """Install the archive at an address; with an entry of the index, it must hold the package that the entry names."""
    allowed(url)
    with store.workplace() as place:
        fetched = download.fetch(url, folder() / PARTS, limit=_LIMIT, progress=progress)
        try:
            return _unpack(place, fetched.path, fetched.sha256, url, agree, entry)
        finally:
            fetched.forget()


def install_entry(entry: IndexEntry, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install a package of the index from the first of its addresses that has it."""
    name = argos.package_name(entry.pair, entry.version)
    here = store.recorded().get(name)
    if here and (found := store.whole(name, here.revision)):
        return found
    for url in entry.links[:-1]:
        with contextlib.suppress(DataError):
            return install_url(url, agree, progress, entry)
    return install_url(entry.links[-1], agree, progress, entry)


def _unpack(
    place: Path, archive: Path, digest: str, source: str, agree: Agree, entry: IndexEntry | None = None
) -> Locked:
    """Put the package in an archive into the folder, under the name that follows from its metadata."""
    top = extract(archive, place / "unpacked", Limits(total=_LIMIT))
    package = argos.read(top, "folder")
    if package is None:
        raise ModelError(f"{printable(source)}: holds no translation model; nothing was installed")
    if entry and (package.pairs != (entry.pair,) or package.version != entry.version):
        raise ModelError(f"{printable(source)}: is not the package that the index says; nothing was installed")
    if not argos.VERSION.fullmatch(package.version):
        raise ModelError(f"{printable(source)}: its metadata.json names no version; nothing was installed")
    name = argos.package_name(package.pairs[0], package.version)
    agree(Terms(name, package.licence, package.commercial, package.size))
    locked = Locked(
        name=name,
        engine="argos",
        source=source,
        sha256=digest,
        version=package.version,
        pairs=package.pairs,
        licence=package.licence,
        commercial=package.commercial,
    )
    return store.settle(top, locked)
