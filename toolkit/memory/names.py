"""Proposes names and terms of an article before it is drafted, and tells what translations call them.

Names are runs of words with capitals inside sentences, acronyms, and phrases that are repeated; what is none is data of the
language (`[terms]` of `language/data/en.toml`). A language without capitals has no proposals.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import regex

from toolkit.language import Language, language
from toolkit.memory.glossary import places
from toolkit.segment import sentences

Kind = Literal["name", "acronym", "term"]
_WORD = regex.compile(r"(?:\p{Lu}\.){2,}|[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:['’&-][\p{L}\p{N}][\p{L}\p{M}\p{N}]*)*")
_TOKEN = regex.compile(r"\w+")
_ACRONYM = regex.compile(r"(?:\p{Lu}\.){2,}|\p{Lu}{2,6}s?|\p{Lu}{2,}[-\d]*\d")
_NAMED = regex.compile(r"\p{Lu}[\p{L}\p{M}'’-]*|\p{Lu}{1,2}\.|(?:al|el|d|de|O)[-'’]\p{Lu}[\p{L}\p{M}'’-]*")
_POSSESSIVE = re.compile(r"['’]s?$")
_OPENERS = ("“", '"', "‘", "'", "(", ":", "—", "–")
"""Behind one of these a word has a capital because it opens something."""
_HEADING = 0.6
"""A text of which so many words have capitals is a heading: nothing new is taken from it."""
_STOPS = (".", "!", "?", "…")
_LONGEST = 6
"""Words of a name."""
_EXTENDS = 0.66
"""A longer run that so many of the texts have takes the place of the part that all have, where another text has a slip of it."""
_CERTAIN = 3
"""Texts in which a rendering stands before another one is taken for a slip."""
_MOST = 200
"""Texts of one name whose translations are compared."""


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph without inline codes."""

    source: str
    article: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name or a term that an article uses."""

    source: str
    kind: Kind
    count: int
    places: tuple[tuple[str, int], ...]
    """Article and line of each text that has it, in order."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a language knows of names."""

    titles: frozenset[str]
    inside: tuple[str, ...]
    inside_by_first: Mapping[str, Sequence[list[str]]]
    """The same, each as its words, by the first of them; the longest first."""
    capitals: frozenset[str]
    dates: frozenset[str]
    compass: frozenset[str]
    common: frozenset[str]


@dataclass
class _Seen:
    """What was found so far."""

    inner: set[str] = field(default_factory=set)
    """Words with a capital inside a sentence."""
    lower: set[str] = field(default_factory=set)
    """Words in small letters."""
    runs: list[tuple[int, tuple[str, ...], bool]] = field(default_factory=list)
    """Number of the text, the words of a run with capitals, whether it begins a sentence."""


def propose(texts: Sequence[Text], tag: str) -> list[Proposal]:
    """The names and terms of these texts of one language, the most frequent first; nothing for a language without capitals."""
    spoken = language(tag)
    if not spoken.cased:
        return []
    words = _words(spoken.tag)
    found, seen = _found(texts, spoken, words)
    kinds: dict[str, Kind] = {name: "acronym" if _ACRONYM.fullmatch(name) else "name" for name in _without_parts(found)}
    kinds |= dict.fromkeys(_phrases(texts, words, seen), "term")
    made = (_counted(name, kind, texts) for name, kind in kinds.items())
    return sorted((one for one in made if one.count), key=lambda one: (-one.count, one.source))


@dataclass(frozen=True, slots=True)
class Held:
    """A name, and the texts that have it, by their numbers."""

    name: str
    numbers: tuple[int, ...]
    parts: frozenset[int]
    """Texts that have it, a word of it, or what looks derived from one: `Mexican` of `Mexico`."""


