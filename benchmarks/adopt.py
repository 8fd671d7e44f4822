"""How well `lokta adopt` aligns documents published in two languages, beside po4a-gettextize, which pairs by position.

    python -m benchmarks.adopt --clones FOLDER [--lines FOLDER] [--seeds 1] [--po4a] [--sample FILE] [--only NAME]
    python -m benchmarks.adopt --lines FOLDER --only "news zh" [--engine ENGINE --project FOLDER] [--simulated SHARE]

`--clones`: clones of the repositories in `data/adopt.tsv` (see adopt_truth.py), which are not part of this project; `--lines`: a
folder with ntrex128.en, .zh and .bo. Of both only what was not used for the weights (adopt_fit.py). For each set, clean and with
noise (10 % of the target and 4 % of the source passages dropped, 4 % merged, 4 % split, 1.7 % moved, 3 % foreign ones): how many
pairs are to be found, precision and recall of what is called certain, wrong ones and parts, and of those that are doubtful;
seconds of one core per 1,000 paragraphs. A half of a split or merged passage counts as wrong. `alone`: each document by itself,
without the others of its set. `--po4a`: the same documents by po4a-gettextize, as texts with the same headings and paragraphs.
`cuts`: paragraphs of news that translate two: how many are cut between the two, elsewhere, or left whole. `--engine`: the same
again with the drafts of an installed engine as evidence (`--project` is any folder; the draft cache keeps them); `--simulated`:
with those of a machine that is made up, which says this share of the published translation and for the rest words of other
passages (`chrF2` is how like the drafts are to the published translation). `--sample`: writes 200 certain pairs to read, drawn by
chance. `data/adopt_read.tsv` has 200 that were read (both texts, the long ones at their beginnings and ends) with a verdict each;
numbers are those of the blocks.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import polib

from benchmarks.adopt_truth import Known, joined_lines, listed, noisy
from toolkit.alignment.documents import Aligned, align, certain_pairs
from toolkit.alignment.groups import border
from toolkit.alignment.sentences import Aligner
from toolkit.alignment.traits import Passage
from toolkit.catalog.reuse import sentence_texts, target_spans
from toolkit.pipeline.evidence import drafts_of
from toolkit.project.context import Context
from toolkit.quality.agreement import chrf
from toolkit.units import Catalog, LanguagePair, Unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clones", type=Path)
    parser.add_argument("--lines", type=Path)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--po4a", action="store_true")
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--only", default="", help="of the sets, those whose name has this")
    parser.add_argument("--half", choices=["first", "second"], default="second", help="of the lines")
    parser.add_argument("--engine", default="")
    parser.add_argument("--project", type=Path)
    parser.add_argument("--simulated", type=float, action="append", default=[])
    given = parser.parse_args()
    sets: defaultdict[str, list[Known]] = defaultdict(list)
    for one in listed(given.clones, "test") if given.clones else ():
        sets[one.name.partition(":")[0]].append(one)
    for tag in ("zh-Hans", "bo") if given.lines else ():
        sets[f"news {tag}"] = [*joined_lines(given.lines, tag, second_half=given.half == "second")]
    sets = defaultdict(list, {name: documents for name, documents in sets.items() if given.only in name})
    print(
        "set                      noise        docs  pairs   certain: prec. recall wrong part   doubtful: right wrong   s/1000"
    )
    total: Counter[tuple[str, str]] = Counter()
    for name, documents in sets.items():
        notes = [p for one in documents for p in one.document.target if 20 < len(p.text) < 200]
        for label, chosen in (
            ("clean", documents),
            *(("noisy", [noisy(one, notes, str(seed)) for one in documents]) for seed in range(given.seeds)),
        ):
            counts = _measured(chosen)
            _line(name, label, len(chosen), counts)
            total.update({(label, key): value for key, value in counts.items()})
        for label, chosen in (("clean", documents), ("noisy", [noisy(one, notes, "0") for one in documents])):
            _line(name, f"{label} alone", len(chosen), _measured(chosen, alone=True))
        if name.startswith("news"):
            _cuts(name, documents, [noisy(one, notes, "0") for one in documents])
        machines = [(f"simulated {share}", simulated(documents, share)) for share in given.simulated]
        if given.engine:
            machines.append((given.engine, drafted(documents, given.engine, given.project)))
        for machine, drafts in machines:
            print(f"{name}, drafts of {machine}: chrF2 {_likeness(documents, drafts):.3f}")
            for label, chosen in (
                ("clean", documents),
                *(("noisy", [noisy(one, notes, str(seed)) for one in documents]) for seed in range(given.seeds)),
            ):
                counts = _measured([_with_drafts(one, drafts) for one in chosen])
                _line(name, f"{label} {machine[:6]}", len(chosen), counts)
    for label in ("clean", "noisy"):
        _line("all", label, 0, Counter({key: value for (kind, key), value in total.items() if kind == label}))
    if given.po4a:
        for label in ("clean", "noisy"):
            counts = Counter[str]()
            for documents in sets.values():
                notes = [p for one in documents for p in one.document.target if 20 < len(p.text) < 200]
                for one in documents:
                    _gettextize(one if label == "clean" else noisy(one, notes, "0"), counts)
            print(f"po4a-gettextize, {label}: takes {counts['taken']} of {counts['all']} documents,", end=" ")
            print(f"{counts['right']} pairs right, {counts['wrong']} wrong, of {counts['pairs']}")
    if given.sample:
        _sample(given.sample, [one for documents in sets.values() for one in documents])


def _measured(documents: Sequence[Known], alone: bool = False) -> Counter[str]:
    """Counts over these documents."""
    counts: Counter[str] = Counter()
    begin = process_time()
    found: list[Aligned] = []
    for group in [[one] for one in documents] if alone else [documents]:
        found += align([one.document for one in group], "en", group[0].language)
    counts["µs"] = int((process_time() - begin) * 1e6)
    for one, aligned in zip(documents, found, strict=True):
        counts["source"] += len(one.document.source)
        counts["pairs"] += len(one.counted)
        for link in aligned.links:
            sources = frozenset(range(link.source, link.source + link.sources))
            targets = frozenset(range(link.target, link.target + link.targets))
            kind = "certain" if link.certain else "doubtful"
            if (sources, targets) in one.truth:
                counts[f"{kind} right"] += 1
                counts[f"{kind} found"] += len(sources) == len(targets) == 1 and (*sources, *targets) in one.counted
            elif not (sources <= one.unknown[0] and targets & one.unknown[1]):
                near = any(sources & s and targets & t for s, t in one.truth)
                counts[f"{kind} part" if near else f"{kind} wrong"] += 1
    return counts


def _cuts(name: str, originals: Sequence[Known], documents: Sequence[Known]) -> None:
    """Where translations of two joined paragraphs are cut."""
    tag = documents[0].language
    read = [one.document for one in documents]
    done = align(read, "en", tag)
    aligner = Aligner(LanguagePair("en", tag), lambda: certain_pairs(read, done))
    counts: Counter[str] = Counter()
    for original, one, aligned in zip(originals, documents, done, strict=True):
        for link in aligned.links:
            joined = frozenset((link.source, link.source + 1)), frozenset((link.target,))
            if link.sources != 2 or joined not in one.truth:
                continue
            whole = one.document.target[link.target].text
            first = next(p.text for p in original.document.target if whole.startswith(p.text) and p.text != whole)
            own = [sentence_texts(one.document.source[link.source + n].text, "en", "plain") for n in (0, 1)]
            spans = target_spans(whole, tag, "plain")
            groups = aligner.groups([*own[0], *own[1]], [whole[start:end] for start, end in spans])
            place = border(groups, len(own[0]))
            right = (
                place is not None and not whole[len(first) : spans[place][0]].strip() and spans[place][0] >= len(first)
            )
            counts["whole" if place is None else "right" if right else "wrong"] += 1
    print(f"{name:24} cuts: {counts['right']} right, {counts['wrong']} wrong, {counts['whole']} left whole")


def _with_drafts(known: Known, drafts: Mapping[str, str]) -> Known:
    document = known.document
    return replace(
        known, document=replace(document, drafts=[drafts.get(passage.text, "") for passage in document.source])
    )


def _likeness(documents: Sequence[Known], drafts: Mapping[str, str]) -> float:
    """Mean chrF2 of the drafts with the published translations."""
    said = [
        chrf(drafts.get(one.document.source[i].text, ""), one.document.target[j].text)
        for one in documents
        for i, j in sorted(one.counted)
    ]
    return sum(said) / max(len(said), 1)


def simulated(documents: Sequence[Known], share: float) -> dict[str, str]:
    """Drafts of a machine that is made up: of each published translation runs of 1 to 6 characters, this share of them as they
    are, for the others runs of other translations."""
    chance = random.Random(23)
    other = "".join(passage.text for one in documents for passage in one.document.target)
    drafts = {}
    for one in documents:
        for i, j in sorted(one.counted):
            text, at, pieces = one.document.target[j].text, 0, []
            while at < len(text):
                size = chance.randint(1, 6)
                place = chance.randrange(len(other))
                pieces.append(text[at : at + size] if chance.random() < share else other[place : place + size])
                at += size
            drafts[one.document.source[i].text] = "".join(pieces)
    return drafts


def drafted(documents: Sequence[Known], spec: str, project: Path) -> Mapping[str, str]:
    """What an engine makes of each source passage."""
    texts = dict.fromkeys(passage.text for one in documents for passage in one.document.source)
    units = tuple(Unit(text) for text in texts)
    with Context.at(project) as context:
        return drafts_of(context, [Catalog("en", documents[0].language, units)], spec)[0]


def _line(name: str, label: str, documents: int, counts: Counter[str]) -> None:
    right, wrong, part = (counts[f"certain {kind}"] for kind in ("right", "wrong", "part"))
    other = counts["doubtful right"], counts["doubtful wrong"] + counts["doubtful part"]
    precision, recall = right / max(right + wrong + part, 1), counts["certain found"] / max(counts["pairs"], 1)
    seconds = counts["µs"] / 1e3 / max(counts["source"], 1)
    print(
        f"{name:24} {label:12}{documents:5}{counts['pairs']:7}            {precision:.4f}  {recall:.4f}{wrong:5}{part:5}"
        f"{other[0]:17}{other[1]:6}{seconds:9.2f}"
    )


def _gettextize(one: Known, counts: Counter[str]) -> None:
    """A document and its translation by po4a-gettextize, which stops where the types of their paragraphs differ."""
    counts["all"] += 1
    counts["pairs"] += len(one.counted)
    with tempfile.TemporaryDirectory() as folder:
        for name, side in (("en.md", one.document.source), ("xx.md", one.document.target)):
            text = "\n\n".join(_paragraph(number, passage) for number, passage in enumerate(side))
            Path(folder, name).write_text(text + "\n", encoding="utf-8")
        command = ["po4a-gettextize", "-f", "text", "-o", "markdown", "-m", "en.md", "-M", "UTF-8", "-l", "xx.md"]
        done = subprocess.run([*command, "-L", "UTF-8", "-p", "x.po"], cwd=folder, capture_output=True, check=False)
        made = Path(folder, "x.po")
        if done.returncode or not made.is_file():
            return
        counts["taken"] += 1
        for entry in polib.pofile(str(made)):
            numbers = [_NUMBERED.match(text) for text in (entry.msgid, entry.msgstr)]
            if numbers[0] and numbers[1]:
                pair = int(numbers[0][1]), int(numbers[1][1])
                counts["right" if pair in one.counted else "wrong"] += 1


_NUMBERED = re.compile(r"P(\d+) ")


def _paragraph(number: int, passage: Passage) -> str:
    """A paragraph with its number, so that a pair can be judged."""
    words = re.sub(r"[^\w ]", "", " ".join(passage.text.split()))
    return f"{'# ' if passage.type == 'heading' else ''}P{number} {words}"


def _sample(path: Path, documents: Sequence[Known]) -> None:
    """200 certain pairs by chance, with their texts: to be read; what is kept of it are the places and the verdicts."""
    pairs: list[tuple[str, int, int, str, str]] = []
    groups: defaultdict[str, list[Known]] = defaultdict(list)
    for one in documents:
        groups[one.name.partition(":")[0] + one.language].append(one)
    for group in groups.values():
        for one, aligned in zip(group, align([one.document for one in group], "en", group[0].language), strict=True):
            for link in aligned.links:
                if link.certain and one.document.source[link.source].text != one.document.target[link.target].text:
                    texts = (
                        _text(one.document.source, link.source, link.sources),
                        _text(one.document.target, link.target, link.targets),
                    )
                    pairs.append((one.name, link.source, link.target, *texts))
    chosen = sorted(random.Random(23).sample(pairs, 200))
    path.write_text("".join("\t".join(map(str, pair)) + "\n" for pair in chosen), encoding="utf-8")


def _text(passages: Sequence[Passage], start: int, count: int) -> str:
    return " / ".join(" ".join(one.text.split()) for one in passages[start : start + count])


if __name__ == "__main__":
    main()
