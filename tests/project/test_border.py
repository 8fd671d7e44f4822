"""A project from a stranger: nothing is written outside of it, and nothing outside is read, unless the person says so."""

from __future__ import annotations

import contextlib
import os
import shutil
import threading
from functools import partial
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import translate, write
from tests.support.running import in_process
from toolkit import files
from toolkit.errors import ConfigError, DataError
from toolkit.project import settings
from toolkit.project.config import load

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links need a right of their own on Windows")
SETTINGS = 'source_language = "en"\n[target.bo]\n'


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A folder beside the project, with a file."""
    place = tmp_path / "victim"
    place.mkdir()
    (place / "file").write_text("mine")
    return place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A translated project."""
    folder = tmp_path / "project"
    folder.mkdir()
    write(folder, "lokta.toml", SETTINGS)
    write(folder)
    translate(folder)
    return folder


def unharmed(victim: Path) -> bool:
    return [path.name for path in victim.iterdir()] == ["file"] and (victim / "file").read_text() == "mine"


@pytest.mark.parametrize(
    ("place", "target"),
    [
        ("editions/html/bo/a.html", "file"),
        ("editions/native/bo/a.txt", "file"),
        ("editions/html", ""),
        ("editions/html/bo", ""),
        ("editions/mo", ""),
        (".lokta", ""),
        (".lokta/built", ""),
        (".lokta/.gitignore", "file"),
        ("editions/package-bo.zip", "file"),
    ],
)
def test_build_writes_through_no_link(place: str, target: str, project: Path, victim: Path, in_project: Run) -> None:
    link = project / place
    if "package" in place:
        in_project("build", "--package")
        link = next((project / "editions").rglob("*.zip"))
        link.unlink()
    elif link.exists() or link.parent.name == ".lokta":
        shutil.rmtree(link if link.is_dir() else link.parent, ignore_errors=True)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(victim / target)
    done = in_project("build", "--package", code=1)
    assert "is a link" in done.stderr and "Traceback" not in done.stderr
    assert unharmed(victim)


@pytest.mark.parametrize(
    "place", ["locales/bo", "locales/bo/LC_MESSAGES", "locales/a.pot", "locales/bo/LC_MESSAGES/a.po"]
)
def test_translate_writes_through_no_link(place: str, project: Path, victim: Path, in_project: Run) -> None:
    shutil.rmtree(project / "locales")
    link = project / place
    link.parent.mkdir(parents=True)
    link.symlink_to(victim / "file" if link.suffix else victim)
    done = in_project("translate", "--engine", "pseudo", code=1)
    assert "is a link" in done.stderr and unharmed(victim)


def test_the_lock_file_may_be_no_link(project: Path, victim: Path, in_project: Run) -> None:
    lock = project / "locales" / "bo" / "LC_MESSAGES" / ".lokta.lock"
    lock.unlink(missing_ok=True)
    lock.symlink_to(victim / "file")
    write(project, text="Other words.\n")
    assert "is a link" in in_project("translate", "--engine", "pseudo", code=1).stderr and unharmed(victim)


@pytest.mark.parametrize("key", ["articles", "locales", "editions"])
@pytest.mark.parametrize("how", ["named", "linked"])
def test_folders_lie_in_the_project_unless_the_person_says_otherwise(
    key: str, how: str, project: Path, victim: Path, in_project: Run
) -> None:
    if how == "named":
        write(project, "lokta.toml", f'{key} = "../victim"\n{SETTINGS}')
    else:
        (project / "inside").symlink_to(victim)
        write(project, "lokta.toml", f'{key} = "inside"\n{SETTINGS}')
    with pytest.raises(ConfigError, match=f"{key} lies outside of the project.*--allow"):
        load(project)
    refused = in_project("status", code=1)
    assert refused.stderr.count("\n") == 1 and unharmed(victim)
    in_project("--allow", str(victim), "status", code=None)
    settings.path().parent.mkdir(parents=True, exist_ok=True)
    settings.path().write_text(f'folders = ["{victim}"]\n')
    assert "outside of the project" not in in_project("status", code=None).stderr


