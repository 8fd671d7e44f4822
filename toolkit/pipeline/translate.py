"""Makes catalogs with drafts from articles: read -> segment -> extract -> merge -> draft."""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.catalog.reuse import numbers, plans, sentence_texts
from toolkit.errors import DataError
from toolkit.events import Advised, Cancellation, Event, NoEngine, Noted, Progressed, Sink, Total, Warned, ignore
from toolkit.files import cores
from toolkit.language.chinese import HANS, HANT
from toolkit.memory.fill import exactly, nearly, withdrawn_from
from toolkit.memory.store import MemoryStore
from toolkit.models import offers
from toolkit.pipeline.examples import Approved
from toolkit.pipeline.memory import Origins, finding, refreshed
from toolkit.pipeline.reference import ProjectReferences, check, in_order
from toolkit.pipeline.workers import spread
from toolkit.project.config import Config, Target
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, Source, load
from toolkit.project.store import WorkingCopy
from toolkit.translation.cache import Throughput
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.estimate import Forecast, forecast, waiting
from toolkit.translation.drafting.reference import References
from toolkit.translation.drafting.reusing import Changed, evidence, foreseen, reuse, unsure
from toolkit.translation.drafting.reviewed_pivot import draft_through_reviewed
from toolkit.translation.engines.convert import convert_from
from toolkit.translation.engines.registry import over_network
from toolkit.translation.options import Options
from toolkit.translation.picking import pick, way_to_model
from toolkit.translation.wrappers import innermost
from toolkit.units import Catalog, Engine, LanguagePair, State, Unit, text_hash

if TYPE_CHECKING:
    from toolkit.alignment.sentences import Aligner

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
    jobs: int = 1
    """Processes that share the articles, as far as the engines allow it (`Abilities.processes`)."""
    begun: frozenset[str] = frozenset()
    """Those of `targets` into which an article goes only where it has a catalog already."""


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
    withdrawn: int
    """From the memory before, and drafts again in this run, since the approval of their origin was withdrawn."""
    reused: int
    """Changed paragraphs that were put together in this run of sentences that keep their reviewed translation and new ones,"""
    kept_sentences: int
    """and how many keep it."""
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
    left_out: tuple[str, ...] = ()
    """Ids of articles that could not be read, or one of whose catalogs could not; why was told."""


def translate(
    context: Context, order: Order, tell: Sink = ignore, cancellation: Cancellation | None = None
) -> Translation:
    """Merge the articles into their catalogs and draft the units that are empty; the catalogs are saved as it goes.

    An article that cannot be read, or whose catalog cannot, is told and left out where there are several. Raises DataError where
    it is the only one, NoModel when an engine was named and lacks a pair, UsageError for a reference language that cannot be
    used, EngineFailed when an engine fails midway, Stopped when the run was cancelled; the drafts made until then are on disk.
    """
    check(order.options.reference_language, order.targets, order.source_language)
    context.terms.checked()
    cancellation = cancellation or Cancellation()
    parts: list[_TranslatedPart] = []
    if order.jobs > 1 and len(order.sources) > 1:
        parts = _in_processes(context, order, tell, cancellation)
        later = {name for part in parts for name in part.later}
        order = replace(order, sources=tuple(source for source in order.sources if source.id in later), jobs=1)
    if order.sources:
        with _TranslationRun(context, order, tell, cancellation) as run:
            parts.append(run.part(order.sources))
    throughputs, targets = _added(parts), order.targets
    if order.options.slots > 1 and any(one.tokens for one in throughputs):  # language models alone count tokens
        tell(
            Noted(
                f"{order.options.slots} texts were drafted at a time: the words are those of one at a time, the last digits of "
                "the scores may not be"
            )
        )
    summaries = (one for part in parts for one in part.summaries)
    return Translation(
        tuple(one for part in parts for one in part.articles),
        tuple(sorted(summaries, key=lambda one: targets.index(one.target_language)) if len(parts) > 1 else summaries),
        throughputs,
        tuple(dict.fromkeys(name for part in parts for name in part.left_out)),
    )


