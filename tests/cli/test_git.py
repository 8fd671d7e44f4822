"""Catalogs on branches of a real git repository: the driver is installed, and git merges by it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks.git_histories import run
from tests.support.environment import ROOT, Run
from tests.support.projects import change, read, reviewed, write
from toolkit import catalog as catalogs
from toolkit.review.states import conflicts
from toolkit.units import State

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
OLD, NEW = "The river rose by night and fell.", "The river rose by night and fell again."
CATALOG = "locales/bo/LC_MESSAGES/a.po"


def git(folder: Path, *arguments: str, code: int | None = 0) -> str:
    named = ("-c", "user.name=Tashi", "-c", "user.email=tashi@example.org")
    done = subprocess.run(
        ["git", *named, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    said = done.stdout + done.stderr
    assert code is None or done.returncode == code, said
    return said


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "a step")


@pytest.fixture
def repository(tmp_path: Path, invoke: Run) -> Path:
    """A project below the top of its repository, with a drafted article, and a branch for a reviewer."""
    git(tmp_path, "init", "-q", "-b", "main")
    write(tmp_path, "lokta.toml", 'articles = "articles"\n[target.bo]\n')
    write(tmp_path, ".gitignore", ".lokta/\n.lokta.lock\n")
    write(tmp_path, "articles/a.txt", f"{OLD}\n\nIt rained.\n")
    invoke("translate", "--engine", "pseudo")
    invoke("git", "install")
    commit(tmp_path)
    git(tmp_path, "branch", "reviewer")
    return tmp_path


def test_an_article_changes_here_and_is_reviewed_there(repository: Path, invoke: Run) -> None:
    write(repository, "articles/a.txt", f"Quite new.\n\n{NEW}\n\nIt rained.\n")
    invoke("translate", "--engine", "pseudo")
    commit(repository)
    git(repository, "checkout", "-q", "reviewer")
    change(repository, OLD, reviewed("ཆུ"), "bo")
    change(repository, "It rained.", reviewed("ཆར"), "bo")
    commit(repository)
    git(repository, "merge", "-qm", "merge", "main")
    merged = read(repository)
    assert [unit.source for unit in merged.live] == ["Quite new.", NEW, "It rained."]
    states = {unit.source: (unit.target, unit.state) for unit in merged.units}
    assert states[OLD] == ("ཆུ", State.REVIEWED) and states[NEW] == ("ཆུ", State.OUTDATED)
    assert states["It rained."] == ("ཆར", State.REVIEWED) and states["Quite new."][1] is State.DRAFT
    assert invoke("translate", "--engine", "pseudo").returncode == 0
    assert read(repository).units == merged.units


def test_two_people_are_a_conflict_that_nobody_overlooks(repository: Path) -> None:
    change(repository, OLD, reviewed("ཀ"), "bo")
    commit(repository)
    git(repository, "checkout", "-q", "reviewer")
    change(repository, OLD, reviewed("ཁ"), "bo")
    commit(repository)
    said = git(repository, "merge", "-m", "merge", "main", code=1)
    assert f"{CATALOG}: two people translated '{OLD}'; both are kept" in said
    assert git(repository, "ls-files", "-u").count(CATALOG) == 3
    merged = read(repository)
    assert {unit.target for unit in merged.units if unit.source == OLD} == {"ཀ", "ཁ"} and len(conflicts(merged)) == 1
    git(repository, "add", CATALOG)
    git(repository, "commit", "-qm", "decided")


def test_what_is_no_catalog_is_left_to_git(repository: Path) -> None:
    ours = (repository / CATALOG).read_text(encoding="utf-8")
    write(repository, CATALOG, ours.replace("It rained.", "It rains.", 1))
    commit(repository)
    git(repository, "checkout", "-q", "reviewer")
    write(repository, CATALOG, ours + "<<<<<<< broken\n")
    commit(repository)
    git(repository, "checkout", "-q", "main")
    said = git(repository, "merge", "-m", "merge", "reviewer", code=1)
    assert f"{CATALOG}:" in said and "(their side)" in said and "Traceback" not in said
    assert (repository / CATALOG).read_text(encoding="utf-8") == ours.replace("It rained.", "It rains.", 1)
    assert git(repository, "ls-files", "-u").count(CATALOG) == 3


def test_installed_twice_and_taken_away(repository: Path, invoke: Run) -> None:
    path = repository / "locales/.gitattributes"
    once = path.read_text(encoding="utf-8")
    path.write_text("*.mo binary\n" + once + "# end\n", encoding="utf-8")
    config = git(repository, "config", "--local", "--list")
    assert "merge-po %O %A %B %P" in config
    invoke("git", "install")
    assert path.read_text(encoding="utf-8") == "*.mo binary\n" + once + "# end\n"
    assert git(repository, "config", "--local", "--list") == config
    invoke("git", "uninstall")
    invoke("git", "uninstall")
    assert path.read_text(encoding="utf-8") == "*.mo binary\n# end\n"
    assert "merge.lokta" not in git(repository, "config", "--local", "--list")
    path.write_text("*.po merge=lokta\n*.pot merge=lokta\n*.po merge=union\n", encoding="utf-8")
    assert "another line" in invoke("git", "install", code=1).stderr


def test_outside_of_a_repository(tmp_path: Path, invoke: Run) -> None:
    assert "git init" in invoke("git", "install", code=1).stderr
    assert not (tmp_path / "locales").exists()


def test_a_link_is_not_followed(repository: Path, invoke: Run, tmp_path_factory: pytest.TempPathFactory) -> None:
    victim = write(tmp_path_factory.mktemp("away"), "victim", "mine\n")
    path = repository / "locales/.gitattributes"
    path.unlink()
    path.symlink_to(victim)
    invoke("git", "install", code=1)
    assert victim.read_text(encoding="utf-8") == "mine\n"


def test_the_driver_alone(tmp_path: Path, invoke: Run) -> None:
    """Files that were added on both sides have an empty ancestor; line ends are those of our side."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
    write(tmp_path, "base", "")
    (tmp_path / "ours").write_bytes(f'{head}\nmsgid "a"\nmsgstr "ཀ"\n'.replace("\n", "\r\n").encode())
    write(tmp_path, "theirs", f'{head}\nmsgid "b"\nmsgstr "ཁ"\n')
    invoke("git", "merge-po", "base", "ours", "theirs", "x.po")
    text = (tmp_path / "ours").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n")
    assert {unit.source: unit.target for unit in catalogs.load(text.decode()).units} == {"a": "ཀ", "b": "ཁ"}


def test_made_histories_lose_no_approval(tmp_path: Path) -> None:
    """A few of those that the benchmark counts; git alone loses some, or leaves what is no catalog."""
    found = run(tmp_path, histories=6, rounds=1, seed=3)
    ours = found["lokta"]
    assert ours["merged"] == 6 and ours["approvals"] > 10 and not ours["approvals lost"] and not ours["wrong joins"]
    assert found["git alone"]["no catalog any more"] and found["git -X ours"]["approvals lost"]
