"""The only place that opens files: reading with limits, the atomic write, the exchange that loses nobody's save, the lock,
and text made safe for a terminal."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from toolkit.errors import DataError

LIMIT = 64 * 2**20
"""Bytes; a larger article or catalog is refused."""

_LOCK_NAME = ".lokta.lock"
_LOCK_SECONDS = 30
_LOCK_POLL = 0.003
"""Seconds; a process holds the lock for one write, a few milliseconds."""
_STALE_SECONDS = 3600
_CLOCK_TICK = 50_000_000
"""Nanoseconds; two writes closer than that may bear the same time."""
_TEMPORARY = ".lokta-"
"""The names of temporary files begin so; no others are ever taken away."""


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


def chunks(path: Path, size: int = 1 << 16) -> Iterator[bytes]:
    """The file's bytes in pieces, for what may be too large to be held; raises DataError as `read_bytes` does."""
    try:
        if path.exists() and not path.is_file():
            raise DataError(f"{show(path)}: is not a plain file")
        with path.open("rb") as file:
            while piece := file.read(size):
                yield piece
    except FileNotFoundError:
        raise DataError(f"{show(path)}: no such file; check the path") from None
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be read ({error.strerror}); check its permissions") from None


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


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What tells a file from what it was, without reading it: time, size, number on the disk; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def sha256(path: Path) -> str:
    """The SHA-256 of a file in hex; raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Folder:
    """A folder held open: what is read, written and renamed in it stays in it, whatever becomes of the path to it meanwhile.

    Linux and macOS have handles of folders; elsewhere the path is looked at and then used. Raises OSError for what the system
    refuses, DataError for a link.
    """

    def __init__(self, path: Path, root: Path | None = None) -> None:
        """Make the folder if need be. With `root`, which is a folder above it or the same, no link below that is followed;
        DataError names the link, and a folder that does not lie below `root`."""
        self.path = path if root is None else root
        """Where it stood when it was opened."""
        self.path.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(self.path, _OPEN_FOLDER) if _HANDLES else None
        try:
            for name in path.relative_to(root).parts if root is not None else ():
                self._enter(name)
        except BaseException:
            self.__exit__()
            raise

    def _enter(self, name: str) -> None:
        """Go on to a folder inside, which is made if it is not there."""
        if name == "..":
            raise DataError(f"{show(self.path)}/..: leaves the project's folder; nothing is written there")
        self.path /= name
        if self._handle is None:
            if self.path.is_symlink():
                raise _link(self.path)
            self.path.mkdir(exist_ok=True)
            return
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, dir_fd=self._handle)
        try:
            inside = os.open(name, _OPEN_FOLDER | _NO_LINK, dir_fd=self._handle)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR) and self.path.is_symlink():
                raise _link(self.path) from None
            raise
        os.close(self._handle)
        self._handle = inside

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def status(self, name: str) -> os.stat_result | None:
        """What the file is; None where there is none. Raises OSError for what is not a plain file, DataError for a link."""
        try:
            found = os.stat(self._name(name), **self._at, follow_symlinks=False)
        except FileNotFoundError:
            return None
        if stat.S_ISLNK(found.st_mode):
            raise _link(self.path / name)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        return found

    def open(self, name: str) -> int:
        """A handle of the file, to be read."""
        return os.open(self._name(name), os.O_RDONLY | _NO_LINK | _BINARY, **self._at)

    def read(self, name: str) -> bytes:
        """All that the file holds."""
        handle = self.open(name)
        try:
            return _all_of(handle)
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def create(self, name: str, mode: int = 0o600) -> Iterator[BinaryIO]:
        """A new file, to be written; at the end its bytes are on the disk. Raises FileExistsError."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY
        with os.fdopen(os.open(self._name(name), flags, 0o600, **self._at), "wb") as file:
            yield file
            file.flush()
            if _HANDLES:
                os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())

    def write_temporary(self, data: bytes, mode: int, prefix: str) -> str:
        """Write a new file for an exchange, whole, down to the disk; its name: `prefix` and chance."""
        name = f"{prefix}{secrets.token_hex(6)}.swap"
        try:
            with self.create(name, mode) as file:
                file.write(data)
        except OSError:
            self.remove(name)
            raise
        return name

    @contextlib.contextmanager
    def replacement(self, name: str, old: os.stat_result | None) -> Iterator[BinaryIO]:
        """A new file, to be written under a name that `sweep` knows; at the end it takes the place of `name`.

        `old` is the status of the file that is there; its permissions are kept, and a read-only one is refused (DataError).
        """
        _refuse_read_only(self.path / name, old)
        temporary = f"{_TEMPORARY}{secrets.token_hex(6)}.tmp"
        try:
            with self.create(temporary, _mode(old)) as file:
                yield file
            self.rename(temporary, name)
        except BaseException:
            self.remove(temporary)
            raise
        self.sync()

    def rename(self, old: str, new: str) -> None:
        """Give a file the name of another, which is gone then."""
        if self._handle is None:
            os.replace(self._name(old), self._name(new))
        else:
            os.replace(old, new, src_dir_fd=self._handle, dst_dir_fd=self._handle)

    def put_new(self, old: str, new: str) -> None:
        """Give a file a name that no file has; raises FileExistsError."""
        if self._handle is None:  # Windows, where renaming replaces nothing
            os.rename(self._name(old), self._name(new))
            return
        os.link(old, new, src_dir_fd=self._handle, dst_dir_fd=self._handle, follow_symlinks=False)
        self.remove(old)
        self.sync()

    def exchange(self, one: str, other: str) -> None:
        """Two files take each other's name, at one instant where the system can (Linux, macOS).

        Elsewhere, and on file systems that cannot, `other` gets a second name first; a save between the two steps is lost.
        """
        call = _exchanging()
        if call is not None and self._handle is not None:
            if call(self._handle, os.fsencode(one), self._handle, os.fsencode(other), _EXCHANGE) == 0:
                return
            code = ctypes.get_errno()
            if code not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
                raise OSError(code, os.strerror(code))
        side = f"{one}.old"
        os.link(self._name(other), self._name(side), **self._both)
        self.rename(one, other)
        self.rename(side, one)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there."""
        with contextlib.suppress(OSError):
            os.unlink(self._name(name), **self._at)

    def sync(self) -> None:
        """Bring the names in the folder down to the disk."""
        if self._handle is not None:
            os.fsync(self._handle)

    @property
    def _at(self) -> dict[str, Any]:
        return {} if self._handle is None else {"dir_fd": self._handle}

    @property
    def _both(self) -> dict[str, Any]:
        return {} if self._handle is None else {"src_dir_fd": self._handle, "dst_dir_fd": self._handle}

    def _name(self, name: str) -> str:
        return str(self.path / name) if self._handle is None else name


_HANDLES = os.open in os.supports_dir_fd
_OPEN_FOLDER = os.O_RDONLY | (os.O_DIRECTORY if _HANDLES else 0)
_BINARY = os.__dict__.get("O_BINARY", 0)
_NO_LINK = os.O_NOFOLLOW if _HANDLES else 0
_EXCHANGE = 2
"""RENAME_EXCHANGE of Linux (renameat2(2)) and RENAME_SWAP of macOS (renameatx_np(2))."""


@cache
def _exchanging() -> Any:
    """The system's call that exchanges two names; None where it has none."""
    if os.name != "posix":
        return None
    name = "renameat2" if sys.platform == "linux" else "renameatx_np"
    try:
        found = ctypes.CDLL(None, use_errno=True)[name]
    except AttributeError:
        return None
    found.argtypes = [ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint]
    return found


