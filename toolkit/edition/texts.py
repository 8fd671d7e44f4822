"""What an edition says to its readers in its own language: `data/<tag>.toml`, with a fallback chain down to English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from toolkit.language import TIBETAN_DIGITS, language


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an edition in one language."""

    tag: str
    """The language that they are in: English where the asked one has no file."""
    words: Mapping[str, str]

    def __call__(self, key: str, **numbers: int) -> str:
        """The text, with numbers in the language's own digits."""
        return self.words[key].format(**{name: self.number(value) for name, value in numbers.items()})

    def number(self, value: int) -> str:
        """A number in the language's own digits."""
        digits = str(value)
        return digits.translate(TIBETAN_DIGITS) if language(self.tag).data.get("digits") == "tibt" else digits


@cache
def words(tag: str) -> Words:
    """The words for a language, else those of the next in its fallback chain, at last English."""
    for near in (tag, *language(tag).fallbacks, "en"):
        if found := _read(near):
            return Words(near, found)
    raise AssertionError("the English texts are part of the package")


@cache
def _read(tag: str) -> dict[str, str]:
    entry = files("toolkit.edition").joinpath("data", f"{tag}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8")) if entry.is_file() else {}
