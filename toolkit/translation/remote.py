"""Asking a server over the network: patiently where waiting helps, at once in one clear line where it does not.

    client = Client(remote)                     `[remote.NAME]` of lokta.toml
    client.post("/translate", {"q": ["Hi"]})    the JSON of the answer

Nothing is sent to any other host, and the key is in no message, whatever the server does with it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import ssl
import time
import weakref
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import cached_property
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from toolkit import __version__
from toolkit.errors import EngineFailed, ModelError
from toolkit.files import printable
from toolkit.remotes import Remote

if TYPE_CHECKING:
    import httpx

INSTALL = "pip install 'lokta[remote]'"
ATTEMPTS = 5
"""Of a request that waiting may help; the last waits are some seconds long."""
_SLOW_ATTEMPTS = 2
"""Of one that got no answer in time: each may be paid for."""
_LONGEST_WAIT = 120.0
"""Seconds; a server that wants to be left alone for longer is asked again by the next run."""
_LIMIT = 8 * 2**20
"""Bytes of an answer."""
_LATER = frozenset((429, 500, 502, 503, 504))
_MORE = "the same command goes on"
_SHORTEST_KEY = 8


class Rejected(EngineFailed):
    """The server will not answer this request however often it is asked; an engine may know a better way to ask."""

    def __init__(self, line: str, status: int, said: str) -> None:
        super().__init__(line)
        self.status = status
        self.said = said
        """The server's own words, cut short and without the key."""