def held(texts: Sequence[Text], tag: str, least: int = 1) -> Iterator[Held]:
    """The names that `least` or more of these texts of one language have, terms aside; nothing for a language without capitals."""
    spoken = language(tag)
    if not spoken.cased:
        return
    index: dict[str, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        for word in _TOKEN.findall(text.source):
            index[word].add(number)
    ordered = sorted(index)
    for name in _found(texts, spoken, _words(spoken.tag))[0]:
        words = [index[word] for word in _TOKEN.findall(name)]
        likely = sorted(set[int].intersection(*words))
        if len(likely) < least:
            continue
        said = pattern(name)
        numbers = tuple(number for number in likely if said.search(texts[number].source))
        if len(numbers) < least:
            continue
        parts = (index[near] for word in _TOKEN.findall(name) if word[0].isupper() for near in _derived(word, ordered))
        yield Held(name, numbers, frozenset(numbers).union(*parts))


def _derived(word: str, ordered: Sequence[str]) -> Iterator[str]:
    """The words of an alphabetical list that begin as this one does, its last letter aside."""
    stem = word[:-1] if len(word) > 4 else word
    for at in range(bisect_left(ordered, stem), len(ordered)):
        if not ordered[at].startswith(stem):
            return
        yield ordered[at]


def renderings(name: str, pairs: Iterable[tuple[str, str]], spoken: Language) -> list[tuple[str, int]]:
    """What translations (source and target texts) seem to call a name: each rendering with the number of texts that have it.

    A rendering is a run of characters or syllables that stands in two texts with the name or more, and hardly in others.
    """
    said = pattern(name)
    part = _pattern_of_any([word for word in name.split() if word[0].isupper()])
    held: list[str] = []
    others: list[str] = []
    for source, target in pairs:
        if said.search(source):
            held.append(target)
        elif part is None or not part.search(source):
            others.append(target)
    held, others = held[:_MOST], others[: 5 * _MOST]
    found: dict[str, int] = {}
    while len(held) > (2 if found else 1):  # two texts have too much in common to tell a second way
        best = _best(held, others, spoken)
        if not best:
            break
        found[best] = sum(best in text for text in held)
        held = [text for text in held if best not in text]
    for known in list(found):
        for text in held:
            if span := near(known, text, spoken):
                found[text[slice(*span)]] = found.get(text[slice(*span)], 0) + 1
    return list(found.items())


def near(rendering: str, text: str, spoken: Language) -> tuple[int, int] | None:
    """Where a text has what differs from a rendering of three characters (syllables) or more in one of them."""
    units = _units(rendering, spoken)
    if len(units) < 3 or rendering in text:
        return None
    said = list(_pieces(text, spoken))
    for at in range(len(said) - len(units) + 1):
        window = said[at : at + len(units)]
        alike = sum(one[0] == other for one, other in zip(window, units, strict=True))
        if alike == len(units) - 1 and window[0][0] == units[0] and _joined(window):
            return window[0][1], window[-1][2]
    return None


def _found(texts: Sequence[Text], spoken: Language, words: _Words) -> tuple[dict[str, set[int]], _Seen]:
    """The names with the numbers of the texts in which they were found by themselves, and what was seen besides."""
    seen = _Seen()
    for number, text in enumerate(texts):
        _read(seen, number, text.source, spoken, words)
    found: dict[str, set[int]] = defaultdict(set)
    for number, run, opens in seen.runs:
        for name in _names(run, opens, seen, words):
            found[name].add(number)
    return found, seen


def _read(seen: _Seen, number: int, text: str, spoken: Language, words: _Words) -> None:
    for start, end in sentences(text, spoken.tag):
        said = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text, start, end)]
        letters = [word for word, _, _ in said if word[0].isalpha() and word.lower() not in words.common]
        named = sum(word[0].isupper() for word in letters)
        heading = len(said) > 1 and named >= _HEADING * len(letters) and not text[:end].rstrip(' "”’)').endswith(_STOPS)
        if heading:
            continue
        seen.lower.update(word for word, _, _ in said if word[0].islower())
        for opens, run in _runs(said, text, words):
            name = _untitled([_bare(word) for word in run], words)
            if not opens or len(name) < len(run):
                seen.inner.update((name[0], name[-1]) if name else ())
            elif len(run) > 1:
                seen.inner.add(name[-1])
            seen.runs.append((number, run, opens))


def _runs(said: Sequence[tuple[str, int, int]], text: str, words: _Words) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """The runs of words with capitals in a sentence, small words of names between them; whether a run opens it."""
    at = 0
    while at < len(said):
        if not _is_named(said[at][0]):
            at += 1
            continue
        first, run = at, [said[at][0]]
        at += 1
        while at < len(said) and len(run) < _LONGEST + 3:
            gap = text[said[at - 1][2] : said[at][1]]
            if gap not in (" ", ". ", " & ") or (gap == ". " and len(run[-1]) > 2):
                break
            if gap == " & " and _is_named(said[at][0]):
                run[-1:] = [f"{run[-1]} & {said[at][0]}"]
                at += 1
                continue
            step = next(
                (
                    len(small)
                    for small in words.inside_by_first.get(said[at][0], ())
                    if [one for one, _, _ in said[at : at + len(small)]] == small
                    and at + len(small) < len(said)
                    and _is_named(said[at + len(small)][0])
                    and text[said[at][1] : said[at + len(small)][1]] == " ".join(small) + " "
                ),
                0,
            )
            if not step and not _is_named(said[at][0]):
                break
            run += [one for one, _, _ in said[at : at + step + 1]]
            at += step + 1
        opens = first == 0 or text[: said[first][1]].rstrip().endswith(_OPENERS)
        yield opens, tuple(run)


