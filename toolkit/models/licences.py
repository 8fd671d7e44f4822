"""What a model's licence allows, from the licence as it was recorded when the model was installed."""

from __future__ import annotations

import re

_FORBIDS = re.compile(r"(^|[^a-z])nc([^a-z]|$)|non-?\s?commercial|research only|evaluation only", re.I)
_ALLOWS = re.compile(
    r"^(apache|mit\b|bsd|isc\b|mpl|cc0|cc[- ]by([- ]sa)?([- ]\d|$)|unlicense|public domain|artistic|zlib|bsl)", re.I
)


def commercial(licence: str) -> bool | None:
    """Whether a licence, by its SPDX identifier or usual name, allows commercial use; None for one that is not known."""
    if _FORBIDS.search(licence):
        return False
    return True if _ALLOWS.match(licence.strip()) else None


def names(signature: str) -> tuple[str, ...]:
    """The models that a draft's `model=` names: `nllb-200-600m@3fa9c1d2+greedy`, two with a blank for a pivot."""
    return tuple(part.partition("@")[0] for part in signature.split())
