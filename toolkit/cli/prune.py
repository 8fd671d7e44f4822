"""`lokta prune`: takes away what renamed and deleted articles left behind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from toolkit.cli.console import count, say
from toolkit.cli.options import open_project

if TYPE_CHECKING:
    from toolkit.events import Event
    from toolkit.pipeline.prune import Ghost


@click.command(short_help="Take away what renamed or deleted articles left.")
@click.option("--dry-run", is_flag=True, help="Only list what would go.")
@click.option("--yes", is_flag=True, help="Do not ask before a catalog with a person's words goes into the trash.")
def prune(dry_run: bool, yes: bool) -> None:
    """Take away the catalogs, templates and built files of articles that are gone.

    What can be made again is deleted. A catalog with words of a person that stand in no other catalog, and a built file that
    somebody changed, goes into locales/.trash/, once you agree; git sees it there, and nothing reads it. Of a renamed article
    run lokta translate first: its translations go along to the new name.

    \b
    Example:
      lokta prune --dry-run
    """
    from toolkit.errors import UsageError
    from toolkit.events import Warned
    from toolkit.pipeline import prune as pipeline

    def tell(event: Event) -> None:
        if isinstance(event, Warned):
            say(event.line, err=True)

    with open_project() as context:
        found = pipeline.ghosts(context, tell)
        for ghost in found:
            if ghost.kind != "record":
                say(f"{ghost.path}: its article {ghost.article} is gone; {_fate(ghost)}")
        for package in pipeline.packages(context, found):
            say(f"{package}: still holds editions of them; write it anew (lokta build --package), or delete it")
        if not found:
            say("no article left anything behind")
        if dry_run or not found:
            return
        kept = [ghost for ghost in found if ghost.kept]
        if kept or pipeline.empty(context):
            what = f"{count(len(kept), 'file')} with what people wrote"
            if pipeline.empty(context):
                say(f"{context.config.articles}: there is no article in it at all; is that the right folder?", err=True)
            elif new := pipeline.untranslated(context):
                say(f"{new[0].path}: has no catalog; if it is a renamed article, first: lokta translate", err=True)
            if not yes and not sys.stdin.isatty():
                raise UsageError(f"nothing was taken away; agree to move {what} into the trash with --yes")
            if not yes and not click.confirm(f"Delete the others, and move {what} into the trash?", err=True):
                raise UsageError("not agreed to, nothing was taken away")
        done = pipeline.prune(context, found, tell)
        trash = [one.trash for one in done if one.trash is not None]
        deleted = sum(one.trash is None and one.ghost.kind != "record" for one in done)
        say(f"deleted {count(deleted, 'file')}, moved {len(trash)} into {context.config.locales}/.trash/")
        if len(done) < len(found):
            click.get_current_context().exit(1)


def _fate(ghost: Ghost) -> str:
    """What becomes of it."""
    if ghost.words:
        return f"{count(ghost.words, 'paragraph')} of a person in it: into the trash"
    if ghost.changed:
        return "somebody changed it since it was built: into the trash"
    return "it can be deleted"
