"""A second engine's opinion of the drafts of the first: noted, shown, counted in the queue; no draft changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.environment import Run
from toolkit import catalog as catalogs

TEXT = "The river rose in the night.\n\nIt fell again in the morning.\n\nThe school of the village opened.\n"


@pytest.fixture
def drafted(tmp_path: Path, invoke: Run) -> Path:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    invoke("translate", "a.txt", "--to", "zh-Hans", "--engine", "llama")
    return tmp_path / "locales/zh_Hans/LC_MESSAGES/a.po"


def test_the_agreement_is_noted_and_no_draft_changes(drafted: Path, invoke: Run) -> None:
    before = [unit.target for unit in catalogs.read_catalog(drafted).live]
    done = invoke("review", "--second-opinion", "pseudo", "--format", "json")
    assert "pseudo agrees by 0." in done.stderr and "over 3 drafts" in done.stderr
    held = list(catalogs.read_catalog(drafted).live)
    assert [unit.target for unit in held] == before and all(unit.machine for unit in held)
    lines = [unit.line("mt") for unit in held]
    assert all(line and line.get("by") == "pseudo" and 0 <= float(line.get("agree")) < 0.3 for line in lines)
    assert all("pseudo says it otherwise" in item["reasons"] for item in json.loads(done.stdout))
    bytes_ = drafted.read_bytes()
    again = invoke("review", "--second-opinion", "pseudo")
    assert "has no draft to compare here" in again.stderr and drafted.read_bytes() == bytes_
    assert "agree 0." in again.stdout and "with pseudo" in again.stdout


def test_an_engine_has_no_opinion_of_its_own_drafts(drafted: Path, invoke: Run) -> None:
    assert "made them itself" in invoke("review", "--second-opinion", "llama").stderr


def test_no_text_leaves_the_machine_for_it(drafted: Path, invoke: Run) -> None:
    assert "on this machine alone" in invoke("review", "--second-opinion", "chat/x", code=2).stderr
    assert "unknown engine" in invoke("review", "--second-opinion", "nobody", code=2).stderr
