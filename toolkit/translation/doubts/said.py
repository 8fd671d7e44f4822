"""What was asked and what was said, and the ways in which the two are laid beside each other."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from toolkit.hashing import fold
from toolkit.language import Language
from toolkit.language.detect import script_of, script_shares
from toolkit.translation.accept import plain, weight
from toolkit.units import Request

_TOKEN = re.compile(r"[\u0f40-\u0fbc]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’.-][^\W_]+)*")
"""A Tibetan syllable, a Chinese character, a word with its hyphens."""
_ASIDE = re.compile(r"[(（\[［“„\"「『《〈‘<][^()（）\[\]［］“”„\"「」『』《》〈〉‘’<>]*[)）\]］”\"」』》〉’>]")
"""In brackets and quotes a translator may keep the original's words."""
_SENTENCE = re.compile(r"[^。！？!?།༎;；\n]+?(?:[。！？!?།༎;；\n]+|\.(?=\s|$)|$)")
_ENOUGH = 300
"""Letters that show a text's script."""
USUAL = {"Han": 1.17, "Hira": 1.17, "Kana": 1.17, "Tibt": 0.63}
"""Weight of a good translation into (or out of) a script, English being 1: the median of 1,997 sentences of news."""


@dataclass(frozen=True)
class Said:
    """One question and its answer; both texts as the engine sees them, without inline codes."""

    request: Request
    answer: str
    question: str
    origin: Language
    spoken: Language
    examples: Sequence[tuple[str, str]]

    @cached_property
    def source(self) -> str:
        """The source without codes."""
        return plain(self.request.source, self.request.codes, self.request.source)

    @cached_property
    def target(self) -> str:
        """The answer without codes."""
        return plain(self.answer, self.request.codes, self.request.source)

    @cached_property
    def open(self) -> str:
        """The answer without what stands in brackets or quotes."""
        return without_asides(self.target)

    @cached_property
    def background(self) -> tuple[str, ...]:
        """All in the request that is not to be translated."""
        request = self.request
        return tuple(filter(None, (request.title, request.before, request.after)))

    @cached_property
    def instructions(self) -> str:
        """The question without what it carries: the words of whoever made the prompt."""
        request = self.request
        carried = [request.source, *self.background, request.second_source]
        carried += [side for pair in (*request.examples, *self.examples, *request.terms) for side in pair]
        text = fold(self.question)
        for piece in sorted({fold(piece) for piece in carried if piece.strip()}, key=len, reverse=True):
            text = text.replace(piece, "\n")
        return text

    @cached_property
    def source_weight(self) -> float:
        """How much there is to say."""
        return weight(self.source)

    @cached_property
    def slack(self) -> float:
        """How much wider limits of length are: in scripts that nothing was measured in, half as wide again."""
        found = (_main(text) for text in (self.source, self.target))
        return 1.0 if all(script in ("", "Latn", *USUAL) for script in found) else 1.5

    @cached_property
    def share(self) -> float:
        """How much of it was said: 1 is usual."""
        usual = _usual(self.target) / _usual(self.source)
        return weight(self.target) / max(self.source_weight, 1.0) / usual


def _usual(text: str) -> float:
    """What weighs how much, by the script that the text is mostly in."""
    return USUAL.get(_main(text), 1.0)


def _main(text: str) -> str:
    """The script that the text is mostly in."""
    return next(iter(script_shares(text[:_ENOUGH])), "")


def without_asides(text: str) -> str:
    """The text with a stop in place of what stands in brackets or quotes."""
    return _ASIDE.sub(" \n ", text)


def words(text: str) -> list[str]:
    """Words, characters and syllables in order, without typography."""
    return _TOKEN.findall(fold(text))


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[str, ...]:
    """The same without case."""
    return tuple(_TOKEN.findall(fold(text).casefold()))


@lru_cache(maxsize=64)
def runs(text: str, length: int) -> tuple[tuple[str, ...], ...]:
    """All runs of so many words, or of twice as many characters or syllables."""
    said = tokens(text)
    sizes = (length * _size(word) for word in said)
    return tuple(said[at : at + size] for at, size in enumerate(sizes) if at + size <= len(said))


def covered(text: str, other: str, length: int = 4) -> float:
    """The share of the text's tokens that stand in runs of the other text."""
    said, known = tokens(text), set(runs(other, length))
    marked: set[int] = set()
    for at, word in enumerate(said):
        size = length * _size(word)
        if said[at : at + size] in known:
            marked.update(range(at, at + size))
    return len(marked) / len(said) if said else 0.0


@lru_cache(maxsize=4096)
def _size(word: str) -> int:
    return 2 if script_of(word[0]) in ("Han", "Tibt", "Hira", "Kana", "Hang") else 1


@cache
def data() -> dict[str, Any]:
    """`data/answers.toml`."""
    return tomllib.loads(files("toolkit.translation").joinpath("data/answers.toml").read_text(encoding="utf-8"))


def sentences(text: str) -> list[str]:
    """The sentences, roughly: enough to see that one comes back."""
    return [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]
