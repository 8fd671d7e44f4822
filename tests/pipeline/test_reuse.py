"""Changed paragraphs through the whole journey: the sentences of drafts are kept, traced, and put together with new ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polib
import pytest

from tests.support.fake_engine import FakeEngine
from tests.support.projects import change, order, path_of, read, reviewed, translate, write
from toolkit.catalog.drafted import parse
from toolkit.errors import EngineFailed
from toolkit.pipeline import translate as pipeline
from toolkit.pipeline.translate import foresee
from toolkit.project.context import Context
from toolkit.translation.engines import registry
from toolkit.units import State, Unit

RIVER, BRIDGES, SCHOOL = "The river rose in the night.", "Two bridges fell into the water.", "The school stays closed."
THREE = "Three bridges fell into the water."
SAID = {
    RIVER: "河水在夜里上涨了。",
    BRIDGES: "两座桥掉进了水里。",
    SCHOOL: "学校保持关闭。",
    THREE: "三座桥落水。",
    "Title of it": "标题",
}
OLD, NEW = f"{RIVER} {BRIDGES} {SCHOOL}", f"{RIVER} {THREE} {SCHOOL}"
EDITED = "昨天河水在夜里上涨了。两座桥都掉进了水里。因此，学校保持关闭。"
TOGETHER = "昨天河水在夜里上涨了。三座桥落水。因此，学校保持关闭。"
_REVIEWED = reviewed(EDITED)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    made = FakeEngine(SAID.__getitem__)
    monkeypatch.setitem(registry.ENGINES, "fake", lambda *_: made)  # type: ignore[arg-type]
    return made


def started(folder: Path, to: Callable[[Unit], Unit] = _REVIEWED) -> Path:
    """A project whose paragraph was drafted and reviewed, and whose article changed then; the file of draft sentences."""
    write(folder, "a.txt", f"Title of it\n\n{OLD}\n")
    translate(folder, "zh-Hans", engine="fake")
    change(folder, OLD, to)
    write(folder, "a.txt", f"Title of it\n\n{NEW}\n")
    return path_of(folder, "zh-Hans").with_suffix(".sentences")


def changed_unit(folder: Path) -> Unit:
    return next(unit for unit in read(folder, "zh-Hans").live if unit.source == NEW)


def test_two_of_three_sentences_keep_their_review(tmp_path: Path, engine: FakeEngine) -> None:
    beside = started(tmp_path)
    assert list(parse(beside.read_text("utf-8")).values()) == [(SAID[RIVER], SAID[BRIDGES], SAID[SCHOOL])]
    asked = len(engine.asked)
    translate(tmp_path, "zh-Hans", engine="fake")
    unit = changed_unit(tmp_path)
    line = unit.line("reused")
    assert (unit.target, unit.state, unit.previous_source, unit.machine) == (TOGETHER, State.OUTDATED, OLD, False)
    assert line and (line.get("kept"), line.get("new"), line.get("engine")) == ("1,3", "2", "fake")
    assert [request.source for request in engine.asked[asked:]] == [THREE]
    assert [one.target for one in read(tmp_path, "zh-Hans").units if one.obsolete] == [EDITED]
    before, asked = path_of(tmp_path, "zh-Hans").read_bytes(), len(engine.asked)
    translate(tmp_path, "zh-Hans", engine="fake")
    assert path_of(tmp_path, "zh-Hans").read_bytes() == before and len(engine.asked) == asked, (
        "once more changes nothing"
    )


def test_approved_in_poedit(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path, lambda unit: unit)
    path = path_of(tmp_path, "zh-Hans")
    catalog = polib.pofile(str(path))
    entry = next(entry for entry in catalog if entry.msgid == OLD)
    entry.msgstr, entry.flags = EDITED, []
    catalog.save()
    translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == TOGETHER


def test_without_a_machine_the_words_stay_until_there_is_one(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    translate(tmp_path, "zh-Hans", engine="memory")
    assert changed_unit(tmp_path).target == EDITED
    translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == TOGETHER


def test_an_engine_that_fails_loses_nothing(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)

    def fails(text: str) -> str:
        raise EngineFailed("gone")

    engine.says = fails
    with pytest.raises(EngineFailed):
        translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == EDITED
    engine.says = SAID.__getitem__
    translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == TOGETHER


def test_a_persons_change_of_what_was_put_together_stands(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    translate(tmp_path, "zh-Hans", engine="fake")
    change(tmp_path, NEW, lambda unit: replace(unit, target="别的话。"))
    translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == "别的话。"


def without_sentences(folder: Path, way: str) -> None:
    """The changed project, whose file of draft sentences is gone in some way."""
    beside = started(folder)
    if way == "deleted":
        beside.unlink()
    elif way == "broken":
        beside.write_bytes(b"\xff\xfe nothing")
    elif way == "link":
        beside.rename(folder / "elsewhere")
        beside.symlink_to(folder / "elsewhere")


@pytest.mark.parametrize("way", ["deleted", "broken", "link"])
def test_without_the_drafts_sentences_new_drafts_are_evidence(way: str, tmp_path: Path, engine: FakeEngine) -> None:
    without_sentences(tmp_path, way)
    asked = len(engine.asked)
    translate(tmp_path, "zh-Hans", engine="fake")
    unit = changed_unit(tmp_path)
    line = unit.line("reused")
    assert unit.target == TOGETHER and line and (line.get("kept"), line.get("new")) == ("1,3", "2")
    assert [request.source for request in engine.asked[asked:]] == [RIVER, BRIDGES, SCHOOL, THREE]


def test_the_progress_of_single_sentences_is_told(tmp_path: Path, engine: FakeEngine) -> None:
    without_sentences(tmp_path, "deleted")
    (last,) = translate(tmp_path, "zh-Hans", engine="fake").told.progress
    assert (last.done, last.total, last.refused) == (4, 4, 0), "three as evidence, one that is new"


def test_where_drafts_say_nothing_the_whole_stays(tmp_path: Path, engine: FakeEngine) -> None:
    without_sentences(tmp_path, "deleted")
    said = len(engine.asked)
    engine.says = {**SAID, RIVER: "天气很好。", BRIDGES: "没有人来。", SCHOOL: "价格下降。"}.__getitem__
    with Context.at(tmp_path) as context:
        (told,) = foresee(context, order(context, "zh-Hans", engine="fake"))
    assert told.sentences == 3 and len(engine.asked) == said
    for _ in range(2):
        translate(tmp_path, "zh-Hans", engine="fake")
        unit = changed_unit(tmp_path)
        line = unit.line("reused")
        assert unit.target == EDITED and line and line.get("unsure") == "1,3"
        assert len(engine.asked) == said + 3, "once"


def test_an_engine_that_comes_later_is_asked_for_evidence_too(
    tmp_path: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_sentences(tmp_path, "deleted")
    engine.says = {**SAID, RIVER: "天气很好。", BRIDGES: "没有人来。", SCHOOL: "价格下降。"}.__getitem__
    translate(tmp_path, "zh-Hans", engine="fake")
    line = changed_unit(tmp_path).line("reused")
    assert line is not None and (line.get("unsure"), line.get("by")) == ("1,3", "fake/m")
    better = FakeEngine(SAID.__getitem__, "better")
    monkeypatch.setitem(registry.ENGINES, "better", lambda *_: better)  # type: ignore[arg-type]
    with Context.at(tmp_path) as context:
        (told,) = foresee(context, order(context, "zh-Hans", engine="better"))
    assert told.sentences == 3
    translate(tmp_path, "zh-Hans", engine="better")
    assert changed_unit(tmp_path).target == TOGETHER


def test_sentences_are_not_reused_where_that_is_switched_off(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    write(tmp_path, "lokta.toml", "[merge]\nsentences = false\n")
    translate(tmp_path, "zh-Hans", engine="fake")
    assert changed_unit(tmp_path).target == EDITED and changed_unit(tmp_path).line("reused") is None


def test_entries_of_the_side_file_go_with_their_paragraphs(tmp_path: Path, engine: FakeEngine) -> None:
    beside = started(tmp_path, lambda unit: unit)
    write(tmp_path, "a.txt", f"Title of it\n\n{BRIDGES} {SCHOOL}\n")
    translate(tmp_path, "zh-Hans", engine="fake")
    assert list(parse(beside.read_text("utf-8")).values()) == [(SAID[BRIDGES], SAID[SCHOOL])]


def test_a_renamed_article_brings_its_sentences_along(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    (tmp_path / "a.txt").unlink()
    write(tmp_path, "b.txt", f"Title of it\n\n{NEW}\n")
    translate(tmp_path, "zh-Hans", engine="fake")
    units = {unit.source: unit.target for unit in read(tmp_path, "zh-Hans", "b").live}
    assert units[NEW] == TOGETHER


def test_both_halves_of_a_split_paragraph_get_their_own_words(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    write(tmp_path, "a.txt", f"Title of it\n\n{RIVER}\n\n{BRIDGES} {SCHOOL}\n")
    asked = len(engine.asked)
    translate(tmp_path, "zh-Hans", engine="fake")
    units = {unit.source: unit for unit in read(tmp_path, "zh-Hans").live}
    assert units[RIVER].target == "昨天河水在夜里上涨了。"
    assert units[f"{BRIDGES} {SCHOOL}"].target == "两座桥都掉进了水里。因此，学校保持关闭。"
    assert all(units[source].state is State.OUTDATED for source in (RIVER, f"{BRIDGES} {SCHOOL}"))
    assert len(engine.asked) == asked


def counts(folder: Path) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """What a dry run says, and then what a run does: from memory, put together, sentences kept, withdrawn; the sentences that are
    asked according to the first."""
    with Context.at(folder) as context:
        wanted = order(context, "zh-Hans", engine="fake")
        (said,) = foresee(context, wanted)
        done = pipeline.translate(context, wanted).summaries
    names = ("memory", "reused", "kept_sentences", "withdrawn")
    return (
        tuple(getattr(said, name) for name in names),
        tuple(sum(getattr(one, name) for one in done) for name in names),
        said.sentences,
    )


def test_a_dry_run_counts_what_the_run_then_does(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    write(tmp_path, "b.txt", f"Title of it\n\n{OLD}\n\n{BRIDGES}\n")
    write(tmp_path, "c.txt", f"Title of it\n\n{NEW}\n")
    held, asked = path_of(tmp_path, "zh-Hans").read_bytes(), len(engine.asked)
    with Context.at(tmp_path) as context:
        (said,) = foresee(context, order(context, "zh-Hans", engine="fake"))
    assert (said.reused, said.kept_sentences) == (1, 2)
    assert path_of(tmp_path, "zh-Hans").read_bytes() == held and len(engine.asked) == asked, "it changes nothing"
    before, after, sentences = counts(tmp_path)
    assert before == after and before[1:] == (1, 2, 0) and before[0] > 0
    assert len({request.source for request in engine.asked[asked:]}) <= sentences, (
        "a sentence of two kinds of work is two"
    )
    before, after, sentences = counts(tmp_path)
    assert before == after == (0, 0, 0, 0) and sentences == 0


def test_sentences_that_stay_are_counted_and_kept_where_none_is_new(tmp_path: Path, engine: FakeEngine) -> None:
    started(tmp_path)
    write(tmp_path, "a.txt", f"Title of it\n\n{RIVER} {SCHOOL}\n")
    with Context.at(tmp_path) as context:
        (said,) = foresee(context, order(context, "zh-Hans", engine="fake"))
        (done,) = pipeline.translate(context, order(context, "zh-Hans", engine="fake")).summaries
    assert (said.reused, said.kept_sentences) == (done.reused, done.kept_sentences) == (1, 2)
