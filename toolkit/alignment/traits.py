"""What of a passage can be compared with a passage in another language: its length, numbers, codes, names in Latin letters,
and the stems, character pairs or syllables that a lexicon links."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from toolkit.language import language
from toolkit.language.measures import script_family
from toolkit.language.numbers import Figure, Value, figures, pool

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f]*(?:[._'’+#-][A-Za-z0-9\u00c0-\u024f]+)*[+#]*")
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
_TIBETAN = re.compile(r"[\u0f40-\u0fbc]+")
_WORD = re.compile(r"[^\W\d_]{3,}")
_OTHER = re.compile(r"[^\W\d_]+")
_READ = 3_000
"""Characters of a passage whose words and numbers are read; longer ones have enough in these."""
_STEM = 6


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or sentence, without markup."""

    text: str
    type: str = ""
    """The type of its block; empty: not known, fits every type."""
    codes: frozenset[str] = frozenset()
    """What a translation keeps as it is: addresses, code, file names."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a passage, or of several that were joined."""

    length: int
    type: str
    figures: tuple[Figure, ...]
    """The numbers that a translation must say."""
    values: frozenset[Value]
    """Every value that it says, in digits or words."""
    codes: frozenset[str]
    latin: frozenset[str]
    """Words in Latin letters, case-folded."""
    tokens: frozenset[str]
    """Stems, pairs and triples of Chinese characters, syllables and pairs of syllables."""

    def joined(self, other: Traits) -> Traits:
        """The traits of both passages as one."""
        return Traits(
            self.length + other.length,
            self.type if self.type == other.type else f"{self.type}+{other.type}",
            self.figures + other.figures,
            self.values | other.values,
            self.codes | other.codes,
            self.latin | other.latin,
            self.tokens | other.tokens,
        )


def traits(passage: Passage, tag: str) -> Traits:
    """The traits of a passage in a language."""
    text = unicodedata.normalize("NFC", passage.text)
    read = text[:_READ]
    strong = tuple(figure for figure in figures(read) if figure.strong)
    return Traits(
        len(text),
        passage.type,
        strong,
        pool(read),
        passage.codes,
        frozenset(word.casefold() for word in _LATIN.findall(read) if len(word) > 1),
        frozenset(_tokens(read)),
    )


def is_latin(tag: str) -> bool:
    """Whether a language is written in Latin letters."""
    return script_family(language(tag)) == "Latn"


def _tokens(text: str) -> Iterator[str]:
    for run in _HAN.findall(text):
        if len(run) == 1:
            yield run
        for at in range(len(run) - 1):
            yield run[at : at + 2]
            if at + 3 <= len(run):
                yield run[at : at + 3]
    syllables = _TIBETAN.findall(text)
    yield from syllables
    for one, two in pairwise(syllables):
        yield f"{one}་{two}"
    rest = _TIBETAN.sub(" ", _HAN.sub(" ", text))
    for word in _WORD.findall(rest.casefold()):
        yield word.rstrip("s")[:_STEM] or word
