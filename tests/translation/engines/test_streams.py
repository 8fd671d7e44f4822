"""Answers come as a stream: an engine takes no more than it works on, asks nothing twice, and ends when nobody listens."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeModel, Windowed, catalog, targets
from tests.support.told import Told, last_line
from toolkit.errors import EngineFailed
from toolkit.events import Event
from toolkit.models.families import Families
from toolkit.translation.cache import DraftCache
from toolkit.translation.drafting import Job, draft
from toolkit.translation.inference import Output, Question
from toolkit.translation.wrappers import Checked, Fallback, InlineCodes, guarded
from toolkit.units import Abilities, Answer, Catalog, Engine, Identity, LanguagePair, Match, Refusal, Request

PAIR = LanguagePair("en", "zh-Hans")
WORDS = {
    "The river rose.": "河水上涨了。",
    "Snow fell on the road.": "雪落在路上。",
    "The old bridge is closed.": "旧桥已关闭。",
    "A teacher met the farmer.": "一位老师遇见了农民。",
    "What a useless text.": "好的，以下是翻译：",
}
RIVER, SNOW, BRIDGE, TEACHER, USELESS = WORDS


class Slots(Engine):
    """A plug-in that works on `slots` texts at a time; what it is told to do with a text stands in the text."""

    name = "slots"
    abilities = Abilities(independent=True)
    identities = frozenset((Identity("slots", "m"),))

    def __init__(self, slots: int = 1, fails_at: int = -1) -> None:
        self.slots, self.fails_at = slots, fails_at
        self.asked: list[str] = []
        self.answered = 0
        self.closed = False

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
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
                self.answered += 1
                yield self.says(flying.popleft().source)
        finally:
            self.closed = True

    def says(self, text: str) -> Answer:
        if "mute" in text:
            return None
        return Match("中" * len(text), "mt", "slots", -1.0, "m", rejected="I made it up" if "doubt" in text else "")


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[DraftCache]:
    with DraftCache(tmp_path / "d.sqlite3") as opened:
        yield opened


def says(question: Question) -> str:
    return WORDS[last_line(question)]


def ask(engine: Engine, *texts: str) -> list[Answer]:
    return list(engine.translate(map(Request, texts), PAIR))


def job(engine: Engine, *catalogs: Catalog) -> Job:
    return Job(catalogs, engine)


TEXTS = st.lists(st.sampled_from(sorted(WORDS)), max_size=12)


@given(before=TEXTS, texts=TEXTS, slots=st.integers(1, 5))
def test_a_stream_gives_what_the_model_would_have_said_and_asks_nothing_twice(
    before: list[str], texts: list[str], slots: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with DraftCache(tmp_path_factory.mktemp("d") / "d") as cache:
        ask(Told(says, cache=cache), *before)
        engine = Told(says, slots=slots, cache=cache)
        assert ask(engine, *texts) == ask(Told(says), *texts)
    asked = Counter(question.key("") for question in engine.questions)
    assert not {*engine.texts} & {*before}
    assert {*engine.texts} == {*texts} - {*before}
    assert all(count == 1 for count in asked.values())


def reads(engine: Engine, count: int = 12) -> tuple[Iterator[Answer], list[int]]:
    """The answers to so many requests, and the numbers of those that were taken so far."""
    taken: list[int] = []

    def requests() -> Iterator[Request]:
        for number in range(count):
            taken.append(number)
            yield Request(f"Text {number}")

    return engine.translate(requests(), PAIR), taken


AROUND: dict[str, Callable[[Engine], Engine]] = {
    "checked": Checked,
    "codes": InlineCodes,
    "guarded": guarded,
    "fallback": lambda engine: Fallback([engine, Slots()]),
    "all": lambda engine: Fallback([guarded(engine), guarded(Slots())]),
}


@pytest.mark.parametrize("slots", [1, 3])
@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_an_engine_takes_no_more_than_it_works_on(slots: int, around: Callable[[Engine], Engine]) -> None:
    answers, taken = reads(around(Slots(slots)))
    for number in range(1, 6):
        next(answers)
        assert len(taken) == number - 1 + slots


@pytest.mark.parametrize("slots", [1, 3])
def test_a_language_model_takes_at_most_two_texts_for_each_slot(slots: int, cache: DraftCache) -> None:
    answers, taken = reads(guarded(Told(lambda asked: "河水上涨了。", slots=slots, cache=cache)))
    for number in range(1, 6):
        next(answers)
        assert len(taken) == (number if slots == 1 else number - 1 + 2 * slots)


def test_an_engine_of_windows_takes_one_window(cache: DraftCache) -> None:
    answers, taken = reads(guarded(Windowed(window=4, independent=True, cache=cache)))
    for number in range(1, 10):
        next(answers)
        assert len(taken) == -(-number // 4) * 4


def test_what_is_known_does_not_wait_for_a_model_at_rest(cache: DraftCache) -> None:
    ask(Told(says, cache=cache), RIVER, SNOW)
    engine = Told(says, cache=cache)
    answers = engine.translate(map(Request, [RIVER, SNOW, BRIDGE, RIVER, TEACHER, SNOW]), PAIR)
    first = [next(answers), next(answers)]
    assert engine.questions == []
    given = [answer.target for answer in (*first, *answers) if isinstance(answer, Match)]
    assert given == [WORDS[text] for text in (RIVER, SNOW, BRIDGE, RIVER, TEACHER, SNOW)]
    assert engine.texts == [BRIDGE, TEACHER]


def test_nothing_is_started_where_all_is_known(cache: DraftCache) -> None:
    class Never(FakeModel):
        def start(self) -> None:
            raise AssertionError("read for nothing")

        def ask(self, questions: Sequence[Question]) -> list[Output]:
            raise AssertionError("asked for nothing")

    known = ask(Windowed(cache=cache), "a", "b")
    engine = Windowed(cache=cache)
    engine.model.inner = Never("fake m")  # type: ignore[attr-defined]
    assert ask(engine, "a", "b") == known
    with pytest.raises(AssertionError, match="asked for nothing"):
        ask(engine, "a", "b", "c")


def test_several_threads_ask_a_question_once(cache: DraftCache) -> None:
    """The model does not answer the first text before the last one has reached it, so that the other threads come by."""
    last = threading.Event()

    def say(question: Question) -> str:
        if last_line(question) == RIVER:
            assert last.wait(60)
        if last_line(question) == BRIDGE:
            last.set()
        return says(question)

    engine = Told(say, slots=4, cache=cache)
    answers = ask(engine, RIVER, RIVER, SNOW, BRIDGE, RIVER, SNOW)
    assert sorted(engine.texts) == sorted([RIVER, SNOW, BRIDGE])
    assert [answer.target for answer in answers if isinstance(answer, Match)] == [
        WORDS[text] for text in (RIVER, RIVER, SNOW, BRIDGE, RIVER, SNOW)
    ]


def test_what_another_thread_answers_meanwhile_is_not_asked_again(
    cache: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other thread comes by when this one has looked into the cache, and found nothing."""
    engine = Told(says, cache=cache)
    other = threading.Thread(target=ask, args=(engine, RIVER))
    find = cache.find

    def slow(keys: Sequence[bytes]) -> dict[bytes, Output]:
        found = find(keys)
        if other.ident is None:
            other.start()
            other.join(0.2)  # it ends here if it asks for itself; otherwise it waits for what comes of this
        return found

    monkeypatch.setattr(cache, "find", slow)
    ask(engine, RIVER)
    other.join()
    assert engine.texts == [RIVER]


