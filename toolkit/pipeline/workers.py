"""Does the items of a job in several processes (`-j N`).

Each process takes one share of the items after another until none is left. A process that dies is replaced, and the items of
its share are done again, one by one; an item over which a second process dies is left out and named.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from toolkit.errors import EngineFailed, LoktaError
from toolkit.events import Cancellation, Event, Progressed, Sink, ignore

Item = TypeVar("Item")
Result = TypeVar("Result")

Prepare = Callable[[Sink], AbstractContextManager[Callable[[Sequence[Item]], Result]]]
"""Makes the function that does a share of the items, and closes at the end what that needs. It is pickled: a function of a
module, or a `functools.partial` of one."""

_SHARES = 8
"""Shares for each process, so that all of them end at about the same time."""
_LARGEST_SHARE = 64
_SECONDS_TO_STOP = 15.0


def spread(
    prepare: Prepare[Item, Result],
    items: Sequence[Item],
    jobs: int,
    tell: Sink = ignore,
    cancellation: Cancellation | None = None,
) -> list[Result]:
    """Do all items in `jobs` processes; the results of the shares, in the order of the items.

    Events of the processes go to `tell`, progress added up. Raises what the function raises in a process, Stopped when the
    job was cancelled, and EngineFailed at the end where processes died twice over an item.
    """
    size = max(1, min(_LARGEST_SHARE, -(-len(items) // (jobs * _SHARES))))
    shares = deque((at, tuple(items[at : at + size])) for at in range(0, len(items), size))
    results: dict[int, Result] = {}
    deaths: Counter[int] = Counter()
    together = _Together(tell)
    workers: list[_Worker[Item]] = []
    try:
        while shares or any(worker.share for worker in workers):
            while shares and len(workers) < jobs:
                workers.append(_Worker(prepare))
            for worker in workers:
                if shares and not worker.share:
                    worker.give(*shares.popleft())
            (cancellation or Cancellation()).check()
            for worker in _speaking(workers):
                try:
                    kind, said = worker.read()
                except (EOFError, OSError):
                    workers.remove(worker)
                    shares.extendleft(reversed(_again(worker, deaths)))
                    continue
                if kind == "event":
                    together.tell(worker, said, bool(shares))
                elif kind == "failed":
                    raise said
                else:
                    results[worker.at] = said
                    worker.share = ()
        for worker in workers:
            for event in worker.finish():
                together.tell(worker, event, False)
    finally:
        for worker in workers:
            worker.stop()
    if lost := [items[at] for at, count in deaths.items() if count > 1]:
        raise EngineFailed(
            f"a process died twice over {', '.join(map(str, lost))}; the rest is done, and the same command goes on"
        )
    return [results[at] for at in sorted(results)]


def _speaking(workers: Sequence[_Worker[Item]]) -> list[_Worker[Item]]:
    """The workers that have said something, or have died, within a fifth of a second."""
    ready = wait([worker.connection for worker in workers], 0.2)
    return [worker for worker in workers if worker.connection in ready]


def _again(worker: _Worker[Item], deaths: Counter[int]) -> list[tuple[int, tuple[Item, ...]]]:
    """What is left to do of a dead worker's share, item by item; counts a death for the item if there was one alone."""
    if len(worker.share) == 1:
        deaths[worker.at] += 1
        if deaths[worker.at] > 1:
            return []
    return [(worker.at + number, (item,)) for number, item in enumerate(worker.share)]


class _Worker(Generic[Item]):
    """One process, and the share that it works on."""

    def __init__(self, prepare: Prepare[Item, Any]) -> None:
        context = get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, prepare), daemon=True)
        self.process.start()
        theirs.close()
        self.at = 0
        """The place of the share's first item among all items."""
        self.share: tuple[Item, ...] = ()
        """Empty: it waits."""

    def give(self, at: int, share: tuple[Item, ...]) -> None:
        """Have a share done."""
        self.at, self.share = at, share
        with contextlib.suppress(OSError):  # it died; reading says so
            self.connection.send(share)

    def read(self) -> tuple[str, Any]:
        """What it says next: an event, a share's result, or what was raised. Raises EOFError where it died."""
        said: tuple[str, Any] = self.connection.recv()
        return said

    def finish(self) -> list[Event]:
        """Let it close what it has open, and end; what it still had to tell."""
        events = []
        with contextlib.suppress(EOFError, OSError):
            self.connection.send(None)
            while True:
                kind, said = self.read()
                if kind == "failed":
                    raise said
                events.append(said)
        return events

    def stop(self) -> None:
        """End it as Ctrl-C does, so that it keeps what it has; kill it where it does not end."""
        self._interrupt()
        self.connection.close()
        self.process.join(_SECONDS_TO_STOP)
        self._interrupt()  # a signal that comes right before a system call is seen after it
        self.process.join(_SECONDS_TO_STOP)
        self.process.kill()
        self.process.join()

    def _interrupt(self) -> None:
        if self.process.is_alive() and self.share and self.process.pid and os.name == "posix":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.process.pid, signal.SIGINT)


class _Together:
    """Hands on what workers tell; their progress in a language is added up."""

    def __init__(self, tell: Sink) -> None:
        self._tell = tell
        self._latest: dict[tuple[int, str], Progressed] = {}

    def tell(self, worker: _Worker[Any], event: Event, more: bool) -> None:
        """Hand on an event; `more`: shares are left that no worker has begun."""
        if isinstance(event, Progressed):
            target = event.target_language
            self._latest[id(worker), target] = event
            each = [one for (_, tag), one in self._latest.items() if tag == target]
            event = Progressed(target)
            for one in each:
                event = one.after(event)
            waits = [one.seconds_left for one in each if one.seconds_left is not None]
            speed = sum(one.tokens_per_second for one in each)
            event = replace(event, seconds_left=max(waits, default=None), tokens_per_second=speed, more=more)
        self._tell(event)


def _work(connection: Connection, prepare: Prepare[Any, Any]) -> None:
    """The process: does share after share, until there is no other or nobody listens any more."""
    if os.name == "posix":
        os.setsid()  # Ctrl-C is for the command alone, which stops its workers
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for commands in the background
    with contextlib.suppress(KeyboardInterrupt, EOFError, OSError):
        try:
            with prepare(lambda event: connection.send(("event", event))) as perform:
                while (share := connection.recv()) is not None:
                    connection.send(("done", perform(share)))
        except LoktaError as error:
            connection.send(("failed", error))
        except (EOFError, OSError):
            raise
        except Exception as error:
            connection.send(("failed", RuntimeError(f"{type(error).__name__}: {error}")))
