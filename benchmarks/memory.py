"""The translation memory beside brute force: near matches, importing TMX, exporting it.

    python -m benchmarks.memory [--texts 100000] [--queries 200]

Texts are made of 20,000 words by Zipf's law. Queries are texts of the memory: 40 % with one or two words changed, 20 % with three to
five, 10 % as they are, 30 % of other words. Brute force is rapidfuzz over all texts in the same run. Prints the processor time of the five
best matches (median, 95th percentile) of both and their ratio, the share of brute force's five best of 75 % and more that are found,
the memory of the process while a TMX of these texts is read, and the time of TMX both ways.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path
from random import Random

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from toolkit.catalog.exchange import tmx
from toolkit.files import chunks, replacing
from toolkit.memory.entries import of_tmx
from toolkit.memory.store import Listed, MemoryStore
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "bo")
_LETTERS = "etaoinshrdlcumwfgypbvk"


def words(random: Random) -> Callable[[int], list[str]]:
    """What draws words by Zipf's law."""
    known = ["".join(random.choices(_LETTERS, k=random.randint(2, 10))) for _ in range(20_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(known) + 1)))
    return lambda count: random.choices(known, cum_weights=weights, k=count)


def texts(count: int, random: Random) -> Iterator[str]:
    """Sentences of 5 to 25 words."""
    draw = words(random)
    for _ in range(count):
        yield " ".join(draw(random.randint(5, 25))).capitalize() + "."


def queries(known: list[str], count: int, random: Random) -> Iterator[str]:
    """Texts that somebody would look up."""
    draw = words(Random(7))
    for number in range(count):
        text = random.choice(known)
        share = number % 10
        if share < 6:
            parts = text.split()
            for _ in range(random.randint(1, 2) if share < 4 else random.randint(3, 5)):
                parts[random.randrange(len(parts))] = draw(1)[0]
            text = " ".join(parts)
        elif share > 6:
            text = " ".join(draw(random.randint(5, 25)))
        yield text


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "all.tmx"
        start = time.perf_counter()
        with replacing(path) as file:
            for text in tmx.write(map(_unit, texts(given.texts, Random(1))), "en"):
                file.write(text.encode())
        print(
            f"{given.texts:,} units of TMX written in {time.perf_counter() - start:.1f} s, {path.stat().st_size / 2**20:.0f} MB"
        )
        start = time.perf_counter()
        count = sum(1 for _ in tmx.read(chunks(path), "all.tmx"))
        print(f"{count:,} read in {time.perf_counter() - start:.1f} s; the process then held {_held():.0f} MB")
        memory = MemoryStore(folder / "memory.sqlite3")
        start = time.perf_counter()
        memory.update([Listed("all.tmx", "import 1", lambda: of_tmx(tmx.read(chunks(path), "all.tmx"), "all.tmx"))])
        print(
            f"imported into the memory in {time.perf_counter() - start:.1f} s; the process then held {_held():.0f} MB"
        )
        compare(memory, list(dict.fromkeys(texts(given.texts, Random(1)))), given.queries)


def _unit(text: str) -> tmx.TranslationUnit:
    return tmx.TranslationUnit((tmx.Variant("en", text), tmx.Variant("bo", f"བོད་{len(text)}")))


def _held() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def compare(memory: MemoryStore, known: list[str], count: int) -> None:
    """Near matches and brute force, query by query."""
    ours: list[float] = []
    brute: list[float] = []
    wanted = found = 0
    memory.near("warm up the tables of this", PAIR)
    for asked in queries(known, count, Random(2)):
        start = time.process_time()
        near = {one.source for one in memory.near(asked, PAIR)}
        middle = time.process_time()
        best = process.extract(asked, known, scorer=Levenshtein.normalized_similarity, limit=5, score_cutoff=0.75)
        brute.append(time.process_time() - middle)
        ours.append(middle - start)
        wanted += len(best)
        found += sum(text in near for text, *_ in best)
    for name, times in (("memory", ours), ("brute force", brute)):
        p95 = statistics.quantiles(times, n=20)[18]
        print(f"{name}: median {1000 * statistics.median(times):.1f} ms, 95th percentile {1000 * p95:.1f} ms")
    ratio = statistics.quantiles(brute, n=20)[18] / statistics.quantiles(ours, n=20)[18]
    print(
        f"at the 95th percentile {ratio:.0f} times as fast; of {wanted} best matches {found} found ({found / max(wanted, 1):.3f})"
    )


if __name__ == "__main__":
    main()
