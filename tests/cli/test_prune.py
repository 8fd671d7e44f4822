"""Renamed and deleted articles leave no ghost; a person's words go nowhere unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import change, path_of, read, reviewed, write
from toolkit import files
from toolkit.units import text_hash

STORY = "The river rose by night.\n\nIt rained.\n"


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'articles = "articles"\n[target.bo]\n')
    write(tmp_path, "articles/a.txt", STORY)
    write(tmp_path, "articles/news/b.txt", "Another one.\n")
    invoke("translate", "--engine", "pseudo")
    invoke("build")
    return tmp_path


def all_files(folder: Path) -> set[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in found if ".lokta" not in name}


def test_nothing_is_said_of_articles_that_are_there(project: Path, invoke: Run) -> None:
    before = all_files(project)
    assert "nothing" not in invoke("prune").stdout and "lokta prune" not in invoke("status").stdout
    assert all_files(project) == before
    assert [row["left"] for row in json.loads(invoke("status", "--format", "json").stdout)] == [[], []]


def test_a_package_that_still_holds_the_article_is_named(project: Path, invoke: Run) -> None:
    invoke("build", "--package")
    write(project, "editions/packages/other.zip", "no package")
    before = (project / "editions/packages/bo.zip").read_bytes()
    assert "bo.zip" not in invoke("prune", "--dry-run").stdout
    (project / "articles/news/b.txt").unlink()
    said = invoke("prune").stdout
    assert "editions/packages/bo.zip: still holds editions of them" in said and "other.zip" not in said
    assert (project / "editions/packages/bo.zip").read_bytes() == before


def test_a_deleted_article_goes_with_all_that_was_made_of_it(project: Path, invoke: Run) -> None:
    stranger = write(project, "editions/native/bo/news/stranger.txt", "mine")
    foreign = write(project, "locales/bo/LC_MESSAGES/django.po", 'msgid ""\nmsgstr ""\n"Language: bo\\n"\n')
    (project / "articles/news/b.txt").unlink()
    assert "news/b: its article is gone" in invoke("status").stdout
    rows = {row["article"]: row["left"] for row in json.loads(invoke("status", "--format", "json").stdout)}
    assert not rows["a"] and len(rows["news/b"]) == 6
    before = all_files(project)
    listed = invoke("prune", "--dry-run").stdout
    assert all_files(project) == before and "locales/bo/LC_MESSAGES/news/b.po" in listed
    invoke("prune")
    gone = before - all_files(project)
    assert gone == {
        "locales/news/b.pot",
        "locales/bo/LC_MESSAGES/news/b.po",
        *(f"editions/{name}" for name in ("native/bo/news/b.txt", "html/bo/news/b.html", "html/en/news/b.html")),
        "editions/mo/bo/LC_MESSAGES/news/b.mo",
    }
    assert stranger.is_file() and foreign.is_file()
    assert "no article left anything behind" in invoke("prune").stdout


def test_a_renamed_article_took_its_words_along(project: Path, invoke: Run) -> None:
    change(project, "It rained.", reviewed("ཆར"), "bo")
    beside = path_of(project).with_suffix(".sentences")
    beside.write_text(f'["{text_hash("It rained.")}", "one", "two"]\n', encoding="utf-8")
    (project / "articles/a.txt").rename(project / "articles/c.txt")
    refused = invoke("prune", code=2)
    assert "first: lokta translate" in refused.stderr and path_of(project).is_file()
    invoke("translate", "--engine", "pseudo")
    assert "it can be deleted" in invoke("prune", "--dry-run").stdout
    invoke("prune")
    assert not path_of(project).exists() and not beside.exists() and not (project / "locales/.trash").exists()
    assert '"one", "two"' in path_of(project, name="c").with_suffix(".sentences").read_text("utf-8")
    assert "ཆར" in {unit.target for unit in read(project, name="c").live}


def test_words_that_stand_nowhere_else_go_into_the_trash(project: Path, invoke: Run) -> None:
    change(project, "It rained.", reviewed("ཆར"), "bo")
    held = path_of(project).read_bytes()
    (project / "articles/a.txt").unlink()
    assert "--yes" in invoke("prune", code=2).stderr and path_of(project).read_bytes() == held
    invoke("prune", "--yes")
    trash = project / "locales/.trash/bo/LC_MESSAGES/a.po"
    assert trash.read_bytes() == held and not path_of(project).exists()
    assert [row["article"] for row in json.loads(invoke("status", "--format", "json").stdout)] == ["news/b"]
    # the same name once more: both versions are kept, and nothing reads the trash
    write(project, "articles/a.txt", STORY)
    invoke("translate", "--engine", "pseudo")
    assert "ཆར" not in path_of(project).read_text(encoding="utf-8")
    change(project, "It rained.", reviewed("ཆརཔ"), "bo")
    (project / "articles/a.txt").unlink()
    invoke("prune", "--yes")
    assert trash.read_bytes() == held and "ཆརཔ" in trash.with_name("a.1.po").read_text(encoding="utf-8")


def test_an_edition_that_somebody_changed_goes_into_the_trash(project: Path, invoke: Run) -> None:
    page = project / "editions/html/bo/news/b.html"
    page.write_text("<p>by hand</p>", encoding="utf-8")
    (project / "articles/news/b.txt").unlink()
    invoke("prune", "--yes")
    assert not page.exists()
    assert (project / "locales/.trash/editions/html/bo/news/b.html").read_text(encoding="utf-8") == "<p>by hand</p>"


def test_what_earlier_builds_made_in_other_formats(project: Path, invoke: Run) -> None:
    """Records know them too: those of an article that is gone, and the native edition of one that was converted."""
    write(project, "articles/news/b.txt", "Another one, changed.\n")
    invoke("translate", "--engine", "pseudo")
    invoke("build", "--format", "html")
    (project / "articles/news/b.txt").unlink()
    (project / "articles/a.txt").rename(project / "articles/a.md")
    invoke("translate", "--engine", "pseudo")
    invoke("build")
    invoke("prune")
    left = {name for name in all_files(project) if name.startswith("editions/")}
    assert left == {f"editions/{name}" for name in ("native/bo/a.md", "html/bo/a.html", "html/en/a.html")} | {
        "editions/mo/bo/LC_MESSAGES/a.mo"
    }


def test_a_folder_of_articles_that_is_not_there_is_asked_about(project: Path, invoke: Run) -> None:
    (project / "articles").rename(project / "elsewhere")
    before = all_files(project)
    assert "no article in it at all" in invoke("prune", code=2).stderr and all_files(project) == before


def test_killed_midway_the_same_command_completes(project: Path, invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    change(project, "It rained.", reviewed("ཆར"), "bo")
    held = path_of(project).read_bytes()
    (project / "articles/a.txt").unlink()
    removed: list[str] = []
    real = files.Folder.remove

    def killed(folder: files.Folder, name: str) -> None:
        removed.append(name)
        if len(removed) in (1, 3):
            raise KeyboardInterrupt
        real(folder, name)

    monkeypatch.setattr(files.Folder, "remove", killed)
    invoke("prune", "--yes", code=130)
    assert path_of(project).read_bytes() == held
    invoke("prune", "--yes", code=130)
    invoke("prune", "--yes")
    assert "no article left anything behind" in invoke("prune").stdout
    left = {name for name in all_files(project) if Path(name).stem == "a"}
    assert left == {"locales/.trash/bo/LC_MESSAGES/a.po"}
    assert (project / "locales/.trash/bo/LC_MESSAGES/a.po").read_bytes() == held


def test_no_link_leads_out_of_the_project(project: Path, invoke: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    away = tmp_path_factory.mktemp("away")
    (project / "editions/html").rename(away / "html")
    (project / "editions/html").symlink_to(away / "html")
    (project / "locales/news").rename(away / "news")
    (project / "locales/news").symlink_to(away / "news")
    (project / "articles/news/b.txt").unlink()
    invoke("prune", "--yes", code=None)
    assert (away / "html/bo/news/b.html").is_file() and (away / "news/b.pot").is_file()


@pytest.mark.parametrize("command", ["translate", "build", "review", "status", "check"])
def test_two_files_of_one_id_are_refused_by_all_commands(command: str, project: Path, invoke: Run) -> None:
    write(project, "articles/a.md", "Quite another text.\n")
    before = path_of(project).read_bytes()
    for arguments in ([command], [command, "articles/a.md"], [command, "articles/a.txt"]):
        said = invoke(*arguments, code=1).stderr
        assert (
            "a.md and" in said.replace("a.txt and", "a.md and") and "would share the catalog a.po; rename one" in said
        )
    assert path_of(project).read_bytes() == before
    assert "would share" in invoke("import", str(write(project, "in/a.html", "<p>One more</p>")), code=1).stderr


def test_one_after_the_other_outside_of_a_project(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "post.md", STORY)
    invoke("translate", "post.md", "--engine", "pseudo", "--to", "bo")
    held = path_of(tmp_path, name="post").read_bytes()
    write(tmp_path, "post.txt", STORY)
    said = invoke("translate", "post.txt", "--engine", "pseudo", "--to", "bo", code=1).stderr
    assert "post.md" in said and "post.txt" in said and "rename one" in said
    assert path_of(tmp_path, name="post").read_bytes() == held
    # a conversion, after which the old file is gone, keeps its translations
    change(tmp_path, "It rained.", reviewed("ཆར"), "bo", "post")
    (tmp_path / "post.md").unlink()
    invoke("translate", "post.txt", "--engine", "pseudo", "--to", "bo")
    assert "ཆར" in {unit.target for unit in read(tmp_path, name="post").live}


def test_a_page_beside_its_source_is_no_twin(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "post.md", STORY)
    write(tmp_path, "post.html", "<p>made of it</p>")
    invoke("translate", "post.md", "--engine", "pseudo", "--to", "bo")


def test_status_names_new_articles_and_says_to_translate_renamed_ones_before_anything_is_pruned(
    project: Path, invoke: Run
) -> None:
    write(project, "articles/a.meta.toml", 'title = "x"\n')
    (project / "articles/a.txt").rename(project / "articles/c.txt")
    said = invoke("status").stdout
    assert "was it renamed? First: lokta translate articles/c.txt; then take them away: lokta prune" in said
    assert "articles/c.txt: not translated yet; next: lokta translate articles/c.txt\n" in said
    assert "articles/a.meta.toml: describes no article; rename it along with its article, or delete it" in said
    assert "make one: lokta translate articles/c.txt\n" in invoke("status", "articles/c.txt", code=1).stderr
    invoke("translate", "--engine", "pseudo")
    (project / "articles/a.meta.toml").rename(project / "articles/c.meta.toml")
    said = invoke("status").stdout
    assert "not translated yet" not in said and "renamed" not in said and "meta" not in said and "lokta prune" in said
    for number in range(6):
        write(project, f"articles/new{number}.txt", f"New {number}.\n")
    assert "6 articles not translated yet; next: lokta translate\n" in invoke("status").stdout
