"""Processor time on hostile texts of two lengths, and their ratio: about 8 is linear, 64 quadratic.

python -m benchmarks.growth [--small 12000] [--only markdown]

The tests count lines of Python on the same texts; what regular expressions and other C do in a line shows only here.
"""

from __future__ import annotations

import argparse
import time

from tests.support.hostile import HOSTILE, Hostile

TIMES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", type=int, default=12_000, help="characters of the shorter text")
    parser.add_argument("--only", choices=sorted(HOSTILE), help="one of the functions")
    given = parser.parse_args()
    for name, hostile in HOSTILE.items():
        if given.only in (None, name):
            for unit in hostile.units:
                _measure(name, hostile, unit, given.small)


def _measure(name: str, hostile: Hostile, unit: str, small: int) -> None:
    few, many = (_seconds(hostile, unit, size) for size in (small, TIMES * small))
    print(f"{name:20} {unit[:14]!r:20} {few:8.4f} s {many:8.4f} s  x {many / max(few, 1e-6):5.1f}", flush=True)


def _seconds(hostile: Hostile, unit: str, size: int) -> float:
    """The best of three; each text is another one, so that no cache answers."""
    times = max(size // len(unit) // 2, 1) * 2
    return min(_once(hostile, unit * (times + 2 * number)) for number in range(3))


def _once(hostile: Hostile, text: str) -> float:
    begin = time.process_time()
    hostile.call(text)
    return time.process_time() - begin


if __name__ == "__main__":
    main()
