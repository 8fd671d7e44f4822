"""What saving costs while a long article is drafted, and how a run grows with the article.

    python -m benchmarks.saving [--paragraphs 8000] [--milliseconds 20] [--rounds 3]

1. An engine that takes 20 ms a text: the share of the run that went into saving catalogs.
2. `pseudo`, which takes no time: processor time of 4n paragraphs over that of n, in turn in one process, medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from toolkit.events import Sink, ignore
from toolkit.pipeline.translate import Order, translate
from toolkit.project.context import Context
from toolkit.project.discovery import find
from toolkit.project.store import CatalogStore, WorkingCopy
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines.pseudo import Pseudo
from toolkit.translation.options import Options, Resources
from toolkit.units import Answer, Engine, LanguagePair, Request


class Slow(Pseudo):
    """Pseudo-localization that takes its time."""

    seconds = 0.0

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Each answer after a while."""
        for answer in super().translate(requests, pair):
            time.sleep(self.seconds)
            yield answer


def slow(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
    """The maker of the slow engine."""
    return Slow()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--paragraphs", type=int, default=8000)
    parser.add_argument("--milliseconds", type=float, default=20.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["LOKTA_MODELS"] = f"{name}/models"
        share(Path(name), given.paragraphs, given.milliseconds / 1000)
        growth(Path(name), given.paragraphs, given.rounds)


def share(folder: Path, paragraphs: int, seconds: float) -> None:
    """Time in `CatalogStore.save` over the time of the run."""
    spent = 0.0
    times = 0
    saved = CatalogStore.save

    def timed(self: CatalogStore, copy: WorkingCopy, tell: Sink = ignore) -> WorkingCopy:
        nonlocal spent, times
        began = time.monotonic()
        result = saved(self, copy, tell)
        spent += time.monotonic() - began
        times += 1
        return result

    Slow.seconds = seconds
    CatalogStore.save = timed  # type: ignore[method-assign]
    began = time.monotonic()
    run(folder, paragraphs, "slow")
    whole = time.monotonic() - began
    CatalogStore.save = saved  # type: ignore[method-assign]
    print(f"{paragraphs} paragraphs at {seconds * 1000:.0f} ms: {whole:.1f} s, saved {times} times in {spent:.2f} s")
    print(f"saving: {spent / whole:.1%} of the run")


def growth(folder: Path, paragraphs: int, rounds: int) -> None:
    """Processor time of four times the paragraphs over that of once."""
    few, many = [], []
    for _ in range(rounds):
        few.append(run(folder, paragraphs, "pseudo"))
        many.append(run(folder, 4 * paragraphs, "pseudo"))
    one, four = statistics.median(few), statistics.median(many)
    print(
        f"pseudo: {paragraphs} paragraphs {one:.1f} s, {4 * paragraphs} paragraphs {four:.1f} s: {four / one:.2f} times"
    )


def run(folder: Path, paragraphs: int, engine: str) -> float:
    """Processor seconds of a first `translate` of one article of so many paragraphs."""
    place = Path(tempfile.mkdtemp(dir=folder))
    article = place / "a.txt"
    lines = (f"Paragraph {n} tells of the river that rose by {n} metres in spring.\n\n" for n in range(paragraphs))
    article.write_text("Title\n\n" + "".join(lines), encoding="utf-8")
    with Context.at(place) as made, DraftCache(place / "cache") as cache:
        engines = {**made.resources.engines, "slow": slow}
        context = Context(made.config, Resources(engines, cache=cache))
        began = time.process_time()
        translate(context, Order(find(context.config, [article]), ("bo",), "en", engine))
        return time.process_time() - began


if __name__ == "__main__":
    main()
