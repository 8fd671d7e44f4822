"""What a model's licence allows, from the licence as it was recorded when the model was installed."""

from __future__ import annotations

import re

_FORBIDS = re.compile(r"(^|[^a-z])nc([^a-z]|$)|non-?\s?commercial|research only|evaluation only", re.I)
_ALLOWS = re.compile(
    r"^(apache|mit\b|bsd|isc\b|mpl|cc0|cc[- ]by([- ]sa)?([- ]\d|$)|unlicense|public domain|artistic|zlib|bsl-1\.0)",
    re.I,
)

_RESTRICTS = re.compile(
    r"european union|non-?commercial|research only|monthly active users|acceptable use|community licen[cs]e|prohibited use"
)
_WORDS = {
    "Apache-2.0": ("apache license", "version 2.0", "grant of patent license"),
    "MIT": ("permission is hereby granted, free of charge", 'the software is provided "as is"'),
    "BSD-3-Clause": ("redistribution and use in source and binary forms", "neither the name"),
    "BSD-2-Clause": ("redistribution and use in source and binary forms",),
    "MPL-2.0": ("mozilla public license version 2.0", "covered software"),
    "CC-BY-4.0": ("creative commons", "attribution 4.0 international"),
    "CC-BY-SA-4.0": ("creative commons", "attribution-sharealike 4.0 international"),
    "CC0-1.0": ("cc0 1.0 universal",),
}
"""What stands in the text of each."""


def commercial(licence: str) -> bool | None:
    """Whether a licence, by its SPDX identifier or usual name, allows commercial use; None for one that is not known."""
    if _FORBIDS.search(licence):
        return False
    return True if _ALLOWS.match(licence.strip()) else None


def of_text(text: str) -> str:
    """The free licence whose words a licence file holds, by its SPDX identifier; empty for any other text.

    A file that holds them and more is no free one if the rest restricts who may use the model, and for what.
    """
    plain = " ".join(text.split()).lower()
    if _RESTRICTS.search(plain):
        return ""
    return next((name for name, words in _WORDS.items() if all(word in plain for word in words)), "")


def agreed(card: str, text: str) -> str:
    """The licence by a model's card and its licence file; where a free card goes with another text, that is said of it,
    and such a licence is not known to be free."""
    held = of_text(text)
    if not text.strip() or (held and _stem(card) == _stem(held)):
        return card
    if held and card in ("", "other"):
        return held
    return f"by its card {card}, by its licence file {held or 'another'}" if commercial(card) else card


def _stem(licence: str) -> str:
    return re.split(r"[-\s]", licence.lower())[0]


def names(signature: str) -> tuple[str, ...]:
    """The models that a draft's `model=` names: `nllb-200-600m@3fa9c1d2+greedy`, two with a blank for a pivot."""
    return tuple(part.partition("@")[0] for part in signature.split())
