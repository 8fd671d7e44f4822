"""What can be done in which language."""

from __future__ import annotations

import click

from toolkit.cli.options import open_project


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
    packages = installed(open_project().resources.families)
    for tag in known():
        here = language(tag)
        sources = [
            line for p in packages if (line := _sources([start for start, end in p.pairs if end == tag], p.name))
        ]
        table.add_row(tag, here.name, here.autonym, here.script, ", ".join(sorted(sources)) or "-")
    console().print(table)


def _sources(tags: list[str], name: str) -> str:
    """Few by their tags, many by their number."""
    if not tags:
        return ""
    return f"{', '.join(tags) if len(tags) < 5 else f'{len(tags)} languages'} ({name})"
