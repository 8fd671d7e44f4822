"""Suggestions for a unit under review: what the memory, other engines and other languages have for it.

Nothing is drafted: an engine is heard only as far as the draft cache has its answers. Packages add sources of their own by the
entry point `lokta.suggestions`: a function `(Asked) -> suggestions`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

from toolkit.errors import LoktaError
from toolkit.memory.exact import Memory
from toolkit.project.context import Context
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.layout import lay_out
from toolkit.translation.engines.registry import over_network
from toolkit.translation.options import Options
from toolkit.translation.picking import pick
from toolkit.units import Answer, Catalog, Engine, Identity, LanguagePair, Match, Request, Unit, UnitKey

_MOST = 20
"""Suggestions for one unit."""
_OF_OTHERS = 5
"""Sources of suggestions that other packages bring, at most."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text that a reviewer may take."""

    target: str
    kind: Literal["tm", "mt", "tb", "reference"]
    """From a memory, a machine, a term base; a reference is the reviewed text in another language, to be read."""
    origin: str
    """The article, engine or reviewer that it comes from."""
    score: float | None = None
    """Percent, 0 to 100; None: not known."""
    language: str = ""
    """BCP 47; empty: the catalog's target language."""


@dataclass(frozen=True)
class Asked:
    """What is asked of a source of suggestions."""

    context: Context
    path: Path
    """The catalog's file."""
    catalog: Catalog
    unit: Unit
    held: Held
    """What is expensive to make, kept while nothing changes."""


@dataclass
class Held:
    """What sources of suggestions keep between two questions; it can be dropped at any time."""

    memories: dict[str, tuple[object, Memory]] = field(default_factory=dict)
    """By language, with what they were made from."""
    drafts: dict[Path, tuple[str, Mapping[str, Mapping[UnitKey, str]]]] = field(default_factory=dict)
    """By catalog file, with its text: engine -> unit -> what it drafted."""


Offer = Callable[[Asked], Iterable[Suggestion]]


def suggestions(asked: Asked) -> list[Suggestion]:
    """What all sources offer for a unit, each text once, and not the one that it has. A source that fails offers nothing."""
    found: dict[tuple[str, str], Suggestion] = {}
    for offer in (*OFFERS.values(), *_installed()):
        with contextlib.suppress(LoktaError, OSError):
            for one in offer(asked):
                if one.target != asked.unit.target and len(found) < _MOST:
                    found.setdefault((one.language, one.target), one)
    return list(found.values())


def first_draft(asked: Asked) -> str:
    """The text that the machine in the unit's line drafted, as far as the draft cache has it; empty otherwise."""
    line = asked.unit.line("mt")
    if line is None:
        return ""
    return _drafts(asked).get(line.get("engine"), {}).get(asked.unit.key, "")


def _memory(asked: Asked) -> Iterator[Suggestion]:
    """What was approved for exactly this text elsewhere in the project."""
    store, pair = asked.context.store, asked.catalog.pair
    paths = [path for path in store.paths((pair.target,)) if path != asked.path] if asked.context.config.file else []
    stats = [(path, path.stat().st_mtime_ns) for path in paths]
    known = asked.held.memories.get(pair.target)
    if known is None or known[0] != stats:
        known = asked.held.memories[pair.target] = (stats, Memory(store.readable(paths)))
    for match in known[1].translate([Request(asked.unit.source)], pair):
        if isinstance(match, Match):
            yield Suggestion(match.target, "tm", match.origin, 100.0)


def _engines(asked: Asked) -> Iterator[Suggestion]:
    """What engines drafted that the catalog names, the one whose draft a person changed among them."""
    for name, said in _drafts(asked).items():
        if text := said.get(asked.unit.key, ""):
            yield Suggestion(text, "mt", name)


def _other_languages(asked: Asked) -> Iterator[Suggestion]:
    """The same text as it was approved in the project's other languages."""
    store, article = asked.context.store, asked.catalog.article
    if not article or not asked.context.config.file:
        return
    for tag in store.targets(article):
        if tag != asked.catalog.target_language and (other := store.find(article, tag)):
            unit = next((one for one in other.live if one.key == asked.unit.key and one.state.approved), None)
            if unit is not None:
                yield Suggestion(unit.target, "reference", tag, None, tag)


OFFERS: Mapping[str, Offer] = {"memory": _memory, "engines": _engines, "languages": _other_languages}
"""Our sources, in the order in which their suggestions stand."""


@cache
def _installed() -> Sequence[Offer]:
    return [point.load() for point in entry_points(group="lokta.suggestions")][:_OF_OTHERS]


def _drafts(asked: Asked) -> Mapping[str, Mapping[UnitKey, str]]:
    """What the draft cache has of the engines that the catalog names: engine -> unit -> its draft."""
    held, catalog = asked.held.drafts, asked.catalog
    if asked.path not in held or held[asked.path][0] != catalog.raw:
        specs = dict.fromkeys(line.get("engine") for unit in catalog.live if (line := unit.line("mt")))
        specs |= dict.fromkeys(
            line.get("by").partition("@")[0].partition(",")[0]
            for unit in catalog.live
            if (line := unit.line("mt")) and line.get("by")
        )
        empty = replace(
            catalog,
            units=tuple(replace(one, target="", flags=(), provenance=(), previous_source="") for one in catalog.live),
        )
        held[asked.path] = (catalog.raw, {spec: _recalled(asked.context, spec, empty) for spec in specs if spec})
    return held[asked.path][1]


def _recalled(context: Context, spec: str, catalog: Catalog) -> Mapping[UnitKey, str]:
    """What the draft cache has of an engine for these empty units; the model is not asked."""
    if over_network(spec):
        return {}
    with contextlib.suppress(LoktaError, OSError):
        engine = pick(spec, catalog.pair, Options(), context.resources)
        if engine is not None:
            (drafted,) = draft(Job((catalog,), _Recalling(engine, catalog)))
            return {unit.key: unit.target for unit in drafted.live if unit.target}
    return {}


class _Recalling(Engine):
    """An engine as far as the draft cache knows its answers to what a catalog asks."""

    def __init__(self, engine: Engine, catalog: Catalog) -> None:
        self.name, self.abilities, self.children = engine.name, engine.abilities, (engine,)
        requests = lay_out(Job((catalog,), engine), engine.identities).requests
        self._unknown = set(engine.estimate(dict(enumerate(requests)), catalog.pair).unanswered.values())

    @property
    def identities(self) -> frozenset[Identity]:
        return self.children[0].identities

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        asked = list(requests)
        answers = iter(self.children[0].translate([one for one in asked if one not in self._unknown], pair))
        for one in asked:
            yield None if one in self._unknown else next(answers)