def _is_named(word: str) -> bool:
    return not word.islower() and bool(_NAMED.fullmatch(word) or _ACRONYM.fullmatch(word))


def _names(run: tuple[str, ...], opens: bool, seen: _Seen, words: _Words) -> Iterator[str]:
    """The names in a run of words with capitals."""
    said = [_bare(word) for word in run]
    if opens and said and not _ACRONYM.fullmatch(said[0]):
        first = said[0]
        if (first.lower() in words.common and first not in words.compass) or (
            first.lower() in seen.lower and first not in words.compass
        ):
            said = said[1:]
        elif len(said) == 1 and first not in seen.inner:
            return
        elif first not in seen.inner and first not in words.titles and len(said) > 2 and " & " not in first:
            said = said[1:]
    while said and (
        (said[0].lower() in words.common and (said[0] not in words.compass or len(said) == 1))
        or said[0] in words.inside
    ):
        said = said[1:]
    said = _untitled(said, words)
    while len(said) > 2 and said[0].lower() in seen.lower and said[0] not in words.compass:
        if said[1] in words.inside:
            break
        said = said[1:]
    while said and said[-1] in words.titles | {"The", "A"}:
        said = said[:-1]
    name = " ".join(said)
    if not said or len(said) > _LONGEST or len(name) < 2:
        return
    if name in words.capitals or name in words.titles or name in words.compass:
        return
    if all(one in words.capitals or one.lower() in words.common for one in said):
        return
    if opens and len(said) == 1 and name.lower() in seen.lower and not _ACRONYM.fullmatch(name):
        return  # `Solar panels` here, `solar` there
    yield name


def _untitled(said: list[str], words: _Words) -> list[str]:
    """The words of a run without the titles, offices and dates before the name."""
    for _ in range(3):
        for size in (3, 2, 1):
            if len(said) > size - 1 and " ".join(said[:size]) in words.titles:
                said = said[size:]
                if said and said[0] in words.inside:  # `Secretary of State`: an office; whose it is may follow
                    said = said[2:] if len(said) > 3 else []
                break
        while len(said) > 1 and (
            said[0] in words.dates
            or (said[0] in words.capitals and any(" ".join(said[1:n]) in words.titles for n in (2, 3, 4)))
        ):
            said = said[1:]
    return said


def _bare(word: str) -> str:
    """The word without its possessive ending."""
    return _POSSESSIVE.sub("", word) if "'" in word or "’" in word else word


def _without_parts(found: Mapping[str, set[int]]) -> Iterator[str]:
    """The names, those aside that only ever stand inside a longer one of the same texts."""
    for name, numbers in found.items():
        if len(numbers) == 1 and name.count(" ") >= 3 and not regex.search(r" (?:of|and|de|the|for) ", name):
            parts = [other for other in found if other != name and f" {other}" in f" {name}"]
            if len(parts) > 1:  # two names side by side
                continue
        yield name


def _phrases(texts: Sequence[Text], words: _Words, seen: _Seen) -> Iterator[str]:
    """Phrases of two or three words in small letters that are repeated: in two texts or more, three times or more."""
    counts: Counter[tuple[str, ...]] = Counter()
    where: dict[tuple[str, ...], set[int]] = defaultdict(set)
    inside: Counter[tuple[str, ...]] = Counter()
    for number, text in enumerate(texts):
        for chunk in regex.split(r"[^\p{L}\p{M}'’ -]+", text.source):
            said = [word.lower() if word.lower() in seen.lower else word for word in chunk.split()]
            for size in (2, 3):
                for at in range(len(said) - size + 1):
                    phrase = tuple(said[at : at + size])
                    if all(_is_content(word, words) for word in phrase):
                        counts[phrase] += 1
                        where[phrase].add(number)
    for phrase, count in counts.items():
        for size in range(2, len(phrase)):
            for at in range(len(phrase) - size + 1):
                inside[phrase[at : at + size]] = max(inside[phrase[at : at + size]], count)
    for phrase, count in counts.items():
        if count >= 3 and len(where[phrase]) >= 2 and count > inside[phrase]:
            yield " ".join(phrase)


def _is_content(word: str, words: _Words) -> bool:
    bare = word.strip("'’-")
    return (
        len(bare) > 2
        and bare[0].islower()
        and bare not in words.common
        and not bare.endswith(("ly", "ed", "ing"))
        and "'" not in bare
        and "’" not in bare
    )


