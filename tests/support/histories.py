"""Random histories of a project: articles change, machines draft, people edit, sign and pass catalogs through their tools.

    History(folder, seed).run(steps)

Whatever happens, every word, remark and signature of a person that nobody changed since is in a catalog, and a signature
stands under no words but those that were signed.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

import polib
from babel.messages.pofile import read_po, write_po

from tests.support.gettext import tool
from tests.support.projects import translate
from toolkit import catalog as catalogs
from toolkit import files
from toolkit.errors import LoktaError
from toolkit.pipeline.build import Choice, build, translated
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.translation.options import Options
from toolkit.units import Catalog, State, Unit

_SUBJECTS = ["river", "school", "bridge", "market", "train", "doctor", "harvest", "museum", "council", "festival"]


class History:
    """A project, and what people did to it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.number = 0
        self.words: dict[str, str] = {}
        """A person's words that must be somewhere -> the msgid that they were written for."""
        self.remarks: set[str] = set()
        self.signed: dict[str, set[str]] = {}
        """Words -> who signed them, each in another catalog."""
        self.log: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lokta.toml").write_text('source_language = "en"\narticles = "articles"\n[target.bo]\n')
        (folder / "articles").mkdir()
        for name in ("a", "b"):
            self._write(name, [self._sentence() for _ in range(6)])
        self._translate()

    def run(self, steps: int) -> None:
        """So many events, with a look at all catalogs after each; AssertionError with the history where anything is lost."""
        acts: dict[Callable[[], None], int] = {
            self._edit_article: 4,
            self._swap: 1,
            self._rename: 1,
            self._delete: 1,
            self._translate: 5,
            self._redraft: 2,
            self._person: 6,
            self._person_in_between: 4,
            self._remark: 3,
            self._sign: 3,
            self._build: 1,
            self._tool: 3,
        }
        for _ in range(steps):
            act = self.random.choices(list(acts), list(acts.values()))[0]
            self.log.append(act.__name__)
            with contextlib.suppress(LoktaError):
                act()
            self.check()

    def check(self) -> None:
        """Nothing is lost, no signature moved."""
        held = [unit for path in self._catalogs() for unit in catalogs.read_catalog(path).units]
        targets = {unit.target for unit in held}
        remarks = {word for unit in held for comment in unit.comments for word in comment.split()}
        said = f"after {' '.join(self.log)} in {self.folder}"
        assert not (lost := self.words.keys() - targets), f"lost words {lost} {said}"
        assert not (lost := self.remarks - remarks), f"lost remarks {lost} {said}"
        for unit in held:
            line = unit.line("reviewed")
            if line is not None and unit.state is State.REVIEWED and not unit.obsolete and unit.target in self.words:
                assert line.get("by") in self.signed.get(unit.target, ()), f"moved signature {unit} {said}"
        names = {(unit.target, line.get("by")) for unit in held if (line := unit.line("reviewed"))}
        for words, name in ((words, name) for words, all_names in self.signed.items() for name in all_names):
            assert words not in self.words or (words, name) in names, f"lost signature of {words!r} {said}"

    def _catalogs(self) -> list[Path]:
        return sorted((self.folder / "locales").rglob("*.po"))

    def _articles(self) -> list[Path]:
        return sorted((self.folder / "articles").glob("*.txt"))

    def _sentence(self) -> str:
        self.number += 1
        subject = self.random.choice(_SUBJECTS)
        return f"The {subject} number {self.number} was in the news of the day, {self.random.choice(_SUBJECTS)} or not."

    def _write(self, name: str, paragraphs: list[str]) -> None:
        (self.folder / "articles" / f"{name}.txt").write_text("\n\n".join(paragraphs) + "\n")

    def _paragraphs(self, path: Path) -> list[str]:
        return path.read_text().strip().split("\n\n")

    def _edit_article(self) -> None:
        path = self.random.choice(self._articles())
        texts = self._paragraphs(path)
        at = self.random.randrange(len(texts))
        match self.random.randrange(4):
            case 0:
                texts.insert(at, self._sentence())
            case 1 if len(texts) > 2:
                del texts[at]
            case 2:
                texts[at] = texts[at].replace(" news ", " headlines ", 1) + " It went on."
            case _:
                texts[at] = texts[at].replace(",", " -", 1)
        self._write(path.stem, texts)

    def _swap(self) -> None:
        path = self.random.choice(self._articles())
        texts = self._paragraphs(path)
        self.random.shuffle(texts)
        self._write(path.stem, texts)

    def _rename(self) -> None:
        path = self.random.choice(self._articles())
        self.number += 1
        path.rename(path.with_name(f"{path.stem[0]}{self.number}.txt"))

    def _delete(self) -> None:
        if len(found := self._articles()) > 1:
            self.random.choice(found).unlink()
            self._write(f"n{self.number}", [self._sentence() for _ in range(4)])

    def _translate(self) -> None:
        translate(self.folder, "bo", names=tuple(f"articles/{path.name}" for path in self._articles()))

    def _redraft(self) -> None:
        names = tuple(f"articles/{path.name}" for path in self._articles())
        translate(self.folder, "bo", names=names, options=Options(redraft=True))

    def _person(self) -> None:
        """Words for one entry, by an editor that saves the file; approved or left fuzzy, a draft or somebody's words before."""
        path = self.random.choice(self._catalogs())
        catalog = catalogs.read_catalog(path)
        live = list(catalog.live)
        if not live:
            return
        chosen = self.random.choice(live)
        self.number += 1
        words = f"མི་{self.number}"
        self._change(
            path, catalog, chosen, replace(chosen.flagged("fuzzy", on=self.random.random() < 0.3), target=words)
        )
        self.words.pop(chosen.target, None)
        self.signed.pop(chosen.target, None)
        self.words[words] = chosen.source

    def _person_in_between(self) -> None:
        """The same while a command is about to replace the catalog, after its last look."""
        waiting = [self._person]

        def late(real: Callable[[files.Folder, str, str], None]) -> Callable[[files.Folder, str, str], None]:
            def call(folder: files.Folder, one: str, other: str) -> None:
                if waiting and other.endswith(".po"):
                    waiting.pop()()
                real(folder, one, other)

            return call

        with contextlib.ExitStack() as stack:
            for name in ("exchange", "rename"):
                stack.enter_context(mock.patch.object(files.Folder, name, late(getattr(files.Folder, name))))
            self._edit_article()
            self._translate()

    def _remark(self) -> None:
        path = self.random.choice(self._catalogs())
        catalog = catalogs.read_catalog(path)
        if live := list(catalog.live):
            chosen = self.random.choice(live)
            self.number += 1
            remark = f"REMARK-{self.number}"
            self._change(path, catalog, chosen, replace(chosen, comments=(*chosen.comments, remark)))
            self.remarks.add(remark)

    def _sign(self) -> None:
        self.number += 1
        name = f"Reviewer-{self.number} of the Tibetan desk"
        settings = self.folder / "lokta.toml"
        lines = [line for line in settings.read_text().splitlines() if not line.startswith("reviewer")]
        settings.write_text("\n".join([f'reviewer = "{name}"', *lines]) + "\n")
        path = self.random.choice(self._catalogs())
        before = {unit.key: unit for unit in catalogs.read_catalog(path).live}
        with Context.at(self.folder) as context:
            ReviewService(context).sign(path)
        for unit in catalogs.read_catalog(path).live:
            line = unit.line("reviewed")
            if line is not None and line.get("by") == name and unit.target in self.words:
                assert before[unit.key].state is not State.REVIEWED, f"{unit.target} was signed: {before[unit.key]}"
                self.signed.setdefault(unit.target, set()).add(name)

    def _build(self) -> None:
        with Context.at(self.folder) as context:
            build(context, translated(context), (), Choice(("native", "mo")))

    def _tool(self) -> None:
        path = self.random.choice(self._catalogs())
        text = path.read_text(encoding="utf-8")
        name = self.random.choice(["polib", "babel", *(["msgcat", "msgattrib"] if shutil.which("msgcat") else [])])
        width = self.random.choice([60, 76, 78])
        self.log.append(f"({name} {width})")
        if name == "polib":
            new = str(polib.pofile(text, wrapwidth=width)) + "\n"
        elif name == "babel":
            out = io.BytesIO()
            write_po(out, read_po(io.BytesIO(text.encode()), abort_invalid=True), width=width, include_previous=True)
            new = out.getvalue().decode()
        else:
            new = tool([name, "-w", str(width)], text).decode()
        self._save(path, new)

    def _change(self, path: Path, catalog: Catalog, old: Unit, new: Unit) -> None:
        units = tuple(new if unit is old else unit for unit in catalog.units)
        self._save(path, catalogs.dump(replace(catalog, units=units)))

    def _save(self, path: Path, text: str) -> None:
        """As editors do it: by a rename, or in place."""
        if self.random.random() < 0.5:
            path.write_text(text, encoding="utf-8")
            return
        beside = path.with_name("editor~")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, path)


def histories(folder: Path, seeds: range, steps: int) -> Iterator[int]:
    """Run histories one after the other; the seeds that are done."""
    for seed in seeds:
        History(folder / str(seed), seed).run(steps)
        shutil.rmtree(folder / str(seed))
        yield seed
