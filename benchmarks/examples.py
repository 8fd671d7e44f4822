"""What examples of the memory do for a language model: chrF2 and BLEU of its raw answers to a held-out set, a line for each way.

    python -m benchmarks.examples MEMORY HELD_OUT --gguf FILE --family base [--from en --to zh-Hans] [--most 5] [--threads 1]

MEMORY is a `.tsv` (source, tab, target, a line each), a `.tmx`, `.po` or `.mo` file; HELD_OUT is a `.tsv`. Printed are: no example
at all; the family's own; as many arbitrary pairs of the memory, other ones for each text; the most similar ones, the most
similar last, from each of some likenesses on; the translation of the most similar one copied. A family that takes no examples
is shown them all the same, as `Source: …`, `Target: …` before its prompt, which says whether it ought to take them. One slot,
greedy. The set that is kept here is of one newsroom's subject, 200 pairs and 60, drawn by lot from 260:

    python -m benchmarks.examples benchmarks/data/examples/approved.tsv benchmarks/data/examples/held-out.tsv --gguf …
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.bare import load, say

if TYPE_CHECKING:
    from toolkit.memory.store import MemoryStore
    from toolkit.models.families import Family
    from toolkit.units import LanguagePair

Pairs = Sequence[tuple[str, str]]
_EXAMPLE = "{source}: {source_text}\n{target}: {target_text}\n\n"


def main() -> None:
    from toolkit.units import LanguagePair

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("memory", type=Path)
    parser.add_argument("held_out", type=Path)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--family", default="base")
    parser.add_argument("--from", dest="source", default="en")
    parser.add_argument("--to", dest="target", default="zh-Hans")
    parser.add_argument("--most", type=int, default=5)
    parser.add_argument("--least", type=float, nargs="*", default=[], help="likenesses to try beside the tool's own")
    parser.add_argument("--limit", type=int, default=0, help="the first units of the held-out set alone")
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    measure(given, LanguagePair(given.source, given.target))


def measure(given: argparse.Namespace, pair: LanguagePair) -> None:
    """Run all ways and print their lines."""
    from toolkit.models.families import Families
    from toolkit.pipeline.examples import Approved
    from toolkit.translation.drafting import examples

    family = Families()[given.family]
    pairs = read(given.memory, pair)
    held = read(given.held_out, pair)[: given.limit or None]
    memory = Approved(stored(pairs, pair))
    own = family.takes_examples > 0
    print(
        f"{given.gguf.name}, family {given.family}, {pair}: {len(held)} units, {len(pairs)} approved pairs", flush=True
    )
    if not own:
        print("the family takes no examples; here it is shown them all the same")
        words = tuple(replace(one, prompt="{examples}" + one.prompt, example=_EXAMPLE) for one in family.wordings)
        family = replace(family, wordings=words)
    family = replace(family, most_examples=given.most)

    def nearest(least: float) -> Callable[[str], Pairs]:
        def choose(text: str) -> Pairs:
            examples.LEAST = least
            return examples.examples_for(text, pair, given.most, memory)

        return choose

    def arbitrary(text: str) -> Pairs:
        return random.Random(text).sample([one for one in pairs if one[0] != text], min(given.most, len(pairs)))

    usual = examples.LEAST
    ways: list[tuple[str, Family, Callable[[str], Pairs]]] = [
        ("no example", replace(family, examples=()), lambda text: ()),
        *([("the family's own", family, lambda text: ())] if family.examples else []),
        (f"{given.most} arbitrary", family, arbitrary),
        *((f"{given.most} nearest, {least:g} % or more", family, nearest(least)) for least in (*given.least, usual)),
    ]
    server = load(given.gguf, family.context, 1, given.threads)
    for name, told_as, choose in ways:
        began = time.monotonic()
        told = [choose(source) for source, _ in held]
        said = answers(server, told_as, pair, held, told)
        back = sum(any(one == target for _, target in shown) for one, shown in zip(said, told, strict=True))
        shown = sum(map(len, told)) / len(held)
        print(
            f"{name:28} {scored(said, held, pair.target)}  {shown:.1f} pairs shown, {back} given back"
            f" ({time.monotonic() - began:.0f} s)",
            flush=True,
        )
    closest = [nearest(0.0)(source) for source, _ in held]
    print(f"{'the nearest copied':28} {scored([one[-1][1] if one else '' for one in closest], held, pair.target)}")


def answers(server: object, family: Family, pair: LanguagePair, held: Pairs, told: Sequence[Pairs]) -> list[str]:
    """What the model says to each text, with these examples before it."""
    from toolkit.translation.engines.prompts import prompt
    from toolkit.units import Request

    return [
        say(server, prompt(family, Request(source, examples=tuple(shown)), pair))[0].strip()
        for (source, _), shown in zip(held, told, strict=True)
    ]


def scored(said: Sequence[str], held: Pairs, target: str) -> str:
    """chrF2 and BLEU by the library, BLEU by its own cutting of Chinese where the target is Chinese."""
    import sacrebleu

    references = [[reference for _, reference in held]]
    cut = "zh" if target.startswith("zh") else "13a"
    chrf, bleu = sacrebleu.corpus_chrf(said, references), sacrebleu.corpus_bleu(said, references, tokenize=cut)
    return f"chrF2 {chrf.score:5.1f}  BLEU {bleu.score:5.1f}"


def read(path: Path, pair: LanguagePair) -> list[tuple[str, str]]:
    """The pairs in a file, each once, in its order."""
    from toolkit.files import read_text
    from toolkit.pipeline.memory import _READERS

    if path.suffix == ".tsv":
        rows = [line.split("\t") for line in read_text(path).split("\n") if line.strip()]
        return list(dict.fromkeys((row[0], row[1]) for row in rows))
    from toolkit.memory.entries import of_tmx

    found = of_tmx(_READERS[path.suffix.lower()](path, pair), path.stem)
    return list(dict.fromkeys((one.source, one.target) for one in found if one.pair == pair))


def stored(pairs: Pairs, pair: LanguagePair) -> MemoryStore:
    """The tool's memory of these pairs, in this process."""
    from toolkit.memory.entries import Entry
    from toolkit.memory.store import Listed, MemoryStore

    memory = MemoryStore()
    memory.update([Listed("approved", "1", lambda: (Entry(source, target, pair) for source, target in pairs))])
    return memory


if __name__ == "__main__":
    main()
