"""What a text shows of itself without being understood: its scripts, a loop, an unknown word's residue.

What refuses drafts, what warns of them and what finds page furniture share these.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from toolkit.language import Language

_OF_NAME = {
    "LATIN": "Latn",
    "CJK": "Han",
    "TIBETAN": "Tibt",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "THAI": "Thai",
    "LAO": "Laoo",
    "MYANMAR": "Mymr",
    "KHMER": "Khmr",
    "HANGUL": "Hang",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "MONGOLIAN": "Mong",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "ETHIOPIC": "Ethi",
    "TAMIL": "Taml",
    "TELUGU": "Telu",
    "SINHALA": "Sinh",
    "GUJARATI": "Gujr",
    "GURMUKHI": "Guru",
    "KANNADA": "Knda",
    "MALAYALAM": "Mlym",
    "ORIYA": "Orya",
    "YI": "Yiii",
    "BOPOMOFO": "Bopo",
    "FULLWIDTH": "Latn",
}
"""The first word of a letter's Unicode name -> ISO 15924."""

_WRITTEN_IN = {
    "Hans": frozenset({"Han"}),
    "Hant": frozenset({"Han"}),
    "Hani": frozenset({"Han"}),
    "Jpan": frozenset({"Han", "Hira", "Kana"}),
    "Kore": frozenset({"Hang", "Han"}),
}
"""Scripts that a language is written in, where ISO 15924 has one code for several."""

_SIGNS = ("⁇", "<unk>", "▁", "\ufffd", "@@ ", "<pad>", "</s>")
"""What a tokenizer leaves of a word that it does not know."""

_LOOP_SHORTEST, _LOOP_COPIES = 4, 4
"""Characters of a period, and how many copies of it in a row make a loop; a shorter period needs more copies."""
_LONG = 12
_LOOP_LONGEST = 60


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """ISO 15924 of a letter or mark (`Han` for all of CJK); empty for digits, punctuation and blanks."""
    if "\u0f00" <= char <= "\u0fff":
        return "Tibt" if unicodedata.category(char)[0] in "LM" else ""
    if unicodedata.category(char)[0] != "L":
        return ""
    first = unicodedata.name(char, "").split(" ")[0].split("-")[0]
    return _OF_NAME.get(first, "Zyyy")


def script_shares(text: str) -> dict[str, float]:
    """The share of each script among the letters, the largest first; empty for a text without letters."""
    counts = Counter(script for char in text if char.isalpha() and (script := script_of(char)))
    whole = counts.total()
    return {script: count / whole for script, count in counts.most_common()}


def in_script(text: str, language: Language) -> float:
    """The share of the letters that are of the language's script; 1 for a text without letters."""
    shares = script_shares(text)
    if not shares:
        return 1.0
    wanted = _WRITTEN_IN.get(language.script, frozenset({language.script}))
    return sum(share for script, share in shares.items() if script in wanted)


def residue(text: str) -> str:
    """The first sign of an unknown word in a draft (`⁇`, `<unk>`, `▁`, …); empty when there is none."""
    return next((sign for sign in _SIGNS if sign in text), "")


def is_repetition(text: str) -> bool:
    """Whether a part of the text is said over and over: four copies in a row of four characters or more, or the like.

    Time is linear in the text's length (times the longest period looked at, 60 characters).
    """
    squeezed = re.sub(r"\s+", " ", text)
    for period in range(1, min(_LOOP_LONGEST, len(squeezed) // 3) + 1):
        needed = _copies(period) * period - period
        run = 0
        for end, (here, there) in enumerate(zip(squeezed, squeezed[period:], strict=False), period + 1):
            run = run + 1 if here == there else 0
            if run >= needed and any(char.isalnum() for char in squeezed[end - period : end]):
                return True
    return False


def _copies(period: int) -> int:
    """Copies in a row that make a loop: short ones are often style (`ha ha ha`, `……`), three of a long one never are."""
    if period < _LOOP_SHORTEST:
        return 24 // period + 2
    return _LOOP_COPIES if period < _LONG else 3
