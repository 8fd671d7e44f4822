"""`lokta translate`: articles in, catalogs with drafts out."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.options import articles_argument, to_option

if TYPE_CHECKING:
    from rich.progress import TaskID

    from toolkit.pipeline import Progress, Summary, Translation
    from toolkit.translation.forecast import Forecast

_MANY = 24
"""With more lines than this the articles are added up."""


@click.command(short_help="Draft articles into catalogs.")
@articles_argument
@to_option
@click.option(
    "--from", "source_language", metavar="LANG", default="", help="Language of the articles, if they do not say it."
)
@click.option(
    "--engine",
    metavar="ENGINE[/MODEL]",
    default="",
    help="argos, ctranslate2, llama, pseudo, or one of them with a model.",
)
@click.option("--via", metavar="LANG", default="", help="Draft through a language in between.")
@click.option("--fast", is_flag=True, help="Greedy search: faster, a little worse.")
@click.option("--redraft", is_flag=True, help="Draft again what no person touched (after a better model came).")
@click.option("--beam", metavar="N", type=click.IntRange(1, 32), default=None, help="Hypotheses in a search; else 4.")
@click.option(
    "--batch-tokens", metavar="N", type=click.IntRange(32, 65536), default=None, help="Pieces in a batch; else 1024."
)
@click.option(
    "--device", type=click.Choice(["auto", "cpu", "cuda"]), default=None, help="Else a graphics card if one is seen."
)
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and how long it would take; write nothing.")
def translate(
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    source_language: str,
    engine: str,
    via: str,
    fast: bool,
    redraft: bool,
    beam: int | None,
    batch_tokens: int | None,
    device: str | None,
    dry_run: bool,
) -> None:
    """Draft articles into catalogs that a person reviews.

    ARTICLE is a text, Markdown or HTML file, or a folder of them; in a project (lokta init) it and --to may be left
    out. The catalogs lie in locales/<locale>/LC_MESSAGES/; what is in them already is kept, what a person wrote is
    never overwritten. Stop it when you like: the same command goes on.

    \b
    Example:
      lokta translate my-post.md --to bo,zh-Hans
    """
    from toolkit import config as settings
    from toolkit import pipeline, project, receipt
    from toolkit.errors import UsageError
    from toolkit.language import language
    from toolkit.translation import Options

    config = settings.load(Path.cwd())
    sources = project.find(config, articles)
    wanted = targets or project.targets(config)
    if not wanted:
        raise UsageError("say into which language: lokta translate ARTICLE --to bo,zh-Hans (see: lokta languages)")
    chosen = {"beam": beam, "batch_tokens": batch_tokens, "device": device}
    drafting = {**asdict(config.drafting), **{key: value for key, value in chosen.items() if value is not None}}
    options = Options(fast=fast, via=language(via).tag if via else "", redraft=redraft, **drafting)
    tag = language(source_language).tag if source_language else ""
    if dry_run:
        for one in pipeline.foresee(config, sources, wanted, source_language=tag, engine=engine, options=options):
            click.echo(_forecast(one))
        return
    with _bar() as progress:
        run = pipeline.translate(
            config,
            sources,
            wanted,
            source_language=tag,
            engine=engine,
            options=options,
            progress=progress,
        )
    receipt.write(config, run)
    _report(run, wanted)


def _forecast(one: Forecast) -> str:
    asked = f"{one.units:,} paragraphs, {one.sentences:,} sentences to ask ({one.characters:,} new characters)"
    if not one.engine:
        return f"{one.target_language}: {one.articles} articles: {one.units:,} paragraphs wait for a model"
    time = "time unknown before the first run with this model" if one.seconds is None else f"about {_time(one.seconds)}"
    return f"{one.target_language}: {one.articles} articles: {asked}, {time} ({one.engine})"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1 if seconds else 0)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _report(run: Translation, targets: Sequence[str]) -> None:
    from toolkit.files import printable, show
    from toolkit.language import language

    for one in run.loaded:
        if not one.language_said:
            name = language(one.article.source_language).name
            said = f"nobody says its language, so {name} was taken (--from LANG)"
            click.echo(f"{show(one.source.path)}: {said}", err=True)
        if one.article.source_language in targets:
            click.echo(f"{show(one.source.path)}: is in {one.article.source_language} already; not translated into it")
    for line in run.warnings:
        click.echo(printable(line), err=True)
    lines = run.summaries if len(run.summaries) <= _MANY else [_sum(run.summaries, target) for target in targets]
    for summary in lines:
        click.echo(_line(summary))
    for line in dict.fromkeys(run.missing):
        click.echo(printable(line))
    for label in dict.fromkeys(summary.label for summary in run.summaries if summary.machine and summary.label):
        click.echo(label)
    _next(run)


def _line(summary: Summary) -> str:
    from toolkit.files import printable

    parts = [
        (summary.approved, "approved"),
        (summary.kept, "from the drafts on file"),
        (summary.memory, "from memory"),
        (summary.converted, "converted from zh-Hans"),
        (summary.machine, f"by machine now ({summary.engine})"),
        (summary.refused, "refused"),
        (summary.left - summary.refused, "left"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in parts if count) or "nothing to translate"
    taken = f" (taken over from {summary.taken_from}.po)" if summary.taken_from else ""
    return printable(f"{summary.article} -> {summary.target_language}: {summary.units} paragraphs: {said}{taken}")


def _sum(summaries: Sequence[Summary], target: str) -> Summary:
    from toolkit.pipeline import Summary

    mine = [summary for summary in summaries if summary.target_language == target]
    counts = {f.name: sum(getattr(s, f.name) for s in mine) for f in fields(Summary) if f.type in ("int", int)}
    engine = next((s.engine for s in mine if s.engine), "")
    label = next((s.label for s in mine if s.label), "")
    return Summary(f"{len(mine)} articles", target, mine[0].catalog, engine=engine, label=label, **counts)


def _next(run: Translation) -> None:
    from toolkit.files import show

    if not run.summaries:
        return
    catalogs = sorted({show(summary.catalog) for summary in run.summaries})
    click.echo("catalogs: " + ", ".join(catalogs[:4]) + (f" and {len(catalogs) - 4} more" if len(catalogs) > 4 else ""))
    click.echo("next: lokta review --list, or open a catalog in Poedit; then lokta build")


@contextlib.contextmanager
def _bar() -> Iterator[Progress | None]:
    """A progress bar per language on a terminal; nothing otherwise."""
    from toolkit.cli.console import console

    screen = console(stderr=True)
    if not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(target: str, done: int, total: int) -> None:
            if target not in tasks:
                tasks[target] = bar.add_task(f"drafting into {target}", total=total)
            bar.update(tasks[target], completed=done, total=total)

        yield advance
