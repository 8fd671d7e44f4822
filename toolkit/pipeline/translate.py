"""Makes catalogs with drafts from articles: read -> segment -> extract -> merge -> draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

from toolkit.errors import DataError
from toolkit.events import Cancellation, Event, NoEngine, Noted, Progressed, Sink, Warned, ignore
from toolkit.memory import Memory
from toolkit.pipeline.reference import ProjectReferences, check, in_order
from toolkit.project.config import Target
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, Source, load
from toolkit.project.store import WorkingCopy
from toolkit.translation.cache import Throughput
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.estimate import Forecast, forecast, waiting
from toolkit.translation.drafting.reference import References
from toolkit.translation.drafting.reviewed_pivot import draft_through_reviewed
from toolkit.translation.engines.convert import HANS, HANT, convert_from
from toolkit.translation.options import Options
from toolkit.translation.picking import pick, way_to_model
from toolkit.translation.wrappers import innermost
from toolkit.units import Catalog, Engine, LanguagePair

_GROUP = 1500
"""Articles are read until they have this many paragraphs together, then drafted as one group."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which articles to translate into which languages, and how."""

    sources: tuple[Source, ...]
    targets: tuple[str, ...]
    """BCP 47."""
    source_language: str = ""
    """BCP 47; empty: as the articles say."""
    engine: str = ""
    """ENGINE or ENGINE/MODEL, several with commas; empty: as the project says, else the best that is installed."""
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of paragraphs for one article and language after a run."""

    article: str
    target_language: str
    catalog: Path
    units: int
    approved: int
    kept: int
    """Drafts that the catalog had before."""
    memory: int
    converted: int
    """Converted from the catalog in zh-Hans."""
    machine: int
    refused: int
    left: int
    """Without a translation, the refused ones included."""
    engine: str = ""
    label: str = ""
    """The engine's warning to readers of its drafts: `starter model: expect to rewrite`."""
    taken_from: str = ""
    """The old name of a renamed article."""
    made_by: Mapping[str, int] = field(default_factory=dict)
    """Model -> number of paragraphs that it drafted in this run."""
    reasons: tuple[tuple[str, str], ...] = ()
    """The refused paragraphs: opening words, reason."""


@dataclass(frozen=True, slots=True)
class Translation:
    """The result of a run; its warnings, notes and progress went to the event sink."""

    articles: tuple[Loaded, ...]
    """Without their texts, to save memory."""
    summaries: tuple[Summary, ...]
    throughputs: tuple[Throughput, ...]
    """For each model, what it was asked (answers from the draft cache excluded) and how long it took."""


def translate(
    context: Context, order: Order, tell: Sink = ignore, cancellation: Cancellation | None = None
) -> Translation:
    """Merge the articles into their catalogs and draft the units that are empty; the catalogs are saved as it goes.

    Raises NoModel when an engine was named and lacks a pair, UsageError for a reference language that cannot be used,
    EngineFailed when an engine fails midway, Stopped when the run was cancelled; the drafts made until then are on disk.
    """
    check(order.options.reference_language, order.targets, order.source_language)
    run = _TranslationRun(context, order, tell, cancellation or Cancellation())
    try:
        for target in in_order(order.targets, order.options.reference_language, context.config.targets):
            run.translate(target)
    finally:
        context.store.settle(tell)
    cache = context.resources.cache
    throughputs = cache.throughputs if cache is not None else ()
    for line in cache.warnings if cache is not None else ():
        tell(Warned(line))
    if order.options.slots > 1 and any(one.tokens for one in throughputs):  # language models alone count tokens
        tell(
            Noted(
                f"{order.options.slots} texts were drafted at a time: the words are those of one at a time, the last digits of "
                "the scores may not be"
            )
        )
    return Translation(tuple(run.articles), tuple(run.summaries), throughputs)


def foresee(context: Context, order: Order, tell: Sink = ignore) -> list[Forecast]:
    """A forecast of `translate` for each target language; writes nothing and loads no model. Raises NoModel, UsageError."""
    check(order.options.reference_language, order.targets, order.source_language)
    run = _TranslationRun(context, order, tell, Cancellation())
    return [run.foresee(target) for target in order.targets]


