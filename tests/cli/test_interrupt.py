"""Ctrl-C: exit code 130, one line that says how to go on, and what was drafted is kept, all but what was in the air."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.watched import asked, more_than_once
from toolkit.catalog import read_catalog

TEXTS, QUESTION = 31, 9
"""Ctrl-C comes with the ninth question to the model."""


@pytest.mark.parametrize("slots", [1, 2])
def test_ctrl_c_keeps_what_was_drafted(slots: int, tmp_path: Path) -> None:
    text = "News of the day\n\n" + "".join(f"The river rose {n} metres at noon.\n\n" for n in range(TEXTS - 1))
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    catalog = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po"
    log = tmp_path / "asked"

    def run(*watched: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tests.support.watched", "--asked", str(log), *watched, "--", "translate"]
        command += ["a.txt", "--to", "zh-Hans", "--engine", "llama", "--slots", str(slots)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    stopped = run("--interrupt", str(QUESTION))
    assert stopped.returncode == 130, stopped.stderr
    line = re.fullmatch(
        rf"lokta: stopped; kept: (\d+) of {TEXTS} texts into zh-Hans; the same command goes on\n", stopped.stderr
    )
    assert line is not None, stopped.stderr
    kept = {unit.source: unit.target for unit in read_catalog(catalog).live if unit.target}
    assert 0 < len(kept) < TEXTS and len(kept) - int(line[1]) in (0, 1)
    assert len(asked(log)) - len(kept) <= 2 * slots, "only what was in the air is lost"
    done = run()
    assert done.returncode == 0 and f"{len(kept)} from the drafts on file" in done.stdout, done.stderr
    now = {unit.source: unit.target for unit in read_catalog(catalog).live}
    assert all(now[source] == target for source, target in kept.items())
    assert more_than_once(log) <= 2 * slots, "nothing that came back is asked again"
