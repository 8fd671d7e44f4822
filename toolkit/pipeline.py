"""The journey in a page: read -> segment -> extract -> merge -> draft -> (a person reviews) -> render.

    translate   articles -> catalogs with drafts

What a person does with the catalogs then is in `desk`, what becomes of them in `publish`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import desk, project
from toolkit.config import Config
from toolkit.jobs import Job, open_job, save, save_template
from toolkit.memory import Memory
from toolkit.project import Loaded, Source
from toolkit.translation import Options, draft, pick, way_to_model
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
    loaded = tuple(project.load(config, source, source_language) for source in sources)
    run = Translation(loaded, [], [line for one in loaded for line in one.warnings], [])
    for one in loaded:
        save_template(config, one)
    for target in targets:
        jobs = [open_job(config, one, target, loaded) for one in loaded if one.article.source_language != target]
        for job in jobs:
            save(job)
        spec = engine or (config.targets[target].engine if target in config.targets else "")
        for tag in dict.fromkeys(job.loaded.article.source_language for job in jobs):
            same = [job for job in jobs if job.loaded.article.source_language == tag]
            machine = pick(spec, tag, target, options or Options())
            if machine is None and any(not unit.target for job in same for unit in job.now.live):
                run.missing.append(way_to_model(tag, target))
            memory = Memory.of(desk.readable_catalogs(config, target, run.warnings))
            _draft(same, [memory, machine], options or Options(), progress)
            run.summaries.extend(_summary(job, machine) for job in same)
        run.warnings.extend(line for job in jobs for line in job.conflicts)
    return run


def _draft(jobs: list[Job], engines: Sequence[Engine | None], options: Options, progress: Progress | None) -> None:
    """Memory first, then the machine; each checkpoint puts the catalogs that changed on disk."""

    def checkpoint(changed: Sequence[Catalog]) -> Sequence[Catalog]:
        for job, catalog in zip(jobs, changed, strict=True):
            if catalog != job.now:
                job.now = catalog
                save(job)
        return [job.now for job in jobs]

    def tick(done: int, total: int) -> None:
        if progress is not None:
            progress(jobs[0].target, done, total)

    for engine in engines:
        if engine is not None:
            draft([job.now for job in jobs], engine, options, checkpoint=checkpoint, progress=tick)


def _summary(job: Job, machine: Engine | None) -> Summary:
    before = {(unit.context, unit.source): unit.target for unit in job.merged.live}
    counts = dict.fromkeys(("approved", "kept", "memory", "machine", "refused", "left"), 0)
    for unit in job.now.live:
        if not unit.target:
            counts["left"] += 1
            counts["refused"] += unit.mark("refused") is not None
        elif unit.state.approved:
            counts["approved"] += 1
        elif before.get((unit.context, unit.source)) == unit.target:
            counts["kept"] += 1
        else:
            counts["memory" if unit.mark("tm") else "machine"] += 1
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
