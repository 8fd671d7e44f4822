"""Functions that a test gives to `pipeline.workers.spread`; its processes import them from here."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from toolkit.errors import DataError
from toolkit.events import Noted, Progressed, Sink


@contextlib.contextmanager
def doubled(tell: Sink) -> Iterator[Callable[[Sequence[int]], list[tuple[int, int]]]]:
    """Doubles numbers, and says in which process; tells of each, and at the end."""

    def perform(numbers: Sequence[int]) -> list[tuple[int, int]]:
        tell(Progressed("bo", len(numbers), 2 * len(numbers)))
        return [(2 * number, os.getpid()) for number in numbers]

    yield perform
    tell(Noted("closed"))


@contextlib.contextmanager
def refusing(tell: Sink) -> Iterator[Callable[[Sequence[int]], None]]:
    """Finds that 7 is no good."""

    def perform(numbers: Sequence[int]) -> None:
        if 7 in numbers:
            raise DataError("7: is no good")

    yield perform


@contextlib.contextmanager
def dying(folder: Path, always: int, tell: Sink) -> Iterator[Callable[[Sequence[int]], list[int]]]:
    """Dies over each number once, and over `always` each time."""

    def perform(numbers: Sequence[int]) -> list[int]:
        for number in numbers:
            once = folder / str(number)
            if number == always or not once.exists():
                once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return list(numbers)

    yield perform


@contextlib.contextmanager
def waiting(folder: Path, tell: Sink) -> Iterator[Callable[[Sequence[int]], None]]:
    """Waits in vain; leaves a file `kept` when it is stopped."""

    def perform(numbers: Sequence[int]) -> None:
        (folder / f"begun-{os.getpid()}").touch()
        for _ in range(600):
            time.sleep(0.1)

    try:
        yield perform
    finally:
        (folder / f"kept-{os.getpid()}").touch()
