"""Useless drafts become refusals, for engines that do not check their drafts themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from toolkit.quality.refusal import checked
from toolkit.translation.wrappers.base import Wrapper, paired
from toolkit.units import Answer, Engine, LanguagePair, Request


class Checked(Wrapper):
    """Turns the drafts that fail a quality check into refusals that say which."""

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner, checked=True)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """The inner engine's answers, the useless ones as a Refusal."""
        with closing(paired(requests, lambda taken: self.inner.translate(taken, pair))) as pairs:
            for request, answer in pairs:
                yield checked(request, answer, pair.target)
