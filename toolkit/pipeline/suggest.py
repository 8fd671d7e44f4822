"""Suggestions for a unit under review: what the memory, other engines and other languages have for it.

Nothing is drafted: an engine is heard only as far as the draft cache has its answers. Packages add sources of their own by the
entry point `lokta.suggestions`: a function `(Asked) -> suggestions`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from pathlib import Path
from typing import Any, Literal, TypeVar

from toolkit.errors import LoktaError
from toolkit.files import stamp
from toolkit.memory.glossary import Glossary
from toolkit.pipeline.memory import refreshed
from toolkit.project.context import Context
from toolkit.project.store import CatalogStore
from toolkit.quality.text import bare
from toolkit.segment import sentences
from toolkit.translation.cache import DraftCache
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.joining import joined
from toolkit.translation.drafting.layout import lay_out
from toolkit.translation.engines.registry import over_network
from toolkit.translation.inference import Model, Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Answer, Catalog, Engine, Identity, LanguagePair, Match, Request, Unit, UnitKey

_MOST = 20
"""Suggestions for one unit."""
_OF_MEMORY = 5
_OF_TERM = 2
"""Renderings of one term."""
_OF_OTHERS = 5
"""Sources of suggestions that other packages bring, at most."""
_Made = TypeVar("_Made")


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
    reviewer: str = ""
    """Who approved it, of a memory."""


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

    _made: dict[object, tuple[object, Any]] = field(default_factory=dict)

    def of(self, name: object, state: object, make: Callable[[], _Made]) -> _Made:
        """What was made under this name, made again where it was made from another state."""
        if name not in self._made or self._made[name][0] != state:
            self._made[name] = (state, make())
        made: _Made = self._made[name][1]
        return made


Offer = Callable[[Asked], Iterable[Suggestion]]


def _installed() -> Iterator[Offer]:
    """The sources that packages bring; one that fails in any way offers nothing."""
    yield from (partial(_of_package, point) for point in _points())


@cache
def _points() -> Sequence[EntryPoint]:
    return [*islice(entry_points(group="lokta.suggestions"), _OF_OTHERS)]


def _of_package(point: EntryPoint, asked: Asked) -> list[Suggestion]:
    try:
        return list(islice(point.load()(asked), _MOST))
    except Exception:  # a stranger's code, beside which a person goes on
        return []


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
    """What was approved for this text elsewhere, and for texts like it; where it comes from, and who approved it."""
    if not asked.context.config.file:
        return
    pair, own = asked.catalog.pair, asked.catalog.article
    memory = refreshed(asked.context, targets=(pair.target,), wait=0.2, align=False)
    for one in memory.near(asked.unit.source, pair, _OF_MEMORY):
        if one.origin != own or one.source != asked.unit.source or not one.live:
            yield Suggestion(one.target, "tm", one.origin, round(one.score, 1), reviewer=one.reviewer)


def _terms(asked: Asked) -> Iterator[Suggestion]:
    """What the project's list calls the terms of the text, those that nobody has approved too."""
    known = asked.context.terms.glossary(asked.catalog.pair)
    for hit in known.find(bare(asked.unit.source, asked.catalog.markup)):
        for entry in hit.entries:
            note = f" ({entry.term.note})" if entry.term.note else ""
            origin = f"{entry.term.source}{note}" if entry.approved else f"{entry.term.source}{note}, not approved"
            for form in entry.accepted[:_OF_TERM]:
                yield Suggestion(form, "tb", origin)


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
        path = store.path(article, tag)
        if tag != asked.catalog.target_language and path.is_file():
            approved = asked.held.of(path, stamp(path), partial(_approved, store, path))
            if text := approved.get(asked.unit.key):
                yield Suggestion(text, "reference", tag, None, tag)


def _approved(store: CatalogStore, path: Path) -> Mapping[UnitKey, str]:
    """What is approved in a catalog file."""
    return {unit.key: unit.target for unit in store.read(path).live if unit.state.approved}


OFFERS: Mapping[str, Offer] = {
    "memory": _memory,
    "engines": _engines,
    "languages": _other_languages,
    "terms": _terms,
}
"""Our sources, in the order in which their suggestions stand."""


