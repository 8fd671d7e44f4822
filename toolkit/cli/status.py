"""`lokta status`: how far each article has come in each language."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.options import articles_argument, to_option


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

    from toolkit import config as settings
    from toolkit import desk
    from toolkit.catalog import read_catalog
    from toolkit.cli.console import console
    from toolkit.files import printable
    from toolkit.language import language
    from toolkit.second_source import stale
    from toolkit.units import State

    config = settings.load(Path.cwd())
    table = Table(box=None, pad_edge=False)
    table.add_column("article")
    table.add_column("language")
    for heading in ("paragraphs", "words", *State):
        table.add_column(heading, justify="right")
    old: list[str] = []
    for path in desk.catalog_files(config, articles, targets):
        catalog = read_catalog(path)
        by_state = desk.states(catalog)
        units = [unit for found in by_state.values() for unit in found]
        words = sum(len(unit.source.split()) for unit in units)
        counts = [str(len(by_state[state])) for state in State]
        name = catalog.article or path.stem
        tag = language(catalog.target_language).tag
        table.add_row(printable(name), tag, str(len(units)), str(words), *counts)
        for second, units in stale(config, catalog).items():
            drafts = f"{len(units)} drafts" if len(units) > 1 else "1 draft"
            again = f"lokta translate --to {tag} --second-source {second}"
            old.append(f"{name} -> {tag}: what helped {drafts} in {second} changed since; make them again: {again}")
    console().print(table)
    for line in old:
        click.echo(printable(line))
