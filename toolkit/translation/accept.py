"""Which drafts are not fit to be shown: a person loses less time on an empty paragraph than on rubbish that looks finished.

Only what is hopeless is refused. Lost numbers, half-translated names and the like are for the checks, and for a person.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Protocol, runtime_checkable

from toolkit.hashing import fold
from toolkit.language import language
from toolkit.language.chinese import is_other
from toolkit.language.detect import in_script, is_repetition, residue, script_of
from toolkit.translation.wrappers.base import Wrapper
from toolkit.translation.wrappers.passing import closed, paired
from toolkit.units import Answer, Code, Match, Refusal, Request

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_NAME = re.compile(r"(?=.*[A-Z].*[A-Z])[A-Za-z.'’-]+|[A-Za-z]")
"""A word that stays as it is in any script: `VOA`, `iOS` and `U.S.`, and single letters."""
_INSISTENT = re.compile(r"\b(\w+)(?:\W+\1\b){2}", re.IGNORECASE)
"""`No, no, no`: its translation repeats itself too."""
_MARKER = re.compile(r"[(（\[［【]\s*\d+\s*[)）\]］】]")
"""What may stand in place of an inline code."""
_OWN_SCRIPT = 0.25
"""The least share of a draft's weight that is in the language's script; below it nothing was translated."""
_WEIGHTS = {"Han": 3.3, "Hang": 2.5, "Hira": 2.0, "Kana": 2.0, "Tibt": 0.8, "Thai": 1.1}
"""How many Latin letters say as much as one letter of a script."""
_TOO_LONG, _TOO_SHORT = 4.0, 0.12
_ENOUGH = 40.0
"""Weight of a source from which its draft's length says something."""


def why_refused(source: str, target: str, target_language: str) -> str:
    """Why a draft is no use, in a few words; empty for one that may be shown. Both texts come without codes."""
    if not target.strip() or (has_words(source) and not any(map(str.isalnum, _MARKER.sub("", target)))):
        return "empty"
    rest = residue(target)
    if rest and rest not in source:
        return f"holds the unknown word {rest}"
    if is_repetition(target) and not (is_repetition(source) or _INSISTENT.search(source)):
        return "repeats itself"
    if has_words(source):
        if fold(source) == fold(target) and not _stays(source, target_language):
            return "the same as the source"
        if _own_script(target, target_language) < _OWN_SCRIPT and not _names_alone(source, target, target_language):
            return f"not written in {language(target_language).name}"
    return _length(source, target)


def _stays(source: str, tag: str) -> bool:
    """Whether a text may be its own translation: Simplified and Traditional Chinese may be the same, letter for letter."""
    spoken = language(tag)
    simplified = spoken.script == "Hans"
    if spoken.script not in ("Hans", "Hant") or in_script(source, spoken) < 0.5:
        return False
    return not any(is_other(char, simplified) for char in source if char > "\u2fff")


def has_words(text: str) -> bool:
    """Whether there is anything to translate: a word that is more than an acronym or a single letter."""
    return any(not _NAME.fullmatch(word) for word in _WORD.findall(text))


def plain(text: str, codes: Sequence[Code], source: str) -> str:
    """The text without codes: each stands in it as it stood in `source`, once."""
    for code in sorted(codes, key=lambda code: code.start - code.end):
        text = text.replace(source[code.start : code.end], " ", 1)
    return text


class Checked(Wrapper):
    """Turns the engine's useless drafts into refusals, once it has tried them again (`again`) in another way, if it has one."""

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The inner engine's answers, the useless ones as a Refusal that says why."""
        way = self._streamed if self.independent else self._windowed
        return way(requests, source_language, target_language)

    def _streamed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Each answer is judged when it comes; its second try is made before the next one is looked at."""
        pairs = paired(requests, lambda taken: self.inner.translate(taken, source_language, target_language))
        with closed(pairs):
            for request, said in pairs:
                answer = _judged(request, said, target_language)
                if isinstance(answer, Refusal):
                    answer = self._better([request], source_language, target_language).get(0, answer)
                yield answer

    def _windowed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Window by window; the second tries of each together."""
        waiting = iter(requests)
        while window := list(islice(waiting, max(self.window, 1))):
            said = self.inner.translate(window, source_language, target_language)
            answers = [_judged(*pair, target_language) for pair in zip(window, said, strict=False)]
            refused = [index for index, answer in enumerate(answers) if isinstance(answer, Refusal)]
            better = self._better([window[index] for index in refused], source_language, target_language)
            for place, answer in better.items():
                answers[refused[place]] = answer
            yield from answers

    def _better(self, refused: Sequence[Request], source_language: str, target_language: str) -> dict[int, Match]:
        """By the places of the requests, what a second try made of them that may be shown."""
        if not refused or not isinstance(self.inner, Retrying):
            return {}
        said = self.inner.again(refused, source_language, target_language)
        judged = [_judged(*pair, target_language) for pair in zip(refused, said, strict=False)]
        return {place: answer for place, answer in enumerate(judged) if isinstance(answer, Match)}


@runtime_checkable
class Retrying(Protocol):
    """An engine that can search in another way for what came out useless; always the same way for the same requests."""

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answers as `translate` gives them; a remark on each says that it is a second try."""
        ...


def _judged(request: Request, answer: Answer, target_language: str) -> Answer:
    if not isinstance(answer, Match):
        return answer
    source = plain(request.source, request.codes, request.source)
    why = answer.doubt or why_refused(source, plain(answer.target, request.codes, request.source), target_language)
    return Refusal(answer.origin, answer.model, why) if why else answer


def _own_script(text: str, tag: str) -> float:
    """The share of the text's weight that is in the language's script; 1 for a text without letters."""
    spoken = language(tag)
    own = total = 0.0
    for char, times in Counter(filter(str.isalpha, text)).items():
        heavy = times * _letter(char)
        total += heavy
        own += heavy * in_script(char, spoken)
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
    own = sum(_letter(char) for char in target if in_script(char, spoken))
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


def weight(text: str) -> float:
    """How much a text says, in Latin letters."""
    return sum(map(_letter, text))


@lru_cache(maxsize=8192)
def _letter(char: str) -> float:
    return _WEIGHTS.get(script_of(char), 1.0) if char.isalnum() else 0.0
