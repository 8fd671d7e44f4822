"""Runs the quality checks on a catalog, except those that a person silenced in a unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit import catalog as catalogs
from toolkit.units import Catalog, Check, Diagnostic, Finding, Unit

Placed = tuple[str, Finding]
"""A finding and the name of its check."""


def silenced(unit: Unit) -> frozenset[str]:
    """The checks named in the unit's `# lokta: ignore check=NAME` lines; one line may name several, with commas."""
    names = (line.get("check") for line in unit.provenance if line.kind == "ignore")
    return frozenset(name.strip() for listed in names for name in listed.split(","))


def find(unit: Unit, catalog: Catalog, checks: Mapping[str, Check]) -> Iterator[Placed]:
    """The findings of the checks in a unit, in the order of `checks`."""
    quiet = silenced(unit)
    for name, check in checks.items():
        if name not in quiet:
            yield from ((name, finding) for finding in check(unit, catalog))


def diagnose(catalog: Catalog, file: str, checks: Mapping[str, Check]) -> Iterator[Diagnostic]:
    """The findings in the live units, in the file's order, each with its line; `file` is the catalog's name as messages show it."""
    for unit in catalog.live:
        for name, finding in find(unit, catalog, checks):
            line = catalogs.line_of(catalog, unit)
            yield Diagnostic(name, finding.message, finding.severity, unit, file, line)
