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
    from toolkit.cli.console import print_rows
    from toolkit.language import known, language
    from toolkit.language.chinese import HANS, HANT
    from toolkit.models import installed

    rows: list[tuple[str, ...]] = []
    packages = installed(open_project().resources.families)
    for tag in known():
        here = language(tag)
        sources = [
            line for p in packages if (line := _sources([start for start, end in p.pairs if end == tag], p.name))
        ]
        sources += [f"{HANS} (convert)"] if tag == HANT else []
        rows.append((tag, here.name, here.autonym, here.script, ", ".join(sorted(sources)) or "-"))
    print_rows(("tag", "name", "own name", "script", "drafts from"), rows)


def _sources(tags: list[str], name: str) -> str:
    """Few by their tags, many by their number."""
    if not tags:
        return ""
    return f"{', '.join(tags) if len(tags) < 5 else f'{len(tags)} languages'} ({name})"
