"""The journey seen from inside: edits while it drafts, languages, metadata, what a run reports."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from toolkit import catalog as catalogs
from toolkit import config as settings
from toolkit import desk, pipeline, project
from toolkit.errors import DataError, UsageError
from toolkit.jobs import now
from toolkit.translation.standing import Standing
from toolkit.units import State


def article(
    folder: Path, name: str = "a.txt", text: str = "Title of it\n\nThe river rose.\n\nIt fell again.\n"
) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run(folder: Path, *names: str, **more: object) -> pipeline.Translation:
    config = settings.load(folder)
    sources = project.find(config, [folder / name for name in names])
    return pipeline.translate(config, sources, ["bo"], **{"engine": "pseudo", **more})  # type: ignore[arg-type]


def po(folder: Path, name: str = "a") -> Path:
    return folder / "locales" / "bo" / "LC_MESSAGES" / f"{name}.po"


def test_an_approval_while_it_drafts_is_kept(tmp_path: Path) -> None:
    article(tmp_path)
    done: list[int] = []

    def approve_meanwhile(target: str, at: Standing) -> None:
        if not done and at.done:
            done.append(at.done)
            held = catalogs.read_catalog(po(tmp_path))
            units = tuple(
                catalogs.approve(replace(unit, target="ཆུ་རྒྱས།"), "Tashi", "2026-11-25")
                if unit.source == "The river rose."
                else unit
                for unit in held.units
            )
            catalogs.write_catalog(po(tmp_path), replace(held, units=units))

    run(tmp_path, "a.txt", progress=approve_meanwhile)
    units = {unit.source: unit for unit in catalogs.read_catalog(po(tmp_path)).live}
    assert done and units["The river rose."].state is State.REVIEWED and units["The river rose."].target == "ཆུ་རྒྱས།"
    assert units["It fell again."].state is State.DRAFT


def test_who_says_the_language(tmp_path: Path) -> None:
    article(tmp_path)
    config = settings.load(tmp_path)
    (source,) = project.find(config, [tmp_path / "a.txt"])
    assert not project.load(config, source).language_said
    assert project.load(config, source, "fr").article.source_language == "fr"
    article(tmp_path, "a.meta.toml", 'language = "de"\n')
    assert project.load(config, source).article.source_language == "de"
    article(tmp_path, "b.html", '<html lang="en-GB"><p>The river rose.</p></html>')
    (page,) = project.find(config, [tmp_path / "b.html"])
    loaded = project.load(config, page)
    assert loaded.article.source_language == "en" and loaded.language_said


def test_letters_tell_tibetan_and_chinese_and_an_earlier_run_is_remembered(tmp_path: Path) -> None:
    article(tmp_path, "bo.txt", "ལྷ་སའི་གསར་འགྱུར།\n\nཚོགས་འདུ་འཚོགས་རྒྱུ་རེད།\n")
    article(tmp_path, "zh.txt", "拉萨消息\n\n会议将于星期一举行。\n")
    article(tmp_path, "fr.txt", "Nouvelles\n\nLe fleuve monte.\n")
    config = settings.load(tmp_path)
    loaded = [project.load(config, source) for source in project.find(config, [tmp_path])]
    assert [(one.source.id, one.article.source_language, one.language_said) for one in loaded] == [
        ("bo", "bo", False),
        ("fr", "en", False),
        ("zh", "zh-Hans", False),
    ]
    run(tmp_path, "fr.txt", source_language="fr")
    again = project.load(config, loaded[1].source)
    assert again.article.source_language == "fr" and again.language_said


def test_a_metadata_line_that_fits_nothing_is_reported(tmp_path: Path) -> None:
    article(tmp_path)
    article(tmp_path, "a.meta.toml", 'skip = ["It fell", "No such words"]\n')
    found = run(tmp_path, "a.txt")
    assert [line.rpartition(": ")[2] for line in found.warnings] == ["No such words"]
    assert {unit.source for unit in catalogs.read_catalog(po(tmp_path)).live} == {"Title of it", "The river rose."}


def test_folders_are_mirrored(tmp_path: Path) -> None:
    article(tmp_path, "lokta.toml", 'articles = "posts"\n[target.bo]\n')
    article(tmp_path, "posts/2026/a.txt")
    article(tmp_path, "posts/.hidden/b.txt")
    config = settings.load(tmp_path)
    assert [source.id for source in project.find(config, [])] == ["2026/a"]
    pipeline.translate(config, project.find(config, []), project.targets(config), engine="pseudo")
    assert po(tmp_path, "2026/a").is_file() and (tmp_path / "locales" / "2026" / "a.pot").is_file()
    assert "#: posts/2026/a.txt:1" in po(tmp_path, "2026/a").read_text(encoding="utf-8")


def test_an_old_locale_folder_is_used(tmp_path: Path) -> None:
    article(tmp_path)
    (tmp_path / "locales" / "zh_CN" / "LC_MESSAGES").mkdir(parents=True)
    config = settings.load(tmp_path)
    assert project.targets(config) == ("zh-Hans",)
    assert project.catalog_path(config, "a", "zh-Hans").parent.parent.name == "zh_CN"


@pytest.mark.parametrize("name", ["a\x1bb.txt", "a\u202eb.txt", "a\nb.txt"])
def test_a_name_that_could_deceive_is_refused(tmp_path: Path, name: str) -> None:
    article(tmp_path, name)
    with pytest.raises(DataError, match="cannot be the name of a catalog"):
        project.find(settings.load(tmp_path), [tmp_path / name])


def test_signing_names_who_approved_elsewhere(tmp_path: Path) -> None:
    article(tmp_path)
    run(tmp_path, "a.txt")
    path = po(tmp_path)
    path.write_text(
        path.read_text(encoding="utf-8").replace("#, fuzzy, ", "#, ").replace("#, fuzzy\n", ""), encoding="utf-8"
    )
    config = replace(settings.load(tmp_path), reviewer="Pema དབྱངས་ཅན")
    states = [unit.state for unit in catalogs.read_catalog(path).live]
    assert states == [State.ACCEPTED] * 3
    assert desk.sign(config, path) == 3 and desk.sign(config, path) == 0
    signed = list(catalogs.read_catalog(path).live)
    assert all(unit.state is State.REVIEWED for unit in signed)
    assert {mark.get("by") for unit in signed if (mark := unit.mark("reviewed"))} == {"Pema དབྱངས་ཅན"}


def test_a_broken_catalog_beside_is_named_and_passed_over(tmp_path: Path) -> None:
    article(tmp_path)
    broken = po(tmp_path, "broken")
    broken.parent.mkdir(parents=True)
    broken.write_text('msgid "x\n', encoding="utf-8")
    found = run(tmp_path, "a.txt")
    assert any("broken.po:1" in line for line in found.warnings) and po(tmp_path).is_file()


def test_a_clock_beyond_any_calendar_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 17)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        now()