class _TranslationRun:
    """State of one run. It reads articles in groups, so that memory does not grow with the project."""

    def __init__(self, context: Context, order: Order, tell: Sink, cancellation: Cancellation) -> None:
        self.context = context
        self.order = order
        self.tell = tell
        self.cancellation = cancellation
        self.articles: list[Loaded] = []
        self.summaries: list[Summary] = []
        self.ids = [source.id for source in order.sources]
        self._few: list[Loaded] | None = None
        """All articles of the run, if they fit into one group."""

    def translate(self, target: str) -> None:
        """Translate all articles into one language."""
        language = _Language(self, target)
        first = not self.articles
        before, read = Progressed(), 0
        for group in self._groups():
            read += len(group)
            for one in group if first else ():
                self.articles.append(one)
                for line in one.warnings:
                    self.tell(Warned(line))
                self.context.store.save_template(one.template)
            for pair, copies in language.copies(group).items():
                copies = [self.context.store.save(copy, self.tell) for copy in copies]
                done, before = language.fill(pair, copies, before, read < len(self.order.sources))
                machine = language.machine(pair)
                self.summaries += [_summary(copy, target, machine) for copy in done]
        language.references.close()

    def foresee(self, target: str) -> Forecast:
        """The forecast for one language, after what translation memory and draft cache would fill."""
        language, total = _Language(self, target), Forecast(target, articles=len(self.ids))
        for group in self._groups():
            for pair, copies in language.copies(group).items():
                total += language.foresee(pair, copies)
        return total

    def _groups(self) -> Iterator[list[Loaded]]:
        """The articles in groups, without their texts; read again for every language unless one group holds them all."""
        if self._few is not None:
            yield self._few
            return
        group: list[Loaded] = []
        for number, source in enumerate(self.order.sources, 1):
            self.cancellation.check()
            one = load(self.context.store, source, self.order.source_language)
            group.append(replace(one, article=replace(one.article, original="", parts=())))
            last = number == len(self.ids)
            if last or sum(len(one.template.units) for one in group) >= _GROUP:
                if last and len(group) == len(self.ids):
                    self._few = group
                yield group
                group = []


