"""What an answer shows by its letters and its length alone: the language, a loop, a loss, something added.

Limits are set where 1,997 sentences of news in Chinese and in Tibetan, alone and as paragraphs of 3 and of 5, stay clear.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from math import inf

import regex

from toolkit.language import chinese
from toolkit.language.measures import folded_words, foreign_runs, letters_of, rough_sentences, runs, words
from toolkit.language.numbers import Value, figures, pool, says
from toolkit.quality.pair import Compared, Draft, data
from toolkit.quality.refusal import has_words

_SMALL = regex.compile(r"(?<![\p{L}\p{M}\p{Nd}@./_-])\p{Ll}{2,}(?![\p{L}\p{M}\p{Nd}@/_-])")
_STRAY_WORDS, _STRAY_SHARE = 4, 0.15
_TONES = regex.compile(r"(?i)\b\p{L}*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]\p{L}*\b")
_ENGLISH_SHARE = 0.12
_SURE = ((3, 0.02), (2, 0.1))
"""So many different characters of the other Chinese, and such a share of the text, are no names."""
MARK = regex.compile(r"[།༎༏༑༔。．.！!？?…:：;；”’\"'»)）\]］」』》〉】]\s*$")
END = regex.compile(MARK.pattern + r"|[ཀགཤ][\u0f71-\u0f84]*\s*$")
"""After these letters Tibetan writes no shad."""
_COMMA = regex.compile(r"[,，、(（\[「『《“]\s*$")
_LIMITS = ((250.0, 0.55, 0.72, 1.8), (100.0, 0.42, 0.65, 2.2), (60.0, 0.25, 0.65, 3.0), (40.0, 0.0, 0.0, 3.0))
"""Weight of a source from which on: the least share, the least share when what can be counted is missing, the most."""
_CLAUSE = {True: 8, False: 6}
"""Words (half the characters, half the syllables) of a clause that nobody says three times, by whether they are spaced."""


def nothing(draft: Compared) -> str:
    """Dots and dashes alone."""
    return "empty" if has_words(draft.source) and not any(map(str.isalnum, draft.target)) else ""


def script(draft: Draft) -> str:
    """Letters of a script that neither language has, or the source's, in the open."""
    known = draft.source + draft.request.reference + "".join(map("".join, draft.request.terms))
    for name, run in foreign_runs(draft.target, draft.spoken):
        if len(run) >= 2 and run not in known and not (name == "Grek" and len(run) < 4):
            return f"holds {letters_of(name)}"
    return ""


def romanised(draft: Compared) -> str:
    """Pinyin, Wylie or an explanation: small words in Latin letters that the source does not have."""
    if draft.spoken.cased or draft.spoken.script == "Latn":
        return ""
    known = {word.casefold() for word in words(draft.source)}
    stray = [word for word in _SMALL.findall(draft.target) if word not in known]
    letters = sum(map(str.isalpha, draft.target))
    toned = [word for word in _TONES.findall(draft.target) if word.casefold() not in known]
    if len(toned) >= 3 or (len(stray) >= _STRAY_WORDS and sum(map(len, stray)) >= _STRAY_SHARE * letters):
        return f"words in Latin letters that are not {draft.spoken.name.split(' (')[0]}"
    return ""


def english(draft: Draft) -> str:
    """English where another language in Latin letters was asked for."""
    if draft.spoken.script != "Latn" or draft.spoken.tag.split("-")[0] == "en":
        return ""
    told, small = folded_words(draft.open), frozenset(data()["small_words"])
    share = sum(word in small for word in told) / len(told) if len(told) >= 8 else 0
    return f"in English, not in {draft.spoken.name}" if share >= _ENGLISH_SHARE else ""


def other_chinese(draft: Compared) -> str:
    """Traditional characters where Simplified were asked for, and the reverse."""
    if not chinese.is_chinese(draft.spoken):
        return ""
    quotable = "" if chinese.is_chinese(draft.origin) else draft.source
    wrong = [char for char in chinese.other_chinese(draft.target, draft.spoken) if char not in quotable]
    sure = any(len(set(wrong)) >= least and len(wrong) >= share * len(draft.target) for least, share in _SURE)
    return f"written in {chinese.other_name(draft.spoken)} characters" if sure else ""


def loop(draft: Compared) -> str:
    """A sentence or a clause over and over, be it with something between."""
    told = [tuple(folded_words(sentence)) for sentence in rough_sentences(draft.target)]
    asked = Counter(tuple(folded_words(sentence)) for sentence in rough_sentences(draft.source))
    most = max(asked.values(), default=1)
    for sentence, times in Counter(told).items():
        if len(sentence) >= 6 and times > most and (times >= 3 or len("".join(sentence)) >= 12):
            return "says the same twice" if times == 2 else "repeats itself"
    most = max(Counter(runs(draft.source, 3)).values(), default=1)
    again = max(Counter(runs(draft.target, _CLAUSE[draft.spoken.spaced])).values(), default=1)
    return "repeats itself" if again >= 3 and again > most else ""


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
    return next(((low, counted, high) for least, low, counted, high in _LIMITS if weight >= least), (0.0, 0.0, inf))


def _unclosed(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    return plain.count("(") - plain.count(")") + plain.count("[") - plain.count("]")
