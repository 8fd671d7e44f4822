"""Units and catalogs for the tests of the checks."""

from __future__ import annotations

from toolkit.hashing import text_hash
from toolkit.units import Catalog, Mark, Unit


def unit(source: str, target: str = "", *, fuzzy: bool = False, score: float | None = None) -> Unit:
    """A unit; with a score it is a machine's draft."""
    marks: tuple[Mark, ...] = ()
    if score is not None:
        marks = (Mark("mt", (("engine", "argos"), ("model", "m"), ("score", str(score)), ("hash", text_hash(target)))),)
    return Unit(source, target, flags=("fuzzy",) if fuzzy or marks else (), provenance=marks)


def catalog(origin: str = "en", spoken: str = "bo", *units: Unit, markup: str = "plain") -> Catalog:
    """A catalog with a header that names its markup."""
    return Catalog(origin, spoken, units, {"X-Lokta-Markup": markup})
