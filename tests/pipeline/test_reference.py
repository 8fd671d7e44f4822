"""A second source on the way through a project: found, missing, broken, changed; in the pipeline and at the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import echo, projects
from tests.support.environment import Run
from tests.support.projects import TEXT, Ran, change, order, path_of, read, reviewed, write
from toolkit.errors import ConfigError, UsageError
from toolkit.pipeline.reference import in_order, stale
from toolkit.pipeline.review import ReviewService
from toolkit.pipeline.translate import foresee
from toolkit.project import config as configs
from toolkit.project.context import Context
from toolkit.translation.engines import registry
from toolkit.translation.options import Options
from toolkit.units import text_hash


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.ENGINES, "echo", echo.make)  # type: ignore[arg-type]


def run(
    folder: Path,
    *targets: str,
    second: str = "zh-Hans",
    engine: str = "echo",
    redraft: bool = False,
    source_language: str = "",
) -> Ran:
    options = Options(reference_language=second, redraft=redraft)
    return projects.translate(folder, *targets, engine=engine, source_language=source_language, options=options)


def helped(folder: Path) -> dict[str, str]:
    """Source -> the hash of what helped its draft."""
    return {unit.source: line.get("second-hash") for unit in read(folder).live if (line := unit.line("mt"))}


def test_what_is_reviewed_helps_and_its_change_makes_the_draft_again(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    assert run(tmp_path).warnings == []
    assert helped(tmp_path) == {"Title of it": "", "The river rose.": text_hash("河水上涨了。"), "It fell again.": ""}
    before = path_of(tmp_path, "bo").read_bytes()
    again = run(tmp_path)
    assert path_of(tmp_path, "bo").read_bytes() == before and again.summaries[0].machine == 0
    change(tmp_path, "The river rose.", reviewed("河涨了。"))
    run(tmp_path, second="")
    assert path_of(tmp_path, "bo").read_bytes() == before, "no second source is wanted: the draft is left alone"
    assert run(tmp_path).summaries[0].machine == 1
    assert helped(tmp_path)["The river rose."] == text_hash("河涨了。")
    assert "#|" not in path_of(tmp_path, "bo").read_text(encoding="utf-8")


def test_the_project_may_say_it(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    write(tmp_path, "lokta.toml", '[target.bo]\nsecond_source = "zh_CN"\n')
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path, second="")
    assert helped(tmp_path)["The river rose."] == text_hash("河水上涨了。")


def test_both_in_one_run(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", 'Title of it\n\nHe said "no".\n')
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, 'He said "no".', reviewed("他说“不”。"))
    write(tmp_path, "a.txt", "Title of it\n\nHe said “no”.\n")
    done = run(tmp_path, "bo", "zh-Hans")
    assert [summary.target_language for summary in done.summaries] == ["zh-Hans", "bo"]
    assert helped(tmp_path)["He said “no”."] == text_hash("他说“不”。")


def test_quotes_that_changed_in_the_article_alone_are_no_change_of_the_help(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", 'Title of it\n\nHe said "no".\n')
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, 'He said "no".', reviewed("他说“不”。"))
    run(tmp_path)
    write(tmp_path, "a.txt", "Title of it\n\nHe said “no”.\n")
    assert run(tmp_path).summaries[0].machine == 0
    assert helped(tmp_path)["He said “no”."] == text_hash("他说“不”。")
    assert [unit.source for unit in read(tmp_path, "zh-Hans").live][1] == 'He said "no".', (
        "that catalog was not touched"
    )


def test_nothing_reviewed_yet_is_one_line(tmp_path: Path) -> None:
    for name in "abcde":
        write(tmp_path, f"{name}.txt", f"{TEXT}\nMore of {name}.\n")
    done = run(tmp_path)
    assert done.warnings == ["bo: nothing is reviewed in zh-Hans yet, so no second source: a, b, c and 2 more"]
    assert run(tmp_path).warnings == [], "nothing is drafted, nothing is missed"
    assert set(helped(tmp_path).values()) == {""}


def test_a_broken_catalog_is_named_and_makes_nothing_stale(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path)
    write(tmp_path, "a.txt", f"{TEXT}\nA new one.\n")
    path_of(tmp_path, "zh-Hans").write_text('msgid "x\n', encoding="utf-8")
    done = run(tmp_path)
    (line,) = done.warnings
    assert "a.po:1" in line and "without a second source" in line
    assert done.summaries[0].machine == 1 and helped(tmp_path)["The river rose."] == text_hash("河水上涨了。")


def test_an_engine_that_takes_none_says_so_once_and_leaves_others_drafts_alone(tmp_path: Path) -> None:
    for name in "ab":
        write(tmp_path, f"{name}.txt", f"{TEXT}\nMore of {name}.\n")
    done = run(tmp_path, engine="echo/deaf")
    (line,) = done.warnings
    assert line.startswith("bo: echo takes no second source in zh-Hans")
    assert run(tmp_path, engine="echo/deaf").warnings == []
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path, redraft=True)
    change(tmp_path, "The river rose.", reviewed("河涨了。"))
    before = path_of(tmp_path, "bo").read_bytes()
    run(tmp_path, engine="echo/deaf")
    assert path_of(tmp_path, "bo").read_bytes() == before


def test_articles_in_the_second_language_itself(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "拉萨消息\n\n会议将于星期一举行。\n")
    (line,) = run(tmp_path).warnings
    assert line == "bo: articles in zh-Hans get no second source in their own language"


def test_sentences(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "Title of it\n\nThe river rose. It fell again.\n")
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose. It fell again.", reviewed("河水上涨了。又落了。"))
    run(tmp_path, engine="echo/sentences")
    assert helped(tmp_path)["The river rose. It fell again."] == text_hash("河水上涨了。又落了。")


def test_a_stale_draft_is_filled_from_memory_first(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path)
    write(tmp_path, "b.txt", "Another\n\nThe river rose.\n")
    run(tmp_path, second="")
    change(tmp_path, "The river rose.", reviewed("ཆུ་རྒྱས།"), "bo", "b")
    change(tmp_path, "The river rose.", reviewed("河涨了。"))
    run(tmp_path)
    (unit,) = (unit for unit in read(tmp_path).live if unit.source == "The river rose.")
    assert unit.target == "ཆུ་རྒྱས།" and unit.line("tm") and not unit.line("mt")


def test_a_forecast_counts_what_is_stale(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path)
    change(tmp_path, "The river rose.", reviewed("河涨了。"))
    context = Context.at(tmp_path)
    for second, units in (("zh-Hans", 1), ("", 0)):
        options = Options(reference_language=second)
        (one,) = foresee(context, order(context, "bo", engine="echo", options=options))
        assert (one.units, one.sentences) == (units, units)


def test_what_waits_says_what_is_stale(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", TEXT)
    run(tmp_path, "zh-Hans", second="")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    run(tmp_path)
    context = Context.at(tmp_path)
    assert stale(context.store, read(tmp_path)) == {}
    change(tmp_path, "The river rose.", lambda unit: unit.flagged("fuzzy"))
    assert [unit.source for unit in stale(context.store, read(tmp_path))["zh-Hans"]] == ["The river rose."]
    found = {item.unit.source: item.reasons for item in ReviewService(context).queue([path_of(tmp_path, "bo")])}
    assert found["The river rose."][-1] == "what helped it in zh-Hans changed since"
    assert "what helped it in zh-Hans changed since" not in found["It fell again."]
    change(tmp_path, "The river rose.", reviewed("ཆུ་རྒྱས།"), "bo")
    assert stale(context.store, read(tmp_path)) == {}


@pytest.mark.parametrize(
    ("targets", "second", "ordered"),
    [
        (("bo", "zh-Hans"), "zh-Hans", ["zh-Hans", "bo"]),
        (("bo", "zh-Hans"), "", ["bo", "zh-Hans"]),
        (("bo", "zh-Hant", "zh-Hans"), "zh-Hant", ["zh-Hans", "zh-Hant", "bo"]),
        (("zh-Hant", "bo", "zh-Hans"), "", ["bo", "zh-Hans", "zh-Hant"]),
        (("bo", "dz"), "zh-Hans", ["bo", "dz"]),
    ],
)
def test_the_order_of_languages(targets: tuple[str, ...], second: str, ordered: list[str]) -> None:
    assert in_order(targets, second, {}) == ordered


def test_languages_that_help_each_other_have_an_order_too() -> None:
    tables = {"bo": configs.Target(second_source="de"), "de": configs.Target(second_source="bo")}
    assert in_order(["bo", "de"], "", tables) == ["de", "bo"]


@pytest.mark.parametrize(
    ("targets", "more"), [(["zh-Hans"], {}), (["bo"], {"source_language": "zh-Hans"})], ids=["target", "source"]
)
def test_a_second_source_that_can_help_nobody_is_refused(
    tmp_path: Path, targets: list[str], more: dict[str, str]
) -> None:
    write(tmp_path, "a.txt", TEXT)
    with pytest.raises(UsageError, match="second-source zh-Hans is the"):
        run(tmp_path, *targets, **more)
    assert not (tmp_path / "locales").exists()


def test_the_settings_are_read_with_care(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="xqz"):
        configs.parse("[target.bo]\nsecond_source = 'xqz'\n", tmp_path / "lokta.toml")
    with pytest.raises(ConfigError, match=r"second_source in \[target.bo\] is another language"):
        configs.parse("[target.bo]\nsecond_source = 'bo'\n", tmp_path / "lokta.toml")
    text = configs.template("en", ".", ("bo", "zh-Hans"))
    assert '# second_source = "zh-Hans"' in text
    found = configs.parse(text.replace("# second", "second", 1), tmp_path / "lokta.toml")
    assert found.targets["bo"].second_source == "zh-Hans"


WORDS = st.sampled_from(["河涨了。", "落了。", "坏。"])
STEP = st.tuples(
    st.sampled_from(["review", "unreview", "translate", "both", "without", "redraft", "edit", "article"]),
    st.integers(0, 2),
    WORDS,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=3, max_size=10))
def test_on_disk_too_a_person_is_never_overruled(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("project")
    sources = ["Title of it", "The river rose.", "It fell again."]
    write(folder, "a.txt", "\n\n".join(sources) + "\n")
    run(folder, "zh-Hans", "bo")
    hers: dict[str, str] = {}
    for what, at, words in steps:
        if what == "review":
            change(folder, sources[at], reviewed(words))
        elif what == "unreview":
            change(folder, sources[at], lambda unit: unit.flagged("fuzzy"))
        elif what == "edit":
            hers[sources[at]] = f"མི{words}"
            change(folder, sources[at], lambda unit, words=words: replace(unit, target=f"མི{words}"), "bo")
        elif what == "article":
            write(folder, "a.txt", "\n\n".join([*sources, f"New: {words}"]) + "\n")
        else:
            targets = ("bo", "zh-Hans") if what == "both" else ("bo",)
            second = "" if what == "without" else "zh-Hans"
            run(folder, *targets, second=second, redraft=what == "redraft")
            files = [path_of(folder, tag).read_bytes() for tag in ("bo", "zh-Hans")]
            run(folder, *targets, second=second)
            assert [path_of(folder, tag).read_bytes() for tag in ("bo", "zh-Hans")] == files
        held = {unit.source: unit.target for unit in read(folder).live}
        assert {source: held[source] for source in hers} == hers


def test_at_the_command_line(invoke: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry.ENGINES, "echo")  # type: ignore[attr-defined]
    monkeypatch.syspath_prepend(tmp_path)
    echo.register(tmp_path)
    write(tmp_path, "a.txt", TEXT)
    invoke("translate", "a.txt", "--to", "zh-Hans", "--engine", "echo")
    change(tmp_path, "The river rose.", reviewed("河水上涨了。"))
    done = invoke("translate", "a.txt", "--to", "bo", "--engine", "echo", "--second-source", "zh_CN")
    assert "3 by machine now (echo)" in done.stdout and done.stderr == ""
    text = path_of(tmp_path, "bo").read_text(encoding="utf-8")
    assert text.count(f"second=zh-Hans second-hash={text_hash('河水上涨了。')}") == 1
    change(tmp_path, "The river rose.", reviewed("河涨了。"))
    assert "what helped 1 draft in zh-Hans changed since" in invoke("status", "a.txt").stdout
    assert "what helped it in zh-Hans changed since" in " ".join(invoke("review", "--list", "a.txt").stdout.split())
    said = invoke("translate", "a.txt", "--to", "bo", "--engine", "echo", "--second-source", "zh-Hans", "--dry-run")
    assert "1 paragraph, 1 text to ask" in said.stdout
    invoke("translate", "a.txt", "--to", "bo", "--engine", "echo", "--second-source", "zh-Hans")
    assert f"second-hash={text_hash('河涨了。')}" in path_of(tmp_path, "bo").read_text(encoding="utf-8")
    assert "changed since" not in invoke("status", "a.txt").stdout
    for wrong, why in (("xqz", "unknown language"), ("bo", "is the target language itself")):
        refused = invoke("translate", "a.txt", "--to", "bo", "--engine", "echo", "--second-source", wrong, code=2)
        assert why in refused.stderr and refused.stdout == ""
