"""Events that a long job reports while it runs, and the token that cancels it.

A job takes one sink, a callable that is given these events as they happen: the command line prints them, a server sends
them on, a test collects them (`Recorder`). Results are returned, never sent as events.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from toolkit.errors import Stopped


@dataclass(frozen=True, slots=True)
class Warned:
    """Something went wrong and the job went on; one line that names the file."""

    line: str


@dataclass(frozen=True, slots=True)
class Noted:
    """Something that a person should know about the results; one line."""

    line: str


@dataclass(frozen=True, slots=True)
class Advised:
    """Something that a person should know before the work is done; one line, shown at once."""

    line: str


@dataclass(frozen=True, slots=True)
class NoEngine:
    """No installed engine translates this language pair; one line that says how to get a model."""

    line: str


@dataclass(frozen=True, slots=True)
class Progressed:
    """Progress of drafting into one language. Texts count once each; characters are those of the source."""

    target_language: str = ""
    done: int = 0
    total: int = 0
    characters_done: int = 0
    characters: int = 0
    refused: int = 0
    seconds_left: float | None = None
    """Estimated; None while nothing was measured."""
    tokens_per_second: float = 0.0
    """0 where the engine does not count tokens."""
    loading: str = ""
    """The model that is being loaded now; empty: none."""
    more: bool = False
    """More articles follow, which these counts do not include."""

    def after(self, before: Progressed) -> Progressed:
        """This progress of a later group of articles, with the counts of the groups before added."""
        return replace(
            self,
            done=before.done + self.done,
            total=before.total + self.total,
            characters_done=before.characters_done + self.characters_done,
            characters=before.characters + self.characters,
            refused=before.refused + self.refused,
        )


Event = Warned | Noted | Advised | NoEngine | Progressed
Sink = Callable[[Event], None]
"""Called in the thread of the job; what it raises ends the job."""


def ignore(event: Event) -> None:
    """A sink that drops every event."""


class Total:
    """The progress of groups of texts that are drafted one after the other, added up."""

    def __init__(self) -> None:
        self._before = Progressed()

    def next(self, tell: Sink, more: bool = False) -> Sink:
        """A sink for the next group, which passes all events on. `more`: other groups follow."""
        before = self._before

        def group(event: Event) -> None:
            if isinstance(event, Progressed):
                event = self._before = replace(event.after(before), more=more)
            tell(event)

        return group


@dataclass(slots=True)
class Recorder:
    """A sink that keeps the events, each line once."""

    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Lines of `NoEngine`."""
    progress: list[Progressed] = field(default_factory=list)
    """The latest for each target language."""

    def __call__(self, event: Event) -> None:
        """Keep an event."""
        if isinstance(event, Progressed):
            self.progress = [at for at in self.progress if at.target_language != event.target_language] + [event]
            return
        lines = {Warned: self.warnings, Noted: self.notes, Advised: self.advice, NoEngine: self.missing}[type(event)]
        if event.line not in lines:
            lines.append(event.line)


class Cancellation:
    """A token by which another thread or a signal handler cancels a running job."""

    def __init__(self) -> None:
        self.cancelled = False

    def cancel(self) -> None:
        """Stop the job before its next text; the drafts made so far are kept."""
        self.cancelled = True

    def check(self) -> None:
        """Raises Stopped once the job was cancelled."""
        if self.cancelled:
            raise Stopped("stopped; the same command goes on")
