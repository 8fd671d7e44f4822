"""How far a job has come, and how long the rest will take by what was measured in this very run.

A text counts by its characters: headings and long paragraphs differ by a factor of fifty. What the draft cache answers takes
no time and says nothing of the model's speed, so it counts as done but not as measured, and as no work to come.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from toolkit.events import Progressed
from toolkit.units import Answer, Refusal

_SECONDS, _TEXTS = 3.0, 3
"""What has to be measured before there is ground for an estimate, where no earlier run gives one."""
_TRUST = 5.0
"""Seconds that the speed of earlier runs weighs: so much work of this run counts as much as all of theirs."""


class Meter:
    """Measures a job's answers."""

    def __init__(
        self,
        sizes: Mapping[int, int],
        asked: Collection[int],
        earlier: float | None = None,
        produced: Callable[[], int] = int,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`sizes` are the characters of all texts by number, `asked` the numbers of those that a model has to be asked for.

        `earlier` is the speed of earlier runs in characters a second, `produced` gives the tokens so far.
        """
        self._sizes = sizes
        self._asked = frozenset(asked)
        self._earlier = earlier
        self._produced = produced
        self._now = now
        self._total = sum(sizes.values())
        self._open = sum(sizes[number] for number in asked)
        self._done = self._read = self._refused = 0
        self._texts = self._measured = 0
        self._waiting: list[int] = []
        self._seconds = 0.0
        self._tokens = produced()
        self._last = now()

    def start(self) -> None:
        """The model is loaded: from here on the time is its own."""
        self._last = self._now()

    def answered(self, number: int, answer: Answer, settled: bool = True) -> None:
        """Note an answer; `settled`: those of its window are all in, so that the time can be set against them."""
        size = self._sizes[number]
        self._done += 1
        self._read += size
        self._refused += isinstance(answer, Refusal)
        if number in self._asked:
            self._waiting.append(size)
            self._open -= size
        now = self._now()
        if settled:
            if self._waiting:
                self._texts += len(self._waiting)
                self._measured += sum(self._waiting)
                self._seconds += now - self._last
                self._waiting = []
            self._last = now

    def progress(self, target_language: str) -> Progressed:
        """How far the job has come."""
        tokens = self._produced() - self._tokens
        return Progressed(
            target_language,
            self._done,
            len(self._sizes),
            self._read,
            self._total,
            self._refused,
            self._left(),
            tokens / self._seconds if self._seconds else 0.0,
        )

    def _left(self) -> float | None:
        if not self._open:
            return 0.0
        pace = self._seconds / self._measured if self._measured else 0.0
        if self._earlier:
            share = self._seconds / (self._seconds + _TRUST)
            return self._open * (share * pace + (1 - share) / self._earlier)
        return self._open * pace if self._seconds >= _SECONDS and self._texts >= _TEXTS else None
