"""How much a job would have to ask, how long that would take by what was measured on this machine, and what it would send."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.language.measures import estimated_answer_tokens
from toolkit.translation.drafting.layout import Job, lay_out
from toolkit.units import Catalog, Engine, LanguagePair, Request, Sending


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is open in one target language."""

    target_language: str
    articles: int = 0
    memory: int = 0
    """Paragraphs that the translation memory fills, untouched drafts among them."""
    withdrawn: int = 0
    """Paragraphs from the memory that become drafts again, since the approval of their origin was withdrawn."""
    reused: int = 0
    """Changed paragraphs that would be put together of reviewed and new sentences,"""
    kept_sentences: int = 0
    """and the reviewed ones in them; the new ones are among the `sentences`."""
    units: int = 0
    """Paragraphs that a machine would draft; without an engine, those that wait for one."""
    sentences: int = 0
    """Distinct texts that would be asked, what the draft cache knows left aside."""
    characters: int = 0
    """Of these texts."""
    seconds: float | None = 0.0
    """None: no run with this model was measured yet."""
    engine: str = ""
    sendings: tuple[Sending, ...] = ()
    """What would go to servers, one for each."""
    tokens: int = 0
    """About how many a language model on this machine would write; 0 for another engine."""
    grain: Literal["sentence", "unit"] = "sentence"
    """What the engine is given."""
    again: int = 0
    """Texts that may be asked again, since a term may be missing; not in the time and the tokens."""

    def __add__(self, other: Forecast) -> Forecast:
        timed = self.seconds is not None and other.seconds is not None
        return replace(
            self,
            memory=self.memory + other.memory,
            withdrawn=self.withdrawn + other.withdrawn,
            reused=self.reused + other.reused,
            kept_sentences=self.kept_sentences + other.kept_sentences,
            units=self.units + other.units,
            sentences=self.sentences + other.sentences,
            characters=self.characters + other.characters,
            seconds=(self.seconds or 0.0) + (other.seconds or 0.0) if timed else None,
            engine=self.engine or other.engine,
            sendings=by_server((*self.sendings, *other.sendings)),
            tokens=self.tokens + other.tokens,
            again=self.again + other.again,
            grain=other.grain if not self.units else self.grain,
        )


def forecast(job: Job) -> Forecast:
    """What a job would ask its engine."""
    engine, target = job.engine, job.pair.target
    if not job.has_work:
        return Forecast(target, units=_empty(job.catalogs), engine=engine.name)
    layout = lay_out(job, engine.identities)
    plans = [plan for plan in layout.plans if plan.missing]
    numbers = dict.fromkeys(number for plan in plans for number in plan.asks)
    found = engine.estimate({number: layout.requests[number] for number in numbers}, job.pair)
    open_ = found.unanswered.values()
    counted = engine.abilities.counts_tokens and not found.sendings and not engine.via
    return Forecast(
        target,
        units=len(plans),
        sentences=len(open_),
        characters=sum(len(request.source) for request in open_),
        seconds=found.seconds,
        engine=engine.name,
        sendings=by_server(found.sendings),
        tokens=round(sum(estimated_answer_tokens(request.source, target) for request in open_)) if counted else 0,
        grain=engine.abilities.grain,
        again=found.again,
    )


def waiting(catalogs: Sequence[Catalog]) -> Forecast:
    """What waits for an engine in catalogs of one language, where none is installed."""
    return Forecast(catalogs[0].target_language if catalogs else "", units=_empty(catalogs))


def would_send(engine: Engine, texts: Sequence[str], pair: LanguagePair) -> tuple[Sending, ...]:
    """What would go to servers if an engine were asked for these texts alone, one for each."""
    return by_server(engine.estimate(dict(enumerate(map(Request, texts))), pair).sendings)


def by_server(sendings: Iterable[Sending]) -> tuple[Sending, ...]:
    """The sendings summed up, one for each server, in the order in which they were first named."""
    found: dict[str, Sending] = {}
    for one in sendings:
        found[one.server] = found[one.server] + one if one.server in found else one
    return tuple(one for one in found.values() if one.texts)


def _empty(catalogs: Sequence[Catalog]) -> int:
    return sum(not unit.target for one in catalogs for unit in one.live)
