"""Translation memory: approved translations are offered again for the same source text."""

from __future__ import annotations

from toolkit.memory.exact import Memory

__all__ = ["Memory"]
