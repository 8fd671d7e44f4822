"""What an answer shows by its letters and its length alone: the language, a loop, a loss, something added.

Limits are set where 1,997 sentences of news in Chinese and in Tibetan, alone and as paragraphs of 3 and of 5, stay clear.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import groupby
from math import inf

import regex

from toolkit.language import language
from toolkit.language.chinese import is_other
from toolkit.language.detect import in_script, script_of
from toolkit.language.numbers import Value, figures, pool, says
from toolkit.translation.accept import has_words
from toolkit.translation.doubts.said import Said, data, runs, sentences, tokens, words

_NAMES = {
    "Han": "Chinese",
    "Tibt": "Tibetan",
    "Cyrl": "Cyrillic",
    "Deva": "Devanagari",
    "Hang": "Korean",
    "Arab": "Arabic",
}
_NAMES |= {"Hira": "Japanese", "Kana": "Japanese", "Thai": "Thai", "Grek": "Greek"}
_SMALL = regex.compile(r"(?<![\p{L}\p{M}\p{Nd}@./_-])\p{Ll}{2,}(?![\p{L}\p{M}\p{Nd}@/_-])")
_STRAY_WORDS, _STRAY_SHARE = 4, 0.15
_TONES = regex.compile(r"(?i)\b\p{L}*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\p{L}*\b")
_ENGLISH_SHARE = 0.12
_SURE = ((3, 0.02), (2, 0.1))
"""So many different characters of the other Chinese, and such a share of the text, are no names."""
_MARK = regex.compile(r"[།༎༏༑༔。．.！!？?…:：;；”’\"'»)）\]］」』》〉】]\s*$")
_END = regex.compile(_MARK.pattern + r"|[ཀགཤ][\u0f71-\u0f84]*\s*$")
"""After these letters Tibetan writes no shad."""
_COMMA = regex.compile(r"[,，、(（\[「『《“]\s*$")
_LIMITS = ((250.0, 0.55, 0.72, 1.8), (100.0, 0.42, 0.65, 2.2), (60.0, 0.25, 0.65, 3.0), (40.0, 0.0, 0.0, 3.0))
"""Weight of a source from which on: the least share said, the least when what can be counted is missing, the most."""
_CLAUSE = {True: 8, False: 6}
"""Words (half the characters, half the syllables) of a clause that nobody says three times, by whether they are spaced."""


def nothing(said: Said) -> str:
    """Dots and dashes alone."""
    return "empty" if has_words(said.source) and not any(map(str.isalnum, said.target)) else ""


def script(said: Said) -> str:
    """Letters of a script that neither language has, or the source's, in the open."""
    known = said.source + said.request.second_source + "".join(map("".join, said.request.terms))
    for name, letters in groupby(said.target, lambda char: _foreign(char, said.spoken.tag)):
        run = "".join(letters)
        if name and len(run) >= 2 and run not in known and not (name == "Grek" and len(run) < 4):
            return f"holds {_NAMES.get(name, name)} letters"
    return ""


def romanised(said: Said) -> str:
    """Pinyin, Wylie or an explanation: small words in Latin letters that the source does not have."""
    if said.spoken.cased or said.spoken.script == "Latn":
        return ""
    known = {word.casefold() for word in words(said.source)}
    stray = [word for word in _SMALL.findall(said.target) if word not in known]
    letters = sum(map(str.isalpha, said.target))
    toned = [word for word in _TONES.findall(said.target) if word.casefold() not in known]
    if len(toned) >= 3 or (len(stray) >= _STRAY_WORDS and sum(map(len, stray)) >= _STRAY_SHARE * letters):
        return f"words in Latin letters that are not {said.spoken.name.split(' (')[0]}"
    return ""


def english(said: Said) -> str:
    """English where another language in Latin letters was asked for."""
    if said.spoken.script != "Latn" or said.spoken.tag.split("-")[0] == "en":
        return ""
    told, small = tokens(said.open), frozenset(data()["small_words"])
    share = sum(word in small for word in told) / len(told) if len(told) >= 8 else 0
    return f"in English, not in {said.spoken.name}" if share >= _ENGLISH_SHARE else ""


