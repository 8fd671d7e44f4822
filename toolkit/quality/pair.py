"""A source beside its translation, as rules look at them: without inline codes, measured once for all rules."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from typing import Any

from toolkit.language import Language, language
from toolkit.language.measures import main_script, weight, without_asides
from toolkit.language.numbers import Figure, Value, figures, pool
from toolkit.quality.text import bare, without_codes
from toolkit.units import Catalog, LanguagePair, Markup, Request, Unit, fold

_ENOUGH = 300
"""Letters that show a text's script."""
USUAL = {"Han": 1.17, "Hira": 1.17, "Kana": 1.17, "Tibt": 0.63}
"""Weight of a good translation into (or out of) a script, English being 1: the median of 1,997 sentences of news."""


@dataclass(frozen=True)
class Compared:
    """Two texts without inline codes. Those of a unit are as long as in the catalog, a blank in place of each character of a
    code, so that an offset here is one there."""

    source: str
    target: str
    origin: Language
    spoken: Language

    @cached_property
    def open(self) -> str:
        """The translation without what stands in brackets or quotes."""
        return without_asides(self.target, " \n ")

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

    @cached_property
    def figures(self) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
        """The figures of the source, and those of the translation."""
        return tuple(figures(self.source)), tuple(figures(self.target))

    @cached_property
    def said(self) -> frozenset[Value]:
        """Every number that the source says."""
        return pool(self.source)

    @cached_property
    def given(self) -> frozenset[Value]:
        """Every number that the translation says."""
        return pool(self.target)


@dataclass(frozen=True)
class Draft(Compared):
    """One request and its answer by an engine; both texts as the engine sees them."""

    request: Request
    question: str = ""
    """The prompt as it was sent."""
    examples: Sequence[tuple[str, str]] = ()
    """Those that a family puts into every prompt."""

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


def of_unit(unit: Unit, catalog: Catalog) -> Compared:
    """The texts of a unit; the same object for each rule that asks."""
    return _of_texts(unit.source, unit.target, catalog.markup, catalog.source_language, catalog.target_language)


@lru_cache(maxsize=64)
def _of_texts(source: str, target: str, markup: Markup, origin: str, spoken: str) -> Compared:
    return Compared(bare(source, markup), bare(target, markup), language(origin), language(spoken))


def of_draft(
    request: Request, answer: str, question: str, pair: LanguagePair, examples: Sequence[tuple[str, str]]
) -> Draft:
    """The texts of an answer to a request."""
    texts = (without_codes(request.source, request), without_codes(answer, request))
    return Draft(*texts, language(pair.source), language(pair.target), request, question, examples)


def _usual(text: str) -> float:
    """What weighs how much, by the script that the text is mostly in."""
    return USUAL.get(_main(text), 1.0)


def _main(text: str) -> str:
    """The script that the text is mostly in."""
    return main_script(text[:_ENOUGH])


@cache
def data(name: str = "answers") -> dict[str, Any]:
    """A file of `data/`."""
    return tomllib.loads(files("toolkit.quality").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
