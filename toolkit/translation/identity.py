"""Who made a draft, as the draft's own line in the catalog says it: what is asked before anything is asked again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from toolkit.units import Engine, Mark, Unit


@dataclass(frozen=True, slots=True)
class Identity:
    """Two drafts of equal identity came from the same weights, asked in the same way."""

    engine: str
    model: str = ""
    """Its name, the first digits of its files' digest, the options that matter: `translate-en_zh-1_9@3fa9c1d2`."""


def identities(engine: Engine) -> frozenset[Identity]:
    """All that this engine may sign with; an engine that says nothing signs with its name alone."""
    said: Iterable[Identity] = getattr(engine, "identities", ())
    return frozenset(said) or frozenset((Identity(engine.name),))


def identity_of(mark: Mark) -> Identity:
    """The identity that an `mt` or `refused` line names."""
    return Identity(mark.get("engine"), mark.get("model"))


def drafted_by(unit: Unit, made: frozenset[Identity]) -> bool:
    """One of these drafted the unit, whoever may have worked on it since."""
    mark = unit.mark("mt")
    return mark is not None and identity_of(mark) in made


def refused_by(unit: Unit, made: frozenset[Identity]) -> bool:
    """One of these was asked for the unit, and its draft was refused."""
    mark = unit.mark("refused")
    return mark is not None and identity_of(mark) in made
