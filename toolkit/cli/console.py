"""How the commands speak: a console that never wraps a path, and text from strangers made safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from toolkit.files import printable

if TYPE_CHECKING:
    from rich.console import Console


def console(stderr: bool = False) -> Console:
    """A rich console without markup guessing; width is unlimited when it is not a terminal, so that scripts can read it."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True)
    if not made.is_terminal:
        made = Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=True, width=200)
    return made


def count(number: int, noun: str) -> str:
    """`1 paragraph`, `2,000 paragraphs`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shorten(text: str, width: int = 60) -> str:
    """One line of at most `width` characters, safe to print."""
    line = printable(" ".join(text.split()))
    return line if len(line) <= width else line[: width - 1] + "…"
