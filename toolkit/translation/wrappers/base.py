"""What a wrapper passes on of the engine inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
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
        self.background = background(inner)
        self.seconds = seconds(inner)

    @property
    def identities(self) -> frozenset[Identity]:
        """Who may have made a draft; asked only when one has to be recognised (it reads the model's files)."""
        return identities(self.inner)

    @property
    def fingerprint(self) -> str:
        """What the inner engine's answers depend on; empty where it does not say."""
        return str(getattr(self.inner, "fingerprint", ""))

    @property
    def tokens(self) -> int:
        """What the inner engine produced so far; 0 where it does not count."""
        return tokens(self.inner)

    def load(self) -> None:
        """Read the inner engine's model, if it has one to read."""
        load(self.inner)

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The inner engine's answers."""
        return self.inner.translate(requests, source_language, target_language)


def background(engine: Engine) -> frozenset[str]:
    """Which of `title`, `before` and `after` an engine wants."""
    return frozenset(getattr(engine, "background", ()))


def seconds(engine: Engine) -> frozenset[str]:
    """The languages in which an engine takes a second source."""
    return frozenset(getattr(engine, "seconds", ()))


def tokens(engine: Engine) -> int:
    """The tokens that an engine produced since it was made; 0 for one that does not count them."""
    return int(getattr(engine, "tokens", 0))


def load(engine: Engine) -> None:
    """Have an engine read its model now, and not with its first answer. Raises what `translate` would."""
    getattr(engine, "load", lambda: None)()


def fitted(request: Request, engine: Engine) -> Request:
    """The request without the background and the second source that this engine takes no notice of.

    So that what another engine wants does not make two questions of one.
    """
    gone = dict.fromkeys({"title", "before", "after"} - background(engine), "")
    if request.second_language not in seconds(engine):
        gone |= {"second_source": "", "second_language": ""}
    return replace(request, **gone)  # type: ignore[arg-type]
