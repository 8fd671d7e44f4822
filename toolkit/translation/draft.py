"""Fill the empty units of a job's catalogs with an engine's answers, so that stopping at any moment loses nothing.

Every text of all catalogs is asked once. What is finished goes to `checkpoint` as soon as it may; a later run lays out the
same windows (plan.py) and asks only what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.errors import EngineFailed
from toolkit.translation.forecast import unanswered
from toolkit.translation.identity import Identity, identities
from toolkit.translation.mark import Outcome, outcome
from toolkit.translation.options import Options
from toolkit.translation.plan import Layout, Plan, lay_out, wanted
from toolkit.translation.second import NONE, Key, Seconds, key
from toolkit.translation.standing import Meter, Progress
from toolkit.translation.wrappers.base import load, tokens
from toolkit.translation.wrappers.passing import closed
from toolkit.units import Answer, Catalog, Engine, Unit

Checkpoint = Callable[[Sequence[Catalog]], Sequence[Catalog] | None]
"""Given all catalogs as they stand; may give back what they became on their way to disk (a person's edit, a new date)."""

_EVERY = 0.5
"""Seconds between two checkpoints of an engine that answers one text at a time."""


def draft(
    catalogs: Sequence[Catalog],
    engine: Engine,
    options: Options | None = None,
    *,
    seconds: Sequence[Seconds] = (),
    alone: bool = False,
    checkpoint: Checkpoint | None = None,
    progress: Progress | None = None,
) -> tuple[Catalog, ...]:
    """The catalogs with what the engine made of their units; all must be of one pair of languages.

    A unit is written whole or not at all. On any way out, Ctrl-C and EngineFailed included, what is finished has been
    given to `checkpoint`. The same catalogs, engine and options give the same drafts, interrupted or not. `seconds` are the
    second sources of the catalogs, one each; `alone` keeps units that are no article from being each other's background.
    """
    pairs = {(catalog.source_language, catalog.target_language) for catalog in catalogs}
    if len(pairs) > 1:
        raise ValueError(f"one job drafts one pair of languages, not {sorted(pairs)}")
    redraft = bool(options and options.redraft)
    helps = list(seconds) or [NONE] * len(catalogs)
    if not any(
        wanted(unit, frozenset(), redraft, help_)
        for catalog, help_ in zip(catalogs, helps, strict=True)
        for unit in catalog.live
    ):
        return tuple(catalogs)  # nothing to do is said before any model's files are looked at
    job = _Job(catalogs, engine, redraft, helps, checkpoint)
    try:
        job.run(*pairs.pop(), alone, progress)
    finally:
        job.save()
    return tuple(job.catalogs)


class _Job:
    """The catalogs while they are being drafted."""

    def __init__(
        self,
        catalogs: Sequence[Catalog],
        engine: Engine,
        redraft: bool,
        seconds: Sequence[Seconds],
        checkpoint: Checkpoint | None,
    ) -> None:
        self.catalogs = list(catalogs)
        self.engine = engine
        self.independent: bool = getattr(engine, "independent", False)
        self.redraft = redraft
        self.seconds = seconds
        self.made: frozenset[Identity] = identities(engine)
        self.checkpoint = checkpoint
        self.finished: dict[int, dict[Key, Outcome]] = {}
        self.unsaved = False
        self.saved_at = time.monotonic()

    def run(self, source_language: str, target_language: str, alone: bool, progress: Progress | None) -> None:
        """Ask what is missing, in order; a plan is finished when the last of its requests is answered."""
        layout = lay_out(self.catalogs, self.engine, self.made, self.redraft, self.seconds, alone)
        plans = [plan for plan in layout.plans if plan.missing]
        last_use = {number: index for index, plan in enumerate(plans) for number in plan.asks}
        answers: dict[int, Answer] = {}
        at = self._finish(plans, 0, -1, answers, last_use)
        meter = self._meter(layout, last_use, source_language, target_language, progress) if progress else None
        with closed(self._ask(layout, last_use, source_language, target_language)) as asked:
            for number, answer, pause in asked:
                answers[number] = answer
                at = self._finish(plans, at, number, answers, last_use)
                if meter is not None and progress is not None:
                    meter.answered(number, answer, pause or self.independent)
                    progress(meter.standing)
                if pause:
                    self.save()

    def _meter(
        self,
        layout: Layout,
        needed: Iterable[int],
        source_language: str,
        target_language: str,
        progress: Progress,
    ) -> Meter:
        """What takes the times; the model is loaded here, where there is anything to ask it, so that this counts for itself."""
        requests = {number: layout.requests[number] for number in needed}
        open_, seconds = unanswered(self.engine, requests, source_language, target_language, [])
        characters = sum(len(request.source) for request in open_.values())
        sizes = {number: len(request.source) for number, request in requests.items()}
        meter = Meter(sizes, open_, characters / seconds if seconds else None, lambda: tokens(self.engine))
        if open_:
            progress(replace(meter.standing, loading=", ".join(sorted(made.model for made in self.made))))
            load(self.engine)
            meter.start()
        return meter

    def _ask(
        self, layout: Layout, needed: Mapping[int, int], source_language: str, target_language: str
    ) -> Iterator[tuple[int, Answer, bool]]:
        """The needed requests' numbers, ascending, with their answers, and whether this is a moment to save."""
        window = len(layout.requests) if self.independent else getattr(self.engine, "window", 1)
        for start in range(0, len(layout.requests), max(window, 1)):
            numbers = range(start, min(start + window, len(layout.requests)))
            open_ = [number for number in numbers if number in needed]
            if not open_:
                continue
            asked = open_ if self.independent else list(numbers)
            requests = (layout.requests[number] for number in asked)
            answers = self.engine.translate(requests, source_language, target_language)
            with closed(answers):
                for number, answer in _paired(asked, answers, self.engine.name):
                    if number in needed:
                        slow = self.independent and time.monotonic() - self.saved_at > _EVERY
                        yield number, answer, slow or number == open_[-1]

    def _finish(
        self, plans: Sequence[Plan], at: int, answered: int, answers: dict[int, Answer], last_use: Mapping[int, int]
    ) -> int:
        """Finish the plans from `at` on whose requests are all answered; the first one that has to wait."""
        while at < len(plans) and max(plans[at].asks, default=-1) <= answered:
            plan = plans[at]
            catalog = self.catalogs[plan.catalog]
            result = outcome(plan, answers, catalog, self.engine, min(self.made, key=str))
            if result is not None:
                self.finished.setdefault(plan.catalog, {})[key(plan.unit)] = result
            for number in plan.asks:
                if last_use[number] == at:
                    answers.pop(number, None)
            at += 1
        return at

    def save(self) -> None:
        """Put what is finished into the catalogs and give them to the checkpoint."""
        finished, self.finished = self.finished, {}
        for index, outcomes in finished.items():
            help_ = self.seconds[index]
            units = tuple(self._with(unit, outcomes.get(key(unit)), help_) for unit in self.catalogs[index].units)
            self.catalogs[index] = replace(self.catalogs[index], units=units)
            self.unsaved = True
        if self.unsaved and self.checkpoint is not None:
            self.catalogs = list(self.checkpoint(tuple(self.catalogs)) or self.catalogs)
        self.unsaved = False
        self.saved_at = time.monotonic()

    def _with(self, unit: Unit, result: Outcome | None, seconds: Seconds) -> Unit:
        """A unit that a person took up meanwhile stays as it is."""
        if result is None or unit.obsolete or not wanted(unit, self.made, self.redraft, seconds):
            return unit
        return result(unit)


def _paired(numbers: Sequence[int], answers: Iterator[Answer], name: str) -> Iterator[tuple[int, Answer]]:
    """Each number with its answer; an engine that loses count is not believed."""
    for number in numbers:
        try:
            answer = next(answers)
        except StopIteration:
            raise EngineFailed(f"{name}: gave fewer answers than it was asked for; the same command goes on") from None
        yield number, answer
