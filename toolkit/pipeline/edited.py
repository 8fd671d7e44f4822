"""Finds what a person changed in a native edition after it was built: block by block beside the edition as it is rendered from the
catalog now. Nothing is estimated here: a block that stands as it was built is passed over, one that was edited is found by its
place between those and by its words."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from toolkit import article as articles
from toolkit import codes
from toolkit.codes.carrying import carried
from toolkit.edition import EditionJob
from toolkit.edition.disclosure import of_native
from toolkit.edition.native import undisclosed
from toolkit.units import Block, Code, Markup, Unit

_OURS = 0.5
"""Share of the blocks as they were built from which a file is taken for an edition of ours."""
_ALIKE = 0.4
"""Likeness from which a block is an edited one and not another."""
_MOST = 40_000
"""Pairs of blocks in one changed passage that are compared."""
_COMPARED = 2_000
"""Characters of a block that are compared."""
_LONG = 4_000
"""Blocks in both from which those that repeat again and again are passed over in finding what is the same."""


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph of an edition that a person edited."""

    unit: Unit
    text: str
    """With the codes of the unit."""
    likeness: float
    why: str = ""
    """Why it is not certain that the text says all of what the person changed."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What became of an edition."""

    changes: tuple[Change, ...]
    same: int
    """Blocks that stand as they were built."""
    gone: tuple[Block, ...]
    """Blocks of the article that the file does not have."""
    added: tuple[Block, ...]
    """Blocks of the file that no block of the article became."""
    beyond: tuple[tuple[Block, str], ...] = ()
    """Blocks of the file whose change no unit can hold, each with the reason."""


def edited(job: EditionJob, text: str) -> Edited | None:
    """What was changed in the text of a native edition; None where it is not one that this job renders."""
    form = job.format
    dialect = job.article.dialect if job.article.dialect in form.dialects else ""

    def blocks(read: str) -> list[Block]:
        return list(articles.read(read, form, file=job.file, source_language=job.language, dialect=dialect).blocks)

    ours, theirs = blocks(undisclosed(job)[0]), blocks(text)
    of_article = list(job.article.blocks)
    pairs = {pair.block.id: pair for pair in job.pairs}
    if len(ours) != len(of_article):
        return None
    matcher = beside([one.source for one in ours], [one.source for one in theirs])
    translated = {
        number for number, block in enumerate(of_article) if block.id in pairs and pairs[block.id].shown != "source"
    }
    runs = matcher.get_matching_blocks()
    same = {run.a + at for run in runs for at in range(run.size)}
    if not is_ours(len(same & translated), len(translated)):
        return None
    changes: list[Change] = []
    gone: list[Block] = []
    added: list[Block] = []
    for kind, one, end, other, until in matcher.get_opcodes():
        if kind == "equal":
            continue
        found = list(alike(ours[one:end], theirs[other:until]))
        for number, place, likeness in found:
            block = of_article[one + number]
            pair = pairs.get(block.id)
            if pair is not None and pair.unit is not None:
                new = _with_codes(pair.text, ours[one + number], theirs[other + place], form.markup)
                changes.append(Change(pair.unit, new, likeness))
        gone += [
            of_article[at] for at in range(one, end) if at - one not in {n for n, *_ in found} and at in translated
        ]
        places = {place for _, place, _ in found}
        added += [theirs[at] for at in range(other, until) if at - other not in places]
    notices = letters("".join(line for _, line in of_native(job).notice))
    added = [block for block in added if letters(block.source) not in notices]
    return Edited(tuple(changes), len(same & translated), tuple(gone), tuple(added))


def beside(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> SequenceMatcher[Hashable]:
    """What compares the blocks as they were built with those of the file."""
    return SequenceMatcher(None, ours, theirs, autojunk=len(ours) + len(theirs) > _LONG)


def is_ours(same: int, translated: int) -> bool:
    """Whether a file is taken for an edition of ours, by how many of its translated blocks stand as they were built."""
    return translated > 0 and same >= _OURS * translated


def alike(ours: Sequence[Block], theirs: Sequence[Block]) -> Iterator[tuple[int, int, float]]:
    """Which of the blocks became which, in order: the pairs whose likeness is greatest together."""
    from rapidfuzz.fuzz import ratio

    n, m = len(ours), len(theirs)
    if not n or not m or n * m > _MOST:
        return
    likeness = [[ratio(one.source[:_COMPARED], other.source[:_COMPARED]) / 100 for other in theirs] for one in ours]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in reversed(range(n)):
        for j in reversed(range(m)):
            pair = best[i + 1][j + 1] + likeness[i][j] if likeness[i][j] >= _ALIKE else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    i = j = 0
    while i < n and j < m:
        if likeness[i][j] >= _ALIKE and best[i][j] == best[i + 1][j + 1] + likeness[i][j]:
            yield i, j, likeness[i][j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _with_codes(shown: str, ours: Block, theirs: Block, markup: Markup) -> str:
    """The edited text with the codes of the unit: links lead elsewhere in an edition, tags are numbered anew in every reading."""
    text, _ = carried(ours.source, markup, ours.codes, theirs.source, markup, theirs.codes)
    before, after = codes.find(ours.source, markup), codes.find(shown, markup)
    if [code.kind for code in before] != [code.kind for code in after]:
        return text
    names = {_spelled(ours.source, one): _spelled(shown, other) for one, other in zip(before, after, strict=True)}
    edits = (
        (code.start, code.end, names.get(_spelled(text, code), _spelled(text, code)))
        for code in codes.find(text, markup)
    )
    return codes.replaced(text, edits)


def letters(text: str) -> str:
    """Letters and digits of a text."""
    return "".join(filter(str.isalnum, text))


def _spelled(text: str, code: Code) -> str:
    return text[code.start : code.end]
