"""Works with the project's list of terms: proposes names and terms of articles, takes in other lists, finds what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files

from toolkit.errors import DataError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import show
from toolkit.language import language
from toolkit.memory import names
from toolkit.memory.glossary import Glossary, places
from toolkit.memory.terms import Rendering, Term, TermSheet, folded, known_forms, parse
from toolkit.project.context import Context
from toolkit.project.discovery import Source, load
from toolkit.quality.text import bare
from toolkit.units import Catalog, LanguagePair

STARTER = "starter.csv"
_PAIRS = 20_000
"""Paragraphs of one language in which renderings are looked for."""


@dataclass(frozen=True, slots=True)
class Called:
    """What the project calls a name in one language."""

    language: str
    listed: Rendering
    """What the list of terms says."""
    approved: tuple[tuple[str, int], ...] = ()
    """What approved translations call it, with the number of their paragraphs."""
    drafted: tuple[tuple[str, int], ...] = ()
    """The same of drafts."""

    @property
    def ways(self) -> int:
        """How many different renderings are in use."""
        return len({form for form, _ in (*self.approved, *self.drafted)})

    @property
    def settled(self) -> str:
        """The rendering that all approved translations agree upon; empty for none."""
        return self.approved[0][0] if len(self.approved) == 1 and self.approved[0][1] > 1 else ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """A name or term of the articles."""

    proposal: names.Proposal
    called: tuple[Called, ...]
    listed: bool
    """It is in the list already."""
    source_language: str = ""


@dataclass
class Proposals:
    """What the articles use."""

    found: list[Proposed] = field(default_factory=list)
    without_capitals: list[str] = field(default_factory=list)
    """Source languages in which names are not told from words."""

    def terms(self) -> list[Term]:
        """What the list lacks, as rows that nobody has approved; what approved translations agree upon is filled in."""
        return [
            Term(
                (one.proposal.source,),
                {said.language: Rendering((said.settled,)) for said in one.called if said.settled},
                {"term": "noun"}.get(one.proposal.kind, one.proposal.kind),
            )
            for one in self.found
            if not one.listed
        ]


def propose(context: Context, sources: Sequence[Source], targets: Sequence[str], tell: Sink = ignore) -> Proposals:
    """The names and terms of these articles, and what the project's list, memory and drafts call them in these languages."""
    texts: dict[str, list[names.Text]] = {}
    for source in sources:
        try:
            loaded = load(context.store, source)
        except DataError as error:
            if len(sources) == 1:
                raise
            tell(Warned(str(error)))
            continue
        template = loaded.template
        texts.setdefault(template.source_language, []).extend(
            names.Text(bare(unit.source, template.markup), source.file, unit.locations[0].line if unit.locations else 0)
            for unit in template.live
        )
    sheet = context.terms.sheet
    listed = {folded(form): term for term in sheet.terms for form in term.forms}
    result = Proposals()
    for tag, said in texts.items():
        if not language(tag).cased:
            result.without_capitals.append(tag)
            continue
        pairs = {target: _pairs(context, LanguagePair(tag, target), tell) for target in targets if target != tag}
        for one in names.propose(said, tag):
            term = listed.get(folded(one.source))
            called = tuple(_called(one, term, target, *found) for target, found in pairs.items())
            result.found.append(Proposed(one, called, term is not None, tag))
    return result


_Pairs = list[tuple[str, str]]


def _pairs(context: Context, pair: LanguagePair, tell: Sink) -> tuple[_Pairs, _Pairs]:
    """Source and target of what is approved in the project, and of its drafts, without inline codes."""
    approved: _Pairs = []
    drafted: _Pairs = []
    for catalog in context.store.readable(context.store.paths((pair.target,)), tell):
        if catalog.source_language != pair.source:
            continue
        for unit in catalog.live:
            if unit.target and len(approved) + len(drafted) < _PAIRS:
                texts = (bare(unit.source, catalog.markup), bare(unit.target, catalog.markup))
                (approved if unit.state.approved else drafted).append(texts)
    return approved, drafted


