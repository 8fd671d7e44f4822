"""What of the request comes back instead of its translation: the prompt, the source, an example, the text beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import regex
from rapidfuzz import fuzz

from toolkit.language import language
from toolkit.language.detect import script_of
from toolkit.language.measures import covered, folded_words, runs, script_family, weight, words
from toolkit.language.numbers import figures, pool, says
from toolkit.quality.pair import Draft
from toolkit.quality.refusal import has_words
from toolkit.units import fold

_FEW = 3
"""A text of fewer words may be a name, and a name may stay."""
_SHORT = 8
"""A text of more words may come back with a few of them changed."""
_WHOLE, _PART = 0.8, 0.3
_ALIKE, _SAME, _BESIDE, _UNLIKE, _REMOTE = 85.0, 95.0, 75.0, 70.0, 50.0
"""Percent: so near to an example is the example, if the sources are not as near. Written with 260 pairs of one subject, each
with its five most similar ones: none of the 260 translations is refused, nor does one of the 1,300 examples pass."""
_PARTICLE = 3
"""Letters of a word that may change without the text's saying another thing: `the`, `at`, `is`."""
_SAYS_SOMETHING = 15.0
"""Weight from which a text is nobody else's by chance."""
_LINKS = r"\s*(?:=+|-+>|=>|→|[:：]|-|–|—|translates? (?:to|as)|(?:翻译|翻譯|译|譯)(?:成|为|為|作))\s*"


def prompt(draft: Draft) -> str:
    """Words of the request itself, be it half a line."""
    same = script_family(draft.spoken)
    said_here = {size: set(runs(draft.target, size)) for size in (4, 6)}
    own = {size: set(runs(draft.source, size)) for size in (4, 6)}
    for line in draft.instructions.split("\n"):
        for size in (4, 6):
            for run in runs(line, size):
                alike = script_of(run[0][0]) == same
                if (size == 6 or not alike) and run in said_here[size] and run not in own[size]:
                    return "repeats the request"
    return ""


def source(draft: Draft) -> str:
    """The source beside its translation, or in place of it."""
    told = folded_words(draft.source)
    if _own_writing(draft) and not draft.spoken.spaced:
        return ""  # much of a Traditional text is a Simplified one's
    if has_words(draft.source) and fold(draft.source) == fold(draft.target):
        return "the same as the source"
    if len(told) < _FEW:
        return ""
    whole = _within(draft.source, draft.open) or (len(told) > _SHORT and covered(draft.source, draft.target) >= _WHOLE)
    return "repeats the source" if whole and _small(told, draft.source) else ""


def left(draft: Draft) -> str:
    """Clauses left in the source's language, outside brackets and quotes."""
    if _own_writing(draft):
        return ""
    size = 6
    known = set(runs(draft.source, size))
    stays = any(run in known and _small(run, draft.source) for run in runs(draft.open, size))
    return "partly left in the source's language" if stays else ""


def background(draft: Draft) -> str:
    """Text from beside the paragraph, which was given as context and not to be translated."""
    own = set(runs(draft.source, 5))
    for text in draft.background:
        if any(run not in own and _small(run, text) for run in _common(text, draft.open, 5)):
            return "repeats the text beside the paragraph"
    return ""


def reference(draft: Draft) -> str:
    """The second source, in its own language."""
    text = draft.request.reference
    if not text or fold(text) == fold(draft.source):
        return ""
    if (
        _near(draft.target, text) >= 97.0
        and weight(text) >= _SAYS_SOMETHING
        and not _near(text, draft.source) >= _ALIKE
    ):
        return "the second source given back" if draft.spoken.spaced or not _shared_script(draft) else ""
    own = set(runs(draft.source, 4))
    beside = [run for run in _common(text, draft.open, 4) if run not in own and _small(run, text)]
    return "the second source given back" if beside and not _shared_script(draft) else ""


def example(draft: Draft) -> str:
    """The translation (or the source) of another text, given as an example."""
    pairs = [(pair, _UNLIKE, _ALIKE) for pair in draft.examples if pair not in draft.request.examples]
    # Those of the memory are the nearest there are: two reports of one event share half of their words.
    pairs += [(pair, _REMOTE, _SAME) for pair in draft.request.examples]
    for (theirs, translation), unlike, alike in pairs:
        if weight(translation) < _SAYS_SOMETHING:
            continue
        if not _other_words(theirs, draft.source):
            continue
        if folded_words(draft.target) == folded_words(translation):
            return "an example given back"
        if _near(draft.target, translation) >= _SAME and _near(theirs, draft.source) < _BESIDE:
            return "an example given back"
        if (
            _within(theirs, draft.source)
            or _near(theirs, draft.source) >= unlike
            or covered(draft.source, theirs, 2) > _PART
        ):
            continue
        if _near(draft.target, translation) >= alike or _within(translation, draft.target):
            return "an example given back"
        if _within(theirs, draft.target) or (unlike == _UNLIKE and covered(draft.target, translation) >= _WHOLE):
            return "an example given back"
        if unlike == _UNLIKE and _figure_of(translation, draft):
            return "an example given back"
    return ""


def terms(draft: Draft) -> str:
    """The list of terms, as pairs."""
    answer, asked = fold(draft.target), fold(draft.source)
    for theirs, translation in draft.request.terms:
        one, other = (regex.escape(fold(side).strip()) for side in (theirs, translation))
        pair = regex.compile(f"{one}{_LINKS}{other}|{other}{_LINKS}{one}", regex.IGNORECASE)
        if one and other and pair.search(answer) and not pair.search(asked):
            return "repeats the list of terms"
    return ""


def _common(text: str, other: str, length: int) -> list[tuple[str, ...]]:
    known = set(runs(text, length))
    return [run for run in runs(other, length) if run in known]


def _figure_of(example: str, draft: Draft) -> bool:
    """Whether a figure of an example comes back with the words around it, and the source says no such number."""
    told = pool(draft.source)
    strange = {figure.text for figure in figures(example) if not says(figure, told)}
    return any(strange & set(run) for run in _common(example, draft.target, 2))


def _other_words(one: str, other: str) -> bool:
    """Whether two texts differ in more than the order, the typography and the short words of their language."""
    said, told = Counter(folded_words(one)), Counter(folded_words(other))
    rest = [*(said - told), *(told - said)]
    return any(len(word) > _PARTICLE or not word.isascii() or word.isdigit() for word in rest)


def _small(run: Iterable[str], text: str) -> bool:
    """Whether words of a text are more than names: two without a capital, or a script that has none."""
    lower = {word for word in words(text) if word.islower() or not (word[0].isupper() or word[0].isdigit())}
    return sum(word in lower for word in run) >= 2


def _within(text: str, other: str) -> bool:
    """Whether the other text holds the whole of the text."""
    return f" {' '.join(folded_words(text))} " in f" {' '.join(folded_words(other))} "


def _near(one: str, other: str) -> float:
    return fuzz.ratio(" ".join(folded_words(one)), " ".join(folded_words(other)))


def _own_writing(draft: Draft) -> bool:
    """Whether the source is written in the target's script."""
    return script_family(draft.origin) == script_family(draft.spoken)


def _shared_script(draft: Draft) -> bool:
    tag = draft.request.reference_language
    return bool(tag) and script_family(language(tag)) == script_family(draft.spoken)
