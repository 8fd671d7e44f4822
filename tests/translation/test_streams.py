"""Engines whose answers stand alone get a stream: nothing waits for a window, nothing is asked twice, nothing that came is lost."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.translation.test_draft import catalog, targets
from toolkit.errors import EngineFailed
from toolkit.memory import Drafts
from toolkit.translation import Options, draft
from toolkit.translation.accept import Checked
from toolkit.translation.identity import Identity
from toolkit.translation.table import guarded
from toolkit.translation.wrappers import Cached, Cascade
from toolkit.units import Answer, Engine, Match, Refusal, Request


class Slots:
    """Works on `slots` texts at a time; what it is told to do with a text stands in the text."""

    name, grain, independent, identities = "slots", "sentence", True, frozenset((Identity("slots", "m"),))

    def __init__(self, slots: int = 1, fails_at: int = -1, takes: float = 0.0) -> None:
        self.slots, self.fails_at, self.takes = slots, fails_at, takes
        self.asked: list[str] = []
        self.answered = self.tokens = 0
        self.closed = False

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        waiting, flying = iter(requests), deque[Request]()
        try:
            while True:
                while len(flying) < self.slots and (request := next(waiting, None)) is not None:
                    self.asked.append(request.source)
                    flying.append(request)
                if not flying:
                    return
                if self.answered == self.fails_at:
                    raise EngineFailed("slots: no power")
                time.sleep(self.takes)
                self.answered += 1
                self.tokens += 3
                yield self.says(flying.popleft().source)
        finally:
            self.closed = True

    def says(self, text: str) -> Answer:
        if "mute" in text:
            return None
        return Match("中" * len(text), "mt", "slots", -1.0, "m", doubt="I made it up" if "doubt" in text else "")


class Retries(Slots):
    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        for request in requests:
            doubt = "made up again" if "hopeless" in request.source else ""
            yield Match("好了", "mt", "slots", -2.0, "m", doubt=doubt)


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with Drafts(tmp_path / "d.sqlite3") as opened:
        yield opened


def ask(engine: Engine, *texts: str) -> list[Answer]:
    return list(engine.translate(map(Request, texts), "en", "zh-Hans"))


TEXTS = st.lists(st.sampled_from(["a", "b b", "c", "a doubt", "mute", "d", "e"]), max_size=12)


@given(before=TEXTS, texts=TEXTS, slots=st.integers(1, 5))
def test_a_stream_gives_what_the_engine_would_have_said(
    before: list[str], texts: list[str], slots: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Drafts(tmp_path_factory.mktemp("d") / "d") as drafts:
        ask(Cached(Checked(Slots()), drafts), *before)
        engine = Slots(slots)
        assert ask(Cached(Checked(engine), drafts), *texts) == ask(Checked(Slots()), *texts)
    asked = Counter(engine.asked)
    assert not {*asked} & {text for text in before if text != "mute"}
    assert all(count == 1 for text, count in asked.items() if text != "mute")


@pytest.mark.parametrize("slots", [1, 3])
def test_an_engine_takes_no_more_than_it_works_on(slots: int, drafts: Drafts) -> None:
    taken: list[int] = []

    def requests() -> Iterator[Request]:
        for number in range(9):
            taken.append(number)
            yield Request(f"Text {number}")

    answers = guarded(Slots(slots), Options(drafts=drafts)).translate(requests(), "en", "zh-Hans")
    for number in range(1, 6):
        next(answers)
        assert len(taken) == number - 1 + slots


def test_what_is_known_does_not_wait_for_an_engine_at_rest(drafts: Drafts) -> None:
    ask(Cached(Slots(), drafts), "a", "b")
    engine = Slots(2)
    answers = Cached(engine, drafts).translate(map(Request, ["a", "b", "c", "a", "d", "b"]), "en", "zh-Hans")
    next(answers), next(answers)
    assert engine.asked == []
    assert [getattr(answer, "target", answer) for answer in answers] == ["中"] * 4 and engine.asked == ["c", "d"]


def test_nothing_is_started_where_all_is_known(drafts: Drafts) -> None:
    class Never(Slots):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            raise AssertionError("asked for nothing")

    ask(Cached(Slots(), drafts), "a")
    assert ask(Cached(Never(), drafts), "a", "a") == ask(Slots(), "a", "a")


def test_the_same_text_in_flight_is_asked_once(drafts: Drafts) -> None:
    engine = Slots(4)
    ask(Cached(engine, drafts), "a", "a", "b", "a", "b", "c")
    assert engine.asked == ["a", "b", "c"]


@pytest.mark.parametrize("slots", [1, 4])
def test_what_came_before_the_engine_failed_is_kept(slots: int, drafts: Drafts) -> None:
    texts = [f"Text {number}." for number in range(9)]
    engine = Slots(slots, fails_at=5)
    with pytest.raises(EngineFailed, match="no power"):
        draft([catalog(*texts)], guarded(engine, Options(drafts=drafts)))
    again = Slots(slots)
    (done,) = draft([catalog(*texts)], guarded(again, Options(drafts=drafts)))
    assert again.asked == texts[5:] and all(targets([done]))


def test_whoever_stops_taking_stops_the_engine(drafts: Drafts) -> None:
    engine = Slots(2)

    class Enough(Exception): ...

    def progress(*_: object) -> None:
        if engine.answered == 2:
            raise Enough

    caught = None
    try:
        draft([catalog("One.", "Two.", "Three.")], guarded(engine, Options(drafts=drafts)), progress=progress)
    except Enough as error:
        caught = error  # its traceback holds every frame, so that nothing is closed by being forgotten
    assert caught and engine.closed


def test_an_engine_that_loses_count_is_stopped(drafts: Drafts) -> None:
    class Short(Slots):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            return iter(list(super().translate(*arguments))[:-1])  # type: ignore[arg-type]

    with pytest.raises(EngineFailed, match="fewer answers"):
        ask(Cached(Short(), drafts), "a", "b")


def test_an_answer_that_its_engine_doubts_is_refused_and_never_kept(drafts: Drafts) -> None:
    assert ask(Cached(Checked(Slots()), drafts), "a doubt") == [Refusal("slots", "m", "I made it up")]
    assert ask(Cached(Checked(Retries()), drafts), "a doubt") == [Refusal("slots", "m", "I made it up")], "remembered"
    drafts.close()
    assert "中".encode() not in drafts.path.read_bytes()


def test_a_doubted_answer_is_tried_again_and_the_better_one_wins() -> None:
    first, second, third = ask(Checked(Retries(3)), "a doubt", "a hopeless doubt", "a")
    assert isinstance(first, Match) and first.target == "好了" and first.doubt == ""
    assert second == Refusal("slots", "m", "I made it up")
    assert isinstance(third, Match) and third.target == "中"


def test_time_is_that_of_the_engine_and_tokens_are_counted(drafts: Drafts) -> None:
    ask(Cached(Slots(), drafts), "known")
    (before,) = drafts.paces
    texts, sentences, seconds = ["known", "one", "three"], before.sentences, before.seconds
    for _ in Cached(Slots(takes=0.02), drafts).translate(map(Request, texts), "en", "zh-Hans"):
        time.sleep(0.05)
    (pace,) = drafts.paces
    assert (pace.sentences - sentences, pace.characters, pace.tokens) == (2, len("knownonethree"), 9)
    assert 0.04 <= pace.seconds - seconds < 0.09


def test_a_cascade_streams_through_its_first_engine() -> None:
    first, second = Slots(3), Slots(3)
    answers = Cascade([Checked(first), second]).translate(map(Request, ["a", "b doubt", "c", "d"]), "en", "zh-Hans")
    next(answers)
    assert first.asked == ["a", "b doubt", "c"] and second.asked == []
    rest = [answer for answer in answers if isinstance(answer, Match)]
    assert len(rest) == 3 and second.asked == ["b doubt"]
