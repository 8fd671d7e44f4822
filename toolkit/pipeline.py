"""The journey in a page: read -> segment -> extract -> merge -> draft -> (a person reviews) -> render.

    translate   articles -> catalogs with drafts

What a person does with the catalogs then is in `desk`, what becomes of them in `publish`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from toolkit import desk, project
from toolkit.catalog import read_catalog
from toolkit.config import Config, Target
from toolkit.errors import DataError
from toolkit.jobs import Job, open_job, save, save_template
from toolkit.memory import Drafts, Memory, Pace
from toolkit.project import Loaded, Source
from toolkit.second_source import SecondSource, check, in_order
from toolkit.translation import Options, convert_from, draft, pick, way_to_model
from toolkit.translation.convert import HANS, HANT
from toolkit.translation.forecast import Forecast, forecast
from toolkit.translation.plan import wanted
from toolkit.translation.relay import pivot, relay
from toolkit.translation.standing import Standing
from toolkit.units import Catalog, Engine


@dataclass(frozen=True, slots=True)
class Summary:
    """What `translate` did for one article and language, in paragraphs."""

    article: str
    target_language: str
    catalog: Path
    units: int
    approved: int
    kept: int
    """Drafts that were in the catalog already."""
    memory: int
    converted: int
    """Derived from the catalog in zh-Hans."""
    machine: int
    refused: int
    left: int
    """Still without a translation, the refused ones included."""
    engine: str = ""
    label: str = ""
    """What the model says of itself: `starter model: expect to rewrite`."""
    taken_from: str = ""
    """The old name of a renamed article."""
    made_by: Mapping[str, int] = field(default_factory=dict)
    """Model -> the paragraphs that it drafted now."""
    reasons: tuple[tuple[str, str], ...] = ()
    """The refused paragraphs: opening words, and why."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A run of `translate`."""

    loaded: list[Loaded] = field(default_factory=list)
    """The articles, without their texts."""
    summaries: list[Summary] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """For each pair without an engine one line: the way to a model."""
    notes: list[str] = field(default_factory=list)
    """What else a person should know of the drafts, each said once."""
    paces: list[Pace] = field(default_factory=list)
    """What each model was asked, the draft cache left aside, and how long it took."""


_GROUP = 1500
"""Paragraphs from which on a group of articles is drafted, before the next articles are read."""

Progress = Callable[[str, Standing], None]
"""Called with the target language and how far its drafting has come, the groups of articles before included."""


def translate(
    config: Config,
    sources: Sequence[Source],
    targets: Sequence[str],
    *,
    source_language: str = "",
    engine: str = "",
    options: Options | None = None,
    progress: Progress | None = None,
) -> Translation:
    """Bring the catalogs of `sources` up to date and draft what is empty.

    Raises NoModel when `engine` was named and lacks a pair, UsageError for a second source that can help nobody,
    EngineFailed when an engine stops midway; what was drafted until then is on disk.
    """
    chosen = options or Options()
    check(chosen.second_source, targets, source_language)
    with Drafts() as drafts:
        work = _Work(config, sources, source_language, engine, replace(chosen, drafts=drafts))
        for target in in_order(targets, chosen.second_source, config.targets):
            work.translate(target, progress)
        work.run.warnings.extend(drafts.warnings)
        work.run.paces.extend(drafts.paces)
    slots = options.slots if options is not None else 0
    if slots > 1 and any(pace.tokens for pace in work.run.paces):  # language models alone count tokens
        work.run.notes.append(
            f"{slots} texts were drafted at a time: the words are those of one at a time, the last digits of the scores "
            "may not be"
        )
    return work.run


def foresee(
    config: Config,
    sources: Sequence[Source],
    targets: Sequence[str],
    *,
    source_language: str = "",
    engine: str = "",
    options: Options | None = None,
) -> list[Forecast]:
    """What `translate` would have to do, for each target language; nothing is written, no model is loaded."""
    check((options or Options()).second_source, targets, source_language)
    with Drafts() as drafts:
        work = _Work(config, sources, source_language, engine, replace(options or Options(), drafts=drafts))
        return [work.foresee(target) for target in targets]


