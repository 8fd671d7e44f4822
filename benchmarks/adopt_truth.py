"""Documents published in two languages whose paragraphs are known to belong together, and the noise of real translations.

Nothing of the texts is part of this project: `data/adopt.tsv` names repositories, commits and paths, which are read from clones
in a folder (`OWNER+NAME`, a work tree or a bare one, or with one in it as `repo`). How the truth is known:

anchors   headings of both documents carry the same ids, and the sections between them have blocks of the same types
po        a PO file from which the translated pages are made
lines     files with a sentence a line, joined to paragraphs of 1 to 4 (NTREX-128, which is not in a repository of ours)
"""

from __future__ import annotations

import csv
import random
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import polib

from toolkit import article as articles
from toolkit.alignment.blocks import of_text, passage
from toolkit.alignment.documents import Document
from toolkit.alignment.traits import Passage
from toolkit.units import Block

LIST = Path(__file__).parent / "data" / "adopt.tsv"
_ANCHOR = re.compile(r"^#{1,6} .*\{(?:#|/\*)([\w.-]+)(?:\*/)?\}\s*$")
_MARK = re.compile(r"(?<=[。！？；])(?=.)|(?<=[.!?]) (?=\S)|(?<=། )(?=\S)|(?<=།)(?=[^།\s])")


@dataclass(frozen=True)
class Known:
    """A document, its translation, and which passages belong together."""

    name: str
    language: str
    document: Document
    truth: frozenset[tuple[frozenset[int], frozenset[int]]]
    """Source passages and target passages that belong together."""
    counted: frozenset[tuple[int, int]]
    """The pairs of one source and one target passage that are to be found."""
    unknown: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    """Source and target passages of which nobody can tell where they belong."""
    texts: tuple[str, str] = ("", "")
    """The two files, where they are files."""


def anchored(name: str, texts: tuple[str, str], file: str, language: str) -> Known | None:
    """The truth of two documents with the same anchors; None where too little of it is known."""
    form = articles.format_of(file)
    sides = [_sections(text, [b for b in articles.read(text, form, file=file).blocks if b.translate]) for text in texts]
    if list(sides[0]) != list(sides[1]):
        return None
    passages: tuple[list[Passage], list[Passage]] = ([], [])
    pairs = []
    for key in sides[0]:
        ours, theirs = sides[0][key], sides[1][key]
        if [block.type for block in ours] == [block.type for block in theirs]:
            at = len(passages[0]), len(passages[1])
            pairs += [(at[0] + k, at[1] + k) for k in range(len(ours))]
        for side, blocks in zip(passages, (ours, theirs), strict=True):
            side += [passage(block, form.markup) for block in blocks]
    own = sum(passages[0][i].text == passages[1][j].text for i, j in pairs)
    if len(pairs) < 12 or len(pairs) < 0.9 * len(passages[0]) or own > 0.1 * len(pairs):  # or not translated yet
        return None
    return _known(name, language, passages, pairs, texts)


def _known(
    name: str,
    language: str,
    passages: tuple[list[Passage], list[Passage]],
    pairs: Sequence[tuple[int, int]],
    texts: tuple[str, str] = ("", ""),
) -> Known:
    truth = frozenset((frozenset({i}), frozenset({j})) for i, j in pairs)
    sides = (frozenset(i for i, _ in pairs), frozenset(j for _, j in pairs))
    unknown = tuple(frozenset(range(len(side))) - known for side, known in zip(passages, sides, strict=True))
    return Known(name, language, Document(*passages), truth, frozenset(pairs), (unknown[0], unknown[1]), texts)


def _sections(text: str, blocks: Sequence[Block]) -> dict[str, list[Block]]:
    """The blocks by the anchor of the heading above them."""
    anchors = {
        number: found[1] for number, line in enumerate(text.split("\n"), 1) if (found := _ANCHOR.match(line.rstrip()))
    }
    sections: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        above = max((number for number in anchors if number <= block.location.line), default=0)
        sections[f"{above and anchors[above]}"].append(block)
    return dict(sections)


def shown(clones: Path, repository: str, commit: str, path: str) -> str:
    """A file of a repository at a commit."""
    folder = clones / repository.replace("/", "+")
    git = next((one for one in (folder / "repo", folder / ".git", folder) if (one / "HEAD").is_file()), folder)
    asked = ["git", "--git-dir", str(git), "show", f"{commit}:{path}"]
    return subprocess.run(asked, capture_output=True, check=True).stdout.decode()


def listed(clones: Path, use: str) -> Iterator[Known]:
    """The documents of the list that are for this use: `fit` or `test`."""
    with LIST.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["use"] != use or not (clones / row["repository"].replace("/", "+")).exists():
                continue
            source = shown(clones, row["repository"], row["commit"], row["path"])
            if row["truth"] == "po":
                yield from _pages(row["repository"], source, row["language"])
                continue
            target = shown(clones, row["in"], row["in commit"], row["in path"])
            found = anchored(f"{row['repository']}:{row['path']}", (source, target), row["path"], row["language"])
            if found is not None:
                yield found


