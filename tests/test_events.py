"""What a job tells: a recorder keeps it, a cancellation stops it."""

from __future__ import annotations

import pytest

from toolkit.errors import Stopped
from toolkit.events import Cancellation, NoEngine, Noted, Progressed, Recorder, Warned


def test_a_recorder_keeps_each_line_once_and_the_latest_progress_of_each_language() -> None:
    told = Recorder()
    for event in (
        Warned("a"),
        Noted("a"),
        NoEngine("a"),
        Progressed("bo", 1, 2),
        Warned("b"),
        Warned("a"),
        Progressed("de", 1, 3),
        Progressed("bo", 2, 2),
    ):
        told(event)
    assert (told.warnings, told.notes, told.missing) == (["a", "b"], ["a"], ["a"])
    assert told.progress == [Progressed("de", 1, 3), Progressed("bo", 2, 2)]


def test_the_progress_of_a_later_group_counts_those_before() -> None:
    first = Progressed("bo", 5, 5, 50, 50, 1, 0.0, 9.0)
    second = Progressed("bo", 1, 4, 20, 80, 1, 33.0, 7.0, more=True)
    assert second.after(first) == Progressed("bo", 6, 9, 70, 130, 2, 33.0, 7.0, more=True)
    assert second.after(Progressed()) == second


def test_a_cancellation_stops_the_next_step_and_every_one_after_it() -> None:
    cancellation = Cancellation()
    cancellation.check()
    cancellation.cancel()
    for _ in range(2):
        with pytest.raises(Stopped, match="the same command goes on"):
            cancellation.check()
