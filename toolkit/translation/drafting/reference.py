"""Reference translations: what people approved of an article in another language helps a model with the same paragraphs.

The draft's provenance line names the language and the words that helped (`second=zh-Hans second-hash=…`). Once those words
are others, or nobody stands behind them any more, the draft is stale, and a machine may make it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit import codes
from toolkit.segment import sentences
from toolkit.translation.drafting.background import plain
from toolkit.units import Catalog, Unit, UnitKey, text_hash


@dataclass(frozen=True, slots=True)
class Reference:
    """The approved translation of one unit in another language."""

    language: str
    hash: str
    """Of the target as it stands in its catalog."""
    texts: tuple[str, ...] = ()
    """Without codes: one for each sentence of the source, or one for all of it; empty where it is no help."""


@dataclass(frozen=True, slots=True)
class References:
    """The approved translations of one article in another language."""

    language: str = ""
    """BCP 47; empty: this job wants none, and draws no conclusions from any."""
    approved: Mapping[UnitKey, Reference] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog | None, language: str, by_sentence: bool = False) -> References:
        """What stands approved in the article's catalog of that language; None: there is no such catalog."""
        if catalog is None:
            return cls(language)
        return cls(
            language,
            {
                unit.key: Reference(language, text_hash(unit.target), _texts(unit, catalog, language, by_sentence))
                for unit in catalog.live
                if unit.state.approved
            },
        )

    def find(self, unit: Unit) -> Reference | None:
        """What a request for this unit can carry."""
        reference = self.approved.get(unit.key)
        return reference if reference is not None and reference.texts else None

    def hash(self, unit: Unit) -> str:
        """The hash of the reference for this unit; empty for none."""
        reference = self.find(unit)
        return reference.hash if reference is not None else ""

    def stale(self, unit: Unit) -> bool:
        """Whether the unit was drafted with a reference that is not the approved one any more."""
        line = unit.line("mt")
        if line is None or not self.language or line.get("second") != self.language:
            return False
        reference = self.approved.get(unit.key)
        return reference is None or reference.hash != line.get("second-hash")


NONE = References()


def _texts(unit: Unit, catalog: Catalog, language: str, by_sentence: bool) -> tuple[str, ...]:
    """The target's texts, one for each sentence of the source if that is what is asked; nothing where they do not pair up."""
    found = codes.find(unit.source, catalog.markup)
    if not any(char.isalpha() for char in codes.strip(unit.source, found).text):
        return ()
    theirs = codes.find(unit.target, catalog.markup)
    spans = [(0, len(unit.target))]
    if by_sentence:
        spans = sentences(unit.target, language, theirs)
        if len(spans) != len(sentences(unit.source, catalog.source_language, found)):
            return ()
    texts = tuple(plain(unit.target[start:stop], codes.within(theirs, start, stop)) for start, stop in spans)
    return texts if all(texts) else ()
