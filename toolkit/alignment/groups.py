"""Which sentences of a translation are whose: groups of neighbouring sentences on both sides that belong together."""

from __future__ import annotations

from typing import NamedTuple


class Group(NamedTuple):
    """Sentences `source` to `source_end` - 1 of a source, translated by the sentences `target` to `target_end` - 1."""

    source: int
    source_end: int
    target: int
    target_end: int

    @property
    def rows(self) -> range:
        """The source sentences."""
        return range(self.source, self.source_end)

    @property
    def columns(self) -> range:
        """The target sentences."""
        return range(self.target, self.target_end)