def _counted(name: str, kind: Kind, texts: Sequence[Text]) -> Proposal:
    said = pattern(name)
    count, found = 0, []
    for text in texts:
        if many := len(said.findall(text.source)):
            count += many
            found.append((text.article, text.line))
    return Proposal(name, kind, count, tuple(found))


@lru_cache(maxsize=4096)
def pattern(name: str) -> regex.Pattern[str]:
    """Where a name stands in a text of its language."""
    spelled = regex.sub(r"\\? ", r"\\s+", regex.escape(name, special_only=True))
    flags = "(?i)" if name == name.lower() else ""
    return regex.compile(rf"{flags}(?<![\w])(?:{spelled})(?![\w])")


def _pattern_of_any(words: Sequence[str]) -> regex.Pattern[str] | None:
    """A pattern for any of these words."""
    return regex.compile(rf"(?<!\w)(?:{'|'.join(map(regex.escape, words))})(?!\w)") if words else None


@lru_cache(maxsize=8)
def _words(tag: str) -> _Words:
    said = language(tag).data.get("terms", {})

    def of(key: str) -> frozenset[str]:
        return frozenset(said.get(key, ()))

    return _Words(
        of("titles"),
        tuple(said.get("inside", ())),
        _by_first(said.get("inside", ())),
        of("capitals") | of("dates"),
        of("dates"),
        of("compass"),
        of("common"),
    )


def _by_first(phrases: Iterable[str]) -> Mapping[str, Sequence[list[str]]]:
    found: dict[str, list[list[str]]] = defaultdict(list)
    for words in sorted((phrase.split() for phrase in phrases), key=len, reverse=True):
        found[words[0]].append(words)
    return found


def _best(held: Sequence[str], others: Sequence[str], spoken: Language) -> str:
    """The run that stands in most of these texts and hardly in others, of equals the longest; empty for none."""
    counts = Counter(run for text in held for run in _grams(text, spoken))
    wanted = max(2, len(held) // 3)
    likely = [(count, len(run), run) for run, count in counts.items() if count >= wanted]
    best, most = "", 0
    for count, _, run in sorted(likely, key=lambda one: (-one[0], -one[1], one[2])):
        if best and (count < most or run in best):
            if count < most:
                break
            continue
        elsewhere = sum(run in text for text in others)
        if elsewhere and elsewhere * 10 > count * len(others) / len(held):
            continue
        if best:
            return ""  # which of the two it is nobody can tell
        best, most = run, count
    longer = [
        (count, len(run), run)
        for count, _, run in likely
        if best
        and best in run
        and count >= max(_CERTAIN, _EXTENDS * most)
        and any(near(run, text, spoken) for text in held)
    ]
    return max(longer, key=lambda one: (one[1], one[0], one[2]))[2] if longer else best


def _grams(text: str, spoken: Language) -> set[str]:
    """The runs of two to eight characters, one to seven syllables of Tibetan, or one to four words."""
    tibetan = spoken.script == "Tibt"
    least, most = (2, 7) if tibetan else (1, 4) if spoken.spaced else (2, 8)
    said = list(_pieces(text, spoken))
    small = frozenset(spoken.data.get("terms", {}).get("particles", ()))
    found = set()
    for at in (at for at in range(len(said)) if said[at][0] not in small):
        for size in range(least, most + 1):
            window = said[at : at + size]
            if len(window) < size or window[-1][0] in small:
                break
            if _joined(window):
                found.add(text[window[0][1] : window[-1][2]])
    return found


_PIECES = {
    "Tibt": regex.compile("[\u0f40-\u0fbc]+"),
    "Hani": regex.compile(r"[\p{Han}·]"),
    "": regex.compile(r"[\p{L}\p{M}\p{N}]+"),
}


def _pieces(text: str, spoken: Language) -> Iterator[tuple[str, int, int]]:
    """The characters of Chinese, the syllables of Tibetan, the words of others, each with its span."""
    kind = "Tibt" if spoken.script == "Tibt" else "" if spoken.spaced else "Hani"
    for match in _PIECES[kind].finditer(text):
        yield match[0], match.start(), match.end()


def _units(text: str, spoken: Language) -> list[str]:
    return [piece for piece, _, _ in _pieces(text, spoken)]


def _joined(window: Sequence[tuple[str, int, int]]) -> bool:
    """Whether nothing but a tsheg or a blank stands between the pieces."""
    return all(0 <= after[1] - before[2] <= 1 for before, after in pairwise(window))


def called(proposal: Proposal, forms: Sequence[str], pairs: Iterable[tuple[str, str]], spoken: Language) -> int:
    """In how many texts that have the name one of these renderings stands."""
    said = pattern(proposal.source)
    return sum(any(places(target, form, spoken) for form in forms) for source, target in pairs if said.search(source))