def atomic_write(path: Path, data: bytes | str, root: Path | None = None) -> bool:
    """Put the whole of `data` at `path` or leave what was there; returns False when it already held the same bytes.

    A temporary file in the same folder, fsync, rename, fsync of the folder; a kill at any moment leaves the old file
    or the new one. Permissions are kept. With `root`, a folder above it, no link below that is followed; without, a link at
    `path` is. Raises DataError when the disk is full or refuses, and for a file that is read-only. For catalogs there is
    `swap`.
    """
    raw = data.encode() if isinstance(data, str) else data
    with _target(path, root) as (folder, name, old):
        if old is not None and old.st_size == len(raw) and folder.read(name) == raw:
            return False
        with folder.replacement(name, old) as file:
            file.write(raw)
    return True


class Changed(Exception):
    """A file is not what its writer took it for; what stood there still stands there."""

    def __init__(self, saved: bytes | None = None, rest: Path | None = None) -> None:
        super().__init__()
        self.saved = saved
        """What somebody had saved in the last instant; it was put back, and may have been read over meanwhile."""
        self.rest = rest
        """A file with words that have no other place: two saves fell into one exchange. None: there is none."""


class Displaced:
    """A file that was replaced, held open: an editor that had opened it before may still write into it."""

    def __init__(self, path: Path, handle: int, data: bytes) -> None:
        self.path = path
        """Where it stood."""
        self._handle = handle
        self._digest = hashlib.sha256(data).digest()
        self._status = self._now()
        self._recent = time.time_ns() - self._status[1] < _CLOCK_TICK

    def later(self) -> bytes | None:
        """All that it holds now, if that is something else than when it was replaced or was asked for last; else None."""
        status = self._now()
        if status == self._status and not self._recent:
            return None
        data = _all_of(self._handle)
        digest, before = hashlib.sha256(data).digest(), self._digest
        self._digest, self._status, self._recent = digest, status, time.time_ns() - status[1] < _CLOCK_TICK
        return data if digest != before else None

    def close(self) -> None:
        """Let go of the file, which has no name any more."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    __del__ = close

    def _now(self) -> tuple[int, int]:
        status = os.fstat(self._handle)
        return status.st_size, status.st_mtime_ns


def swap(path: Path, expected: bytes | None, data: bytes, root: Path | None = None) -> Displaced | None:
    """Put `data` in place of a file that holds exactly `expected`, or where there is no file (None).

    Raises Changed where anything else stands there, DataError where the disk refuses, the file is read-only, or it has
    several names (hard links), of which one alone would be replaced. The file is looked at before it is exchanged with the
    new one, and what came out is looked at after it: what somebody saved in the last instant is put back. Returns the
    replaced file; None where there was none. `root` as in `atomic_write`. Hold `lock` around it.
    """
    with _target(path, root) as (folder, name, old):
        if (old is None) != (expected is None) or (old is not None and folder.read(name) != expected):
            raise Changed
        path = folder.path / name
        _refuse_read_only(path, old)
        if old is not None and old.st_nlink > 1:
            raise DataError(
                f"{show(path)}: has {old.st_nlink} names (hard links), and writing would cut this one from the others; "
                "make it a file of its own: cp FILE NEW && mv NEW FILE"
            )
        temporary = folder.write_temporary(data, _mode(old), f"{_TEMPORARY}{rest_name(name)}-")
        try:
            if expected is None:
                folder.put_new(temporary, name)
                return None
            folder.exchange(temporary, name)
        except FileExistsError:
            folder.remove(temporary)
            raise Changed from None
        except OSError:
            folder.remove(temporary)
            raise
        handle = folder.open(temporary)
        saved = _all_of(handle)
        if saved == expected:
            folder.remove(temporary)
            folder.sync()
            return Displaced(path, handle, expected)
        os.close(handle)
        folder.exchange(temporary, name)
        if folder.read(temporary) == data:
            folder.remove(temporary)
            raise Changed(saved)
        raise Changed(saved, folder.path / temporary)


def take_away(path: Path, expected: bytes, root: Path | None = None) -> bool:
    """Delete a file that holds exactly `expected`; False where there is none.

    Raises Changed where anything else stands there. The file is looked at before it loses its name and after it: what somebody
    saved in the last instant is put back. `root`, and what else is raised, as in `atomic_write`. Hold `lock` around it.
    """
    with _target(path, root) as (folder, name, old):
        if old is None:
            return False
        if folder.read(name) != expected:
            raise Changed
        aside = f"{_TEMPORARY}{rest_name(name)}-{secrets.token_hex(6)}.swap"
        folder.rename(name, aside)
        try:
            saved = folder.read(aside)
            if saved == expected:
                folder.remove(aside)
                folder.sync()
                return True
        except BaseException:
            folder.put_new(aside, name)
            raise
        try:
            folder.put_new(aside, name)
        except FileExistsError:  # and somebody wrote a new one meanwhile
            raise Changed(saved, folder.path / aside) from None
        raise Changed(saved)


def rests(folder: Path) -> dict[str, list[Path]]:
    """Files that a run killed in the middle of `swap` left in a folder, by `rest_name` of the file that they belong to."""
    found: dict[str, list[Path]] = {}
    for path in folder.glob(f"{_TEMPORARY}*.swap"):
        found.setdefault(path.name.split("-")[1], []).append(path)
    return found


def rest_name(name: str) -> str:
    """Digits that stand for a file's name in the names of what `swap` leaves behind."""
    return hashlib.sha256(name.encode(errors="surrogateescape")).hexdigest()[:12]


