"""`lokta check`: what is wrong with the translations."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.console import count, say, short
from toolkit.cli.options import articles_argument, jobs_option, open_project, to_option


@click.command(short_help="Check translations for mistakes.")
@articles_argument
@to_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to print it."
)
@jobs_option
@click.pass_context
def check(ctx: click.Context, articles: tuple[Path, ...], targets: tuple[str, ...], form: str, jobs: int) -> None:
    """Check translations; the exit code is 1 when one has an error.

    ARTICLE is an article or a .po file; none means all of the project. A line
    `# lokta: ignore check=NAME` in an entry silences a check there.

    \b
    Example:
      lokta check locales/bo/LC_MESSAGES/my-post.po
    """
    from dataclasses import replace

    from toolkit.pipeline.review import ReviewService
    from toolkit.review.report import to_github, to_json

    with open_project() as context:
        service = ReviewService(context)
        files = service.files(articles, targets)
        found = [replace(d, file=short(d.file)) for d in service.check(files, jobs)]
    if form == "json":
        click.echo(to_json(found))
    elif form == "github":
        click.echo("".join(f"{line}\n" for line in to_github(found)), nl=False)
    else:
        for d in found:
            say(f"{d.file}:{d.line}: {d.severity}: {d.message} [{d.check}]")
        counts = [sum(d.severity == severity for d in found) for severity in ("error", "warning", "info")]
        click.echo(", ".join(map(count, counts, ("error", "warning", "note"))))
    ctx.exit(1 if any(d.severity == "error" for d in found) else 0)
