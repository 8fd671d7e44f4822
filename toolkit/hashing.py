"""The hashes by which our lines in a catalog know a text again, and what they overlook."""

from __future__ import annotations

import hashlib
import re
import unicodedata


def text_hash(text: str) -> str:
    """12 hex digits of SHA-256 over NFC text."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:12]


_FOLD = str.maketrans(
    {**dict.fromkeys("“”„‟«»「」『』", '"'), **dict.fromkeys("‘’‚‛‹›", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)


def fold(source: str) -> str:
    """A msgid without its typography: white space, quotes and dashes folded."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", source).translate(_FOLD)).strip()
