"""`lokta translate`: articles in, catalogs with drafts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.console import say, say_json
from toolkit.cli.options import articles_argument, drafting_options, format_option, jobs_option, open_project, to_option

if TYPE_CHECKING:
    from toolkit.project.config import Config
    from toolkit.translation.options import Options


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
    help="argos, ctranslate2, llama, pseudo, chat, libretranslate, or one of them with a model.",
)
@drafting_options
@jobs_option
@format_option
@click.option("--yes", is_flag=True, help="Do not ask before texts go to a server.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and how long it would take; write nothing.")
def translate(
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    source_language: str,
    engine: str,
    yes: bool,
    dry_run: bool,
    jobs: int,
    form: str,
    **chosen: Any,
) -> None:
    """Draft articles into catalogs that a person reviews.

    ARTICLE is a text, Markdown or HTML file, or a folder of them; in a project (lokta init) it and --to may be left
    out. The catalogs lie in locales/<locale>/LC_MESSAGES/; what is in them already is kept, what a person wrote is
    never overwritten. Stop it when you like: the same command goes on.

    \b
    Example:
      lokta translate my-post.md --to bo,zh-Hans
    """
    from toolkit.cli import network, report
    from toolkit.cli.progress import shown
    from toolkit.errors import DataError, UsageError
    from toolkit.events import Recorder
    from toolkit.language import language
    from toolkit.pipeline import report as receipt
    from toolkit.pipeline import translate as pipeline
    from toolkit.project.discovery import find

    with open_project() as context:
        told = Recorder()
        sources = find(context.config, articles, told)
        wanted = targets or context.store.targets()
        if not wanted:
            raise UsageError("say into which language: lokta translate ARTICLE --to bo,zh-Hans (see: lokta languages)")
        tag = language(source_language).tag if source_language else ""
        asked_for = targets or context.config.targets or wanted
        begun = frozenset(wanted) - frozenset(asked_for)
        order = pipeline.Order(sources, tuple(wanted), tag, engine, _options(context.config, chosen), jobs, begun)
        if dry_run:
            foreseen = pipeline.foresee(context, order, told)
            for line in (*map(report.forecast, foreseen), *network.lines(foreseen)):
                say(line)
            for line in told.warnings:
                say(line, err=True)
            return
        if asked := network.targets(context.config, wanted, engine):
            network.announce(context.config, pipeline.foresee(context, replace(order, targets=tuple(asked))), yes)
        with shown(told) as sink:
            run = pipeline.translate(context, order, sink)
        try:
            receipt.write(context, run, told)
            trouble = ""
        except DataError as error:
            trouble = f"{error}; the catalogs are complete, only the record of this run is missing"
    if form == "json":
        say_json(receipt.receipt(context, run, told))
    else:
        report.tell(run, told, tuple(asked_for))
    if run.left_out:
        raise DataError(_left_out(run.left_out, len(sources)))
    if not run.summaries:
        raise UsageError(
            "nothing was translated: each article is in the target language already; name another (--to LANG)"
        )
    if trouble:
        raise DataError(trouble)


def _left_out(names: Sequence[str], among: int) -> str:
    """What is said where articles were left out, after the reasons."""
    return (
        f"left out for the reasons above: {len(names)} of {among} articles ({', '.join(names[:5])}{', …' * (len(names) > 5)}); "
        "mend them, and the same command does them"
    )


def _options(config: Config, chosen: Mapping[str, Any]) -> Options:
    """What the command says, before what the project says."""
    from toolkit.language import language
    from toolkit.translation.options import Options

    said = {key: value for key, value in chosen.items() if value is not None}
    for name in ("via", "reference_language"):
        said[name] = language(said[name]).tag if said[name] else ""
    return Options(**{**asdict(config.drafting), **said})
