"""Which sentences of a changed paragraph keep their reviewed translation, and which are asked of an engine.

A sentence is unchanged when its text is the same but for its typography; it keeps its translation where it is certain which
sentences of the old translation are its own:

    the old paragraph has one sentence      all of the translation is
    the draft of each sentence is known     the person's text is traced back to the draft (`alignment.tracing`); sentences that
                                            are written anew are aligned by their likeness to it (`alignment.rewritten`)
    a draft of each is made now             they are aligned by their likeness to it too: drafts as evidence, thrown away
    else                                    by the pair itself (`alignment.sentences`), if that is certain

Where it is not certain, the unit stays outdated as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from toolkit import codes
from toolkit.alignment.groups import Group
from toolkit.alignment.tracing import trace
from toolkit.language.numbers import figures, pool, says
from toolkit.segment import sentences
from toolkit.units import Catalog, Markup, ProvenanceLine, Unit, fold, text_hash

Drafted = Mapping[str, Sequence[str]]
"""The hash of a msgid (`text_hash`) -> the draft's target sentences, one for each sentence of the msgid."""
Aligner = Callable[[Sequence[str], Sequence[str]], Sequence[Group]]
"""The certain groups of source sentences and target sentences, by the pair itself."""
_LEAST = 15
"""Characters of a sentence that is taken from another paragraph's translation; shorter ones say other things elsewhere."""
_GOES_ON = "，、；：,;:)）”’」』"
"""Marks that no sentence begins with: what does goes on with the sentence before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring sentences of a paragraph's new source, kept together or asked together."""

    gap: str
    """What stands before them in the source."""
    first: int
    """The number of the first, from 0."""
    sources: tuple[str, ...]
    kept: str = ""
    """Their reviewed translation; empty: they are new."""
    before: str | None = None
    """What stood between it and that of the piece before, where the two were neighbours in the old translation too."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a changed paragraph is put together."""

    unit: Unit
    """The outdated unit."""
    pieces: tuple[Piece, ...]
    tail: str
    unsure: tuple[int, ...] = ()
    """Sentences, by their numbers from 1, that did not change, but of which it is not certain what their translation was."""

    @property
    def keeps(self) -> bool:
        """Whether anything is kept; else the unit stays as it is, and says what is unsure."""
        return any(piece.kept for piece in self.pieces)

    @property
    def new(self) -> tuple[str, ...]:
        """The sentences that are asked of an engine."""
        return tuple(source for piece in self.pieces if not piece.kept for source in piece.sources)

    @property
    def done(self) -> bool:
        """Whether the unit was put together for this very source, and nobody changed it since."""
        line = self.unit.line("reused")
        current = line is not None and line.get("for") == text_hash(self.unit.source)
        return current and untouched(self.unit) and (not self.keeps or bool(line and line.get("kept")))

    @property
    def asked(self) -> str:
        """ENGINE/MODEL whose drafts were tried as evidence, where nothing came of it."""
        line = self.unit.line("reused")
        return line.get("by") if line is not None else ""

    def line(self, target: str, engine: str, model: str, asked: str = "") -> ProvenanceLine:
        """The line that says which sentences are kept, by their numbers from 1. `asked`: ENGINE/MODEL whose drafts were tried in vain."""
        kept = [n for piece in self.pieces if piece.kept for n in _numbers(piece)]
        new = [n for piece in self.pieces if not piece.kept for n in _numbers(piece)]
        said = {"kept": spans(kept), "new": spans(new) if kept else "", "unsure": spans(self.unsure)}
        said |= {"engine": engine, "model": model, "by": asked}
        said |= {"for": text_hash(self.unit.source), "hash": text_hash(target)}
        return ProvenanceLine("reused", tuple((key, value) for key, value in said.items() if value))


def plans(
    catalog: Catalog, drafted: Drafted, align: Aligner | None = None, evidence: Drafted | None = None
) -> list[Plan]:
    """A plan for each outdated unit that has an unchanged sentence, and of whose old source an approved translation is at hand.

    Units that somebody changed since are left alone. `align` is asked where the draft is not known; `evidence` are drafts that the
    translation was not made from.
    """
    old = _Approved(catalog, drafted, align, evidence or {})
    found = []
    for unit in catalog.live:
        before = old.of(unit)
        if before is not None and (plan := _plan(unit, before, old, catalog)):
            found.append(plan)
    return found


def sentence_states(unit: Unit, catalog: Catalog) -> list[tuple[str, str]]:
    """The sentences of a unit, each `kept`, `new` or `unsure` as its line says; empty where none says it of this source."""
    line = unit.line("reused")
    if line is None or line.get("for") != text_hash(unit.source) or unit.state.approved:
        return []
    said = {name: numbers(line.get(name)) for name in ("kept", "unsure")}
    texts = sentence_texts(unit.source, catalog.source_language or "en", catalog.markup)
    return [
        (text, next((name for name, those in said.items() if number in those), "new"))
        for number, text in enumerate(texts, 1)
    ]


