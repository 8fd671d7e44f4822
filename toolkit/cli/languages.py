"""What can be done in which language."""

from __future__ import annotations

import click


@click.command(short_help="List languages and their models.")
def languages() -> None:
    """List the languages that have rules of their own, and the models installed for them.

    Any other language of CLDR works too, with general rules.

    \b
    Example:
      lokta languages
    """
    from rich.table import Table

    from toolkit.cli.console import console
    from toolkit.language import known, language
    from toolkit.models import installed

    table = Table(box=None, pad_edge=False)
    for heading in ("tag", "name", "own name", "script", "drafts from"):
        table.add_column(heading)
    packages = installed()
    for tag in known():
        here = language(tag)
        sources = sorted({f"{source} ({p.name})" for p in packages for source, target in p.pairs if target == tag})
        table.add_row(tag, here.name, here.autonym, here.script, ", ".join(sources) or "-")
    console().print(table)
