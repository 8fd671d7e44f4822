"""An engine that takes background and a second source, and whose draft depends on every word that it was given.

As an installed package brings it: `register(folder)` writes the entry point for a command line that runs there.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from toolkit.translation import Options
from toolkit.translation.identity import Identity
from toolkit.translation.table import guarded
from toolkit.units import Answer, Engine, Match, Refusal, Request

_WORDS = {"bo": "བཀྲ་ཤིས་བདེ་ལེགས་ཞུ། ", "zh-Hans": "你好，这是译文"}


class Echo:
    """Refuses where source or second source holds `bad` or 坏; else greets, and adds a number made of all that it was asked."""

    name = "echo"
    label = ""

    def __init__(
        self,
        grain: Literal["sentence", "unit"] = "unit",
        *,
        model: str = "m",
        seconds: Sequence[str] = ("zh-Hans", "de"),
        background: Sequence[str] = ("title",),
        window: int = 0,
    ) -> None:
        self.grain: Literal["sentence", "unit"] = grain
        self.model = model
        self.seconds = frozenset(seconds)
        self.background = frozenset(background)
        self.independent = not window
        self.window = window or 1
        self.fingerprint = f"echo {model}"
        self.identities = frozenset((Identity(self.name, model),))
        self.asked: list[Request] = []

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """One answer each; with a window, each depends on all that is asked with it."""
        if self.independent:
            yield from (self._answer(request, [request], target_language) for request in requests)
            return
        mates = list(requests)
        yield from (self._answer(request, mates, target_language) for request in mates)

    def _answer(self, request: Request, mates: Sequence[Request], target_language: str) -> Answer:
        self.asked.append(request)
        if "bad" in request.source or "坏" in request.second_source:
            return Refusal(self.name, self.model, "it is bad")
        said = f"{_WORDS[target_language]}{zlib.crc32(repr((request, mates)).encode())}"
        return Match(f"{said}。" if target_language == "zh-Hans" else said, "mt", self.name, -0.1, self.model)


def make(model: str, source_language: str, target_language: str, options: Options) -> Engine:
    """`echo/MODEL`; `echo/sentences` wants sentences, `echo/deaf` takes no second source."""
    engine = Echo(
        "sentence" if model == "sentences" else "unit",
        model=model or "m",
        seconds=() if model == "deaf" else ("zh-Hans",),
    )
    return guarded(engine, options)


def register(folder: Path) -> None:
    """Makes `--engine echo` known to a `lokta` that runs in this folder."""
    package = folder / "echo_engine-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: echo-engine\nVersion: 1\n", encoding="utf-8")
    (package / "entry_points.txt").write_text("[lokta.engines]\necho = tests.support.echo:make\n", encoding="utf-8")
