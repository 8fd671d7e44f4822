"""The second source: what a person approved in another language helps a model with the same paragraph.

The draft's line names the language and the words that helped (`second=zh-Hans second-hash=…`). Once those words are others,
or nobody stands behind them any more, the draft is stale, and a machine may make it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit import codes
from toolkit.hashing import text_hash
from toolkit.segment import sentences
from toolkit.translation.background import plain
from toolkit.translation.identity import Identity, identities
from toolkit.translation.wrappers import Cascade
from toolkit.translation.wrappers.base import Wrapper
from toolkit.units import Catalog, Engine, Match, Unit

Key = tuple[str, str]
"""Context and source: what names a unit in its catalog."""


def key(unit: Unit) -> Key:
    """What names the unit."""
    return unit.context, unit.source


@dataclass(frozen=True, slots=True)
class Second:
    """What was approved of one unit."""

    language: str
    hash: str
    """Of the target as it stands in its catalog."""
    texts: tuple[str, ...] = ()
    """Without codes, for each sentence of the source or for all of it; empty where it is no help."""


@dataclass(frozen=True, slots=True)
class Seconds:
    """What people approved of one article in a second language."""

    language: str = ""
    """BCP 47; empty: this job wants no second source, and draws no conclusions from one."""
    approved: Mapping[Key, Second] = field(default_factory=dict)

    @classmethod
    def of(cls, catalog: Catalog | None, language: str, by_sentence: bool = False) -> Seconds:
        """What stands approved in the article's catalog of that language; None: there is no such catalog."""
        units = catalog.live if catalog is not None else ()
        approved = {
            key(unit): Second(language, text_hash(unit.target), _texts(unit, catalog, language, by_sentence))
            for unit in units
            if catalog is not None and unit.state.approved
        }
        return cls(language, approved)

    def helps(self, unit: Unit) -> Second | None:
        """What a request for this unit can carry."""
        second = self.approved.get(key(unit))
        return second if second is not None and second.texts else None

    def hash(self, unit: Unit) -> str:
        """The hash of what helps; empty for nothing."""
        second = self.helps(unit)
        return second.hash if second is not None else ""

    def stale(self, unit: Unit) -> bool:
        """Whether the unit was drafted with the help of words that are not the approved ones any more."""
        mark = unit.mark("mt")
        if mark is None or not self.language or mark.get("second") != self.language:
            return False
        second = self.approved.get(key(unit))
        return second is None or second.hash != mark.get("second-hash")


NONE = Seconds()
WITHOUT = "without the second source"
"""The remark on an answer to a smaller question, that left it out: its draft was not helped."""


def took(engine: Engine, match: Match, language: str) -> bool:
    """Whether the engine that gave this answer took a second source in that language: of a cascade the one that signed."""
    if WITHOUT in match.remarks:
        return False
    if isinstance(engine, Cascade):
        made = Identity(match.origin, match.model)
        return any(made in identities(one) and took(one, match, language) for one in engine.engines)
    if isinstance(engine, Wrapper):
        return took(engine.inner, match, language)
    return language in getattr(engine, "seconds", ())


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
