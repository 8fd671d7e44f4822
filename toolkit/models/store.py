"""Our folder of models: what comes in is checked first, recorded in `models.lock`, and put in place by one rename.

A kill at any moment leaves the folder as it was, or with the whole package; the same command again completes.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from toolkit.errors import DataError, LoktaError, ModelError
from toolkit.files import lock, move, printable, show
from toolkit.models import Package, argos, download, folder, hub, licences, lockfile, scan, tokens
from toolkit.models.download import Fetched, Progress
from toolkit.models.extract import Limits, extract
from toolkit.models.index import Entry
from toolkit.models.lockfile import Locked
from toolkit.models.offers import Offer

ARCHIVE_LIMIT = 2**32
PARTS = ".parts"
_TEMPORARY = ".tmp-"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person is asked to agree to before a package counts as installed."""

    name: str
    licence: str
    commercial: bool | None
    size: int
    published_by: str = ""
    made_by: str = ""
    text: str = ""
    """The licence itself, where its file came along."""
    before: str = ""
    """What the licence was before, or is known here to be; empty: the same."""
    memory: int = 0
    """Bytes that the model takes while it runs; 0: not known."""
    must_be_free: bool = False
    """Whether a person is asked about every licence that is not known to be free, not only one that forbids selling."""


Agree = Callable[[Terms], None]
"""Raises UsageError when a person does not agree."""


def install_file(path: Path, agree: Agree) -> Locked:
    """Install an archive that is on this machine. Raises LoktaError, in one line; then nothing is left behind."""
    if not path.is_file():
        raise DataError(f"{show(path)}: no such file; name an .argosmodel, an address, a language or a model")
    with lock(folder()), swept():
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return _unpack(path, digest, path.name, agree)


def install_url(url: str, agree: Agree, progress: Progress | None = None, entry: Entry | None = None) -> Locked:
    """Install the archive at an address; what it holds must be what the index's `entry` says, where there is one."""
    download.allowed(url)
    with lock(folder()), swept():
        fetched = download.fetch(url, folder() / PARTS, limit=ARCHIVE_LIMIT, progress=progress)
        try:
            return _unpack(fetched.path, fetched.sha256, url, agree, entry)
        finally:
            fetched.forget()


