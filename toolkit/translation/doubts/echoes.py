"""What of the request comes back instead of its translation: the prompt, the source, an example, the text beside it."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from rapidfuzz import fuzz

from toolkit.hashing import fold
from toolkit.language.detect import in_script, script_of
from toolkit.translation.accept import has_words, weight
from toolkit.translation.doubts.said import Said, covered, runs, tokens, words

_FEW = 3
"""A text of fewer words may be a name, and a name may stay."""
_SHORT = 8
"""A text of more words may come back with a few of them changed."""
_WHOLE, _PART = 0.8, 0.3
_ALIKE, _UNLIKE = 85.0, 70.0
"""Percent: so near to an example is the example, if the sources are not as near."""
_SAYS_SOMETHING = 15.0
"""Weight from which a text is nobody else's by chance."""
_SHOWS = 300
"""Letters that show a text's script."""
_LINKS = r"\s*(?:=+|-+>|=>|→|[:：]|-|–|—|translates? (?:to|as)|(?:翻译|翻譯|译|譯)(?:成|为|為|作))\s*"


def prompt(said: Said) -> str:
    """Words of the request itself, be it half a line."""
    same = "Latn" if said.spoken.cased else "Han" if said.spoken.script in ("Hans", "Hant") else said.spoken.script
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
    if has_words(said.source) and fold(said.source) == fold(said.target):
        return "the same as the source"
    if len(told) < _FEW or (_own_writing(said) and not said.spoken.spaced):
        return ""  # much of a Traditional text is a Simplified one's
    beside = f" {' '.join(told)} " in f" {' '.join(tokens(said.open))} "
    whole = beside or (len(told) > _SHORT and covered(said.source, said.target) >= _WHOLE)
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
    return "the second source given back" if not _shared_script(said) and _common(text, said.open, 4) else ""


def example(said: Said) -> str:
    """The translation (or the source) of another text, given as an example."""
    for theirs, translation in (*said.examples, *said.request.examples):
        if weight(translation) < _SAYS_SOMETHING:
            continue
        if _near(theirs, said.source) >= _UNLIKE or covered(said.source, theirs, 2) > _PART:
            continue
        given = _near(said.target, translation) >= _ALIKE or covered(said.target, translation) >= _WHOLE
        if given or covered(translation, said.target) >= _WHOLE or covered(theirs, said.target) >= _WHOLE:
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


def _small(run: Iterable[str], text: str) -> bool:
    """Whether words of a text are more than names: two without a capital, or a script that has none."""
    lower = {word for word in words(text) if word.islower() or not (word[0].isupper() or word[0].isdigit())}
    return sum(word in lower for word in run) >= 2


def _near(one: str, other: str) -> float:
    return fuzz.ratio(" ".join(tokens(one)), " ".join(tokens(other)))


def _own_writing(said: Said) -> bool:
    """Whether the source is written in the target's script."""
    return in_script(said.source[:_SHOWS], said.spoken) >= 0.5


def _shared_script(said: Said) -> bool:
    return in_script(said.request.second_source, said.spoken) >= 0.5
