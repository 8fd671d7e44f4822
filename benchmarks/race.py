"""Saves of an editor while commands write the same catalog: how many are lost?

    python -m benchmarks.race [--entries 300 6000 20000] [--saves 500 200 50] [--force MILLISECONDS]

An editor reads the catalog, changes one msgstr and saves it: by a rename, in place, or in place through a handle that it
opened a while before. All that time `lokta translate` (the article grows) and `lokta review --sign` run, each in a process.
A write through a handle of a file that was replaced is looked for until the end of the command; what comes after it (`late`)
is not promised. `--force` holds every command for so long before each call that renames (strace), so that saves do fall between the last
look at the file and its replacement. Counted: translations that are not in the
catalog at the end, living or obsolete.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

KINDS = ("rename", "in place", "old handle")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, nargs="+", default=[300, 6000, 20000])
    parser.add_argument("--saves", type=int, nargs="+", default=[500, 200, 50])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    parser.add_argument("--force", type=int, default=0, metavar="MILLISECONDS")
    given = parser.parse_args()
    if given.force and not shutil.which("strace"):
        sys.exit("strace is not installed")
    print(f"{'entries':>8} {'editor':>12} {'saves':>6} {'meanwhile':>10} {'lost':>5} {'late':>5} {'commands':>9}")
    lost = 0
    for entries, saves in zip(given.entries, given.saves, strict=True):
        for kind in given.kinds:
            with tempfile.TemporaryDirectory() as name:
                race = Race(Path(name), entries, kind, given.force)
                race.run(saves)
                gone = race.lost()
                late = gone & race.after
                lost += len(gone - late)
                print(
                    f"{entries:8} {kind:>12} {saves:6} {saves - len(race.after):10} {len(gone - late):5} {len(late):5}"
                    f" {race.commands:9}" + (f"  exit codes {dict(race.codes)}" if set(race.codes) != {0} else ""),
                    flush=True,
                )
    sys.exit(1 if lost else 0)


class Race:
    """One article, its catalog, an editor and the commands."""

    def __init__(self, folder: Path, entries: int, kind: str, force: int) -> None:
        self.folder = folder
        self.kind = kind
        self.entries = entries
        self.force = force
        self.random = random.Random(entries)
        self.commands = 0
        self.codes: Counter[int] = Counter()
        self.after: set[str] = set()
        """Words whose save ended after the command."""
        self.words: dict[int, str] = {}
        self.article = folder / "a.txt"
        self.catalog = folder / "locales" / "bo" / "LC_MESSAGES" / "a.po"
        self.article.write_text("Title\n\n" + "".join(f"Paragraph {i} of the river.\n\n" for i in range(entries)))
        self.environment = {**os.environ, "LOKTA_CACHE": str(folder / "cache"), "LOKTA_MODELS": str(folder / "models")}
        self.start().wait()

    def start(self) -> subprocess.Popen[bytes]:
        """The next command."""
        self.commands += 1
        if self.commands % 2:
            with self.article.open("a") as file:
                file.write(f"Another paragraph, number {self.commands}.\n\n")
            arguments = ["translate", "a.txt", "--to", "bo", "--engine", "pseudo"]
        else:
            arguments = ["review", "--sign", str(self.catalog)]
        held = f"--inject=rename,renameat,renameat2,link,linkat:delay_enter={self.force * 1000}"
        strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=none", held] if self.force else []
        lokta = [sys.executable, "-m", "toolkit", *arguments]
        return subprocess.Popen(
            [*strace, *lokta],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def run(self, saves: int) -> None:
        """Save so many times, at chance moments, while one command after the other runs."""
        command = self.start()
        while len(self.words) < min(saves, self.entries):
            time.sleep(self.random.uniform(0.0, 0.3))
            running = command.poll() is None
            word = self.save() if running else ""
            if word and command.poll() is not None:
                self.after.add(word)
            if not running:
                self.codes[command.returncode] += 1
                command = self.start()
        self.codes[command.wait()] += 1

    def save(self) -> str:
        """Change one translation in the catalog as it is now; the new words, empty where the file could not be read."""
        number = self.random.choice([n for n in range(self.entries) if n not in self.words])
        handle = self.catalog.open("r+b") if self.kind == "old handle" else None
        data = handle.read() if handle else self.catalog.read_bytes()
        word = f"HUMAN-{number}-WORDS"
        new = edited(data.decode(errors="replace"), number, word)
        if new is None:
            return ""
        self.words[number] = word
        raw = new.encode()
        if self.kind == "rename":
            beside = self.catalog.with_name("editor~")
            beside.write_bytes(raw)
            os.replace(beside, self.catalog)
            return word
        if handle is None:
            handle = self.catalog.open("r+b")
        else:
            time.sleep(self.random.uniform(0.0, 0.1))
        with handle:
            handle.seek(0)
            handle.write(raw)
            handle.truncate()
        return word

    def lost(self) -> set[str]:
        """Words that are not in the catalog."""
        text = self.catalog.read_text(encoding="utf-8")
        return {word for word in self.words.values() if word not in text}


def edited(text: str, number: int, word: str) -> str | None:
    """The catalog with other words for one paragraph, approved as Poedit does it: no longer fuzzy."""
    msgid = f'msgid "Paragraph {number} of the river."\n'
    at = text.find(msgid)
    found = re.compile(r'msgstr (".*"\n)+').match(text, at + len(msgid)) if at >= 0 else None
    if not found:
        return None
    head = text.rfind("\n\n", 0, at)
    entry = text[head:at].replace("#, fuzzy\n", "")
    return f'{text[:head]}{entry}{msgid}msgstr "{word}"\n{text[found.end() :]}'


if __name__ == "__main__":
    main()
