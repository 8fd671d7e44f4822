"""A second opinion: what another engine says to the paragraphs that a machine drafted, and how far the two agree.

No draft is changed. The agreement stands in the machine's line (`agree=0.63 by=argos/en_zh`), and the review queue counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.events import Sink, ignore
from toolkit.files import printable
from toolkit.project.context import Context
from toolkit.quality.agreement import chrf
from toolkit.translation.drafting import Job, draft
from toolkit.translation.engines.registry import over_network
from toolkit.translation.options import Options
from toolkit.translation.picking import pick
from toolkit.units import Catalog, Unit, UnitKey


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a second engine thinks of a catalog's drafts."""

    drafts: int
    """Compared; those that this engine made itself, and those that it has an opinion of already, are not."""
    agreement: float
    """Their mean chrF2, 0 to 1; 0 where there is none."""
    by: str
    """The engine and its model."""


def second_opinion(context: Context, path: Path, spec: str, tell: Sink = ignore) -> Opinion:
    """Ask an engine for its own drafts of what a machine drafted in a catalog file, and note how far they agree.

    Raises NoModel, UsageError for an unknown engine and for one that would send texts away, EngineFailed.
    """
    if over_network(spec):
        raise UsageError(f"{printable(spec)}: a second opinion is asked of an engine on this machine alone")
    catalog = context.store.read(path)
    engine = pick(spec, catalog.pair, Options(), context.resources)
    if engine is None:
        raise UsageError("name an engine: --second-opinion ENGINE, or ENGINE/MODEL")
    made = {(who.engine, who.model) for who in engine.identities}
    by = ", ".join(sorted(f"{name}/{model}".rstrip("/") for name, model in made))
    asked = [unit for unit in catalog.live if _is_open(unit, by, {model for _, model in made})]
    empty = tuple(replace(unit, target="", flags=(), provenance=()) for unit in asked)
    terms = context.terms.glossary(catalog.pair)
    (others,) = draft(Job((replace(catalog, units=empty),), engine, terms=terms), tell=tell)
    said = {unit.key: unit.target for unit in others.live if unit.target}
    agreed = {unit.key: (unit.target, chrf(unit.target, said[unit.key])) for unit in asked if unit.key in said}
    if agreed:
        context.store.change(path, lambda now: _noted(now, agreed, by))
        context.store.settle()
    return Opinion(len(agreed), sum(value for _, value in agreed.values()) / len(agreed) if agreed else 0.0, by)


def _is_open(unit: Unit, by: str, models: set[str]) -> bool:
    """Whether a unit is a draft of another engine that this one has said nothing of."""
    line = unit.line("mt")
    return bool(line and unit.target and unit.machine and line.get("by") != by and line.get("model") not in models)


def _noted(catalog: Catalog, agreed: Mapping[UnitKey, tuple[str, float]], by: str) -> Catalog:
    """The catalog with the agreement in the lines of the drafts that are still what was compared."""
    return replace(catalog, units=tuple(_with(unit, agreed, by) for unit in catalog.units))


def _with(unit: Unit, agreed: Mapping[UnitKey, tuple[str, float]], by: str) -> Unit:
    line = unit.line("mt")
    if unit.obsolete or line is None or unit.key not in agreed or agreed[unit.key][0] != unit.target:
        return unit
    values = tuple((key, value) for key, value in line.values if key not in ("agree", "by"))
    return unit.with_lines(replace(line, values=(*values, ("agree", f"{agreed[unit.key][1]:.2f}"), ("by", by))))
