"""The journey in a page: read -> segment -> extract -> merge -> draft -> (a person reviews) -> render.

    translate   articles -> catalogs with drafts

What a person does with the catalogs then is in `desk`, what becomes of them in `publish`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import desk, project
from toolkit.catalog import read_catalog
from toolkit.config import Config, Target
from toolkit.errors import DataError
from toolkit.jobs import Job, open_job, save, save_template
from toolkit.memory import Drafts, Memory
from toolkit.project import Loaded, Source
from toolkit.translation import Options, convert_from, draft, pick, way_to_model
from toolkit.translation.convert import HANS, HANT
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


@dataclass(frozen=True, slots=True)
class Translation:
    """A run of `translate`."""

    loaded: tuple[Loaded, ...]
    summaries: list[Summary]
    warnings: list[str]
    missing: list[str]
    """For each pair without an engine one line: the way to a model."""


Progress = Callable[[str, int, int], None]
"""Called with the target language, sentences done, sentences in all."""


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

    Raises NoModel when `engine` was named and lacks a pair, EngineFailed when it stops midway; what was drafted
    until then is on disk.
    """
    with Drafts() as drafts:
        chosen = replace(options or Options(), drafts=drafts)
        run = _translated(config, sources, targets, source_language, engine, chosen, progress)
        run.warnings.extend(drafts.warnings)
    return run


def _translated(
    config: Config,
    sources: Sequence[Source],
    targets: Sequence[str],
    source_language: str,
    engine: str,
    options: Options,
    progress: Progress | None,
) -> Translation:
    loaded = tuple(project.load(config, source, source_language) for source in sources)
    run = Translation(loaded, [], [line for one in loaded for line in one.warnings], [])
    for one in loaded:
        save_template(config, one)
    for target in sorted(targets, key=lambda tag: tag == HANT):  # derived from zh-Hans, so it comes after it
        jobs = [open_job(config, one, target, loaded) for one in loaded if one.article.source_language != target]
        for job in jobs:
            save(job)
        wants = config.targets.get(target, Target())
        spec = engine or wants.engine
        chosen = replace(options, variant=wants.variant or "tw")
        for tag in dict.fromkeys(job.loaded.article.source_language for job in jobs):
            same = [job for job in jobs if job.loaded.article.source_language == tag]
            machine = pick(spec, tag, target, chosen)
            memory = Memory.of(desk.readable_catalogs(config, target, run.warnings))
            _draft(same, memory, chosen, progress)
            for job in same if target == HANT else ():
                _derive(config, job, chosen.variant, run.warnings)
            if machine is not None:
                _draft(same, machine, chosen, progress)
            elif any(not unit.target for job in same for unit in job.now.live):
                run.missing.append(way_to_model(tag, target))
            run.summaries.extend(_summary(job, machine) for job in same)
        run.warnings.extend(line for job in jobs for line in job.conflicts)
    return run


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


def _draft(jobs: list[Job], engine: Engine, options: Options, progress: Progress | None) -> None:
    """Each checkpoint puts the catalogs that changed on disk."""

    def checkpoint(changed: Sequence[Catalog]) -> Sequence[Catalog]:
        for job, catalog in zip(jobs, changed, strict=True):
            if catalog != job.now:
                job.now = catalog
                save(job)
        return [job.now for job in jobs]

    def tick(done: int, total: int) -> None:
        if progress is not None:
            progress(jobs[0].target, done, total)

    draft([job.now for job in jobs], engine, options, checkpoint=checkpoint, progress=tick)


def _summary(job: Job, machine: Engine | None) -> Summary:
    before = {(unit.context, unit.source): unit.target for unit in job.merged.live}
    counts = dict.fromkeys(("approved", "kept", "memory", "converted", "machine", "refused", "left"), 0)
    for unit in job.now.live:
        if not unit.target:
            counts["left"] += 1
            counts["refused"] += unit.mark("refused") is not None
        elif unit.state.approved:
            counts["approved"] += 1
        elif before.get((unit.context, unit.source)) == unit.target:
            counts["kept"] += 1
        else:
            counts["memory" if unit.mark("tm") else "converted" if unit.mark("convert") else "machine"] += 1
    return Summary(
        job.loaded.source.id,
        job.target,
        job.path,
        len(list(job.now.live)),
        **counts,
        engine=machine.name if machine else "",
        label=getattr(machine, "label", ""),
        taken_from=job.taken_from,
    )
