"""Finds names that translations spell in several ways, without a list: Mugabe is 穆加贝 in one paragraph, 穆加比 in another.

A spelling is a run of characters (syllables) in the translations of the paragraphs that have the name, and hardly in others;
two of them are spellings of one name where they sound alike. What sounds alike is data of the language (`sounds` of `[terms]`);
a language without it is not looked at.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise

import regex

from toolkit.language import Language, language
from toolkit.memory.glossary import places
from toolkit.memory.names import Held, Text, held, pattern
from toolkit.units import LanguagePair

MOST = 20_000
"""Paragraphs of one language that are compared."""
_LEAST = 3
"""Paragraphs with a name before its spellings are compared."""
_MANY = 60
"""Paragraphs with a name in which its sound is looked for."""
_USUAL = 2
"""Paragraphs that have the usual spelling, at least."""
_SHARE = 0.4
"""Of the paragraphs with a name so many have its rendering, at least: others have a pronoun, or another name for it."""
_ELSEWHERE = 0.5
"""For each paragraph with a name that has its usual spelling, so many others may have that too; one always may."""
_LONGER = 0.66
"""A longer run that so many of the paragraphs have is the name, where all have a part of it."""
_LIKELY = 50
"""Sounds that are looked at for one name."""
_WINDOW = 8
"""Characters or syllables of a spelling, at most."""
_SYLLABLE = regex.compile("[\u0f40-\u0fbc]+")
_FUSED = regex.compile("(?:འི|འང|འམ)(?![\u0f40-\u0fbc])")
_ANY = regex.compile("(?:འིའོ|འི|འོ|འང|འམ|འུ|ར|ས)(?![\u0f40-\u0fbc])")
"""Particles that fuse with a syllable: those that can be nothing else, and those that may be letters of it."""
_UNHEARD = regex.compile("[\u0f71-\u0f87\u0f39འ\u0fa7\u0fad\u0fb7]")
"""What makes no difference between two syllables that sound alike: vowel signs, and letters that are hardly heard."""
_BETWEEN = "་"
_HEARD = 0.5
"""Share of the sounds of a spelling that are letters of the name, in their order."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """A name that is spelt in several ways."""

    name: str
    usual: str
    times: int
    """Paragraphs that have the usual spelling."""
    others: tuple[str, ...]
    """Those that fewer paragraphs have."""

    def slip(self, source: str, target: str, spoken: Language) -> tuple[str, tuple[int, int]] | None:
        """The rarer spelling that a translation has, and where; None for none, and where the usual one stands there too."""
        found = next(
            ((one, at[0]) for one in self.others if one in target and (at := places(target, one, spoken))), None
        )
        if found is None or not pattern(self.name).search(source) or places(target, self.usual, spoken):
            return None
        return found


def spellings(pairs: Iterable[tuple[str, str]], pair: LanguagePair) -> tuple[Spelled, ...]:
    """The names that the translations (source and target texts without codes) spell in several ways, the surest first."""
    spoken = language(pair.target)
    sounds = _sounds(spoken.tag)
    if not sounds:
        return ()
    texts = [(Text(source), _Heard(target, spoken)) for source, target in pairs]
    found = []
    targets = _Translations([target for _, target in texts])
    for name in held([text for text, _ in texts], pair.source, _LEAST):
        if one := _spelled(name, targets, spoken):
            heard = _heard(one.name, one.usual, spoken)
            if heard >= _HEARD:
                found.append((heard + one.times / len(name.numbers), one))
    ranked = sorted(found, key=lambda both: (-both[0], -both[1].times, -len(both[1].name), both[1].name))
    return tuple(one for _, one in ranked)


@dataclass(frozen=True)
class _Heard:
    """A translation, and how it sounds, which is asked for each name that its source has."""

    target: str
    spoken: Language

    @cached_property
    def windows(self) -> Mapping[str, tuple[str, ...]]:
        """The sounds of runs that may be a name -> their spellings."""
        found: dict[str, dict[str, None]] = {}
        for sound, said in _windows(self.target, self.spoken):
            found.setdefault(sound, {})[said] = None
        return {sound: tuple(said) for sound, said in found.items()}


@dataclass(frozen=True)
class _Translations:
    """The translations, and in which of them a spelling stands: to look through all of them for each would take time that grows
    with the square of their number."""

    said: Sequence[_Heard]

    @cached_property
    def _pairs(self) -> Mapping[str, Sequence[int]]:
        """Two neighbouring characters -> the numbers of the translations that have them."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.said):
            for pair in set(map("".join, pairwise(one.target))):
                found[pair].append(number)
        return found

    def having(self, said: str) -> Iterator[int]:
        """The numbers of the translations in which a spelling of two characters or more stands, in order."""
        rarest = min((self._pairs.get("".join(pair), ()) for pair in pairwise(said)), key=len)
        return (number for number in rarest if said in self.said[number].target)


def _spelled(name: Held, targets: _Translations, spoken: Language) -> Spelled | None:
    """The spellings of one name; None where there is one alone, or none is known."""
    counts: dict[str, Counter[str]] = {}
    sound = _sound(name, targets)
    for number in name.numbers if sound else ():
        for said in targets.said[number].windows.get(sound, ()):
            counts.setdefault(_ANY.sub("", said), Counter())[said] += 1
    if len(counts) < 2:
        return None
    ranked = sorted((-sum(said.values()), same) for same, said in counts.items())
    times, usual = -ranked[0][0], ranked[0][1]
    others = [
        said
        for count, same in ranked[1:]
        for said in (counts[same] if -count < times and same not in usual and usual not in same else ())
        if not _elsewhere(said, name, targets, 0)
    ]
    if not others or times < _USUAL:
        return None
    best = min(counts[usual], key=lambda said: (-counts[usual][said], said))
    return Spelled(name.name, best, times, tuple(sorted(others)))


