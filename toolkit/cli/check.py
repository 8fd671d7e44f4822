"""`lokta check`: what is wrong with the translations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.console import count, say, say_json, short
from toolkit.cli.options import articles_argument, jobs_option, open_project, to_option

if TYPE_CHECKING:
    from toolkit.units import Diagnostic


@click.command(short_help="Check translations for mistakes.")
@articles_argument
@to_option
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "github"]), default="text", help="How to print it."
)
@click.option("--errors-only", is_flag=True, help="Leave warnings and notes out.")
@click.option(
    "--fix", is_flag=True, help="Mend marks, blanks and digits where that is certain, in what nobody approved."
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Say only what is new since FILE was written; where there is none, write it.",
)
@jobs_option
@click.pass_context
def check(
    ctx: click.Context,
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    form: str,
    errors_only: bool,
    fix: bool,
    baseline: Path | None,
    jobs: int,
) -> None:
    """Check translations; the exit code is 1 when one has an error, or cannot be read.

    ARTICLE is an article or a .po file; none means all of the project. An error is wrong for certain, a warning should be
    looked at, a note is advice. A line `# lokta: ignore check=NAME` in an entry silences a check there; `ignore = ["NAME"]`
    in lokta.toml, in [checks] or [target.LANG], silences it in the project or for a language.

    \b
    Example:
      lokta check locales/bo/LC_MESSAGES/my-post.po
    """
    from dataclasses import replace

    from toolkit.events import Recorder
    from toolkit.pipeline.review import ReviewService
    from toolkit.review.report import rows, to_github

    told = Recorder()
    with open_project() as context:
        service = ReviewService(context)
        files = service.files(articles, targets)
        if fix:
            for path in [path for path, _ in service.read(files, told)]:
                _said(path, *service.fix(path))
        found = [replace(d, file=short(d.file)) for d in service.check(files, jobs, told)]
        for name in sorted(context.config.all_ignored - set(service.every_check)):
            say(f"lokta.toml: ignore = [{name!r}] names no check, so nothing is silenced by it", err=True)
    if baseline is not None:
        found = _since(baseline, found)
    if errors_only:
        found = [d for d in found if d.severity == "error"]
    if form == "json":
        say_json(rows(found))
    elif form == "github":
        click.echo("".join(f"{line}\n" for line in to_github(found)), nl=False)
    else:
        for d in found:
            say(f"{d.file}:{d.line}: {d.severity}: {d.message} [{d.check}]")
        counts = [sum(d.severity == severity for d in found) for severity in ("error", "warning", "info")]
        click.echo(", ".join(map(count, counts, ("error", "warning", "note"))))
    for line in told.warnings:
        say(f"{line}; it was not checked", err=True)
    ctx.exit(1 if told.warnings or any(d.severity == "error" for d in found) else 0)


def _said(path: Path, mended: int, left: int) -> None:
    """Say what was mended in a catalog."""
    if mended or left:
        approved = f"; {count(left, 'approved one')} left for a person" if left else ""
        say(f"{path}: mended {count(mended, 'paragraph')}{approved}", err=True)


def _since(path: Path, found: list[Diagnostic]) -> list[Diagnostic]:
    """The findings that are not in a baseline; where there is no such file, it is written, and none is new."""
    import json

    from toolkit.errors import DataError
    from toolkit.files import atomic_write, read_text
    from toolkit.review.report import baseline, new_since

    if not path.exists():
        atomic_write(path.absolute(), json.dumps(baseline(found), indent=0) + "\n")
        say(f"wrote {path}: {count(len(found), 'finding')}; from now on only what is new is said", err=True)
        return []
    try:
        known = json.loads(read_text(path.absolute()))
        return new_since([str(one) for one in known], found)
    except (ValueError, TypeError, RecursionError):
        raise DataError(f"{path}: is no baseline; take it away, and a new one is written") from None
