"""An engine that takes background and a reference translation, and whose draft depends on every word that it was given.

As an installed package brings it: `register(folder)` writes the entry point for a command line that runs there.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from toolkit.translation.options import Options, Resources
from toolkit.units import Abilities, Answer, Engine, Identity, LanguagePair, Match, Refusal, Request

_WORDS = {"bo": "བཀྲ་ཤིས་བདེ་ལེགས་ཞུ། ", "zh-Hans": "你好，这是译文"}


class Echo(Engine):
    """Refuses where source or reference holds `bad` or 坏; else greets, and adds a number made of all that it was asked."""

    name = "echo"

    def __init__(
        self,
        grain: Literal["sentence", "unit"] = "unit",
        *,
        model: str = "m",
        reference_languages: Collection[str] = ("zh-Hans", "de"),
        background: Collection[str] = ("title",),
        window: int = 0,
    ) -> None:
        """`window`: requests whose answers depend on each other; 0: each is answered by itself."""
        self.model = model
        self.abilities = Abilities(
            grain,
            independent=not window,
            window=window or 1,
            background=frozenset(background),
            reference_languages=frozenset(reference_languages),
        )
        self.asked: list[Request] = []

    @property
    def identities(self) -> frozenset[Identity]:
        """The one model that it was made with."""
        return frozenset((Identity(self.name, self.model),))

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """One answer each; with a window, each depends on all that is asked with it."""
        if self.abilities.independent:
            yield from (self._answer(request, [request], pair) for request in requests)
            return
        mates = list(requests)
        yield from (self._answer(request, mates, pair) for request in mates)

    def _answer(self, request: Request, mates: Sequence[Request], pair: LanguagePair) -> Answer:
        self.asked.append(request)
        if "bad" in request.source or "坏" in request.reference:
            return Refusal(self.name, self.model, "it is bad")
        told = [replace(one, fresh=False) for one in (request, *mates)]
        said = f"{_WORDS[pair.target]}{zlib.crc32(repr(told).encode())}"
        return Match(
            f"{said}。" if pair.target == "zh-Hans" else said,
            "mt",
            self.name,
            -0.1,
            self.model,
            reference_language=request.reference_language if request.reference else "",
        )


def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine:
    """`echo/MODEL`; `echo/sentences` wants sentences, `echo/deaf` takes no reference translation."""
    return Echo(
        "sentence" if model == "sentences" else "unit",
        model=model or "m",
        reference_languages=() if model == "deaf" else ("zh-Hans",),
    )


def register(folder: Path) -> None:
    """Makes `--engine echo` known to a `lokta` that runs in this folder."""
    package = folder / "echo_engine-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: echo-engine\nVersion: 1\n", encoding="utf-8")
    (package / "entry_points.txt").write_text("[lokta.engines]\necho = tests.support.echo:make\n", encoding="utf-8")
