"""On a terminal a person sees one bar per language that reaches its end."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_one_bar_per_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("News\n\nThe river rose. It fell again. It rose once more.\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "translate", "a.txt", "--to", "zh-Hans", "--engine", "llama"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            said += (piece := os.read(ours, 4096))
        except OSError:
            break
        if not piece:
            break
    os.close(ours)
    assert process.wait(60) == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode())
    frames = [frame for frame in re.split(r"[\r\n]+", text) if frame.startswith("drafting into zh-Hans")]
    assert re.search(r" 4/4 sentences", frames[-1]), frames
    counts = [int(found[1]) for frame in frames if (found := re.search(r"(\d+)/4", frame))]
    assert counts == sorted(counts), "more than one bar"