def install_entry(entry: Entry, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install an offered package from the first of its addresses that has it."""
    name = f"translate-{argos.code(entry.source)}_{argos.code(entry.target)}-{entry.version.replace('.', '_')}"
    here = _locked().get(name)
    if here and here.installed and not problems(here):
        return here
    for url in entry.links[:-1]:
        with contextlib.suppress(DataError):
            return install_url(url, agree, progress, entry)
    return install_url(entry.links[-1], agree, progress, entry)


def install_offer(offer: Offer, agree: Agree, progress: Progress | None = None) -> Locked:
    """Install a model of the short list, at its pinned revision, checked against the pinned sums."""
    if here := whole(offer.name, offer.revision):
        return here
    agree(Terms(offer.name, offer.licence, offer.commercial, offer.size, offer.published_by))
    described = hub.describe(offer.repository, offer.revision, offer.family)
    for file in described.files:
        if file.sha256 and offer.sha256.get(file.name, file.sha256) != file.sha256:
            raise DataError(f"{offer.name}: {file.name} on the hub is not the one that is known; nothing was installed")
    return _repository(replace(described, licence=offer.licence), offer.name, progress)


def install_repository(
    repository: str, revision: str, family: str, agree: Agree, progress: Progress | None = None
) -> Locked:
    """Install `owner/name` from the hub; without a revision the one that was installed before, else the newest."""
    name = repository.rpartition("/")[2]
    recorded = _locked().get(name)
    if recorded and recorded.source == f"hf:{repository}":
        revision, family = revision or recorded.revision, family or recorded.family
        if here := whole(name, revision):
            return here
    described = hub.describe(repository, revision, family)
    owner, commercial = repository.partition("/")[0], licences.commercial(described.licence)
    agree(Terms(name, described.licence, commercial, described.size, owner))
    return _repository(described, name, progress)


def remove(name: str, forget: bool = False) -> None:
    """Take a package out of our folder; the record of its licence and sums stays, unless it is to be forgotten.

    Raises ModelError for a package that lies elsewhere, saying who can remove it.
    """
    with lock(folder()):
        locked = _locked()
        found = next((one for one in scan().packages if one.name == name and one.origin == "folder"), None)
        path = folder() / name if name in locked else found.path if found else None
        if path is not None and not path.exists() and found:
            path = found.path
        if path is None:
            raise ModelError(_elsewhere(name))
        if not path.exists() and not forget and not locked[name].installed:
            raise ModelError(f"{printable(name)} is not installed; forget its record with --forget")
        gone = folder() / f"{_TEMPORARY}{secrets.token_hex(4)}"
        if path.exists():
            move(path, gone)
        if name in locked:
            if forget:
                del locked[name]
            else:
                locked[name] = replace(locked[name], installed=False)
            lockfile.save(folder(), locked)
        if gone.is_dir():
            shutil.rmtree(gone, ignore_errors=True)
        gone.unlink(missing_ok=True)


def problems(entry: Locked) -> tuple[str, ...]:
    """What is not as it was recorded, one line each; every file is read."""
    root = folder() / entry.name
    there = (
        {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()} if root.is_dir() else set()
    )
    if not there:
        return (f"{show(root)}: is missing; install it again",)
    lines = [f"{show(root / name)}: is missing" for name in sorted(set(entry.files) - there)]
    lines += [f"{show(root / name)}: was not there when it was installed" for name in sorted(there - set(entry.files))]
    for name in sorted(there & set(entry.files)):
        try:
            same = _sum(root / name) == entry.files[name]
        except OSError as error:
            lines.append(f"{show(root / name)}: cannot be read ({error.strerror})")
            continue
        if not same:
            lines.append(f"{show(root / name)}: is not the file that was installed")
    return tuple(lines)


def recorded() -> dict[str, Locked]:
    """What the lock file records, by name, packages that were removed included."""
    return _locked()


def record(entry: Locked) -> Locked:
    """Change what is recorded of a package that stays as it is."""
    with lock(folder()):
        lockfile.save(folder(), {**_locked(), entry.name: entry})
    return entry


def _locked() -> dict[str, Locked]:
    return lockfile.load(folder())


def whole(name: str, revision: str) -> Locked | None:
    """The package if it is installed at this revision and nothing is wrong with it."""
    here = _locked().get(name)
    return here if here and here.installed and here.revision == revision and not problems(here) else None


def _unpack(archive: Path, digest: str, source: str, agree: Agree, entry: Entry | None = None) -> Locked:
    """An archive into the folder, under the name that its metadata gives it."""
    with workplace() as place:
        top = extract(archive, place / "unpacked", Limits(total=ARCHIVE_LIMIT))
        package = argos.read(top, "folder")
        if package is None:
            raise ModelError(f"{printable(source)}: holds no translation model; nothing was installed")
        if entry and (package.pairs != ((entry.source, entry.target),) or package.version != entry.version):
            raise ModelError(f"{printable(source)}: is not the package that the index says; nothing was installed")
        if not argos.VERSION.fullmatch(package.version):
            raise ModelError(f"{printable(source)}: its metadata.json names no version; nothing was installed")
        (source_language, target_language) = package.pairs[0]
        pair = f"{argos.code(source_language)}_{argos.code(target_language)}"
        name = f"translate-{pair}-{package.version.replace('.', '_')}"
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
        agree(Terms(name, package.licence, package.commercial, package.size))
        return settle(top, locked)


def _repository(described: hub.Repository, name: str, progress: Progress | None) -> Locked:
    """A described repository, whose terms were agreed to, into the folder."""
    with lock(folder()), swept(), workplace() as place:
        came: list[Fetched] = []
        done = 0
        try:
            for file in described.files:
                start = done
                report = (lambda here, _, start=start: progress(start + here, described.size)) if progress else None
                came.append(hub.get(described, file, folder() / PARTS, report))
                done += file.size
            top = place / name
            top.mkdir()
            for file, fetched in zip(described.files, came, strict=True):
                move(fetched.path, top / file.name)
        finally:
            # What came whole is kept for the next attempt only if a later file broke off.
            if len(came) == len(described.files):
                for fetched in came:
                    fetched.forget()
        locked = Locked(
            name=name,
            engine="ctranslate2",
            source=f"hf:{described.name}",
            sha256="",
            revision=described.revision,
            family=described.family,
            languages=tokens.spoken(described.family, top),
            licence=described.licence,
            commercial=licences.commercial(described.licence),
        )
        return settle(top, locked)


def settle(top: Path, locked: Locked, sums: Mapping[str, str] = MappingProxyType({})) -> Locked:
    """The last step: the same as before, if it was here before; recorded; in place. `sums` are known as the files came."""
    came = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*")) if path.is_file()}
    files = {name: sums.get(name) or _sum(path) for name, path in came.items()}
    whole = locked.sha256 or hashlib.sha256("".join(f"{n}\0{s}\n" for n, s in files.items()).encode()).hexdigest()
    locked = replace(locked, files=files, sha256=whole, size=sum(path.stat().st_size for path in top.rglob("*")))
    before = _locked()
    old = before.get(locked.name)
    if old and (old.sha256 != locked.sha256 or old.files != locked.files):
        raise ModelError(
            f"{locked.name}: is not the package that was installed under this name before (SHA-256 {old.sha256[:12]}…, "
            f"this one {locked.sha256[:12]}…); if you trust it: lokta models remove --forget {locked.name}"
        )
    place = folder() / locked.name
    archive = place.with_name(f"{locked.name}{argos.SUFFIX}")
    if not (old and old.installed) and (place.exists() or archive.exists()):
        there = place if place.exists() else archive
        raise ModelError(f"{show(there)}: is there already, put in by hand; move it away and try again")
    if place.exists() and problems(old or locked):
        move(place, top.with_name("damaged"))
    lockfile.save(folder(), {**before, locked.name: locked})
    try:
        if not place.exists():
            move(top, place)
    except LoktaError:
        lockfile.save(folder(), before)
        raise
    return locked


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A new folder inside ours, gone at the end whatever happens."""
    place = folder() / f"{_TEMPORARY}{secrets.token_hex(4)}"
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextlib.contextmanager
def swept() -> Iterator[None]:
    """Without what a killed run left (we hold the lock, so nobody works in there), and without empty folders after."""
    for path in folder().glob(f"{_TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder() / PARTS).rmdir()


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _elsewhere(name: str) -> str:
    found: Package | None = next((one for one in scan().packages if one.name == name), None)
    if found is None:
        ours = sorted(one.name for one in scan().packages if one.origin == "folder")
        return f"no model {printable(name)!r} is installed; installed here: {', '.join(ours) or 'none'}"
    if found.origin == "argos":
        return f"{name} was installed with Argos Translate, in {show(found.path.parent)}; remove it there"
    return f"{name} belongs to the package {found.origin}: pip uninstall {found.origin}"