@pytest.mark.parametrize("slots", [1, 4])
def test_what_came_before_the_model_failed_is_kept(slots: int, cache: DraftCache) -> None:
    texts = [f"The river rose by {number} metres." for number in range(9)]
    said: list[str] = []

    def say(question: Question) -> str:
        if len(said) >= 5:
            raise EngineFailed("told: no power")
        said.append(last_line(question))
        return f"河水上涨了{last_line(question).split()[4]}米。"

    with pytest.raises(EngineFailed, match="no power"):
        draft(job(guarded(Told(say, slots=slots, cache=cache)), catalog(*texts)))
    kept, said = said, []
    again = Told(say, slots=slots, cache=cache)
    (done,) = draft(job(guarded(again), catalog(*texts)))
    assert sorted(again.texts) == sorted(set(texts) - set(kept)) and all(targets([done]))
    assert slots > 1 or kept == texts[:5]


@pytest.mark.parametrize("slots", [1, 4])
def test_what_an_engine_without_a_model_answered_before_it_failed_is_in_the_catalog(slots: int) -> None:
    texts = [f"Text {number}." for number in range(9)]
    saved: list[Catalog] = [catalog(*texts)]

    def checkpoint(catalogs: Sequence[Catalog]) -> None:
        saved[:] = catalogs

    with pytest.raises(EngineFailed, match="no power"):
        draft(job(guarded(Slots(slots, fails_at=5)), *saved), checkpoint)
    again = Slots(slots)
    (done,) = draft(job(guarded(again), *saved))
    assert again.asked == texts[5:] and all(targets([done]))


