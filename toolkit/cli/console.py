"""How the commands speak: paths as a person would type them, text from strangers made safe, a console that wraps no path."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.files import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


def console(stderr: bool = False) -> Console:
    """A rich console without markup guessing; width is unlimited when it is not a terminal, so that scripts can read it."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True, width=200)
    return made


def print_rows(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table; where the terminal is too narrow for it, row by row: its first cell, and below it each other cell that
    says something, behind its heading."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*map(printable, row))
    screen = console()
    needed = screen.measure(table, options=screen.options.update(max_width=10_000)).maximum
    if needed <= screen.width or not screen.is_terminal:  # off a terminal, a row is a line that a program can read
        screen.width = max(screen.width, needed)
        screen.print(table)
        return
    for first, *others in rows:
        click.echo(printable(first))
        for heading, cell in zip(headings[1:], others, strict=True):
            for number, line in enumerate(wrapped(f"{heading}: {cell}", screen.width - 4) if cell.strip("-") else ()):
                click.echo(f"  {'  ' if number else ''}{line}")


def say(line: str, err: bool = False) -> None:
    """Print a line, safe for a terminal, its paths shortened."""
    click.echo(short(printable(line)), err=err)


def say_json(data: Any) -> None:
    """Print data as JSON; what is not safe for a terminal is escaped as JSON does it."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    click.echo(re.sub(r"[^\n -~]", lambda m: m[0] if printable(m[0]) == m[0] else json.dumps(m[0])[1:-1], text))


def short(text: str) -> str:
    """The text with paths below the working directory, or else below the home folder, written from there."""
    here, home = printable(os.getcwd()), printable(str(Path.home()))
    for folder, sign in ((here, ""), (home, f"~{os.sep}")):
        if len(folder) > 1:
            text = text.replace(folder + os.sep, sign)
    return text


def count(number: int, noun: str) -> str:
    """`1 paragraph`, `2,000 paragraphs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shorten(text: str, width: int = 60) -> str:
    """One line of at most `width` characters, safe to print."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1] + "…"


def fitted(text: str, cells: int) -> str:
    """One line that takes at most `cells` columns of a terminal, in which Chinese characters take two."""
    from rich.cells import cell_len, set_cell_size

    line = printable(" ".join(text.split()))
    return line if cell_len(line) <= cells else set_cell_size(line, cells - 1).rstrip() + "…"


def wrapped(text: str, cells: int) -> list[str]:
    """The text in lines that take at most `cells` columns of a terminal, safe to print."""
    from rich.text import Text

    return [str(line).rstrip() for line in Text(printable(" ".join(text.split()))).wrap(console(), cells)]
