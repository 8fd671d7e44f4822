"""Has an engine draft what is to be aligned. The drafts are evidence of what belongs together; none of them gets into a catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from toolkit.alignment.blocks import of_text
from toolkit.errors import UsageError
from toolkit.events import Sink, ignore
from toolkit.files import printable
from toolkit.project.context import Context
from toolkit.translation.drafting import Job, draft
from toolkit.translation.engines.registry import over_network
from toolkit.translation.options import Options
from toolkit.translation.picking import pick
from toolkit.units import Catalog, Engine, LanguagePair


def opened(context: Context, spec: str, pair: LanguagePair) -> Engine:
    """The engine that is asked. Raises NoModel, UsageError for an unknown engine and for one that would send texts away."""
    if over_network(spec):
        raise UsageError(f"{printable(spec)}: drafts for adopting are asked of an engine on this machine alone")
    engine = pick(spec, pair, Options(), context.resources)
    if engine is None:
        raise UsageError("name an engine: --engine ENGINE, or ENGINE/MODEL")
    return engine


def drafts_of(context: Context, catalogs: Sequence[Catalog], spec: str, tell: Sink = ignore) -> list[Mapping[str, str]]:
    """For each catalog of one pair of languages what the engine makes of its sources, without markup; refused ones are left out.

    The catalogs are not changed. Raises NoModel, UsageError, EngineFailed.
    """
    if not catalogs:
        return []
    engine = opened(context, spec, catalogs[0].pair)
    empty = tuple(
        replace(
            catalog,
            units=tuple(replace(unit, target="", previous_source="", flags=(), provenance=()) for unit in catalog.live),
        )
        for catalog in catalogs
    )
    found = draft(Job(empty, engine, terms=context.terms.glossary(catalogs[0].pair)), tell=tell)
    return [
        {unit.source: of_text(unit.target, catalog.markup).text for unit in catalog.live if unit.target}
        for catalog in found
    ]
