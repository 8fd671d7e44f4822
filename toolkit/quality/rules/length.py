"""How much of the source is said: half of the text lost, a sentence lost, far more than the source says."""

from __future__ import annotations

import math
from collections.abc import Iterator

import regex

from toolkit.language.measures import script_family
from toolkit.quality.pair import Compared, of_unit
from toolkit.quality.rules.measures import END, MARK
from toolkit.units import Catalog, Finding, Unit

_LEAST = 24.0
"""Weight of a source from which its length says something."""
_SPREAD = {"Han": (0.0, 0.10, 1.35), "Tibt": (0.0, 0.08, 1.55)}
"""By the script of the translation: the usual logarithm of the share that is said, and its spread `a + b / sqrt(weight)`, fitted
on the odd lines of 1,997 sentences of news."""
_OTHER = (0.0, 0.15, 1.8)
_BREAK = regex.compile(
    r"(?<=\p{Ll}{3}|[%\d])[.!?][\"”’)]*\s+(?=[\"“‘(]*\p{Lu})|[。！？][”’」』）]*(?=\S)|།[།༎\s]+(?=[\u0f40-\u0f6c“])"
)
"""Between two sentences, where that is certain: an abbreviation is none."""
_SHORT, _CUT, _LONG, _SENTENCE = -3.1, -1.8, 3.6, -1.3


def length(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """Far too short is a warning; an error where it has no end either. A sentence less, and shorter than usual, a warning."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if pair.source_weight < _LEAST or script_family(pair.spoken) == script_family(pair.origin):
        return
    far = deviation(pair)
    asks = pair.source.rstrip(' ”"』」）)').endswith(("?", "？"))  # a question of Tibetan needs no mark
    ends = asks or MARK.search(pair.source.strip()) is None or END.search(pair.target.strip()) is not None
    lost, asked = _sentences(pair)
    if far < _CUT and not ends and pair.source_weight > 2 * _LEAST:
        yield Finding("the translation breaks off: it is too short, and has no end", "error")
    elif far < _SHORT:
        yield Finding("too short for all that the source says", "warning")
    elif lost > 0 and asked > 1 and far < _SENTENCE:
        yield Finding(f"{lost} of {asked} sentences may be missing", "warning")
    elif far > _LONG:
        yield Finding("far longer than what the source says", "warning")


def deviation(pair: Compared) -> float:
    """How far the length is from the usual one, in standard deviations; below 0 it is shorter."""
    usual, least, more = _SPREAD.get(script_family(pair.spoken), _OTHER)
    spread = (least + more / math.sqrt(pair.source_weight)) * pair.slack
    return (math.log(max(pair.share, 0.01)) - usual) / spread


def _sentences(pair: Compared) -> tuple[int, int]:
    """How many sentences fewer the translation has, and how many the source has."""
    asked, given = len(_BREAK.findall(pair.source)) + 1, len(_BREAK.findall(pair.target)) + 1
    return asked - given, asked
