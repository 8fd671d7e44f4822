"""HTTP requests: the one client behind engines on servers and behind downloads.

with Session(url, silence=30).ask("GET", url, seconds=60) as reply:
    data = reply.read(limit=2**20)

httpx connects and reads. Added here: a deadline for the whole request, a limit on the bytes of an answer, redirects only
by the rule for addresses, no proxy before this machine, and one kind of error in plain words.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

from toolkit import __version__
from toolkit.files import printable
from toolkit.remotes.address import followed, loopback

if TYPE_CHECKING:
    import httpx

    T = TypeVar("T")

_Kind = Literal["late", "unreachable", "broken", "certificate", "unreadable", "redirect", "large"]
ATTEMPTS = 5
"""Of a request that failed in a way that may pass."""
_SLOW_ATTEMPTS = 2
"""Of one that got no answer in time: each may be paid for."""
_LONGEST_WAIT = 120.0
"""Seconds; a server that asks to wait longer is asked again by the next run."""
_CONNECTING = 20.0
"""Seconds for a connection."""


class Again(Exception):
    """Raised by a request that may be made again: after `wait` seconds where that is known, else after ever longer waits."""

    def __init__(self, why: str, wait: float | None = None, slow: bool = False) -> None:
        super().__init__(why)
        self.wait = wait
        self.slow = slow
        """Whether it failed for want of an answer in time."""


class Failure(Exception):
    """A request without the answer that is wanted; the message says what became of it, to be read behind the address."""

    def __init__(self, kind: _Kind, why: str, passing: bool = False) -> None:
        super().__init__(why)
        self.kind = kind
        self.passing = passing
        """Whether the same request may succeed later."""


class Reply:
    """An answer whose body is still to be read."""

    def __init__(self, url: str, response: httpx.Response, watch: _Watch, local: bool) -> None:
        self.url = url
        """The address at last, behind redirects."""
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self._response = response
        self._watch = watch
        self._local = local

    @property
    def length(self) -> int:
        """Bytes that the server announces; 0 where it does not."""
        said = self.headers.get("Content-Length", "")
        return int(said) if re.fullmatch(r"[0-9]{1,18}", said) else 0

    @property
    def wait(self) -> float | None:
        """Seconds to wait by Retry-After, a number or a date; None where the answer says neither."""
        said = self.headers.get("Retry-After", "").strip()
        if re.fullmatch(r"[0-9]{1,9}", said):
            return float(said)
        try:
            return max(parsedate_to_datetime(said).timestamp() - time.time(), 0.0)
        except (ValueError, TypeError, OverflowError):
            return None

    def read(self, limit: int) -> bytes:
        """The whole body; Failure where it has more than `limit` bytes, or breaks off."""
        return b"".join(self.pieces(limit))

    def pieces(self, limit: int = 2**63, raw: bool = False) -> Iterator[bytes]:
        """The body piece by piece, as sent if `raw`, else unpacked; raises as `read` does."""
        size = 0
        with _as_failure(self._watch, self._local):
            for piece in self._response.iter_raw() if raw else self._response.iter_bytes():
                size += len(piece)
                if size > limit:
                    raise Failure("large", f"is larger than {limit >> 20} MB")
                self._watch.received(size)
                yield piece


class Session:
    """Requests to one server, which several threads may make; each has a connection of its own."""

    def __init__(self, url: str, silence: float) -> None:
        self.local = loopback(urlsplit(url).hostname or "")
        """Whether the server is this machine."""
        self.silence = silence
        """Seconds without a byte after which a server is given up."""
        self._making = Lock()
        self._made: httpx.Client | None = None

    @contextlib.contextmanager
    def ask(
        self,
        method: str,
        url: str,
        *,
        seconds: float,
        slowest: float = 0.0,
        redirects: int = 0,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Iterator[Reply]:
        """The answer to a request; raises Failure.

        All of it must come within `seconds`; with `slowest`, in bytes per second, a large answer has more time. At most
        `redirects` are followed, by the rule for addresses; 0 gives a redirect back as the answer. `body` is sent as JSON.
        """
        with _Watch(seconds, slowest) as watch:
            for _ in range(redirects + 1):
                extensions = {"trace": watch.trace}
                with contextlib.ExitStack() as stack:
                    with _as_failure(watch, self.local):
                        asked = self._client().stream(method, url, json=body, headers=headers, extensions=extensions)
                        response = stack.enter_context(asked)
                    if not redirects or not response.is_redirect:
                        yield Reply(url, response, watch, self.local)
                        return
                    url = _next(url, response.headers.get("Location", ""))
            raise Failure("redirect", "sends on again and again; refused")

    def _client(self) -> httpx.Client:
        import httpx

        with self._making:
            self._made = self._made or httpx.Client(
                verify=_certificates(),
                timeout=httpx.Timeout(self.silence, connect=min(self.silence, _CONNECTING)),
                limits=httpx.Limits(max_keepalive_connections=0),  # the watch sees new connections only
                trust_env=not self.local,  # no proxy stands between this machine and itself
                headers={"User-Agent": f"lokta/{__version__}", "Accept-Encoding": "identity"},
            )
            return self._made


def patiently(ask: Callable[[], T], attempts: int = ATTEMPTS, slow: int = _SLOW_ATTEMPTS, first: float = 0.5) -> T:
    """The result of `ask`, which is called again while it raises Again, at last that exception.

    `attempts` counts all calls, `slow` those that got no answer in time; `first` is the first wait in seconds.
    """
    import stamina

    # Every wait would be printed by stamina, through the last resort of `logging`, unless somebody listens.
    logging.getLogger("stamina").addHandler(logging.NullHandler())
    slow_ones = 0

    def again(error: Exception) -> bool | float:
        nonlocal slow_ones
        if not isinstance(error, Again) or (error.wait or 0.0) > _LONGEST_WAIT:
            return False
        slow_ones += error.slow
        if slow_ones >= slow:
            return False
        return True if error.wait is None else error.wait

    try:
        for attempt in stamina.retry_context(
            again, attempts=attempts, timeout=None, wait_initial=first, wait_max=20, wait_jitter=2 * first
        ):
            with attempt:
                return ask()
    except Again as error:
        if error.wait is None or error.wait <= _LONGEST_WAIT:
            raise
        raise Again(f"{error} and asks to wait {_minutes(error.wait)}", error.wait) from None
    raise AssertionError("the last attempt answers or raises")


class _Watch:
    """Ends a request at its deadline, wherever it hangs, by shutting its connection down from another thread.

    httpx itself limits only the time between two bytes.
    """

    def __init__(self, seconds: float, slowest: float) -> None:
        self.late = False
        self._began = time.monotonic()
        self._seconds = self._allowed = seconds
        self._slowest = slowest
        self._socket: socket.socket | None = None
        """Another handle of the connection's socket, because TLS takes over the one that was opened."""
        self._done = Event()
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._hold(None)

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Hold the socket of each new connection; httpx calls this for its extension `trace`."""
        if event.endswith("connect_tcp.complete"):
            self._hold(info["return_value"].get_extra_info("socket").dup())
            if self.late:
                self._shut()

    def _hold(self, new: socket.socket | None) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = new

    def received(self, size: int) -> None:
        """Allow more time for an answer of which so many bytes came."""
        if self._slowest:
            self._allowed = self._seconds + size / self._slowest

    def _run(self) -> None:
        while (rest := self._began + self._allowed - time.monotonic()) > 0:
            if self._done.wait(rest):
                return
        self.late = True
        self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def _as_failure(watch: _Watch, local: bool) -> Iterator[None]:
    """Turn the exceptions of httpx into a Failure."""
    import httpx

    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL) as error:
        raise _failure(error, watch.late, local) from None


def _failure(error: Exception, late: bool, local: bool) -> Failure:
    import httpx

    causes = list(_causes(error))
    if late:
        return Failure("late", "the server takes too long", passing=True)
    if isinstance(error, httpx.TimeoutException):
        return Failure("late", "the server does not answer", passing=True)
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Failure("certificate", "its certificate cannot be checked")
    if isinstance(error, httpx.ConnectError | httpx.ProxyError):
        failed = next((cause for cause in causes if isinstance(cause, OSError)), error)
        said = "TLS failed" if isinstance(failed, ssl.SSLError) else getattr(failed, "strerror", "") or str(failed)
        return Failure("unreachable", f"cannot be reached ({printable(said)[:100]})", passing=not local)
    if isinstance(error, httpx.NetworkError) or re.search("disconnected|closed connection", str(error)):
        return Failure("broken", "broke off", passing=True)
    return Failure("unreadable", f"answers in a way that cannot be read ({type(error).__name__})")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _next(url: str, location: str) -> str:
    target = followed(url, location)
    if target is None:
        why = "which is not https" if urlsplit(location).scheme not in ("https", "") else "which is no address for this"
        raise Failure("redirect", f"sends on to {printable(location)[:200]}, {why}; refused")
    return target


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that httpx trusts, and those of this machine."""
    import httpx

    context = httpx.create_ssl_context()
    context.load_default_certs()
    return context


def _minutes(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 180 else f"{seconds / 60:.0f} minutes"