def _pages(name: str, text: str, language: str) -> Iterator[Known]:
    """The pages of a PO file, by the files that its entries name."""
    pages: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for entry in polib.pofile(text):
        if entry.msgid and entry.msgstr and not entry.fuzzy and not entry.obsolete and "```" not in entry.msgid:
            for file, _ in entry.occurrences:
                pages[file].append((entry.msgid, entry.msgstr))
    for file, pairs in sorted(pages.items()):
        if 12 <= len(pairs) <= 120:
            sides = tuple([of_text(pair[side], "markdown", "paragraph") for pair in pairs] for side in (0, 1))
            yield _known(f"{name}:{file}", language, (sides[0], sides[1]), [(i, i) for i in range(len(pairs))])


def joined_lines(folder: Path, language: str, second_half: bool) -> Iterator[Known]:
    """News: lines of NTREX-128 as paragraphs of 1 to 4, documents of 30 paragraphs."""
    suffix = {"zh-Hans": "zh"}.get(language, language)
    sides = [folder.joinpath(f"ntrex128.{one}").read_text("utf-8").strip().split("\n") for one in ("en", suffix)]
    half = len(sides[0]) // 2
    lines = list(zip(*sides, strict=True))[half:] if second_half else list(zip(*sides, strict=True))[:half]
    chance = random.Random(7)
    paragraphs: list[tuple[str, str]] = []
    while lines:
        here, lines = lines[: (size := chance.choice((1, 1, 2, 2, 3, 4)))], lines[size:]
        paragraphs.append(
            (" ".join(one for one, _ in here), ("" if language != "bo" else " ").join(o for _, o in here))
        )
    for at in range(0, len(paragraphs) - 29, 30):
        chosen = paragraphs[at : at + 30]
        passages = tuple([Passage(pair[side], "paragraph") for pair in chosen] for side in (0, 1))
        yield _known(f"news:{language}:{at}", language, (passages[0], passages[1]), [(i, i) for i in range(30)])


@cache
def _chance(name: str) -> random.Random:
    return random.Random(name)


def noisy(known: Known, notes: Sequence[Passage], seed: str = "") -> Known:
    """The document with 10 % of the target and 4 % of the source passages dropped, 4 % of the target merged, 4 % split at a
    mark, 1.7 % moved by 3 to 6 places, and 3 % foreign passages as a translator's notes."""
    chance = random.Random(known.name + seed)
    partner = {j: i for i, j in known.counted}
    # a target passage is its parts: number of the whole one, part, number of parts
    target: list[tuple[Passage, tuple[tuple[int, int, int], ...]]] = []
    for j, one in enumerate(known.document.target):
        if chance.random() < 0.10:
            continue
        marks = [found.end() for found in _MARK.finditer(one.text)]
        if marks and chance.random() < 0.04:
            cut = chance.choice(marks)
            halves = one.text[:cut], one.text[cut:]
            codes = [frozenset(code for code in one.codes if chance.random() < 0.5) for _ in (0,)]
            target.append((replace(one, text=halves[0], codes=codes[0]), ((j, 0, 2),)))
            target.append((replace(one, text=halves[1], codes=one.codes - codes[0]), ((j, 1, 2),)))
        else:
            target.append((one, ((j, 0, 1),)))
    merged: list[tuple[Passage, tuple[tuple[int, int, int], ...]]] = []
    for one, parts in target:
        if merged and merged[-1][0].type == one.type == "paragraph" and chance.random() < 0.04:
            before, held = merged.pop()
            merged.append((replace(one, text=before.text + one.text, codes=before.codes | one.codes), held + parts))
        else:
            merged.append((one, parts))
    for at in range(len(merged)):
        if chance.random() < 0.017:
            to = max(0, min(len(merged) - 1, at + chance.choice((-1, 1)) * chance.randint(3, 6)))
            merged.insert(to, merged.pop(at))
    final: list[tuple[Passage, tuple[tuple[int, int, int], ...]]] = []
    for pair in merged:
        final.append(pair)
        if chance.random() < 0.03 and notes:
            final.append((chance.choice(notes), ()))
    kept = [i for i in range(len(known.document.source)) if chance.random() >= 0.04]
    numbered = {i: at for at, i in enumerate(kept)}
    places: defaultdict[int, list[int]] = defaultdict(list)
    whole: defaultdict[int, set[int]] = defaultdict(set)
    for at, (_, parts) in enumerate(final):
        for j, part, of in parts:
            places[j].append(at)
            whole[j].add(part) if of == 2 else whole[j].update((0, 1))
    truth, counted = set(), set()
    for _, parts in final:
        sources = {partner.get(j, -1) for j, _, _ in parts}
        if not sources or not sources <= numbered.keys():
            continue
        own = frozenset(numbered[i] for i in sources)
        targets = frozenset(place for j, _, _ in parts for place in places[j])
        if all(whole[j] == {0, 1} for j, _, _ in parts) and all(set(final[t][1]) or False for t in targets):
            beyond = {partner.get(j, -1) for t in targets for j, _, _ in final[t][1]}
            if beyond == sources:
                truth.add((own, targets))
                if len(own) == len(targets) == 1:
                    counted.add((*own, *targets))
    unknown = (
        frozenset(at for at, i in enumerate(kept) if i in known.unknown[0]),
        frozenset(at for at, (_, parts) in enumerate(final) if any(j in known.unknown[1] for j, _, _ in parts)),
    )
    document = Document([known.document.source[i] for i in kept], [one for one, _ in final])
    return replace(
        known, document=document, truth=frozenset(truth), counted=frozenset(counted), unknown=unknown, texts=("", "")
    )
