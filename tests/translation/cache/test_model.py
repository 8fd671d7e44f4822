"""What a model said once it is not asked again; what the checks make of it is made anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import Stop, Windowed, catalog, run, targets
from tests.support.starter import FILE
from tests.support.tiny_argos import make_package
from tests.support.told import Told
from toolkit import models
from toolkit.errors import EngineFailed
from toolkit.models import Package
from toolkit.models.families import Families
from toolkit.translation.cache import CachedModel, DraftCache
from toolkit.translation.engines.argos import Argos, ArgosModel
from toolkit.translation.engines.llama import LlamaModel
from toolkit.translation.engines.registry import ENGINES
from toolkit.translation.inference import Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers import guarded
from toolkit.units import Catalog, Code, Engine, LanguagePair, Match, Refusal, Request

PAIR = LanguagePair("en", "zh-Hans")


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[DraftCache]:
    with DraftCache(tmp_path / "d.sqlite3") as opened:
        yield opened


def caching(drafts: DraftCache, model: str = "m") -> Windowed:
    return Windowed(model=model, cache=drafts, checked=True)


def test_a_second_job_asks_only_what_is_new(drafts: DraftCache) -> None:
    first, second = caching(drafts), caching(drafts)
    start = [catalog("One. Two.", "It is bad.")]
    done = run(start, guarded(first))
    assert run(start, guarded(second)) == done and second.asked == []
    run([catalog("Two. Three.")], guarded(second))
    assert second.texts == ["Three."]


def test_another_model_is_another_question(drafts: DraftCache) -> None:
    run([catalog("One.")], guarded(caching(drafts)))
    other = caching(drafts, model="m2")
    run([catalog("One.")], guarded(other))
    assert other.texts == ["One."]


def test_sentences_that_differ_in_their_links_are_one_question(drafts: DraftCache) -> None:
    fake = caching(drafts)
    start = [catalog("See [here](https://a.org).", "See [here](https://b.org).", markup="markdown")]
    (done,) = run(start, guarded(fake))
    assert len(fake.texts) == 1
    assert "https://a.org" in done.units[0].target and "https://b.org" in done.units[1].target


def test_an_output_that_the_engine_makes_nothing_of_is_remembered_too(drafts: DraftCache) -> None:
    first, second = caching(drafts), caching(drafts)
    start = [catalog("Stay mute.")]
    assert run(start, guarded(first)) == run(start, guarded(second)) == tuple(start)
    assert first.texts == ["Stay mute."] and second.texts == []


def test_a_redraft_asks_again_what_was_refused(drafts: DraftCache) -> None:
    done = run([catalog("It is bad.", "Go.")], guarded(caching(drafts)))
    fake = caching(drafts)
    run(done, guarded(fake), redraft=True)
    assert fake.texts == ["It is bad."]


def stubborn(drafts: DraftCache | None) -> Windowed:
    """Repeats its source at first; a second try does better with what is not hopeless."""
    return Windowed(
        cache=drafts,
        checked=True,
        says=lambda text: "中文。" if "good" in text else text,
        again=lambda text: text if "hopeless" in text else "好了。",
    )


def test_what_is_refused_is_tried_once_more_and_then_left(drafts: DraftCache) -> None:
    engine = stubborn(drafts)
    start = [catalog("All good.", "A hopeless case.", "Try again.")]
    (done,) = run(start, guarded(engine))
    assert engine.asked == [["All good.", "A hopeless case.", "Try again."], ["A hopeless case.", "Try again."]]
    assert targets([done]) == ["中文。", "", "好了。"]
    assert done.units[1].line("refused").get("why") == "the same as the source"  # type: ignore[union-attr]
    assert done.units[2].line("mt").get("note") == "second try"  # type: ignore[union-attr]
    again = stubborn(drafts)
    assert run(start, guarded(again)) == (done,)
    assert not again.asked, "both outputs are remembered, and judged as before"


def test_what_was_refused_is_kept_as_it_was_said(drafts: DraftCache) -> None:
    engine = stubborn(drafts)
    run([catalog("A hopeless case.")], guarded(engine))
    questions = [Question("A hopeless case."), Question("A hopeless case.", {"again": True})]
    found = engine.model.recall(questions)
    assert [output.text for output in found if output is not None] == ["A hopeless case."] * 2
    assert engine.model.recall([replace(questions[0], fresh=True)]) == [None]


class Paragraphs(Windowed):
    """Takes paragraphs; of those that say so it knows the sentences."""

    def __init__(self, drafts: DraftCache) -> None:
        super().__init__("unit", independent=True, cache=drafts, checked=True, says=lambda text: "涨了。跌了。")

    def answer(self, request: Request, output: Output, pair: LanguagePair) -> Match | Refusal:
        known = (("It rose (1).", "涨了(1)。"), ("It fell. Known.", "跌了。"), (" ", "空"))
        match = super().answer(request, output, pair)
        return replace(
            match,
            sentences=known if "Known" in request.source else (),
            rejected="lost a sentence" if "doubt" in request.source else "",
        )


def test_sentences_are_kept_with_their_targets_where_it_is_known_which_is_whose(drafts: DraftCache) -> None:
    sources = ["It rose [here](x). It fell. Known.", "It rose. Who knows?", "One [sentence](x).", "A doubt. Known."]
    (done,) = run([catalog(*sources, markup="markdown")], guarded(Paragraphs(drafts)))
    assert done.units[3].line("refused").get("why") == "lost a sentence"  # type: ignore[union-attr]
    asked = [
        "It rose (1).",
        "It fell. Known.",
        " ",
        "It rose. Who knows?",
        "It rose.",
        "One (1) sentence (2).",
        "A doubt.",
    ]
    assert drafts.sentence_pairs(PAIR, asked) == {
        "It rose (1).": [("涨了(1)。", "m")],
        "It fell. Known.": [("跌了。", "m")],
        "One (1) sentence (2).": [("涨了。跌了。", "m")],
    }
    assert drafts.sentence_pairs(LanguagePair("en", "bo"), asked) == {}


def test_what_an_engine_of_sentences_said_is_a_pair_and_what_was_refused_is_none(drafts: DraftCache) -> None:
    run([catalog("Go. It is bad.", "Stay mute.")], guarded(caching(drafts)))
    found = drafts.sentence_pairs(PAIR, ["Go.", "It is bad.", "Stay mute."])
    assert found == {"Go.": [("中2。", "m")]}


def test_nothing_of_a_window_is_kept_when_the_model_stops_in_it(drafts: DraftCache) -> None:
    stops = caching(drafts)

    def ask(questions: Sequence[Question]) -> list[Output]:
        raise EngineFailed("no power")

    stops.fake.ask = ask  # type: ignore[method-assign]
    with pytest.raises(EngineFailed, match="no power"):
        run([catalog("One. Two.")], guarded(stops))
    fake = caching(drafts)
    run([catalog("One. Two.")], guarded(fake))
    assert fake.texts == ["One.", "Two."]


def test_a_model_that_loses_count_is_stopped_and_not_remembered(drafts: DraftCache) -> None:
    short = caching(drafts)
    short.fake.ask = lambda questions: [Output("中。")] * (len(questions) - 1)  # type: ignore[method-assign]
    with pytest.raises(EngineFailed, match="fewer answers"):
        run([catalog("One. Two.")], guarded(short))
    assert not drafts.path.exists()


def test_both_legs_of_a_pivot_are_remembered(drafts: DraftCache, monkeypatch: pytest.MonkeyPatch) -> None:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    start = [catalog("The river rose.", "Snow.", target="bo")]

    def engine() -> Engine:
        resources = Resources(ENGINES, cache=drafts)
        return pick("argos", LanguagePair("en", "bo"), Options(), resources) or pytest.fail("no engine")

    done = run(start, engine())
    assert all(targets(done))
    monkeypatch.setattr(ArgosModel, "ask", None)
    assert run(start, engine()) == done


def argos() -> Package:
    make_package(models.folder(), "en", "zh", "float32")
    (package,) = [package for package in models.installed() if package.engine == "argos"]
    return package


def test_the_second_try_of_a_package_does_not_repeat_itself() -> None:
    engine = Argos(argos(), Options(threads=1, raw=True))
    source = Request("snow rain snow rain snow rain snow rain.")
    (first,) = engine.translate([source], PAIR)
    (second,) = engine.retry([source], PAIR)
    (third,) = engine.retry([source], PAIR)
    assert isinstance(first, Match) and isinstance(second, Match) and second == third
    triples = [second.target[i : i + 3] for i in range(len(second.target) - 2)]
    assert first.target[:4] in first.target[4:] and len(set(triples)) == len(triples)
    assert "second try" in second.remarks and "second try" not in first.remarks


# What makes another question


def test_all_of_a_request_that_a_prompt_is_made_of_makes_another_question() -> None:
    engine, request = Told(lambda question: "中。", Families()["hy-mt2"]), Request("Go.")
    others = [
        Request("Go!"),
        Request("Go.", before="x"),
        Request("Go.", after="x"),
        Request("Go.", title="x"),
        Request("Go.", reference="x", reference_language="fr"),
        Request("Go.", reference="x", reference_language="de"),
        Request("Go.", terms=(("x", "y"),)),
        Request("Go.", terms=(("x", "y"), ("a", "b"))),
    ]
    keys = [engine.question(one, PAIR).key("m") for one in (request, *others)]
    keys += [engine.question(request, LanguagePair("en", "fr")).key("m")]
    assert len(set(keys)) == len(keys)
    for same in (
        Request("Go.", reference_language="fr"),
        Request("Go.", codes=(Code("ph", "x", 0, 1),)),
        Request("Go.", fresh=True),
    ):
        assert engine.question(same, PAIR).key("m") == keys[0], "it is not said to the model"


def test_every_option_that_may_change_an_output_makes_another_model() -> None:
    package = argos()
    base = Options()
    others = [
        Options(fast=True),
        Options(beam=5),
        Options(batch_tokens=64),
        Options(compute_type="int8"),
        Options(device="cuda"),
    ]
    found = [Argos(package, options).make_model().fingerprint for options in (base, *others)]
    assert len(set(found)) == len(found)
    for same in (Options(threads=1), Options(redraft=True), Options(raw=True), Options(via="fr")):
        assert Argos(package, same).make_model().fingerprint == found[0]


def test_slots_and_the_family_of_a_language_model_make_another_model() -> None:
    package = Package("m", "llama", (PAIR,), FILE)
    family = Families()["starter"]
    found = [
        LlamaModel(package, one, options).fingerprint
        for one, options in (
            (family, Options()),
            (family, Options(slots=2)),
            (replace(family, context=512), Options()),
            (replace(family, chat_template="x"), Options()),
        )
    ]
    assert len(set(found)) == len(found)
    assert LlamaModel(package, family, Options(threads=2)).fingerprint == found[0]


# Interruptions

SOURCES = st.lists(
    st.lists(
        st.sampled_from(["Yes.", "No.", "A dog.", "It is bad.", "The sun rose.", "Try again.", "7."]),
        min_size=1,
        max_size=4,
    ).map(" ".join),
    min_size=1,
    max_size=6,
    unique=True,
)


def retrying(window: int, drafts: DraftCache | None = None, asks: int = 1000) -> Engine:
    """What it says shows what shared its window; `Try again.` it repeats at first. It is killed after so many windows."""
    engine = Windowed(
        window=window,
        cache=drafts,
        checked=True,
        says=lambda text: text if text == "Try again." else f"中{sum(map(str.isalpha, text))}。",
        again=lambda text: "好了。",
    )
    usual = engine.fake.ask

    def ask(questions: Sequence[Question]) -> list[Output]:
        nonlocal asks
        asks -= 1
        if asks < 0:
            raise Stop
        return usual(questions)

    engine.fake.ask = ask  # type: ignore[method-assign]
    return guarded(engine)


@given(jobs=st.lists(SOURCES, min_size=1, max_size=3), window=st.integers(1, 4), data=st.data())
def test_interrupted_anywhere_with_or_without_its_cache_the_end_is_the_same(
    jobs: list[list[str]], window: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Killed in a window, between a first and a second try, after a window, after a catalog, the cache lost or not."""
    place = tmp_path_factory.mktemp("cache")
    start = [catalog(*sources) for sources in jobs]
    with DraftCache(place / "whole") as drafts:
        undisturbed = run(start, retrying(window, drafts))
    assert undisturbed == run(start, retrying(window))
    disk: list[Catalog] = list(start)
    number = 0
    for _ in range(20):
        asks, saves = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
        written = data.draw(st.integers(0, len(start)))
        number += data.draw(st.booleans())

        def checkpoint(catalogs: Sequence[Catalog], written: int = written) -> None:
            nonlocal disk, saves
            saves -= 1
            if saves < 0:
                disk = [*catalogs[:written], *disk[written:]]
                raise Stop
            disk = list(catalogs)

        with DraftCache(place / str(number)) as drafts:
            try:
                run(disk, retrying(window, drafts, asks), checkpoint=checkpoint)
                break
            except Stop:
                continue
    with DraftCache(place / str(number)) as drafts:
        assert run(disk, retrying(window, drafts)) == undisturbed


def test_refusals_are_as_certain_as_drafts(drafts: DraftCache) -> None:
    for asked in (["It is bad."], []):
        fake = caching(drafts)
        (answer,) = guarded(fake).translate([Request("It is bad.")], PAIR)
        assert answer == Refusal("fake", "m", "it is bad") and fake.texts == asked


def test_what_the_cache_answers_is_not_measured(drafts: DraftCache) -> None:
    for _ in range(2):
        fake = caching(drafts)
        assert isinstance(fake.model, CachedModel)
        run([catalog("One. Two.")], guarded(fake))
        (one,) = drafts.throughputs
        assert (one.model, one.sentences, one.characters, one.tokens) == ("fake m", 2, 8, 6)