def _drafts(asked: Asked) -> Mapping[str, Mapping[UnitKey, str]]:
    """What the draft cache has of the engines that the catalog names: engine -> unit -> its draft.

    A reviewer's saves change neither the sources nor who drafted them.
    """
    sources, specs = asked.held.of(
        ("asked", asked.path), asked.catalog.raw, lambda: _sources_and_engines(asked.catalog)
    )

    def recalled() -> Mapping[str, Mapping[UnitKey, str]]:
        units = tuple(Unit(key.source, context=key.context) for key in sources)
        return {spec: _recalled(asked.context, spec, replace(asked.catalog, units=units)) for spec in specs}

    return asked.held.of(("drafts", asked.path), (sources, specs), recalled)


def _sources_and_engines(catalog: Catalog) -> tuple[tuple[UnitKey, ...], tuple[str, ...]]:
    """What the units of a catalog are, and the engines that drafted them or gave a second opinion."""
    specs: dict[str, None] = {}
    for unit in catalog.live:
        if line := unit.line("mt"):
            specs |= dict.fromkeys((line.get("engine"), re.split("[@,]", line.get("by"))[0]))
    return tuple(unit.key for unit in catalog.live), tuple(spec for spec in specs if spec)


def _recalled(context: Context, spec: str, catalog: Catalog) -> Mapping[UnitKey, str]:
    """What the draft cache has of an engine for these empty units; the model is not asked."""
    if over_network(spec):
        return {}
    known = context.resources
    resources = _Recalled(known.engines, known.families, known.remotes, known.cache)
    with contextlib.suppress(LoktaError, OSError):
        engine = pick(spec, catalog.pair, Options(), resources)
        if engine is not None:
            terms = context.terms.glossary(catalog.pair)
            (drafted,) = draft(Job((catalog,), _Recalling(engine, catalog, known.cache, terms), terms=terms))
            return {unit.key: unit.target for unit in drafted.live if unit.target}
    return {}


class _Recalling(Engine):
    """An engine as far as the draft cache knows its answers to what a catalog asks.

    Which examples a language model was shown is not known any more: of such a one the sentences that were kept are joined,
    where the cache has each in one wording alone.
    """

    def __init__(self, engine: Engine, catalog: Catalog, cache: DraftCache | None, terms: Glossary) -> None:
        self._cache = cache if engine.abilities.examples else None
        self.name, self.abilities, self.children = engine.name, engine.abilities, (engine,)
        requests = lay_out(Job((catalog,), engine, terms=terms), engine.identities).requests
        estimate = engine.estimate(dict(enumerate(requests)), catalog.pair)
        self._unknown = {requests[number] for number in estimate.unanswered}

    @property
    def identities(self) -> frozenset[Identity]:
        return self.children[0].identities

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        asked = list(requests)
        answers = iter(self.children[0].translate([one for one in asked if one not in self._unknown], pair))
        for one in asked:
            yield self._kept(one, pair) if one in self._unknown else next(answers)

    def _kept(self, request: Request, pair: LanguagePair) -> Match | None:
        """The draft of a text without inline codes, from its sentences."""
        if self._cache is None or request.codes:
            return None
        source = request.source
        spans = [(0, len(source))] if self.abilities.grain == "sentence" else sentences(source, pair.source)
        parts = [source[start:end] for start, end in spans]
        known, models = self._cache.sentence_pairs(pair, parts), {one.model for one in self.identities}
        said = [{target for target, model in known.get(part, ()) if model in models} for part in parts]
        if any(len(targets) != 1 for targets in said):
            return None
        return Match(joined([min(targets) for targets in said], pair.target), "mt", self.name, None, min(models))


class _Recalled(Resources):
    """What engines are made from, with models that say again what they said, and are never started."""

    def model(self, key: tuple[Any, ...], make: Callable[[], Model]) -> Model:
        """The model of this key, as far as the draft cache knows it."""
        return _Known(Resources.model(self, key, make))


class _Known(Model):
    """A model as far as the draft cache has its outputs: to all else, second tries too, it has no answer."""

    def __init__(self, inner: Model) -> None:
        self.inner = inner

    @property
    def name(self) -> str:
        return self.inner.name

    @property
    def fingerprint(self) -> str:
        return self.inner.fingerprint

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        return [one or Output(failed="the draft cache has no answer") for one in self.recall(questions)]

    def recall(self, questions: Sequence[Question]) -> list[Output | None]:
        return self.inner.recall(questions)