class _Again(Exception):
    """Asking again may help: after `wait` seconds, if the server said so."""

    def __init__(self, why: str, wait: float | None = None, slow: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        self.slow = slow


class Client:
    """A server that a project opted in to; the connection is made at the first request."""

    def __init__(self, remote: Remote, bearer: bool = True) -> None:
        self.remote = remote
        self._connecting = Lock()
        self.bearer = bearer
        """The key goes into the header of each request; otherwise whoever asks puts it where it belongs."""

    def get(self, path: str) -> Any:
        """The JSON at a path. Raises as `post` does."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON of the answer. Raises Rejected where another request may do better, EngineFailed for all else."""
        return self._ask("POST", path, body)

    @cached_property
    def secret(self) -> str:
        """The key, from the environment; ConfigError where it should be there and is not."""
        return self.remote.secret()

    def failed(self, why: str) -> EngineFailed:
        """The error of that reason, without the key, with what to do next."""
        return EngineFailed(self._line(why, _MORE))

    def _line(self, why: str, more: str) -> str:
        return f"{self.remote.name}: {self.remote.origin} {self._safe(why)}; {more}"

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        import stamina

        slow = 0

        def again(error: Exception) -> bool | float:
            nonlocal slow
            if not isinstance(error, _Again) or (error.wait or 0.0) > _LONGEST_WAIT:
                return False
            slow += error.slow
            if slow >= _SLOW_ATTEMPTS:
                return False
            return True if error.wait is None else error.wait

        with self._connecting:
            http = self._http
        try:
            for attempt in stamina.retry_context(again, attempts=ATTEMPTS, timeout=None, wait_initial=0.5, wait_max=20):
                with attempt:
                    return self._once(http, method, path, body)
        except _Again as error:
            long = error.wait is not None and error.wait > _LONGEST_WAIT
            raise self.failed(f"{error}{f' and asks to wait {_minutes(error.wait or 0)}' if long else ''}") from None
        raise AssertionError("the last attempt answers or raises")

    def _once(self, http: httpx.Client, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        import httpx

        headers = {"Authorization": f"Bearer {self.secret}"} if self.bearer and self.secret else {}
        until = time.monotonic() + self.remote.timeout
        try:
            with http.stream(method, self.remote.url + path, json=body, headers=headers) as response:
                data = b"".join(self._pieces(response, until))
        except httpx.TimeoutException:
            raise _Again(self._late("answer"), slow=True) from None
        except httpx.TransportError as error:
            raise self._broken(error) from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise self.failed(f"answers in a way that cannot be read ({type(error).__name__})") from None
        return self._answer(response, data, path)

    def _pieces(self, response: httpx.Response, until: float) -> Iterator[bytes]:
        size = 0
        for piece in response.iter_bytes():
            size += len(piece)
            if size > _LIMIT:
                raise self.failed(f"answers with more than {_LIMIT >> 20} MB, which no translation takes")
            if time.monotonic() > until:
                raise _Again(self._late("whole answer"), slow=True)
            yield piece

    def _late(self, what: str) -> str:
        less = " or segments lower" if self.remote.kind == "chat" else ""
        way = f"set timeout higher{less} in [remote.{self.remote.name}]"
        return f"gave no {what} within {self.remote.timeout} seconds; if it is only slow, {way}"

    def _broken(self, error: Exception) -> Exception:
        """What to raise where the connection failed."""
        import httpx

        causes = [error, error.__cause__, error.__context__, getattr(error.__cause__, "__context__", None)]
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return self.failed("has a certificate that cannot be checked, so nothing was sent")
        if isinstance(error, httpx.ConnectError) and self.remote.here:
            return EngineFailed(self._line("does not answer", f"start the server there, then {_MORE}"))
        if isinstance(error, httpx.ConnectError | httpx.ProxyError):
            return _Again("cannot be reached")
        return _Again("broke off in the middle of an answer")

    def _answer(self, response: httpx.Response, data: bytes, path: str) -> Any:
        """The JSON of a good answer; otherwise raises what the status means."""
        status = response.status_code
        if status in _LATER:
            raise _Again(f"answers {status}{self._quoted(data)}", _wait(response.headers.get("Retry-After", "")))
        if 300 <= status < 400:
            there = urlsplit(response.headers.get("Location", "")).netloc or "another place"
            raise EngineFailed(
                self._line(f"sends on to {there}", "nothing was sent there; if it is right, write its address as url")
            )
        if status in (401, 403):
            raise self.unauthorised(f"{status}{self._quoted(data) if status == 403 else ''}")
        if status == 404:
            way = "check url, which usually ends in /v1, and model" if self.remote.kind == "chat" else "check url"
            raise Rejected(self._line(f"has nothing at {path} (404){self._quoted(data)}", way), 404, self._said(data))
        if status != 200:
            line = self._line(f"refuses the request ({status}){self._quoted(data)}", _MORE)
            raise Rejected(line, status, self._said(data))
        try:
            found = json.loads(data)
        except (ValueError, RecursionError):
            raise Rejected(self._line("answers with something else than JSON", "check url"), status, "") from None
        if self._telling and self.secret in json.dumps(found, ensure_ascii=False):
            raise EngineFailed(self._line("gives the key back in its answer, which is not kept", "do not trust it"))
        return found

    def unauthorised(self, status: str) -> EngineFailed:
        """The error where a key is refused, or is missing."""
        variable, name = self.remote.key, self.remote.name
        if variable:
            return EngineFailed(self._line(f"refuses the key ({status})", f"check the environment variable {variable}"))
        way = f'write key = "NAME" into [remote.{name}], and put the key into the environment variable NAME'
        return EngineFailed(self._line(f"wants a key ({status})", way))

    def _quoted(self, data: bytes) -> str:
        said = self._said(data)
        return f": {said}" if said else ""

    def _said(self, data: bytes) -> str:
        with contextlib.suppress(ValueError, RecursionError):
            return self.words(json.loads(data))
        return ""

    def words(self, found: Any) -> str:
        """The server's own words on what is wrong, where it has any that are fit to be shown."""
        for key in ("error", "message", "detail"):
            if isinstance(found, dict) and key in found:
                found = found[key]
        return printable(" ".join(self._safe(found).split()))[:200].rstrip(" .;") if isinstance(found, str) else ""

    def _safe(self, text: str) -> str:
        return text.replace(self.secret, "***") if self._telling else text

    @property
    def _telling(self) -> bool:
        """Whether the key is one; what a server at home is given for form's sake (`x`, `ollama`) stands in any text."""
        return len(self.secret) >= _SHORTEST_KEY

    @cached_property
    def _http(self) -> httpx.Client:
        if not ready():
            raise ModelError(f"the engine {self.remote.kind} is an extra that is not installed: {INSTALL}")
        import httpx

        # Every wait would be printed by stamina, through the last resort of `logging`, unless somebody listens.
        logging.getLogger("stamina").addHandler(logging.NullHandler())
        client = httpx.Client(
            timeout=httpx.Timeout(self.remote.timeout, connect=min(self.remote.timeout, 20)),
            follow_redirects=False,
            trust_env=not self.remote.here,  # no proxy stands between this machine and itself
            headers={
                "User-Agent": f"lokta/{__version__}",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )
        weakref.finalize(self, client.close)
        return client


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("httpx") is not None and find_spec("stamina") is not None


def _wait(said: str) -> float | None:
    """The seconds of a Retry-After, which are given as a number or as a date; None if it says neither."""
    if re.fullmatch(r"[0-9]{1,9}", said.strip()):
        return float(said)
    try:
        return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
    except (ValueError, TypeError, OverflowError):
        return None


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 180 else f"{seconds / 60:.0f} minutes"
