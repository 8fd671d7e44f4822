"""Traces a person's text back to the sentences of the draft that it was made from.

The draft's sentences are known by their sources, since they were drafted one by one. What the person left of each says which
sentences of the text are its heirs: runs of the same characters (Chinese), syllables (Tibetan) or words, found by difflib. A
sentence that was moved is found in a second round, among what the first one left over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from toolkit.alignment.groups import Group

_TOKEN = re.compile(
    r"[\u0f40-\u0fbc]+[\u0f0b\u0f0c]?|[^\W\d_\u0f40-\u0fbc\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\d+|[^\s]"
)
_HAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_RUN_HAN = 3
"""Characters that a run of Chinese must have; two are the same by chance all the time."""
_RUN = 8
"""Characters that a run of syllables or words must have."""
_LINK = 0.08
"""Share of either sentence that links the two."""
_SEEN = 0.35
"""Share of a sentence from which it is not looked for again in another place."""
_COVERED = 0.3
"""Share of every sentence of a group that must be found in the other side of it."""
_ALONE = 0.7
"""The same for the draft beside a sentence whose origin is unknown: that one might be the rest of it."""
_MOST = 6
"""Sentences of a group on one side at most; the other side has one then. Tibetan clauses are many."""
_LONGER = 1.7
"""How many times as long as its draft a group may be, or as short."""
_LARGEST = 12_000
"""Characters of a paragraph, draft and text together, that is traced; difflib takes quadratic time."""

_STRETCH = 0.25
"""Share of a group's text that may stand in one stretch without a trace of the draft, where a draft sentence has no heir: the
stretch might be its heir."""


def trace(drafted: Sequence[str], text: Sequence[str]) -> list[Group]:
    """The groups of draft sentences and text sentences that certainly belong together, by draft sentence.

    What is in no group is uncertain. Nothing is said of paragraphs of more than 12,000 characters.
    """
    if sum(map(len, drafted)) + sum(map(len, text)) > _LARGEST:
        return []
    found = _Shared([_TOKEN.findall(one) for one in drafted], [_TOKEN.findall(one) for one in text])
    links = found.links()
    orphans = set(range(len(text))) - {j for _, j in links}
    groups = [group for rows, columns in _components(links, orphans) if (group := _group(rows, columns))]
    return [group for group in groups if _certain(group, found, orphans)]


class _Shared:
    """What the sentences of a draft and of a text have in common."""

    def __init__(self, drafted: Sequence[Sequence[str]], text: Sequence[Sequence[str]]) -> None:
        self.drafted = drafted
        self.text = text
        self.sizes = [max(1, sum(map(len, one))) for one in drafted]
        self.text_sizes = [max(1, sum(map(len, one))) for one in text]
        self.characters: Counter[tuple[int, int]] = Counter()
        """By draft and text sentence."""
        self.places: list[set[int]] = [set() for _ in text]
        """The tokens of each text sentence that come from the draft."""
        for row, column in self._exact():
            self.characters[row, column] = self.sizes[row]
            self.places[column] = set(range(len(text[column])))
        rows = [i for i in range(len(drafted)) if not self.covered(i)]
        columns = [j for j in range(len(text)) if not self.text_covered(j)]
        while rows and columns and self._look(rows, columns):
            rows = [i for i in rows if self.covered(i) < _SEEN]
            columns = [j for j in columns if self.text_covered(j) < _SEEN]

    def _exact(self) -> Iterator[tuple[int, int]]:
        """The sentences that are the same on both sides, and stand only once on each."""
        ours, theirs = ([tuple(one) for one in side] for side in (self.drafted, self.text))
        for row, tokens in enumerate(ours):
            if ours.count(tokens) == theirs.count(tokens) == 1:
                yield row, theirs.index(tokens)

    def covered(self, row: int) -> float:
        """The share of a draft sentence that is found in the text."""
        return sum(size for (i, _), size in self.characters.items() if i == row) / self.sizes[row]

    def text_covered(self, column: int) -> float:
        """The share of a text sentence that is found in the draft."""
        return sum(size for (_, j), size in self.characters.items() if j == column) / self.text_sizes[column]

    def links(self) -> set[tuple[int, int]]:
        """The sentences of which so much is the same that they may belong together."""
        return {
            (i, j) for (i, j), size in self.characters.items() if size >= _LINK * min(self.sizes[i], self.text_sizes[j])
        }

    def stretch(self, columns: Iterable[int]) -> int:
        """The characters of the longest stretch of these text sentences that does not come from the draft."""
        longest = run = 0
        for column in columns:
            for place, token in enumerate(self.text[column]):
                run = 0 if place in self.places[column] else run + len(token)
                longest = max(longest, run)
        return longest

    def _look(self, rows: Sequence[int], columns: Sequence[int]) -> bool:
        """Find the runs that some sentences share; whether there are any."""
        one = [(token, row) for row in rows for token in self.drafted[row]]
        other = [(token, column, at) for column in columns for at, token in enumerate(self.text[column])]
        matcher = SequenceMatcher(None, [item[0] for item in one], [item[0] for item in other], autojunk=False)
        found = False
        for start, at, size in matcher.get_matching_blocks():
            run = one[start : start + size]
            if sum(len(token) for token, _ in run) < (_RUN_HAN if any(_HAN.match(token) for token, _ in run) else _RUN):
                continue
            found = True
            for (token, row), (_, column, place) in zip(run, other[at : at + size], strict=True):
                self.characters[row, column] += len(token)
                self.places[column].add(place)
        return found


def _components(links: set[tuple[int, int]], orphans: set[int]) -> Iterator[tuple[set[int], set[int]]]:
    """The connected sentences of both sides; an orphan in the midst of one draft sentence's heirs is one of them."""
    left = sorted(links)
    while left:
        rows, columns = {left[0][0]}, {left[0][1]}
        size = 0
        while size < len(rows) + len(columns):
            size = len(rows) + len(columns)
            near = [(i, j) for i, j in left if i in rows or j in columns]
            rows |= {i for i, _ in near}
            columns |= {j for _, j in near}
        left = [(i, j) for i, j in left if i not in rows]
        if len(rows) == 1:
            columns |= orphans & set(range(min(columns), max(columns)))
        yield rows, columns


def _group(rows: set[int], columns: set[int]) -> Group | None:
    """The component as a group, if its sentences are neighbours, and one alone on one side at least."""
    group = Group(min(rows), max(rows) + 1, min(columns), max(columns) + 1)
    whole = len(group.rows) == len(rows) and len(group.columns) == len(columns)
    return group if whole and min(len(rows), len(columns)) == 1 and max(len(rows), len(columns)) <= _MOST else None


def _certain(group: Group, found: _Shared, orphans: set[int]) -> bool:
    size = sum(found.sizes[i] for i in group.rows)
    text_size = sum(found.text_sizes[j] for j in group.columns)
    beside = group.target - 1 in orphans or group.target_end in orphans
    if any(found.covered(i) < (_ALONE if beside else _COVERED) for i in group.rows):
        return False
    if sum(found.text_covered(j) * found.text_sizes[j] for j in group.columns) < _COVERED * text_size:
        return False
    lost = any(found.covered(i) < _COVERED for i in range(len(found.sizes)))
    if lost and found.stretch(group.columns) > max(_STRETCH * text_size, _RUN):
        return False
    return 1 / _LONGER <= text_size / size <= _LONGER
