"""What a person sees while a slow model works: one bar per language that reaches its end, or a line now and then."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from tests.support.environment import ROOT
from toolkit.cli.progress import lines
from toolkit.events import Progressed


def watched(folder: Path, *arguments: str) -> list[str]:
    """What a terminal shows of a command: each bar as it was drawn."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait() == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", said.decode(errors="replace"))
    return [frame.rstrip() for frame in re.split(r"[\r\n]+", text) if "━" in frame]


def test_one_bar_per_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("News\n\nThe river rose. It fell again. It rose once more.\n", encoding="utf-8")
    shown = watched(tmp_path, "translate", "a.txt", "--to", "zh-Hans", "--engine", "llama")
    assert any(frame.startswith("loading lokta-starter-en-zh@") for frame in shown)
    last = shown[-1]
    assert last.startswith("drafting into zh-Hans") and "100% 4/4 texts" in last, shown
    assert re.search(r"4/4 texts, [\d.]+ tokens/s", last), last
    counts = [int(found[1]) for frame in shown if (found := re.search(r"(\d+)/4", frame))]
    assert counts == sorted(counts), "more than one bar"


def test_a_log_has_a_line_every_half_minute_and_a_quick_job_none() -> None:
    clock, said = [0.0], io.StringIO()
    tell = lines(said, lambda: clock[0])
    for moment, done in ((1.0, 1), (29.0, 2), (31.0, 3), (45.0, 4), (75.0, 5)):
        clock[0] = moment
        tell(Progressed("bo", done, 9, 40 * done, 360, int(done > 4), 12.4 * (9 - done), 23.44))
    assert said.getvalue() == (
        "drafting into bo: 3 of 9 texts, 33%, 23.4 tokens/s, 74 s left\n"
        "drafting into bo: 5 of 9 texts, 56%, 23.4 tokens/s, 50 s left, 1 refused\n"
    )
