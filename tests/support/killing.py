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

from tests.support.asking import asked, more_than_once
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
    overheard: bool = False
    """The language model's questions are written down (`asking.py`)."""


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


def chain(case: Torture, texts: int) -> dict[str, float]:
    """Kill a job of so many texts again and again, each run going on where the last was killed; a new job when it is done.

    A run is killed at a random moment after a random number of questions, none included. Raises AssertionError at the
    first broken file or differing end, and where more texts were asked again than kills landed: an `overheard` case asks one
    at a time.
    """
    clean, began = _fresh(case, "clean"), time.monotonic()
    undisturbed = _start(case, clean)  # meanwhile, on another core
    dice, landed, jobs = random.Random(case.seed), 0, list[tuple[Path, int]]()
    try:
        while landed < case.kills:
            folder = _fresh(case, f"chain-{len(jobs)}")
            here = _killed(case, folder, case.kills - landed, lambda: dice.randint(0, int(1.8 * texts / 20)), dice)
            jobs.append((folder, here))
            landed += here
            _run(case, folder)
    finally:
        if sys.exc_info()[0]:
            undisturbed.kill()
    assert undisturbed.wait() == 0
    seconds, expected = time.monotonic() - began, contents(clean)
    assert len(asked(_log(case, clean))) == texts and not more_than_once(_log(case, clean))
    again = 0
    for folder, here in jobs:
        assert contents(folder) == expected, f"{folder.name} ended elsewhere: {_difference(contents(folder), expected)}"
        assert len(asked(_log(case, folder))) == texts
        extra = more_than_once(_log(case, folder))
        assert extra <= here, f"{extra} texts asked again, after {here} kills"
        again += extra
    return {"kills": landed, "jobs": len(jobs), "again": again, "seconds": seconds}


def _killed(case: Torture, folder: Path, kills: int, questions: Callable[[], int], dice: random.Random) -> int:
    """How many kills landed in this job before it was done."""
    for landed in range(kills):
        until = _count(case, folder) + questions()
        process = _start(case, folder)
        while process.poll() is None and _count(case, folder) < until:
            time.sleep(0.02)
        time.sleep(dice.uniform(0, 0.3))
        process.kill()
        if process.wait() == 0:
            return landed
        look(folder)
    return kills


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
    command = [*_lokta(case, folder), *case.command]
    return subprocess.Popen(command, cwd=folder, env=_environment(case, folder), stdout=silent, stderr=silent)


def _run(case: Torture, folder: Path, command: Sequence[str] = ()) -> float:
    began = time.monotonic()
    arguments = [*_lokta(case, folder), *(command or case.command)]
    done = subprocess.run(
        arguments, cwd=folder, env=_environment(case, folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return time.monotonic() - began


def _lokta(case: Torture, folder: Path) -> list[str]:
    if case.overheard:
        return [sys.executable, "-m", "tests.support.asking", str(_log(case, folder))]
    return [sys.executable, "-m", "toolkit"]


def _count(case: Torture, folder: Path) -> int:
    return sum(ways.total() for ways in asked(_log(case, folder)))


def _log(case: Torture, folder: Path) -> Path:
    return case.folder / f"asked in {folder.name}"


def _difference(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]
