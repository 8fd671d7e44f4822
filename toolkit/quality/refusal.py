"""Which drafts are not fit to be shown: a person loses less time on an empty paragraph than on rubbish that looks finished.

Only what is hopeless is refused. Lost numbers, half-translated names and the like are for the checks, and for a person.
"""

from __future__ import annotations

import re
from collections import Counter

from toolkit.language import language
from toolkit.language.chinese import is_chinese, other_chinese
from toolkit.language.detect import in_script, is_own, is_repetition, residue
from toolkit.language.measures import letter_weight, weight
from toolkit.quality.text import without_codes
from toolkit.units import Answer, Match, Refusal, Request, fold

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_NAME = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z.'’-]+|[A-Za-z]")
"""A word that stays as it is in any script: `VOA`, `iOS` and `U.S.`, and single letters."""
INSISTENT = re.compile(r"\b(\w+)(?:\W+\1\b){2}", re.IGNORECASE)
"""`No, no, no`: its translation repeats itself too."""
_MARKER = re.compile(r"[(（\[［【]\s*\d+\s*[)）\]］】]")
"""What may stand in place of an inline code."""
_OWN_SCRIPT = 0.25
"""The least share of a draft's weight that is in the language's script; below it nothing was translated."""
_TOO_LONG, _TOO_SHORT = 4.0, 0.12
MOST, MOST_BESIDES = 20, 2000
"""A draft has at most so many characters for each of its source, and so many besides; a longer one is not looked into."""
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Characters that show a text in another order than it is written in."""
_ENOUGH = 40.0
"""Weight of a source from which its draft's length says something."""


def why_refused(source: str, target: str, target_language: str) -> str:
    """Why a draft is no use, in a few words; empty for one that may be shown. Both texts come without codes."""
    if len(target) > bound(source):
        return "far longer than the source"
    if turned := set(_TURNING.findall(target)) - set(source):
        return f"holds U+{ord(min(turned)):04X}, which shows text in another order"
    if not target.strip() or (has_words(source) and not any(map(str.isalnum, _MARKER.sub("", target)))):
        return "empty"
    rest = residue(target)
    if rest and rest not in source:
        return f"holds the unknown word {rest}"
    if is_repetition(target) and not (is_repetition(source) or INSISTENT.search(source)):
        return "repeats itself"
    if has_words(source):
        if fold(source) == fold(target) and not _stays(source, target_language):
            return "the same as the source"
        if _own_script(target, target_language) < _OWN_SCRIPT and not _names_alone(source, target, target_language):
            return f"not written in {language(target_language).name}"
    return _length(source, target)


def bound(source: str) -> int:
    """Characters that a draft of this text may have."""
    return MOST * len(source) + MOST_BESIDES


def _stays(source: str, tag: str) -> bool:
    """Whether a text may be its own translation: Simplified and Traditional Chinese may be the same, letter for letter."""
    spoken = language(tag)
    return is_chinese(spoken) and in_script(source, spoken) >= 0.5 and not other_chinese(source, spoken)


def has_words(text: str) -> bool:
    """Whether there is anything to translate: a word that is more than an acronym or a single letter."""
    return any(not _NAME.fullmatch(word) for word in _WORD.findall(text))


def checked(request: Request, answer: Answer, target_language: str) -> Answer:
    """The answer, or a Refusal that says which quality check it fails; what is no draft passes."""
    if not isinstance(answer, Match):
        return answer
    source, target = without_codes(request.source, request), without_codes(answer.target, request)
    why = answer.rejected or why_refused(source, target, target_language)
    return Refusal(answer.origin, answer.model, why) if why else answer


def _own_script(text: str, tag: str) -> float:
    """The share of the text's weight that is in the language's script; 1 for a text without letters."""
    spoken = language(tag)
    own = total = 0.0
    for char, times in Counter(filter(str.isalpha, text)).items():
        heavy = times * letter_weight(char)
        total += heavy
        own += heavy * is_own(char, spoken)
    return own / total if total else 1.0


def _names_alone(source: str, target: str, tag: str) -> bool:
    """Whether all that stands in other letters is names of the source, and the rest of it was translated."""
    names, others = set(), []
    for word in _bare_words(source):
        if word.islower():
            others.append(word)
        else:
            names.add(word)
    spoken = language(tag)
    left = [word for word in _bare_words(target) if in_script(word, spoken) == 0 and word not in names]
    own = sum(letter_weight(char) for char in target if in_script(char, spoken))
    return len(others) >= 2 and own >= 0.4 * weight("".join(others)) and weight("".join(left)) < _OWN_SCRIPT * own


def _bare_words(text: str) -> list[str]:
    return [re.sub(r"['’]s$|\.$", "", word) for word in _WORD.findall(text)]


def _length(source: str, target: str) -> str:
    here, there = weight(source), weight(target)
    if there > _TOO_LONG * max(here, 12.0):
        return "far longer than the source"
    if here >= _ENOUGH and there < _TOO_SHORT * here:
        return "far shorter than the source"
    return ""
