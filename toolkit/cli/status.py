"""`lokta status`: how far each article has come in each language."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from toolkit.cli.options import articles_argument, open_project, to_option


@click.command(short_help="Show how far each article has come.")
@articles_argument
@to_option
def status(articles: tuple[Path, ...], targets: tuple[str, ...]) -> None:
    """Show, per article and language, how many paragraphs are empty, drafted, outdated, approved.

    \b
    Example:
      lokta status
    """
    from rich.table import Table

    from toolkit.cli.console import console, say
    from toolkit.files import printable
    from toolkit.pipeline.reference import stale
    from toolkit.pipeline.review import ReviewService
    from toolkit.units import State

    table = Table(box=None, pad_edge=False)
    table.add_column("article")
    table.add_column("language")
    for heading in ("paragraphs", "words", *State):
        table.add_column(heading, justify="right")
    old: list[str] = []
    context = open_project()
    for path in ReviewService(context).files(articles, targets):
        catalog = context.store.read(path)
        counts = Counter(unit.state for unit in catalog.live)
        words = sum(len(unit.source.split()) for unit in catalog.live)
        name = catalog.article or path.stem
        tag = catalog.target_language
        table.add_row(printable(name), tag, *map(str, (counts.total(), words, *(counts[state] for state in State))))
        for second, units in stale(context.store, catalog).items():
            drafts = f"{len(units)} drafts" if len(units) > 1 else "1 draft"
            again = f"lokta translate --to {tag} --second-source {second}"
            old.append(f"{name} -> {tag}: what helped {drafts} in {second} changed since; make them again: {again}")
    console().print(table)
    for line in old:
        say(line)
