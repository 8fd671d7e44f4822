"""How far a job has come, for a person who waits: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from toolkit.pipeline import Progress
    from toolkit.translation.standing import Standing

_EVERY = 30.0
"""Seconds between two lines of a log; a job that takes less says nothing."""


@contextlib.contextmanager
def shown() -> Iterator[Progress]:
    """What tells a person of the drafting, one language after the other. Ctrl-C becomes Stopped, which says what is kept."""
    from toolkit.cli.console import console
    from toolkit.errors import Stopped

    screen = console(stderr=True)
    come: dict[str, Standing] = {}

    def note(target: str, at: Standing) -> None:
        come[target] = at
        tell(target, at)

    try:
        with _bar(screen) if screen.is_terminal else contextlib.nullcontext(lines(screen.file)) as tell:
            yield note
    except KeyboardInterrupt:
        kept = [f"{at.done} of {at.total} texts into {target}" for target, at in come.items() if at.done]
        said = f"kept: {', '.join(kept)}; " if kept else ""
        raise Stopped(f"stopped; {said}the same command goes on") from None


def lines(to: IO[str], now: Callable[[], float] = time.monotonic) -> Progress:
    """A line every half minute."""
    last = now()

    def tell(target: str, at: Standing) -> None:
        nonlocal last
        if at.done and now() - last >= _EVERY:
            last = now()
            share = f"{at.read / at.characters:.0%}" if at.characters else ""
            parts = [f"drafting into {target}: {at.done} of {at.total} texts, {share}", *_figures(at)]
            print(", ".join(filter(None, parts)), file=to, flush=True)

    return tell


def _figures(at: Standing) -> list[str]:
    """Speed, what is left, and what was refused, as far as there is anything to say; the speed first, even if empty."""
    from toolkit.cli.report import period

    speed = f"{at.speed:.3g} tokens/s" if at.speed else ""
    left = f"{'over ' if at.more else ''}{period(at.left)} left" if at.left is not None else ""
    return [speed, left, f"{at.refused} refused" if at.refused else ""]


@contextlib.contextmanager
def _bar(screen: Console) -> Iterator[Progress]:
    """A bar per language, as long as the letters of its texts."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from toolkit.files import printable

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=12),
        TaskProgressColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=screen) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(target: str, at: Standing) -> None:
            if target not in tasks:
                tasks[target] = bar.add_task(f"drafting into {target}", figures="")
            figures = ", ".join(filter(None, (f"{at.done}/{at.total} texts", *_figures(at))))
            bar.update(
                tasks[target],
                description=f"loading {printable(at.loading)}" if at.loading else f"drafting into {target}",
                completed=at.read,
                total=at.characters,
                figures=figures,
            )

        yield advance
