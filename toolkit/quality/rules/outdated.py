"""The source changed after the translation was made."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.units import Catalog, Finding, State, Unit

_SHOWN = 60


def outdated(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """Quotes the beginning of what the translation was made for."""
    if unit.previous_source and unit.state is State.OUTDATED:
        before = unit.previous_source
        shown = before if len(before) <= _SHOWN else before[:_SHOWN].rstrip() + "…"
        yield Finding(f"the source changed since this was translated; it was: {shown}")
