"""Whether two versions of a paragraph differ by a corrected misspelling alone, so that a translation of the one is one of the other.

The rule is narrow, since a letter can change what is said (trail, trial; now, not):

* two letters exchanged, or one doubled or no longer doubled, inside a word of five letters or more, all in small letters; the new
  form stands elsewhere in the article, the old one does not, and the two are not known as different words;
* a small word written twice in a row;
* the first letter of a sentence made a capital;
* the full stop at the end.

Never where a number, a name or a word that denies is touched. Languages without a table in `data/typos.toml` have no such rule.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import regex

from toolkit.units import fold

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'-]*")
_LEAST = 5
_ENDINGS = frozenset({"ed", "er", "ers", "est", "ing", "ings", "y"})
"""Before these a doubled letter tells words apart: planed, planned."""
_EDGE = ".,;:!?\"'()[]"
"""Marks that may stand around a word."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is known of a language."""

    doubled: frozenset[str]
    denials: frozenset[str]
    confused: frozenset[frozenset[str]]


@cache
def rule(tag: str) -> Rule | None:
    """The rule of a language; None where there is none."""
    table = tomllib.loads(files(__package__).joinpath("data", "typos.toml").read_text(encoding="utf-8"))
    found = table.get(tag.split("-")[0])
    if found is None:
        return None
    pairs = frozenset(frozenset(pair.split()) for pair in found["confused"])
    return Rule(frozenset(found["doubled"]), frozenset(found["denials"]), pairs)


def words(texts: Iterable[str]) -> Counter[str]:
    """How often each word stands in the paragraphs of an article."""
    return Counter(word for text in texts for word in _WORD.findall(fold(text)))


def corrected(old: str, new: str, known: Rule, before: Counter[str], after: Counter[str]) -> bool:
    """Whether `new` is `old` with misspellings corrected; `before` and `after` count the words of the article's two versions."""
    one, other = fold(old), fold(new)
    if one == other or any(char.isdigit() for char in one + other if one.count(char) != other.count(char)):
        return False
    if other[-1:] == "." and one[-1:].isalpha():
        other = other[:-1]
    ours, theirs = one.split(" "), other.split(" ")
    if len(ours) > len(theirs):
        ours = list(_once(ours, known.doubled, len(ours) - len(theirs)))
    if len(ours) != len(theirs):
        return False
    return all(
        first == second or _spelled(first, second, at, ours, known, before, after)
        for at, (first, second) in enumerate(zip(ours, theirs, strict=True))
    )


def _once(words: Sequence[str], doubled: frozenset[str], most: int) -> Iterator[str]:
    """The words, without up to `most` repetitions of small words."""
    for at, word in enumerate(words):
        if most and at and word == words[at - 1] and word in doubled:
            most -= 1
        else:
            yield word


def _spelled(
    old: str, new: str, at: int, ours: Sequence[str], known: Rule, before: Counter[str], after: Counter[str]
) -> bool:
    """Whether a word was corrected, in its place among the words."""
    one, other = old.strip(_EDGE), new.strip(_EDGE)
    if not one or old.replace(one, "", 1) != new.replace(other, "", 1):
        return False
    if known.denials & {one.casefold(), other.casefold()}:
        return False
    if one[:1].islower() and one[:1].upper() + one[1:] == other:
        return at == 0 or ours[at - 1][-1] in ".?!"
    if not (one.islower() and other.islower() and one.isalpha() and other.isalpha()):
        return False
    if min(len(one), len(other)) < _LEAST or frozenset((one, other)) in known.confused:
        return False
    return before[one] == 1 and not after[one] and after[other] > 1 and _slipped(one, other)


def _slipped(one: str, other: str) -> bool:
    """Whether two neighbouring letters were exchanged, or one was doubled; never at the ends, where endings say something."""
    if len(one) == len(other):
        places = [at for at in range(len(one)) if one[at] != other[at]]
        exchanged = len(places) == 2 and places[1] == places[0] + 1 and places[0] > 0 and places[1] < len(one) - 1
        return exchanged and one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(
        long[at] == long[at - 1] and long[:at] + long[at + 1 :] == short and long[at + 1 :] not in _ENDINGS
        for at in range(2, len(long) - 1)
    )
