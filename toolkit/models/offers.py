"""What can be installed by a short name, and what is published of the packages on offer: data of this distribution, no network."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from toolkit.models import licences
from toolkit.models.tokens import tokens

ARGOS_FIGURES = {("en", "zh-Hans"): "FLORES BLEU 33.1, COMET .833; WMT19 BLEU 26.6, COMET .770"}
"""Published for packages of the Argos index, by pair."""
_ARGOS = """
ar az bg bn ca cs da de el eo es et eu fa fi fr ga gl he hi hu id it ja ko lt lv ms nb nl pb pl pt ro ru sk sl sq sv th tl
tr uk ur zh zt
"""
"""Languages that the Argos index pairs with English (2025), in its codes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model of the short list: one table of `named.toml`."""

    name: str
    title: str
    family: str
    repository: str
    revision: str
    made_by: str
    published_by: str
    licence: str
    size: int
    """Bytes to download."""
    figures: str
    sha256: Mapping[str, str]
    """File -> SHA-256, of the large ones."""

    @property
    def commercial(self) -> bool | None:
        """Whether the licence allows commercial use."""
        return licences.commercial(self.licence)

    def serves(self, source_language: str, target_language: str) -> bool:
        """Whether the pair (BCP 47) is among those of the family."""
        family = tokens(self.family)
        known = source_language in family.languages and target_language in family.languages
        return known and (not family.centre or family.centre in (source_language, target_language))


@cache
def named() -> Mapping[str, Offer]:
    """The short list, in its order."""
    text = files("toolkit.models").joinpath("named.toml").read_text(encoding="utf-8")
    return {name: Offer(name=name, **table) for name, table in tomllib.loads(text).items()}


def in_argos(source_language: str, target_language: str) -> bool:
    """Whether the Argos index was seen to offer the pair (BCP 47); it is not asked."""
    from toolkit.models import argos

    codes = {argos.code(source_language), argos.code(target_language)}
    return len(codes) == 2 and "en" in codes and codes <= {"en", *_ARGOS.split()}


def way(source_language: str, target_language: str) -> str:
    """The command that installs a model for a pair, with what to know of it; empty when none is on offer."""
    if in_argos(source_language, target_language):
        start = "" if source_language == "en" else f" --from {source_language}"
        return f"lokta models install {target_language}{start}"
    offers = [offer for offer in named().values() if offer.serves(source_language, target_language)]
    if not offers:
        return ""
    best = offers[0]
    free = next((offer for offer in offers if offer.commercial), None)
    line = f"lokta models install {best.name} ({best.licence})"
    return line if free in (None, best) else f"{line} or {free.name} ({free.licence})"
