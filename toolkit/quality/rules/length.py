"""How much of the source is said: half of the text lost, a sentence lost, far more than the source says."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator

import regex

from toolkit.language.measures import rough_sentences, script_family
from toolkit.language.numbers import Value, figures, pool, says
from toolkit.quality.pair import Compared, Draft, of_unit
from toolkit.units import Catalog, Finding, Unit

MARK = regex.compile(r"[།༎༏༑༔。．.！!？?…:：;；”’\"'»)）\]］」』》〉】]\s*$")
END = regex.compile(MARK.pattern + r"|[ཀགཤ][\u0f71-\u0f84]*\s*$")
"""After these letters Tibetan writes no shad."""
_COMMA = regex.compile(r"[,，、(（\[「『《“]\s*$")
_LIMITS = ((250.0, 0.55, 0.72, 1.8), (100.0, 0.42, 0.65, 2.2), (60.0, 0.25, 0.65, 3.0), (40.0, 0.0, 0.0, 3.0))
"""Weight of a source from which on: the least share, the least share when what can be counted is missing, the most."""
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
    if _SENTENCE <= far <= _LONG:
        return
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


def broken_off(draft: Compared) -> str:
    """No end where the source has one, and too short for a whole."""
    share, text = draft.share * draft.slack, draft.target.strip()
    if draft.source_weight < 40 or not MARK.search(draft.source.strip()):
        return ""
    hanging = _COMMA.search(text) and not _COMMA.search(draft.source.strip())
    unclosed = _unclosed(text) > 0 and _unclosed(draft.source) == 0
    if (hanging and share < 0.6) or (unclosed and share < 0.7) or (not END.search(text) and share < 0.55):
        return "breaks off in the middle"
    return ""


def lost(draft: Draft) -> str:
    """Too short for all that the source says, and what can be counted is missing."""
    share = draft.share * draft.slack
    alone, counted, _ = _limits(draft.source_weight)
    if share >= counted:
        return ""
    if share < alone:
        return "sentences are missing"
    given = pool(draft.target)
    strong = [figure for figure in figures(draft.source) if figure.strong]
    missing = [figure for figure in strong if not says(figure, given)]
    terms = [other for one, other in draft.request.terms if one.casefold() in draft.source.casefold()]
    absent = [term for term in terms if term.strip("་། ") not in draft.target]
    fewer = 2 * len(rough_sentences(draft.target)) <= len(rough_sentences(draft.source)) > 3
    gone = 2 * len(missing) > len(strong) or 2 * len(absent) > len(terms) or fewer
    return "sentences are missing" if gone else ""


def added(draft: Draft) -> str:
    """Far too long, or longer, with figures that stand only in the text beside it."""
    share = draft.share / draft.slack
    *_, most = _limits(draft.source_weight)
    if share < 1.4:
        return ""
    if share > most:
        return "says far more than the source"
    beside = [figure for text in draft.background for figure in figures(text) if figure.strong]
    own, given = pool(draft.source), frozenset[Value]().union(*(figure.readings for figure in figures(draft.target)))
    told = [figure for figure in beside if says(figure, given) and not says(figure, own)]
    return "says more than the source" if told else ""


def _limits(weight: float) -> tuple[float, float, float]:
    """The row of the table; for a shorter source none."""
    return next(
        ((low, counted, high) for least, low, counted, high in _LIMITS if weight >= least), (0.0, 0.0, math.inf)
    )


def _unclosed(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    return plain.count("(") - plain.count(")") + plain.count("[") - plain.count("]")
