"""Units and catalogs for the tests of the checks."""

from __future__ import annotations

from toolkit.units import Catalog, ProvenanceLine, Unit, text_hash


def unit(source: str, target: str = "", *, fuzzy: bool = False, score: float | None = None) -> Unit:
    """A unit; with a score it is a machine's draft."""
    lines: tuple[ProvenanceLine, ...] = ()
    if score is not None:
        lines = (
            ProvenanceLine(
                "mt", (("engine", "argos"), ("model", "m"), ("score", str(score)), ("hash", text_hash(target)))
            ),
        )
    return Unit(source, target, flags=("fuzzy",) if fuzzy or lines else (), provenance=lines)


def catalog(origin: str = "en", spoken: str = "bo", *units: Unit, markup: str = "plain") -> Catalog:
    """A catalog with a header that names its markup."""
    return Catalog(origin, spoken, units, {"X-Lokta-Markup": markup})
