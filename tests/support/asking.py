"""Runs `lokta` and writes down what the real model is asked: python -m tests.support.asking LOG COMMAND...

A line when a question goes to llama.cpp: the digest of its text, and that of all that is said with it, which is another
one for a second try. A kill leaves what was written.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any


def main() -> None:
    import xllamacpp

    log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    actual = xllamacpp.Server

    class Overheard(actual):  # type: ignore[misc, valid-type]
        def handle_completions(self, asked: dict[str, Any]) -> Any:
            os.write(log, f"{_digest(asked['prompt'])} {_digest(asked)}\n".encode())
            return super().handle_completions(asked)

    xllamacpp.Server = Overheard
    from toolkit.cli import main as lokta

    sys.argv[:2] = ["lokta"]
    lokta()


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
