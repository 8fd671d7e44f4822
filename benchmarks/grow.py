"""How commands grow with the project: processor time and memory of 500 to 4,000 articles and of 5,000 to 40,000 paragraphs.

    python -m benchmarks.grow [--articles 500 1000 2000 4000] [--paragraphs 5000 10000 20000 40000] [--only articles]
                              [--shared 1000]

Each row is one command in a process of its own, with the engine `pseudo`. `ratio`: processor time per article or paragraph
over that of the first row of the same command; 1.0 is proportional. Then all articles move into another folder, and are
found again. At last, over `--shared` articles, what two processes gain: `-j 2` in one project, and two commands in two
projects of half of the articles each, both over one process in one project; `share` is the one gain over the other.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

COMMANDS = {
    "translate": ("translate", "--engine", "pseudo"),
    "again": ("translate", "--engine", "pseudo"),
    "status": ("status",),
    "check": ("check",),
    "build": ("build",),
}


@dataclass(frozen=True)
class Cost:
    """What a command took."""

    cpu: float
    """Seconds of processor time, of the command and its children."""
    wall: float
    memory: float
    """MiB at most."""
    code: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, nargs="+", default=[500, 1000, 2000, 4000])
    parser.add_argument("--paragraphs", type=int, nargs="+", default=[5000, 10000, 20000, 40000])
    parser.add_argument("--only", choices=("articles", "paragraphs", "shared"), default="")
    parser.add_argument("--shared", type=int, default=1000)
    given = parser.parse_args()
    print(f"{'what':>12} {'number':>8} {'cpu s':>8} {'wall s':>8} {'MiB':>6} {'ratio':>6}")
    if given.only in ("", "articles"):
        grow("articles", given.articles)
    if given.only in ("", "paragraphs"):
        grow("paragraphs", given.paragraphs)
    if given.only in ("", "shared"):
        share(given.shared)


def share(number: int) -> None:
    """What two processes gain of each command, by `-j 2` and as two commands."""
    print(f"{'what':>12} {'one s':>8} {'-j 2 s':>8} {'bare s':>8} {'gain':>6} {'bare':>6} {'share':>6}")
    with tempfile.TemporaryDirectory() as name:
        places = [Path(name) / place for place in ("one", "both", "half", "other")]
        for place, articles in zip(places, (number, number, number // 2, number - number // 2), strict=True):
            place.mkdir()
            project(place, articles, 10)
        one, both, *halves = places
        for label in ("translate", "again", "check", "build"):
            command = COMMANDS[label]
            alone = run(one, *command).wall
            shared = run(both, *command, "-j", "2").wall
            began = time.monotonic()
            with ThreadPoolExecutor() as pool:
                list(pool.map(run, halves, *([word] * 2 for word in command)))
            bare = time.monotonic() - began
            print(
                f"{label:>12} {alone:8.1f} {shared:8.1f} {bare:8.1f} {alone / shared:6.2f} {alone / bare:6.2f} "
                f"{alone / shared / (alone / bare):6.2f}",
                flush=True,
            )


def grow(kind: str, numbers: list[int]) -> None:
    """The table of all commands for one kind of growth."""
    first: dict[str, float] = {}
    for number in numbers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            project(folder, *((number, 3) if kind == "articles" else (1, number)))
            costs = {label: run(folder, *command) for label, command in COMMANDS.items()}
            if kind == "articles":
                (folder / "articles").rename(folder / "moved")
                (folder / "articles").mkdir()
                (folder / "moved").rename(folder / "articles" / "2026")
                costs["renamed"] = run(folder, *COMMANDS["translate"])
            for label, cost in costs.items():
                each = cost.cpu / number
                ratio = each / first.setdefault(label, each)
                failed = f"  exit code {cost.code}" if cost.code else ""
                print(
                    f"{label:>12} {number:8} {cost.cpu:8.1f} {cost.wall:8.1f} {cost.memory:6.0f} {ratio:6.2f}{failed}",
                    flush=True,
                )
            if "renamed" in costs:
                print(f"{'':>12} renamed / first: {costs['renamed'].cpu / costs['translate'].cpu:.2f}", flush=True)


def project(folder: Path, articles: int, paragraphs: int) -> None:
    """A project of articles, each of a title and so many paragraphs."""
    (folder / "lokta.toml").write_text('source_language = "en"\narticles = "articles"\n[target.bo]\n')
    (folder / "articles").mkdir()
    for number in range(articles):
        body = "".join(
            f"\nThe river rose {number} metres today in town {one}, and fell.\n" for one in range(paragraphs)
        )
        (folder / "articles" / f"n{number:05}.txt").write_text(f"News number {number}\n{body}")


def run(folder: Path, *arguments: str) -> Cost:
    """One command in a process."""
    environment = {**os.environ, "LOKTA_CACHE": str(folder / "cache"), "LOKTA_MODELS": str(folder / "models")}
    began = time.monotonic()
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "toolkit", *arguments]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=quiet, stderr=quiet)
    _, status, usage = os.wait4(process.pid, 0)
    return Cost(
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - began,
        usage.ru_maxrss / 1024,
        os.waitstatus_to_exitcode(status),
    )


if __name__ == "__main__":
    main()
