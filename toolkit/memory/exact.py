"""Translation memory of exact matches: approved translations from the project's catalogs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from toolkit.units import Abilities, Answer, Catalog, Engine, LanguagePair, Match, Request, State


@dataclass(frozen=True, slots=True)
class _Approved:
    """The approved translation of one source."""

    target: str
    origin: str
    """The article that it comes from."""
    rank: tuple[bool, bool, str]
    """Whether the unit is still in the article, whether its review is signed, the review's date; the greatest is offered."""


class Memory(Engine):
    """An engine that answers with the approved translation of exactly the same text (compared in NFC), or else with None.

    Of several translations of one source it offers: one that is not obsolete, then one whose review is signed, then
    the latest review; of equals the first one read.
    """

    name = "memory"
    abilities = Abilities(grain="unit", independent=True, codes="kept", checked=True, verbatim=True, processes=True)

    def __init__(self, catalogs: Iterable[Catalog] = ()) -> None:
        """The memory of these catalogs; units that nobody has approved are left out."""
        self._entries: dict[tuple[LanguagePair, str], _Approved] = {}
        for catalog in catalogs:
            for unit in catalog.units:
                if not (unit.state.approved and unit.source):
                    continue
                review = unit.line("reviewed")
                rank = (not unit.obsolete, unit.state is State.REVIEWED, review.get("date") if review else "")
                self._add((catalog.pair, _key(unit.source)), _Approved(unit.target, catalog.article, rank))

    @classmethod
    def joined(cls, memories: Iterable[Memory]) -> Memory:
        """One memory of several, as if their catalogs had been read one after the other."""
        whole = cls()
        for memory in memories:
            for key, entry in memory._entries.items():
                whole._add(key, entry)
        return whole

    def pairs(self, pair: LanguagePair) -> Iterator[tuple[str, str]]:
        """The approved pairs of texts."""
        return ((source, entry.target) for (languages, source), entry in self._entries.items() if languages == pair)

    def _add(self, key: tuple[LanguagePair, str], entry: _Approved) -> None:
        old = self._entries.get(key)
        if old is None or entry.rank > old.rank:
            self._entries[key] = entry

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """For each request a `tm` match of 100 percent, whose origin is the article it comes from, or None."""
        for request in requests:
            entry = self._entries.get((pair, _key(request.source)))
            yield Match(entry.target, "tm", entry.origin, 100.0) if entry else None


def _key(source: str) -> str:
    return unicodedata.normalize("NFC", source)
