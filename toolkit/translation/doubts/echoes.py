"""What of the request comes back instead of its translation: the prompt, the source, an example, the text beside it."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from rapidfuzz import fuzz

from toolkit.hashing import fold
from toolkit.language import Language, language
from toolkit.language.detect import script_of
from toolkit.language.numbers import figures, pool, says
from toolkit.translation.accept import has_words, weight
from toolkit.translation.doubts.said import Said, covered, runs, tokens, words

_FEW = 3
"""A text of fewer words may be a name, and a name may stay."""
_SHORT = 8
"""A text of more words may come back with a few of them changed."""
_WHOLE, _PART = 0.8, 0.3
_ALIKE, _SAME, _UNLIKE, _REMOTE = 85.0, 95.0, 70.0, 50.0
"""Percent: so near to an example is the example, if the sources are not as near."""
_SAYS_SOMETHING = 15.0
"""Weight from which a text is nobody else's by chance."""
_LINKS = r"\s*(?:=+|-+>|=>|→|[:：]|-|–|—|translates? (?:to|as)|(?:翻译|翻譯|译|譯)(?:成|为|為|作))\s*"


def prompt(said: Said) -> str:
    """Words of the request itself, be it half a line."""
    same = _written(said.spoken)
    said_here = {size: set(runs(said.target, size)) for size in (4, 6)}
    own = {size: set(runs(said.source, size)) for size in (4, 6)}
    for line in said.instructions.split("\n"):
        for size in (4, 6):
            for run in runs(line, size):
                alike = script_of(run[0][0]) == same
                if (size == 6 or not alike) and run in said_here[size] and run not in own[size]:
                    return "repeats the request"
    return ""


def source(said: Said) -> str:
    """The source beside its translation, or in place of it."""
    told = tokens(said.source)
    if _own_writing(said) and not said.spoken.spaced:
        return ""  # much of a Traditional text is a Simplified one's
    if has_words(said.source) and fold(said.source) == fold(said.target):
        return "the same as the source"
    if len(told) < _FEW:
        return ""
    whole = _within(said.source, said.open) or (len(told) > _SHORT and covered(said.source, said.target) >= _WHOLE)
    return "repeats the source" if whole and _small(told, said.source) else ""


def left(said: Said) -> str:
    """Clauses left in the source's language, outside brackets and quotes."""
    if _own_writing(said):
        return ""
    size = 6
    known = set(runs(said.source, size))
    stays = any(run in known and _small(run, said.source) for run in runs(said.open, size))
    return "partly left in the source's language" if stays else ""


def background(said: Said) -> str:
    """Text from beside the paragraph, which was there to help and not to be said."""
    own = set(runs(said.source, 5))
    for text in said.background:
        if any(run not in own and _small(run, text) for run in _common(text, said.open, 5)):
            return "repeats the text beside the paragraph"
    return ""


def second(said: Said) -> str:
    """The second source, in its own language."""
    text = said.request.second_source
    if not text or fold(text) == fold(said.source):
        return ""
    if _near(said.target, text) >= 97.0 and weight(text) >= _SAYS_SOMETHING and not _near(text, said.source) >= _ALIKE:
        return "the second source given back" if said.spoken.spaced or not _shared_script(said) else ""
    own = set(runs(said.source, 4))
    beside = [run for run in _common(text, said.open, 4) if run not in own and _small(run, text)]
    return "the second source given back" if beside and not _shared_script(said) else ""


def example(said: Said) -> str:
    """The translation (or the source) of another text, given as an example."""
    pairs = [(pair, _UNLIKE, _ALIKE) for pair in said.examples if pair not in said.request.examples]
    # Those of the memory are the nearest there are: two reports of one event share half of their words.
    pairs += [(pair, _REMOTE, _SAME) for pair in said.request.examples]
    for (theirs, translation), unlike, alike in pairs:
        if weight(translation) < _SAYS_SOMETHING:
            continue
        if (
            _within(theirs, said.source)
            or _near(theirs, said.source) >= unlike
            or covered(said.source, theirs, 2) > _PART
        ):
            continue
        if _near(said.target, translation) >= alike or _within(translation, said.target):
            return "an example given back"
        if _within(theirs, said.target) or (unlike == _UNLIKE and covered(said.target, translation) >= _WHOLE):
            return "an example given back"
        if unlike == _UNLIKE and _figure_of(translation, said):
            return "an example given back"
    return ""


def terms(said: Said) -> str:
    """The list of terms, as pairs."""
    answer, asked = fold(said.target), fold(said.source)
    for theirs, translation in said.request.terms:
        one, other = (regex.escape(fold(side).strip()) for side in (theirs, translation))
        pair = regex.compile(f"{one}{_LINKS}{other}|{other}{_LINKS}{one}", regex.IGNORECASE)
        if one and other and pair.search(answer) and not pair.search(asked):
            return "repeats the list of terms"
    return ""


def _common(text: str, other: str, length: int) -> list[tuple[str, ...]]:
    known = set(runs(text, length))
    return [run for run in runs(other, length) if run in known]


def _figure_of(example: str, said: Said) -> bool:
    """Whether a figure of an example comes back with the words around it, and the source says no such number."""
    told = pool(said.source)
    strange = {figure.text for figure in figures(example) if not says(figure, told)}
    return any(strange & set(run) for run in _common(example, said.target, 2))


def _small(run: Iterable[str], text: str) -> bool:
    """Whether words of a text are more than names: two without a capital, or a script that has none."""
    lower = {word for word in words(text) if word.islower() or not (word[0].isupper() or word[0].isdigit())}
    return sum(word in lower for word in run) >= 2


def _within(text: str, other: str) -> bool:
    """Whether the other text holds the whole of the text."""
    return f" {' '.join(tokens(text))} " in f" {' '.join(tokens(other))} "


def _near(one: str, other: str) -> float:
    return fuzz.ratio(" ".join(tokens(one)), " ".join(tokens(other)))


def _own_writing(said: Said) -> bool:
    """Whether the source is written in the target's script."""
    return _written(said.origin) == _written(said.spoken)


def _shared_script(said: Said) -> bool:
    tag = said.request.second_language
    return bool(tag) and _written(language(tag)) == _written(said.spoken)


def _written(spoken: Language) -> str:
    """The script, one for all that is written in Chinese characters."""
    return "Han" if spoken.script in ("Hans", "Hant", "Hani", "Jpan") else spoken.script
