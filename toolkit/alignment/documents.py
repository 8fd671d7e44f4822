"""Aligns documents with their translations: two passes over all documents of a set, so that what the first finds (how long
translations are, which words belong together) is known in the second.

Which pairs are certain: those of a posterior of .95 that have evidence of their own too, and not only their neighbours'; less
of it where hardly anything is left over in the document. Figures: benchmarks/adopt.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from toolkit.alignment.beads import Alignment, Bead, Matrix, estimated
from toolkit.alignment.comparing import Comparison, Lengths, Weights, first_lengths, weights
from toolkit.alignment.drafts import Drafts, Judge
from toolkit.alignment.lexicon import Lexicon, learn_folds
from toolkit.alignment.traits import Passage, Traits, is_latin, traits

SURE = 0.95
"""Posterior of a certain pair."""
FEW_LEFT = 0.04
"""Share of left-over passages below which the order of a document can be trusted."""
EVIDENCE = 1.0
"""Log-odds that a certain pair needs by itself in a document with more left over."""
ORDER_ALONE = -0.5
"""The same in a document whose order can be trusted: a paragraph that was replaced by another stands in order too."""
_START, _FLOOR, _CAP, _ROUNDS = 0.08, 0.02, 0.3, 3
ALONE = 2.5
"""The same where the set has hardly any passages: how long translations are is then known from the pair itself."""
_FEW = 5
_BESIDE = 5
"""Passages before and after a pair whose order must be sound too."""
_UNRELATED = 0.6
"""Share of left-over passages from which two documents are not taken for translations of each other."""
_MOVED = 1.0
"""Log-odds of a pair across the path, after those that it was chosen among."""
_LEARNED = 0.97
"""Posterior of the pairs that a lexicon is learned from."""
_MEASURED = 0.9
"""Posterior of the pairs that lengths are measured on."""
_FOLDS = 4
_RUN = 8
"""Passages in a row of one fold, where there are few documents."""
_CELLS = 1_000_000
"""Pairs that are compared at once; longer documents are aligned in windows."""
_LATER = 0.7
"""Share of a window that is taken from it; the rest is seen again in the next one."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document and its translation."""

    source: Sequence[Passage]
    target: Sequence[Passage]
    drafts: Sequence[str] = ()
    """What a machine makes of each source passage, without markup; empty for one without, or for all. They are evidence of what
    belongs together, and nothing else."""


