"""Run checks over one unit, except those that a person silenced there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from toolkit.units import Catalog, Check, Finding, Unit

Placed = tuple[str, Finding]
"""A finding and the name of its check."""


def silenced(unit: Unit) -> frozenset[str]:
    """The checks named in the unit's `# lokta: ignore check=NAME` lines; one line may name several, with commas."""
    names = (mark.get("check") for mark in unit.provenance if mark.kind == "ignore")
    return frozenset(name.strip() for listed in names for name in listed.split(","))


def find(unit: Unit, catalog: Catalog, checks: Mapping[str, Check]) -> Iterator[Placed]:
    """What the checks see in the unit, in the order of the table."""
    quiet = silenced(unit)
    for name, check in checks.items():
        if name not in quiet:
            yield from ((name, finding) for finding in check(unit, catalog))