def certain_sentences(
    unit: Unit, catalog: Catalog, drafted: Drafted, align: Aligner | None = None
) -> Iterator[tuple[str, str]]:
    """The sentences of a pair of several with their translations, as far as it is certain which belongs to which.

    A sentence that shares its translation with another is left out. `align` is asked where the draft is not known, and believed
    where what stands before and after is certain too: else a part of a neighbour may be in the translation.
    """
    pair = _Pair(unit, catalog, drafted, align)
    if len(pair.sources) < 2:
        return
    known = text_hash(unit.source) in drafted
    ends = {(0, 0), *((group.source_end, group.target_end) for group in pair.groups.values())}
    begins = {(len(pair.sources), len(pair.targets)), *((group.source, group.target) for group in pair.groups.values())}
    for number, group in sorted(pair.groups.items()):
        beside = (group.source, group.target) in ends and (group.source_end, group.target_end) in begins
        if len(group.rows) == 1 and (known or beside):
            yield pair.sources[number], pair.text(group, group)


def untouched(unit: Unit) -> bool:
    """Whether the target is as it was put together from kept and new sentences."""
    line = unit.line("reused")
    return line is not None and line.get("hash") == text_hash(unit.target)


def sentence_texts(text: str, tag: str, markup: Markup) -> list[str]:
    """The sentences of a text."""
    return [text[start:end] for start, end in sentences(text, tag, codes.find(text, markup))]


def target_spans(text: str, tag: str, markup: Markup) -> list[tuple[int, int]]:
    """The spans of a translation's sentences; what begins with a comma belongs to the one before."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(text, tag, codes.find(text, markup)):
        if found and text[start] in _GOES_ON:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def spans(numbers: Sequence[int]) -> str:
    """Ascending numbers as a line says them: `1-3,5`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    return ",".join(str(part[0]) if len(part) == 1 else f"{part[0]}-{part[-1]}" for part in parts)


def numbers(said: str) -> frozenset[int]:
    """The numbers in `1-3,5`; what is no number is passed over."""
    found: set[int] = set()
    for part in said.split(","):
        first, _, last = part.partition("-")
        if first.isdecimal() and (last or first).isdecimal() and len(part) < 12:
            found |= set(range(int(first), min(int(last or first), int(first) + 10_000) + 1))
    return frozenset(found)


def _numbers(piece: Piece) -> range:
    return range(piece.first + 1, piece.first + 1 + len(piece.sources))


class _Pair:
    """An approved pair, cut into sentences, with what belongs together."""

    def __init__(
        self,
        unit: Unit,
        catalog: Catalog,
        drafted: Drafted,
        align: Aligner | None,
        evidence: Drafted = MappingProxyType({}),
    ) -> None:
        self.unit = unit
        self.catalog = catalog
        self.drafted = drafted
        self.align = align
        self.evidence = evidence
        self.sources = sentence_texts(unit.source, catalog.source_language, catalog.markup)
        self.keys = [fold(source) for source in self.sources]

    @cached_property
    def targets(self) -> list[tuple[int, int]]:
        return target_spans(self.unit.target, self.catalog.target_language, self.catalog.markup)

    @cached_property
    def groups(self) -> dict[int, Group]:
        """The certain group that begins with each source sentence."""
        if len(self.sources) == 1 and self.targets:
            return {0: Group(0, 1, 0, len(self.targets))}
        texts = [self.unit.target[start:end] for start, end in self.targets]
        drafts = self.drafted.get(text_hash(self.unit.source), ())
        if len(drafts) == len(self.sources) > 1:
            found: Iterable[Group] = self._by_draft(drafts, texts)
        elif texts and len(self.sources) > 1:
            found = self._without_draft(texts)
        else:
            found = ()
        return {group.source: group for group in found if self._numbers_agree(group)}

    def _by_draft(self, drafts: Sequence[str], texts: Sequence[str]) -> list[Group]:
        """The groups by what is left of the draft, and for the other sentences by what is like it."""
        from toolkit.alignment.rewritten import groups  # brings numpy

        found = trace(drafts, texts)
        left = len(drafts) - sum(len(group.rows) for group in found)
        return _beside(found, groups(self.sources, drafts, texts, self.catalog.pair)) if left else found

    def _without_draft(self, texts: Sequence[str]) -> list[Group]:
        """The groups by drafts that the translation was not made from, where there are such, and by the pair itself."""
        from toolkit.alignment.rewritten import groups  # brings numpy

        drafts = self.evidence.get(text_hash(self.unit.source), ())
        found = groups(self.sources, drafts, texts, self.catalog.pair) if len(drafts) == len(self.sources) else []
        return _beside(found, self.align(self.sources, texts) if self.align is not None else ())

    def text(self, first: Group, last: Group) -> str:
        """The translation from the beginning of one group to the end of another."""
        return self.unit.target[self.targets[first.target][0] : self.targets[last.target_end - 1][1]]

    def gap(self, one: Group, other: Group) -> str | None:
        """What stands between two groups that are neighbours in the translation."""
        if one.target_end != other.target:
            return None
        return self.unit.target[self.targets[one.target_end - 1][1] : self.targets[other.target][0]]

    def _numbers_agree(self, group: Group) -> bool:
        """Whether every figure of either side is said in the other."""
        source, target = " ".join(self.sources[group.source : group.source_end]), self.text(group, group)
        return _all_said(source, target) and _all_said(target, source)


