"""How far a job has come, for a person who waits: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from toolkit.events import Event, Progressed, Recorder, Sink

Show = Callable[["Progressed"], None]
_EVERY = 30.0
"""Seconds between two lines of a log; a job that takes less says nothing."""


@contextlib.contextmanager
def shown(recorder: Recorder) -> Iterator[Sink]:
    """A sink that records events and shows progress, one language after the other. Ctrl-C becomes Stopped, which says what
    is kept."""
    from toolkit.cli.console import console, say
    from toolkit.errors import Stopped
    from toolkit.events import Advised, Progressed

    screen = console(stderr=True)

    def sink(event: Event) -> None:
        if isinstance(event, Advised) and event.line not in recorder.advice:
            say(event.line, err=True)
        recorder(event)
        if isinstance(event, Progressed):
            tell(event)

    try:
        with _bar(screen) if screen.is_terminal else contextlib.nullcontext(lines(screen.file)) as tell:
            yield sink
    except KeyboardInterrupt:
        kept = [f"{at.done} of {at.total} texts into {at.target_language}" for at in recorder.progress if at.done]
        said = f"kept: {', '.join(kept)}; " if kept else ""
        raise Stopped(f"stopped; {said}the same command goes on") from None


def lines(to: IO[str], now: Callable[[], float] = time.monotonic) -> Show:
    """A line every half minute."""
    last = now()

    def tell(at: Progressed) -> None:
        nonlocal last
        if at.done and now() - last >= _EVERY:
            last = now()
            share = f"{at.characters_done / at.characters:.0%}" if at.characters else ""
            parts = [f"drafting into {at.target_language}: {at.done} of {at.total} texts, {share}", *_figures(at)]
            print(", ".join(filter(None, parts)), file=to, flush=True)

    return tell


def _figures(at: Progressed) -> list[str]:
    """Speed, what is left, and what was refused, as far as there is anything to say; the speed first, even if empty."""
    from toolkit.cli.report import period

    speed = f"{at.tokens_per_second:.3g} tokens/s" if at.tokens_per_second else ""
    left = f"{'over ' if at.more else ''}{period(at.seconds_left)} left" if at.seconds_left is not None else ""
    return [speed, left, f"{at.refused} refused" if at.refused else ""]


@contextlib.contextmanager
def _bar(screen: Console) -> Iterator[Show]:
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

        def advance(at: Progressed) -> None:
            target = at.target_language
            if target not in tasks:
                tasks[target] = bar.add_task(f"drafting into {target}", figures="")
            figures = ", ".join(filter(None, (f"{at.done}/{at.total} texts", *_figures(at))))
            bar.update(
                tasks[target],
                description=f"loading {printable(at.loading)}" if at.loading else f"drafting into {target}",
                completed=at.characters_done,
                total=at.characters,
                figures=figures,
                refresh=bool(at.loading),  # it is shown although nothing moves meanwhile
            )

        yield advance