class _Language:
    """One target language of a run: its engines, each made once, and its translation memory, read when it is needed."""

    def __init__(self, run: _TranslationRun, target: str) -> None:
        self.run = run
        self.store = run.context.store
        self.target = target
        wants = run.context.config.targets.get(target, Target())
        self.spec = run.order.engine or wants.engine
        self.options = replace(run.order.options, variant=wants.variant or "tw")
        reference = self.options.reference_language or wants.second_source
        self.references = ProjectReferences(self.store, run.ids, target, reference, self.options.redraft, run.tell)
        self._machines: dict[LanguagePair, Engine | None] = {}
        self._templates: dict[str, Catalog] = {}

    def copies(self, group: Sequence[Loaded]) -> dict[LanguagePair, list[WorkingCopy]]:
        """Language pair -> catalogs of the group's articles, merged; articles already in the target language are left out."""
        found: dict[LanguagePair, list[WorkingCopy]] = {}
        self._templates = {one.source.id: one.template for one in group}
        for one in group:
            pair = LanguagePair(one.article.source_language, self.target)
            if pair.source != pair.target:
                found.setdefault(pair, []).append(self.store.open(one.template, self.target, self.run.ids))
        return found

    def machine(self, pair: LanguagePair) -> Engine | None:
        """The engine for a pair; None if no model is installed for it. Raises NoModel if an engine was named."""
        if pair not in self._machines:
            self._machines[pair] = pick(self.spec, pair, self.options, self.run.context.resources)
        return self._machines[pair]

    @cached_property
    def memory(self) -> Memory:
        """Translation memory of what people approved in this language so far."""
        return Memory(self.store.readable(self.target, self.run.tell))

    def fill(
        self, pair: LanguagePair, copies: list[WorkingCopy], before: Progressed, more: bool
    ) -> tuple[list[WorkingCopy], Progressed]:
        """Fill units from translation memory, then script conversion, then machine translation; the catalogs, and the
        language's progress. `before`: progress of the groups before this one, `more`: whether others follow."""
        machine = self.machine(pair)
        references = self.references.of(copies, self._templates, machine)
        if self._job(copies, self.memory, references).has_work:
            copies = self._draft(copies, self.memory, references, ignore)
        if self.target == HANT:
            copies = [self._filled(copy, HANS, partial(convert_from, variant=self.options.variant)) for copy in copies]
        if machine is None:
            if any(not unit.target for copy in copies for unit in copy.now.live):
                self.run.tell(NoEngine(way_to_model(pair, self.run.context.resources)))
            return copies, before
        pivot = innermost(machine)
        if pivot.via:
            through = partial(draft_through_reviewed, pivot=pivot, redraft=self.options.redraft)
            copies = [self._filled(copy, pivot.via, through) for copy in copies]
        last = before

        def tell(event: Event) -> None:
            nonlocal last
            if isinstance(event, Progressed):
                event = last = replace(event.after(before), more=more)
            self.run.tell(event)

        return self._draft(copies, machine, references, tell), last

    def foresee(self, pair: LanguagePair, copies: Sequence[WorkingCopy]) -> Forecast:
        """The forecast of `fill`."""
        machine = self.machine(pair)
        references = self.references.of(copies, self._templates, machine)
        filled = draft(self._job(copies, self.memory, references))
        if machine is None:
            return waiting(Job(filled, self.memory))
        return forecast(Job(filled, machine, self.options.redraft, references))

    def _job(self, copies: Sequence[WorkingCopy], engine: Engine, references: tuple[References, ...]) -> Job:
        return Job(tuple(copy.now for copy in copies), engine, self.options.redraft, references)

    def _draft(
        self, copies: Sequence[WorkingCopy], engine: Engine, references: tuple[References, ...], tell: Sink
    ) -> list[WorkingCopy]:
        """The catalogs with the engine's drafts; at each checkpoint those that changed are saved."""
        held = list(copies)

        def checkpoint(changed: Sequence[Catalog]) -> Sequence[Catalog]:
            for index, catalog in enumerate(changed):
                if catalog != held[index].now:
                    held[index] = self.store.save(replace(held[index], now=catalog), self.run.tell)
            return [copy.now for copy in held]

        draft(self._job(copies, engine, references), checkpoint, tell, self.run.cancellation)
        return held

    def _filled(self, copy: WorkingCopy, language: str, fill: Callable[[Catalog, Catalog], Catalog]) -> WorkingCopy:
        """The catalog, filled from the same article's catalog in another language, if there is one that can be read."""
        try:
            other = self.store.find(copy.article, language)
            now = copy.now if other is None else fill(copy.now, other)
        except DataError as error:
            self.run.tell(Warned(str(error)))
            return copy
        return self.store.save(replace(copy, now=now), self.run.tell)


def _summary(copy: WorkingCopy, target: str, machine: Engine | None) -> Summary:
    before = {unit.key: (unit.target, unit.line("mt")) for unit in copy.merged.live}
    made: Counter[str] = Counter()
    reasons = []
    counts = dict.fromkeys(("approved", "kept", "memory", "converted", "machine", "refused", "left"), 0)
    for unit in copy.now.live:
        line = unit.line("mt")
        if not unit.target:
            counts["left"] += 1
            refused = unit.line("refused")
            counts["refused"] += refused is not None
            reasons += [(unit.source[:60], refused.get("why"))] if refused else []
        elif unit.state.approved:
            counts["approved"] += 1
        elif before.get(unit.key) == (unit.target, line):
            counts["kept"] += 1
        else:
            counts["memory" if unit.line("tm") else "converted" if unit.line("convert") else "machine"] += 1
            made.update([f"{line.get('engine')} {line.get('model')}".strip()] if line else [])
    return Summary(
        copy.article,
        target,
        copy.path,
        len(list(copy.now.live)),
        **counts,
        engine=_engine(machine),
        label=machine.label if machine is not None else "",
        taken_from=copy.taken_from,
        made_by=dict(made),
        reasons=tuple(reasons),
    )


def _engine(machine: Engine | None) -> str:
    """The engine's name for a summary, with its pivot language: `argos, through en`."""
    if machine is None:
        return ""
    via = innermost(machine).via
    return f"{machine.name}, through {via}" if via else machine.name
