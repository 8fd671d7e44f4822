"""What checking a catalog costs beside reading it: processor time of both in one run, at first and when nothing has changed since.

    python -m benchmarks.checking --source FILE --target FILE --to LANG [--units 10000]

The first check compares the spellings of names, too; `rules alone` is what our rules cost in it.

Two files of the same number of lines: sources and translations, joined at random into paragraphs of one or two until the
catalog has so many units. The best of three runs of each; the median of what one unit costs is printed too.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import polib

from toolkit import catalog as catalogs
from toolkit.language import language
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.quality.rules import CHECKS
from toolkit.review.findings import find_all
from toolkit.units import Catalog, Unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--target", type=Path, required=True)
    parser.add_argument("--to", required=True)
    parser.add_argument("--units", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LOKTA_CACHE"] = f"{folder}/cache"
        path = Path(folder) / "a.po"
        path.write_text(catalogs.dump(_catalog(given)), encoding="utf-8")
        with Context.at(path.parent) as context:
            service = ReviewService(context)

            def check() -> None:
                list(service.check([path]))

            def anew() -> None:
                context.spellings.found.clear()
                for file in context.findings.folder.glob("*"):
                    file.unlink()
                check()

            catalog = context.store.read(path)
            read = _seconds(lambda: catalogs.read_catalog(path))
            rules = ("rules alone", lambda: list(find_all(catalog, CHECKS)))
            for name, done in (("first check", anew), rules, ("second check", check)):
                spent = _seconds(done)
                print(
                    f"{name:13} {spent:7.3f} s, {spent / given.units * 1e6:6.0f} us a unit, {spent / read:5.1f} x reading"
                )
            by_polib = _seconds(lambda: polib.pofile(str(path)))
            print(f"{'reading':13} {read:7.3f} s, {read / given.units * 1e6:6.0f} us a unit; polib {by_polib:.3f} s")


def _catalog(given: argparse.Namespace) -> Catalog:
    spoken = language(given.to)
    lines = zip(given.source.read_text("utf-8").split("\n"), given.target.read_text("utf-8").split("\n"), strict=True)
    pairs = [(source.strip(), target.strip()) for source, target in lines if source.strip() and target.strip()]
    random = Random(1)
    units = []
    for number in range(given.units):
        sources, targets = zip(*random.sample(pairs, 1 + number % 2), strict=True)
        units.append(Unit(" ".join(sources), spoken.joiner.join(targets), context=str(number)))
    return Catalog("en", spoken.tag, tuple(units), {"Language": spoken.gettext, "X-Source-Language": "en"})


def _seconds(done: Callable[[], object]) -> float:
    def once() -> float:
        begin = time.process_time()
        done()
        return time.process_time() - begin

    return min(once() for _ in range(3))


if __name__ == "__main__":
    main()
