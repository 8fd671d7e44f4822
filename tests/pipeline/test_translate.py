"""The journey seen from inside: edits while it drafts, what is told, how it is stopped."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.environment import Run
from tests.support.fake_engine import FakeEngine, Windowed
from tests.support.projects import change, order, path_of, read, reviewed, translate, write
from toolkit.errors import Stopped
from toolkit.events import Cancellation, Event, NoEngine, Noted, Progressed, Warned
from toolkit.pipeline import translate as pipeline
from toolkit.project.context import Context
from toolkit.translation.cache import model as cached_model
from toolkit.translation.drafting import run as drafting
from toolkit.translation.drafting.progress import Meter
from toolkit.translation.engines import registry
from toolkit.translation.options import Options
from toolkit.units import State


def test_an_approval_while_it_drafts_is_kept(tmp_path: Path) -> None:
    write(tmp_path)
    done: list[int] = []

    def approve_meanwhile(event: Event) -> None:
        if isinstance(event, Progressed) and event.done and not done:
            done.append(event.done)
            change(tmp_path, "The river rose.", reviewed("ཆུ་རྒྱས།"), "bo")

    translate(tmp_path, tell=approve_meanwhile)
    units = {unit.source: unit for unit in read(tmp_path).live}
    assert done and units["The river rose."].state is State.REVIEWED and units["The river rose."].target == "ཆུ་རྒྱས།"
    assert units["It fell again."].state is State.DRAFT


def test_a_metadata_line_that_fits_nothing_is_reported(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "a.meta.toml", 'skip = ["It fell", "No such words"]\n')
    found = translate(tmp_path)
    assert [line.rpartition(": ")[2] for line in found.warnings] == ["No such words"]
    assert {unit.source for unit in read(tmp_path).live} == {"Title of it", "The river rose."}


def test_a_broken_catalog_beside_is_named_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "locales/bo/LC_MESSAGES/broken.po", 'msgid "x\n')
    found = translate(tmp_path)
    assert any("broken.po:1" in line for line in found.warnings) and path_of(tmp_path).is_file()


def test_every_kind_of_event_reaches_the_sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A warning of a broken catalog, progress of one language, no engine for another; in the order in which they happen."""
    engine = FakeEngine(lambda text: f"བཀྲ་ཤིས་{len(text)}")
    monkeypatch.setitem(registry.ENGINES, "fake", lambda *_: engine)  # type: ignore[arg-type]
    write(tmp_path)
    write(tmp_path, "locales/bo/LC_MESSAGES/broken.po", 'msgid "x\n')
    heard: list[Event] = []
    with Context.at(tmp_path) as context:
        pipeline.translate(context, order(context, "bo", engine="fake"), heard.append)
        pipeline.translate(context, order(context, "de", engine=""), heard.append)
    kinds = list(dict.fromkeys(type(event) for event in heard))
    assert kinds == [Warned, Progressed, NoEngine], heard
    progress = [event for event in heard if isinstance(event, Progressed)]
    assert all(event.target_language == "bo" for event in progress)
    assert [event.done for event in progress if not event.loading] == [1, 2, 3]
    assert (progress[-1].total, progress[-1].characters) == (3, sum(len(text) for text in engine.texts))
    assert progress[-1].characters_done == progress[-1].characters
    (missing,) = (event for event in heard if isinstance(event, NoEngine))
    assert missing.line.startswith("de: no model from en")


