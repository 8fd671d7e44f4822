"""The labels and notices of an edition in its language, from `data/<tag>.toml`, with a fallback chain down to English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from toolkit.language import TIBETAN_DIGITS, language


@dataclass(frozen=True, slots=True)
class Words:
    """The labels and notices in one language."""

    tag: str
    """Their language, BCP 47."""
    words: Mapping[str, str]
    """By key; a text may contain `{n}` and `{total}`."""
    plain: bool = False
    """Numbers are in Arabic digits, because the edition's text has those."""

    def __call__(self, key: str, **numbers: int) -> str:
        """The text for a key, with these numbers in the language's own digits."""
        return self.words[key].format(**{name: self.number(value) for name, value in numbers.items()})

    def number(self, value: int) -> str:
        """A number in the language's own digits."""
        digits = str(value)
        own = language(self.tag).data.get("digits") == "tibt" and not self.plain
        return digits.translate(TIBETAN_DIGITS) if own else digits


@cache
def words(tag: str, plain: bool = False) -> Words:
    """The labels and notices for a language, else those of the first in its fallback chain that has a file, else English."""
    for near in (tag, *language(tag).fallbacks, "en"):
        if found := _read(near):
            return Words(near, found, plain)
    raise AssertionError("the English texts are part of the package")


@cache
def _read(tag: str) -> dict[str, str]:
    entry = files("toolkit.edition").joinpath("data", f"{tag}.toml")
    return tomllib.loads(entry.read_text(encoding="utf-8")) if entry.is_file() else {}
