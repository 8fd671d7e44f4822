"""A web server on the loopback that serves what a test puts there, and misbehaves as it is told."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What one path answers."""

    data: bytes = b""
    etag: str = ""
    breaks_after: list[int] = field(default_factory=list)
    """Bytes after which the next answers break off, one each; then it is whole."""
    before: Callable[[int], object] = lambda sent: None
    """Called before each piece of 20 kB with the number of bytes that were sent; a test may keep the client waiting."""
    redirect: str = ""
    status: int = 200
    length: int | None = None
    """What is announced in place of the true length."""
    kind: str = "application/octet-stream"


class Site:
    """Pages by path, and what was asked."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, str]] = []
        """Path and Range of each request, in order."""

    def put(self, path: str, data: bytes = b"", **more: object) -> str:
        """A page, and its address."""
        self.pages[path] = Page(data, **more)  # type: ignore[arg-type]
        return self.address + path


class _Server(ThreadingHTTPServer):
    daemon_threads, block_on_close = True, False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is part of the tests."""


@contextmanager
def serving() -> Iterator[Site]:
    """A site, up while the test runs."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked.append((path, self.headers.get("Range", "")))
            page = site.pages.get(path)
            if page is None:
                self.send_error(404)
            elif page.redirect:
                self.send_response(302)
                self.send_header("Location", page.redirect)
                self.end_headers()
            elif page.status != 200:
                self.send_error(page.status)
            else:
                self._answer(page)

        def _part(self, page: Page, count: int) -> None:
            """The first bytes, at once and whole, whatever the page does to those who want all of it."""
            part = page.data[:count]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes 0-{len(part) - 1}/{len(page.data)}")
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            self.wfile.write(part)

        def _answer(self, page: Page) -> None:
            start = 0
            some = re.fullmatch(r"bytes=0-(\d+)", self.headers.get("Range", ""))
            if some and page.length is None:
                self._part(page, int(some[1]) + 1)
                return
            asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
            if asked and page.etag and self.headers.get("If-Range") == page.etag:
                start = int(asked[1])
                if start >= len(page.data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(page.data) - 1}/{len(page.data)}")
            else:
                self.send_response(200)
            rest = page.data[start:]
            if page.etag:
                self.send_header("ETag", page.etag)
            self.send_header("Content-Type", page.kind)
            self.send_header("Content-Length", str(len(rest) if page.length is None else page.length))
            self.end_headers()
            if page.breaks_after:
                rest = rest[: page.breaks_after.pop(0)]
            for index in range(0, len(rest), 20_000):
                if self.command != "HEAD":
                    page.before(index)
                    self.wfile.write(rest[index : index + 20_000])

    server = _Server(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
