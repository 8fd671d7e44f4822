"""`lokta git`: catalogs in a git repository."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.console import say
from toolkit.cli.options import open_project


@click.group(short_help="Merge catalogs in git by entry.")
def git() -> None:
    """Set up git so that it merges catalogs entry by entry.

    \b
    Example:
      lokta git install
    """


@git.command(short_help="Set the merge driver of this repository.")
def install() -> None:
    """Have git merge the project's .po files entry by entry, wherever it merges: merge, pull, rebase, cherry-pick, stash.

    A person's words win over a machine's, an approval over a draft. Where two people translated a paragraph differently, both
    versions are kept and git calls the file a conflict: look at it (lokta review), then git add it. Each clone needs
    this once.

    \b
    Example:
      lokta git install
    """
    from toolkit.pipeline import git as pipeline

    path = pipeline.install(open_project().config)
    say(f"git merges catalogs by entry now; {path} says which, commit it (other clones: lokta git install)")


@git.command(short_help="Take the merge driver away.")
def uninstall() -> None:
    """Have git merge .po files line by line again.

    \b
    Example:
      lokta git uninstall
    """
    from toolkit.pipeline import git as pipeline

    pipeline.uninstall(open_project().config)
    say("git merges catalogs line by line again")


@git.command("merge-po", hidden=True)
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
@click.argument("name", default="")
@click.pass_context
def merge_po(ctx: click.Context, base: Path, ours: Path, theirs: Path, name: str) -> None:
    """What git runs: merge three versions of a catalog into OURS; exit code 1 where two people's versions are kept.

    \b
    Example:
      lokta git merge-po base.po ours.po theirs.po
    """
    from toolkit.pipeline import git as pipeline

    conflicts = pipeline.merge_files(base, ours, theirs, name or str(ours))
    for line in conflicts:
        say(f"{name or ours}: {line}", err=True)
    ctx.exit(1 if conflicts else 0)
