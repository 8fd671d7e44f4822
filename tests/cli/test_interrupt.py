"""Ctrl-C: exit code 130, one line that says how to go on, and what was drafted is kept, all but what was in the air."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.asking import asked, more_than_once
from toolkit.catalog import read_catalog


@pytest.mark.parametrize("slots", [1, 2])
def test_ctrl_c_keeps_what_was_drafted(slots: int, tmp_path: Path) -> None:
    text = "News of the day\n\n" + "".join(f"The river rose {n} metres at noon.\n\n" for n in range(30))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    catalog = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po"
    command = [sys.executable, "-m", "tests.support.asking", str(log := tmp_path / "asked"), "translate", "a.txt"]
    command += ["--to", "zh-Hans", "--engine", "llama", "--slots", str(slots)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
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
    line = re.fullmatch(r"lokta: stopped; kept: (\d+) of 31 texts into zh-Hans; the same command goes on\n", said)
    assert line is not None, said
    kept = {unit.source: unit.target for unit in read_catalog(catalog).live if unit.target}
    assert 0 < len(kept) < 31 and len(kept) - int(line[1]) in (0, 1)
    assert len(asked(log)) - len(kept) <= 2 * slots, "only what was in the air is lost"
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert f"{len(kept)} from the drafts on file" in done.stdout
    now = {unit.source: unit.target for unit in read_catalog(catalog).live}
    assert all(now[source] == target for source, target in kept.items())
    assert more_than_once(log) <= 2 * slots, "nothing that came back is asked again"
