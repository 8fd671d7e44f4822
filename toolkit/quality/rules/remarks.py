"""What a model left in its answer: signs of unknown words, its own machinery, remarks about the translation."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.language.detect import residue
from toolkit.quality.pair import of_unit
from toolkit.quality.rules import wording
from toolkit.units import Catalog, Finding, Unit


def residues(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """`⁇`, `<unk>`, U+FFFD, control signs of a model: an error."""
    if not unit.target.strip():
        return
    sign = residue(unit.target)
    if sign and sign not in unit.source:
        at = unit.target.index(sign)
        yield Finding(f"a sign of an unknown word is in it: {sign}", "error", None, (at, at + len(sign)))
        return
    pair = of_unit(unit, catalog)
    if why := wording.garbled(pair) or wording.tokens(pair) or wording.thoughts(pair):
        yield Finding(f"the translation {why}", "error")


def remarks(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """`Here is the translation:`, `Note: …`: an error."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if why := wording.refusal(pair) or wording.preface(pair) or wording.note(pair):
        yield Finding(f"a machine's remark is left in it: {why}", "error")
