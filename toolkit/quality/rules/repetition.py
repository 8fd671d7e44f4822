"""The translation says something twice that the source says once: a loop, a phrase, a sentence, a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import regex

from toolkit.language.detect import is_repetition
from toolkit.language.measures import folded_words, rough_sentences, runs
from toolkit.quality.pair import Compared, of_unit
from toolkit.quality.refusal import INSISTENT
from toolkit.units import Catalog, Finding, Mend, Unit

_HAN, _SYLLABLE = r"[\u3400-\u9fff]", r"[\u0f40-\u0fbc]{1,12}+"
_PHRASE = regex.compile(
    rf"(?P<han>{_HAN}{{3,40}}?)(?P=han)|(?P<apart>{_HAN}{{5,40}}?)[，、 ](?P=apart)"
    rf"|(?<![\u0f40-\u0fbc])(?P<bo>{_SYLLABLE}(?:[་༌]{_SYLLABLE}){{2,20}}?)[་༌། ]{{1,2}}(?P=bo)(?![\u0f71-\u0fbc])"
    r"|\b(?P<latin>\p{Latin}{1,30}+(?: \p{Latin}{1,30}+){2,12}?)[, ]{1,2}(?P=latin)\b"
)
_WORD_TWICE = regex.compile(r"\b(\w+)[ ,]+\1\b", regex.IGNORECASE)
_INSISTENT = regex.compile(r"([\u3400-\u9fff]{1,4})[、，！]\1")
"""`没有、没有`: the same in Chinese as `No, no, no` in English."""
_SMALL_HAN = "的|是|在|和|与|與|被|将|將|把|从|從|对|對|为|為|于|於|及|或|但|而|也|都|就|已|这|這|那|我们|他们|可以|因为|但是|以及"
_SMALL_BO = "དང|ནི|ལ|གི|གྱི|ཀྱི|ཡི|གིས|ཀྱིས|གྱིས|ཏུ|དུ|རུ|སུ|ནས|ལས|ཡང|དེ|འདི|ཞིག|ཅིག|ཤིག|པའི|བའི|ནང|རེད|ཡིན|འདུག|ཡོད|བྱས|བྱེད"
_SMALL_LATIN = "the|a|of|to|in|and|is|was|for|with"
_DOUBLED = regex.compile(
    rf"(?P<han>{_SMALL_HAN})(?P=han)(?![确確的个個儿兒])"
    rf"|(?<![\u0f40-\u0fbc])(?P<bo>{_SMALL_BO})[་༌](?P=bo)(?![\u0f40-\u0fbc])"
    rf"|\b(?P<latin>{_SMALL_LATIN}) (?P=latin)\b"
)
"""Small words that no sentence says twice in a row; 的的 begins 的的确确."""
_TWICE = {
    **{word[0]: tuple(one * 2 for one in _SMALL_HAN.split("|") if one[0] == word[0]) for word in _SMALL_HAN.split("|")},
    **{tsheg: tuple(f"{word}{tsheg}{word}" for word in _SMALL_BO.split("|")) for tsheg in "་༌"},
    " ": tuple(f"{word} {word}" for word in _SMALL_LATIN.split("|")),
}
"""Sign -> the texts of which one stands in whatever `_DOUBLED` finds with that sign."""
_FEW_AGAIN = 5
"""A clause of six words said again repeats four runs of three at least; a text of so many words has two runs fewer."""
_CLAUSE = {True: 8, False: 6}
"""Words (half the characters, half the syllables) of a clause that nobody says three times, by whether they are spaced."""


def repetition(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """A loop is an error; a phrase or a sentence given twice a warning, a small word a note."""
    if not unit.target.strip():
        return
    pair = of_unit(unit, catalog)
    if not _any_twice(pair.target):
        yield from _small_words(unit, pair)
        return
    if is_repetition(pair.target) and not (
        is_repetition(pair.source) or INSISTENT.search(pair.source) or _INSISTENT.search(pair.source)
    ):
        yield Finding("the same words over and over", "error")
        return
    if said := loop(pair):
        yield Finding(f"the translation {said}")
        return
    yield from _phrases(unit, pair)


def _phrases(unit: Unit, pair: Compared) -> Iterator[Finding]:
    twice = [found for found in _PHRASE.finditer(pair.target) if len(set(_phrase(found))) > 2]
    if twice and not (_PHRASE.search(pair.source) or _WORD_TWICE.search(pair.source)):
        for found in twice:
            yield Finding(f"said twice in a row: {_phrase(found)}", "warning", None, found.span())
    yield from _small_words(unit, pair)


def _phrase(found: regex.Match[str]) -> str:
    return found["han"] or found["apart"] or found["bo"] or found["latin"] or ""


def _any_twice(text: str) -> bool:
    """Whether any three characters come again (twelve of Tibetan, which spells syllables): if not, nothing else is looked for."""
    size = 12 if "\u0f0b" in text else 3
    return len({text[at : at + size] for at in range(len(text) - size + 1)}) < len(text) - size + 1


def _small_words(unit: Unit, pair: Compared) -> Iterator[Finding]:
    if not any(twice in pair.target for sign in pair.signs & _TWICE.keys() for twice in _TWICE[sign]):
        return
    for found in _DOUBLED.finditer(pair.target):
        start, end = found.span()
        word = found["han"] or found["bo"] or found["latin"]
        yield Finding(f"a word twice: {unit.target[start:end]}", "info", None, (start, end), (Mend(start, end, word),))


def loop(draft: Compared) -> str:
    """A sentence or a clause over and over, be it with something between."""
    sentences = rough_sentences(draft.target)
    told = Counter(map(folded_words, sentences)) if len(sentences) > 1 else Counter()
    again = [(sentence, times) for sentence, times in told.items() if len(sentence) >= 6 and times > 1]
    most = _most(map(folded_words, rough_sentences(draft.source))) if again else 1
    for sentence, times in again:
        if times > most and (times >= 3 or len("".join(sentence)) >= 12):
            return "says the same twice" if times == 2 else "repeats itself"
    said = folded_words(draft.target)
    if len(said) - len(set(zip(said, said[1:], said[2:], strict=False))) <= _FEW_AGAIN:
        return ""
    clause = _most(runs(draft.target, _CLAUSE[draft.spoken.spaced]))
    return "repeats itself" if clause >= 3 and clause > _most(runs(draft.source, 3)) else ""


def _most(said: Iterable[tuple[str, ...]]) -> int:
    """How often the most frequent run of words stands in a text; 1 where there is none."""
    return max(Counter(said).values(), default=1)
