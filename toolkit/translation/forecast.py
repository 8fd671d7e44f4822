"""How much a job would have to ask, and how long that would take by what was measured on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from toolkit.translation.accept import Checked
from toolkit.translation.identity import identities
from toolkit.translation.options import Options
from toolkit.translation.plan import lay_out, wanted
from toolkit.translation.second import NONE, Seconds
from toolkit.translation.sending import Sending, Sends, together
from toolkit.translation.wrappers import Cached, Cascade, Pivot, Protect
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
    requests = [layout.requests[number] for number in numbers]
    sent: list[Sending] = []
    open_, seconds = _open(engine, requests, catalogs[0].source_language, target_language, sent)
    characters = sum(len(request.source) for request in open_)
    return Forecast(target_language, 0, len(plans), len(open_), characters, seconds, engine.name, together(sent))


def _open(
    engine: Engine, requests: Sequence[Request], source_language: str, target_language: str, sent: list[Sending]
) -> tuple[list[Request], float | None]:
    """The requests that would reach a model, and the seconds that it would take; what goes to a server is put into `sent`."""
    if isinstance(engine, Protect):
        return _open(engine.inner, engine.hidden(requests), source_language, target_language, sent)
    if isinstance(engine, Cached):
        open_, speed = engine.unknown(requests, source_language, target_language)
        seconds = sum(len(request.source) for request in open_) / speed if speed else None
        _open(engine.inner, open_, source_language, target_language, sent)
        return open_, seconds if open_ else 0.0
    if isinstance(engine, Checked):
        return _open(engine.inner, requests, source_language, target_language, sent)
    if isinstance(engine, Cascade):
        asked, *_ = [_open(one, requests, source_language, target_language, sent) for one in engine.engines]
        return asked
    if isinstance(engine, Pivot):
        # How much of the second leg is known shows only when the first has answered: all that is new to the first is
        # counted as new to the second, and equally long.
        open_, first = _open(engine.first, requests, source_language, engine.via, sent)
        _, second = _open(engine.second, open_, engine.via, target_language, sent)
        return open_, None if first is None or second is None else first + second
    if isinstance(engine, Sends):
        sent.append(engine.sending(requests, source_language, target_language))
        return list(requests), None
    return list(requests), 0.0 if getattr(engine, "independent", False) else None