@dataclass(frozen=True, slots=True)
class _TranslatedPart:
    """The result of a run over some of the articles."""

    articles: tuple[Loaded, ...]
    summaries: tuple[Summary, ...]
    throughputs: tuple[Throughput, ...]
    """Of all that this process did so far."""
    later: tuple[str, ...] = ()
    """Articles that are not in this part, because their engine cannot run in several processes."""
    left_out: tuple[str, ...] = ()
    """Articles that could not be read, or one of whose catalogs could not."""
    process: int = field(default_factory=os.getpid)


def _in_processes(context: Context, order: Order, tell: Sink, cancellation: Cancellation) -> list[_TranslatedPart]:
    """Translate in `order.jobs` processes what their engines allow; the parts of the run, in the order of the articles."""
    jobs = order.jobs
    refreshed(context, tell, targets=order.targets)
    options = replace(order.options, threads=order.options.threads or max(1, cores() // jobs))
    share = partial(_part_of, context.config, replace(order, options=options))
    parts = spread(share, order.sources, jobs, tell, cancellation)
    if any(part.later for part in parts):
        tell(Noted("the engine drafts in one process alone, so -j was of no use for it"))
    return parts


@contextlib.contextmanager
def _part_of(config: Config, order: Order, tell: Sink) -> Iterator[Callable[[Sequence[Source]], _TranslatedPart]]:
    """In a process: what translates some of the articles."""
    with (
        Context.of(config) as context,
        _TranslationRun(context, order, tell, Cancellation(), one_of_several=True) as run,
    ):
        yield run.part


def _added(parts: Sequence[_TranslatedPart]) -> tuple[Throughput, ...]:
    """The throughput of each model in all processes together; the time is that of the slowest."""
    latest = {part.process: part.throughputs for part in parts}
    found: dict[str, Throughput] = {}
    for one in (one for throughputs in latest.values() for one in throughputs):
        if before := found.get(one.model):
            one = replace(
                one,
                sentences=one.sentences + before.sentences,
                characters=one.characters + before.characters,
                tokens=one.tokens + before.tokens,
                seconds=max(one.seconds, before.seconds),
            )
        found[one.model] = one
    return tuple(found.values())


def foresee(context: Context, order: Order, tell: Sink = ignore) -> list[Forecast]:
    """A forecast of `translate` for each target language; writes nothing and loads no model. Raises NoModel, UsageError."""
    check(order.options.reference_language, order.targets, order.source_language)
    run = _TranslationRun(context, order, tell, Cancellation())
    return [run.foresee(target) for target in order.targets]


class _TranslationRun:
    """State of one run. It reads articles in groups, so that memory does not grow with the project."""

    def __init__(
        self,
        context: Context,
        order: Order,
        tell: Sink,
        cancellation: Cancellation,
        one_of_several: bool = False,
    ) -> None:
        """`one_of_several`: other processes do other articles of the run, and the memory was brought up to date before."""
        self.context = context
        self.order = order
        self.tell = tell
        self.cancellation = cancellation
        self.one_of_several = one_of_several
        self.ids = [source.id for source in order.sources]
        self.unread: dict[str, None] = {}
        """Ids of articles that cannot be read."""
        self.unmerged: dict[str, None] = {}
        """Ids of articles one of whose catalogs cannot be read."""
        self.targets = in_order(order.targets, order.options.reference_language, context.config.targets)
        self._languages = {target: _Language(self, target) for target in self.targets}

    def __enter__(self) -> _TranslationRun:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Look once more into replaced catalogs, and tell what was collected on the way."""
        self.context.store.settle(self.tell)
        if kind is None:
            for language in self._languages.values():
                language.references.close()
            for line in self.context.resources.cache.warnings if self.context.resources.cache is not None else ():
                self.tell(Warned(line))

    def part(self, sources: Sequence[Source]) -> _TranslatedPart:
        """Translate some of the run's articles into all its languages."""
        articles: list[Loaded] = []
        summaries: list[Summary] = []
        later: set[str] = set()
        kept: list[list[Loaded]] = []
        for number, target in enumerate(self.targets):
            language = self._languages[target]
            read = 0
            for group in self._groups(sources, kept):
                read += len(group)
                unread = sum(source.id in self.unread for source in sources)
                for one in group if number == 0 else ():
                    articles.append(replace(one, template=replace(one.template, units=())))
                    for line in one.warnings:
                        self.tell(Warned(line))
                    self.context.store.save_template(one.template)
                for pair, copies in language.copies(group).items():
                    if self.one_of_several and not language.in_processes(pair):
                        later |= {copy.article for copy in copies}
                        continue
                    copies = [self.context.store.save(copy, self.tell) for copy in copies]
                    for copy in copies:
                        if copy.taken_from:  # the sentences of its drafts go along
                            self.context.store.keep_drafted(copy, {})
                    done = language.fill(pair, copies, read + unread < len(sources))
                    machine = language.machine(pair)
                    summaries += [_summary(copy, target, machine) for copy in done]
        cache = self.context.resources.cache
        return _TranslatedPart(
            tuple(one for one in articles if one.source.id not in later),
            tuple(one for one in summaries if one.article not in later),
            cache.throughputs if cache is not None else (),
            tuple(later),
            tuple(source.id for source in sources if source.id in self.unread or source.id in self.unmerged),
        )

    @cached_property
    def memory(self) -> MemoryStore:
        """The translation memory as it is before the run."""
        if self.one_of_several and self.context.memory.persistent:
            return self.context.memory
        return refreshed(self.context, self.tell, targets=self.targets)

    def foresee(self, target: str) -> Forecast:
        """The forecast for one language, after what translation memory and draft cache would fill."""
        language, total, articles = self._languages[target], Forecast(target), 0
        for group in self._groups(self.order.sources, []):
            for pair, copies in language.copies(group).items():
                articles += len(copies)
                total += language.foresee(pair, copies)
        return replace(total, articles=articles)

    def _groups(self, sources: Sequence[Source], kept: list[list[Loaded]]) -> Iterator[list[Loaded]]:
        """The articles in groups, without their texts; read again for every language, unless one group holds them all and is
        in `kept`."""
        if kept:
            yield from kept
            return
        group: list[Loaded] = []
        whole = True
        for number, source in enumerate(sources, 1):
            self.cancellation.check()
            with self.leaving_out(source.id, self.unread):
                one = load(self.context.store, source, self.order.source_language)
                group.append(replace(one, article=replace(one.article, original="", parts=())))
            last = number == len(sources)
            if group and (last or sum(len(one.template.units) for one in group) >= _GROUP):
                if last and whole:
                    kept.append(group)
                yield group
                group, whole = [], False

    @contextlib.contextmanager
    def leaving_out(self, name: str, among: dict[str, None]) -> Iterator[None]:
        """Notes an article that cannot be read among those, tells why, and goes on; raises where it is the only one of the run."""
        try:
            yield
        except DataError as error:
            if len(self.ids) == 1:
                raise
            among[name] = None
            self.tell(Warned(str(error)))


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
        self._aligners: dict[LanguagePair, Aligner] = {}
        self._templates: dict[str, Catalog] = {}
        self._total = Total()

    def copies(self, group: Sequence[Loaded]) -> dict[LanguagePair, list[WorkingCopy]]:
        """Language pair -> catalogs of the group's articles, merged; articles already in the target language are left out."""
        found: dict[LanguagePair, list[WorkingCopy]] = {}
        self._templates = {one.source.id: one.template for one in group}
        for one in group:
            pair = LanguagePair(one.article.source_language, self.target)
            if pair.source == pair.target:
                continue
            with self.run.leaving_out(one.source.id, self.run.unmerged):
                copy = self.store.open(one.template, self.target, self.run.ids)
                if copy.text is not None or copy.taken_from or self.target not in self.run.order.begun:
                    found.setdefault(pair, []).append(copy)
        return found

    def machine(self, pair: LanguagePair) -> Engine | None:
        """The engine for a pair; None if no model is installed for it. Raises NoModel if an engine was named."""
        if pair not in self._machines:
            machine = pick(self.spec, pair, self.options, self.run.context.resources)
            if machine is not None and machine.label and not self.spec and (way := offers.way(pair)):
                gain = (
                    " (chrF2 29.6 against 19.5 on FLORES)" if pair == LanguagePair("en", HANS) and "zh" in way else ""
                )
                self.run.tell(
                    Advised(f"{pair.target}: drafted by a starter, for a first look; a far better model: {way}{gain}")
                )
            self._machines[pair] = machine
        return self._machines[pair]

    def in_processes(self, pair: LanguagePair) -> bool:
        """Whether several processes may draft this pair side by side."""
        machine = self.machine(pair)
        return machine is None or machine.abilities.processes

    def fill(self, pair: LanguagePair, copies: list[WorkingCopy], more: bool) -> list[WorkingCopy]:
        """Fill units from translation memory, then script conversion, then machine translation; the catalogs. `more`: whether
        other groups follow."""
        machine = self.machine(pair)
        copies = self._reused(pair, copies, machine)
        references = self.references.of(copies, self._templates, machine)
        exact, near = finding(self.run.memory, pair)
        origins = Origins(self.run.context, self.target)
        copies = [self._made(copy, exactly(copy.now, exact, origins.withdrawn)) for copy in copies]
        if self.target == HANT:
            terms = self.run.context.terms.glossary(pair)
            derive = partial(convert_from, variant=self.options.variant, terms=terms)
            copies = [self._filled(copy, HANS, derive) for copy in copies]
        if machine is None:
            if any(not unit.target for copy in copies for unit in copy.now.live):
                self.run.tell(NoEngine(way_to_model(pair, self.run.context.resources)))
            return [self._made(copy, nearly(copy.now, near)) for copy in copies]
        pivot = innermost(machine)
        if pivot.via:
            through = partial(draft_through_reviewed, pivot=pivot, redraft=self.options.redraft)
            copies = [self._filled(copy, pivot.via, through) for copy in copies]
        copies = self._draft(copies, machine, references, self._telling(more))
        return [self._made(copy, nearly(copy.now, near)) for copy in copies]

    def _telling(self, more: bool, sentences: bool = False) -> Sink:
        """What tells the progress of drafting one group of texts after those before; of single `sentences` nothing else, and not what
        was refused, since their paragraphs wait all the same."""
        group = self._total.next(self.run.tell, more)

        def tell(event: Event) -> None:
            if not sentences:
                group(event)
            elif isinstance(event, Progressed):
                group(replace(event, refused=0))

        return tell

    def foresee(self, pair: LanguagePair, copies: Sequence[WorkingCopy]) -> Forecast:
        """The forecast of `fill`."""
        machine = self.machine(pair)
        changed, asked = self._changed(pair, copies, machine, asking=False), Forecast(self.target)
        if changed is not None:
            made, new = foreseen(changed, machine is not None)
            copies = [replace(copy, now=now) for copy, now in zip(copies, made, strict=True)]
            doubts = tuple(unsure(changed))
            if machine is not None:
                jobs = [Job(those, machine, unrelated=True) for those in (new, doubts) if those]
                asked = sum((replace(forecast(job), units=0) for job in jobs), asked)
        references = self.references.of(copies, self._templates, machine)
        exact, near = finding(self.run.memory, pair)
        withdrawn = Origins(self.run.context, self.target).withdrawn
        filled = [replace(copy, now=exactly(copy.now, exact, withdrawn)) for copy in copies]
        if machine is None:
            filled = [replace(copy, now=nearly(copy.now, near)) for copy in filled]
        catalogs = tuple(copy.now for copy in filled)
        job = replace(self._job(copies, machine, references), catalogs=catalogs) if machine is not None else None
        found = (forecast(job) if job is not None else waiting(catalogs)) + asked
        done = [_summary(copy, self.target, machine) for copy in filled]
        return replace(
            found,
            memory=sum(one.memory for one in done),
            withdrawn=sum(one.withdrawn for one in done),
            reused=sum(one.reused for one in done),
            kept_sentences=sum(one.kept_sentences for one in done),
        )

    def _reused(self, pair: LanguagePair, copies: Sequence[WorkingCopy], machine: Engine | None) -> list[WorkingCopy]:
        """The catalogs, with the changed paragraphs in which sentences keep their reviewed translation put together."""
        changed = self._changed(pair, copies, machine)
        if changed is None:
            return list(copies)
        made = reuse(changed, machine, self._telling(True, sentences=True), self.run.cancellation)
        return [self._made(copy, now) for copy, now in zip(copies, made, strict=True)]

    def _changed(
        self, pair: LanguagePair, copies: Sequence[WorkingCopy], machine: Engine | None, asking: bool = True
    ) -> list[Changed] | None:
        """The catalogs with the plans of their changed paragraphs; None where there is nothing to do. An engine on this machine
        drafts old sentences of which it is not certain what their translation is, as evidence, if `asking`."""
        if not self.run.context.config.merge.sentences:
            return None
        if not any(unit.fuzzy and unit.previous_source for copy in copies for unit in copy.now.live):
            return None
        align = self._aligner(pair).groups
        witness = machine if self._local else None
        by = min(f"{who.engine}/{who.model}".rstrip("/") for who in witness.identities) if witness else ""
        changed = []
        for copy in copies:
            drafted = self._drafted_sentences(pair, copy)
            changed.append(Changed(copy.now, plans(copy.now, drafted, align), drafted, by))
        if not any(one.open for one in changed):
            return None
        if witness is None or not asking:
            return changed
        found = evidence(changed, witness, self._telling(True, sentences=True), self.run.cancellation)
        both = zip(changed, found, strict=True)
        return [replace(one, plans=plans(one.catalog, one.drafted, align, more)) if more else one for one, more in both]

    @property
    def _local(self) -> bool:
        """Whether the engine runs on this machine."""
        return not over_network(self.spec)

    def _aligner(self, pair: LanguagePair) -> Aligner:
        """What aligns sentences by the approved pairs as they were before the run; it learns from them once."""
        from toolkit.alignment.sentences import Aligner  # brings numpy

        if pair not in self._aligners:
            memory = self.run.memory
            self._aligners[pair] = Aligner(pair, lambda: ((one.source, one.target) for one in memory.entries(pair)))
        return self._aligners[pair]

    def _drafted_sentences(self, pair: LanguagePair, copy: WorkingCopy) -> Mapping[str, Sequence[str]]:
        """The sentences of the drafts: as they stand beside the catalog, else as the draft cache has them."""
        found: dict[str, Sequence[str]] = dict(self.store.drafted(copy))
        cache = self.run.context.resources.cache
        for unit in copy.now.units if cache is not None else ():
            if unit.obsolete and unit.state.approved and (key := text_hash(unit.source)) not in found:
                sources = sentence_texts(unit.source, pair.source, copy.now.markup)
                known = cache.sentence_pairs(pair, sources) if cache is not None and len(sources) > 1 else {}
                if targets := _of_one_model(sources, known):
                    found[key] = targets
        return found

    def _job(self, copies: Sequence[WorkingCopy], engine: Engine, references: tuple[References, ...]) -> Job:
        catalogs = tuple(copy.now for copy in copies)
        memory = Approved(self.run.memory) if self.options.examples else None
        terms = self.run.context.terms.glossary(catalogs[0].pair) if catalogs else None
        return Job(catalogs, engine, self.options.redraft, references, memory=memory, terms=terms)

    def _draft(
        self, copies: Sequence[WorkingCopy], engine: Engine, references: tuple[References, ...], tell: Sink
    ) -> list[WorkingCopy]:
        """The catalogs with the engine's drafts; at each checkpoint those that changed are saved."""
        held = list(copies)
        sentences: dict[int, dict[str, Sequence[str]]] = {}

        def drafted(index: int, unit: Unit, targets: Sequence[str]) -> None:
            sentences.setdefault(index, {})[text_hash(unit.source)] = targets

        def checkpoint(changed: Sequence[Catalog]) -> Sequence[Catalog]:
            for index in sorted(sentences):  # first, so that no draft is on disk without them
                self.store.keep_drafted(replace(held[index], now=changed[index]), sentences.pop(index))
            for index, catalog in enumerate(changed):
                if catalog != held[index].now:
                    held[index] = self.store.save(replace(held[index], now=catalog), self.run.tell)
            return [copy.now for copy in held]

        draft(self._job(copies, engine, references), checkpoint, tell, self.run.cancellation, drafted=drafted)
        return held

    def _made(self, copy: WorkingCopy, now: Catalog) -> WorkingCopy:
        """The catalog as it was made, saved if that is something else."""
        return copy if now == copy.now else self.store.save(replace(copy, now=now), self.run.tell)

    def _filled(self, copy: WorkingCopy, language: str, fill: Callable[[Catalog, Catalog], Catalog]) -> WorkingCopy:
        """The catalog, filled from the same article's catalog in another language, if there is one that can be read."""
        try:
            other = self.store.find(copy.article, language)
            now = copy.now if other is None else fill(copy.now, other)
        except DataError as error:
            self.run.tell(Warned(str(error)))
            return copy
        return self.store.save(replace(copy, now=now), self.run.tell)


def _of_one_model(sources: Sequence[str], known: Mapping[str, Sequence[tuple[str, str]]]) -> list[str]:
    """The drafts of all sentences by the same model, if only one model drafted them all, each in one way."""
    models = [{model for _, model in known.get(source, ())} for source in sources]
    shared = set.intersection(*models) if models else set()
    if len(shared) != 1:
        return []
    targets = [[target for target, model in known[source] if model in shared] for source in sources]
    return [one[0] for one in targets] if all(len(one) == 1 for one in targets) else []


def _summary(copy: WorkingCopy, target: str, machine: Engine | None) -> Summary:
    before = {unit.key: (unit.target, unit.line("mt")) for unit in copy.merged.live}
    remembered = {unit.key for unit in copy.merged.live if unit.state is State.REMEMBERED}
    made: Counter[str] = Counter()
    reasons = []
    counts = dict.fromkeys(("approved", "kept", "memory", "converted", "machine"), 0)
    counts |= dict.fromkeys(("withdrawn", "reused", "kept_sentences", "refused", "left"), 0)
    for unit in copy.now.live:
        line = unit.line("mt")
        if not unit.target:
            counts["left"] += 1
            refused = unit.line("refused")
            counts["refused"] += refused is not None
            reasons += [(unit.source[:60], refused.get("why"))] if refused else []
        elif unit.state.approved and not (
            unit.state is State.REMEMBERED and before.get(unit.key, ("",))[0] != unit.target
        ):
            counts["approved"] += 1
        elif unit.key in remembered and withdrawn_from(unit):
            counts["withdrawn"] += 1
        elif before.get(unit.key) == (unit.target, line):
            counts["kept"] += 1
        elif (put := unit.line("reused")) is not None and put.get("kept"):
            counts["reused"] += 1
            counts["kept_sentences"] += len(numbers(put.get("kept")))
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
