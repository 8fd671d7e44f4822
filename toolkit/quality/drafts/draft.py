"""A draft beside the request that it answers: what the checks for drafts of language models look at."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from toolkit.language import Language
from toolkit.language.measures import main_script, weight, without_asides
from toolkit.quality.text import without_codes
from toolkit.units import Request, fold

_ENOUGH = 300
"""Letters that show a text's script."""
USUAL = {"Han": 1.17, "Hira": 1.17, "Kana": 1.17, "Tibt": 0.63}
"""Weight of a good translation into (or out of) a script, English being 1: the median of 1,997 sentences of news."""


@dataclass(frozen=True)
class Draft:
    """One request and its answer by a language model; both texts as the engine sees them, without inline codes."""

    request: Request
    answer: str
    question: str
    origin: Language
    spoken: Language
    examples: Sequence[tuple[str, str]]

    @cached_property
    def source(self) -> str:
        """The source without codes."""
        return without_codes(self.request.source, self.request)

    @cached_property
    def target(self) -> str:
        """The answer without codes."""
        return without_codes(self.answer, self.request)

    @cached_property
    def open(self) -> str:
        """The answer without what stands in brackets or quotes."""
        return without_asides(self.target, " \n ")

    @cached_property
    def background(self) -> tuple[str, ...]:
        """All in the request that is not to be translated."""
        request = self.request
        return tuple(filter(None, (request.title, request.before, request.after)))

    @cached_property
    def instructions(self) -> str:
        """The question without what it carries: the words of whoever made the prompt."""
        request = self.request
        carried = [request.source, *self.background, request.reference]
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
    return main_script(text[:_ENOUGH])


@cache
def data() -> dict[str, Any]:
    """`data/answers.toml`."""
    return tomllib.loads(files("toolkit.quality").joinpath("data/answers.toml").read_text(encoding="utf-8"))
