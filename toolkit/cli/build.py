"""`lokta build`: catalogs become editions and packages."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.console import say, say_json, short
from toolkit.cli.options import articles_argument, jobs_option, open_project, to_option


@click.command(short_help="Build editions and packages.")
@articles_argument
@to_option
@click.option("--format", "forms", default="native,html,mo", show_default=True, help="Forms of edition, with commas.")
@click.option("--only-reviewed", is_flag=True, help="Leave out what nobody approved; the source stands in its place.")
@click.option("--include-drafts", is_flag=True, help="Put drafts into .mo too.")
@click.option("--strict", is_flag=True, help="Build nothing when a check finds an error.")
@click.option("--package", "packaged", is_flag=True, help="One reproducible zip per language, with a manifest.")
@click.option("--json", "as_json", is_flag=True, help="Say it for programs.")
@jobs_option
@click.pass_context
def build(
    ctx: click.Context,
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    forms: str,
    only_reviewed: bool,
    include_drafts: bool,
    strict: bool,
    packaged: bool,
    jobs: int,
    as_json: bool,
) -> None:
    """Build editions: the article in its own format, a web page, .mo; each marks what a machine wrote.

    They lie in editions/<format>/<language>/. A paragraph whose translation cannot be put in safely stands in the
    source language, is named, and the exit code is 1.

    \b
    Example:
      lokta build --to bo --format html --package
    """
    from toolkit.edition import FORMATS, Policy
    from toolkit.errors import UsageError
    from toolkit.events import Recorder
    from toolkit.pipeline.build import Choice, translated
    from toolkit.pipeline.build import build as publish
    from toolkit.project.discovery import find

    if only_reviewed and include_drafts:
        raise UsageError("--only-reviewed and --include-drafts exclude each other; choose one")
    policy = Policy(only_reviewed=only_reviewed, include_drafts=include_drafts)
    wanted = tuple(dict.fromkeys(form.strip() for form in forms.split(",") if form.strip()))
    if not wanted:
        raise UsageError(f"--format names no form of edition; known are {', '.join(FORMATS)}")
    told = Recorder()
    with open_project() as context:
        sources = find(context.config, articles, told) if articles else translated(context, told)
        built = publish(context, sources, targets, Choice(wanted, policy, strict, packaged, jobs), told)
    if as_json:
        said = {
            "editions": {short(str(folder)): count for folder, count in built.folders.items()},
            "packages": [short(str(path)) for path in built.packages],
            "problems": built.problems,
            "notes": told.notes,
            "warnings": told.warnings,
        }
        say_json(said)
        ctx.exit(1 if built.problems or told.warnings else 0)
    for line in built.problems:
        say(line, err=True)
    for folder, count in built.folders.items():
        say(f"{count} {'edition' if count == 1 else 'editions'} in {folder}/")
    for path in built.packages:
        say(f"package: {path}")
    for line in told.notes:
        say(line)
    for line in told.warnings:
        say(line, err=True)
    ctx.exit(1 if built.problems or told.warnings else 0)