@dataclass(slots=True)
class _Work:
    """A run, in groups of articles, so that memory does not grow with the project."""

    config: Config
    sources: Sequence[Source]
    source_language: str
    engine: str
    options: Options
    run: Translation = field(default_factory=Translation)
    _few: list[Loaded] | None = None
    """All articles, where one group holds them."""

    def translate(self, target: str, progress: Progress | None) -> None:
        """All articles into one language."""
        catalogs = _Catalogs(self, target)
        before, articles = Standing(), 0
        for group in self._groups():
            articles += len(group)
            told = progress if articles == len(self.sources) or progress is None else _more(progress)
            for one in group if not self._told(group) else ():
                self.run.loaded.append(one)
                self.run.warnings.extend(one.warnings)
                save_template(self.config, one)
            for tag, jobs in catalogs.jobs(group).items():
                for job in jobs:
                    save(job)
                before = catalogs.fill(tag, jobs, told, before)
                self.run.summaries.extend(_summary(job, catalogs.machine(tag)) for job in jobs)
                self.run.warnings.extend(line for job in jobs for line in job.conflicts)
        catalogs.second.tell()

    def foresee(self, target: str) -> Forecast:
        """What is open in one language, memory and draft cache taken into account."""
        catalogs, total = _Catalogs(self, target), Forecast(target, articles=len(self.sources))
        for group in self._groups():
            for tag, jobs in catalogs.jobs(group).items():
                total += catalogs.foresee(tag, jobs)
        return total

    def _told(self, group: Sequence[Loaded]) -> bool:
        return any(one.source.id == group[0].source.id for one in self.run.loaded)

    def _groups(self) -> Iterator[list[Loaded]]:
        """The articles in order, of each what drafting needs; read anew for every language unless they are few."""
        if self._few is not None:
            yield self._few
            return
        group: list[Loaded] = []
        for number, source in enumerate(self.sources, 1):
            one = project.load(self.config, source, self.source_language)
            group.append(replace(one, article=replace(one.article, original="", parts=())))
            last = number == len(self.sources)
            if last or sum(len(one.template.units) for one in group) >= _GROUP:
                if last and len(group) == len(self.sources):
                    self._few = group
                yield group
                group = []


class _Catalogs:
    """One target language of a run: its engines, each made once, and its memory, read when it is needed."""

    def __init__(self, work: _Work, target: str) -> None:
        self.work = work
        self.target = target
        wants = work.config.targets.get(target, Target())
        self.spec = work.engine or wants.engine
        self.options = replace(work.options, variant=wants.variant or "tw", remotes=work.config.remotes)
        self._machines: dict[str, Engine | None] = {}
        self._ids = [source.id for source in work.sources]
        language = self.options.second_source or wants.second_source
        self.second = SecondSource(work.config, self._ids, target, language, self.options.redraft, work.run.warnings)

    def jobs(self, group: Sequence[Loaded]) -> dict[str, list[Job]]:
        """Source language -> the catalogs of the group's articles, merged."""
        found: dict[str, list[Job]] = {}
        for one in group:
            if one.article.source_language != self.target:
                job = open_job(self.work.config, one, self.target, self._ids)
                found.setdefault(one.article.source_language, []).append(job)
        return found

    def machine(self, tag: str) -> Engine | None:
        """The engine for articles in that language."""
        if tag not in self._machines:
            self._machines[tag] = pick(self.spec, tag, self.target, self.options)
        return self._machines[tag]

    @cached_property
    def memory(self) -> Memory:
        """What people approved in this language so far."""
        return Memory.of(desk.readable_catalogs(self.work.config, self.target, self.work.run.warnings))

    def fill(self, tag: str, jobs: list[Job], progress: Progress | None, before: Standing) -> Standing:
        """Memory first, then what is derived, then the machine; how far the language has come by then."""
        machine, run = self.machine(tag), self.work.run
        self.second.give(tag, jobs, machine)
        redraft = self.options.redraft
        if any(wanted(unit, frozenset(), redraft, job.second) for job in jobs for unit in job.now.live):
            _draft(jobs, self.memory, self.options, None, before)
        for job in jobs if self.target == HANT else ():
            _derive(self.work.config, job, self.options.variant, run.warnings)
        if machine is not None:
            self._relay(tag, jobs, machine)
            return _draft(jobs, machine, self.options, progress, before)
        if any(not unit.target for job in jobs for unit in job.now.live):
            run.missing.append(way_to_model(tag, self.target))
        return before

    def foresee(self, tag: str, jobs: Sequence[Job]) -> Forecast:
        """What `fill` would ask its machine."""
        machine = self.machine(tag)
        self.second.give(tag, jobs, machine)
        helps = [job.second for job in jobs]
        filled = draft([job.now for job in jobs], self.memory, self.options, seconds=helps)
        return forecast(filled, machine, self.options, self.target, helps)

    def _relay(self, tag: str, jobs: list[Job], machine: Engine) -> None:
        """Where a machine goes through another language, and a person approved the paragraph in it, her words are the source."""
        via = pivot(machine)
        if via is None:
            return
        for job in jobs:
            path = project.catalog_path(self.work.config, job.loaded.source.id, via.via)
            if path.is_file():
                job.now = relay(job.now, read_catalog(path), via, self.options)
                save(job)