@dataclass(frozen=True, slots=True)
class Link:
    """Passages that belong together."""

    source: int
    """The first of the source passages."""
    target: int
    sources: int
    """How many they are: 1, or 2 that are translated as one."""
    targets: int
    probability: float
    """Posterior; for a moved passage, that of the pair alone."""
    evidence: float
    """Log-odds of this pair alone, without its neighbours."""
    certain: bool
    moved: bool = False
    """It stands elsewhere in the translation."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """What was found in a document."""

    links: tuple[Link, ...]
    """In the order of the source."""
    left_share: float
    """The estimated share of passages without a partner."""
    left_source: tuple[int, ...]
    left_target: tuple[int, ...]


NOTES = frozenset({"footnote"})
"""Types of passages whose place in a document means nothing."""


def align(
    documents: Sequence[Document],
    source_language: str,
    target_language: str,
    memory: Iterable[tuple[str, str]] = (),
    weighed: Weights | None = None,
) -> tuple[Aligned, ...]:
    """Align each document with its translation.

    `memory` are pairs of texts that are known to be translations of each other. Footnotes at the end of a document (`notes_last`)
    are aligned with footnotes.
    """
    flows = [list(_flows(document)) for document in documents]
    found = iter(
        _align([flow.document for those in flows for flow in those], source_language, target_language, memory, weighed)
    )
    return tuple(
        _together(document, those, [next(found) for _ in those])
        for document, those in zip(documents, flows, strict=True)
    )


def notes_last(types: Sequence[str]) -> list[int]:
    """The order of passages of these types in which the footnotes stand behind all others."""
    return sorted(range(len(types)), key=lambda at: types[at] in NOTES)


@dataclass(frozen=True, slots=True)
class _Flow:
    """A part of a document that is aligned by itself, and where it begins in the source and the target."""

    document: Document
    source: int = 0
    target: int = 0


def _flows(document: Document) -> Iterator[_Flow]:
    """The text of a document and its footnotes. Footnotes stand below a paragraph here and at the end there, and one edition
    leaves them out: in the order of the text they would be taken for dropped paragraphs. Nothing is aligned with footnotes that
    only one of the two has."""
    source, target = _before_notes(document.source), _before_notes(document.target)
    yield _Flow(Document(document.source[:source], document.target[:target], document.drafts[:source]))
    if source < len(document.source) and target < len(document.target):
        yield _Flow(
            Document(document.source[source:], document.target[target:], document.drafts[source:]), source, target
        )


def _before_notes(passages: Sequence[Passage]) -> int:
    """How many passages stand before the footnotes at the end; all, where there is nothing else."""
    last = next((at for at in range(len(passages), 0, -1) if passages[at - 1].type not in NOTES), 0)
    return last or len(passages)


def _together(document: Document, flows: Sequence[_Flow], aligned: Sequence[Aligned]) -> Aligned:
    """What was found in the parts of a document."""
    links = [
        replace(link, source=link.source + flow.source, target=link.target + flow.target)
        for flow, found in zip(flows, aligned, strict=True)
        for link in found.links
    ]
    used = {place for link in links for place in range(link.source, link.source + link.sources)}
    others = {place for link in links for place in range(link.target, link.target + link.targets)}
    return Aligned(
        tuple(links),
        aligned[0].left_share,
        tuple(place for place in range(len(document.source)) if place not in used),
        tuple(place for place in range(len(document.target)) if place not in others),
    )


def _align(
    documents: Sequence[Document],
    source_language: str,
    target_language: str,
    memory: Iterable[tuple[str, str]],
    weighed: Weights | None,
) -> tuple[Aligned, ...]:
    """Align documents that have no footnotes, or nothing but footnotes, each with its translation."""
    used = weighed or weights()
    read = [
        _Read(
            [traits(one, source_language) for one in document.source],
            [traits(o, target_language) for o in document.target],
            [traits(Passage(draft), target_language).tokens for draft in document.drafts],
        )
        for document in documents
    ]
    tags = source_language, target_language
    known = [
        (traits(Passage(source), tags[0]).tokens, traits(Passage(target), tags[1]).tokens, -1)
        for source, target in memory
    ]
    latin = is_latin(source_language), is_latin(target_language)
    lengths = first_lengths((one.source, one.target) for one in read)
    lexicons = learn_folds(known, 1) if known else (Lexicon(),)
    first = [_aligned(one, lengths, latin, lexicons, _folds(one, 0, 1), used) for one in read]
    lengths = _measured(read, first, lengths)
    # passages are scored by words that were learned elsewhere: whole documents apart where there are enough
    apart = len(read) >= 2 * _FOLDS
    folds = [_folds(one, number, len(read) if apart else 1) for number, one in enumerate(read)]
    pairs = [
        (one.source[bead.source].tokens, one.target[bead.target].tokens, fold[bead.source])
        for one, found, fold in zip(read, first, folds, strict=True)
        for bead in found.beads
        if bead.sources == bead.targets == 1 and bead.probability >= _LEARNED
    ]
    lexicons = learn_folds([*known, *pairs], _FOLDS)
    judge = Judge.fitted(_likenesses(read, first))
    second = (_aligned(one, lengths, latin, lexicons, fold, used, judge) for one, fold in zip(read, folds, strict=True))
    few = sum(len(one.source) for one in read) < _FEW
    return tuple(_judged(one, found, few) for one, found in zip(read, second, strict=True))


def certain_pairs(documents: Sequence[Document], aligned: Sequence[Aligned]) -> Iterator[tuple[str, str]]:
    """The texts of the pairs that are certain."""
    for document, found in zip(documents, aligned, strict=True):
        for link in found.links:
            if link.certain and link.sources == link.targets == 1:
                yield document.source[link.source].text, document.target[link.target].text


@dataclass(frozen=True)
class _Read:
    source: Sequence[Traits]
    target: Sequence[Traits]
    drafts: Sequence[frozenset[str]]
    """The tokens of the drafts; empty: there are none."""


@dataclass(frozen=True)
class _Found:
    beads: tuple[Bead, ...]
    evidence: tuple[float, ...]
    near: tuple[float, ...]
    """The share of passages left over beside each bead."""
    share: float
    comparison: Comparison
    folds: Sequence[int]
    weights: Weights
    judge: Judge | None


def _folds(read: _Read, number: int, documents: int) -> list[int]:
    """The fold of each source passage: that of its document, or by runs of passages where documents are few."""
    if documents > 1:
        return [number % _FOLDS] * len(read.source)
    return [at // _RUN % _FOLDS for at in range(len(read.source))]


def _measured(read: Sequence[_Read], found: Sequence[_Found], before: Lengths) -> Lengths:
    pairs = [
        (one.source[bead.source].length, one.target[bead.target].length)
        for one, result in zip(read, found, strict=True)
        for bead in result.beads
        if bead.sources == bead.targets == 1 and bead.probability >= _MEASURED
    ]
    return Lengths.fitted(pairs, before)


def _likenesses(read: Sequence[_Read], found: Sequence[_Found]) -> Iterator[tuple[Matrix, Sequence[tuple[int, int]]]]:
    """How like drafts are to the passages of each document, and which pairs are certain without them."""
    for one, result in zip(read, found, strict=True):
        pairs = [
            (bead.source, bead.target)
            for bead in result.beads
            if bead.sources == bead.targets == 1
            and bead.probability >= _LEARNED
            and one.drafts
            and one.drafts[bead.source]
        ]
        if pairs and len(one.source) * len(one.target) <= _CELLS:
            tokens = [passage.tokens for passage in one.target]
            yield Drafts.of(one.drafts, tokens).likeness(one.drafts, tokens), pairs


def _aligned(
    read: _Read,
    lengths: Lengths,
    latin: tuple[bool, bool],
    lexicons: tuple[Lexicon, ...],
    folds: Sequence[int],
    used: Weights,
    judge: Judge | None = None,
) -> _Found:
    comparison = Comparison.of(read.source, read.target, lengths, latin, lexicons)
    beads: list[Bead] = []
    evidence: list[float] = []
    near: list[float] = []
    left = 0.0
    n, m = len(read.source), len(read.target)
    at, to = 0, 0
    while at < n and to < m:
        rows, columns = _window(n - at, m - to)
        last = rows == n - at and columns == m - to
        here = folds[at : at + rows]
        scores = comparison.all_scores(read.source[at : at + rows], read.target[to : to + columns], here, used)
        if judge is not None and read.drafts:
            tokens = [one.tokens for one in read.target[to : to + columns]]
            drafts = Drafts.of(read.drafts[at : at + rows], tokens)
            scores = scores.plus(judge.scores(drafts, drafts.tokens, tokens))
        alignment, share = estimated(scores, used.merge, _START, _FLOOR, _CAP, _ROUNDS)
        end, goal = (rows, columns) if last else (int(rows * _LATER), int(columns * _LATER))
        taken = [bead for bead in alignment.beads() if last or (bead.source < end and bead.target < goal)]
        for bead in taken:
            matrix = (
                scores.pairs
                if bead.sources == bead.targets
                else scores.two_targets
                if bead.targets == 2
                else scores.two_sources
            )
            beads.append(bead._replace(source=bead.source + at, target=bead.target + to))
            evidence.append(float(matrix[bead.source, bead.target]))
            near.append(_left_beside(alignment, bead))
        # a window that goes on begins behind the last pair that was taken
        sure = [bead for bead in taken if bead.probability > _MEASURED]
        if not last and sure and sure[-1].source >= end // 2:  # one near the beginning alone would not lead on
            end, goal = sure[-1].source + sure[-1].sources, sure[-1].target + sure[-1].targets
            kept = len([bead for bead in taken if bead.source < end])
            size = len(beads) - len(taken) + kept
            del beads[size:], evidence[size:], near[size:]
        left += share * end
        at, to = at + max(end, 1), to + max(goal, 1)
    share = left / at if at else 1.0
    return _Found(tuple(beads), tuple(evidence), tuple(near), share, comparison, folds, used, judge)


def _left_beside(alignment: Alignment, bead: Bead) -> float:
    """The expected share of left-over passages among the nearest ones on both sides."""
    sources = alignment.left_source[max(bead.source - _BESIDE, 0) : bead.source + _BESIDE + 1]
    targets = alignment.left_target[max(bead.target - _BESIDE, 0) : bead.target + _BESIDE + 1]
    return float(sources.sum() + targets.sum()) / (sources.size + targets.size)


def _window(rows: int, columns: int) -> tuple[int, int]:
    """How many of the source and target passages that are left are looked at together."""
    if rows * columns <= _CELLS:
        return rows, columns
    size = int(_CELLS**0.5)
    return (min(rows, size), min(columns, _CELLS // min(rows, size)))


def _judged(read: _Read, found: _Found, few: bool) -> Aligned:
    """Which beads are certain, and moved passages among what is left; `few`: there are hardly any passages in the set."""
    left_source = set(range(len(read.source)))
    left_target = set(range(len(read.target)))
    drafts = Drafts.of(read.drafts, [one.tokens for one in read.target]) if read.drafts else None
    for bead in found.beads:
        left_source -= {*range(bead.source, bead.source + bead.sources)}
        left_target -= {*range(bead.target, bead.target + bead.targets)}
    share = (len(left_source) + len(left_target)) / max(len(read.source) + len(read.target), 1)
    links = []
    for bead, evidence, near in zip(found.beads, found.evidence, found.near, strict=True):
        ordered = max(found.share, near) < FEW_LEFT
        certain = (
            bead.probability >= SURE
            and bead.sources == 1
            and share < _UNRELATED
            and evidence >= (ALONE if few else ORDER_ALONE if ordered else EVIDENCE)
            and _says_something(read, bead)
            and not _half(read, found, bead, left_source, left_target)
            and not (drafts is not None and _half_drafted(read, drafts, bead, left_source, left_target))
        )
        links.append(Link(*bead, evidence, certain))
    for link in _moved(read, found, sorted(left_source), sorted(left_target)):
        links.append(link)
        left_source.discard(link.source)
        left_target.discard(link.target)
    return Aligned(
        tuple(sorted(links, key=lambda link: link.source)),
        found.share,
        tuple(sorted(left_source)),
        tuple(sorted(left_target)),
    )


def _says_something(read: _Read, bead: Bead) -> bool:
    """Whether both sides have more than marks that could be anybody's."""
    sides = (
        read.source[bead.source : bead.source + bead.sources],
        read.target[bead.target : bead.target + bead.targets],
    )
    return all(any(one.tokens or one.latin or one.figures or one.codes for one in side) for side in sides)


