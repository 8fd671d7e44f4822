"""What a person chooses about drafting, and what engines are made from beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakValueDictionary

from toolkit.models.families import Families
from toolkit.remotes import Remote
from toolkit.translation.cache import CachedModel, DraftCache
from toolkit.translation.inference import Model
from toolkit.units import Engine, LanguagePair


@dataclass(frozen=True, slots=True)
class Options:
    """A person's choices for one job; the defaults are the careful ones."""

    fast: bool = False
    """Greedy search instead of a beam: quicker, a little worse."""
    redraft: bool = False
    """Draft again what no person touched and another model drafted, and ask again where a draft was refused."""
    reference_language: str = ""
    """BCP 47: approved paragraphs in it are given to the model as reference translations; empty: as the project says."""
    via: str = ""
    """A pivot language to go through although a direct model may exist."""
    variant: str = "tw"
    """Where the readers of zh-Hant are: `tw` or `hk`."""
    compute_type: str = "default"
    """CTranslate2's: `int8`, `float32`, …; `default` takes the weights as the package stores them, int8 as a rule."""
    threads: int = 0
    """Processor cores to use; 0: all that this process may use."""
    beam: int = 0
    """Hypotheses that a search keeps; 0: the engine's own choice."""
    batch_tokens: int = 0
    """Tokens in a batch; 0: the engine's own choice."""
    device: str = "auto"
    """`cpu`, `cuda`, or `auto`: a graphics card if CTranslate2 sees one."""
    slots: int = 0
    """Texts that a language model drafts at once; 0: one, which keeps the last digits of the scores too."""
    examples: bool = True
    """Show a language model that takes examples the approved translations most like the text at hand."""
    raw: bool = False
    """Answers as the model first gives them: no quality checks, no second tries, inline codes not protected."""

    @property
    def suffix(self) -> str:
        """What of these options changes the drafts of a translation model, as its signature says it."""
        compute = "" if self.compute_type == "default" else f"+{self.compute_type}"
        search = "+greedy" if self.fast else f"+beam{self.beam}" if self.beam else ""
        return f"{search}{compute}"


Maker = Callable[[str, LanguagePair, Options, "Resources"], Engine | None]
"""Makes an engine from a model's name (empty: the best), the pair and the options; None: it has no model for the pair."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What engines are made from in one project: registries, servers, cache, and the models that are in use."""

    engines: Mapping[str, Maker] = field(default_factory=dict)
    """By name, those of installed plug-ins included; see `engines.registry.engines`."""
    families: Families = field(default_factory=Families)
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    """The servers that the project opted in to, by name."""
    cache: DraftCache | None = None
    """None: nothing is remembered."""
    _models: WeakValueDictionary[Any, Model] = field(default_factory=WeakValueDictionary)

    def model(self, key: tuple[Any, ...], make: Callable[[], Model]) -> Model:
        """The model of this key, behind the draft cache; engines that are in use at the same time share it."""
        found = self._models.get(key)
        if found is None:
            made = make()
            found = CachedModel(made, self.cache) if self.cache is not None else made
            self._models[key] = found
        return found