def _derive(config: Config, job: Job, variant: str, warnings: list[str]) -> None:
    """Fill the catalog in zh-Hant from the article's catalog in zh-Hans, if there is one."""
    path = project.catalog_path(config, job.loaded.source.id, HANS)
    if not path.is_file():
        return
    try:
        job.now = convert_from(job.now, read_catalog(path), variant)
    except DataError as error:
        warnings.append(str(error))
    else:
        save(job)


def _more(progress: Progress) -> Progress:
    """The same, told that further articles come after these."""
    return lambda target, standing: progress(target, replace(standing, more=True))


def _draft(jobs: list[Job], engine: Engine, options: Options, progress: Progress | None, before: Standing) -> Standing:
    """Each checkpoint puts the catalogs that changed on disk; what was drafted `before` counts in what is told."""
    last = before

    def checkpoint(changed: Sequence[Catalog]) -> Sequence[Catalog]:
        for job, catalog in zip(jobs, changed, strict=True):
            if catalog != job.now:
                job.now = catalog
                save(job)
        return [job.now for job in jobs]

    def tick(now: Standing) -> None:
        nonlocal last
        last = now.after(before)
        if progress is not None:
            progress(jobs[0].target, last)

    told = tick if progress is not None else None
    helps = [job.second for job in jobs]
    draft([job.now for job in jobs], engine, options, seconds=helps, checkpoint=checkpoint, progress=told)
    return last


def _summary(job: Job, machine: Engine | None) -> Summary:
    before = {(unit.context, unit.source): (unit.target, unit.mark("mt")) for unit in job.merged.live}
    made: Counter[str] = Counter()
    reasons = []
    counts = dict.fromkeys(("approved", "kept", "memory", "converted", "machine", "refused", "left"), 0)
    for unit in job.now.live:
        if not unit.target:
            counts["left"] += 1
            refused = unit.mark("refused")
            counts["refused"] += refused is not None
            reasons += [(unit.source[:60], refused.get("why"))] if refused else []
        elif unit.state.approved:
            counts["approved"] += 1
        elif before.get((unit.context, unit.source)) == (unit.target, unit.mark("mt")):
            counts["kept"] += 1
        else:
            counts["memory" if unit.mark("tm") else "converted" if unit.mark("convert") else "machine"] += 1
            mark = unit.mark("mt")
            made.update([f"{mark.get('engine')} {mark.get('model')}".strip()] if mark else [])
    return Summary(
        job.loaded.source.id,
        job.target,
        job.path,
        len(list(job.now.live)),
        **counts,
        engine=_engine(machine),
        label=getattr(machine, "label", ""),
        taken_from=job.taken_from,
        made_by=dict(made),
        reasons=tuple(reasons),
    )


def _engine(machine: Engine | None) -> str:
    """As a person is told of it: its name, and the language that it goes through."""
    via = pivot(machine) if machine else None
    return "" if machine is None else f"{machine.name}, through {via.via}" if via else machine.name
