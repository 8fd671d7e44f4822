"""What was translated before: by people, offered again from the catalogs on disk; by models, in the draft cache."""

from __future__ import annotations

from toolkit.memory.drafts import Drafts, Pace
from toolkit.memory.exact import Memory

__all__ = ["Drafts", "Memory", "Pace"]
