"""The translation memory as the examples of language models: texts without inline codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit import codes
from toolkit.memory.store import MemoryStore
from toolkit.translation.drafting.background import plain
from toolkit.translation.drafting.examples import Similar
from toolkit.units import LanguagePair

_NUMBERED = re.compile(r"</?\d+/?>")
"""An inline code of HTML; a text without any is read as Markdown, whose signs help no model either."""


class Approved:
    """The approved pairs of a memory: those of catalogs, and of memories that were imported, whose penalty is taken off."""

    def __init__(self, memory: MemoryStore) -> None:
        self._memory = memory

    def similar(self, text: str, pair: LanguagePair, limit: int, least: float) -> Iterator[Similar]:
        """The pairs most like a text, in any order."""
        for one in self._memory.near(text, pair, limit, least):
            yield Similar(_bare(one.source), _bare(one.target), one.score)


def _bare(text: str) -> str:
    return plain(text, codes.find(text, "tags" if _NUMBERED.search(text) else "markdown"))