def _half(read: _Read, found: _Found, bead: Bead, left_source: set[int], left_target: set[int]) -> bool:
    """Whether a pair is perhaps half of a split or joined passage: beside it one is left over that would make it fit better."""
    own = sum(one.length for one in read.source[bead.source : bead.source + bead.sources])
    other = sum(one.length for one in read.target[bead.target : bead.target + bead.targets])
    misfit = found.comparison.misfit
    fit = misfit(own, other)
    for near in (bead.target - 1, bead.target + bead.targets):
        alike = near in left_target and read.target[near].type == read.target[bead.target].type
        if alike and fit < -0.3 and abs(misfit(own, other + read.target[near].length)) < -fit:
            return True
    for near in (bead.source - 1, bead.source + bead.sources):
        alike = near in left_source and read.source[near].type == read.source[bead.source].type
        if alike and fit > 0.3 and abs(misfit(own + read.source[near].length, other)) < fit:
            return True
    return False


def _half_drafted(read: _Read, drafts: Drafts, bead: Bead, left_source: set[int], left_target: set[int]) -> bool:
    """Whether a passage of a pair lacks a part, by the drafts: joined with one that is left over beside it, the pair is more alike."""
    own, other = read.drafts[bead.source], read.target[bead.target].tokens
    if not own or bead.sources > 1 or bead.targets > 1:
        return False
    rows = [read.drafts[at] for at in (bead.source - 1, bead.source + 1) if at in left_source and read.drafts[at]]
    columns = [read.target[at].tokens for at in (bead.target - 1, bead.target + 1) if at in left_target]
    alone = float(drafts.likeness([own], [other])[0, 0])
    joined = [*((own | one, other) for one in rows), *((own, other | one) for one in columns)]
    return any(float(drafts.likeness([one], [two])[0, 0]) > alone for one, two in joined)


