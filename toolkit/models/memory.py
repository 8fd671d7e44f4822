"""What a language model takes of the memory while it runs, beside what this machine has."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

_MORE = 1.1
"""For the arrays of a computation, about a tenth."""
CACHE = 2**17
"""Bytes for a token of the context, where a model's header was not seen: those of most models of 1 to 8 billion weights."""


@dataclass(frozen=True, slots=True)
class MachineMemory:
    """This machine's, in bytes; 0: not known."""

    total: int = 0
    available: int = 0


def needed(size: int, cache: int, context: int) -> int:
    """Bytes for weights of `size` bytes and a context of so many tokens, each of which takes `cache`."""
    return int((size + cache * context) * _MORE)


def here() -> MachineMemory:
    """What this machine has; nothing is known without psutil, which comes with the extra `llama`."""
    if find_spec("psutil") is None:
        return MachineMemory()
    import psutil

    said = psutil.virtual_memory()
    return MachineMemory(int(said.total), int(said.available))
