"""The engine `llama` beside bare xllamacpp calls on the same questions: tokens a second, and the most memory.

    python -m benchmarks.llama [--requests 24] [--slots 1 2 4] [--threads N] [--gguf FILE --family NAME --to LANG]

Two models: the starter, and one of LMT-60-0.6B's real shape with random weights in Q8_0, written into a temporary folder
(lmt_shape.py), its answers cut at 48 tokens. The bare side has the same prompts, longest answers, threads and slots, and
asks for no log-probabilities. Both take turns in one process, a few questions each, so that what else the machine does
strikes both alike; the ratio is of all tokens a second. Peak memory is of a process for each side alone that
has every slot at work once.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bare import load, say

if TYPE_CHECKING:
    from toolkit.translation.engines.llama import Llama
    from toolkit.translation.engines.prompts import Prompt
    from toolkit.units import LanguagePair

ROOT = Path(__file__).resolve().parent.parent
STARTER = ROOT / "starter" / "lokta_starter" / "lokta-starter-en-zh.gguf"
CAP = 48
Side = Callable[[Sequence[str]], int]
"""Answers sentences; gives the tokens that it produced."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=24)
    parser.add_argument("--slots", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--gguf", type=Path, help="measure this file alone")
    parser.add_argument("--family", default="lmt-60")
    parser.add_argument("--to", default="bo")
    parser.add_argument("--threads", type=int, default=0, help="else as many as the engine takes")
    parser.add_argument("--cap", type=int, default=0, help="longest answer in tokens; 0: as the family says")
    parser.add_argument("--case", choices=["both", "engine", "bare"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.case:
        print(json.dumps(case(given)))
        return
    if given.gguf:
        compare(given.gguf, given)
        return
    print(f"{given.requests} sentences of the sample articles, from English")
    compare(STARTER, argparse.Namespace(**vars(given) | {"family": "starter", "to": "zh-Hans"}))
    with tempfile.TemporaryDirectory() as folder:
        from benchmarks.lmt_shape import make

        compare(make(Path(folder) / "lmt-60-0.6b-shape.Q8_0.gguf"), argparse.Namespace(**vars(given) | {"cap": CAP}))


def compare(path: Path, given: argparse.Namespace) -> None:
    """One line for each number of slots."""
    print(f"{path.name}, {path.stat().st_size / 1e6:.0f} MB, family {given.family} -> {given.to}", flush=True)
    for slots in given.slots:
        found = {name: child(path, given, slots, name) for name in ("both", "engine", "bare")}
        both = found["both"]
        engine, bare = (both["tokens"] / both[side] for side in ("engine", "bare"))
        peaks = ", ".join(f"{name} {found[name]['peak']} MB" for name in ("engine", "bare"))
        print(
            f"  {slots} slots, {both['threads']} threads: {both['tokens']} tokens: engine {engine:6.2f} tokens/s, "
            f"bare {bare:6.2f} tokens/s: {engine / bare:.1%}; with log-probabilities bare "
            f"{both['tokens'] / both['scored']:6.2f}; at most {peaks}",
            flush=True,
        )


def child(path: Path, given: argparse.Namespace, slots: int, name: str) -> dict[str, Any]:
    """A case in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.llama", "--case", name, "--gguf", str(path), "--slots", str(slots)]
    command += ["--family", given.family, "--to", given.to, "--cap", str(given.cap), "--requests", str(given.requests)]
    command += ["--threads", str(given.threads)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def case(given: argparse.Namespace) -> dict[str, Any]:
    """What one process measures; times and tokens, and its own peak."""
    from toolkit.translation.engines.llama import _threads
    from toolkit.units import LanguagePair

    pair, slots, sentences = LanguagePair("en", given.to), given.slots[0], read(given.requests)
    threads = given.threads or _threads(given.gguf.stat().st_size)
    ours = engine(given, pair, slots, threads)
    prompts = asked(ours, sentences, pair)
    sides: dict[str, Side] = {}
    if given.case in ("both", "engine"):
        sides["engine"] = by_engine(ours, pair)
    if given.case in ("both", "bare"):
        server = load(given.gguf, ours.family.context, slots, threads)
        sides["bare"] = by_hand(server, prompts, slots)
        if given.case == "both":
            sides["scored"] = by_hand(server, prompts, slots, scored=True)
    seconds, tokens = dict.fromkeys(sides, 0.0), dict.fromkeys(sides, 0)
    if given.case == "both":
        for side in sides.values():
            side(sentences[:1])
    chunks = [sentences[i : i + 2 * slots] for i in range(0, len(sentences), 2 * slots)]
    for number, chunk in enumerate(chunks if given.case == "both" else [sentences[:slots]]):
        for name in list(sides) if number % 2 else list(sides)[::-1]:
            began = time.perf_counter()
            tokens[name] += sides[name](chunk)
            seconds[name] += time.perf_counter() - began
    if len(set(tokens.values())) > 1:
        sys.exit(f"the sides were not asked the same: {tokens}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {**seconds, "tokens": next(iter(tokens.values()), 0), "threads": threads, "peak": peak}


def read(count: int) -> list[str]:
    """Distinct sentences of the sample articles, of at least four words."""
    from toolkit.segment import sentences

    lines = [
        line.strip()
        for path in sorted((ROOT / "corpus").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").split("\n")
    ]
    cut = [line[start:end] for line in lines for start, end in sentences(line, "en")]
    return [one for one in dict.fromkeys(cut) if len(one.split()) > 3][:count]


def engine(given: argparse.Namespace, pair: LanguagePair, slots: int, threads: int) -> Llama:
    """The engine without the wrappers around it: its first answers, none tried again."""
    from toolkit.models import Package
    from toolkit.models.families import AnswerLength, Families
    from toolkit.translation.engines.llama import Llama
    from toolkit.translation.options import Options

    path: Path = given.gguf
    package = Package(path.stem, "llama", (pair,), path, family=given.family, size=path.stat().st_size)
    family = Families()[given.family]
    if given.cap:
        family = replace(family, answer=AnswerLength(given.cap, {"Latn": 0.0}))
    return Llama(package, family, Options(slots=slots, threads=threads, raw=True))


def asked(ours: Llama, sentences: Sequence[str], pair: LanguagePair) -> dict[str, Prompt]:
    """Sentence -> the question that the engine makes of it."""
    from toolkit.translation.engines.prompts import prompt
    from toolkit.units import Request

    return {sentence: prompt(ours.family, Request(sentence), pair) for sentence in sentences}


def by_engine(ours: Llama, pair: LanguagePair) -> Side:
    from toolkit.units import Request

    def run(sentences: Sequence[str]) -> int:
        before = ours.tokens
        list(ours.translate(map(Request, sentences), pair))
        return ours.tokens - before

    return run


def by_hand(server: Any, prompts: dict[str, Prompt], slots: int, scored: bool = False) -> Side:
    def run(sentences: Sequence[str]) -> int:
        with ThreadPoolExecutor(slots) as pool:
            return sum(pool.map(lambda sentence: say(server, prompts[sentence], scored)[1], sentences))

    return run


if __name__ == "__main__":
    main()
