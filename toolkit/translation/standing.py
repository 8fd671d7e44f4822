"""How far a job has come, and how long the rest will take by what was measured in this very run.

A text counts by its letters: headings and long paragraphs differ by a factor of fifty. What the draft cache answers takes no
time and says nothing of the model's, so it counts as done but not as measured, and as no work where it is still to come.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from toolkit.units import Answer, Refusal

_SECONDS, _TEXTS = 3.0, 3
"""What has to be measured before there is ground for a forecast, where no earlier run gives one."""
_TRUST = 5.0
"""Seconds that the speed of earlier runs weighs: so much work of this run counts as much as all of theirs."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A moment of a job."""

    done: int = 0
    total: int = 0
    """Texts; each distinct one counts once."""
    read: int = 0
    characters: int = 0
    """Of the source: in the texts done, in all."""
    refused: int = 0
    left: float | None = None
    """Seconds that the rest will take; None while there is no ground to say."""
    speed: float = 0.0
    """Tokens a second in this run; 0 where the engine does not count them."""
    loading: str = ""
    """The model whose files are being read now."""
    more: bool = False
    """Further articles, which nobody has read yet, come on top of this."""

    def after(self, other: Standing) -> Standing:
        """This one of a second part, with what the first came to counted in; speed and time are the second's."""
        return replace(
            self,
            done=other.done + self.done,
            total=other.total + self.total,
            read=other.read + self.read,
            characters=other.characters + self.characters,
            refused=other.refused + self.refused,
        )


Progress = Callable[[Standing], None]
"""Called when a text is answered, and before a model is loaded."""


class Meter:
    """Takes the times of a job's answers."""

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

    @property
    def standing(self) -> Standing:
        """How it stands now."""
        tokens = self._produced() - self._tokens
        return Standing(
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
