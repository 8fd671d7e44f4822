"""Runs the quality checks on a catalog, except those that a person silenced in a unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from toolkit import catalog as catalogs
from toolkit.codes import replaced
from toolkit.units import (
    MACHINE_MADE,
    Catalog,
    Check,
    Diagnostic,
    Finding,
    Mend,
    ProvenanceLine,
    Unit,
    text_hash,
)

_CERTAIN = frozenset(("typography", "ending", "spelling", "digits"))
"""Checks whose mends change no word."""
_OF_CONVERSIONS = frozenset(("empty", "outdated", "script", "codes", "terms"))
"""Checks of what a conversion from Simplified to Traditional characters can do, or cannot know."""

Placed = tuple[str, Finding]
"""A finding and the name of its check."""


def silenced(unit: Unit) -> frozenset[str]:
    """The checks named in the unit's `# lokta: ignore check=NAME` lines; one line may name several, with commas."""
    names = (line.get("check") for line in unit.provenance if line.kind == "ignore")
    return frozenset(name.strip() for listed in names for name in listed.split(","))


def find(unit: Unit, catalog: Catalog, checks: Mapping[str, Check]) -> Iterator[Placed]:
    """The findings of the checks in a unit, in the order of `checks`.

    Of a paragraph that was converted from zh-Hans and not touched since, only that which the conversion itself can do: all
    else is said of the simplified catalog.
    """
    quiet = silenced(unit)
    made = unit.line("convert")
    converted = made is not None and made.get("hash") == text_hash(unit.target)
    for name, check in checks.items():
        if name not in quiet and (not converted or name in _OF_CONVERSIONS):
            for finding in check(unit, catalog):
                yield name, finding


def find_all(catalog: Catalog, checks: Mapping[str, Check]) -> Iterator[list[Placed]]:
    """The findings of the checks in each live unit."""
    return (list(find(unit, catalog, checks)) for unit in catalog.live)


def diagnose(catalog: Catalog, file: str, checks: Mapping[str, Check]) -> Iterator[Diagnostic]:
    """The findings of the checks in the live units, as `diagnosed` has them."""
    return diagnosed(catalog, file, find_all(catalog, checks))


def diagnosed(catalog: Catalog, file: str, found: Iterable[Iterable[Placed]]) -> Iterator[Diagnostic]:
    """What was found in each live unit, in the file's order, each with its line; `file` is the catalog's name as messages show it.

    Units that nobody and nothing translated yet are one diagnostic, at the first of them.
    """
    empty = [unit for unit in catalog.live if _is_untouched(unit)]
    for unit, placed in zip(catalog.live, found, strict=True):
        for name, finding in placed:
            if name == "empty" and len(empty) > 1 and _is_untouched(unit):
                if unit is not empty[0]:
                    continue
                finding = replace(finding, message=f"{len(empty)} paragraphs are not translated yet; this is the first")
            line = catalogs.line_of(catalog, unit)
            yield Diagnostic(name, finding.message, finding.severity, unit, file, line, finding)


def _is_untouched(unit: Unit) -> bool:
    """Whether nobody translated the unit, and no draft of it was refused."""
    return not unit.target and bool(unit.source.strip()) and not unit.line("refused")


def mended(unit: Unit, catalog: Catalog, checks: Mapping[str, Check]) -> Unit:
    """The unit with the mends of its findings that are certain and change no word: marks, blanks, digits.

    A machine's untouched draft stays one.
    """
    edits: list[Mend] = []
    for name, finding in find(unit, catalog, checks):
        if name in _CERTAIN:
            free = (e for e in finding.mend if not any(e.start < other.end and other.start < e.end for other in edits))
            edits += [edit for edit in free if not any(edit.start == other.start for other in edits)]
    if not edits:
        return unit
    target = replaced(unit.target, sorted(edits))
    lines = [_hashed(line, target) for line in unit.provenance] if unit.machine else list(unit.provenance)
    return replace(unit, target=target, provenance=tuple(lines))


def _hashed(line: ProvenanceLine, target: str) -> ProvenanceLine:
    """The line of a machine's draft, bound to this target."""
    if line.kind not in MACHINE_MADE:
        return line
    values = tuple((key, text_hash(target) if key == "hash" else value) for key, value in line.values)
    return replace(line, values=values)
