"""The approved pairs of the catalogs on disk: the same source again gets the words that a person stood behind."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from toolkit.units import Answer, Catalog, Match, Request, State, Unit


@dataclass(frozen=True, slots=True)
class _Entry:
    target: str
    origin: str
    rank: tuple[bool, bool, str]
    """In the article now, signed by name, when: the greatest is offered."""


class Memory:
    """An engine that answers with approved translations of exactly the same text (NFC), and else with None.

    Entries of one source: the living before the obsolete, the signed before the unsigned, the later review before
    the earlier; at last the first one read.
    """

    name = "memory"
    grain: Literal["sentence", "unit"] = "unit"
    independent = True
    """An answer depends on its request alone, not on what was asked beside it."""
    verbatim = True
    """Answers are taken as they are, without post-editing."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str, str], _Entry] = {}

    @classmethod
    def of(cls, catalogs: Iterable[Catalog]) -> Memory:
        """The memory of these catalogs; the units that nobody approved are left out."""
        memory = cls()
        for catalog in catalogs:
            for unit in catalog.units:
                if unit.state.approved and unit.source:
                    memory._add(unit, catalog)
        return memory

    def _add(self, unit: Unit, catalog: Catalog) -> None:
        review = unit.mark("reviewed")
        rank = (not unit.obsolete, unit.state is State.REVIEWED, review.get("date") if review else "")
        key = (catalog.source_language, catalog.target_language, _key(unit.source))
        old = self._entries.get(key)
        if old is None or rank > old.rank:
            self._entries[key] = _Entry(unit.target, catalog.article, rank)

    def __len__(self) -> int:
        return len(self._entries)

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """A `tm` match of 100 percent, or None; the origin is the article that the pair came from."""
        for request in requests:
            entry = self._entries.get((source_language, target_language, _key(request.source)))
            yield Match(entry.target, "tm", entry.origin, 100.0) if entry else None


def _key(source: str) -> str:
    return unicodedata.normalize("NFC", source)
