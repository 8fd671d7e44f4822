"""What was asked once is not asked again; what was refused is tried once more, in another way, and then remembered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.tiny_argos import make_package
from tests.translation.test_draft import SOURCES, Fake, Stop, catalog, targets
from toolkit import models
from toolkit.errors import EngineFailed
from toolkit.memory import Drafts
from toolkit.translation import Options, draft, pick
from toolkit.translation.accept import Checked
from toolkit.translation.argos import Argos
from toolkit.translation.table import guarded
from toolkit.translation.wrappers import Cached, Protect
from toolkit.units import Answer, Catalog, Engine, Match, Refusal, Request


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with Drafts(tmp_path / "d.sqlite3") as opened:
        yield opened


def test_a_second_job_asks_only_what_is_new(drafts: Drafts) -> None:
    first, second = Fake(), Fake()
    start = [catalog("One. Two.", "It is bad.")]
    done = draft(start, guarded(first, Options(drafts=drafts)))
    assert draft(start, guarded(second, Options(drafts=drafts))) == done and second.asked == []
    draft([catalog("Two. Three.")], guarded(second, Options(drafts=drafts)))
    assert second.texts == ["Three."]


def test_another_model_is_another_question(drafts: Drafts) -> None:
    draft([catalog("One.")], guarded(Fake(), Options(drafts=drafts)))
    other = Fake(model="m2")
    draft([catalog("One.")], guarded(other, Options(drafts=drafts)))
    assert other.texts == ["One."]


def test_sentences_that_differ_in_their_links_are_one_question(drafts: Drafts) -> None:
    fake = Fake()
    start = [catalog("See [here](https://a.org).", "See [here](https://b.org).", markup="markdown")]
    (done,) = draft(start, guarded(fake, Options(drafts=drafts)))
    assert len(fake.texts) == 1
    assert "https://a.org" in done.units[0].target and "https://b.org" in done.units[1].target


def test_silence_is_not_remembered(drafts: Drafts) -> None:
    for _ in range(2):
        fake = Fake()
        draft([catalog("Stay mute.")], guarded(fake, Options(drafts=drafts)))
        assert fake.texts == ["Stay mute."]


def test_a_redraft_asks_again_what_was_refused(drafts: Drafts) -> None:
    draft([catalog("It is bad.", "Go.")], guarded(Fake(), Options(drafts=drafts)))
    fake, options = Fake(), Options(drafts=drafts, redraft=True)
    draft([catalog("It is bad.", "Go.")], guarded(fake, options), options)
    assert fake.texts == ["It is bad."]


class Stubborn(Fake):
    """Repeats its source at first; a second try does better with what is not hopeless."""

    def __init__(self) -> None:
        super().__init__()
        self.again_asked: list[list[str]] = []

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        self.asked.append([request.source for request in requests])
        yield from (Match("中文。" if "good" in text else text, "mt", "fake", -1.0, "m") for text in self.asked[-1])

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        self.again_asked.append([request.source for request in requests])
        for request in requests:
            target = request.source if "hopeless" in request.source else "好了。"
            yield Match(target, "mt", "fake", -2.0, "m", remarks=("second try",))


def test_what_is_refused_is_tried_once_more_and_then_left(drafts: Drafts) -> None:
    engine = Stubborn()
    start = [catalog("All good.", "A hopeless case.", "Try again.")]
    (done,) = draft(start, guarded(engine, Options(drafts=drafts)))
    assert engine.again_asked == [["A hopeless case.", "Try again."]]
    assert targets([done]) == ["中文。", "", "好了。"]
    assert done.units[1].mark("refused").get("why") == "the same as the source"  # type: ignore[union-attr]
    assert done.units[2].mark("mt").get("note") == "second try"  # type: ignore[union-attr]
    again = Stubborn()
    assert draft(start, guarded(again, Options(drafts=drafts))) == (done,)
    assert not again.asked and not again.again_asked, "a refusal is remembered"


def test_a_bad_draft_never_enters_the_cache(drafts: Drafts) -> None:
    draft([catalog("A hopeless case.")], guarded(Stubborn(), Options(drafts=drafts)))
    drafts.close()
    assert b"hopeless" not in drafts.path.read_bytes()


class Paragraphs(Fake):
    """Takes paragraphs; of those that say so it knows the sentences."""

    def __init__(self) -> None:
        super().__init__("unit", independent=True)

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        for request in requests:
            known = (("It rose (1).", "涨了(1)。"), ("It fell. Known.", "跌了。"), (" ", "空"))
            doubt = "lost a sentence" if "doubt" in request.source else ""
            yield Match(
                "涨了。跌了。",
                "mt",
                "fake",
                -1.0,
                "m",
                sentences=known if "Known" in request.source else (),
                doubt=doubt,
            )


def test_sentences_are_kept_with_their_targets_where_it_is_known_which_is_whose(drafts: Drafts) -> None:
    sources = ["It rose [here](x). It fell. Known.", "It rose. Who knows?", "One [sentence](x).", "A doubt. Known."]
    (done,) = draft([catalog(*sources, markup="markdown")], guarded(Paragraphs(), Options(drafts=drafts)))
    assert done.units[3].mark("refused").get("why") == "lost a sentence"  # type: ignore[union-attr]
    asked = [
        "It rose (1).",
        "It fell. Known.",
        " ",
        "It rose. Who knows?",
        "It rose.",
        "One (1) sentence (2).",
        "A doubt.",
    ]
    assert drafts.sentence_pairs("en", "zh-Hans", asked) == {
        "It rose (1).": [("涨了(1)。", "m")],
        "It fell. Known.": [("跌了。", "m")],
        "One (1) sentence (2).": [("涨了。跌了。", "m")],
    }
    assert drafts.sentence_pairs("en", "bo", asked) == {}


def test_what_an_engine_of_sentences_said_is_a_pair_and_what_was_refused_is_none(drafts: Drafts) -> None:
    draft([catalog("Go. It is bad.", "Stay mute.")], guarded(Fake(), Options(drafts=drafts)))
    found = drafts.sentence_pairs("en", "zh-Hans", ["Go.", "It is bad.", "Stay mute."])
    assert found == {"Go.": [("中2。", "m")]}


def test_nothing_of_a_batch_is_kept_when_the_engine_stops_in_it(drafts: Drafts) -> None:
    class Stops(Fake):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            yield next(super().translate(*arguments))  # type: ignore[arg-type]
            raise EngineFailed("no power")

    with pytest.raises(EngineFailed, match="no power"):
        draft([catalog("One. Two.")], Protect(Cached(Checked(Stops()), drafts)))
    fake = Fake()
    draft([catalog("One. Two.")], guarded(fake, Options(drafts=drafts)))
    assert fake.texts == ["One.", "Two."]


def test_an_engine_that_loses_count_is_stopped_and_not_remembered(drafts: Drafts) -> None:
    class Short(Fake):
        def translate(self, *arguments: object) -> Iterator[Answer]:
            return iter(list(super().translate(*arguments))[:-1])  # type: ignore[arg-type]

    with pytest.raises(EngineFailed, match="fewer answers"):
        draft([catalog("One. Two.")], guarded(Short(), Options(drafts=drafts)))
    assert not drafts.path.exists()


def test_both_legs_of_a_pivot_are_remembered(drafts: Drafts, monkeypatch: pytest.MonkeyPatch) -> None:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    start = [catalog("The river rose.", "Snow.", target="bo")]
    engine = pick("argos", "en", "bo", Options(drafts=drafts))
    assert engine is not None
    done = draft(start, engine)
    assert all(targets(done))
    monkeypatch.setattr(Argos, "_window", None)
    again = pick("argos", "en", "bo", Options(drafts=drafts))
    assert again is not None and draft(start, again) == done


def test_the_second_try_of_a_package_does_not_repeat_itself() -> None:
    make_package(models.folder(), "en", "zh", "float32")
    (package,) = [package for package in models.installed() if package.engine == "argos"]
    argos = Argos(package, Options(threads=1))
    source = Request("snow rain snow rain snow rain snow rain.")
    (first,) = argos.translate([source], "en", "zh-Hans")
    (second,) = argos.again([source], "en", "zh-Hans")
    (third,) = argos.again([source], "en", "zh-Hans")
    assert isinstance(first, Match) and isinstance(second, Match) and second == third
    triples = [second.target[i : i + 3] for i in range(len(second.target) - 2)]
    assert first.target[:4] in first.target[4:] and len(set(triples)) == len(triples)
    assert "second try" in second.remarks and "second try" not in first.remarks


# Interruptions


@given(jobs=st.lists(SOURCES, min_size=1, max_size=3), window=st.integers(1, 4), data=st.data())
def test_interrupted_anywhere_with_or_without_its_cache_the_end_is_the_same(
    jobs: list[list[str]], window: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What the fake says shows what shared its window; killed in a batch, after a batch, after a catalog, the cache lost or not."""
    place = tmp_path_factory.mktemp("cache")
    start = [catalog(*sources) for sources in jobs]
    with Drafts(place / "whole") as drafts:
        undisturbed = draft(start, guarded(Fake(window=window), Options(drafts=drafts)))
    assert undisturbed == draft(start, guarded(Fake(window=window)))
    disk: list[Catalog] = list(start)
    number = 0
    for _ in range(20):
        batches, saves = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 3))
        written = data.draw(st.integers(0, len(start)))
        number += data.draw(st.booleans())

        class Dying(Fake):
            lives = batches

            def translate(self, *arguments: object) -> Iterator[Answer]:
                self.lives -= 1
                if self.lives < 0:
                    raise Stop
                return super().translate(*arguments)  # type: ignore[arg-type]

        def checkpoint(catalogs: Sequence[Catalog], written: int = written) -> None:
            nonlocal disk, saves
            saves -= 1
            if saves < 0:
                disk = [*catalogs[:written], *disk[written:]]
                raise Stop
            disk = list(catalogs)

        with Drafts(place / str(number)) as drafts:
            try:
                draft(disk, _mortal(Dying(window=window), drafts), checkpoint=checkpoint)
                break
            except Stop:
                continue
    with Drafts(place / str(number)) as drafts:
        assert draft(disk, guarded(Fake(window=window), Options(drafts=drafts))) == undisturbed


def _mortal(engine: Fake, drafts: Drafts) -> Engine:
    return guarded(engine, Options(drafts=drafts))


def test_refusals_are_as_certain_as_drafts(drafts: Drafts) -> None:
    for _ in range(2):
        (answer,) = guarded(Fake(), Options(drafts=drafts)).translate([Request("It is bad.")], "en", "zh-Hans")
        assert answer == Refusal("fake", "m", "it is bad")
