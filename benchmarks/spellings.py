"""Names that translations spell in several ways: what is said of good translations, and which slips are found.

Prints for two files of equal lines (source and translation, a pair a line) the share of pairs with a finding, each finding to be
read, how many slips of seeded ones are found, and the time. A slip is one character (Tibetan: vowel) changed, in one line, in
the most frequent rendering of a name that three lines or more have; names and renderings are those of the starter list (in
Chinese those of three characters or more that spell a sound).

    python -m benchmarks.spellings SOURCE TRANSLATION LANGUAGE
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.language import language
from toolkit.memory.glossary import glossary, places
from toolkit.memory.spellings import spellings
from toolkit.pipeline.terms import starter
from toolkit.units import LanguagePair

SEED = 23
_VOWELS = "ིེོུ"


def main(source: Path, translation: Path, tag: str) -> None:
    """Print the figures."""
    pair, spoken = LanguagePair("en", language(tag).tag), language(tag)
    pairs = list(
        zip(*(path.read_text("utf-8").rstrip("\n").split("\n") for path in (source, translation)), strict=True)
    )
    start = time.process_time()
    found = spellings(pairs, pair)
    took = time.process_time() - start
    lines = {n: [(one, slip) for one in found if (slip := one.slip(*both, spoken))] for n, both in enumerate(pairs)}
    said = sum(map(bool, lines.values()))
    print(f"{len(pairs)} pairs, {pair}: {said} with a finding ({said / len(pairs):.2%}), {took:.1f} s of one core")
    for number, slips in lines.items():
        for one, (here, _) in slips:
            print(f"  {number + 1}: {one.name} is called {here} here, {one.usual} in {one.times} other lines")
    seeded = list(_seeded(pairs, pair))
    right = 0
    for number, changed in seeded:
        made = [*pairs[:number], (pairs[number][0], changed), *pairs[number + 1 :]]
        was = right
        right += any(one.slip(*made[number], spoken) for one in spellings(made, pair)) and not lines[number]
        print(f"  {number + 1}: {changed[:60]} {'found' if right > was else 'missed'}")
    print(f"{len(seeded)} seeded slips, {right} found")


def _seeded(pairs: Sequence[tuple[str, str]], pair: LanguagePair) -> Iterator[tuple[int, str]]:
    """The number of a line, and its translation with a name misspelt; one for each name."""
    chance, spoken = random.Random(SEED), language(pair.target)
    groups = language(pair.target).data["terms"]["sounds"]
    known = glossary(starter().terms, pair)
    for entry in known.entries:
        if entry.term.part_of_speech != "name":
            continue
        having = [
            n
            for n, (said, target) in enumerate(pairs)
            if any(hit.entries[0] is entry for hit in known.find(said)) and places(target, entry.wanted, spoken)
        ]
        if len(having) < 3 or (
            spoken.script != "Tibt" and (len(entry.wanted) < 3 or {*entry.wanted} - {*"".join(groups)})
        ):
            continue
        number, form = chance.choice(having), entry.wanted
        if spoken.script == "Tibt":
            ways = [form.replace(one, other, 1) for one in _VOWELS if one in form for other in _VOWELS if other != one]
        else:
            alike = [
                (char, other) for char in form for group in groups if char in group for other in group if other != char
            ]
            ways = [form.replace(char, other, 1) for char, other in alike]
        if ways:
            yield number, pairs[number][1].replace(form, chance.choice(ways))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
