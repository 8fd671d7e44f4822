"""Run a command, kill it at some moment, look at every file, run it again; many times over."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from tests.support.environment import ROOT
from tests.support.running import in_process
from tests.support.watched import asked, more_than_once
from toolkit.catalog import po


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


def torture(case: Torture) -> dict[str, int]:
    """Kill the command `kills` times, at moments spread over all that it changes on disk; each time the same command again
    has to end as an undisturbed run. Raises AssertionError at the first broken file or differing end."""
    clean, count = _fresh(case, "clean"), case.folder / "moments"
    _watch(case, clean, "--moments", str(count))
    moments, expected = int(count.read_text()), contents(clean)
    dice, landed = random.Random(case.seed), 0
    for number in range(case.kills):
        folder = _fresh(case, f"kill-{number}")
        at = 1 + int(moments * (number + dice.random()) / case.kills)
        landed += _killed(case, folder, "--kill", str(at))
        look(folder)
        _run(case, folder)
        assert contents(folder) == expected, f"killed at moment {at}: {_difference(contents(folder), expected)} differ"
        shutil.rmtree(folder)
    assert landed > 0, "no kill landed while the command ran"
    return {"kills": case.kills, "landed": landed, "moments": moments}


def chain(case: Torture, texts: int) -> dict[str, int]:
    """Kill a job of so many texts again and again, each run going on where the last was killed; a new job when it is done.

    Raises AssertionError at the first broken file or differing end, and where more texts were asked again than kills
    landed: the case asks a language model, one text at a time.
    """
    clean = _fresh(case, "clean")
    undisturbed = _start(case, clean, *_overheard(case, clean))  # meanwhile, on another core
    dice, landed, jobs = random.Random(case.seed), 0, list[tuple[Path, int]]()
    try:
        while landed < case.kills:
            folder, here = _fresh(case, f"chain-{len(jobs)}"), 0
            # Two moments are a question; now and then a run is killed before its first.
            while landed + here < case.kills and _killed(
                case, folder, *_overheard(case, folder), "--kill", str(dice.randint(1, int(3.6 * texts / 20)))
            ):
                here += 1
                look(folder)
            landed += here
            jobs.append((folder, here))
            _watch(case, folder, *_overheard(case, folder))
    finally:
        if sys.exc_info()[0]:
            undisturbed.kill()
    _, said = undisturbed.communicate()
    assert undisturbed.returncode == 0, said
    expected = contents(clean)
    assert len(asked(_log(case, clean))) == texts and not more_than_once(_log(case, clean))
    again = 0
    for folder, here in jobs:
        assert contents(folder) == expected, f"{folder.name}: {_difference(contents(folder), expected)} differ"
        assert len(asked(_log(case, folder))) == texts
        extra = more_than_once(_log(case, folder))
        assert extra <= here, f"{extra} texts asked again, after {here} kills"
        again += extra
    return {"kills": landed, "jobs": len(jobs), "again": again}


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
    """A folder in which the command has not run yet."""
    prepared = case.folder / "prepared"
    if not prepared.is_dir():
        prepared.mkdir()
        case.articles(prepared)
        if case.before:
            _run(case, prepared, case.before)
    return Path(shutil.copytree(prepared, case.folder / name))


def _start(case: Torture, folder: Path, *watched: str) -> subprocess.Popen[str]:
    """The command in a process of its own, watched as said."""
    arguments = [sys.executable, "-m", "tests.support.watched", *watched, "--", *case.command]
    environment = {**os.environ, **_settings(case, folder), "PYTHONPATH": str(ROOT)}
    silent, pipe = subprocess.DEVNULL, subprocess.PIPE
    return subprocess.Popen(arguments, cwd=folder, env=environment, stdout=silent, stderr=pipe, text=True)


def _watch(case: Torture, folder: Path, *watched: str) -> None:
    """Run it like that to its end."""
    process = _start(case, folder, *watched)
    _, said = process.communicate()
    assert process.returncode == 0, said


def _run(case: Torture, folder: Path, command: Sequence[str] = ()) -> None:
    """Run it to its end in this process, which is quicker."""
    with mock.patch.dict(os.environ, _settings(case, folder)):
        in_process(*(command or case.command), cwd=folder)


def _settings(case: Torture, folder: Path) -> dict[str, str]:
    """Each folder begins with an empty draft cache of its own."""
    cache = {"LOKTA_CACHE": str(case.folder / f"cache of {folder.name}"), "SOURCE_DATE_EPOCH": "1764028800"}
    return cache | ({"LOKTA_MODELS": str(case.models)} if case.models else {})


def _killed(case: Torture, folder: Path, *watched: str) -> bool:
    """Run it, and say whether it was killed, and not done before."""
    process = _start(case, folder, *watched)
    _, said = process.communicate()
    assert process.returncode in (0, -signal.SIGKILL), said
    return process.returncode != 0


def _overheard(case: Torture, folder: Path) -> tuple[str, str]:
    return "--asked", str(_log(case, folder))


def _log(case: Torture, folder: Path) -> Path:
    return case.folder / f"asked in {folder.name}"


def _difference(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    return [name for name in sorted({*found, *expected}) if found.get(name) != expected.get(name)]


def articles(folder: Path, count: int = 6, paragraphs: int = 30) -> None:
    for a in range(count):
        text = f"News of day {a}\n\n" + "".join(
            f"The river rose {a} metres and {p} centimetres. It fell again on day {p}.\n\n" for p in range(paragraphs)
        )
        (folder / f"news-{a}.txt").write_text(text, encoding="utf-8")


NAMES = [f"news-{a}.txt" for a in range(6)]


HEADINGS = ["translate", "news.md", "--from", "en", "--to", "zh-Hans", "--engine", "llama"]


def headings(folder: Path, count: int = 300) -> None:
    """One article of so many headings of under six words, no two the same."""
    first = [
        "Heavy",
        "Late",
        "Early",
        "Cold",
        "Quiet",
        "New",
        "Old",
        "Long",
        "Little",
        "Rare",
        "Local",
        "Great",
        "Bad",
        "Good",
        "Final",
    ]
    second = (
        "snow rain trade talks roads markets schools elections floods songs papers rivers prices letters harvests fires"
    )
    titles = [f"{a} {b}" for b in [*second.split(), "storms", "tigers", "winters", "games"] for a in first]
    assert len({*titles}) == 300
    (folder / "news.md").write_text("".join(f"## {title}\n\n" for title in titles[:count]), encoding="utf-8")
