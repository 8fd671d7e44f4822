"""What a wrapper passes on of the engine inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from toolkit.translation.identity import Identity, identities
from toolkit.units import Answer, Engine, Request


class Wrapper:
    """An engine around one engine."""

    def __init__(self, inner: Engine) -> None:
        self.inner = inner
        self.name = inner.name
        self.grain: Literal["sentence", "unit"] = inner.grain
        self.independent: bool = getattr(inner, "independent", False)
        self.window: int = getattr(inner, "window", 1)
        self.label: str = getattr(inner, "label", "")
        self.markers: bool = getattr(inner, "markers", True)

    @property
    def identities(self) -> frozenset[Identity]:
        """Who may have made a draft; asked only when one has to be recognised (it reads the model's files)."""
        return identities(self.inner)

    @property
    def fingerprint(self) -> str:
        """What the inner engine's answers depend on; empty where it does not say."""
        return str(getattr(self.inner, "fingerprint", ""))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The inner engine's answers."""
        return self.inner.translate(requests, source_language, target_language)