def test_a_note_reaches_the_sink(tmp_path: Path) -> None:
    """Two texts at a time in a language model may move the last digits of the scores, which is said once."""
    write(tmp_path)
    heard: list[Event] = []
    translate(tmp_path, "zh-Hans", engine="llama", source_language="en", options=Options(slots=2), tell=heard.append)
    (note,) = (event for event in heard if isinstance(event, Noted))
    assert note.line.startswith("2 texts were drafted at a time")


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_a_cancelled_run_stops_before_its_next_text_and_keeps_what_it_has(
    asked: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cancellation = Cancellation()

    def says(text: str) -> str:
        if len(engine.asked) == asked:
            cancellation.cancel()
        return f"བཀྲ་ཤིས་{len(text)}"

    engine = FakeEngine(says)
    monkeypatch.setitem(registry.ENGINES, "fake", lambda *_: engine)  # type: ignore[arg-type]
    write(tmp_path)
    if not asked:
        cancellation.cancel()
    with pytest.raises(Stopped, match="the same command goes on") as stopped:
        translate(tmp_path, engine="fake", cancellation=cancellation)
    assert stopped.value.exit_code == 130
    assert len(engine.asked) == asked
    held = [unit.target for unit in read(tmp_path).live] if asked else []
    assert [bool(target) for target in held] == [True] * asked + [False] * (3 - asked if asked else 0)
    engine.says = lambda text: f"བཀྲ་ཤིས་{len(text)}"
    translate(tmp_path, engine="fake")
    assert len(engine.asked) == 3, "what was drafted is not asked again"
    assert all(unit.state is State.DRAFT for unit in read(tmp_path).live)


SHORT = [f"The river rose {n} metres." for n in range(2, 12)]
LONG = [
    f"The two sides agreed to hold talks on the {what} in Beijing next month, the ministry said on Monday."
    for what in ("border", "bridge", "railway", "school", "weather", "market", "water", "harvest", "forest", "price")
]
TEXTS = [text for pair in zip(SHORT, LONG, strict=True) for text in pair]


@pytest.mark.parametrize("slower", [1.0, 1.5, 3.0])
def test_the_time_left_holds_though_half_is_in_the_cache(
    slower: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first half of the job is answered by the draft cache in no time, which must not make the estimate rosy. The clock
    is that of the model: a second for ten characters, or more where the machine is busier than in the run before."""
    clock, pace = [0.0], [0.1]

    def say(text: str) -> str:
        clock[0] += pace[0] * len(text)
        return f"今天河水上涨了{len(text)}。"

    def make(*given: object) -> Windowed:
        return Windowed(independent=True, window=1, cache=given[-1].cache, says=say)  # type: ignore[attr-defined]

    monkeypatch.setitem(registry.ENGINES, "slow", make)  # type: ignore[arg-type]
    monkeypatch.setattr(drafting, "Meter", partial(Meter, now=lambda: clock[0]))
    monkeypatch.setattr(cached_model, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    half, whole = TEXTS[: len(TEXTS) // 2], TEXTS
    write(tmp_path, "half.txt", "\n\n".join(half) + "\n")
    translate(tmp_path, "zh-Hans", names=("half.txt",), engine="slow")
    assert clock[0] == pytest.approx(sum(map(len, half)) / 10)
    write(tmp_path, "whole.txt", "\n\n".join(whole) + "\n")
    looks: list[tuple[float, float]] = []

    def look(event: Event) -> None:
        if isinstance(event, Progressed) and event.characters_done < 0.8 * event.characters:
            assert event.seconds_left is not None, "an earlier run is known"
            looks.append((event.seconds_left, clock[0]))

    pace[0] *= slower
    translate(tmp_path, "zh-Hans", names=("whole.txt",), engine="slow", tell=look)
    left = [(said, clock[0] - at) for said, at in looks]
    assert len(left) > len(TEXTS) // 2
    if slower == 1.0:
        assert all(said == pytest.approx(took) for said, took in left), left
    good = [took / 2 <= said <= took * 2 for said, took in left if took < left[0][1] / 2]
    assert good and all(good), "once the second half is on its way"


@pytest.mark.parametrize("jobs", [(), ("-j", "2")])
def test_one_bad_article_or_catalog_does_not_stop_the_others(
    tmp_path: Path, invoke: Run, jobs: tuple[str, ...]
) -> None:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\n[target.bo]\n[target.de]\n')
    for name in ("a", "b", "d"):
        write(tmp_path, f"{name}.txt", f"Words of {name} here.\n")
    invoke("translate", "--engine", "pseudo")
    write(tmp_path, "c.txt", "bin\0ary\n")
    write(tmp_path, "e.txt", "Last words.\n")
    broken = path_of(tmp_path, "bo", "b")
    held = broken.read_bytes() + b'msgid "broken\n'
    broken.write_bytes(held)
    said = invoke("translate", "--engine", "pseudo", *jobs, code=1)
    assert "c.txt: holds NUL bytes" in said.stderr and "b.po:" in said.stderr
    assert "left out for the reasons above: 2 of 5 articles (b, c); mend them" in said.stderr
    assert "e -> bo: 1 paragraph" in said.stdout and "b -> de: 1 paragraph" in said.stdout
    assert "b -> bo" not in said.stdout and broken.read_bytes() == held
    told = invoke("translate", "--engine", "pseudo", "--dry-run")
    assert "bo: 3 articles" in told.stdout and "de: 4 articles" in told.stdout and "c.txt: holds NUL" in told.stderr
    (tmp_path / "c.txt").unlink()
    for command in (("status",), ("check", *jobs), ("review", "--list"), ("review", "--sign"), ("build", *jobs)):
        said = invoke(*command, code=1)
        assert "b.po:" in said.stderr and "Traceback" not in said.stderr, command
        assert said.stdout, command
    assert (tmp_path / "editions/html/bo/a.html").is_file() and not (tmp_path / "editions/html/bo/b.html").exists()
    assert not invoke("build", "b.txt", "--to", "bo", code=1).stdout.count("/bo/")
    assert "nothing was built" not in invoke("build", "--strict", code=1).stderr
    assert "b.po:" in invoke("translate", "b.txt", "--engine", "pseudo", code=1).stderr


def test_without_to_an_article_goes_only_into_the_languages_of_the_project_and_those_it_has_begun(
    tmp_path: Path, invoke: Run
) -> None:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\n[target.bo]\n')
    for name in ("a", "b"):
        write(tmp_path, f"{name}.txt", f"Words of {name} here.\n")
    invoke("translate", "--engine", "pseudo")
    invoke("translate", "a.txt", "--to", "de", "--engine", "pseudo")
    write(tmp_path, "a.txt", "Words of a here.\n\nAnd more.\n")
    said = invoke("translate", "--engine", "pseudo").stdout
    assert "a -> de: 2 paragraphs" in said and "b -> bo" in said and "b -> de" not in said
    assert not path_of(tmp_path, "de", "b").exists()
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    assert "c -> de: 2 paragraphs" in invoke("translate", "--engine", "pseudo").stdout  # its translations go along
    assert "b -> de" in invoke("translate", "--to", "de", "--engine", "pseudo").stdout