def _called(one: names.Proposal, term: Term | None, target: str, approved: _Pairs, drafted: _Pairs) -> Called:
    """What is said of a name in one language: listed renderings are looked for first, then what stands out."""
    spoken = language(target)
    listed = term.renderings.get(target, Rendering()) if term is not None else Rendering()
    known = (*listed.accepted, *listed.refused)

    def said(pairs: _Pairs) -> tuple[tuple[str, int], ...]:
        counted = [(form, names.called(one, (form,), pairs, spoken)) for form in known]
        counted = [(form, count) for form, count in counted if count]
        return tuple(counted or names.renderings(one.source, pairs, spoken))

    return Called(target, listed, said(approved), said(drafted))


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken from another list."""

    added: int
    known: int
    """Rows whose term the project's list has already; they are left out."""
    approved: int
    """Of the added ones, those that bind in some language."""
    problems: tuple[str, ...] = ()


def starter() -> TermSheet:
    """The list that comes with the toolkit: names and terms of international news."""
    text = files("toolkit.memory").joinpath(f"data/{STARTER}").read_text(encoding="utf-8")
    return parse(text, STARTER)


def take(context: Context, sheet: TermSheet, targets: Sequence[str], unapproved: bool = False) -> Imported:
    """Append the terms of another list to the project's, in these languages (none: all); those that it has stay as they are."""
    mine = known_forms(context.terms.checked())
    wanted = [_restricted(term, targets, unapproved) for term in sheet.terms]
    new = [term for term in wanted if not any(folded(form) in mine for form in term.forms)]
    if new:
        context.terms.add(new)
    approved = sum(any(said.approved for said in term.renderings.values()) for term in new)
    return Imported(len(new), len(wanted) - len(new), approved, sheet.problems)


def _restricted(term: Term, targets: Sequence[str], unapproved: bool) -> Term:
    kept = {tag: said for tag, said in term.renderings.items() if not targets or tag in targets}
    if unapproved:
        kept = {tag: replace(said, approved=False) for tag, said in kept.items()}
    return replace(term, renderings=kept)


def differing(context: Context, targets: Iterable[str]) -> Iterator[str]:
    """A line for each term of the list that the project's catalogs call by several renderings, and for terms listed twice."""
    sheet = context.terms.sheet
    seen: dict[str, int] = {}
    for term in sheet.terms:
        for form in term.forms:
            if first := seen.get(folded(form)):
                yield f"{show(context.terms.path)}:{term.line}: {form} stands in line {first} too; keep one, or note the sense"
            seen.setdefault(folded(form), term.line)
    for target in targets:
        yield from _differing(context, target)


def _differing(context: Context, target: str) -> Iterator[str]:
    spoken = language(target)
    counts: dict[str, dict[str, int]] = {}
    for catalog in context.store.readable(context.store.paths((target,))):
        known = context.terms.glossary(catalog.pair)
        for source, found in _renderings_in(catalog, known):
            for form in found:
                counts.setdefault(source, {})[form] = counts.get(source, {}).get(form, 0) + 1
    for source, forms in counts.items():
        if len(forms) > 1:
            shown = ", ".join(f"{form} ({count})" for form, count in sorted(forms.items(), key=lambda one: -one[1]))
            yield f"{spoken.tag}: warning: {source} is called in {len(forms)} ways: {shown}"


def _renderings_in(catalog: Catalog, known: Glossary) -> Iterator[tuple[str, set[str]]]:
    """The terms of each paragraph of a catalog, with the known renderings that its translation has."""
    spoken = language(catalog.target_language)
    for unit in catalog.live:
        if not unit.target:
            continue
        target = bare(unit.target, catalog.markup)
        for hit in known.find(bare(unit.source, catalog.markup)):
            entry = hit.entries[0]
            found = {form for form in (*hit.accepted, *hit.refused) if places(target, form, spoken)}
            found = {one for one in found if not any(one != more and one in more for more in found)}
            if entry.approved:  # what a person accepts beside the first is not another way
                found = {entry.wanted if form in hit.accepted else form for form in found}
            yield entry.term.source, found
