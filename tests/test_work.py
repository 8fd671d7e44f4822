"""The counter of work that other tests rely on tells linear from quadratic."""

from __future__ import annotations

import sys

from tests.support.work import LINEAR, growth, lines_run


def once(text: str) -> int:
    count = 0
    for char in text:
        count += char == "a"
    return count


def each_with_each(text: str) -> int:
    return sum(once(text) for _ in text)


def test_it_tells_linear_from_quadratic() -> None:
    assert 7 < growth(once, "ab") < LINEAR < 40 < growth(each_with_each, "ab", small=50)


def test_the_same_call_is_the_same_work_and_nobody_else_is_disturbed() -> None:
    before = sys.gettrace()
    assert lines_run(lambda: once("a" * 100)) == lines_run(lambda: once("a" * 100)) > 200
    assert sys.gettrace() is before
