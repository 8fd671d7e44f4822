"""Abilities as engines around engines: each file adds one, and passes everything else on."""

from __future__ import annotations

from toolkit.translation.wrappers.cache import Cached
from toolkit.translation.wrappers.cascade import Cascade
from toolkit.translation.wrappers.codes import Protect
from toolkit.translation.wrappers.pivot import Pivot

__all__ = ["Cached", "Cascade", "Pivot", "Protect"]
