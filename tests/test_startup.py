"""What is imported when: help at once, engines when a draft is made, and some libraries never."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run

NEVER = {"stanza", "spacy", "torch", "minisbd", "onnxruntime"}
HEAVY = {
    "ctranslate2",
    "xllamacpp",
    "sentencepiece",
    "babel",
    "lxml",
    "rich",
    "polib",
    "opencc",
    "markdown_it",
    "numpy",
}
PROBE = """
import json, sys
children = []
sys.addaudithook(lambda event, _: children.append("a child") if event == "subprocess.Popen" else None)
sys.argv = ["lokta", *sys.argv[1:]]
from toolkit.cli import main
try:
    main()
except SystemExit:
    pass
print("\\n" + json.dumps(children + sorted({name.split(".")[0] for name in sys.modules})))
"""


def modules(folder: Path, *arguments: str) -> set[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.rsplit("\n", 2)[-2]))


def test_help_imports_nothing_slow(tmp_path: Path) -> None:
    assert not modules(tmp_path, "--help") & (HEAVY | NEVER)


@pytest.mark.parametrize(
    ("arguments", "allowed"),
    [
        (["translate", "a.txt", "--to", "bo"], set()),
        (["translate", "a.txt", "--to", "zh-Hans,bo"], {"a child"}),
        (["status", "a.txt"], set()),
        (["check", "a.txt"], set()),
        (["build", "a.txt"], set()),
        (["review", "--list", "a.txt"], set()),
        (["languages"], set()),
    ],
)
def test_engines_are_imported_for_drafts_alone(
    arguments: list[str], allowed: set[str], tmp_path: Path, invoke: Run
) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nThe river rose.\n", encoding="utf-8")
    invoke("translate", "a.txt", "--to", "bo", "--engine", "pseudo")
    found = modules(tmp_path, *arguments)
    assert not found & NEVER
    assert found & {"ctranslate2", "xllamacpp", "sentencepiece", "a child"} == allowed


def test_a_second_run_loads_no_model(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nThe river rose.\n", encoding="utf-8")
    assert "a child" in modules(tmp_path, "translate", "a.txt", "--to", "zh-Hans")
    assert "a child" not in modules(tmp_path, "translate", "a.txt", "--to", "zh-Hans")
