"""What a person should know of a catalog before it goes out: the checks, and the queue of what to look at first.

A check is a plain function `(unit, catalog) -> findings`; silence means good. To add one, write a file in `checks/`
and a line in `CHECKS`; others join by the entry point `lokta.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from toolkit import catalog as catalogs
from toolkit.review.checks.codes import codes
from toolkit.review.checks.empty import empty
from toolkit.review.checks.numbers import numbers
from toolkit.review.checks.outdated import outdated
from toolkit.review.checks.script import script
from toolkit.review.checks.untranslated import untranslated
from toolkit.review.findings import Placed, find
from toolkit.review.rank import QueueItem
from toolkit.review.rank import rank as _rank
from toolkit.review.report import to_github, to_json
from toolkit.units import Catalog, Check, Diagnostic

__all__ = ["CHECKS", "QueueItem", "checks", "diagnose", "rank", "to_github", "to_json"]

CHECKS: dict[str, Check] = {
    "empty": empty,
    "outdated": outdated,
    "untranslated": untranslated,
    "codes": codes,
    "numbers": numbers,
    "script": script,
}
"""The name of a check is what `# lokta: ignore check=NAME` silences."""


@cache
def checks() -> Mapping[str, Check]:
    """Our checks, then those that installed packages bring (entry points `lokta.checks`); ours win a clash of names."""
    from importlib.metadata import entry_points

    return {**{point.name: point.load() for point in entry_points(group="lokta.checks")}, **CHECKS}


def diagnose(catalog: Catalog, file: str) -> Iterator[Diagnostic]:
    """What the checks find in the live units, in the file's order; `file` is the catalog's name as shown to people."""
    for unit in catalog.live:
        found: list[Placed] = list(find(unit, catalog, checks()))
        if found:
            line = catalogs.line_of(catalog, unit)
            for name, finding in found:
                yield Diagnostic(name, finding.message, finding.severity, unit, file, line)


def rank(catalog: Catalog) -> tuple[QueueItem, ...]:
    """The live units that nobody has approved, riskiest first; equal risks keep the file's order."""
    return _rank(catalog, checks())
