"""Which sentences of a translation are whose: groups of neighbouring sentences on both sides that belong together."""

from __future__ import annotations

from collections.abc import Sequence
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


def border(groups: Sequence[Group], sentences: int) -> int | None:
    """The number of target sentences that translate the first `sentences` source sentences, where a group ends just there and the
    next one begins, on both sides; else None."""
    before = next((one for one in groups if one.source_end == sentences), None)
    after = next((one for one in groups if one.source == sentences), None)
    if before is None or after is None or before.target_end != after.target:
        return None
    return after.target