@contextlib.contextmanager
def replacing(path: Path, root: Path | None = None) -> Iterator[BinaryIO]:
    """What is too large to be held, written piece by piece under a temporary name; at the end it takes the place of `path`.

    `root`, and what is raised, as in `atomic_write`.
    """
    with _target(path, root) as (folder, name, old), folder.replacement(name, old) as file:
        yield file


@contextlib.contextmanager
def _target(path: Path, root: Path | None) -> Iterator[tuple[Folder, str, os.stat_result | None]]:
    """The folder of a file that is to be written, held open, its name there, and what it is now (None: there is none)."""
    path = path if root is not None else Path(os.path.realpath(path))
    with _refusals(path), Folder(path.parent, root) as folder:
        yield folder, path.name, folder.status(path.name)


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
        with Folder(target.parent) as folder:
            folder.sync()
    except OSError as error:
        raise DataError(f"{show(target)}: cannot be written ({error.strerror}); it is as it was") from None


def refuse_link(path: Path) -> None:
    """Raises DataError for a link, which may lead out of a project."""
    if path.is_symlink():
        raise _link(path)


def sweep(folder: Path, age: float = _STALE_SECONDS) -> None:
    """Take away temporary files of ours in `folder` that are older than an hour, or than `age` seconds."""
    for path in folder.glob(f"{_TEMPORARY}*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > age:
                path.unlink()


@contextlib.contextmanager
def lock(folder: Path, root: Path | None = None) -> Iterator[None]:
    """Hold the folder's lock for a write; DataError when another process keeps it for half a minute. The folder is made if
    need be; `root` as in `atomic_write`."""
    from filelock import FileLock, Timeout

    try:
        with Folder(folder, root) as opened:
            opened.status(_LOCK_NAME)  # what it is not: a link
        taken = FileLock(folder / _LOCK_NAME, timeout=_LOCK_SECONDS)
        taken.acquire(poll_interval=_LOCK_POLL)
    except Timeout:
        raise DataError(f"{show(folder)}: another lokta is writing here; wait for it and try again") from None
    except OSError as error:
        raise DataError(f"{show(folder)}: cannot be written ({error.strerror}); check its permissions") from None
    try:
        yield
    finally:
        taken.release()


@contextlib.contextmanager
def alone(path: Path, otherwise: str) -> Iterator[None]:
    """Hold the lock of one file for as long as it takes; DataError with the message `otherwise` where another process does."""
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    side = path.with_name(f"{path.name}.lock")
    try:
        with FileLock(side, timeout=0):
            try:
                yield
            finally:
                side.unlink(missing_ok=True)
    except Timeout:
        raise DataError(otherwise) from None


def in_use(folder: Path) -> bool:
    """Whether a process holds the folder's lock."""
    return held(folder / _LOCK_NAME)


def held(side: Path) -> bool:
    """Whether a process holds the lock with this file."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(side, timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


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


def _all_of(handle: int) -> bytes:
    """The bytes of an open file, from its beginning; what goes beyond the limit by more than one is left."""
    with os.fdopen(handle, "rb", closefd=False) as file:
        file.seek(0)
        return file.read(LIMIT + 1)


@contextlib.contextmanager
def _refusals(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a DataError."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be written ({error.strerror}); it is as it was") from None


def _link(path: Path) -> DataError:
    return DataError(f"{show(path)}: is a link; in a project no link is followed, put the real file or folder there")


def _refuse_read_only(path: Path, status: os.stat_result | None) -> None:
    if status is not None and not status.st_mode & 0o222:
        raise DataError(f"{show(path)}: is read-only; allow writing (chmod u+w FILE), or leave it out")


def _mode(status: os.stat_result | None) -> int:
    """The permissions of the file that is replaced, or of a new one."""
    return status.st_mode & 0o777 if status is not None else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
