"""A job drafts what is empty and nothing else, and it makes no difference where it was interrupted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tiny_argos import make_package
from toolkit import codes, models
from toolkit.errors import EngineFailed
from toolkit.hashing import text_hash
from toolkit.memory import Memory
from toolkit.translation import Options, draft
from toolkit.translation.argos import Argos
from toolkit.translation.identity import Identity
from toolkit.translation.pseudo import Pseudo, decode
from toolkit.translation.table import guarded
from toolkit.units import Answer, Catalog, Engine, Mark, Match, Refusal, Request, State, Unit


class Fake:
    """Answers `中` with the text's number of letters; what stands beside a text in its window shows in the score."""

    name = "fake"
    label = ""

    def __init__(self, grain: str = "sentence", window: int = 3, independent: bool = False, model: str = "m") -> None:
        self.grain, self.window, self.independent, self.model = grain, window, independent, model
        self.identities = frozenset((Identity("fake", model),))
        self.asked: list[list[str]] = []

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        texts = [request.source for request in requests]
        self.asked.append(texts)
        mates = 0 if self.independent else sum(len(text) for text in texts)
        for text in texts:
            if "bad" in text:
                yield Refusal("fake", self.model, "it is bad")
            elif "mute" in text:
                yield None
            else:
                yield Match(
                    f"中{sum(map(str.isalpha, text))}。", "mt", "fake", -len(text) / 100 - mates / 1e4, self.model
                )

    @property
    def texts(self) -> list[str]:
        return [text for window in self.asked for text in window]


def catalog(*sources: str, markup: str = "plain", source: str = "en", target: str = "zh-Hans") -> Catalog:
    return Catalog(source, target, tuple(map(Unit, sources)), {"X-Lokta-Article": "a", "X-Lokta-Markup": markup})


def targets(catalogs: Sequence[Catalog]) -> list[str]:
    return [unit.target for one in catalogs for unit in one.units]


def test_a_draft_is_fuzzy_and_signed() -> None:
    (done,) = draft([catalog("One two. Three.")], Fake())
    (unit,) = done.units
    assert unit.target == "中6。中5。" and unit.state is State.DRAFT and unit.machine
    mark = unit.mark("mt")
    assert mark is not None and mark.values[:2] == (("engine", "fake"), ("model", "m"))
    assert mark.get("hash") == text_hash(unit.target)
    assert float(mark.get("score")) == pytest.approx(-0.08 - 14 / 1e4, abs=5e-4), "the worst sentence's score"


def test_every_sentence_is_asked_once() -> None:
    fake = Fake()
    draft([catalog("Yes. No.", "No."), catalog("No. Yes.")], fake)
    assert sorted(fake.texts) == ["No.", "Yes."]


def test_between_sentences_stands_what_the_target_language_wants() -> None:
    (done,) = draft([catalog("One.  Two.\tThree.", target="bo")], Fake())
    assert done.units[0].target.count(" ") == 2 and "\t" not in done.units[0].target


@pytest.mark.parametrize(
    ("target", "word", "expected"),
    [
        ("zh-Hans", "中", "**中**中中\\\n中[中](x)中*中*"),
        ("bo", "བོད", "**བོད** བོད བོད\\\nབོད [བོད](x) བོད *བོད*"),
    ],
)
def test_codes_at_the_ends_of_sentences_stay_there(target: str, word: str, expected: str) -> None:
    class Echo(Fake):
        def translate(
            self, requests: Iterable[Request], source_language: str, target_language: str
        ) -> Iterator[Answer]:
            for request in requests:
                yield Match(re.sub("[A-Za-z]+", word, request.source).replace(".", ""), "mt", "fake", -0.1, "m")

    source = "**One** is here.\\\nTwo [is](x) there. *Three.*"
    (done,) = draft([catalog(source, markup="markdown", target=target)], guarded(Echo()))
    assert done.units[0].target == expected


