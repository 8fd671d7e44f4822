"""Where catalogs lie, and how they are saved: a person's edit meanwhile wins, and nothing is written that says the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.projects import change, path_of, read, reviewed, translate, write, write_catalog
from toolkit.errors import CatalogError, DataError
from toolkit.events import Recorder
from toolkit.project.context import Context
from toolkit.project.discovery import find, load
from toolkit.project.store import WorkingCopy
from toolkit.units import Catalog, ProvenanceLine, State, text_hash


def opened(folder: Path) -> WorkingCopy:
    """The catalog of the article a.txt in Tibetan, merged with the article."""
    context = Context.at(folder)
    (source,) = find(context.config, [folder / "a.txt"])
    return context.store.open(load(context.store, source).template, "bo", [source.id])


def drafted(copy: WorkingCopy) -> WorkingCopy:
    """The copy with a machine's words in every unit."""
    line = ProvenanceLine("mt", (("engine", "m"), ("hash", text_hash("ཀ"))))
    return replace(copy, now=replace(copy.now, units=tuple(unit.drafted("ཀ", line) for unit in copy.now.units)))


def test_an_old_locale_folder_is_used(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "locales" / "zh_CN" / "LC_MESSAGES").mkdir(parents=True)
    store = Context.at(tmp_path).store
    assert store.targets() == ("zh-Hans",)
    assert store.path("a", "zh-Hans").parent.parent.name == "zh_CN"


def test_targets_of_the_project_and_of_an_article(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "lokta.toml", "[target.zh-Hans]\n")
    translate(tmp_path, "bo")
    store = Context.at(tmp_path).store
    assert store.targets() == store.targets("a") == ("zh-Hans", "bo")
    assert store.find("a", "zh-Hans") is None and store.find("a", "bo") == read(tmp_path)


def test_what_says_the_same_is_not_written(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    before = path.stat().st_mtime_ns, path.read_bytes()
    store = Context.at(tmp_path).store
    store.save(opened(tmp_path))
    assert store.change(path, lambda catalog: catalog)[1] == read(tmp_path)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before


def test_what_a_person_saved_meanwhile_wins(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    store, copy, told = Context.at(tmp_path).store, opened(tmp_path), Recorder()
    change(tmp_path, "The river rose.", reviewed("ཆུ་རྒྱས།"), "bo")
    saved = store.save(drafted(copy), told)
    held = {unit.source: unit for unit in read(tmp_path).live}
    assert held["The river rose."].state is State.REVIEWED and held["The river rose."].target == "ཆུ་རྒྱས།"
    assert held["It fell again."].target == "ཀ"
    assert saved.now == saved.base == read(tmp_path) and saved.text == path_of(tmp_path).read_text(encoding="utf-8")
    assert told.warnings == []


def test_two_persons_words_are_both_kept_and_told(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    store, copy, told = Context.at(tmp_path).store, opened(tmp_path), Recorder()
    change(tmp_path, "The river rose.", reviewed("ཆུ་རྒྱས།"), "bo")
    ours = tuple(reviewed("ཆུ་འཕེལ།")(unit) if "river" in unit.source else unit for unit in copy.now.units)
    store.save(replace(copy, now=replace(copy.now, units=ours)), told)
    words = {unit.target: unit.obsolete for unit in read(tmp_path).units if "river" in unit.source}
    assert words == {"ཆུ་རྒྱས།": False, "ཆུ་འཕེལ།": True}
    (line,) = told.warnings
    assert line.startswith(f"{path_of(tmp_path)}: ") and "two people translated" in line


def test_a_catalog_that_was_deleted_meanwhile_is_written_again(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    copy = opened(tmp_path)
    path_of(tmp_path).unlink()
    Context.at(tmp_path).store.save(drafted(copy))
    assert {unit.target for unit in read(tmp_path).live} == {"ཀ"}


def test_a_catalog_that_is_not_there_is_not_changed(tmp_path: Path) -> None:
    path = tmp_path / "misspelt" / "a.po"
    with pytest.raises(DataError, match=r"a\.po: no such file"):
        Context.at(tmp_path).store.change(path, lambda catalog: catalog)
    assert not list(tmp_path.iterdir())


def test_a_broken_catalog_is_told_and_passed_over(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    write(tmp_path, "locales/bo/LC_MESSAGES/b.po", 'msgid "x\n')
    told, store = Recorder(), Context.at(tmp_path).store
    assert list(store.readable(store.paths(["bo"]), told)) == [read(tmp_path)]
    (line,) = told.warnings
    assert "b.po:1" in line


@pytest.mark.parametrize(
    ("folder", "said", "tag"),
    [
        ("zh_Hant", "zh", "zh-Hant"),
        ("zh_TW", "zh", "zh-Hant"),
        ("zh_Hans", "zh", "zh-Hans"),
        ("zh_Hant", "zh_CN", "zh-Hans"),
        ("zh_Hant", "bo", "bo"),
        ("bo", "bo", "bo"),
    ],
)
def test_a_language_without_its_script_is_that_of_the_folder(folder: str, said: str, tag: str, tmp_path: Path) -> None:
    """Poedit saves a catalog of `zh_Hant` as `Language: zh`."""
    path = tmp_path / f"locales/{folder}/LC_MESSAGES/news/a.po"
    write_catalog(path, Catalog("en", said, (), {"Language": said}))
    store = Context.at(tmp_path).store
    (catalog,) = store.readable([path])
    assert (catalog.target_language, store.read(path).target_language) == (tag, tag)


def test_a_catalog_that_poedit_saved_is_translated_on(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path, "zh-Hant")
    path = path_of(tmp_path, "zh-Hant")
    path.write_text(path.read_text("utf-8").replace("Language: zh_Hant", "Language: zh"), "utf-8")
    (summary,) = translate(tmp_path, "zh-Hant").summaries
    assert summary.target_language == "zh-Hant" and "Language: zh_Hant" in path.read_text("utf-8")


def test_a_catalog_without_a_language_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "x.po", 'msgid "Hello"\nmsgstr "你好"\n')
    with pytest.raises(CatalogError, match=r"x\.po: its header has no Language"):
        Context.at(tmp_path).store.read(path)
    write_catalog(path, Catalog("en", "zh_CN", (), {"Language": "zh_CN"}))
    assert Context.at(tmp_path).store.read(path).target_language == "zh-Hans"
