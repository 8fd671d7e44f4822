"""What the review page asks of the catalogs, as plain JSON: it reads, acts, checks and suggests, and keeps nothing that could
not be made again."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import get_args

from toolkit.errors import DataError, LoktaError, StaleUnit, UnitGone
from toolkit.files import show, stamp
from toolkit.language import language
from toolkit.page import view
from toolkit.page.preview import Preview
from toolkit.page.view import Json
from toolkit.pipeline.review import ActName, ReviewService
from toolkit.pipeline.suggest import Asked, Held, first_draft, suggestions
from toolkit.project.context import Context
from toolkit.review import acts
from toolkit.review.findings import find
from toolkit.review.rank import weigh
from toolkit.review.states import as_drafted, conflicts
from toolkit.units import Catalog, Unit, UnitKey, text_hash

LONGEST = 100_000
"""Characters of a text that a person writes."""
_HELD = 8
"""Catalogs that are held in memory at once."""
_BATCH = 100
"""Units whose findings are looked for at once, so that an act in between waits for a moment only."""


class Unprocessable(DataError):
    """A request of the page is malformed."""


@dataclass(frozen=True)
class _Read:
    """A catalog as it was read."""

    seen: object
    """What its file was then."""
    catalog: Catalog

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """The live units by their short keys."""
        return {unit.key.short: unit for unit in self.catalog.live}

    @cached_property
    def view(self) -> Json:
        """The catalog as the page shows it."""
        return view.work(self.catalog)


@dataclass
class ReviewApi:
    """Answers the page's questions about the catalogs under review. Not safe for several threads at once."""

    context: Context
    paths: Sequence[Path]
    _read: dict[Path, _Read] = field(default_factory=dict)
    """The catalogs that were asked for last."""
    _found: dict[tuple[Path, str, object], Json] = field(default_factory=dict)
    _held: Held = field(default_factory=Held)
    _prepared: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.service = ReviewService(self.context)
        self.preview = Preview(self.context)
        self._spellings = self.context.spellings
        self._spellings.read_too(self.paths)
        self._ids: Mapping[str, Path] = {text_hash(str(path)): path for path in self.paths}

    def works(self) -> Json:
        """The catalogs, how far each is, and who reviews; those that cannot be read with the reason."""
        listed = []
        for name, path in self._ids.items():
            try:
                catalog = self._catalog(path)
            except LoktaError as error:
                listed.append({"id": name, "article": show(path), "error": str(error)})
                continue
            spoken = language(catalog.target_language)
            about = {"article": catalog.article or path.stem, "language": spoken.tag, "name": spoken.autonym}
            listed.append({"id": name, **about, "file": show(path), **view.counts(catalog)})
        return {"works": listed, "reviewer": self.service.reviewer}

    def work(self, name: str) -> Json:
        """A catalog with all its units."""
        path, _ = self._of(name)
        return self._read[path].view

    def catalog(self, name: str) -> Catalog:
        """The catalog itself, as its file is now."""
        return self._of(name)[1]

    def changes(self, name: str, rev: str) -> Json:
        """The same, if its file is another than at `rev`; else `rev` alone."""
        _, catalog = self._of(name)
        return {"rev": rev} if view.rev_of(catalog.raw) == rev else self.work(name)

    def prepare(self, name: str) -> None:
        """Find out what the checks of a catalog have to know of the project's other catalogs; may run in another thread."""
        if name in self._ids and name not in self._prepared:
            self._prepared.add(name)
            with contextlib.suppress(LoktaError):
                self._spellings.of(self.context.store.read(self._ids[name]).pair)

    def findings(self, name: str, start: int) -> Json:
        """What the checks find in the next units from a place on, the risk of each, and where to go on."""
        path, catalog = self._of(name)
        units = list(catalog.live)
        end = min(start + _BATCH, len(units))
        found = {unit.key.short: self._findings(path, catalog, unit) for unit in units[start:end]}
        return {"findings": found, "next": end if end < len(units) else None}

    def check(self, name: str, key: str, target: str) -> Json:
        """What the checks would find in a unit with this text."""
        path, catalog = self._of(name)
        unit = acts.edit(self._unit(path, key), _text({"target": target}, "target"))
        return self._findings(path, catalog, unit)

    def suggest(self, name: str, key: str) -> Json:
        """Suggestions for a unit, and what the machine drafted at first where a person changed it."""
        path, catalog = self._of(name)
        unit = self._unit(path, key)
        asked = Asked(self.context, path, catalog, unit, self._held)
        drafted = (unit.target if as_drafted(unit) else first_draft(asked)) if unit.target else ""
        return {"suggestions": [view.suggestion_view(one) for one in suggestions(asked)], "draft": drafted}

    def act(self, name: str, said: Mapping[str, object]) -> Json:
        """Do what a person asks to a unit, and write it; the unit as it is now, and the entries that it and what was set aside were.

        Raises StaleUnit where it is not as the page showed it, UnitGone, CatalogError for what cannot be done.
        """
        path, _ = self._of(name)
        what = _text(said, "act")
        act = next((one for one in get_args(ActName) if one == what), None)
        if act is None:
            raise Unprocessable(f"no such act: {what[:40]!r}")
        target = None if said.get("target") is None else _text(said, "target")
        longest = LONGEST if what != "restore" else 10 * LONGEST  # an entry holds texts, quoted
        words = _text(said, "words", longest) if "words" in said else ""
        try:
            unit = self._unit(path, _text(said, "key"))
            done = self.service.act(path, unit.key, _text(said, "etag"), act, target, words)
        except UnitGone as error:
            raise UnitGone(f"{error}{self._kept(path, said, target)}") from None
        now = self._catalog(path)
        return {
            "unit": view.unit_view(done.unit, now, conflicts(now).get(unit.key, ())),
            "previous": "".join(one.raw for one in (done.previous, *done.beside)),
            "before": view.rev_of(done.before),
            "rev": view.rev_of(done.after),
        }

    def _kept(self, path: Path, said: Mapping[str, object], target: str | None) -> str:
        """Keep the text that was written for a unit that is gone; what is said of that."""
        if not target or "source" not in said:
            return ""
        key = UnitKey(_text(said, "context"), _text(said, "source"))
        self.service.keep(path, key, _text(said, "base"), target)
        return "; what was written for it is kept in the catalog, as an obsolete entry"

    def stale(self, name: str, error: StaleUnit) -> Json:
        """A unit that somebody changed meanwhile, as it is now."""
        _, catalog = self._of(name)
        asides = conflicts(catalog).get(error.now.key, ())
        return {"message": str(error), "unit": view.unit_view(error.now, catalog, asides)}

    def page(self, name: str) -> str:
        """The web edition as `build` would make it now."""
        return self.preview.page(self.catalog(name))

    def image(self, name: str, path: str) -> tuple[bytes, str]:
        """An image of the article's folder, and its media type."""
        return self.preview.image(self.catalog(name), path)

    def _of(self, name: str) -> tuple[Path, Catalog]:
        if name not in self._ids:
            raise Unprocessable("no such catalog is under review")
        return self._ids[name], self._catalog(self._ids[name])

    def _catalog(self, path: Path) -> Catalog:
        """The catalog in a file, read again whenever the file is another."""
        seen = stamp(path)
        held = self._read.pop(path, None)
        if held is None or held.seen != seen or seen is None:
            held = _Read(seen, self.context.store.read(path))
        self._read[path] = held
        while len(self._read) > _HELD:
            del self._read[next(iter(self._read))]
        return held.catalog

    def _unit(self, path: Path, key: str) -> Unit:
        """The unit of this short key in the catalog that was read last from a file. Raises UnitGone."""
        if unit := self._read[path].units.get(key):
            return unit
        raise UnitGone("this paragraph is not in the catalog any more")

    def _findings(self, path: Path, catalog: Catalog, unit: Unit) -> Json:
        """The findings of one unit and its risk, remembered as long as it is the same."""
        name = (path, acts.seen(unit), self.context.terms.state)
        if name not in self._found:
            found = list(find(unit, catalog, self.service.checks(catalog.target_language)))
            risk = 0.0 if unit.state.approved else weigh(unit, found).risk
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[name] = {"etag": name[1], "risk": risk, "list": view.findings_view(found, unit)}
        return self._found[name]


def _text(said: Mapping[str, object], name: str, longest: int = LONGEST) -> str:
    """A text of a request. Raises Unprocessable where it is none, too long, or holds what no catalog can hold."""
    text = said.get(name)
    if not isinstance(text, str) or len(text) > longest:
        raise Unprocessable(f"{name} is missing, no text, or too long")
    with contextlib.suppress(UnicodeEncodeError):
        text.encode()
        if "\0" not in text:
            return text
    raise Unprocessable(f"{name} holds characters that cannot stand in a catalog")
