"""`lokta translate`: articles in, catalogs with drafts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.options import articles_argument, drafting_options, to_option

if TYPE_CHECKING:
    from toolkit.config import Config
    from toolkit.translation import Options


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
@click.option("--yes", is_flag=True, help="Do not ask before texts go to a server.")
@click.option("--dry-run", is_flag=True, help="Say what would be asked, and how long it would take; write nothing.")
def translate(
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    source_language: str,
    engine: str,
    yes: bool,
    dry_run: bool,
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
    from toolkit import config as settings
    from toolkit import pipeline, project, receipt
    from toolkit.cli import network, report
    from toolkit.cli.progress import shown
    from toolkit.errors import UsageError
    from toolkit.language import language

    config = settings.load(Path.cwd())
    sources = project.find(config, articles)
    wanted = targets or project.targets(config)
    if not wanted:
        raise UsageError("say into which language: lokta translate ARTICLE --to bo,zh-Hans (see: lokta languages)")
    options = _options(config, chosen)
    tag = language(source_language).tag if source_language else ""
    foresee = partial(pipeline.foresee, config, sources, source_language=tag, engine=engine, options=options)
    if dry_run:
        for line in (*map(report.forecast, foreseen := foresee(wanted)), *network.lines(foreseen)):
            click.echo(line)
        return
    if asked := network.targets(config, wanted, engine):
        network.announce(foresee(asked), yes)
    with shown() as progress:
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
    report.tell(run, wanted)


def _options(config: Config, chosen: Mapping[str, Any]) -> Options:
    """What the command says, before what the project says."""
    from toolkit.language import language
    from toolkit.translation import Options

    said = {key: value for key, value in chosen.items() if value is not None}
    for name in ("via", "second_source"):
        said[name] = language(said[name]).tag if said[name] else ""
    return Options(**{**asdict(config.drafting), **said})
