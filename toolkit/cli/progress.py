"""How far a job has come, for a person who waits: a bar on a terminal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from toolkit.pipeline import Progress


@contextlib.contextmanager
def shown() -> Iterator[Progress | None]:
    """A progress bar per language on a terminal; nothing otherwise."""
    from toolkit.cli.console import console

    screen = console(stderr=True)
    if not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("sentences"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=screen) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(target: str, done: int, total: int) -> None:
            if target not in tasks:
                tasks[target] = bar.add_task(f"drafting into {target}", total=total)
            bar.update(tasks[target], completed=done, total=total)

        yield advance
