"""What commands say to programs, and what `status` says to people."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "articles"\n[target.bo]\n')
    write(tmp_path, "articles/a.txt", "The river rose.\n\nIt fell.\n")
    write(tmp_path, "articles/b.txt", "The school opened.\n")
    invoke("translate", "--engine", "pseudo")
    return tmp_path


def test_status_counts_and_adds_up(project: Path, invoke: Run) -> None:
    rows = json.loads(invoke("status", "--format", "json").stdout)
    assert [(row["article"], row["paragraphs"], row["words"], row["draft"]) for row in rows] == [
        ("a", 2, 5, 2),
        ("b", 1, 3, 1),
    ]
    assert invoke("status").stdout.split("\n")[-2].split() == ["all", "2", "bo", "3", "8", "0", "3", "0", "0", "0", "0"]


def test_status_names_what_changed_since(project: Path, invoke: Run) -> None:
    assert "changed since" not in invoke("status").stdout
    write(project, "articles/a.txt", "The river rose.\n\nIt fell again.\n")
    assert "articles/a.txt: changed since; next: lokta translate articles/a.txt\n" in invoke("status").stdout
    assert [row["changed"] for row in json.loads(invoke("status", "--format", "json").stdout)] == [True, False]


def test_pseudo_is_a_target(project: Path, invoke: Run) -> None:
    assert "by machine now (pseudo)" in invoke("translate", "articles/a.txt", "--to", "qps-ploc").stdout
    assert (project / "locales/qps_Ploc/LC_MESSAGES/a.po").is_file()
    invoke("build", "articles/a.txt", "--to", "pseudo", "--format", "html")
    assert (project / "editions/html/qps-Ploc/a.html").is_file()


def test_the_queue_of_reviewers(project: Path, invoke: Run) -> None:
    queue = json.loads(invoke("review", "--list", "--format", "json").stdout)
    assert {item["source"] for item in queue} == {"The river rose.", "It fell.", "The school opened."}
    assert all(item["state"] == "draft" and item["file"].endswith(".po") and 0 <= item["risk"] <= 1 for item in queue)


def test_runs_and_builds(project: Path, invoke: Run) -> None:
    run = json.loads(invoke("translate", "--engine", "pseudo", "--format", "json").stdout)
    assert [article["kept"] for article in run["articles"]] == [2, 1]
    built = json.loads(invoke("build", "--json", "--format", "html", "--package").stdout)
    assert built["editions"] == {"editions/html/bo": 2, "editions/html/en": 2} and not built["problems"]
    assert [Path(path).suffix for path in built["packages"]] == [".zip"]


def test_what_is_misspelt_is_suggested(project: Path, invoke: Run) -> None:
    assert "Did you mean 'translate'?" in invoke("tranlate", code=2).stderr
    assert "did you mean Tibetan (bo)?" in invoke("translate", "--to", "tibetian", code=2).stderr
    assert invoke("check", "a", "--to", "Tibetan", code=None).stdout


def test_json_is_safe_for_a_terminal(project: Path, invoke: Run) -> None:
    write(project, "articles/c.txt", "It \u202erose\u202c and \x9bfell.\n")
    invoke("translate", "--engine", "pseudo")
    said = invoke("review", "--list", "--format", "json").stdout
    assert "\u202e" not in said and "\x9b" not in said
    assert "It \u202erose\u202c and \x9bfell." in {item["source"] for item in json.loads(said)}


def test_init_writes_through_no_link(tmp_path: Path, invoke: Run) -> None:
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / ".gitignore").symlink_to(tmp_path / "outside")
    assert "is a link" in invoke("init", cwd=desk, code=1).stderr
    assert not (tmp_path / "outside").exists()


def test_a_project_without_articles_of_its_own_works(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "articles"\n[target.bo]\n')
    (tmp_path / "articles").mkdir()
    write(tmp_path, "x.txt", "The river rose.\n")
    invoke("translate", "x.txt", "--engine", "pseudo")
    assert "x        bo" in invoke("status", "x.txt").stdout
    invoke("build", "x.txt", "--format", "native")
    assert (tmp_path / "editions/native/bo/x.txt").is_file()


def test_two_articles_of_one_id_stop_neither_status_nor_the_build_of_another(project: Path, invoke: Run) -> None:
    write(project, "articles/b.md", "The school closed.\n")
    assert json.loads(invoke("status", "articles/a.txt", "--format", "json").stdout)
    invoke("build", "articles/a.txt", "--format", "native")
