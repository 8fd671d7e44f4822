"""A LibreTranslate server, asked for lists of sentences: as many at once as its limits allow, each answer in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any, Literal

from toolkit.errors import NoModel
from toolkit.files import printable
from toolkit.language import language
from toolkit.models import argos
from toolkit.remotes import Remote
from toolkit.translation.identity import Identity
from toolkit.translation.remote import Client, Rejected
from toolkit.translation.sending import Sending
from toolkit.units import Answer, Match, Refusal, Request

_WINDOW = 32
"""Sentences that are remembered together."""
_LETTERS = 5000
"""In one request, where the server names no limit of its own."""


class LibreTranslate:
    """The engine `libretranslate` on one server, which is first asked when there is something to translate."""

    name = "libretranslate"
    grain: Literal["sentence", "unit"] = "sentence"
    independent = True
    window = _WINDOW

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.client = Client(remote, bearer=False)
        self._most = 0
        """Letters in one request; 0: not asked yet."""

    @cached_property
    def model(self) -> str:
        """What drafts are signed with: the server, and its version if it says one."""
        try:
            said = self.client.get("/spec")
        except Rejected:
            said = {}
        info = said.get("info") if isinstance(said, dict) else None
        version = info.get("version") if isinstance(info, dict) else None
        return f"{self.remote.host}@{printable(version)[:40]}" if isinstance(version, str) else self.remote.host

    @property
    def fingerprint(self) -> str:
        """The server, and its version."""
        return f"{self.name} {self.remote.url} {self.model}"

    @property
    def identities(self) -> frozenset[Identity]:
        """The one identity of this engine."""
        return frozenset((Identity(self.name, self.model),))

    def sending(self, requests: Sequence[Request], source_language: str, target_language: str) -> Sending:
        """Every sentence as it is, and nothing else."""
        return Sending(self.remote, len(requests), "sentences", sum(len(request.source) for request in requests))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answer in windows. Raises NoModel where the server lacks the pair, EngineFailed where it cannot go on."""
        waiting = iter(requests)
        while window := list(islice(waiting, self.window)):
            pair = self._pair(source_language, target_language)
            for batch in self._batches([request.source for request in window]):
                yield from self._ask(batch, *pair)

    def _ask(self, texts: list[str], source: str, target: str) -> list[Answer]:
        """The answers to one request, or to two of half its size where the server finds it too large or loses count."""
        key = {"api_key": self.client.secret} if self.client.secret else {}
        try:
            said = self.client.post(
                "/translate", {"q": texts, "source": source, "target": target, "format": "text", **key}
            )
        except Rejected as error:
            if "api key" in error.said.lower():
                raise self.client.unauthorised(str(error.status)) from None
            if error.status != 413 and "exceeds" not in error.said:
                raise
            if len(texts) == 1:
                return [Refusal(self.name, self.model, "longer than the server takes")]
            self._most = min(self._most, max(sum(map(len, texts)) // 2, 1))
            return self._halves(texts, source, target)
        found = said.get("translatedText") if isinstance(said, dict) else None
        found = [found] if isinstance(found, str) else found
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            raise self.client.failed("answers in another form than LibreTranslate does; check url")
        if len(found) != len(texts):
            if len(texts) == 1:
                raise self.client.failed(f"gave {len(found)} answers to one sentence")
            return self._halves(texts, source, target)
        return [Match(one.strip(), "mt", self.name, model=self.model) for one in found]

    def _halves(self, texts: list[str], source: str, target: str) -> list[Answer]:
        half = len(texts) // 2
        return self._ask(texts[:half], source, target) + self._ask(texts[half:], source, target)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """As many at once as the server takes; one that is too long for it alone, alone."""
        batch: list[str] = []
        for text in texts:
            if batch and sum(map(len, batch)) + len(text) > self._limit():
                yield batch
                batch = []
            batch.append(text)
        if batch:
            yield batch

    def _limit(self) -> int:
        if not self._most:
            try:
                said = self.client.get("/frontend/settings")
            except Rejected:
                said = {}
            most = said.get("charLimit") if isinstance(said, dict) else None
            self._most = most if type(most) is int and most > 0 else _LETTERS
        return self._most

    def _pair(self, source_language: str, target_language: str) -> tuple[str, str]:
        """The server's own codes; NoModel, in one line, where it lacks the pair."""
        lacks = f"{self.name}: {self.remote.origin} has no {source_language} -> {target_language}"
        source = _code(source_language, self._offered)
        if source is None:
            raise NoModel(f"{lacks}; it translates from {_few(self._offered)}")
        target = _code(target_language, self._offered[source])
        if target is None:
            raise NoModel(f"{lacks}; from {source} it translates into {_few(self._offered[source])}")
        return source, target

    @cached_property
    def _offered(self) -> dict[str, list[str]]:
        """Source code -> target codes."""
        said = self.client.get("/languages")
        try:
            return {str(one["code"]): [str(code) for code in one["targets"]] for one in said}
        except (KeyError, TypeError):
            raise self.client.failed("answers in another form than LibreTranslate does; check url") from None


def _code(tag: str, codes: Iterable[str]) -> str | None:
    """The code among `codes` that means this language: older servers say `zh` and `zt`, newer ones `zh-Hans` and `zh-Hant`."""
    known = {code.lower(): code for code in codes}
    spoken = language(tag)
    wanted = [tag, argos.code(tag), *(name for name in spoken.fallbacks if name not in ("default", "zh"))]
    return next((known[name.lower()] for name in wanted if name.lower() in known), None)


def _few(codes: Any) -> str:
    shown = printable(", ".join(sorted(codes)[:40]))
    return shown or "nothing"
