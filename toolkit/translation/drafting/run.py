"""Fill the empty units of a job's catalogs with an engine's answers, so that stopping at any moment loses nothing.

Every text of all catalogs is asked once. What is finished goes to `checkpoint` now and then; a later run lays out the same
windows (layout.py) and asks only what is missing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.errors import EngineFailed
from toolkit.events import Cancellation, Sink, ignore
from toolkit.translation.drafting.apply import Update, sentences_of, update
from toolkit.translation.drafting.layout import Job, Layout, Plan, lay_out, wanted
from toolkit.translation.drafting.progress import Meter
from toolkit.translation.wrappers.base import closed
from toolkit.units import Answer, Catalog, Unit, UnitKey

Checkpoint = Callable[[Sequence[Catalog]], Sequence[Catalog] | None]
"""Given all catalogs as they stand; may give back what they became on their way to disk (a person's edit, a new date)."""

Drafted = Callable[[int, Unit, Sequence[str]], None]
"""Told the number of a catalog, a unit, and the draft of each of its sentences, before the unit goes to a checkpoint."""

EVERY = 0.5
"""Seconds between two checkpoints, at least."""
_COST = 30
"""Times what the last checkpoint took, at least: saving takes about 3 % of a long job."""


def draft(
    job: Job,
    checkpoint: Checkpoint | None = None,
    tell: Sink = ignore,
    cancellation: Cancellation | None = None,
    every: float = EVERY,
    drafted: Drafted | None = None,
) -> tuple[Catalog, ...]:
    """The job's catalogs with what its engine made of their units.

    A unit is written whole or not at all. On any way out, Ctrl-C and EngineFailed included, what is finished has been
    given to `checkpoint`. The same catalogs, engine and options give the same drafts, interrupted or not. Checkpoints are
    `every` seconds apart or more, as what they cost demands; 0: at every moment that allows one. `drafted` is told the
    sentences of each draft, where it is known which is whose.
    """
    if not job.catalogs or not job.has_work:
        return job.catalogs
    drafting = _Drafting(job, checkpoint, tell, cancellation or Cancellation(), every, drafted)
    try:
        drafting.run()
    finally:
        drafting.save()
    return tuple(drafting.catalogs)


class _Drafting:
    """The catalogs while they are being drafted."""

    def __init__(
        self,
        job: Job,
        checkpoint: Checkpoint | None,
        tell: Sink,
        cancellation: Cancellation,
        every: float,
        drafted: Drafted | None,
    ) -> None:
        self.job = job
        self.engine = job.engine
        self.pair = job.pair
        self.catalogs = list(job.catalogs)
        self.made = job.engine.identities
        self.checkpoint = checkpoint
        self.tell = tell
        self.cancellation = cancellation
        self.drafted = drafted
        self.finished: dict[int, dict[UnitKey, Update]] = {}
        self.unsaved = False
        self.every = every
        self.next_save = time.monotonic() + every

    def run(self) -> None:
        """Ask what is missing, in order; a plan is finished when the last of its requests is answered."""
        layout = lay_out(self.job, self.made)
        plans = [plan for plan in layout.plans if plan.missing]
        last_use = {number: index for index, plan in enumerate(plans) for number in plan.asks}
        answers: dict[int, Answer] = {}
        at = self._finish(plans, 0, -1, answers, last_use)
        meter = self._meter(layout, last_use)
        independent = self.engine.abilities.independent
        with closed(self._ask(layout, last_use)) as asked:
            for number, answer, settled in asked:
                answers[number] = answer
                at = self._finish(plans, at, number, answers, last_use)
                if meter is not None:
                    meter.answered(number, answer, settled or independent)
                    self.tell(meter.progress(self.pair.target))
                if (settled or independent) and time.monotonic() >= self.next_save:
                    self.save()
                self.cancellation.check()

    def _meter(self, layout: Layout, needed: Iterable[int]) -> Meter | None:
        """What measures the answers, if anybody wants to know; the model is loaded first, so that this counts for itself."""
        if self.tell is ignore:
            return None
        requests = {number: layout.requests[number] for number in needed}
        estimate = self.engine.estimate(requests, self.pair)
        characters = sum(len(request.source) for request in estimate.unanswered.values())
        sizes = {number: len(request.source) for number, request in requests.items()}
        earlier = characters / estimate.seconds if estimate.seconds else None
        meter = Meter(sizes, estimate.unanswered, earlier, lambda: self.engine.tokens)
        if estimate.unanswered:
            models = ", ".join(sorted(made.model for made in self.made))
            self.tell(replace(meter.progress(self.pair.target), loading=models))
            self.engine.load()
            meter.start()
        return meter

    def _ask(self, layout: Layout, needed: Mapping[int, int]) -> Iterator[tuple[int, Answer, bool]]:
        """The needed requests' numbers, ascending, with their answers, and whether a window ends here."""
        able, total = self.engine.abilities, len(layout.requests)
        window = total if able.independent else max(able.window, 1)
        for start in range(0, total, max(window, 1)):
            numbers = range(start, min(start + window, total))
            open_ = [number for number in numbers if number in needed]
            if not open_:
                continue
            # Examples change with the memory: a mate that was drafted with others would be asked anew, for nothing.
            asked = open_ if able.independent or self.job.teaches else list(numbers)
            answers = self.engine.translate((layout.requests[number] for number in asked), self.pair)
            with closed(answers):
                for number in asked:
                    answer = self._next(answers)
                    if number in needed:
                        yield number, answer, number == open_[-1]

    def _next(self, answers: Iterator[Answer]) -> Answer:
        """The next answer; an engine that loses count is not believed."""
        try:
            return next(answers)
        except StopIteration:
            raise EngineFailed(
                f"{self.engine.name}: gave fewer answers than it was asked for; the same command goes on"
            ) from None

    def _finish(
        self, plans: Sequence[Plan], at: int, answered: int, answers: dict[int, Answer], last_use: Mapping[int, int]
    ) -> int:
        """Finish the plans from `at` on whose requests are all answered; the first one that has to wait."""
        while at < len(plans) and max(plans[at].asks, default=-1) <= answered:
            plan = plans[at]
            catalog, verbatim = self.catalogs[plan.catalog], self.engine.abilities.verbatim
            result = update(plan, answers, catalog, min(self.made, key=str), verbatim)
            if result is not None:
                self.finished.setdefault(plan.catalog, {})[plan.unit.key] = result
                if self.drafted is not None and (sentences := sentences_of(plan, answers, catalog)):
                    self.drafted(plan.catalog, plan.unit, sentences)
            for number in plan.asks:
                if last_use[number] == at:
                    answers.pop(number, None)
            at += 1
        return at

    def save(self) -> None:
        """Put what is finished into the catalogs and give them to the checkpoint."""
        began = time.monotonic()
        finished, self.finished = self.finished, {}
        for index, updates in finished.items():
            units = tuple(self._with(unit, updates.get(unit.key), index) for unit in self.catalogs[index].units)
            self.catalogs[index] = replace(self.catalogs[index], units=units)
            self.unsaved = True
        if self.unsaved and self.checkpoint is not None:
            self.catalogs = list(self.checkpoint(tuple(self.catalogs)) or self.catalogs)
        self.unsaved = False
        now = time.monotonic()
        self.next_save = now + (max(self.every, _COST * (now - began)) if self.every else 0.0)

    def _with(self, unit: Unit, result: Update | None, index: int) -> Unit:
        """A unit that a person took up meanwhile stays as it is."""
        references = self.job.references_of(index)
        if result is None or unit.obsolete:
            return unit
        if not (
            wanted(unit, self.made, self.job.redraft, references) or self.job.lacks_term(unit, self.catalogs[index])
        ):
            return unit
        return result(unit)
