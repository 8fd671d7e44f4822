"""Requests to the server of a `[remote.NAME]`: JSON in, JSON out, the key in its place and in no message.

    client = Client(remote)
    client.post("/translate", {"q": ["Hi"]})    the JSON of the answer

What may pass is asked again after a wait; all else is one line that says what to do. No redirect is followed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from toolkit.errors import EngineFailed
from toolkit.files import printable
from toolkit.remotes import Remote
from toolkit.remotes.transport import Again, Failure, Reply, Session, patiently
from toolkit.tables import parse_json

_LIMIT = 8 * 2**20
"""Bytes of an answer."""
_LATER = frozenset((429, 500, 502, 503, 504))
"""Statuses that may pass."""
_MORE = "the same command goes on"
_NO_JSON = object()
_SHORTEST_KEY = 8
"""Letters; what is shorter (`x`, `ollama`) is no secret, and may stand in any text."""


class Rejected(EngineFailed):
    """The server will not answer this request however often it is asked; an engine may know a better way to ask."""

    def __init__(self, line: str, status: int, said: str) -> None:
        super().__init__(line)
        self.status = status
        self.said = said
        """The server's own words, cut short and without the key."""


class Client:
    """A server that a project opted in to; the connection is made at the first request."""

    def __init__(self, remote: Remote, bearer: bool = True) -> None:
        self.remote = remote
        self._session = Session(remote.url, remote.timeout)
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
        try:
            return patiently(lambda: self._once(method, path, body))
        except Again as error:
            raise self.failed(str(error)) from None

    def _once(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        headers = {"Accept": "application/json"}
        if self.bearer and self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        url, seconds = self.remote.url + path, self.remote.timeout
        try:
            with self._session.ask(method, url, seconds=seconds, headers=headers, body=body) as reply:
                data = reply.read(_LIMIT)
        except Failure as failure:
            raise self._failed(failure) from None
        return self._answer(reply, data, path)

    def _failed(self, failure: Failure) -> Exception:
        """What to raise where no answer came."""
        if failure.kind == "late":
            less = " or segments lower" if self.remote.kind == "chat" else ""
            way = f"set timeout higher{less} in [remote.{self.remote.name}]"
            return Again(
                f"gave no whole answer within {self.remote.timeout} seconds; if it is only slow, {way}", slow=True
            )
        if failure.kind == "large":
            return self.failed(f"answers with more than {_LIMIT >> 20} MB, which no translation takes")
        if failure.kind == "certificate":
            return self.failed("has a certificate that cannot be checked, so nothing was sent")
        if failure.kind == "broken":
            return Again("broke off in the middle of an answer")
        if failure.kind != "unreachable":
            return self.failed(str(failure))
        if failure.passing:
            return Again("cannot be reached")
        return EngineFailed(self._line("does not answer", f"start the server there, then {_MORE}"))

    def _answer(self, reply: Reply, data: bytes, path: str) -> Any:
        """The JSON of a good answer; otherwise raises what the status means."""
        status = reply.status
        if status in _LATER:
            raise Again(f"answers {status}{self._quoted(data)}", reply.wait)
        if 300 <= status < 400:
            there = urlsplit(reply.headers.get("Location", "")).netloc or "another place"
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
        found = parse_json(data, otherwise=_NO_JSON)
        if found is _NO_JSON:
            raise Rejected(self._line("answers with something else than JSON", "check url"), status, "")
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
        return self.words(parse_json(data))

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
