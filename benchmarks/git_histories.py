"""Two branches of a catalog meet in real git, 50 made histories by default: approvals lost and wrong joins, with the merge driver
and with git alone.

python -m benchmarks.git_histories [--histories 50] [--rounds 2] [--seed 0]

An approval is lost where a pair that a person signed on either branch stands nowhere in the outcome with that signature. A
wrong join is an entry that is not fuzzy and whose msgstr never stood under its msgid on any side, its typography aside (a merge
keeps the approval of a paragraph in which only blanks, quotes or dashes changed). `-X ours` and `-X theirs` are
git alone with its conflicts decided for one side; without, a conflict leaves marks, and the file is no catalog any more;
`merge=union` is git's own driver that keeps the lines of both sides. What is no catalog any more is not judged further.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit.catalog import approve, header, merge
from toolkit.errors import CatalogError
from toolkit.pipeline.git import install
from toolkit.project.config import load
from toolkit.units import Catalog, ProvenanceLine, State, Unit, fold, text_hash

_SUBJECTS = ["river", "school", "bridge", "market", "train", "doctor", "harvest", "museum", "council", "festival"]
_VERBS = ["opened", "closed", "was seen", "was mended", "grew", "was sold"]
_WAYS = {
    "lokta": (),
    "git alone": (),
    "git -X ours": ("-X", "ours"),
    "git -X theirs": ("-X", "theirs"),
    "git merge=union": (),
}


class Made:
    """The branches of one catalog, made by chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0
        self.folds = seed % 2 == 1 and shutil.which("msgcat") is not None
        self.head = header.new("news/a", "en", "plain", "bo")

    def first(self) -> Catalog:
        """A drafted catalog of a new article, some of it approved."""
        texts = [self._paragraph() for _ in range(self.random.randint(5, 9))]
        return self._reviewed(self._drafted(self._merged(Catalog("en", "bo"), texts)), "Dolma", 0.3)

    def branch(self, base: Catalog, kind: str, person: str) -> Catalog:
        """The catalog after somebody worked on a branch: `article`, `review`, `draft`, in any combination."""
        now = base
        if "review" in kind and self.random.random() < 0.5:
            now = self._reviewed(now, person, 0.4)
        if "article" in kind:
            now = self._drafted(self._merged(now, self._edited([unit.source for unit in now.live])))
        if "draft" in kind:
            now = self._drafted(now, again=True)
        if "review" in kind:
            now = self._reviewed(now, person, 0.5)
        # half of the saves leave the date alone, as some editors do, so that git alone has merges without a conflict
        day = self.random.randint(10, 27)
        date = {"PO-Revision-Date": f"2026-11-{day} 10:00+0000"} if day % 2 else {}
        fields = {**now.metadata, **date}
        return self.saved(replace(now, metadata=fields))

    def saved(self, catalog: Catalog) -> Catalog:
        """As the editor of this history writes it: in half of them long texts are folded, as Poedit and msgcat do."""
        text = catalogs.dump(catalog)
        if self.folds:
            done = subprocess.run(["msgcat", "-w", "50", "-"], input=text.encode(), capture_output=True, check=True)
            text = done.stdout.decode()
        return catalogs.load(text)

    def _paragraph(self) -> str:
        self.number += 1
        choose = self.random.choice
        said = [f"The {choose(_SUBJECTS)} {choose(_VERBS)} near the {choose(_SUBJECTS)}." for _ in range(2)]
        return f"Number {self.number}: {' '.join(said)}"

    def _edited(self, texts: list[str]) -> list[str]:
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(texts))
            match self.random.randrange(5):
                case 0:
                    texts.insert(at, self._paragraph())
                case 1 if len(texts) > 3:
                    del texts[at]
                case 2:
                    texts[at] = texts[at].replace(" near ", " behind ", 1) + " It went on."
                case 3:
                    texts[at] = texts[at].replace("Number", "Number ", 1)
                case _:
                    texts.insert(at, texts.pop())
        return list(dict.fromkeys(texts))

    def _merged(self, old: Catalog, texts: list[str]) -> Catalog:
        template = Catalog("en", "", tuple(map(Unit, texts)), header.new("news/a", "en", "plain"))
        merged = merge(old, template, "bo")
        return catalogs.load(catalogs.dump(replace(merged, metadata={**merged.metadata, **self.head})))

    def _drafted(self, catalog: Catalog, again: bool = False) -> Catalog:
        def drafted(unit: Unit) -> Unit:
            if unit.obsolete or not unit.machine or (unit.target and not again):
                return unit
            self.number += 1
            target = f"འདྲ་{self.number}་{self.random.randint(0, 99)}"
            line = ProvenanceLine("mt", (("engine", "argos"), ("model", "m"), ("hash", text_hash(target))))
            return unit.drafted(target, line)

        return replace(catalog, units=tuple(map(drafted, catalog.units)))

    def _reviewed(self, catalog: Catalog, person: str, share: float) -> Catalog:
        def reviewed(unit: Unit) -> Unit:
            if unit.obsolete or self.random.random() > share:
                return unit
            self.number += 1
            words = unit.target if unit.target and self.random.random() < 0.3 else f"མི་{self.number}་{person}"
            return approve(replace(unit, target=words), person, f"2026-11-{self.random.randint(10, 27)}")

        return replace(catalog, units=tuple(map(reviewed, catalog.units)))


