"""How much a job would have to ask, and how long that would take by what was measured on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.translation.accept import Checked
from toolkit.translation.identity import identities
from toolkit.translation.options import Options
from toolkit.translation.plan import lay_out, wanted
from toolkit.translation.second import NONE, Seconds
from toolkit.translation.sending import Sending, Sends, answer_tokens, together
from toolkit.translation.wrappers import Cached, Cascade, Pivot, Protect
from toolkit.translation.wrappers.base import Wrapper
from toolkit.units import Catalog, Engine, Request


@dataclass(frozen=True, slots=True)
class Forecast:
    """What is open in one target language."""

    target_language: str
    articles: int = 0
    units: int = 0
    """Paragraphs that a machine would draft."""
    sentences: int = 0
    """Distinct texts that would be asked, the draft cache left aside."""
    characters: int = 0
    """What a model would have to read of them anew."""
    seconds: float | None = 0.0
    """None: no run with this model was measured yet."""
    engine: str = ""
    sendings: tuple[Sending, ...] = ()
    """What would go to servers, one for each."""
    tokens: int = 0
    """About how many a language model in the process would write; 0 for another engine."""
    grain: Literal["sentence", "unit"] = "sentence"
    """What the engine is given."""

    def __add__(self, other: Forecast) -> Forecast:
        timed = self.seconds is not None and other.seconds is not None
        return replace(
            self,
            units=self.units + other.units,
            sentences=self.sentences + other.sentences,
            characters=self.characters + other.characters,
            seconds=(self.seconds or 0.0) + (other.seconds or 0.0) if timed else None,
            engine=self.engine or other.engine,
            sendings=together((*self.sendings, *other.sendings)),
            tokens=self.tokens + other.tokens,
            grain=other.grain if not self.units else self.grain,
        )


def forecast(
    catalogs: Sequence[Catalog],
    engine: Engine | None,
    options: Options,
    target_language: str,
    helps: Sequence[Seconds] = (),
) -> Forecast:
    """What a job over these catalogs would ask; without an engine, what waits for one."""
    redraft = options.redraft
    helps = helps or [NONE] * len(catalogs)
    pairs = [(unit, help_) for one, help_ in zip(catalogs, helps, strict=True) for unit in one.live]
    if engine is None or not any(wanted(unit, frozenset(), redraft, help_) for unit, help_ in pairs):
        empty = sum(not unit.target for one in catalogs for unit in one.live)
        return Forecast(target_language, units=empty, engine=engine.name if engine else "")
    layout = lay_out(catalogs, engine, identities(engine), redraft, helps)
    plans = [plan for plan in layout.plans if plan.missing]
    numbers = dict.fromkeys(number for plan in plans for number in plan.asks)
    requests = {number: layout.requests[number] for number in numbers}
    sent: list[Sending] = []
    open_, seconds = unanswered(engine, requests, catalogs[0].source_language, target_language, sent)
    return Forecast(
        target_language,
        units=len(plans),
        sentences=len(open_),
        characters=sum(len(request.source) for request in open_.values()),
        seconds=seconds,
        engine=engine.name,
        sendings=together(sent),
        tokens=_tokens(engine, open_.values(), target_language) if not sent else 0,
        grain=engine.grain,
    )


def _tokens(engine: Engine, requests: Iterable[Request], target_language: str) -> int:
    """About what the answers come to, where the engine counts tokens."""
    inner = engine
    while isinstance(inner, Wrapper):
        inner = inner.inner
    if isinstance(inner, Cascade | Pivot) or not hasattr(inner, "tokens"):
        return 0
    return round(sum(answer_tokens(request.source, target_language) for request in requests))


def sent(engine: Engine, texts: Sequence[str], source_language: str, target_language: str) -> tuple[Sending, ...]:
    """What would go to servers if an engine were asked for these texts alone, one for each."""
    found: list[Sending] = []
    unanswered(engine, dict(enumerate(map(Request, texts))), source_language, target_language, found)
    return together(found)


Numbered = Mapping[int, Request]


def unanswered(
    engine: Engine, requests: Numbered, source_language: str, target_language: str, sent: list[Sending]
) -> tuple[Numbered, float | None]:
    """Of numbered requests those that would reach a model, each question once and as it sees them, and the seconds that it
    would take: None where no run with it was measured yet. What goes to a server is put into `sent`."""
    pair = (source_language, target_language)
    if isinstance(engine, Protect):
        hidden = dict(zip(requests, engine.hidden(requests.values()), strict=True))
        return unanswered(engine.inner, hidden, *pair, sent)
    if isinstance(engine, Cached):
        unknown, speed = engine.unknown(list(requests.values()), *pair)
        first = {request: number for number, request in reversed(list(requests.items()))}
        open_ = {first[request]: request for request in unknown}
        unanswered(engine.inner, open_, *pair, sent)
        seconds = sum(len(request.source) for request in unknown) / speed if speed else None
        return open_, seconds if unknown else 0.0
    if isinstance(engine, Checked):
        return unanswered(engine.inner, requests, *pair, sent)
    if isinstance(engine, Cascade):
        asked, *_ = [unanswered(one, requests, *pair, sent) for one in engine.engines]
        return asked
    if isinstance(engine, Pivot):
        # How much of the second leg is known shows only when the first has answered: all that is new to the first is
        # counted as new to the second, and equally long.
        here, one = unanswered(engine.first, requests, source_language, engine.via, sent)
        _, two = unanswered(engine.second, here, engine.via, target_language, sent)
        return here, None if one is None or two is None else one + two
    if isinstance(engine, Sends):
        sent.append(engine.sending(list(requests.values()), *pair))
        return requests, None
    return requests, 0.0 if getattr(engine, "independent", False) else None
