"""What people have translated before, offered again; today the exact matches from the catalogs on disk."""

from __future__ import annotations

from toolkit.memory.exact import Memory

__all__ = ["Memory"]
