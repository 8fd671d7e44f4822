"""`lokta models evaluate` beside bare xllamacpp on the same questions: chrF2 of what was said, and of what catalogs hold.

    python -m benchmarks.evaluate FILE.gguf --family base --source news.en --reference news.zh [--to zh-Hans] [--limit 200]

The bare side has the engine's prompts and longest answers, one slot, greedy, and takes the answer as it is, stripped of
the blanks around it. The sentences are the sample that `lokta models evaluate --limit` takes.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bare import load, say


def main() -> None:
    from toolkit.translation.evaluation.evaluate import lines, sample

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gguf", type=Path)
    parser.add_argument("--family", required=True)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--reference", type=Path, required=True)
    parser.add_argument("--to", default="zh-Hans")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    texts = [lines(path.read_text(encoding="utf-8")) for path in (given.source, given.reference)]
    chosen = sample(len(texts[0]), given.limit)
    sources, references = ([text[number] for number in chosen] for text in texts)
    print(f"{given.gguf.name}, family {given.family}, en -> {given.to}, {len(sources)} sentences", flush=True)
    alone = bare(given, sources, references)
    catalogued(given, sources, references, alone)


def bare(given: argparse.Namespace, sources: Sequence[str], references: Sequence[str]) -> float:
    """chrF2 by the library alone, measured by sacreBLEU asked directly."""
    import sacrebleu

    from toolkit.models.families import Families
    from toolkit.translation.engines.llama import _threads
    from toolkit.translation.engines.prompts import prompt
    from toolkit.units import LanguagePair, Request

    began, known, pair = time.monotonic(), Families()[given.family], LanguagePair("en", given.to)
    server = load(given.gguf, known.context, 1, given.threads or _threads(given.gguf.stat().st_size))
    said = [say(server, prompt(known, Request(source), pair))[0].strip() for source in sources]
    found = sacrebleu.corpus_chrf(said, [list(references)]).score
    print(f"bare xllamacpp: chrF2 {found:.2f} ({time.monotonic() - began:.0f} s)", flush=True)
    return float(found)


def catalogued(given: argparse.Namespace, sources: Sequence[str], references: Sequence[str], alone: float) -> None:
    """The same by the tool: the raw answers, then the drafts, and what was refused."""
    from toolkit.models import Package
    from toolkit.models.families import Families
    from toolkit.translation.engines.llama import Llama
    from toolkit.translation.evaluation.evaluate import Task, evaluate
    from toolkit.translation.options import Options, Resources
    from toolkit.units import LanguagePair

    path: Path = given.gguf
    pair, family = LanguagePair("en", given.to), Families()[given.family]
    package = Package(path.stem, "llama", (pair,), path, family=given.family, size=path.stat().st_size)

    def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Llama:
        return Llama(package, family, options, resources)

    began, task = time.monotonic(), Task("file", pair, sources, references)
    found = evaluate(task, Options(threads=given.threads), Resources({"file": make}))
    raw, drafts = found.raw.scores[0], found.drafts.scores[0]
    print(f"raw answers: {raw.name} {raw.value:.2f}; {raw.value - alone:+.2f} to bare ({raw.signature})")
    print(f"drafts as catalogued: {drafts.name} {drafts.value:.2f} ({time.monotonic() - began:.0f} s for both)")
    for side, empty in (("raw answers", found.raw.empty), ("drafts", found.drafts.empty)):
        print(f"{side} left empty: {sum(empty.values())} {dict(empty)}")
    if abs(raw.value - alone) > 0.3:
        sys.exit("the raw answers are not those of the bare library")


if __name__ == "__main__":
    main()
