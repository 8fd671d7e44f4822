"""Approved translations of similar texts, which a language model is shown before the text at hand.

They are chosen from what was approved before the run, so that an interrupted run goes on with the same ones. A draft that
exists is not made again because somebody approved a better example meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from toolkit.units import LanguagePair, fold


class Similar(NamedTuple):
    """An approved pair, and how much its source is like the text that was asked for."""

    source: str
    target: str
    score: float
    """Percent, 0 to 100."""


class Memory(Protocol):
    """What knows approved pairs, without inline codes."""

    def similar(self, text: str, pair: LanguagePair, limit: int, least: float) -> Iterable[Similar]:
        """At least the `limit` most similar pairs of `least` percent or more, in any order."""


LEAST = 30.0
"""Percent from which a pair is shown. chrF2 of 60 sentences by Gemma 3 270M (benchmarks/examples.py): 26.8 with the five most
similar pairs whatever their likeness, 27.4 with those of 30 percent or more. Unlike ones help no more than a family's own
examples do (15.2, 13.9)."""
_SPARE = 8
"""Pairs looked at beyond those that are wanted: the text itself may be among them, or one text twice."""


def examples_for(text: str, pair: LanguagePair, most: int, memory: Memory) -> tuple[tuple[str, str], ...]:
    """The `most` approved pairs whose sources are most like a text, source and target, the most similar one last.

    The text itself is never its own example: that is a match of the memory. Of several pairs of one source the first by
    its target is taken, and equal scores are ordered by the source, so that the same memory gives the same examples.
    """
    own = fold(text)
    found: dict[str, Similar] = {}
    for one in _ranked(memory.similar(text, pair, most + _SPARE, LEAST)):
        key = fold(one.source)
        if key != own and one.source.strip() and one.target.strip() and one.score >= LEAST:
            found.setdefault(key, one)
    return tuple((one.source, one.target) for one in reversed([*found.values()][:most]))


def _ranked(found: Iterable[Similar]) -> Sequence[Similar]:
    return sorted(found, key=lambda one: (-one.score, one.source, one.target))
