"""Ctrl-C: exit code 130, one line that says how to go on, and what was drafted is kept."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.conftest import ROOT, Run
from toolkit.catalog import read_catalog


def test_ctrl_c_keeps_what_was_drafted(tmp_path: Path, lokta: Run) -> None:
    text = "News of the day\n\n" + "".join(f"The river rose {n} metres at noon.\n\n" for n in range(60))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    catalog = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po"
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "translate", "a.txt", "--to", "zh-Hans", "--engine", "llama"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # A runner that was put into the background ignores Ctrl-C, and its children would inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    until = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
        if catalog.is_file() and any(unit.target for unit in read_catalog(catalog).live):
            break
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    line = re.fullmatch(r"lokta: stopped; kept: (\d+) of 61 texts into zh-Hans; the same command goes on\n", said)
    assert line is not None, said
    kept = {unit.source: unit.target for unit in read_catalog(catalog).live if unit.target}
    assert 0 < len(kept) < 61 and len(kept) - int(line[1]) in (0, 1)
    done = lokta("translate", "a.txt", "--to", "zh-Hans", "--engine", "llama")
    assert f"{len(kept)} from the drafts on file" in done.stdout
    now = {unit.source: unit.target for unit in read_catalog(catalog).live}
    assert all(now[source] == target for source, target in kept.items())
