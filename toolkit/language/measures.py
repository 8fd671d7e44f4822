"""Measures of a text: its length weighted by script, estimated tokens, words, shared runs of words, sentences.

Quality checks, engines and estimates share them, so that they measure the same way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from toolkit.language import Language, language
from toolkit.language.detect import characters, foreign_scripts, in_script, script_of, script_shares
from toolkit.units import fold

_SAYS = {"Han": 3.3, "Hang": 2.5, "Hira": 2.0, "Kana": 2.0, "Tibt": 0.8, "Thai": 1.1}
"""Script -> number of Latin letters that carry as much text as one of its letters."""
_TOKENS = {
    "Latn": 0.25,
    "Cyrl": 0.4,
    "Grek": 0.5,
    "Arab": 0.5,
    "Deva": 0.6,
    "Han": 0.8,
    "Hang": 0.8,
    "Hira": 0.8,
    "Tibt": 1.2,
}
"""Script -> tokens per letter, an average over multilingual language models."""
_LETTERS = {
    "Han": "Chinese characters",
    "Tibt": "Tibetan letters",
    "Latn": "Latin letters",
    "Cyrl": "Cyrillic letters",
    "Deva": "Devanagari letters",
    "Hira": "Japanese letters",
    "Kana": "Japanese letters",
    "Hang": "Korean letters",
    "Grek": "Greek letters",
    "Arab": "Arabic letters",
    "Thai": "Thai letters",
}
_OTHER_TOKENS, _BLANK_TOKENS = 0.6, 0.1
_MAIN_SCRIPT = {"Hans": "Han", "Hant": "Han", "Hani": "Han", "Jpan": "Hira", "Kore": "Hang"}
"""Script code that stands for several scripts -> the most frequent of them."""
_TOKEN = re.compile(r"[\u0f40-\u0fbc]+|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’.-][^\W_]+)*")
"""A Tibetan syllable, a Chinese character, a word with its hyphens."""
_UNSPACED = re.compile(r"[\u0f40-\u0fbc]+|[\u3040-\u30ff\u3400-\u9fff]")
"""A Tibetan syllable or a Chinese character: what is counted as a word where words are not parted by blanks."""
_ASIDE = re.compile(r"[(（\[［“„\"「『《〈‘<][^()（）\[\]［］“”„\"「」『』《》〈〉‘’<>]*[)）\]］”\"」』》〉’>]")
_SENTENCE = re.compile(r"[^。！？!?།༎;；\n](?:[^。！？!?།༎;；\n.]+|\.(?!\s|$))*(?:[。！？!?།༎;；\n]+|\.|$)")


def weight(text: str) -> float:
    """The length of a text in Latin letters that would carry as much; digits count as letters, punctuation and blanks as 0."""
    return sum([_WEIGHT[char] * times for char, times in characters(text).items()])


def letter_weight(char: str) -> float:
    """The weight of one character, in Latin letters."""
    return _WEIGHT[char]


class _Weight(dict[str, float]):
    """Character -> its weight, filled as characters come."""

    def __missing__(self, char: str) -> float:
        self[char] = _SAYS.get(script_of(char), 1.0) if char.isalnum() else 0.0
        return self[char]


_WEIGHT = _Weight()


def estimated_tokens(text: str) -> float:
    """Estimated number of a language model's tokens in a text."""
    return sum(_BLANK_TOKENS if char.isspace() else _TOKENS.get(script_of(char), _OTHER_TOKENS) for char in text)


def estimated_answer_tokens(text: str, target_language: str) -> float:
    """Estimated number of a language model's tokens in the translation of a text."""
    script = language(target_language).script
    script = _MAIN_SCRIPT.get(script, script)
    says = sum(_SAYS.get(script_of(char), 1.0) for char in text)
    return says / _SAYS.get(script, 1.0) * _TOKENS.get(script, _OTHER_TOKENS)


def script_family(spoken: Language) -> str:
    """Script of a language, ISO 15924, with `Han` for all that use Chinese characters."""
    return "Han" if spoken.script in ("Hans", "Hant", "Hani", "Jpan") else spoken.script


def main_script(text: str) -> str:
    """The most frequent script of a text's letters, ISO 15924; empty for a text without letters."""
    return next(iter(script_shares(text)), "")


def letters_of(script: str) -> str:
    """The English name for letters of a script (ISO 15924), for messages: `Tibetan letters`."""
    return _LETTERS.get(script, f"letters of the script {script}")


def foreign_runs(text: str, spoken: Language) -> Iterator[tuple[str, str]]:
    """Runs of letters in a script that is neither the language's nor Latin (names may stay in Latin): script, letters.

    Combining marks, such as vowel signs, belong to the letter before them.
    """
    if not foreign_scripts(text, spoken):
        return
    scripts, script = [], ""
    for char in text:
        script = script if unicodedata.category(char)[0] == "M" else _foreign_script(char, spoken.tag)
        scripts.append(script)
    for script, letters in groupby(zip(scripts, text, strict=True), lambda pair: pair[0]):
        if script:
            yield script, "".join(char for _, char in letters)


@lru_cache(maxsize=8192)
def _foreign_script(char: str, tag: str) -> str:
    """The script of a letter that is neither the language's nor Latin; empty for all else."""
    script = script_of(char) if char.isalpha() else ""
    return "" if script in ("Latn", "Zyyy", "") or in_script(char, language(tag)) > 0 else script


def words(text: str) -> list[str]:
    """The words, Chinese characters and Tibetan syllables of a text in order, with its typography folded (`units.fold`)."""
    return _TOKEN.findall(fold(text))


def word_count(text: str) -> int:
    """How many words a text has, as translators count: what stands between blanks is one, and so is each Chinese character and
    each Tibetan syllable; their punctuation is none."""
    total = 0
    for piece in text.split():
        unspaced = len(_UNSPACED.findall(piece))
        beside = _UNSPACED.sub(" ", piece).split() if unspaced else [piece]
        total += unspaced + sum(not unspaced or any(map(str.isalnum, part)) for part in beside)
    return total


@lru_cache(maxsize=64)
def folded_words(text: str) -> tuple[str, ...]:
    """The `words` of a text, case-folded."""
    return tuple(_TOKEN.findall(fold(text).casefold()))


@lru_cache(maxsize=64)
def runs(text: str, length: int) -> tuple[tuple[str, ...], ...]:
    """All runs of `length` folded words, or of twice as many where words are single characters or syllables."""
    said = folded_words(text)
    sizes = (length * _size(word) for word in said)
    return tuple(said[at : at + size] for at, size in enumerate(sizes) if at + size <= len(said))


def covered(text: str, other: str, length: int = 4) -> float:
    """The share of a text's folded words that lie in runs which the other text has too, 0 to 1."""
    said, known = folded_words(text), set(runs(other, length))
    marked: set[int] = set()
    for at, word in enumerate(said):
        size = length * _size(word)
        if said[at : at + size] in known:
            marked.update(range(at, at + size))
    return len(marked) / len(said) if said else 0.0


@lru_cache(maxsize=4096)
def _size(word: str) -> int:
    return 2 if script_of(word[0]) in ("Han", "Tibt", "Hira", "Kana", "Hang") else 1


def without_asides(text: str, gap: str = " ") -> str:
    """The text with `gap` in place of brackets and quotations, in which a translator may keep the source's words."""
    return _ASIDE.sub(gap, text)


def rough_sentences(text: str) -> list[str]:
    """The sentences of a text by their end marks alone: enough to see that one is missing or repeated."""
    return [found[0].strip() for found in _SENTENCE.finditer(text) if found[0].strip()]
