"""Runs `lokta` so that a test can look on, and end it at a chosen moment instead of after some time:

    python -m tests.support.watched [--asked LOG] [--moments FILE] [--kill N | --interrupt N] -- COMMAND...

A moment is a change on disk in the folder above the working directory (a file opened for writing, renamed, removed), or a
question to the language model: one before it is asked, one after it is answered. --kill ends the process at the N-th as
`kill -9` does. --interrupt is Ctrl-C at the N-th question. Each question is a line of LOG: the digest of its text, and that
of all that is said with it, which is another one for a second try; a kill leaves what was written. FILE gets the number of
moments that a whole run had.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

from toolkit.translation.apart import Apart
from toolkit.translation.inference import Output, Question

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Moments:
    """Counts moments; the process dies at the last one."""

    def __init__(self, last: int = 0) -> None:
        self._place = f"{Path.cwd().parent}{os.sep}"
        self._count = count(1)
        self._last = last
        self.passed = 0

    def passes(self) -> None:
        """A moment. Threads may have theirs at the same time."""
        self.passed = next(self._count)
        if self.passed == self._last:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """What Python tells of every call of the operating system."""
        if event == "open":
            path, mode, flags = arguments
            changes = bool(flags & _WRITING) if mode is None else bool(set(mode) & set("wax+"))
        else:
            path, changes = next(iter(arguments), ""), event in ("os.rename", "os.remove", "os.mkdir")
        if changes and isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._place):
            self.passes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--asked", type=Path)
    parser.add_argument("--moments", type=Path)
    parser.add_argument("--kill", type=int, default=0)
    parser.add_argument("--interrupt", type=int, default=0)
    parser.add_argument("command", nargs="*")
    given = parser.parse_args()
    moments = Moments(given.kill)
    if given.asked or given.interrupt:
        _overhear(given.asked, given.interrupt, moments)
    if given.kill or given.moments:
        sys.addaudithook(moments.audit)
    from toolkit.cli import main as lokta

    sys.argv = ["lokta", *given.command]
    try:
        lokta()
    finally:
        if given.moments:
            passed = moments.passed
            given.moments.write_text(f"{passed}\n")


def _overhear(log: Path | None, interrupt: int, moments: Moments) -> None:
    # A runner that was put into the background ignores Ctrl-C, and its children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    file = os.open(log or os.devnull, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    actual, number = Apart.ask, count(1)

    def overheard(self: Apart, questions: Sequence[Question]) -> list[Output]:
        for question in questions:
            how = [question.text, dict(question.settings)]
            os.write(file, f"{_digest(question.text)} {_digest(how)}\n".encode())
            if next(number) == interrupt:
                os.kill(os.getpid(), signal.SIGINT)
        moments.passes()
        said = actual(self, questions)
        moments.passes()
        return said

    Apart.ask = overheard  # type: ignore[method-assign]


def asked(log: Path) -> list[Counter[str]]:
    """For each text, how often it was asked in each way."""
    found: dict[str, Counter[str]] = {}
    for line in log.read_text(encoding="ascii").splitlines() if log.is_file() else ():
        text, _, way = line.partition(" ")
        found.setdefault(text, Counter())[way] += 1
    return list(found.values())


def more_than_once(log: Path) -> int:
    """How often a text was asked again in the way in which it had been asked before."""
    return sum(max(ways.values()) - 1 for ways in asked(log))


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
