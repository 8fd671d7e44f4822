"""A second `lokta translate` over unchanged articles, against reading and parsing the same articles and catalogs.

    python -m benchmarks.rerun [--articles 1000] [--rounds 3]

Both as processes of their own, CPU time, medians; the second run must load no model.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.draft import ROOT, articles
from tests.support.tiny_argos import make_package

TRANSLATE = ("-m", "toolkit", "translate", "--from", "en", "--to", "zh-Hans")
READ = """
import sys
from pathlib import Path
from toolkit import article, catalog
from toolkit.files import read_text
for path in sorted(Path().glob("*.txt")):
    article.read(read_text(path), article.format_of(path.name), file=path.name, source_language="en")
for path in sorted(Path("locales").rglob("*.po*")):
    catalog.read_catalog(path)
"""
LOADED = """
import runpy, sys
sys.argv = ["lokta", *sys.argv[1:]]
try:
    runpy.run_module("toolkit", run_name="__main__")
finally:
    print([name for name in ("ctranslate2", "sentencepiece", "xllamacpp") if name in sys.modules], file=sys.stderr)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "project"
        os.environ |= {"LOKTA_MODELS": f"{name}/models", "LOKTA_CACHE": f"{name}/cache", "PYTHONPATH": str(ROOT)}
        make_package(Path(name) / "models", "en", "zh")
        articles(place, [f"The river rose {n} metres on the day of the report." for n in range(20 * given.articles)])
        (place / "lokta.toml").write_text("[target.zh-Hans]\n", encoding="utf-8")
        print(f"{given.articles} articles of ten paragraphs; first run {cpu(place, *TRANSLATE):.1f} s CPU", flush=True)
        read, again = [], []
        for _ in range(given.rounds):
            read.append(cpu(place, "-c", READ))
            again.append(cpu(place, *TRANSLATE))
        loaded = subprocess.run(
            [sys.executable, "-c", LOADED, *TRANSLATE[2:]], cwd=place, capture_output=True, text=True, check=True
        )
        print(f"model libraries loaded by the second run: {loaded.stderr.strip().rpartition(chr(10))[2]}")
        ratio = statistics.median(again) / statistics.median(read)
        print(
            f"reading and parsing alone {statistics.median(read):.2f} s, second run {statistics.median(again):.2f} s: "
            f"x {ratio:.2f}"
        )


def cpu(place: Path, *arguments: str) -> float:
    """CPU seconds of a Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], cwd=place, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
