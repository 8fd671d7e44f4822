"""`lokta status`: how far each article has come in each language."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.options import articles_argument, format_option, open_project, to_option
from toolkit.files import printable
from toolkit.units import State

if TYPE_CHECKING:
    from rich.table import Table

_FEW = 5
"""New articles up to which each is named."""


@click.command(short_help="Show how far each article has come.")
@articles_argument
@to_option
@format_option
@click.pass_context
def status(ctx: click.Context, articles: tuple[Path, ...], targets: tuple[str, ...], form: str) -> None:
    """Show, per article and language, how many paragraphs are in which state.

    initial: without a translation. draft: nobody approved it. outdated: the source changed since. accepted: approved
    in another editor, by nobody named. reviewed: approved by name. memory: approved elsewhere, for the same text between the
    same paragraphs. Articles that are new or changed since their last run are named, and what articles that are gone left behind.

    \b
    Example:
      lokta status
    """
    from toolkit.cli.console import console, count, say, say_json, short
    from toolkit.events import Recorder
    from toolkit.language.measures import word_count
    from toolkit.memory.fill import withdrawn_from
    from toolkit.pipeline.prune import ghosts, untranslated
    from toolkit.pipeline.reference import stale
    from toolkit.pipeline.review import ReviewService
    from toolkit.project.discovery import metadata_alone

    rows: list[dict[str, Any]] = []
    old: list[str] = []
    context = open_project()
    service = ReviewService(context)
    told = Recorder()
    for path, catalog in service.read(service.files(articles, targets), told):
        counts = Counter(unit.state for unit in catalog.live)
        words = sum(word_count(unit.source) for unit in catalog.live)
        name = catalog.article or path.stem
        tag = catalog.target_language
        states = {str(state): counts[state] for state in State}
        rows.append({"article": name, "language": tag, "paragraphs": counts.total(), "words": words, **states})
        for origin, taken in Counter(filter(None, map(withdrawn_from, catalog.live))).items():
            drafts = count(taken, "draft")
            old.append(f"{name} -> {tag}: {drafts} came from {origin}, where the approval was withdrawn: lokta review")
        for second, units in stale(context.store, catalog).items():
            again = f"lokta translate --to {tag} --second-source {second}"
            drafts = count(len(units), "draft")
            old.append(f"{name} -> {tag}: what helped {drafts} in {second} changed since; make them again: {again}")
    shown = {row["article"] for row in rows}
    left: dict[str, list[str]] = {}
    for ghost in ghosts(context):
        if ghost.kind != "record" and (ghost.article in shown or not articles):
            left.setdefault(ghost.article, []).append(short(str(ghost.path)))
    changed = [source for source in service.changed() if source.id in shown]
    named = {path.resolve() for path in articles}
    new = [source for source in untranslated(context) if not articles or source.path.resolve() in named]
    if form == "json":
        names = {source.id for source in changed}
        rows += [_nothing_of(name) for name in left if name not in shown]
        more = ({"changed": row["article"] in names, "left": left.get(row["article"], [])} for row in rows)
        say_json([{**row, **said} for row, said in zip(rows, more, strict=True)])
        for line in told.warnings:
            say(line, err=True)
        ctx.exit(1 if told.warnings else 0)
    screen, table = console(), _table([*rows, *_totals(rows)])
    if screen.measure(table, options=screen.options.update(max_width=10_000)).maximum > screen.width:
        for row in (*rows, *_totals(rows)):
            say(_in_words(row))
    else:
        screen.print(table)
    for line in old:
        say(line)
    one = f" {new[0].path}" if len(new) == 1 else ""
    renamed = f"; was it renamed? First: lokta translate{one}{context.config.way_to}" if new else ""
    for name, paths in left.items():
        more_of = f" and {count(len(paths) - 1, 'other file')}" if len(paths) > 1 else ""
        then = f"{renamed}; then" if new else ";"
        say(f"{name}: its article is gone, and left {paths[0]}{more_of}{then} take them away: lokta prune")
    for path in metadata_alone(context.config) if not articles else ():
        say(f"{path}: describes no article; rename it along with its article, or delete it")
    if len(new) > _FEW:
        say(f"{count(len(new), 'article')} not translated yet; next: lokta translate{context.config.way_to}")
    for source in new if len(new) <= _FEW else ():
        say(f"{source.path}: not translated yet; next: lokta translate {source.path}{context.config.way_to}")
    for source in changed:
        say(f"{source.path}: changed since; next: lokta translate {source.path}{context.config.way_to}")
    for line in told.warnings:
        say(f"{line}; it is left out", err=True)
    ctx.exit(1 if told.warnings else 0)


def _nothing_of(name: str) -> dict[str, Any]:
    """The row of an article that is gone, and so are its catalogs."""
    return {"article": name, "language": "", "paragraphs": 0, "words": 0, **{str(state): 0 for state in State}}


def _totals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for each language that has several articles."""
    found = []
    for tag in dict.fromkeys(row["language"] for row in rows):
        mine = [row for row in rows if row["language"] == tag]
        if len(mine) > 1:
            sums = {key: sum(row[key] for row in mine) for key in mine[0] if key not in ("article", "language")}
            found.append({"article": f"all {len(mine)}", "language": tag, **sums})
    return found


def _in_words(row: dict[str, Any]) -> str:
    """A row of the table for a narrow terminal."""
    states = ", ".join(f"{row[str(state)]} {state}" for state in State if row[str(state)])
    return f"{row['article']} -> {row['language']}: {row['paragraphs']} paragraphs: {states}"


def _table(rows: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in rows[0]:
        table.add_column(heading, justify="left" if heading in ("article", "language") else "right")
    for row in rows:
        table.add_row(*(printable(str(value)) for value in row.values()))
    return table
