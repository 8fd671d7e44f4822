"""The project's list of terms on disk: read again when the file changes, written so that a person's save is never lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from toolkit.errors import DataError
from toolkit.files import Changed, lock, read_bytes, show, stamp, swap
from toolkit.language.chinese import HANT
from toolkit.memory.glossary import Glossary, glossary
from toolkit.memory.terms import Term, TermSheet, add, decoded, empty, parse, written
from toolkit.project.config import Config
from toolkit.translation.engines.convert import convert
from toolkit.units import LanguagePair

_TRIES = 20


class TermList:
    """The terms of a project; none where there is no file."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.path = config.terms
        self._sheet: TermSheet | None = None
        self._read_at: tuple[int, int, int] | None = None
        self._glossaries: dict[LanguagePair, Glossary] = {}

    @property
    def state(self) -> tuple[int, int, int] | None:
        """What tells the file from what it was; None: there is none."""
        return stamp(self.path)

    @property
    def sheet(self) -> TermSheet:
        """The list as it is now. Raises DataError where the file is no list."""
        now = self.state
        if self._sheet is None or now != self._read_at:
            self._sheet = _sheet(read_bytes(self.path), self.path) if now else empty(self.config.targets)
            self._read_at = now
            self._glossaries.clear()
        return self._sheet

    def checked(self) -> TermSheet:
        """The same. Raises DataError where one of its rows cannot be used, since a term would not bind without a word."""
        sheet = self.sheet
        if sheet.problems:
            more = len(sheet.problems) - 1
            others = f" (and {more} more: lokta terms check)" if more else ""
            raise DataError(f"{sheet.problems[0]}{others}")
        return sheet

    def glossary(self, pair: LanguagePair) -> Glossary:
        """The terms for a pair of languages; what cannot be used is left out, for the commands name it (`checked`)."""
        try:
            terms = self.sheet.terms
        except DataError:
            return glossary((), pair)
        if pair not in self._glossaries:
            target = self.config.targets.get(HANT)
            variant = target.variant if target is not None and target.variant else "tw"
            self._glossaries[pair] = glossary(terms, pair, partial(convert, variant=variant))
        return self._glossaries[pair]

    def add(self, terms: Sequence[Term]) -> None:
        """Append these terms to the file; what somebody saved meanwhile is kept."""
        self.change(lambda sheet: add(sheet, terms))

    def change(self, made: Callable[[TermSheet], TermSheet]) -> None:
        """Write what is made of the list as it is on disk; made again where somebody saves the file meanwhile."""
        root = self.config.root_of(self.path)
        with lock(self.path.parent, root):
            for _ in range(_TRIES):
                old = read_bytes(self.path) if self.path.is_file() else None
                sheet = empty(self.config.targets) if old is None else _sheet(old, self.path)
                new = written(made(sheet)).encode()
                if new == old:
                    return
                try:
                    displaced = swap(self.path, old, new, root)
                except Changed:
                    continue
                if displaced is not None:
                    displaced.close()
                return
        raise DataError(f"{show(self.path)}: another program saves it again and again; close it and try again")


def _sheet(data: bytes, path: Path) -> TermSheet:
    return parse(decoded(data, show(path)), show(path))
