"""The translation memory beside looking at every text with rapidfuzz: processor time at the 95th percentile, recall, memory.

    python -m benchmarks.memory [--texts 100000] [--queries 200] [--tmx]

The texts are made: words whose letters follow one another as in the sample articles, drawn by Zipf's law, 3 to 80 in a text
(headings, sentences, paragraphs), without figures, for which points are taken off. A third of them are other ones with a few
words changed, as in news that goes on. Of the queries 40 % are texts of the memory with 1-2 changed words, 20 % with 3-5, 10 %
unchanged, 30 % new. Both sides give the five most similar texts of at least 75 %, in one process, one thread, and take turns;
recall@5 is the share of rapidfuzz's scores that the memory reaches.

`--tmx`: the same memory written as TMX, imported by a process of its own, whose largest memory is shown at a tenth and at all of
it, and exported again.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from benchmarks.draft import ROOT
from toolkit.catalog.exchange import tmx
from toolkit.memory.entries import Entry
from toolkit.memory.store import Listed, MemoryStore
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "bo")
LEAST, MOST = 75.0, 5
_LENGTHS = (3, 6, 9, 12, 15, 18, 21, 24, 28, 32, 40, 50, 60, 80)
"""Words of headings, sentences and paragraphs."""
_Answer = TypeVar("_Answer")


class Texts:
    """Sentences of made words, always the same ones for a seed."""

    def __init__(self, seed: int = 7, vocabulary: int = 60_000) -> None:
        self.random = random.Random(seed)
        self.words = list(_vocabulary(self.random, vocabulary))
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(vocabulary)))

    def drawn(self, number: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self._weights, k=number)

    def sentence(self) -> str:
        words = self.drawn(self.random.choice(_LENGTHS))
        return " ".join(words).capitalize() + "."

    def changed(self, text: str, number: int) -> str:
        words = text.split()
        for _ in range(number):
            place, way = self.random.randrange(len(words)), self.random.random()
            if way < 0.6 or len(words) < 4:
                words[place : place + 1] = self.drawn(1)
            elif way < 0.8:
                words.insert(place, *self.drawn(1))
            else:
                del words[place]
        return " ".join(words)

    def memory(self, number: int) -> Iterator[str]:
        known: list[str] = []
        for _ in range(number):
            if known and self.random.random() < 1 / 3:
                text = self.changed(self.random.choice(known), self.random.randint(1, 6))
            else:
                text = self.sentence()
            if len(known) < 50_000:
                known.append(text)
            else:
                known[self.random.randrange(len(known))] = text
            yield text

    def query(self, texts: list[str]) -> str:
        kind = self.random.random()
        if kind < 0.3:
            return self.sentence()
        text = self.random.choice(texts)
        return (
            text
            if kind < 0.4
            else self.changed(text, self.random.randint(1, 2) if kind < 0.8 else self.random.randint(3, 5))
        )


def _vocabulary(draw: random.Random, number: int) -> Iterator[str]:
    """Words whose letters follow one another as in the sample articles, the short ones first."""
    follows: dict[str, list[str]] = {}
    for path in sorted((ROOT / "corpus").glob("*.txt")):
        for word in re.findall("[a-z]+", path.read_text(encoding="utf-8").lower()):
            for one, other in pairwise(f" {word} "):
                follows.setdefault(one, []).append(other)
    known: set[str] = set()
    while len(known) < number:
        word, last = "", " "
        while (last := draw.choice(follows[last])) != " ":
            word += last
        if word not in known and len(word) <= 14:
            known.add(word)
    yield from sorted(known, key=lambda word: (len(word) + draw.uniform(0, 12), word))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--tmx", action="store_true", help="TMX both ways in place of the search")
    parser.add_argument("--import", dest="file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.file:
        _take(given.file)
        return
    with tempfile.TemporaryDirectory() as name:
        (_tmx if given.tmx else _search)(Path(name), given.texts, given.queries)


def _search(folder: Path, number: int, queries: int) -> None:
    made = Texts()
    texts = list(dict.fromkeys(made.memory(number)))
    path = folder / "memory.sqlite3"
    memory = MemoryStore(path)
    begin = time.perf_counter()
    memory.update([Listed("made", "1", lambda: (Entry(text, "x", PAIR) for text in texts))])
    seconds = time.perf_counter() - begin
    size = path.stat().st_size / 2**20
    print(
        f"{len(texts):,} texts put in: {seconds:.0f} s, {size:.0f} MB; texts alone {sum(map(len, texts)) / 2**20:.0f} MB",
        flush=True,
    )
    memory.near("warm up the memory and its counts", PAIR)
    ours, brute, exact, reached, wanted = [], [], [], 0, 0
    for _ in range(queries):
        asked = made.query(texts)
        seconds, found = _timed(partial(memory.near, asked, PAIR, MOST, LEAST))
        ours.append(seconds)
        seconds, best = _timed(partial(_brute, asked, texts))
        brute.append(seconds)
        exact.append(_timed(partial(memory.exact, asked, PAIR))[0])
        mine = [Levenshtein.normalized_similarity(one.source, asked) for one in found]
        wanted += len(best)
        reached += sum(any(abs(score - own) < 1e-9 for own in mine) for score in best)
    for share in (50, 95):
        us, them = _percentile(ours, share), _percentile(brute, share)
        print(
            f"p{share}: memory {1000 * us:.1f} ms, rapidfuzz over all {1000 * them:.0f} ms: {them / us:.0f} times faster"
        )
    print(
        f"recall@{MOST}: {reached / max(1, wanted):.4f} of {wanted}; an exact match {1e6 * _percentile(exact, 50):.0f} us"
    )


def _brute(asked: str, texts: list[str]) -> list[float]:
    """The scores of the most similar texts, of all."""
    best = process.extract(asked, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=LEAST / 100, limit=MOST)
    return [score for _, score, _ in best]


def _timed(ask: Callable[[], _Answer]) -> tuple[float, _Answer]:
    begin = time.process_time()
    answer = ask()
    return time.process_time() - begin, answer


def _percentile(values: list[float], share: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]


def _tmx(folder: Path, number: int, _: int) -> None:
    for part in (number // 10, number):
        path = folder / f"{part}.tmx"
        begin = time.perf_counter()
        with path.open("w", encoding="utf-8") as file:
            file.writelines(tmx.write(_units(Texts().memory(part)), "en"))
        seconds = time.perf_counter() - begin
        print(f"{part:,} units written: {seconds:.1f} s, {path.stat().st_size / 2**20:.0f} MB", flush=True)
        line = subprocess.run(
            [sys.executable, "-m", "benchmarks.memory", "--import", str(path)],
            cwd=ROOT,
            env={**os.environ, "LOKTA_CACHE": str(folder / f"cache-{part}")},
            check=True,
            capture_output=True,
            text=True,
        )
        print(line.stdout.strip(), flush=True)


def _units(texts: Iterator[str]) -> Iterator[tmx.TranslationUnit]:
    for number, text in enumerate(texts):
        said = "".join(chr(0xF40 + ord(letter) % 40) for letter in text)
        yield tmx.TranslationUnit(
            (tmx.Variant("en", text), tmx.Variant("bo", f"{said}{number}", "Dolma", "2026-01-02"))
        )


def _take(path: Path) -> None:
    """Import a TMX into a project, as `lokta memory import` does, and export the memory again."""
    from toolkit.pipeline.memory import put, take
    from toolkit.project.config import load
    from toolkit.project.context import Context

    root = path.parent / f"project-{path.stem}"
    root.mkdir()
    (root / "lokta.toml").write_text("[target.bo]\n", encoding="utf-8")
    before = _rss()
    with Context.of(load(root)) as context:
        seconds, (_, count) = _timed(partial(take, context, path, PAIR, 0.0))
        print(f"{count:,} units imported: {seconds:.0f} s; largest memory {_rss():.0f} MB, before {before:.0f} MB")
        seconds, count = _timed(partial(put, context, path.with_suffix(".out.tmx"), ()))
        print(f"{count:,} units exported: {seconds:.1f} s; largest memory {_rss():.0f} MB")


def _rss() -> float:
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


if __name__ == "__main__":
    main()
