"""`lokta build`: catalogs become editions and packages."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.options import articles_argument, to_option


@click.command(short_help="Build editions and packages.")
@articles_argument
@to_option
@click.option("--format", "forms", default="native,html,mo", show_default=True, help="Forms of edition, with commas.")
@click.option("--only-reviewed", is_flag=True, help="Leave out what nobody approved; the source stands in its place.")
@click.option("--include-drafts", is_flag=True, help="Put drafts into .mo too.")
@click.option("--strict", is_flag=True, help="Build nothing when a check finds an error.")
@click.option("--package", "packaged", is_flag=True, help="One reproducible zip per language, with a manifest.")
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
) -> None:
    """Build editions: the article in its own format, a web page, .mo; each marks what a machine wrote.

    They lie in editions/<format>/<language>/. A paragraph whose translation cannot be put in safely stands in the
    source language, is named, and the exit code is 1.

    \b
    Example:
      lokta build --to bo --format html --package
    """
    from toolkit import config as settings
    from toolkit import project
    from toolkit.edition import Policy
    from toolkit.errors import UsageError
    from toolkit.files import printable, show
    from toolkit.publish import Choice, translated
    from toolkit.publish import build as publish

    if only_reviewed and include_drafts:
        raise UsageError("--only-reviewed and --include-drafts exclude each other; choose one")
    config = settings.load(Path.cwd())
    sources = project.find(config, articles) if articles else translated(config)
    policy = Policy(only_reviewed=only_reviewed, include_drafts=include_drafts)
    wanted = tuple(dict.fromkeys(form.strip() for form in forms.split(",") if form.strip()))
    built = publish(config, sources, targets, Choice(wanted, policy, strict, packaged))
    for line in built.problems:
        click.echo(printable(line), err=True)
    for folder, count in built.folders.items():
        click.echo(f"{count} {'edition' if count == 1 else 'editions'} in {show(folder)}/")
    for path in built.packages:
        click.echo(f"package: {show(path)}")
    for line in built.notes:
        click.echo(printable(line))
    ctx.exit(1 if built.problems else 0)
