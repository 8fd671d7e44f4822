"""A LibreTranslate server, asked for lists of sentences: as many at once as its limits allow, each answer in its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from toolkit.errors import NoModel
from toolkit.files import printable
from toolkit.language import language
from toolkit.models import argos
from toolkit.remotes import Remote
from toolkit.remotes.client import Client, Rejected
from toolkit.translation.engines.model_engine import ModelEngine
from toolkit.translation.inference import Model, Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.units import Abilities, LanguagePair, Request, Sending

_WINDOW = 32
"""Sentences whose answers are kept together."""
_CHARACTERS = 5000
"""In one call, where the server names no limit of its own."""


class TranslateServer(Model):
    """A LibreTranslate server."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.client = Client(remote, bearer=False)
        self._most = 0
        """Characters in one call; 0: not asked yet."""

    @property
    def name(self) -> str:
        """The server, and its version."""
        return f"libretranslate {self.signature}"

    @property
    def fingerprint(self) -> str:
        """The server, and its version."""
        return f"libretranslate {self.remote.url} {self.signature}"

    @cached_property
    def signature(self) -> str:
        """The server, and its version if it says one."""
        try:
            said = self.client.get("/spec")
        except Rejected:
            said = {}
        info = said.get("info") if isinstance(said, dict) else None
        version = info.get("version") if isinstance(info, dict) else None
        return f"{self.remote.host}@{printable(version)[:40]}" if isinstance(version, str) else self.remote.host

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """As many sentences in a call as the server takes; all questions are of one pair. Raises NoModel where the server
        lacks it, EngineFailed where it cannot go on."""
        pair = self._codes(questions[0].pair)
        batches = self._batches([question.text for question in questions])
        return [output for batch in batches for output in self._translate(batch, *pair)]

    def _translate(self, texts: list[str], source: str, target: str) -> list[Output]:
        """The answers to one call, or to two of half its size where the server finds it too large or loses count."""
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
                return [Output(failed="longer than the server takes")]
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
        return [Output(one) for one in found]

    def _halves(self, texts: list[str], source: str, target: str) -> list[Output]:
        half = len(texts) // 2
        return self._translate(texts[:half], source, target) + self._translate(texts[half:], source, target)

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
            self._most = most if type(most) is int and most > 0 else _CHARACTERS
        return self._most

    def _codes(self, pair: LanguagePair) -> tuple[str, str]:
        """The server's own codes; NoModel, in one line, where it lacks the pair."""
        lacks = f"libretranslate: {self.remote.origin} has no {pair}"
        source = _code(pair.source, self._offered)
        if source is None:
            raise NoModel(f"{lacks}; it translates from {_few(self._offered)}")
        target = _code(pair.target, self._offered[source])
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


class LibreTranslate(ModelEngine):
    """The engine `libretranslate` on one server, which is first asked when there is something to translate."""

    name = "libretranslate"
    abilities = Abilities(independent=True, window=_WINDOW, checked=True)

    def __init__(self, remote: Remote, options: Options, resources: Resources | None = None) -> None:
        self.remote = remote
        self.server = TranslateServer(remote)
        super().__init__((resources or Resources()).model(("libretranslate", remote), lambda: self.server), options.raw)

    @property
    def signature(self) -> str:
        """The server, and its version."""
        return self.server.signature

    def question(self, request: Request, pair: LanguagePair) -> Question:
        """The sentence as it is."""
        return Question(request.source, {"pair": [*pair]}, pair, request.source, request.fresh)

    def sending(self, requests: Sequence[Request], pair: LanguagePair) -> Sending:
        """Every sentence as it is, and nothing else."""
        return self.remote.sending(len(requests), "sentences", sum(len(request.source) for request in requests))


def _code(tag: str, codes: Iterable[str]) -> str | None:
    """The code among `codes` that means this language: older servers say `zh` and `zt`, newer ones `zh-Hans` and `zh-Hant`."""
    known = {code.lower(): code for code in codes}
    spoken = language(tag)
    wanted = [tag, argos.code(tag), *(name for name in spoken.fallbacks if name not in ("default", "zh"))]
    return next((known[name.lower()] for name in wanted if name.lower() in known), None)


def _few(codes: Any) -> str:
    shown = printable(", ".join(sorted(codes)[:40]))
    return shown or "nothing"
