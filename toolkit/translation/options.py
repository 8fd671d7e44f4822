"""What a person may choose about drafting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.memory.drafts import Drafts
from toolkit.remotes import Remote


@dataclass(frozen=True, slots=True)
class Options:
    """The choices of one job; the defaults are the careful ones."""

    fast: bool = False
    """Greedy search instead of a beam: quicker, a little worse."""
    redraft: bool = False
    """Draft again what no person touched and another model drafted, and ask again where a draft was refused."""
    second_source: str = ""
    """A language in which what people approved of the same paragraph is given to the model too; empty: as the project says."""
    via: str = ""
    """A language to go through although a direct model may exist."""
    variant: str = "tw"
    """Where the readers of zh-Hant are: `tw` or `hk`."""
    compute_type: str = "default"
    """CTranslate2's: `int8`, `float32`, …; `default` takes the weights as the package stores them, int8 as a rule."""
    threads: int = 0
    """Processor cores to use; 0: all that this process may use."""
    beam: int = 0
    """Hypotheses that a search keeps; 0: the engine's own choice."""
    batch_tokens: int = 0
    """Pieces in a batch; 0: the engine's own choice."""
    device: str = "auto"
    """`cpu`, `cuda`, or `auto`: a graphics card if CTranslate2 sees one."""
    slots: int = 0
    """Texts that a language model drafts at once; 0: one, which keeps the last digits of the scores too."""
    remotes: Mapping[str, Remote] = field(default_factory=dict, hash=False)
    """The engines over the network that the project opted in to."""
    drafts: Drafts | None = field(default=None, compare=False, repr=False)
    """The draft cache; None: nothing is remembered."""

    @property
    def suffix(self) -> str:
        """What changes the drafts of a model, as its signature says it."""
        compute = "" if self.compute_type == "default" else f"+{self.compute_type}"
        search = "+greedy" if self.fast else f"+beam{self.beam}" if self.beam else ""
        return f"{search}{compute}"
