"""Who may ask the review server: the browser that was given the start address, and nobody else on the machine or the web."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs

from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 2 * 2**20
"""Bytes of a request's body."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_READS = ("GET", "HEAD")


class Guard:
    """Lets through what comes from this page itself: the exact Host, for changes the exact Origin, and the cookie that the
    start address with its token is exchanged for. Bodies are limited, and every answer has the headers of a strict page."""

    def __init__(self, app: ASGIApp, host: str, token: str) -> None:
        self.app = app
        self.host = host
        """`127.0.0.1:PORT`."""
        self.token = token
        self.cookie = f"lokta-{host.rpartition(':')[2]}"
        """Cookies do not know ports, so their name has to."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                more = ((name.encode(), said.encode()) for name, said in _HEADERS.items() if name.encode() not in given)
                message = {**message, "headers": [*message["headers"], *more]}
            await send(message)

        headers = {name.decode("latin-1").lower(): said.decode("latin-1") for name, said in scope["headers"]}
        why = self._refusal(scope["method"], headers)
        if why:
            await PlainTextResponse(why, 403)(scope, receive, with_headers)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("t", [""])[0]
        if scope["path"] == "/" and asked:
            await self._start(asked)(scope, receive, with_headers)
            return
        # As browsers mean cookies: those of other programs on this machine come too, and may break the grammar.
        said = cookie_parser(headers.get("cookie", "")).get(self.cookie, "")
        if not secrets.compare_digest(said.encode(), self.token.encode()):
            line = "open the address that `lokta review` printed"
            await PlainTextResponse(line, 403)(scope, receive, with_headers)
            return
        if not headers.get("content-length", "0").isdecimal() or int(headers.get("content-length", "0")) > LIMIT:
            await PlainTextResponse("too large", 413)(scope, receive, with_headers)
            return
        await self.app(scope, _limited(receive), with_headers)

    def _refusal(self, method: str, headers: dict[str, str]) -> str:
        """Why a request is not answered at all; empty: it is."""
        if headers.get("host") != self.host:
            return "unknown host"
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return "asked from another site"
        if method not in _READS and headers.get("origin") != f"http://{self.host}":
            return "asked from another origin"
        return ""

    def _start(self, token: str) -> PlainTextResponse | RedirectResponse:
        """The answer to the start address: the cookie."""
        if not secrets.compare_digest(token.encode(), self.token.encode()):
            return PlainTextResponse("this address is of an earlier run; open the one that `lokta review` printed", 403)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict", path="/")
        return answer


class TooLarge(Exception):
    """A body went on beyond the limit."""


def _limited(receive: Receive) -> Receive:
    """The body as it comes, up to the limit."""
    seen = 0

    async def read() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LIMIT:
            raise TooLarge
        return message

    return read
