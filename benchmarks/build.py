"""What building costs the first time, and again when nothing changed.

    python -m benchmarks.build [--articles 300]

Articles in two languages, in native, HTML and .mo. Seconds of a first build, of a second one, and of reading the same
articles and catalogs, in turn in one process; and the most memory that a first build takes for a third of the articles and
for all of them, each in a process of its own.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit.pipeline.build import Choice, build, translated
from toolkit.pipeline.translate import Order, translate
from toolkit.project.context import Context
from toolkit.project.discovery import find, load

LANGUAGES = ("bo", "zh-Hans")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--memory", type=int, nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory:
        peak(*given.memory)
        return
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"LOKTA_CACHE": f"{name}/cache", "LOKTA_MODELS": f"{name}/models"}
        with Context.at(project(Path(name) / "project", given.articles)) as context:
            first = timed(context)
            again = [timed(context) for _ in range(3)]
            read = [reading(context) for _ in range(3)]
    second, third = statistics.median(again), statistics.median(read)
    print(f"{given.articles} articles in {len(LANGUAGES)} languages: first build {first:.2f} s, again {second:.2f} s")
    print(
        f"reading the same articles and catalogs: {third:.2f} s; building again costs {second / third:.2f} times that"
    )
    for count in (given.articles // 3, given.articles):
        for passes in (1, 2):
            command = [sys.executable, "-m", "benchmarks.build", "--memory", str(count), str(passes)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
            print(f"most memory of {'a first build' if passes == 1 else 'building again'} of {count} articles: {said}")


def project(folder: Path, articles: int) -> Path:
    """A project whose articles have drafts in both languages."""
    folder.mkdir()
    (folder / "lokta.toml").write_text('source_language = "en"\n[target.bo]\n[target.zh-Hans]\n', encoding="utf-8")
    for number in range(articles):
        paragraphs = "".join(
            f"The river {number} rose by {n} metres, *as expected*, and [fell](https://a.org/{n}) again.\n\n"
            for n in range(25)
        )
        (folder / f"news-{number}.md").write_text(f"# News of day {number}\n\n{paragraphs}", encoding="utf-8")
    with Context.at(folder) as context:
        translate(context, Order(find(context.config, []), LANGUAGES, "en", "pseudo"))
    return folder


def timed(context: Context) -> float:
    """Seconds of a build of the whole project."""
    began = time.monotonic()
    build(context, translated(context), (), Choice())
    return time.monotonic() - began


def reading(context: Context) -> float:
    """Seconds of reading all articles and catalogs."""
    began = time.monotonic()
    for source in translated(context):
        load(context.store, source)
        for tag in LANGUAGES:
            context.store.find(source.id, tag)
    return time.monotonic() - began


def peak(articles: int, passes: int) -> None:
    """The most memory of this process in the last of so many builds, what it held before that left aside."""
    with tempfile.TemporaryDirectory() as name:
        os.environ |= {"LOKTA_CACHE": f"{name}/cache", "LOKTA_MODELS": f"{name}/models"}
        folder = Path(name) / "project"
        code = f"from pathlib import Path; from benchmarks.build import project; project(Path({str(folder)!r}), {articles})"
        subprocess.run([sys.executable, "-c", code], check=True)
        with Context.at(folder) as context:
            for _ in range(passes):
                timed(context)
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
