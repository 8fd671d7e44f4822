"""Which files are articles of a project, what they are called, and in which language they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.projects import translate, write
from toolkit.errors import DataError, UsageError
from toolkit.project.config import load as settings
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, find, load, metadata_alone, outside


def loaded(folder: Path, *names: str, source_language: str = "") -> list[Loaded]:
    """The articles of a project as they are read."""
    context = Context.at(folder)
    sources = find(context.config, [folder / name for name in names] or [folder])
    return [load(context.store, source, source_language) for source in sources]


def test_who_says_the_language(tmp_path: Path) -> None:
    write(tmp_path)
    (guessed,) = loaded(tmp_path, "a.txt")
    assert not guessed.language_said
    (told,) = loaded(tmp_path, "a.txt", source_language="fr")
    assert told.article.source_language == "fr"
    write(tmp_path, "a.meta.toml", 'language = "de"\n')
    (meta,) = loaded(tmp_path, "a.txt")
    assert meta.article.source_language == "de"
    write(tmp_path, "b.html", '<html lang="en-GB"><p>The river rose.</p></html>')
    (page,) = loaded(tmp_path, "b.html")
    assert page.article.source_language == "en" and page.language_said


def test_letters_tell_tibetan_and_chinese_and_an_earlier_run_is_remembered(tmp_path: Path) -> None:
    write(tmp_path, "bo.txt", "ལྷ་སའི་གསར་འགྱུར།\n\nཚོགས་འདུ་འཚོགས་རྒྱུ་རེད།\n")
    write(tmp_path, "zh.txt", "拉萨消息\n\n会议将于星期一举行。\n")
    write(tmp_path, "fr.txt", "Nouvelles\n\nLe fleuve monte.\n")
    found = loaded(tmp_path)
    assert [(one.source.id, one.article.source_language, one.language_said) for one in found] == [
        ("bo", "bo", False),
        ("fr", "en", False),
        ("zh", "zh-Hans", False),
    ]
    translate(tmp_path, names=("fr.txt",), source_language="fr")
    (again,) = loaded(tmp_path, "fr.txt")
    assert again.article.source_language == "fr" and again.language_said


def test_folders_are_mirrored(tmp_path: Path) -> None:
    write(tmp_path, "lokta.toml", 'articles = "posts"\n[target.bo]\n')
    write(tmp_path, "posts/2026/a.txt")
    write(tmp_path, "posts/.hidden/b.txt")
    assert [source.id for source in find(settings(tmp_path), [])] == ["2026/a"]
    translate(tmp_path, names=("posts",))
    catalog = tmp_path / "locales" / "bo" / "LC_MESSAGES" / "2026" / "a.po"
    assert catalog.is_file() and (tmp_path / "locales" / "2026" / "a.pot").is_file()
    assert "#: posts/2026/a.txt:1" in catalog.read_text(encoding="utf-8")


def test_outside_a_project_somebody_names_an_article(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(UsageError, match="lokta init"):
        find(settings(tmp_path), [])
    write(tmp_path, "lokta.toml", "[target.bo]\n")
    assert [source.id for source in find(settings(tmp_path), [])] == ["a"]


def test_two_articles_of_one_id_are_both_named(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "a.md", "# Title\n")
    with pytest.raises(DataError, match=r"a\.md and .*a\.txt would share the catalog a\.po"):
        find(settings(tmp_path), [tmp_path])


@pytest.mark.parametrize("name", ["a\x1bb.txt", "a\u202eb.txt", "a\nb.txt"])
def test_a_name_that_could_deceive_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path, name)
    with pytest.raises(DataError, match="cannot be the name of a catalog"):
        find(settings(tmp_path), [tmp_path / name])


def test_a_file_that_is_no_article_yet(tmp_path: Path) -> None:
    path = write(tmp_path, "downloads/news.html", "<p>The river rose.</p>")
    assert outside(path).id == "news" and outside(path).path == path
    for wrong, why in ((path.parent, "is a folder"), (path.with_name("none.txt"), "no such file")):
        with pytest.raises(DataError, match=why):
            outside(wrong)


def test_letters_beat_settings_and_are_beaten_by_the_person(tmp_path: Path) -> None:
    write(tmp_path, "lokta.toml", 'source_language = "en"\n[target.zh-Hans]\n')
    write(tmp_path, "bo.txt", "ལྷ་སའི་གསར་འགྱུར།\n\nཚོགས་འདུ་འཚོགས་རྒྱུ་རེད།\n")
    write(tmp_path, "zh.html", "<html lang=en><body><p>拉萨消息，会议将于星期一举行。</p></body></html>")
    found = loaded(tmp_path)
    assert [(one.source.id, one.article.source_language) for one in found] == [("bo", "bo"), ("zh", "zh-Hans")]
    assert "is in Tibetan letters, so it is taken for bo, not en" in found[0].warnings[0]
    assert [one.article.source_language for one in loaded(tmp_path, source_language="dz")] == ["dz", "dz"]
    write(tmp_path, "bo.meta.toml", 'language = "dz"\n')
    (meta,) = loaded(tmp_path, "bo.txt")
    assert meta.article.source_language == "dz" and not meta.warnings


def test_an_article_is_named_by_its_id_too(tmp_path: Path) -> None:
    write(tmp_path, "lokta.toml", 'articles = "posts"\n[target.bo]\n')
    write(tmp_path, "posts/2026/river.txt")
    write(tmp_path, "posts/2026/river.meta.toml", 'title = "x"\n')
    config = settings(tmp_path)
    for named in ("2026/river", "posts/2026/river", "2026/river.txt"):
        assert [source.id for source in find(config, [tmp_path / named])] == ["2026/river"]
    files = sorted((tmp_path / "posts" / "2026").iterdir())
    assert [source.id for source in find(config, files)] == ["2026/river"], "its own metadata is no article"
    for named in ("posts/2026/rivr.txt", "2026/rivr.txt", "2026/rivr"):
        with pytest.raises(DataError, match=r"no such file; did you mean \S*posts/2026/river\.txt\?"):
            find(config, [tmp_path / named])


def test_metadata_whose_article_is_gone_is_found(tmp_path: Path) -> None:
    write(tmp_path, "lokta.toml", 'articles = "."\n[target.bo]\n')
    write(tmp_path, "posts/River.txt")
    write(tmp_path, "posts/river.meta.toml", 'title = "x"\n')
    alone = write(tmp_path, "posts/lake.meta.toml", 'title = "y"\n')
    write(tmp_path, "editions/old.meta.toml", "")
    write(tmp_path, ".venv/old.meta.toml", "")
    assert metadata_alone(settings(tmp_path)) == (alone,)


def test_the_dialect_of_a_site_is_that_of_its_generator(tmp_path: Path) -> None:
    write(tmp_path, "lokta.toml", 'articles = "docs"\n[target.bo]\n')
    write(tmp_path, "docs/a.md", "Words\n\n    and more\n")
    assert loaded(tmp_path, "docs")[0].article.dialect == ""
    write(tmp_path, "docs/docusaurus.config.js", "")
    (there,) = (one for one in loaded(tmp_path, "docs") if one.source.id == "a")
    assert there.article.dialect == "docusaurus"
    write(tmp_path, "lokta.toml", 'articles = "docs"\nmarkdown = "commonmark"\n[target.bo]\n')
    assert loaded(tmp_path, "docs")[0].article.dialect == "commonmark"
