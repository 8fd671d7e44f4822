"""The checks for units of a catalog, by name; each says what it saw in a translator's words, and nothing when all is well.

To add one, write a file here with a function `(unit, catalog) -> findings` and a line in `CHECKS`; others join by the entry
point `lokta.checks`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points

from toolkit.quality.checks.codes import codes
from toolkit.quality.checks.empty import empty
from toolkit.quality.checks.numbers import numbers
from toolkit.quality.checks.outdated import outdated
from toolkit.quality.checks.script import script
from toolkit.quality.checks.untranslated import untranslated
from toolkit.units import Check

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
    """Our checks, then those that installed packages bring; ours win a clash of names."""
    return {**{point.name: point.load() for point in entry_points(group="lokta.checks")}, **CHECKS}
