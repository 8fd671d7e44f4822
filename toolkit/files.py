"""The only place that opens files: reading with limits, the one atomic write, the lock, and text made safe for a terminal."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from toolkit.errors import DataError

LIMIT = 64 * 2**20
"""Bytes; a larger article or catalog is refused."""

_LOCK_NAME = ".lokta.lock"
_LOCK_SECONDS = 30
_STALE_SECONDS = 3600


def read_bytes(path: Path, limit: int = LIMIT) -> bytes:
    """The file's bytes; DataError when it is missing, unreadable, not a plain file, or larger than `limit` bytes."""
    try:
        if path.is_dir():
            raise DataError(f"{show(path)}: is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise DataError(f"{show(path)}: is not a plain file")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise DataError(f"{show(path)}: no such file; check the path") from None
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be read ({error.strerror}); check its permissions") from None
    if len(data) > limit:
        raise DataError(f"{show(path)}: larger than {limit // 2**20} MB; split it into several articles")
    return data


def read_text(path: Path, limit: int = LIMIT) -> str:
    """The file as UTF-8, line ends untouched; DataError for anything else, saying how to convert it."""
    return decode(read_bytes(path, limit), show(path))


def decode(data: bytes, name: str) -> str:
    """Bytes as UTF-8 text without NUL; DataError names the file and what to do."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"{name}: is UTF-16; convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW")
    if data.startswith(b"\xef\xbb\xbf"):
        raise DataError(f"{name}: begins with a byte order mark; save it as UTF-8 without one")
    if b"\0" in data:
        raise DataError(f"{name}: holds NUL bytes, so it is not a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{name}:{line}: is not UTF-8; convert it: iconv -f CHARSET -t UTF-8 FILE > NEW") from None


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hex; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def atomic_write(path: Path, data: bytes | str) -> bool:
    """Put the whole of `data` at `path` or leave what was there; returns False when it already held the same bytes.

    A temporary file in the same folder, fsync, rename, fsync of the folder; a kill at any moment leaves the old file
    or the new one. Permissions are kept, a link is followed. Raises DataError when the disk is full or refuses.
    """
    raw = data.encode() if isinstance(data, str) else data
    path = Path(os.path.realpath(path))
    temporary = None
    try:
        if path.is_file() and path.stat().st_size == len(raw) and path.read_bytes() == raw:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:80]}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
        temporary = None
        _sync_folder(path.parent)
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be written ({error.strerror}); nothing was changed") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
    return True


@contextlib.contextmanager
def stream(path: Path, keep: int = 0) -> Iterator[BinaryIO]:
    """What is too large to be held, written piece by piece behind the first `keep` bytes at `path`; fsync at the end.

    For temporary names only: a kill leaves half a file, `move` gives the whole one its name.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("r+b" if keep else "wb")
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be written ({error.strerror}); check the folder's permissions") from None
    with file:
        file.truncate(keep)
        file.seek(keep)
        yield file
        file.flush()
        os.fsync(file.fileno())


def move(source: Path, target: Path) -> None:
    """Give a whole file or folder its final name in the same file system, so that a kill leaves it here or there."""
    try:
        os.replace(source, target)
        _sync_folder(target.parent)
    except OSError as error:
        raise DataError(f"{show(target)}: cannot be written ({error.strerror}); nothing was changed") from None


def sweep(folder: Path) -> None:
    """Take away temporary files that a killed run left in `folder` over an hour ago."""
    for path in folder.glob(".*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                path.unlink()


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the folder's lock for a write; DataError when another process keeps it for half a minute."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = FileLock(folder / _LOCK_NAME, timeout=_LOCK_SECONDS)
        held.acquire()
    except Timeout:
        raise DataError(f"{show(folder)}: another lokta is writing here; wait for it and try again") from None
    except OSError as error:
        raise DataError(f"{show(folder)}: cannot be written ({error.strerror}); check its permissions") from None
    try:
        yield
    finally:
        held.release()


def cache_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The user's folder for what can be computed again: `LOKTA_CACHE`, else where the system keeps such things."""
    if environ.get("LOKTA_CACHE"):
        return Path(environ["LOKTA_CACHE"])
    from platformdirs import user_cache_path

    return user_cache_path("lokta", appauthor=False)


def cores(environ: Mapping[str, str] = os.environ) -> int:
    """Processor cores that this process may use; `OMP_NUM_THREADS` says fewer, as it does to the libraries below."""
    said = environ.get("OMP_NUM_THREADS", "")
    if said.isdecimal() and int(said):
        return int(said)
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Text from a stranger, safe to print: controls and bidi marks are spelled out; joiners, which scripts need, stay."""
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found[0]):04x}" if ord(found[0]) > 255 else f"\\x{ord(found[0]):02x}", text
    )


def show(path: Path) -> str:
    """A path for a message, safe to print; the command line shortens it to what a person would type."""
    return printable(str(path))


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