class Enough(Exception): ...


def stopped(engine: Engine, answered: Callable[[], bool]) -> Enough:
    """Draft until so much was answered; what is raised then holds every frame, so that nothing is closed by being forgotten."""

    def tell(event: Event) -> None:
        if answered():
            raise Enough

    with pytest.raises(Enough) as caught:
        draft(job(engine, catalog("One.", "Two.", "Three.", "Four.", "Five.")), tell=tell)
    return caught.value


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_whoever_stops_taking_stops_the_engine(around: Callable[[Engine], Engine]) -> None:
    engine = Slots(2)
    error = stopped(around(engine), lambda: engine.answered == 2)
    assert engine.closed and error.__traceback__


@pytest.mark.parametrize("around", AROUND.values(), ids=AROUND)
def test_whoever_stops_taking_ends_the_threads_of_a_language_model(
    around: Callable[[Engine], Engine], cache: DraftCache
) -> None:
    before = {*threading.enumerate()}
    by_sentence = replace(Families()["instruct"], grain="sentence")
    engine = Told(lambda asked: "河水上涨了。", by_sentence, slots=2, cache=cache)
    error = stopped(around(engine), lambda: bool(engine.questions))
    assert not {*threading.enumerate()} - before and error.__traceback__


def test_an_engine_that_loses_count_is_stopped() -> None:
    class Short(Slots):
        def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
            return iter(list(super().translate(requests, pair))[:-1])

    with pytest.raises(EngineFailed, match="fewer answers"):
        draft(job(guarded(Short()), catalog("One.", "Two.")))


def test_an_answer_that_its_engine_rejects_is_refused() -> None:
    first, second, third = ask(Checked(Slots(3)), "a", "a doubt", "b")
    assert isinstance(first, Match) and isinstance(third, Match)
    assert second == Refusal("slots", "m", "I made it up")


def test_a_rejected_answer_is_tried_again_and_the_better_one_wins(cache: DraftCache) -> None:
    class Retries(Windowed):
        def retry(self, requests: Sequence[Request], pair: LanguagePair) -> list[Answer]:
            self.tried = [request.source for request in requests]
            good = Match("好了。", "mt", "fake", -2.0, "m")
            return [self.refuse("bad again") if "hopeless" in text else good for text in self.tried]

    for _ in range(2):
        engine = Retries(cache=cache, checked=True)
        first, second, third = ask(engine, "a bad text", "a hopeless bad text", "a text")
        assert isinstance(first, Match) and first.target == "好了。"
        assert second == Refusal("fake", "m", "it is bad"), "the reason is that of the first answer"
        assert isinstance(third, Match) and third.target == "中5。"
        assert engine.tried == ["a bad text", "a hopeless bad text"], "judged anew, whatever the cache knows"
    assert engine.asked == []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the throughput is measured by: one number of seconds, which a test sets."""
    now = [100.0]
    monkeypatch.setattr("toolkit.translation.cache.model.time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_throughput_is_that_of_the_model_and_tokens_are_counted(cache: DraftCache, clock: list[float]) -> None:
    def say(question: Question) -> str:
        clock[0] += 2.0
        return says(question)

    engine = Told(say, cache=cache)
    for _ in engine.translate(map(Request, [RIVER, RIVER, SNOW, TEACHER]), PAIR):
        clock[0] += 500.0
    (found,) = cache.throughputs
    assert (found.sentences, found.characters) == (3, len(RIVER + SNOW + TEACHER))
    assert found.tokens == engine.tokens == len(WORDS[RIVER] + WORDS[SNOW] + WORDS[TEACHER])
    assert found.seconds == 6.0


def test_time_in_which_several_threads_ask_counts_once(cache: DraftCache, clock: list[float]) -> None:
    everybody = threading.Barrier(3, action=lambda: clock.__setitem__(0, clock[0] + 7.0))

    def say(question: Question) -> str:
        everybody.wait(60)
        return says(question)

    ask(Told(say, slots=3, cache=cache), RIVER, SNOW, TEACHER)
    (found,) = cache.throughputs
    assert (found.sentences, found.seconds) == (3, 7.0)


def test_a_fallback_streams_through_its_first_engine() -> None:
    first, second = Slots(3), Slots(3)
    answers = Fallback([Checked(first), second]).translate(map(Request, ["a", "b doubt", "c", "d"]), PAIR)
    next(answers)
    assert first.asked == ["a", "b doubt", "c"] and second.asked == []
    rest = [answer for answer in answers if isinstance(answer, Match)]
    assert len(rest) == 3 and second.asked == ["b doubt"]
