"""A file comes from the network: https alone, streamed to the disk, resumed where it broke off, checked before it counts.

The standard library's urllib does it all; only this machine itself (127.0.0.1, ::1, localhost) may be asked by plain http.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import re
import shutil
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from toolkit import __version__
from toolkit.errors import DataError, UsageError
from toolkit.files import atomic_write, printable, show, stream
from toolkit.remotes import loopback

Progress = Callable[[int, int], None]
"""Told the bytes that are here, and all that will come (0: unknown)."""

SECONDS = 30.0
"""Without a byte for so long a server is taken for gone."""
ATTEMPTS = 5
"""Each goes on where the one before broke off, if the server can."""
_CHUNK = 2**18
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """A whole file, still under its temporary name."""

    path: Path
    sha256: str
    size: int

    def forget(self) -> None:
        """Take it away, and what was noted for resuming it."""
        for path in (self.path, _notes(self.path)):
            path.unlink(missing_ok=True)


class _Broken(Exception):
    """The transfer stopped; asking again may help."""


def allowed(url: str) -> str:
    """The URL if it may be asked for; UsageError says why not."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise UsageError(f"{printable(url)!r}: is no address; write https://HOST/FILE") from None
    if not url.isascii() or re.search(r"[\x00-\x20\x7f]", url) or not host or parts.username is not None:
        raise UsageError(f"{printable(url)!r}: is no address; write https://HOST/FILE")
    if parts.scheme == "https" or (parts.scheme == "http" and loopback(host)):
        return url
    raise UsageError(f"{printable(url)}: only https is asked; a file on this machine is named by its path")


def fetch(
    url: str, folder: Path, *, limit: int, progress: Progress | None = None, size: int = 0, sha256: str = ""
) -> Fetched:
    """The file at `url`, in `folder` under a temporary name that its URL decides; the same call goes on where one broke off.

    `limit` bytes at most; `size` and `sha256` (hex), where known, must be right. Raises UsageError for an address that may
    not be asked, DataError in one line for all that goes wrong; then nothing is kept but what can be resumed.
    """
    path = folder / f"{hashlib.sha256(allowed(url).encode()).hexdigest()[:24]}.part"
    limit = min(limit, size) if size else limit
    for attempt in range(ATTEMPTS):
        if size and _length(path) == size:
            break
        try:
            _transfer(url, path, limit, progress)
            break
        except _Broken as broken:
            if attempt < ATTEMPTS - 1:
                continue
            kept = "what came is kept, the same command goes on" if _length(path) else "try again later"
            if not _length(path):
                Fetched(path, "", 0).forget()
            raise DataError(f"{printable(url)}: {broken}; {kept}") from None
    done = Fetched(path, _hash(path), path.stat().st_size)
    if (size and done.size != size) or (sha256 and done.sha256 != sha256):
        done.forget()
        raise DataError(f"{printable(url)}: is not the file that was announced; nothing was installed, try again later")
    return done


def read(url: str, limit: int) -> bytes:
    """A small file, in memory; `limit` bytes at most. Raises as `fetch` does."""
    try:
        with _open(allowed(url), {}) as response:
            data = response.read(limit + 1)
            if len(data) < _announced(response):
                raise _Broken("broke off")
    except _Broken as broken:
        raise DataError(f"{printable(url)}: {broken}; check the connection and try again") from None
    except (OSError, http.client.HTTPException) as error:
        raise DataError(f"{printable(url)}: {_reason(error)}; check the connection and try again") from None
    if len(data) > limit:
        raise DataError(f"{printable(url)}: is larger than {limit >> 20} MB; this is not what was asked for")
    return bytes(data)


def beginning(url: str, length: int) -> bytes:
    """The first bytes of a file; none where the server is not to be had now, which `fetch` will find out for itself.

    Raises UsageError and DataError as `fetch` does for an address that has no such file.
    """
    try:
        with _open(allowed(url), {"Range": f"bytes=0-{length - 1}"}) as response:
            return bytes(response.read(length))
    except (_Broken, OSError, http.client.HTTPException):
        return b""


def _transfer(url: str, path: Path, limit: int, progress: Progress | None) -> None:
    start, validator = _resumable(path, url)
    asked = {"Range": f"bytes={start}-", "If-Range": validator} if start else {}
    with _open(url, asked, path) as response:
        start = start if _continues(response, start) else 0
        total = _announced(response) + start if _announced(response) else 0
        if total > limit:
            Fetched(path, "", 0).forget()
            raise DataError(f"{printable(url)}: is larger than {_mb(limit)}; nothing was installed")
        if total and shutil.disk_usage(_existing(path.parent)).free < total - start:
            raise DataError(f"{show(path.parent)}: has no room for {_mb(total - start)}; make room and try again")
        _note(path, url, response)
        with stream(path, keep=start) as file:
            done = _copy(response, file, path, start, limit, total, progress, url)
    if done < total:
        raise _Broken(f"broke off after {_mb(done)} of {_mb(total)}")