def _beside(found: list[Group], others: Iterable[Group]) -> list[Group]:
    """The groups, and those of the others that share no sentence with them."""
    rows = {row for group in found for row in group.rows}
    columns = {column for group in found for column in group.columns}
    return found + [one for one in others if rows.isdisjoint(one.rows) and columns.isdisjoint(one.columns)]


def _all_said(text: str, other: str) -> bool:
    values = pool(other)
    return all(says(figure, values) for figure in figures(text) if figure.strong)


class _Approved:
    """The approved pairs of a catalog that its article has no more."""

    def __init__(self, catalog: Catalog, drafted: Drafted, align: Aligner | None, evidence: Drafted) -> None:
        gone = (unit for unit in catalog.units if unit.obsolete and not unit.is_aside)
        self.pairs = [_Pair(unit, catalog, drafted, align, evidence) for unit in gone if unit.state.approved]
        self._by_source = {(pair.unit.context, pair.unit.source): pair for pair in self.pairs}
        self._by_sentence: dict[str, list[tuple[_Pair, int]]] = {}
        for pair in self.pairs:
            for number, key in enumerate(pair.keys):
                self._by_sentence.setdefault(key, []).append((pair, number))

    def of(self, unit: Unit) -> _Pair | None:
        """The pair that an outdated unit grew out of; None where somebody changed the unit since."""
        if not unit.fuzzy or not unit.previous_source:
            return None
        contexts = (unit.context, "")
        pair = next((p for c in contexts if (p := self._by_source.get((c, unit.previous_source)))), None)
        return pair if pair and (unit.target == pair.unit.target or untouched(unit)) else None

    def places(self, key: str, own: _Pair) -> list[tuple[_Pair, int]]:
        """Where a sentence stands: in the pair itself first, then, if it is long enough, in others."""
        found = self._by_sentence.get(key, ())
        mine = [place for place in found if place[0] is own]
        return mine + [place for place in found if place[0] is not own and len(key) >= _LEAST]


def _plan(unit: Unit, own: _Pair, old: _Approved, catalog: Catalog) -> Plan | None:
    """The plan of a unit; None where every sentence changed."""
    cuts = sentences(unit.source, catalog.source_language, codes.find(unit.source, catalog.markup))
    texts = [unit.source[start:end] for start, end in cuts]
    keys = [fold(text) for text in texts]
    ends = [0, *(end for _, end in cuts)]
    pieces: list[Piece] = []
    used: set[tuple[int, int]] = set()
    unsure: list[int] = []
    last: tuple[_Pair, Group] | None = None
    at = 0
    while at < len(texts):
        gap = unit.source[ends[at] : cuts[at][0]]
        found = _found(keys, at, own, old, used)
        if found is None:
            pieces.append(Piece(gap, at, (texts[at],)))
            unsure += [at + 1] if keys[at] in own.keys else []
            last, at = None, at + 1
            continue
        pair, group = found
        used |= {(id(pair), row) for row in group.rows}
        before = pair.gap(last[1], group) if last and last[0] is pair else None
        size = len(group.rows)
        pieces.append(Piece(gap, at, tuple(texts[at : at + size]), pair.text(group, group), before))
        last, at = found, at + size
    if not unsure and not any(piece.kept for piece in pieces):
        return None
    return Plan(unit, tuple(pieces), unit.source[ends[-1] :], tuple(unsure))


def _found(
    keys: Sequence[str], at: int, own: _Pair, old: _Approved, used: set[tuple[int, int]]
) -> tuple[_Pair, Group] | None:
    """The group of an old pair that begins with a sentence and of which all sentences follow here."""
    for pair, number in old.places(keys[at], own):
        group = pair.groups.get(number)
        if (
            group is not None
            and pair.keys[group.source : group.source_end] == list(keys[at : at + len(group.rows)])
            and not any((id(pair), row) in used for row in group.rows)
        ):
            return pair, group
    return None


def put_together(plan: Plan, target: str, engine: str = "", model: str = "") -> Unit:
    """The unit with kept and new sentences: fuzzy, with a line that says which is which; a person's, not a machine's."""
    return _signed(plan, target, plan.line(target, engine, model))


def left_as_it_was(plan: Plan, asked: str) -> Unit:
    """The unit with its old translation as a whole, and a line that says of which sentences it is not certain what is theirs.

    `asked`: ENGINE/MODEL whose drafts were tried as evidence; empty for none.
    """
    return _signed(plan, plan.unit.target, plan.line(plan.unit.target, "", "", asked))


def _signed(plan: Plan, target: str, line: ProvenanceLine) -> Unit:
    return replace(plan.unit, target=target).with_lines(line).flagged("fuzzy")