def _signed(catalog: Catalog) -> set[tuple[str, str, str]]:
    return {
        (unit.source, unit.target, line.get("by"))
        for unit in catalog.units
        if unit.state is State.REVIEWED and (line := unit.line("reviewed"))
    }


def _judge(base: Catalog, sides: tuple[Catalog, Catalog], text: str) -> Counter[str]:
    """What became of one merge."""
    try:
        merged = catalogs.load(text)
    except CatalogError:
        return Counter({"no catalog any more": 1})
    was, ours, theirs = (_signed(one) for one in (base, *sides))
    wanted = (ours - was) | (theirs - was) | (was & ours & theirs)
    pairs = {(fold(unit.source), unit.target) for one in (base, *sides) for unit in one.units}
    settled = [unit for unit in merged.units if unit.target and not unit.fuzzy]
    wrong = [unit for unit in settled if (fold(unit.source), unit.target) not in pairs]
    lost = wanted - _signed(merged)
    return Counter({"approvals": len(wanted), "approvals lost": len(lost), "wrong joins": len(wrong), "merged": 1})


def _git(folder: Path, *arguments: str) -> int:
    named = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    return subprocess.run(["git", *named, *arguments], cwd=folder, capture_output=True, check=False).returncode


def _round(folder: Path, histories: list[Made], bases: list[Catalog], found: dict[str, Counter[str]]) -> list[Catalog]:
    """One divergence of all histories, and its merges; what the driver made of them."""
    sides: list[tuple[Catalog, Catalog]] = []
    for made, base in zip(histories, bases, strict=True):
        kinds = made.random.choice(
            [
                ("article", "review"),
                ("review", "review"),
                ("article draft", "review"),
                ("article review", "article review"),
            ]
        )
        one = made.branch(base, kinds[0], "Tashi")
        sides.append((one, made.branch(base, kinds[1], "Pema")))
    paths = [folder / f"locales/bo/LC_MESSAGES/{number}.po" for number in range(len(bases))]
    for path, base in zip(paths, bases, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(catalogs.dump(base), encoding="utf-8")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "base")
    _git(folder, "tag", "-f", "base")
    for at, branch in enumerate(("ours", "theirs")):
        _git(folder, "checkout", "-q", "-B", branch, "base")
        for path, pair in zip(paths, sides, strict=True):
            path.write_text(catalogs.dump(pair[at]), encoding="utf-8")
        _git(folder, "commit", "-qam", branch)
    merged: list[Catalog] = []
    for way, options in _WAYS.items():
        _git(folder, "checkout", "-qf", "-B", "merge", "ours")
        off = way != "lokta"
        if off:
            kind = "union" if way.endswith("union") else "text"
            (folder / ".git/info/attributes").write_text(f"*.po merge={kind}\n")
        _git(folder, "merge", "-q", *options, "-m", "merge", "theirs")
        texts = [path.read_text(encoding="utf-8") for path in paths]
        conflicts = subprocess.run(["git", "ls-files", "-u"], cwd=folder, capture_output=True, text=True, check=False)
        found[way]["conflicts"] += len({line.split("\t")[1] for line in conflicts.stdout.splitlines()})
        for base, pair, text in zip(bases, sides, texts, strict=True):
            found[way] += _judge(base, pair, text)
        if way == "lokta":
            merged = [catalogs.load(text) for text in texts]
        _git(folder, "merge", "--abort")
        (folder / ".git/info/attributes").unlink(missing_ok=True)
    return merged


def run(folder: Path, histories: int, rounds: int, seed: int) -> dict[str, Counter[str]]:
    """What each way of merging made of these histories, in a new repository in an empty folder."""
    found: dict[str, Counter[str]] = {way: Counter() for way in _WAYS}
    folder = folder.resolve()
    (folder / ".git/info").mkdir(parents=True)
    _git(folder, "init", "-q", "-b", "main")
    (folder / "lokta.toml").write_text("[target.bo]\n")
    install(load(folder))
    made = [Made(seed * 1000 + number) for number in range(histories)]
    bases = [one.saved(one.first()) for one in made]
    for _ in range(rounds):
        bases = _round(folder, made, bases, found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        found = run(Path(name), given.histories, given.rounds, given.seed)
    columns = ("merged", "no catalog any more", "conflicts", "approvals", "approvals lost", "wrong joins")
    print(f"{given.histories} histories, {given.rounds} merges each")
    print(f"{'':16}" + "".join(f"{column:>21}" for column in columns))
    for way, counts in found.items():
        print(f"{way:16}" + "".join(f"{counts[column]:>21}" for column in columns))


if __name__ == "__main__":
    main()
