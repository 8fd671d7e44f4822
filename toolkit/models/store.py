"""Lokta's folder of models: what is recorded, put in place, checked and removed; `archives.py`, `repositories.py` and
`weights.py` install into it.

A package is complete and recorded in `models.lock` before one rename gives it its name, so that a kill at any moment
leaves the folder as it was or with the whole package, and the same command completes it.
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

from toolkit.errors import LoktaError, ModelError
from toolkit.files import held, in_use, lock, move, printable, sha256, show, sweep
from toolkit.models import argos, folder, lockfile, scan
from toolkit.models.lockfile import Locked

PARTS = ".parts"
"""The folder of downloads that are not complete."""
_TEMPORARY = ".tmp-"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person has to agree to before a package is installed."""

    name: str
    licence: str
    commercial: bool | None
    """Whether the licence allows commercial use; None: not known."""
    size: int
    """Bytes; 0: not known."""
    published_by: str = ""
    made_by: str = ""
    text: str = ""
    """The licence itself, where its file is in the repository."""
    before: str = ""
    """The licence of this model as it was recorded or known before; empty where it did not change."""
    memory: int = 0
    """Bytes of memory that the model takes; 0: not known."""
    must_be_free: bool = False
    """Whether every licence that is not known to be free needs consent, not only one that forbids commercial use."""


Agree = Callable[[Terms], None]
"""Raises UsageError where a person does not agree."""


def recorded() -> dict[str, Locked]:
    """The records of the lock file by name, those of removed packages included."""
    return lockfile.load(folder())


def record(entry: Locked) -> Locked:
    """Change the record of a package whose files stay as they are."""
    with lock(folder()):
        lockfile.save(folder(), {**recorded(), entry.name: entry})
    return entry


def whole(name: str, revision: str) -> Locked | None:
    """The record of a package that is installed at this revision and unchanged; None for any other.

    Then temporary files are deleted that a run left which was killed at its very end.
    """
    here = recorded().get(name)
    if here is None or not here.installed or here.revision != revision or problems(here):
        return None
    with lock(folder()):
        _sweep()
    _sweep_parts()
    return here


def problems(entry: Locked) -> tuple[str, ...]:
    """How a package differs from its record, one line for each file; every file is read."""
    root = folder() / entry.name
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    if not there:
        return (f"{show(root)}: is missing; install it again",)
    lines = [f"{show(root / name)}: is missing" for name in sorted(set(entry.files) - there)]
    lines += [f"{show(root / name)}: was not there when it was installed" for name in sorted(there - set(entry.files))]
    for name in sorted(there & set(entry.files)):
        try:
            same = sha256(root / name) == entry.files[name]
        except OSError as error:
            lines.append(f"{show(root / name)}: cannot be read ({error.strerror})")
            continue
        if not same:
            lines.append(f"{show(root / name)}: is not the file that was installed")
    return tuple(lines)


def settle(top: Path, locked: Locked, sums: Mapping[str, str] = MappingProxyType({})) -> Locked:
    """Record the complete package in the folder `top`, and move it to its place; gives the record with sums and size.

    A package that was installed before under the same name must be the same, to the byte. `sums` are the SHA-256 of files
    that are known already. Raises ModelError.
    """
    came = {path.relative_to(top).as_posix(): path for path in sorted(top.rglob("*")) if path.is_file()}
    files = {name: sums.get(name) or sha256(path) for name, path in came.items()}
    whole = locked.sha256 or hashlib.sha256("".join(f"{n}\0{s}\n" for n, s in files.items()).encode()).hexdigest()
    locked = replace(locked, files=files, sha256=whole, size=sum(path.stat().st_size for path in top.rglob("*")))
    with lock(folder()):
        before = recorded()
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
    """A new folder inside ours, deleted at the end whatever happens; the lock on ours is not held while it is used."""
    place = folder() / f"{_TEMPORARY}{secrets.token_hex(4)}"
    try:
        with contextlib.ExitStack() as stack:
            with lock(folder()):
                _sweep()
                stack.enter_context(lock(place))
            yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _sweep_parts()


def remove(name: str, forget: bool = False) -> None:
    """Delete a package from our folder; its record stays, unless it is to be forgotten.

    Raises ModelError for a package that lies elsewhere, saying how it is removed there.
    """
    with lock(folder()):
        locked = recorded()
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


def _sweep() -> None:
    """Delete what killed runs left in our folder, whose lock must be held; places that are in use are locked themselves."""
    for path in folder().glob(f"{_TEMPORARY}*"):
        if not in_use(path):
            shutil.rmtree(path, ignore_errors=True)
    sweep(folder(), age=-1)
    parts = folder() / PARTS
    if not any(held(side) for side in parts.glob("*.lock")):  # nobody downloads now
        sweep(parts, age=-1)


def _sweep_parts() -> None:
    """Delete the folder of downloads if nothing can be resumed there."""
    for side in (folder() / PARTS).glob("*.lock"):  # of a run that was killed
        if not side.with_suffix("").exists():
            side.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        (folder() / PARTS).rmdir()


def _elsewhere(name: str) -> str:
    packages = scan().packages
    found = next((one for one in packages if one.name == name), None)
    if found is None:
        ours = sorted(one.name for one in packages if one.origin == "folder")
        return f"no model {printable(name)!r} is installed; installed here: {', '.join(ours) or 'none'}"
    if found.origin == "argos":
        return f"{name} was installed with Argos Translate, in {show(found.path.parent)}; remove it there"
    return f"{name} belongs to the package {found.origin}: pip uninstall {found.origin}"
