"""How the time left is reckoned: by letters, by what a model was asked in this run, and never before there is ground."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from toolkit.events import Progressed
from toolkit.translation.drafting.progress import Meter
from toolkit.units import Match, Refusal

GOOD = Match("x", "mt", "llama")


class Watch:
    def __init__(self) -> None:
        self.time = 100.0

    def __call__(self) -> float:
        return self.time


def now(meter: Meter) -> Progressed:
    return meter.progress("bo")


def run(meter: Meter, watch: Watch, steps: Sequence[tuple[int, float]]) -> Progressed:
    for number, seconds in steps:
        watch.time += seconds
        meter.answered(number, GOOD)
    return now(meter)


def test_nothing_is_said_before_there_is_ground() -> None:
    watch = Watch()
    meter = Meter(dict.fromkeys(range(10), 100), range(10), now=watch)
    meter.start()
    assert now(meter).seconds_left is None
    assert run(meter, watch, [(0, 2.0), (1, 2.0)]).seconds_left is None  # two texts may be anything
    assert run(meter, watch, [(2, 2.0)]).seconds_left == pytest.approx(14)


def test_what_came_from_the_cache_is_neither_measured_nor_counted_as_work() -> None:
    watch = Watch()
    sizes = {**dict.fromkeys(range(100), 500), **dict.fromkeys(range(100, 110), 50)}
    meter = Meter(sizes, range(100, 110), now=watch)
    assert run(meter, watch, [(number, 0.001) for number in range(100)]).seconds_left is None
    at = run(meter, watch, [(100 + number, 4.0) for number in range(5)])
    assert at.seconds_left == pytest.approx(20) and (at.done, at.total) == (105, 110)
    assert run(meter, watch, [(105 + number, 4.0) for number in range(5)]).seconds_left == 0


def test_a_long_text_counts_by_its_letters() -> None:
    watch = Watch()
    meter = Meter({0: 10, 1: 10, 2: 10, 3: 300}, range(4), now=watch)
    at = run(meter, watch, [(0, 1.0), (1, 1.0), (2, 1.0)])
    assert (at.characters_done, at.characters, at.seconds_left) == (30, 330, pytest.approx(30))


def test_earlier_runs_are_believed_at_first_and_less_and_less() -> None:
    watch = Watch()
    meter = Meter(dict.fromkeys(range(100), 100), range(100), earlier=100.0, now=watch)
    assert now(meter).seconds_left == pytest.approx(100)
    slow = run(meter, watch, [(number, 4.0) for number in range(40)])  # the machine is busy: a quarter of the speed
    assert slow.seconds_left == pytest.approx(240, rel=0.1)


def test_the_loading_of_a_model_is_no_time_of_a_text() -> None:
    watch = Watch()
    meter = Meter(dict.fromkeys(range(6), 10), range(6), now=watch)
    watch.time += 60
    meter.start()
    assert run(meter, watch, [(0, 1.0), (1, 1.0), (2, 1.0)]).seconds_left == pytest.approx(3)


def test_a_window_is_set_against_its_time_when_it_is_whole() -> None:
    watch = Watch()
    meter = Meter(dict.fromkeys(range(8), 10), range(8), earlier=10.0, now=watch)
    watch.time += 40
    for number in range(4):
        meter.answered(number, GOOD, settled=number == 3)
        if number == 0:
            assert now(meter).seconds_left == pytest.approx(7)  # not forty seconds for one text
    assert now(meter).seconds_left == pytest.approx(36, rel=0.05)


def test_tokens_and_refusals_are_counted() -> None:
    watch, produced = Watch(), [500]
    meter = Meter({0: 10, 1: 10}, range(2), produced=lambda: produced[0], now=watch)
    produced[0] += 60
    watch.time += 3
    meter.answered(0, Refusal("llama", "m", "repeats itself"))
    assert (now(meter).tokens_per_second, now(meter).refused) == (20.0, 1)


def test_a_second_group_of_articles_counts_on_from_the_first() -> None:
    first, second = Progressed("bo", 5, 5, 50, 50, 1, 0.0, 9.0), Progressed("bo", 1, 4, 20, 80, 1, 33.0, 7.0)
    assert second.after(first) == Progressed("bo", 6, 9, 70, 130, 2, 33.0, 7.0)
