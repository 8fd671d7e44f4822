"""Translation memory: what was approved is offered again, for the same text and for similar ones."""

from __future__ import annotations

from toolkit.memory.engine import Memory
from toolkit.memory.store import MemoryStore

__all__ = ["Memory", "MemoryStore"]
