"""Run a command, kill it at a random moment, look at every file, run it again; many times over."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.catalog import po

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Torture:
    """What is killed, where, and how often."""

    folder: Path
    command: Sequence[str]
    articles: Callable[[Path], None]
    """Writes the articles into a folder."""
    before: Sequence[str] = ()
    """A command that is run undisturbed first."""
    models: Path | None = None
    kills: int = 20
    seed: int = 1


def torture(case: Torture) -> dict[str, float]:
    """Kill the command `kills` times; raises AssertionError at the first broken file or differing end."""
    clean = _fresh(case, "clean")
    seconds = _run(case, clean)
    expected = contents(clean)
    dice, landed = random.Random(case.seed), 0
    for number in range(case.kills):
        folder = _fresh(case, f"kill-{number}")
        process = _start(case, folder)
        time.sleep(dice.uniform(0.15, 1.05) * seconds)
        landed += process.poll() is None
        process.kill()
        process.wait()
        look(folder)
        _run(case, folder)
        assert contents(folder) == expected, f"kill {number} ended elsewhere: {_difference(contents(folder), expected)}"
        shutil.rmtree(folder)
    assert landed > 0, "no kill landed while the command ran"
    return {"kills": case.kills, "landed": landed, "seconds": seconds}


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a run but locks, the receipt with its seconds, and what a kill leaves for the next run to sweep."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    }


def look(folder: Path) -> None:
    """Every file on disk is whole: catalogs load, packages and pages are complete."""
    for name, data in contents(folder).items():
        if name.endswith((".po", ".pot")):
            po.load(data.decode(), name)
        elif name.endswith(".zip"):
            assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None, name
        elif name.endswith(".json"):
            json.loads(data)
        elif name.endswith(".html"):
            assert data.rstrip().endswith(b"</html>"), name


def _fresh(case: Torture, name: str) -> Path:
    folder = case.folder / name
    folder.mkdir()
    case.articles(folder)
    if case.before:
        _run(case, folder, case.before)
    return folder


def _environment(case: Torture, folder: Path) -> dict[str, str]:
    """Each folder begins with an empty draft cache of its own."""
    cache = {"LOKTA_CACHE": str(case.folder / f"cache of {folder.name}")}
    models = {"LOKTA_MODELS": str(case.models)} if case.models else {}
    return {**os.environ, **cache, **models, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1764028800"}


def _start(case: Torture, folder: Path) -> subprocess.Popen[bytes]:
    silent = subprocess.DEVNULL
    command = [sys.executable, "-m", "toolkit", *case.command]
    return subprocess.Popen(command, cwd=folder, env=_environment(case, folder), stdout=silent, stderr=silent)


def _run(case: Torture, folder: Path, command: Sequence[str] = ()) -> float:
    began = time.monotonic()
    arguments = [sys.executable, "-m", "toolkit", *(command or case.command)]
    done = subprocess.run(
        arguments, cwd=folder, env=_environment(case, folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def _difference(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]
