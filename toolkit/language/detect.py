"""Detects the scripts of a text, loops in it, and what a tokenizer leaves of unknown words.

Used by the quality checks of drafts and units, and by the rules for page furniture.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Set
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
    "CHEROKEE": "Cher",
    "CANADIAN": "Cans",
    "COPTIC": "Copt",
    "JAVANESE": "Java",
    "NKO": "Nkoo",
    "ADLAM": "Adlm",
    "SYRIAC": "Syrc",
    "THAANA": "Thaa",
    "TIFINAGH": "Tfng",
    "VAI": "Vaii",
    "IDEOGRAPHIC": "Han",
    "HALFWIDTH": "Kana",
    "BOPOMOFO": "Bopo",
    "FULLWIDTH": "Latn",
}
"""First word of a letter's Unicode name -> script, ISO 15924."""

_WRITTEN_IN = {
    "Hans": frozenset({"Han"}),
    "Hant": frozenset({"Han"}),
    "Hani": frozenset({"Han"}),
    "Jpan": frozenset({"Han", "Hira", "Kana"}),
    "Kore": frozenset({"Hang", "Han"}),
}
"""Script code that stands for several scripts -> those scripts, ISO 15924."""
_NEVER_FOREIGN = frozenset({"Latn", "Zyyy"})
"""Names may stay in Latin; `Zyyy` is what many scripts share."""

_SIGNS = ("⁇", "<unk>", "▁", "\ufffd", "@@ ", "<pad>", "</s>")
"""Signs of an unknown word, or of markers of a tokenizer, in the output of a model."""

_LOOP = re.compile(r"(?:(.)\1{25}|(..)\2{13}|(...)\3{9}|(.{4,11}?)\4{3}|(.{12,60}?)\5{2})", re.DOTALL)
"""Copies in a row that make a loop; the shorter the repeated text, the more are needed, for `ha ha ha` or `……` are style."""

_TOKEN = re.compile(r"[\u0f40-\u0fbc]+|[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+")
"""A Tibetan syllable, a Chinese character, a word."""
_ENOUGH_TOKENS = 16
_MOST_REPEATED = 0.4
"""Largest share of four-token runs that occur earlier in the text. Measured on news in three languages: up to 0.27."""


@lru_cache(maxsize=8192)
def script_of(char: str) -> str:
    """Script of a letter or mark, ISO 15924 (`Han` for all Chinese characters); empty for digits, punctuation and blanks."""
    if "\u0f00" <= char <= "\u0fff":
        return "Tibt" if unicodedata.category(char)[0] in "LM" else ""
    if unicodedata.category(char)[0] != "L":
        return ""
    first = unicodedata.name(char, "").split(" ")[0].split("-")[0]
    return _OF_NAME.get(first, "Zyyy")


def script_shares(text: str) -> dict[str, float]:
    """The share of each script among the letters, the largest first; empty for a text without letters."""
    counts = _letters(text)
    whole = sum(counts.values())
    return {script: counts[script] / whole for script in sorted(counts, key=lambda script: -counts[script])}


def in_script(text: str, language: Language) -> float:
    """The share of the letters that are in the language's script, 0 to 1; 1 for a text without letters."""
    counts = _letters(text)
    return sum(counts.get(script, 0) for script in scripts_of(language)) / sum(counts.values()) if counts else 1.0


def scripts(text: str) -> Set[str]:
    """The scripts of a text's letters, ISO 15924."""
    return _letters(text).keys()


def is_own(letter: str, language: Language) -> bool:
    """Whether a letter is in the language's script."""
    return _LETTER[letter] in scripts_of(language)


def foreign_scripts(text: str, language: Language) -> Set[str]:
    """The scripts of a text's letters that are neither the language's nor Latin."""
    return scripts(text) - scripts_of(language) - _NEVER_FOREIGN


def scripts_of(language: Language) -> frozenset[str]:
    """The scripts that a language is written in, ISO 15924: Japanese in three."""
    return _WRITTEN_IN.get(language.script, frozenset({language.script}))


@lru_cache(maxsize=64)
def characters(text: str) -> Mapping[str, int]:
    """The characters of a text in the order in which they first come, and how often each does; several rules ask for those of
    one text."""
    return Counter(text)


@lru_cache(maxsize=64)
def _letters(text: str) -> Mapping[str, int]:
    """Script -> its letters; each character that occurs is looked at once."""
    letters: dict[str, int] = defaultdict(int)
    for char, count in characters(text).items():
        letters[_LETTER[char]] += count
    letters.pop("", None)
    return dict(letters)


class _Letter(dict[str, str]):
    """Character -> the script of a letter, empty for any other character; filled as characters come."""

    def __missing__(self, char: str) -> str:
        self[char] = script_of(char) if char.isalpha() else ""
        return self[char]


_LETTER = _Letter()


def residue(text: str) -> str:
    """The first sign of an unknown word in a draft (`⁇`, `<unk>`, `▁`, …); empty if there is none."""
    return next((sign for sign in _SIGNS if sign in text), "")


def is_repetition(text: str) -> bool:
    """Whether a text loops: a part of it is repeated in a row (`_LOOP`), or many of its runs of four tokens occur twice.

    Repeated digits alone, as in 1,000,000,000, are no loop. Time is linear in the text's length.
    """
    squeezed = re.sub(r"\s+", " ", text)
    if _may_loop(squeezed) and any(any(map(str.isalpha, found[0])) for found in _LOOP.finditer(squeezed)):
        return True
    tokens = _TOKEN.findall(text)
    if len(tokens) < _ENOUGH_TOKENS:
        return False
    runs = list(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
    return 1 - len(set(runs)) / len(runs) > _MOST_REPEATED


def _may_loop(text: str) -> bool:
    """Whether a text is to be searched with `_LOOP`, which takes far longer: in what that finds, twelve characters come again after
    60 at most, and what follows stays the same for twice that distance."""
    last: dict[str, int] = {}
    before: list[int] = []
    """Each place -> the one before it with the same twelve characters; -1: none."""
    for at in range(len(text) - 11):
        run = text[at : at + 12]
        place = last.get(run, -1)
        before.append(place)
        last[run] = at
        while place >= 0 and (gap := at - place) <= 60:
            if text[place : place + 2 * gap] == text[at : at + 2 * gap]:
                return True
            place = before[place]
    return False
