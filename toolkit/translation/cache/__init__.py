"""What models said is kept, and not asked again: the store on disk, and the model that looks there first."""

from __future__ import annotations

from toolkit.translation.cache.model import CachedModel
from toolkit.translation.cache.store import DraftCache, SentencePair, Throughput, temporary

__all__ = ["CachedModel", "DraftCache", "SentencePair", "Throughput", "temporary"]