def other_chinese(said: Said) -> str:
    """Traditional characters where Simplified were asked for, and the reverse."""
    if said.spoken.script not in ("Hans", "Hant"):
        return ""
    simplified = said.spoken.script == "Hans"
    quotable = "" if said.origin.script in ("Hans", "Hant") else said.source
    wrong = [char for char in said.target if char > "\u2fff" and char not in quotable and is_other(char, simplified)]
    name = "Traditional" if simplified else "Simplified"
    sure = any(len(set(wrong)) >= least and len(wrong) >= share * len(said.target) for least, share in _SURE)
    return f"written in {name} characters" if sure else ""


def loop(said: Said) -> str:
    """A sentence or a clause over and over, be it with something between."""
    told = [tuple(tokens(sentence)) for sentence in sentences(said.target)]
    asked = Counter(tuple(tokens(sentence)) for sentence in sentences(said.source))
    most = max(asked.values(), default=1)
    for sentence, times in Counter(told).items():
        if len(sentence) >= 6 and times > most and (times >= 3 or len("".join(sentence)) >= 12):
            return "says the same twice" if times == 2 else "repeats itself"
    most = max(Counter(runs(said.source, 3)).values(), default=1)
    again = max(Counter(runs(said.target, _CLAUSE[said.spoken.spaced])).values(), default=1)
    return "repeats itself" if again >= 3 and again > most else ""


def broken_off(said: Said) -> str:
    """No end where the source has one, and too short for a whole."""
    share, text = said.share * said.slack, said.target.strip()
    if said.source_weight < 40 or not _MARK.search(said.source.strip()):
        return ""
    hanging = _COMMA.search(text) and not _COMMA.search(said.source.strip())
    unclosed = _unclosed(text) > 0 and _unclosed(said.source) == 0
    if (hanging and share < 0.6) or (unclosed and share < 0.7) or (not _END.search(text) and share < 0.55):
        return "breaks off in the middle"
    return ""


def lost(said: Said) -> str:
    """Too short for all that the source says, and what can be counted is missing."""
    share = said.share * said.slack
    alone, counted, _ = _limits(said.source_weight)
    if share >= counted:
        return ""
    if share < alone:
        return "sentences are missing"
    given = pool(said.target)
    strong = [figure for figure in figures(said.source) if figure.strong]
    missing = [figure for figure in strong if not says(figure, given)]
    terms = [other for one, other in said.request.terms if one.casefold() in said.source.casefold()]
    absent = [term for term in terms if term.strip("་། ") not in said.target]
    fewer = 2 * len(sentences(said.target)) <= len(sentences(said.source)) > 3
    gone = 2 * len(missing) > len(strong) or 2 * len(absent) > len(terms) or fewer
    return "sentences are missing" if gone else ""


def added(said: Said) -> str:
    """Far too long, or longer, with figures that stand only in the text beside it."""
    share = said.share / said.slack
    *_, most = _limits(said.source_weight)
    if share < 1.4:
        return ""
    if share > most:
        return "says far more than the source"
    beside = [figure for text in said.background for figure in figures(text) if figure.strong]
    own, given = pool(said.source), frozenset[Value]().union(*(figure.readings for figure in figures(said.target)))
    told = [figure for figure in beside if says(figure, given) and not says(figure, own)]
    return "says more than the source" if told else ""


def _limits(weight: float) -> tuple[float, float, float]:
    """The row of the table; for a shorter source none."""
    return next(((low, counted, high) for least, low, counted, high in _LIMITS if weight >= least), (0.0, 0.0, inf))


def _unclosed(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    return plain.count("(") - plain.count(")") + plain.count("[") - plain.count("]")


@lru_cache(maxsize=8192)
def _foreign(char: str, tag: str) -> str:
    """A letter's script, when it is neither the language's nor Latin."""
    if not char.isalpha():
        return ""
    name = script_of(char)
    return "" if name in ("Latn", "Zyyy", "") or in_script(char, language(tag)) > 0 else name