def _copy(
    response: Any, file: IO[bytes], path: Path, done: int, limit: int, total: int, progress: Progress | None, url: str
) -> int:
    while True:
        try:
            chunk = response.read(_CHUNK)
        except (OSError, http.client.HTTPException) as error:
            raise _Broken(_reason(error)) from None
        if not chunk:
            return done
        done += len(chunk)
        if done > limit:
            Fetched(path, "", 0).forget()
            raise DataError(f"{printable(url)}: is larger than {_mb(limit)}; nothing was installed")
        try:
            file.write(chunk)
        except OSError as error:
            raise DataError(f"{show(path)}: cannot be written ({error.strerror}); make room and try again") from None
        if progress:
            progress(done, total)


@contextlib.contextmanager
def _open(url: str, headers: Mapping[str, str], part: Path | None = None) -> Iterator[Any]:
    """The response of a server that has the file; _Broken where asking again may help, DataError where not.

    `part` is given up when the server has nothing to add to it.
    """
    request = urllib.request.Request(
        url, headers={"User-Agent": f"lokta/{__version__}", "Accept-Encoding": "identity", **headers}
    )
    handlers: list[Any] = [_Redirects()]
    if loopback(urlsplit(url).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    try:
        response = urllib.request.build_opener(*handlers).open(request, timeout=SECONDS)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416 and part:
            Fetched(part, "", 0).forget()
        if error.code == 416 or error.code >= 500 or error.code == 429:
            raise _Broken(f"the server answers {error.code}") from None
        gone = "is not there" if error.code in (404, 410) else f"is refused by the server ({error.code})"
        raise DataError(f"{printable(url)}: {gone}; check the address, or see: lokta models list --available") from None
    except (OSError, http.client.HTTPException) as error:
        raise _Broken(_reason(error)) from None
    with response:
        yield response


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to https, and from this machine to this machine; nowhere else."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        """The next request, or DataError."""
        try:
            allowed(newurl)
            honest = newurl.startswith("https:") or req.full_url.startswith("http:")
        except UsageError:
            honest = False
        if not honest:
            raise DataError(f"{printable(req.full_url)}: sends on to {printable(newurl)}, which is not https; refused")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _resumable(path: Path, url: str) -> tuple[int, str]:
    """How many bytes are here, and what the server must still say of the file for them to count."""
    try:
        noted = json.loads(_notes(path).read_text(encoding="utf-8"))
        start = path.stat().st_size
    except (OSError, ValueError):
        return 0, ""
    if not isinstance(noted, dict) or noted.get("url") != url or not isinstance(noted.get("validator"), str):
        return 0, ""
    return (start, noted["validator"]) if noted["validator"] and start else (0, "")


def _note(path: Path, url: str, response: Any) -> None:
    """Keep what a resumption has to name: a strong ETag, else the date of the last change."""
    tag = response.headers.get("ETag", "")
    validator = tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")
    atomic_write(_notes(path), json.dumps({"url": url, "validator": validator}))


def _continues(response: Any, start: int) -> bool:
    found = _RANGE.fullmatch(response.headers.get("Content-Range", "")) if response.status == 206 else None
    return bool(found and int(found[1]) == start)


def _announced(response: Any) -> int:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0


def _length(path: Path) -> int:
    """Bytes that could be resumed."""
    try:
        noted = json.loads(_notes(path).read_text(encoding="utf-8"))
        return path.stat().st_size if noted.get("validator") else 0
    except (OSError, ValueError):
        return 0


def _notes(path: Path) -> Path:
    return path.with_suffix(".json")


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def _reason(error: BaseException) -> str:
    """Why a connection failed, in a few words."""
    inner = getattr(error, "reason", None)
    cause = inner if isinstance(inner, BaseException) else error
    if isinstance(cause, ssl.SSLError):
        return "its certificate cannot be checked" if isinstance(cause, ssl.SSLCertVerificationError) else "TLS failed"
    if isinstance(cause, TimeoutError):
        return "the server does not answer"
    said = getattr(cause, "strerror", None) or type(cause).__name__
    return f"cannot be reached ({printable(str(said))})"


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{size} bytes"
