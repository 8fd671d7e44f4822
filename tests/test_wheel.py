"""The wheel holds the package and nothing else at top level, data files included."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.support.environment import ROOT


def test_the_wheel(tmp_path: Path) -> None:
    code = "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    with zipfile.ZipFile(tmp_path / done.stdout.strip().split("\n")[-1]) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names} == {
        "toolkit",
        next(n.split("/")[0] for n in names if ".dist-info" in n),
    }
    there = {
        p.relative_to(ROOT).as_posix()
        for p in (ROOT / "toolkit").rglob("*")
        if p.is_file() and "__pycache__" not in p.parts
    }
    assert there <= set(names)
    assert "lokta" in next(n for n in names if n.endswith("METADATA"))
