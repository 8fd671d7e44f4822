"""`lokta adopt`: what it says, what it refuses, and that its result is memory and a test set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write

TEXTS = Path(__file__).parent.parent / "alignment"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\n[target.zh-Hans]\n')
    for name, place in (("en.md", "a.md"), ("zh.md", "old/a.zh.md")):
        write(tmp_path, place, (TEXTS / f"bridge.{name}").read_text("utf-8"))
    return tmp_path


def test_it_counts_and_lists(project: Path, invoke: Run) -> None:
    listed = invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--dry-run").stdout
    assert "a:1: certain 0.9" in listed and "nothing was written" in listed and not (project / "locales").exists()
    said = invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans").stdout
    assert said.startswith("locales/zh_Hans/LC_MESSAGES/a.po: ") and "0 doubtful" in said and "nothing was" not in said
    found = json.loads(invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--format", "json").stdout)
    (one,) = found["adopted"]
    assert {entry["verdict"] for entry in one["entries"]} <= {"known", "left source", "left target"}


def test_it_works_without_a_project(project: Path, invoke: Run) -> None:
    (project / "lokta.toml").unlink()
    assert "certain" in invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans").stdout


def test_what_it_refuses(project: Path, invoke: Run) -> None:
    assert "one: --to bo" in invoke("adopt", "a.md", "old/a.zh.md", code=2).stderr
    assert "one: --to bo" in invoke("adopt", "a.md", "old/a.zh.md", "--to", "bo,zh-Hans", code=2).stderr
    assert "hardly in Tibetan letters" in invoke("adopt", "a.md", "old/a.zh.md", "--to", "bo", code=1).stderr
    assert "no such file" in invoke("adopt", "a.md", "gone.md", "--to", "bo", code=1).stderr
    (project / "empty").mkdir()
    assert "no file of one folder" in invoke("adopt", "old", "empty", "--to", "zh-Hans", code=2).stderr


def test_an_engine_helps_and_its_drafts_are_thrown_away(project: Path, invoke: Run) -> None:
    said = invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--engine", "pseudo").stdout
    assert "0 doubtful" in said
    assert "# lokta: mt" not in (project / "locales/zh_Hans/LC_MESSAGES/a.po").read_text("utf-8")
    assert (
        "on this machine alone"
        in invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--engine", "chat/x", code=2).stderr
    )
    assert "unknown engine" in invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--engine", "x", code=2).stderr


def test_hostile_names_and_texts(project: Path, invoke: Run) -> None:
    text = (project / "old/a.zh.md").read_text("utf-8").replace("居民", "居\x1b[31m民\u202e")
    write(project, "old/a.zh.md", text)
    said = invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans", "--dry-run").stdout
    assert "\x1b" not in said and "\u202e" not in said


def test_what_was_adopted_is_memory_and_a_test_set(project: Path, invoke: Run) -> None:
    invoke("adopt", "a.md", "old/a.zh.md", "--to", "zh-Hans")
    write(project, "b.md", "Residents asked for a bus.\n")
    invoke("translate", "b.md", "--engine", "pseudo")
    assert "居民要求开通公交车。" in (project / "locales/zh_Hans/LC_MESSAGES/b.po").read_text("utf-8")
    pytest.importorskip("sacrebleu")
    asked = ("models", "evaluate", "pseudo", "--from-catalogs", "--from", "en", "--to", "zh-Hans", "--format", "json")
    assert json.loads(invoke(*asked).stdout)["sentences"] >= 9
    assert "no catalog holds" in invoke(*asked[:-3], "bo", code=1).stderr
    assert "--from-catalogs" in invoke("models", "evaluate", "pseudo", "--from", "en", "--to", "bo", code=2).stderr