def _moved(read: _Read, found: _Found, sources: Sequence[int], targets: Sequence[int]) -> list[Link]:
    """Pairs among what is left, across the path: each is the best of its row and column. None of them is certain."""
    if not sources or not targets or len(sources) * len(targets) > _CELLS:
        return []
    counted = Counter(one.tokens | one.latin for one in read.source)
    folds = [found.folds[i] for i in sources]
    scores: Matrix = found.comparison.scores(
        [read.source[i] for i in sources], [read.target[j] for j in targets], folds, found.weights
    )
    if found.judge is not None and read.drafts:
        drafts = Drafts.of(read.drafts, [one.tokens for one in read.target])
        rows, columns = [read.drafts[i] for i in sources], [read.target[j].tokens for j in targets]
        scores = scores + found.judge.evidence(drafts, rows, columns)
    links = []
    chance = float(
        np.log(max(len(sources), len(targets)))
    )  # the more are left over, the likelier two of them are alike by chance
    for row, column in enumerate(np.argmax(scores, axis=1)):
        score = float(scores[row, column])
        one = read.source[sources[row]]
        repeated = counted[one.tokens | one.latin] > 1
        if score - chance >= _MOVED and int(np.argmax(scores[:, column])) == row and not repeated:
            probability = float(1 / (1 + np.exp(chance - score)))
            links.append(Link(sources[row], targets[int(column)], 1, 1, probability, score, certain=False, moved=True))
    return links
