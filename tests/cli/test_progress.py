"""What a person sees while a slow model works: one bar per language that reaches its end, and a time left that holds."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT, Run
from toolkit.cli.progress import lines
from toolkit.translation.standing import Standing

SHORT = [f"The river rose {n} metres." for n in range(2, 12)]
LONG = [
    f"The two sides agreed to hold talks on the {what} in Beijing next month, the ministry said on Monday."
    for what in ("border", "bridge", "railway", "school", "weather", "market", "water", "harvest", "forest", "price")
]
TEXTS = [text for pair in zip(SHORT, LONG, strict=True) for text in pair]
COMMAND = ("--from", "en", "--to", "zh-Hans", "--engine", "llama")


def watched(folder: Path, *arguments: str) -> tuple[list[tuple[float, str]], float]:
    """What a terminal shows of a command, each bar with the moment that it was drawn, and the moment of the end."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    frames: list[tuple[float, str]] = []
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        if not piece:
            break
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", piece.decode(errors="replace"))
        frames += [(time.monotonic(), frame.rstrip()) for frame in re.split(r"[\r\n]+", text) if "━" in frame]
    os.close(ours)
    end = time.monotonic()
    assert process.wait(60) == 0
    return frames, end


def test_one_bar_per_language(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("News\n\nThe river rose. It fell again. It rose once more.\n", encoding="utf-8")
    frames, _ = watched(tmp_path, "translate", "a.txt", "--to", "zh-Hans", "--engine", "llama")
    shown = [frame for _, frame in frames]
    assert any(frame.startswith("loading lokta-starter-en-zh@") for frame in shown)
    last = shown[-1]
    assert last.startswith("drafting into zh-Hans") and "100% 4/4 texts" in last, shown
    assert re.search(r"4/4 texts, [\d.]+ tokens/s", last), last
    counts = [int(found[1]) for frame in shown if (found := re.search(r"(\d+)/4", frame))]
    assert counts == sorted(counts), "more than one bar"


def test_the_time_left_holds_though_half_is_in_the_cache(tmp_path: Path, lokta: Run) -> None:
    """The first half of the job is answered by the draft cache in no time, which must not make the estimate rosy."""
    (tmp_path / "half.txt").write_text("\n\n".join(TEXTS[: len(TEXTS) // 2]) + "\n", encoding="utf-8")
    (tmp_path / "whole.txt").write_text("\n\n".join(TEXTS) + "\n", encoding="utf-8")
    lokta("translate", "half.txt", *COMMAND)
    frames, end = watched(tmp_path, "translate", "whole.txt", *COMMAND)
    looks = []
    for moment, frame in frames:
        found = re.search(r" (\d+)% (\d+)/20 texts.*?, (\d+) (s|min) left", frame)
        if found and int(found[2]) >= 10 and int(found[1]) < 80:
            looks.append((int(found[3]) * (60 if found[4] == "min" else 1), end - moment))
    assert looks, frames
    said, took = looks[0]
    assert took / 2 <= said + 1 and said - 1 <= took * 2, looks
    good = [took / 2 <= said + 1 and said - 1 <= took * 2 for said, took in looks]
    assert sum(good) > len(good) / 2, looks


def test_a_log_has_a_line_every_half_minute_and_a_quick_job_none() -> None:
    clock, said = [0.0], io.StringIO()
    tell = lines(said, lambda: clock[0])
    for moment, done in ((1.0, 1), (29.0, 2), (31.0, 3), (45.0, 4), (75.0, 5)):
        clock[0] = moment
        tell("bo", Standing(done, 9, 40 * done, 360, int(done > 4), 12.4 * (9 - done), 23.44))
    assert said.getvalue() == (
        "drafting into bo: 3 of 9 texts, 33%, 23.4 tokens/s, 74 s left\n"
        "drafting into bo: 5 of 9 texts, 56%, 23.4 tokens/s, 50 s left, 1 refused\n"
    )
