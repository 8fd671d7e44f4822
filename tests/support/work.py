"""How much work a call is, counted instead of timed, so that a busy machine changes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any


def lines_run(call: Callable[[], object]) -> int:
    """How many lines of Python run during a call, in libraries too. What C does in one line, such as a regular
    expression, counts as that line: `python -m benchmarks.growth` times it."""
    count = 0

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def growth(call: Callable[[str], object], unit: str, small: int = 1_000) -> float:
    """How many times the work becomes when a text of about `small` characters, the unit repeated, becomes 8 times as long:
    about 8 if it is linear, 64 if it is quadratic; `LINEAR` lies between."""
    times = max(small // len(unit) // 2, 1) * 2  # even, since some units are halves of pairs
    call(unit * (times // 2))  # what is imported, compiled and loaded on the first call is no work on the text
    few, many = (lines_run(partial(call, unit * count)) for count in (times, 8 * times))
    return many / few


LINEAR = 12.0
