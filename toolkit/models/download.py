"""Files from the network, straight to the disk: resumed where a transfer broke off, limited, checked by size and SHA-256.

Which addresses may be asked, how long, and through what is decided in `remotes`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from toolkit.errors import DataError
from toolkit.files import alone, atomic_write, printable, show, stream
from toolkit.files import sha256 as digest_of
from toolkit.remotes.address import allowed
from toolkit.remotes.transport import Again, Failure, Reply, Session, patiently
from toolkit.tables import parse_json

Progress = Callable[[int, int], None]
"""Called with the bytes that are here, and those of the whole file (0: unknown)."""

SECONDS = 30.0
"""Without a byte for so long a server is given up."""
ATTEMPTS = 5
"""Each goes on where the one before broke off, if the server can."""
_FIRST_WAIT = 0.1
"""Seconds before the second attempt, where the first brought nothing."""
_SLOWEST = 1000.0
"""Bytes a second; a server that is slower over its whole answer is given up."""
_REDIRECTS = 10
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file that still has its temporary name."""

    path: Path
    sha256: str
    size: int

    def forget(self) -> None:
        """Delete the file and the notes for resuming it."""
        for path in (self.path, _notes(self.path)):
            path.unlink(missing_ok=True)


def fetch(
    url: str, folder: Path, *, limit: int, progress: Progress | None = None, size: int = 0, sha256: str = ""
) -> Fetched:
    """Download a file into `folder`, under a temporary name that depends on its URL; the same call resumes a broken one.

    `limit` is in bytes; `size` and `sha256` (hex), where known, must be those of the file. Raises UsageError for an address
    that may not be asked, DataError in one line for all else; then nothing is kept but what can be resumed.
    """
    path = folder / f"{hashlib.sha256(allowed(url).encode()).hexdigest()[:24]}.part"
    with alone(path, f"{printable(url)}: is being downloaded by another lokta; wait for it and try again"):
        return _fetched(url, path, limit, progress, size, sha256)


def _fetched(url: str, path: Path, limit: int, progress: Progress | None, size: int, sha256: str) -> Fetched:
    limit = min(limit, size) if size else limit
    try:
        if not size or _resumable(path, url)[0] != size:
            patiently(lambda: _transfer(url, path, limit, progress), ATTEMPTS, ATTEMPTS, _FIRST_WAIT)
    except Again as broken:
        kept = _resumable(path, url)[0]
        if not kept:
            Fetched(path, "", 0).forget()
        way = "what came is kept, the same command goes on" if kept else "try again later"
        raise DataError(f"{printable(url)}: {broken}; {way}") from None
    except Failure as failure:
        if failure.kind == "large":
            Fetched(path, "", 0).forget()
        why = f"is larger than {_mb(limit)}" if failure.kind == "large" else failure
        raise DataError(f"{printable(url)}: {why}; nothing was installed") from None
    done = Fetched(path, digest_of(path), path.stat().st_size)
    if (size and done.size != size) or (sha256 and done.sha256 != sha256):
        done.forget()
        raise DataError(f"{printable(url)}: is not the file that was announced; nothing was installed, try again later")
    return done


def read(url: str, limit: int) -> bytes:
    """A small file, in memory, of at most `limit` bytes; raises as `fetch` does."""
    try:
        with _open(allowed(url)) as reply:
            return reply.read(limit)
    except (Again, Failure) as failure:
        raise DataError(f"{printable(url)}: {failure}; check the address and the connection, and try again") from None


def beginning(url: str, length: int) -> bytes:
    """The first bytes of a file; none where they cannot be got now, which `fetch` will report.

    Raises UsageError and DataError as `fetch` does for an address that has no such file.
    """
    data = b""
    try:
        with _open(allowed(url), {"Range": f"bytes=0-{length - 1}"}) as reply:
            pieces = reply.pieces(raw=True)
            while len(data) < length and (piece := next(pieces, b"")):
                data += piece
    except (Again, Failure):
        return b""
    return data[:length]


def _transfer(url: str, path: Path, limit: int, progress: Progress | None) -> None:
    """Write to `path` what is missing there of the file; raises Again where the transfer broke off."""
    start, validator = _resumable(path, url)
    asked = {"Range": f"bytes={start}-", "If-Range": validator} if start else {}
    with _open(url, asked, path) as reply:
        start = start if _continues(reply, start) else 0
        total = reply.length + start if reply.length else 0
        if total > limit:
            raise Failure("large", "is too large")
        if total and shutil.disk_usage(_existing(path.parent)).free < total - start:
            raise DataError(f"{show(path.parent)}: has no room for {_mb(total - start)}; make room and try again")
        _note(path, url, reply)
        with stream(path, keep=start) as file:
            _copy(reply, file, path, start, total, limit, progress)


def _copy(
    reply: Reply, file: IO[bytes], path: Path, start: int, total: int, limit: int, progress: Progress | None
) -> None:
    done = start
    try:
        for piece in reply.pieces(limit - start, raw=True):
            file.write(piece)
            done += len(piece)
            if progress:
                progress(done, total)
    except Failure as failure:
        if not failure.passing:
            raise
        why = f"broke off after {_mb(done)} of {_mb(total)}" if failure.kind == "broken" and total else str(failure)
        raise Again(why, wait=0.0 if done > start else None) from None
    except OSError as error:
        raise DataError(f"{show(path)}: cannot be written ({error.strerror}); make room and try again") from None


@contextlib.contextmanager
def _open(url: str, headers: Mapping[str, str] | None = None, part: Path | None = None) -> Iterator[Reply]:
    """The reply of a server that has the file. Raises Again where asking again may help, DataError and Failure where not.

    `part` is deleted where the server has nothing that continues it.
    """
    asked = {"Accept": "*/*", **(headers or {})}
    try:
        with Session(url, SECONDS).ask(
            "GET", url, seconds=2 * SECONDS, slowest=_SLOWEST, redirects=_REDIRECTS, headers=asked
        ) as reply:
            if reply.status == 416 and part:
                Fetched(part, "", 0).forget()
            if reply.status in (416, 429) or reply.status >= 500:
                raise Again(f"the server answers {reply.status}", reply.wait)
            if reply.status not in (200, 206):
                gone = "is not there" if reply.status in (404, 410) else f"is refused by the server ({reply.status})"
                raise DataError(f"{printable(url)}: {gone}; check the address, or see: lokta models list --available")
            yield reply
    except Failure as failure:
        if failure.passing:
            raise Again(str(failure)) from None
        raise


def _resumable(path: Path, url: str) -> tuple[int, str]:
    """Bytes that are here and can be continued, and the mark by which the server knows the file's state again."""
    try:
        noted = parse_json(_notes(path).read_bytes())
        size = path.stat().st_size
    except OSError:
        return 0, ""
    if not isinstance(noted, dict) or noted.get("url") != url or not isinstance(noted.get("validator"), str):
        return 0, ""
    return (size, noted["validator"]) if noted["validator"] else (0, "")


def _note(path: Path, url: str, reply: Reply) -> None:
    """Keep the mark that a resumption has to send: a strong ETag, else the date of the last change."""
    tag = reply.headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else reply.headers.get("Last-Modified", "")
    atomic_write(_notes(path), json.dumps({"url": url, "validator": validator}))


def _continues(reply: Reply, start: int) -> bool:
    """Whether the answer begins at the byte that was asked for."""
    found = _RANGE.fullmatch(reply.headers.get("Content-Range", "")) if reply.status == 206 else None
    return found is not None and found[1] == str(start)


def _notes(path: Path) -> Path:
    return path.with_suffix(".json")


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"