def _heard(name: str, said: str, spoken: Language) -> float:
    """The share of the sounds of a spelling that stand for letters of the name, in their order: names that are always told of
    together are told apart by it. 1 where no sound stands for any."""
    data = spoken.data["terms"]
    letters = {group[0]: set(latin) for group, latin in zip(data["sounds"], data.get("letters", ()), strict=False)}
    sounds = [letters[char] for char in _line(said, spoken) if letters.get(char)]
    row = [0] * (len(name) + 1)
    for sound in sounds:
        above = row
        row = [0]
        for at, letter in enumerate(_plain(name)):
            row.append(max(row[-1], above[at + 1], above[at] + (letter in sound)))
    return row[-1] / len(sounds) if sounds else 1.0


def _plain(name: str) -> str:
    """A name in small letters without accents, each character one."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in name.lower())


def _sound(name: Held, targets: _Translations) -> str:
    """How the translations of most texts with a name sound in one place; what they have there is hardly in other texts. Empty
    for none."""
    sample = name.numbers[:: -(-len(name.numbers) // _MANY)]
    counts = Counter(sound for number in sample for sound in targets.said[number].windows)
    wanted = max(_LEAST, _SHARE * len(sample))
    many = [(sound, count) for sound, count in counts.items() if count >= wanted]
    own: list[tuple[int, str]] = []
    for sound, count in sorted(many, key=lambda one: (-one[1], -len(one[0]), one[0]))[:_LIKELY]:
        if own and count < _LONGER * own[0][0]:
            break
        if own and own[0][1] not in sound:
            continue
        ways = Counter(said for number in sample for said in targets.said[number].windows.get(sound, ()))
        usual, times = ways.most_common(1)[0]
        if not _elsewhere(usual, name, targets, max(1, int(_ELSEWHERE * times * len(name.numbers) / len(sample)))):
            own.append((count, sound))
    return max(own, key=lambda one: (len(one[1]), one[0], one[1]))[1] if own else ""


def _elsewhere(said: str, name: Held, targets: _Translations, most: int) -> bool:
    """Whether more texts than `most` have a spelling, but neither the name nor a word of it."""
    having = (number for number in targets.having(said) if number not in name.parts)
    return next(islice(having, most, None), None) is not None


def _windows(target: str, spoken: Language) -> Iterator[tuple[str, str]]:
    """The runs of a text that may be a name: sound and spelling."""
    tibetan = spoken.script == "Tibt"
    small = _small(spoken.tag) if tibetan else frozenset[str]()
    for run in _runs(target, spoken):
        for at, (first, start, _) in enumerate(run):
            if first in small:
                continue
            letters = len(first)
            for end in range(at + 1, min(at + _WINDOW, len(run))):
                last, _, stop = run[end]
                letters += len(last)
                if tibetan and last not in small and end - at + 1 + letters > 5:
                    yield _joined(run[at : end + 1]), _FUSED.sub("", target[start:stop])
                elif not tibetan and end - at > 1:
                    yield "".join(one[0] for one in run[at : end + 1]), target[start:stop]


@lru_cache(maxsize=8)
def _small(tag: str) -> frozenset[str]:
    """The sounds of syllables at which no Tibetan name begins or ends."""
    return frozenset(_letters(said, tag) for said in language(tag).data["terms"]["particles"])


def _joined(run: Sequence[tuple[str, int, int]]) -> str:
    """The sounds of syllables, each between two marks, so that none is taken for a part of another."""
    return _BETWEEN + _BETWEEN.join(sound for sound, _, _ in run) + _BETWEEN


def _line(target: str, spoken: Language) -> str:
    """How a text sounds, a blank between its runs."""
    if spoken.script == "Tibt":
        return " ".join(map(_joined, _runs(target, spoken)))
    return " ".join("".join(sound for sound, _, _ in run) for run in _runs(target, spoken))


def _runs(target: str, spoken: Language) -> Iterator[list[tuple[str, int, int]]]:
    """Runs of characters (syllables) with the sound of each and its place; Tibetan ones end at a particle of possession or agent."""
    sounds = _sounds(spoken.tag)
    run: list[tuple[str, int, int]] = []
    if spoken.script == "Tibt":
        ends = frozenset(spoken.data["terms"]["ends_name"])
        for match in _SYLLABLE.finditer(target):
            if run and (match[0] in ends or match.start() - run[-1][2] != 1):
                yield run
                run = []
            if match[0] not in ends:
                run.append((_letters(match[0], spoken.tag), *match.span()))
    else:
        for at, char in enumerate(target):
            if char in sounds:
                run.append((sounds[char], at, at + 1))
            elif run:
                yield run
                run = []
    if run:
        yield run


@lru_cache(maxsize=20_000)
def _letters(syllable: str, tag: str) -> str:
    """The sound of a syllable: its consonants, without a particle that fused with it."""
    sounds = _sounds(tag)
    bare = _UNHEARD.sub("", _ANY.sub("", syllable)) or syllable
    return "".join(sounds.get(char, char) for char in bare)


@lru_cache(maxsize=8)
def _sounds(tag: str) -> dict[str, str]:
    """Character -> the first one of its group."""
    groups: Sequence[str] = language(tag).data.get("terms", {}).get("sounds", ())
    return {char: group[0] for group in groups for char in group}
