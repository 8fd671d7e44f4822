"""What can be installed by a short name, and what is published of the packages on offer: data of this distribution, no network."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from importlib.util import find_spec

from toolkit.models import argos, licences, memory
from toolkit.models.families import BUILT_IN
from toolkit.models.package import Package
from toolkit.models.tokens import pairs as tokens_pairs
from toolkit.models.tokens import tokens
from toolkit.units import LanguagePair

QUANT = "Q4_K_M"
"""What a language model is installed in where nothing else is asked for."""
LLAMA = "pip install 'lokta[llama]'"
"""What language models run by, and are got from the hub by."""

ARGOS_FIGURES = {LanguagePair("en", "zh-Hans"): "FLORES BLEU 33.1, COMET .833; WMT19 BLEU 26.6, COMET .770"}
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
    made_by: str
    published_by: str
    licence: str
    """Of the revision; of one that is not pinned here, what its card was seen to say."""
    figures: str
    size: int
    """Bytes to download; of a language model, in the usual quantization."""
    engine: str = "ctranslate2"
    """`ctranslate2` or `llama`."""
    revision: str = ""
    """Empty: the commit that the hub names at the first installation is the one that `models.lock` pins."""
    sha256: Mapping[str, str] = field(default_factory=dict)
    """File -> SHA-256, of the large ones."""
    cache: int = 0
    """Bytes of memory for each token of a language model's context."""

    @property
    def commercial(self) -> bool | None:
        """Whether the licence allows commercial use."""
        return licences.commercial(self.licence)

    @property
    def memory(self) -> int:
        """Bytes that a language model takes while it runs; 0 for the others."""
        return memory.needed(self.size, self.cache, BUILT_IN[self.family].context) if self.engine == "llama" else 0

    @property
    def pairs(self) -> tuple[LanguagePair, ...]:
        """All pairs of the family."""
        if self.engine == "llama":
            return BUILT_IN[self.family].pairs
        return tokens_pairs(self.family, tuple(tokens(self.family).languages))

    def serves(self, pair: LanguagePair) -> bool:
        """Whether the pair is among those of the family."""
        return pair in self.pairs


@cache
def named() -> Mapping[str, Offer]:
    """The short list, in its order."""
    text = files("toolkit.models").joinpath("named.toml").read_text(encoding="utf-8")
    return {name: Offer(name=name, **table) for name, table in tomllib.loads(text).items()}


def of(repository: str) -> Offer | None:
    """The model of the short list that this repository (`owner/name`) holds."""
    return next((offer for offer in named().values() if offer.repository.lower() == repository.lower()), None)


def figures(package: Package) -> str:
    """What is published of an installed model: by its own card, else by the short list for its repository."""
    offer = of(package.source.removeprefix("hf:").partition("@")[0])
    return package.figures or (offer.figures if offer else "")


def in_argos(pair: LanguagePair) -> bool:
    """Whether the Argos index was seen to offer the pair; it is not asked."""
    codes = {argos.code(pair.source), argos.code(pair.target)}
    return len(codes) == 2 and "en" in codes and codes <= {"en", *_ARGOS.split()}


def way(pair: LanguagePair) -> str:
    """The command that installs a model for a pair, with what to know of it; empty when none is on offer."""
    if in_argos(pair):
        start = "" if pair.source == "en" else f" --from {pair.source}"
        return f"lokta models install {pair.target}{start}"
    offers = [offer for offer in named().values() if offer.serves(pair)]
    if not offers:
        return ""
    best = offers[0]
    free = next((offer for offer in offers if offer.commercial), None)
    first = f"{LLAMA}, then " if best.engine == "llama" and not ready() else ""
    line = f"{first}lokta models install {best.name} ({best.licence})"
    return line if free in (None, best) else f"{line} or {free.name} ({free.licence})"


def ready() -> bool:
    """Whether what language models run by is installed; nothing is imported."""
    return all(find_spec(name) is not None for name in ("xllamacpp", "huggingface_hub"))