class Says(Fake):
    """Answers with one text, codes and all."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        yield from (Match(self.text, "mt", "fake", -0.1, "m", remarks=("weak",)) for _ in requests)


@pytest.mark.parametrize("said", ["****木框：用来倒纸。", "木框：**用来倒纸。", "木框：用来倒纸。"])
def test_codes_that_came_back_wrong_are_put_in_by_proportion_and_a_note_says_so(said: str) -> None:
    source = "**Deckle:** the wooden frame on which a sheet is poured."
    (done,) = draft([catalog(source, markup="markdown")], Says(said))
    (unit,) = done.units
    assert not codes.compare(source, unit.target, "markdown") and unit.target.replace("*", "") == "木框：用来倒纸。"
    assert unit.mark("mt").get("note") == "weak; code re-inserted: **…**"  # type: ignore[union-attr]


def test_codes_that_an_engine_made_up_are_refused() -> None:
    (done,) = draft([catalog("The wooden frame.", markup="markdown")], Says("木框 [见](https://a.org)。"))
    assert done.units[0].mark("refused").get("why") == "inline codes came back wrong"  # type: ignore[union-attr]


def test_an_engine_of_units_gets_whole_units() -> None:
    fake = Fake(grain="unit", independent=True)
    draft([catalog("One. Two.")], fake)
    assert fake.texts == ["One. Two."]


def test_what_holds_no_letters_is_not_asked() -> None:
    fake = Fake()
    (done,) = draft([catalog("2009", "https://a.org/x", "It rose. 12!")], fake)
    assert fake.texts == ["It rose."]
    assert targets([done])[:2] == ["2009", "https://a.org/x"]
    assert targets([done])[2].startswith("中6。12")
    assert done.units[0].mark("mt") and done.units[0].fuzzy


def test_a_refused_sentence_leaves_its_unit_empty_and_is_asked_again_only_by_another() -> None:
    (done,) = draft([catalog("Good. A bad one.", "Fine.")], Fake())
    assert targets([done]) == ["", "中4。"]
    mark = done.units[0].mark("refused")
    assert mark == Mark("refused", (("engine", "fake"), ("model", "m"), ("why", "it is bad")))
    again = Fake()
    assert draft([done], again) == (done,) and again.asked == []
    other = Fake(model="m2")
    draft([done], other)
    assert "A bad one." in other.texts
    forced = Fake()
    draft([done], forced, Options(redraft=True))
    assert "A bad one." in forced.texts


def test_silence_leaves_a_unit_alone() -> None:
    before = catalog("Stay mute.", "Go.")
    (done,) = draft([before], Fake())
    assert done.units[0] == before.units[0] and done.units[1].target


PERSONS = [
    Unit("Go.", "去。"),
    Unit("Go.", "去。").flagged("fuzzy"),
    Unit("Go.", "去。").flagged("fuzzy").marked(Mark("mt", (("engine", "x"), ("hash", "000000000000")))),
    Unit("Go.", "去。")
    .flagged("fuzzy")
    .marked(Mark("mt", (("hash", text_hash("去。")),)), Mark("reviewed", (("by", "P"),))),
    Unit("Go.", "", obsolete=True),
]


@pytest.mark.parametrize("unit", PERSONS, ids=["accepted", "typed", "edited draft", "once reviewed", "obsolete"])
@pytest.mark.parametrize("redraft", [False, True])
def test_a_persons_words_are_never_touched(unit: Unit, redraft: bool) -> None:
    fake = Fake()
    before = Catalog("en", "zh-Hans", (unit,))
    assert draft([before], fake, Options(redraft=redraft)) == (before,)
    assert fake.asked == []


def drafted(unit: Unit, target: str, model: str, **changes: str) -> Unit:
    mark = Mark("mt", (("engine", "fake"), ("model", model), ("hash", text_hash(target))))
    return replace(unit, target=target, **changes).marked(mark).flagged("fuzzy")  # type: ignore[arg-type]


def test_redraft_takes_the_drafts_of_other_models_only() -> None:
    before = Catalog(
        "en", "zh-Hans", (drafted(Unit("Old."), "旧", "m0"), drafted(Unit("Mine."), "我", "m"), Unit("New."))
    )
    assert targets(draft([before], Fake())) == ["旧", "我", "中3。"]
    assert targets(draft([before], Fake(), Options(redraft=True))) == ["中3。", "我", "中3。"]


def test_a_memory_is_not_redrafted_by_a_machine() -> None:
    tm = Unit("Go.", "去。").flagged("fuzzy").marked(Mark("tm", (("match", "100"), ("hash", text_hash("去。")))))
    before = Catalog("en", "zh-Hans", (tm,))
    assert draft([before], Fake(), Options(redraft=True)) == (before,)


def test_a_machine_draft_of_an_older_source_is_drafted_again() -> None:
    before = Catalog("en", "zh-Hans", (drafted(Unit("New text."), "旧", "m", previous_source="Old text."),))
    ((unit,),) = ([*done.units] for done in draft([before], Fake()))
    assert unit.target == "中7。" and unit.previous_source == "" and unit.state is State.DRAFT
    refused = Catalog("en", "zh-Hans", (drafted(Unit("A bad text."), "旧", "m", previous_source="Old text."),))
    ((kept,),) = ([*done.units] for done in draft([refused], Fake()))
    assert kept.target == "旧" and kept.previous_source == "Old text." and kept.mark("refused")
    assert draft([replace(refused, units=(kept,))], fake := Fake()) and fake.asked == []


def test_memory_fills_empty_units_and_says_where_from() -> None:
    approved = Catalog("en", "zh-Hans", (Unit("Go.", "去。"), Unit("*Go*", "去。")), {"X-Lokta-Article": "news/one"})
    (done,) = draft([catalog("Go.", "*Go*", "Stop.", markup="markdown")], Memory.of([approved]))
    assert targets([done]) == ["去。", "", ""], "a memory without the code is no help"
    assert done.units[0].fuzzy
    assert done.units[0].mark("tm") == Mark(
        "tm", (("match", "100"), ("origin", "news/one"), ("hash", text_hash("去。")))
    )


def test_a_new_draft_takes_the_place_of_old_lines_and_keeps_a_persons() -> None:
    unit = Unit("Go.").marked(
        Mark("refused", (("engine", "x"), ("why", "empty"))), Mark("ignore", (("check", "script"),))
    )
    (done,) = draft([Catalog("en", "zh-Hans", (unit,))], Fake())
    assert [mark.kind for mark in done.units[0].provenance] == ["ignore", "mt"]


def test_pseudo_is_not_polished() -> None:
    source = 'He said: "Go, <1>now</1>..." -- 5 < 6; see https://a.org/b.'
    (done,) = draft([catalog(source, markup="tags", target="zh-Hans")], Pseudo())
    assert decode(done.units[0].target) == source and done.units[0].target != source


def test_two_pairs_are_two_jobs() -> None:
    with pytest.raises(ValueError, match="one pair"):
        draft([catalog("a"), catalog("a", target="bo")], Fake())


def test_nothing_to_do_asks_nobody_who_they_are() -> None:
    class Shy(Fake):
        @property
        def identities(self) -> frozenset[Identity]:
            raise AssertionError("the model's files were read for nothing")

        @identities.setter
        def identities(self, value: object) -> None: ...

    done = (Catalog("en", "zh-Hans", (Unit("Go.", "去。"),)),)
    assert draft(done, Shy()) == done
    assert draft([], Shy()) == ()


def test_progress_counts_what_is_asked() -> None:
    seen: list[tuple[int, int]] = []
    draft([catalog("One. Two.", "Two. Three.", "4")], Fake(), progress=lambda at: seen.append((at.done, at.total)))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_an_engine_that_loses_count_is_stopped() -> None:
    class Short(Fake):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            return iter(list(super().translate(*arguments))[:-1])  # type: ignore[arg-type]

    with pytest.raises(EngineFailed, match="fewer answers"):
        draft([catalog("One. Two.")], Short())


# Interruptions

SOURCES = st.lists(
    st.lists(
        st.sampled_from(["Yes.", "No.", "A dog.", "It is bad.", "The sun rose.", "7."]), min_size=1, max_size=4
    ).map(" ".join),
    min_size=1,
    max_size=6,
    unique=True,
)


class Stop(Exception):
    """A kill, at a checkpoint: what was given to it is on disk, what came later is lost."""


@given(st.lists(SOURCES, min_size=1, max_size=3), st.integers(1, 4), st.booleans(), st.data())
def test_interrupted_anywhere_the_end_is_the_same(
    jobs: list[list[str]], window: int, independent: bool, data: st.DataObject
) -> None:
    start = [catalog(*sources) for sources in jobs]
    undisturbed = draft(start, Fake(window=window, independent=independent))
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
            draft(disk, Fake(window=window, independent=independent), checkpoint=checkpoint)
            break
        except Stop:
            continue
    disk = list(draft(disk, Fake(window=window, independent=independent)))
    assert disk == list(undisturbed)


@given(SOURCES, st.integers(1, 3), st.integers(0, 30))
def test_what_was_finished_when_the_engine_failed_is_kept(sources: list[str], window: int, after: int) -> None:
    class Failing(Fake):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            for answer in super().translate(*arguments):  # type: ignore[arg-type]
                nonlocal after
                if not after:
                    raise KeyboardInterrupt
                after -= 1
                yield answer

    saved: list[Catalog] = [catalog(*sources)]
    undisturbed = draft(saved, Fake(window=window))
    given_up = False

    def checkpoint(catalogs: Sequence[Catalog]) -> None:
        saved[:] = catalogs

    try:
        draft(saved, Failing(window=window), checkpoint=checkpoint)
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

    (done,) = draft([catalog("One.", "Two.", "Three.")], Fake(window=1), checkpoint=checkpoint)
    assert targets([done]) == ["中3。", "中3。", "人的话"]
    assert done.metadata == {"PO-Revision-Date": "today"}


def test_a_later_paragraph_does_not_change_what_is_drafted() -> None:
    (first,) = draft([catalog("One.", "Two.", "Three.")], Fake(window=2))
    longer = replace(first, units=(Unit("Zero."), *first.units, Unit("Four.")))
    fake = Fake(window=2)
    (second,) = draft([longer], fake)
    assert second.units[1:4] == first.units
    assert all(unit.target for unit in second.units)


@pytest.mark.parametrize("quantization", ["int8", "float32"])
def test_a_real_model_interrupted_gives_the_same_bytes(quantization: str) -> None:
    make_package(models.folder(), "en", "zh", quantization)
    (package,) = [package for package in models.installed() if package.engine == "argos"]

    class Small(Argos):
        window = 7

    def engine() -> Engine:
        return guarded(Small(package, Options(threads=1)))

    sources = [f"The river rose {n} metres. It fell again on day {n % 5}. Officials said so." for n in range(12)]
    start = [catalog(*sources[:6]), catalog(*sources[6:])]
    whole = draft(start, engine())
    assert all(targets(whole))
    calls = 0

    def kill(catalogs: Sequence[Catalog]) -> None:
        nonlocal calls, start
        calls += 1
        start = [catalogs[0], start[1]]
        raise Stop

    with pytest.raises(Stop):
        draft(start, engine(), checkpoint=kill)
    assert any(targets(start)) and not all(targets(start))
    assert draft(start, engine()) == whole