def test_an_article_that_is_a_link_out_of_the_project_is_left_out(project: Path, victim: Path, in_project: Run) -> None:
    (victim / "file").rename(victim / "secret.txt")
    (project / "b.txt").symlink_to(victim / "secret.txt")
    done = in_project("translate", "--engine", "pseudo")
    assert "b.txt: is a link out of the project, so it was left out" in done.stderr
    assert not (project / "locales" / "bo" / "LC_MESSAGES" / "b.po").exists()
    in_project("translate", "b.txt", "--engine", "pseudo")
    assert (project / "locales" / "bo" / "LC_MESSAGES" / "b.po").exists(), "the person named it"


def test_a_folder_that_becomes_a_link_at_any_moment_leads_nowhere(tmp_path: Path, victim: Path) -> None:
    """Another process puts a link in the folder's place and takes it away again, all the time."""
    root = tmp_path / "project"
    (root / "real").mkdir(parents=True)
    (root / "link").symlink_to(victim)
    done = threading.Event()

    def flip() -> None:
        while not done.is_set():
            for name in ("real", "link"):
                with contextlib.suppress(OSError):
                    (root / name).rename(root / "place")
                    (root / "place").rename(root / name)

    thread = threading.Thread(target=flip)
    thread.start()
    try:
        for number in range(300):
            with contextlib.suppress(DataError):
                files.atomic_write(root / "place" / "deep" / "a.txt", str(number), root)
    finally:
        done.set()
        thread.join()
    assert unharmed(victim)


def test_without_handles_links_are_looked_for(tmp_path: Path, victim: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_HANDLES", False)
    root = tmp_path / "project"
    root.mkdir()
    (root / "place").symlink_to(victim)
    with pytest.raises(DataError, match="is a link"):
        files.atomic_write(root / "place" / "a", "x", root)
    (root / "b").symlink_to(victim / "file")
    with pytest.raises(DataError, match="is a link"):
        files.atomic_write(root / "b", "x", root)
    assert files.atomic_write(root / "deep" / "c", "x", root) and unharmed(victim)
    with pytest.raises(DataError, match="leaves the project"):
        files.atomic_write(root / "deep" / ".." / ".." / "victim" / "file", "x", root)
    assert unharmed(victim)


@pytest.mark.parametrize(("one", "other"), [("caf\u00e9.txt", "cafe\u0301.txt"), ("River.txt", "river.txt")])
def test_ids_that_differ_in_composition_or_case_are_named(one: str, other: str, project: Path, in_project: Run) -> None:
    write(project, one)
    write(project, other)
    if len(list(project.glob("*.txt"))) < 3:
        pytest.skip("the file system knows one of the two names only")
    done = in_project("translate", "--engine", "pseudo", code=1)
    assert "would share the catalog" in done.stderr and done.stderr.count("\n") == 1


def test_two_files_of_one_id_do_not_empty_each_others_catalog(tmp_path: Path, in_project: Run) -> None:
    folder = tmp_path / "project"
    (folder / "articles").mkdir(parents=True)
    write(folder, "lokta.toml", f'articles = "articles"\n{SETTINGS}')
    write(folder, "articles/a.txt")
    in_project("translate", "--engine", "pseudo")
    before = (folder / "locales" / "bo" / "LC_MESSAGES" / "a.po").read_bytes()
    write(folder, "a.txt", "Quite another text.\n")
    done = in_project("translate", "a.txt", "--engine", "pseudo", code=1)
    assert "articles/a.txt" in done.stderr and "a.txt would share the catalog" in done.stderr
    assert (folder / "locales" / "bo" / "LC_MESSAGES" / "a.po").read_bytes() == before


def test_one_bad_name_does_not_stop_the_others(project: Path, in_project: Run) -> None:
    write(project, "what?.txt")
    done = in_project("translate", "--engine", "pseudo")
    assert "what?.txt: its name cannot be the name of a catalog" in done.stderr and "a -> bo" in done.stdout
    assert "what?.txt" in in_project("translate", "what?.txt", "--engine", "pseudo", code=1).stderr


@pytest.fixture
def in_project(tmp_path: Path) -> Run:
    """The command line, run in the project's folder."""
    return partial(in_process, cwd=tmp_path / "project")
