"""The translation memory as an engine among others, for `--engine memory` and for comparing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from toolkit.memory.store import Near
from toolkit.units import Abilities, Answer, Engine, LanguagePair, Match, Request

Find = Callable[[str, LanguagePair], Sequence[Near]]


class Memory(Engine):
    """An engine that answers with the approved translation of exactly the same text, or else with None."""

    name = "memory"
    abilities = Abilities(grain="unit", independent=True, codes="kept", checked=True, verbatim=True, processes=True)

    def __init__(self, find: Find = lambda text, pair: ()) -> None:
        """`find` gives what is approved for a text, the best first (`MemoryStore.exact`)."""
        self._find = find

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """For each request a `tm` match, whose origin is the article it comes from, or None."""
        for request in requests:
            best = next(iter(self._find(request.source, pair)), None)
            yield Match(best.target, "tm", best.origin, best.score) if best else None
