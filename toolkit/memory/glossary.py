"""Finds the terms of a list in a text and their renderings in its translation, by the rules of each language.

english   the forms of a noun (`pipelines`, `Obama's`), of a verb where the row says so; capitals as the row says
tibetan   whole syllables; particles that fuse with the last one (འི ས ར འོ འང འམ) are passed over
chinese   anywhere
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

import regex

from toolkit.codes import replaced
from toolkit.codes.spans import outside
from toolkit.language import Language, language
from toolkit.language.chinese import HANS, HANT
from toolkit.memory.terms import Rendering, Term
from toolkit.units import Code, LanguagePair

_TIBETAN = "\u0f40-\u0fbc"
"""Letters and vowel signs."""
_ENDS = " \u0f0b\u0f0c\u0f0d\u0f0e\u0f14"
"""Tsheg and shad in all their forms."""
_FUSED = "(?:འིའོ|འི|འོ|འང|འམ|འུ|ར|ས)?"
_BESIDE = r"[\p{L}\p{M}\p{N}_--[\p{Han}\p{Tibetan}]]"
"""What no word of a spaced language adjoins: letters that are not of an unspaced script."""
_START = regex.compile(r"(?<!\w)\S")
_DOTS = "·・‧•∙"
"""What stands between the parts of a foreign name in Chinese, in all its spellings."""
_ALIKE = (_DOTS, "台臺", "裡裏", "群羣", "峰峯", "床牀", "啟啓")
"""Characters that writers of traditional ones use side by side; a list need not name both."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A term for one pair of languages."""

    term: Term
    accepted: tuple[str, ...]
    """The first is the one to use."""
    refused: tuple[str, ...] = ()
    """Known renderings that are not to be used."""
    approved: bool = False

    @property
    def wanted(self) -> str:
        """The rendering to use."""
        return self.accepted[0] if self.accepted else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a text."""

    start: int
    end: int
    text: str
    """As it stands there."""
    entries: tuple[Entry, ...]
    """Several where the list has several senses of one form."""

    @property
    def accepted(self) -> tuple[str, ...]:
        """The renderings that are right, of all senses."""
        return tuple(dict.fromkeys(form for entry in self.entries for form in entry.accepted))

    @property
    def refused(self) -> tuple[str, ...]:
        """Known renderings that are wrong here."""
        known = dict.fromkeys(form for entry in self.entries for form in entry.refused)
        return tuple(form for form in known if form not in self.accepted)


Convert = Callable[[str], str]
"""Simplified to Traditional characters."""


@dataclass(frozen=True)
class Glossary:
    """The terms of one pair of languages, approved or not."""

    entries: tuple[Entry, ...]
    pair: LanguagePair
    _index: dict[str, list[tuple[str, Entry]]] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for entry in self.entries:
            for form in entry.term.forms:
                self._index.setdefault(_key(form), []).append((form, entry))

    def find(self, text: str) -> list[Hit]:
        """The terms in a text without codes, in order; where two overlap the one that begins first, then the longest."""
        if not self._index:
            return []
        if not unicodedata.is_normalized("NFC", text):
            return [replace(hit, start=0, end=0) for hit in self.find(unicodedata.normalize("NFC", text))]
        found: list[Hit] = []
        end = 0
        for at, candidates in self._candidates(text):
            if at < end:
                continue
            ends: dict[int, list[Entry]] = {}
            for form, entry in candidates:
                term = entry.term
                match = _source_pattern(form, term.part_of_speech, term.case, self.pair.source).match(text, at)
                if match and entry not in ends.setdefault(match.end("term"), []):
                    ends[match.end("term")].append(entry)
            if ends:
                end = max(ends)
                found.append(Hit(at, end, text[at:end], tuple(ends[end])))
        return found

    def requested(self, text: str, codes: Sequence[Code] = ()) -> tuple[tuple[str, str], ...]:
        """The approved terms of a text as a request carries them: as they stand in the text, and the rendering to use."""
        bound = self.bound
        if not bound.entries:
            return ()
        found = (
            (" ".join(hit.text.split()), hit.entries[0].wanted)
            for hit in bound.find(unicodedata.normalize("NFC", _without(text, codes)))
        )
        return tuple(dict.fromkeys(found))

    def lacking(self, source: str, target: str, codes: Sequence[Code] = ()) -> list[Hit]:
        """The approved terms of a source with these codes that its translation has in no accepted rendering."""
        spoken = language(self.pair.target)
        found = self.bound.find(_without(source, codes))
        return [hit for hit in found if not any(places(target, form, spoken) for form in hit.accepted)]

    def mended(
        self, source: str, target: str, source_codes: Sequence[Code] = (), target_codes: Sequence[Code] = ()
    ) -> str:
        """The translation with the rendering to use in place of each known one that an approved term should not have."""
        spoken, said = language(self.pair.target), _without(target, target_codes)
        found: list[tuple[int, int, str]] = []
        for hit in self.bound.find(_without(source, source_codes)):
            right = [span for form in hit.accepted for span in places(said, form, spoken)]
            wrong = [span for form in hit.refused for span in places(said, form, spoken)]
            found += [(*span, hit.entries[0].wanted) for span in outside(wrong, right)]
        edits: list[tuple[int, int, str]] = []
        for edit in sorted(found, key=lambda one: (one[0], -one[1])):
            if not edits or edit[0] >= edits[-1][1]:
                edits.append(edit)
        return replaced(target, edits)

    @property
    def bound(self) -> Glossary:
        """The approved terms alone."""
        return _bound(self)

    def _candidates(self, text: str) -> Iterator[tuple[int, list[tuple[str, Entry]]]]:
        """Where a term may begin, and those that begin as the text does there."""
        starts = (match.start() for match in _START.finditer(text)) if self._spaced else range(len(text))
        for at in starts:
            found = [one for size in (3, 2, 1) for one in self._index.get(text[at : at + size].casefold(), ())]
            if found:
                yield at, found

    @property
    def _spaced(self) -> bool:
        return language(self.pair.source).spaced

    def __hash__(self) -> int:
        return id(self)


def _without(text: str, codes: Sequence[Code]) -> str:
    """The text with blanks in place of its codes."""
    for code in codes:
        text = text[: code.start] + " " * (code.end - code.start) + text[code.end :]
    return text


@lru_cache(maxsize=16)
def _bound(glossary: Glossary) -> Glossary:
    return Glossary(tuple(entry for entry in glossary.entries if entry.approved), glossary.pair)


def glossary(terms: Iterable[Term], pair: LanguagePair, convert: Convert | None = None) -> Glossary:
    """The terms for a pair. Where a row has nothing for zh-Hant, what it has for zh-Hans is converted."""
    entries = []
    for term in terms:
        if term.source_language and language(term.source_language).tag != pair.source:
            continue
        said = term.renderings.get(pair.target, Rendering())
        accepted, refused, approved = said.accepted, said.refused, said.approved
        if pair.target == HANT and convert is not None and (hans := term.renderings.get(HANS)) is not None:
            derived = tuple(map(convert, hans.accepted))
            if accepted:
                refused += tuple(form for form in (*derived, *hans.accepted) if form not in accepted)
            elif not term.keep:
                accepted, approved = derived, hans.approved
                refused += tuple(form for form in hans.accepted if form not in derived)
            refused += tuple(convert(form) for form in hans.refused if convert(form) not in (*accepted, *refused))
        if term.keep:
            refused, accepted = (*refused, *accepted), term.forms
        if language(pair.target).script == "Tibt":  # a list may end its words with a shad, a sentence goes on
            accepted, refused = (tuple(form.strip(_ENDS) or form for form in forms) for forms in (accepted, refused))
        if accepted:
            entries.append(Entry(term, accepted, refused, approved))
    return Glossary(tuple(entries), pair)


def places(text: str, rendering: str, spoken: Language) -> list[tuple[int, int]]:
    """Where a rendering stands in a translation (without codes), by the rules of its language; its fused particles are left out."""
    found = _target_pattern(rendering, spoken.tag)
    return [match.span("term") for match in found.finditer(text)]


def exact(text: str, form: str, spoken: Language) -> list[tuple[int, int]]:
    """Where a form stands in a text of its language, without endings."""
    if spoken.script == "Tibt" or not (spoken.spaced or form.isascii()):
        return places(text, form, spoken)
    return [match.span() for match in regex.finditer(rf"(?V1)(?<!{_BESIDE}){_literal(form)}(?!{_BESIDE})", text)]


@lru_cache(maxsize=4096)
def _target_pattern(rendering: str, tag: str) -> regex.Pattern[str]:
    spoken = language(tag)
    form = unicodedata.normalize("NFC", rendering)
    if spoken.script == "Tibt" and regex.search(f"[{_TIBETAN}]", form):
        return regex.compile(_tibetan(form))
    if not spoken.spaced or not regex.search(r"\p{Latin}|\p{Cyrillic}|\p{Greek}", form):
        if form.isascii():
            return regex.compile(rf"(?<![A-Za-z0-9])(?P<term>{_literal(form)})(?![A-Za-z0-9])")
        return regex.compile(f"(?P<term>{_literal(form)})")
    flags = "" if form != form.lower() else "(?i)"
    return regex.compile(rf"{flags}(?<!\w)(?P<term>{_literal(form)})(?:['’]\w+|\w{{0,3}})?(?!\w)")


@lru_cache(maxsize=20_000)
def _source_pattern(form: str, part_of_speech: str, case: str, tag: str) -> regex.Pattern[str]:
    origin = language(tag)
    if origin.script == "Tibt" and regex.search(f"[{_TIBETAN}]", form):
        return regex.compile(_tibetan(form))
    if not origin.spaced and not form.isascii():
        return regex.compile(f"(?P<term>{_literal(form)})")
    said = _worded(form, part_of_speech, origin)
    if (case != "exact" and form == form.lower()) or case == "any":
        said = f"(?i:{said})"
    elif len(form) > 3 and form != form.upper() and case != "exact":
        said = f"(?:{said}|{_worded(form.upper(), 'name', origin)})"
    return regex.compile(rf"(?<!\w)(?P<term>{said})(?:['’]s?)?(?!\w)")


def _key(form: str) -> str:
    """What the index finds a form by: letters that it begins with in each of its inflections, without case."""
    letters = regex.match(r"[^\W_]{0,3}", form)[0] or form[:1]
    short = len(form) < 5 or form.split()[0].lower() in _irregular()
    return (letters[:1] if short else letters).casefold()


def _literal(form: str) -> str:
    """A form as a pattern: blanks of any width, apostrophes, hyphens and dots between names in any spelling."""
    said = []
    for char in form:
        if char.isspace():
            said.append(r"[\s\u00a0]+")
        elif char in "'’":
            said.append("['’]")
        elif char in "-‐‑":
            said.append("[-‐‑]")
        elif alike := next((group for group in _ALIKE if char in group), ""):
            said.append(f"[{alike}]")
        else:
            said.append(regex.escape(char))
    return "".join(said)


def _tibetan(form: str) -> str:
    """A pattern for whole syllables, a fused particle after the last one."""
    bare = form.strip(_ENDS)
    said = regex.sub("[\u0f0b\u0f0c]", "[\u0f0b\u0f0c]\\\\s?", regex.escape(bare, special_only=True))
    after = _FUSED
    if bare.endswith("འ"):  # དགའ and འི are དགའི
        after = "(?:ི|ོ|ང|མ|ས|ར)?"
    return f"(?<![{_TIBETAN}])(?P<term>{said}){after}(?![{_TIBETAN}])"


def _worded(form: str, part_of_speech: str, origin: Language) -> str:
    """A pattern for a term with the endings that its language has."""
    if "en" not in (origin.tag, *origin.fallbacks):
        return _literal(form)
    words = form.split()
    if part_of_speech == "verb":
        return r"[\s\u00a0]+".join((_verb(words[0]), *map(_literal, words[1:])))
    head = next((place - 1 for place, word in enumerate(words) if word in ("of", "in") and place), len(words) - 1)
    if part_of_speech == "name" and head != len(words) - 1:
        head = len(words)  # `Bank of China` has no plural
    inflected = [_plural(word) if place == head else _literal(word) for place, word in enumerate(words)]
    return r"[\s\u00a0]+".join(inflected)


def _plural(word: str) -> str:
    """A noun in the singular and the plural; a word that is a plural already stays."""
    many = _irregular().get(word.lower(), "")
    if many:
        return f"(?:{_literal(word)}|{word[0]}{_literal(many[1:])})"
    if word.isupper() or not word[-1:].isalpha():
        return f"{_literal(word)}s?"
    lower = word.lower()
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return f"{_literal(word[:-1])}(?:y|ies)" if word[:1].islower() else f"{_literal(word[:-1])}(?:y|ys|ies)"
    if lower.endswith(("s", "x", "z", "ch", "sh")):
        return f"{_literal(word)}(?:es)?"
    return f"{_literal(word)}(?:e?s)?" if lower.endswith("o") else f"{_literal(word)}s?"


def _verb(word: str) -> str:
    """A verb with its regular endings."""
    lower = word.lower()
    if lower.endswith("e"):
        return f"{_literal(word[:-1])}(?:e|es|ed|ing)"
    if lower.endswith("y") and lower[-2:-1] not in "aeiou":
        return f"{_literal(word[:-1])}(?:y|ies|ied|ying)"
    doubled = f"|{lower[-1]}ed|{lower[-1]}ing" if regex.search("[^aeiou][aeiou][bdgklmnprt]$", lower) else ""
    return f"{_literal(word)}(?:s|es|ed|ing{doubled})?"


@cache
def _irregular() -> dict[str, str]:
    found: dict[str, str] = language("en").data["terms"]["plurals"]
    return found
