"""A job drafts what is empty and nothing else, and it makes no difference where it was interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine, Stop, Windowed, catalog, drafted, run, targets
from tests.support.tiny_argos import make_package
from toolkit import codes, models
from toolkit.errors import EngineFailed, Stopped
from toolkit.events import Cancellation, Event, Progressed
from toolkit.memory import Memory, MemoryStore
from toolkit.memory.entries import of_catalog
from toolkit.memory.store import Listed
from toolkit.translation.drafting import Job, draft
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.pseudo import Pseudo, decode
from toolkit.translation.options import Options
from toolkit.translation.wrappers import guarded
from toolkit.units import (
    Answer,
    Catalog,
    Engine,
    Identity,
    LanguagePair,
    ProvenanceLine,
    Request,
    State,
    Unit,
    text_hash,
)


def test_a_draft_is_fuzzy_and_signed() -> None:
    (done,) = run([catalog("One two. Three.")], Windowed())
    (unit,) = done.units
    assert unit.target == "中6。中5。" and unit.state is State.DRAFT and unit.machine
    line = unit.line("mt")
    assert line is not None and line.values[:2] == (("engine", "fake"), ("model", "m"))
    assert line.get("hash") == text_hash(unit.target)
    assert float(line.get("score")) == pytest.approx(-0.08 - 14 / 1e4, abs=5e-4), "the worst sentence's score"


def test_every_sentence_is_asked_once() -> None:
    fake = Windowed()
    run([catalog("Yes. No.", "No."), catalog("No. Yes.")], fake)
    assert sorted(fake.texts) == ["No.", "Yes."]


def test_between_sentences_stands_what_the_target_language_wants() -> None:
    (done,) = run([catalog("One.  Two.\tThree.", target="bo")], Windowed())
    assert done.units[0].target.count(" ") == 2 and "\t" not in done.units[0].target


@pytest.mark.parametrize(
    ("target", "word", "expected"),
    [
        ("zh-Hans", "中", "**中**中中\\\n中[中](x)中*中*"),
        ("bo", "བོད", "**བོད** བོད བོད\\\nབོད [བོད](x) བོད *བོད*"),
    ],
)
def test_codes_at_the_ends_of_sentences_stay_there(target: str, word: str, expected: str) -> None:
    def says(text: str) -> str:
        return re.sub("[A-Za-z]+", word, text).replace(".", "")

    source = "**One** is here.\\\nTwo [is](x) there. *Three.*"
    (done,) = run([catalog(source, markup="markdown", target=target)], guarded(FakeEngine(says)))
    assert done.units[0].target == expected


@pytest.mark.parametrize("said", ["****木框：用来倒纸。", "木框：**用来倒纸。", "木框：用来倒纸。"])
def test_codes_that_came_back_wrong_are_put_in_by_proportion_and_a_note_says_so(said: str) -> None:
    source = "**Deckle:** the wooden frame on which a sheet is poured."
    (done,) = run([catalog(source, markup="markdown")], FakeEngine(lambda text: said))
    (unit,) = done.units
    assert not codes.compare(source, unit.target, "markdown") and unit.target.replace("*", "") == "木框：用来倒纸。"
    assert unit.line("mt").get("note") == "weak; code re-inserted: **…**"  # type: ignore[union-attr]


def test_codes_that_an_engine_made_up_are_refused() -> None:
    (done,) = run(
        [catalog("The wooden frame.", markup="markdown")], FakeEngine(lambda text: "木框 [见](https://a.org)。")
    )
    assert done.units[0].line("refused").get("why") == "inline codes came back wrong"  # type: ignore[union-attr]


def test_an_engine_of_units_gets_whole_units() -> None:
    fake = Windowed(grain="unit", independent=True)
    run([catalog("One. Two.")], fake)
    assert fake.texts == ["One. Two."]


def test_what_holds_no_letters_is_not_asked() -> None:
    fake = Windowed()
    (done,) = run([catalog("2009", "https://a.org/x", "It rose. 12!")], fake)
    assert fake.texts == ["It rose."]
    assert targets([done])[:2] == ["2009", "https://a.org/x"]
    assert targets([done])[2].startswith("中6。12")
    assert done.units[0].line("mt") and done.units[0].fuzzy


def test_a_refused_sentence_leaves_its_unit_empty_and_is_asked_again_only_by_another() -> None:
    (done,) = run([catalog("Good. A bad one.", "Fine.")], Windowed())
    assert targets([done]) == ["", "中4。"]
    line = done.units[0].line("refused")
    assert line == ProvenanceLine("refused", (("engine", "fake"), ("model", "m"), ("why", "it is bad")))
    again = Windowed()
    assert run([done], again) == (done,) and again.asked == []
    other = Windowed(model="m2")
    run([done], other)
    assert "A bad one." in other.texts
    forced = Windowed()
    run([done], forced, redraft=True)
    assert "A bad one." in forced.texts


def test_silence_leaves_a_unit_alone() -> None:
    before = catalog("Stay mute.", "Go.")
    (done,) = run([before], Windowed())
    assert done.units[0] == before.units[0] and done.units[1].target


PERSONS = [
    Unit("Go.", "去。"),
    Unit("Go.", "去。").flagged("fuzzy"),
    Unit("Go.", "去。").flagged("fuzzy").with_lines(ProvenanceLine("mt", (("engine", "x"), ("hash", "000000000000")))),
    Unit("Go.", "去。")
    .flagged("fuzzy")
    .with_lines(ProvenanceLine("mt", (("hash", text_hash("去。")),)), ProvenanceLine("reviewed", (("by", "P"),))),
    Unit("Go.", "", obsolete=True),
]


@pytest.mark.parametrize("unit", PERSONS, ids=["accepted", "typed", "edited draft", "once reviewed", "obsolete"])
@pytest.mark.parametrize("redraft", [False, True])
def test_a_persons_words_are_never_touched(unit: Unit, redraft: bool) -> None:
    fake = Windowed()
    before = Catalog("en", "zh-Hans", (unit,))
    assert run([before], fake, redraft=redraft) == (before,)
    assert fake.asked == []


def test_redraft_takes_the_drafts_of_other_models_only() -> None:
    before = Catalog(
        "en", "zh-Hans", (drafted(Unit("Old."), "旧", "m0"), drafted(Unit("Mine."), "我", "m"), Unit("New."))
    )
    assert targets(run([before], Windowed())) == ["旧", "我", "中3。"]
    assert targets(run([before], Windowed(), redraft=True)) == ["中3。", "我", "中3。"]


def test_a_memory_is_not_redrafted_by_a_machine() -> None:
    tm = (
        Unit("Go.", "去。")
        .flagged("fuzzy")
        .with_lines(ProvenanceLine("tm", (("match", "100"), ("hash", text_hash("去。")))))
    )
    before = Catalog("en", "zh-Hans", (tm,))
    assert run([before], Windowed(), redraft=True) == (before,)


def test_a_machine_draft_of_an_older_source_is_drafted_again() -> None:
    before = Catalog("en", "zh-Hans", (drafted(Unit("New text."), "旧", "m", previous_source="Old text."),))
    ((unit,),) = ([*done.units] for done in run([before], Windowed()))
    assert unit.target == "中7。" and unit.previous_source == "" and unit.state is State.DRAFT
    refused = Catalog("en", "zh-Hans", (drafted(Unit("A bad text."), "旧", "m", previous_source="Old text."),))
    ((kept,),) = ([*done.units] for done in run([refused], Windowed()))
    assert kept.target == "旧" and kept.previous_source == "Old text." and kept.line("refused")
    assert run([replace(refused, units=(kept,))], fake := Windowed()) and fake.asked == []


def test_memory_fills_empty_units_and_says_where_from() -> None:
    approved = Catalog("en", "zh-Hans", (Unit("Go.", "去。"), Unit("*Go*", "去。")), {"X-Lokta-Article": "news/one"})
    memory = MemoryStore()
    memory.update([Listed("one.po", "1", lambda: of_catalog(approved))])
    (done,) = run([catalog("Go.", "*Go*", "Stop.", markup="markdown")], Memory(memory.exact))
    assert targets([done]) == ["去。", "", ""], "a memory without the code is no help"
    assert done.units[0].fuzzy
    assert done.units[0].line("tm") == ProvenanceLine(
        "tm", (("match", "100"), ("origin", "news/one"), ("hash", text_hash("去。")))
    )


def test_a_new_draft_takes_the_place_of_old_lines_and_keeps_a_persons() -> None:
    unit = Unit("Go.").with_lines(
        ProvenanceLine("refused", (("engine", "x"), ("why", "empty"))), ProvenanceLine("ignore", (("check", "script"),))
    )
    (done,) = run([Catalog("en", "zh-Hans", (unit,))], Windowed())
    assert [line.kind for line in done.units[0].provenance] == ["ignore", "mt"]


def test_pseudo_is_not_polished() -> None:
    source = 'He said: "Go, <1>now</1>..." -- 5 < 6; see https://a.org/b.'
    (done,) = run([catalog(source, markup="tags", target="zh-Hans")], Pseudo())
    assert decode(done.units[0].target) == source and done.units[0].target != source


def test_two_pairs_are_two_jobs() -> None:
    with pytest.raises(ValueError, match="one pair"):
        run([catalog("a"), catalog("a", target="bo")], Windowed())


def test_nothing_to_do_asks_nobody_who_they_are() -> None:
    class Shy(Windowed):
        @property
        def identities(self) -> frozenset[Identity]:
            raise AssertionError("the model's files were read for nothing")

    done = (Catalog("en", "zh-Hans", (Unit("Go.", "去。"),)),)
    assert run(done, Shy()) == done
    assert run([], Shy()) == ()


def test_progress_counts_what_is_asked() -> None:
    seen: list[tuple[int, int]] = []

    def tell(event: Event) -> None:
        assert isinstance(event, Progressed)
        seen.append((event.done, event.total))

    draft(Job((catalog("One. Two.", "Two. Three.", "4"),), Windowed()), tell=tell)
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_cancelled_job_keeps_what_was_drafted() -> None:
    cancellation = Cancellation()
    saved: list[Catalog] = []

    def says(text: str) -> str:
        if text == "Two.":
            cancellation.cancel()
        return "中。"

    start = catalog("One.", "Two.", "Three.")
    with pytest.raises(Stopped, match="the same command goes on"):
        draft(Job((start,), fake := FakeEngine(says)), saved.extend, cancellation=cancellation)
    assert fake.texts == ["One.", "Two."] and targets(saved[-1:]) == ["中。", "中。", ""]


def test_an_engine_that_loses_count_is_stopped() -> None:
    class Short(Windowed):
        def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
            return iter(list(super().translate(requests, pair))[:-1])

    with pytest.raises(EngineFailed, match="fewer answers"):
        run([catalog("One. Two.")], Short())


# Interruptions

SOURCES = st.lists(
    st.lists(
        st.sampled_from(["Yes.", "No.", "A dog.", "It is bad.", "The sun rose.", "7."]), min_size=1, max_size=4
    ).map(" ".join),
    min_size=1,
    max_size=6,
    unique=True,
)


@given(st.lists(SOURCES, min_size=1, max_size=3), st.integers(1, 4), st.booleans(), st.data())
def test_interrupted_anywhere_the_end_is_the_same(
    jobs: list[list[str]], window: int, independent: bool, data: st.DataObject
) -> None:
    start = [catalog(*sources) for sources in jobs]
    undisturbed = run(start, Windowed(window=window, independent=independent))
    disk: list[Catalog] = list(start)
    for _ in range(20):
        lives = data.draw(st.integers(0, 3))
        written = data.draw(st.integers(0, len(start)))

        def checkpoint(catalogs: Sequence[Catalog], lives: int = lives, written: int = written) -> None:
            nonlocal disk
            if not lives:
                disk = [*catalogs[:written], *disk[written:]]
                raise Stop
            disk = list(catalogs)

        try:
            run(disk, Windowed(window=window, independent=independent), checkpoint=checkpoint)
            break
        except Stop:
            continue
    disk = list(run(disk, Windowed(window=window, independent=independent)))
    assert disk == list(undisturbed)


@given(SOURCES, st.integers(1, 3), st.integers(0, 30))
def test_what_was_finished_when_the_engine_failed_is_kept(sources: list[str], window: int, after: int) -> None:
    class Failing(Windowed):
        def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
            for answer in super().translate(requests, pair):
                nonlocal after
                if not after:
                    raise KeyboardInterrupt
                after -= 1
                yield answer

    saved: list[Catalog] = [catalog(*sources)]
    undisturbed = run(saved, Windowed(window=window))
    given_up = False

    def checkpoint(catalogs: Sequence[Catalog]) -> None:
        saved[:] = catalogs

    try:
        run(saved, Failing(window=window), checkpoint=checkpoint)
    except KeyboardInterrupt:
        given_up = True
    for unit, whole in zip(saved[0].units, undisturbed[0].units, strict=True):
        assert unit in (whole, Unit(unit.source))
    if not given_up:
        assert saved == list(undisturbed)


def test_a_persons_edit_on_the_way_to_disk_stays() -> None:
    edited: list[str] = []

    def checkpoint(catalogs: Sequence[Catalog]) -> Sequence[Catalog]:
        units = list(catalogs[0].units)
        if not edited:
            edited.append("yes")
            units[-1] = replace(units[-1], target="人的话")
        return [replace(catalogs[0], units=tuple(units), metadata={"PO-Revision-Date": "today"})]

    (done,) = run([catalog("One.", "Two.", "Three.")], Windowed(window=1), checkpoint=checkpoint)
    assert targets([done]) == ["中3。", "中3。", "人的话"]
    assert done.metadata == {"PO-Revision-Date": "today"}


def test_a_later_paragraph_does_not_change_what_is_drafted() -> None:
    (first,) = run([catalog("One.", "Two.", "Three.")], Windowed(window=2))
    longer = replace(first, units=(Unit("Zero."), *first.units, Unit("Four.")))
    fake = Windowed(window=2)
    (second,) = run([longer], fake)
    assert second.units[1:4] == first.units
    assert all(unit.target for unit in second.units)


@pytest.mark.parametrize("quantization", ["int8", "float32"])
def test_a_real_model_interrupted_gives_the_same_bytes(quantization: str) -> None:
    make_package(models.folder(), "en", "zh", quantization)
    (package,) = [package for package in models.installed() if package.engine == "argos"]

    class Small(Argos):
        abilities = replace(Argos.abilities, window=7)

    def engine() -> Engine:
        return guarded(Small(package, Options(threads=1)))

    sources = [f"The river rose {n} metres. It fell again on day {n % 5}. Officials said so." for n in range(12)]
    start = [catalog(*sources[:6]), catalog(*sources[6:])]
    whole = run(start, engine())
    assert all(targets(whole))
    calls = 0

    def kill(catalogs: Sequence[Catalog]) -> None:
        nonlocal calls, start
        calls += 1
        start = [catalogs[0], start[1]]
        raise Stop

    with pytest.raises(Stop):
        run(start, engine(), checkpoint=kill)
    assert any(targets(start)) and not all(targets(start))
    assert run(start, engine()) == whole
