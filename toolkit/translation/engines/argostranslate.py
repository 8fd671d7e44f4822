"""The engine `argostranslate`: Argos Translate itself, with its own sentence splitter, its own pivots and its own packages,
for people who have it and for comparing. The extra `argos` brings it; nothing of it is imported unless it is named.

Its splitter, MiniSBD, fetches a model of its own when it is first used, unless the package holds one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from toolkit.errors import EngineFailed
from toolkit.files import printable
from toolkit.models import argos
from toolkit.units import Abilities, Answer, Engine, Identity, LanguagePair, Match, Request

INSTALL = "pip install 'lokta[argos]'"
_DISTRIBUTIONS = ("argos-translate-lt", "argostranslate")


class ArgosTranslate(Engine):
    """Argos Translate for one pair; `translate` raises EngineFailed for whatever goes wrong inside."""

    name = "argostranslate"
    abilities = Abilities(grain="unit", independent=True)

    def __init__(self, pair: LanguagePair) -> None:
        self.pair = pair

    @cached_property
    def identities(self) -> frozenset[Identity]:
        """The library's version; which of its packages serve a pair it decides itself."""
        for name in _DISTRIBUTIONS:
            try:
                return frozenset((Identity(self.name, f"{name}@{version(name)}"),))
            except PackageNotFoundError:
                continue
        return frozenset((Identity(self.name),))

    @cached_property
    def translation(self) -> Any:
        """The library's translation of the pair, direct or through others; None where it has none."""
        argos.refuse_twins()
        from argostranslate import translate

        codes = [argos.code(tag) for tag in self.pair]
        source, target = (translate.get_language_from_code(code) for code in codes)
        return source.get_translation(target) if source is not None and target is not None else None

    def load(self) -> None:
        """Import the library."""
        _ = self.translation

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """One paragraph after the other, as the library translates it."""
        (made,) = self.identities
        for request in requests:
            try:
                target = self.translation.translate(request.source)
            except Exception as error:  # it raises whatever its splitter, the network or the package makes of it
                said = printable(f"{type(error).__name__}: {error}")
                raise EngineFailed(f"argostranslate stopped: {said}; the same command goes on") from None
            yield Match(target, "mt", self.name, None, made.model)


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("argostranslate") is not None
