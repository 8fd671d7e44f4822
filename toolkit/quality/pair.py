"""A source beside its translation, as rules look at them: without inline codes, measured once for all rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from toolkit.language import Language, language
from toolkit.language.detect import scripts
from toolkit.language.measures import main_script, weight, without_asides
from toolkit.language.numbers import Value, pool
from toolkit.quality.text import bare, without_codes
from toolkit.units import Catalog, LanguagePair, Request, Unit, fold

_LATIN = re.compile("[a-z]+")
_UNCASED = frozenset(("Han", "Tibt"))
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
    def source_words(self) -> frozenset[str]:
        """The runs of ASCII letters of the source, in small letters. A rule for English words first asks whether one of its words
        is here, which is quicker than looking for them in the text."""
        return frozenset(_LATIN.findall(self.source.casefold()))

    @cached_property
    def signs(self) -> frozenset[str]:
        """The characters of the translation, for a rule that first asks whether one of its signs is here."""
        return frozenset(self.target)

    @cached_property
    def has_case(self) -> bool:
        """Whether the translation may hold letters that have a case, as Latin ones do: none does that is all Chinese or Tibetan."""
        return not scripts(self.target) <= _UNCASED

    @cached_property
    def source_weight(self) -> float:
        """How much there is to say."""
        return weight(self.source)

    @cached_property
    def main_scripts(self) -> tuple[str, str]:
        """The script that the source is mostly in, and the translation's."""
        return main_script(self.source[:_ENOUGH]), main_script(self.target[:_ENOUGH])

    @cached_property
    def slack(self) -> float:
        """How much wider limits of length are: in scripts that nothing was measured in, half as wide again."""
        return 1.0 if all(script in ("", "Latn", *USUAL) for script in self.main_scripts) else 1.5

    @cached_property
    def share(self) -> float:
        """How much of it was said: 1 is usual."""
        theirs, ours = (USUAL.get(script, 1.0) for script in self.main_scripts)
        usual = ours / theirs
        return weight(self.target) / max(self.source_weight, 1.0) / usual

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
    last = _last[0]
    if last is None or last[0] is not unit or last[1] is not catalog:
        markup = catalog.markup
        texts = (bare(unit.source, markup), bare(unit.target, markup))
        made = Compared(*texts, language(catalog.source_language), language(catalog.target_language))
        last = _last[0] = (unit, catalog, made)
    return last[2]


_last: list[tuple[Unit, Catalog, Compared] | None] = [None]
"""The unit that was asked about last: rules ask about one unit, one after the other."""


def of_draft(
    request: Request, answer: str, question: str, pair: LanguagePair, examples: Sequence[tuple[str, str]]
) -> Draft:
    """The texts of an answer to a request."""
    texts = (without_codes(request.source, request), without_codes(answer, request))
    return Draft(*texts, language(pair.source), language(pair.target), request, question, examples)


@cache
def data(name: str = "answers") -> dict[str, Any]:
    """A file of `data/`."""
    return tomllib.loads(files("toolkit.quality").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))
