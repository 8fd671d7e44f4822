"""A publisher's own test set: the pairs of its catalogs that people approved, in their own words."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit import codes
from toolkit.units import MACHINE_MADE, Catalog, LanguagePair, Markup, Unit, fold, text_hash


def pairs(catalogs: Iterable[Catalog], pair: LanguagePair) -> list[tuple[str, str]]:
    """Source and target of the approved units, without inline codes, each source once, in the catalogs' order.

    Left out: what a machine drafted and a person approved unchanged, what is the same in both languages.
    """
    found: dict[str, str] = {}
    for catalog in catalogs:
        if catalog.pair == pair:
            for unit in catalog.live:
                if unit.state.approved and not _by_machine(unit) and fold(unit.source) != fold(unit.target):
                    source, target = (_words(text, catalog.markup) for text in (unit.source, unit.target))
                    if any(map(str.isalpha, source)) and target:
                        found.setdefault(source, target)
    return list(found.items())


def _by_machine(unit: Unit) -> bool:
    """Whether the target is, word for word, what a machine made; or nobody can tell, because a line lost its hash."""
    return any(
        line.kind in MACHINE_MADE and (line.damaged or line.get("hash") == text_hash(unit.target))
        for line in unit.provenance
    )


def _words(text: str, markup: Markup) -> str:
    """One line of the text without its inline codes; code and addresses stay, as a reader sees them."""
    found = [code for code in codes.find(text, markup) if code.kind != "ph" or code.data.startswith("<")]
    return " ".join(codes.replaced(text, ((code.start, code.end, "") for code in found)).split())
