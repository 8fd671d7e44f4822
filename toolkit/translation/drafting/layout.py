"""What a job has to ask, laid out so that being interrupted makes no difference.

The distinct texts of all units that are this engine's business, drafted already or not, stand in one list in the order of
the catalogs; windows are cut from that list. int8 results depend on what shares a window, and the list is the same before,
during and after the job: a window with anything missing is asked whole again, with the same mates, and gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial

from toolkit import codes
from toolkit.catalog.provenance import fitted
from toolkit.memory.glossary import Glossary
from toolkit.segment import sentences
from toolkit.translation.drafting.background import plain, surroundings
from toolkit.translation.drafting.examples import Memory, examples_for
from toolkit.translation.drafting.reference import NONE, Reference, References
from toolkit.units import SAME_CONTEXT, Catalog, Code, Engine, Identity, LanguagePair, ProvenanceLine, Request, Unit


@dataclass(frozen=True, slots=True)
class Job:
    """Catalogs of one pair of languages that an engine is to draft."""

    catalogs: tuple[Catalog, ...]
    engine: Engine
    redraft: bool = False
    """Draft again what another machine drafted, and ask again what was refused."""
    references: tuple[References, ...] = ()
    """One for each catalog, or none at all."""
    unrelated: bool = False
    """The units are no article, so that none is background of another."""
    memory: Memory | None = None
    """What was approved before the run, for an engine that takes examples; None: it gets none."""
    terms: Glossary | None = None
    """The project's terms for the pair."""

    @property
    def pair(self) -> LanguagePair:
        """The pair of all catalogs; ValueError where they differ."""
        pairs = {catalog.pair for catalog in self.catalogs}
        if len(pairs) != 1:
            raise ValueError(f"one job drafts one pair of languages, not {sorted(pairs)}")
        return pairs.pop()

    def references_of(self, number: int) -> References:
        """What helps the catalog of that number."""
        return self.references[number] if self.references else NONE

    def lacks_term(self, unit: Unit, catalog: Catalog) -> bool:
        """Whether a redraft may give a machine's untouched draft a term that was approved since."""
        if not self.redraft or self.terms is None or not self.engine.abilities.terms:
            return False
        if not (unit.machine and unit.target and unit.line("mt")):
            return False
        return bool(self.terms.lacking(unit.source, unit.target, codes.find(unit.source, catalog.markup)))

    @property
    def teaches(self) -> bool:
        """Whether the engine gets examples of the memory."""
        return self.memory is not None and self.engine.abilities.examples > 0

    @property
    def has_work(self) -> bool:
        """Whether there may be anything to draft; no model's files are looked at."""
        return any(
            wanted(unit, frozenset(), self.redraft, self.references_of(number)) or self.lacks_term(unit, catalog)
            for number, catalog in enumerate(self.catalogs)
            for unit in catalog.live
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A unit that may be drafted, cut into what is asked."""

    catalog: int
    """Its place among the job's catalogs."""
    unit: Unit
    pieces: tuple[tuple[str, str | int], ...]
    """In order: what stands before the piece, and the number of its request, or a text that needs no translation."""
    tail: str
    """What stands after the last piece."""
    missing: bool
    """To be drafted now; otherwise it is here for its place in the windows."""
    reference: Reference | None = None
    """What its requests carry of it."""

    @property
    def asks(self) -> tuple[int, ...]:
        """The numbers of its requests."""
        return tuple(piece for _, piece in self.pieces if isinstance(piece, int))


@dataclass(slots=True)
class Layout:
    """All plans of a job, and their distinct requests in order."""

    by_sentence: bool = False
    look_up: Callable[[str], tuple[tuple[str, str], ...]] | None = None
    """The examples for a text; None: the engine gets none."""
    in_windows: bool = False
    """Whether what is here only for its place in the windows has its examples too."""
    terms: Glossary | None = None
    plans: list[Plan] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    _numbers: dict[Request, int] = field(default_factory=dict)
    _similar: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def number(self, request: Request) -> int:
        """The request's place in the list; equal requests share one."""
        if request not in self._numbers:
            self._numbers[request] = len(self.requests)
            self.requests.append(request)
        return self._numbers[request]

    def add(
        self, number: int, catalog: Catalog, unit: Unit, missing: bool, blank: Request, reference: Reference | None
    ) -> None:
        """Plan a unit of the catalog of that number; `blank` holds its background."""
        found = codes.find(unit.source, catalog.markup)
        cuts = [_trimmed(unit.source)]
        if self.by_sentence:
            cuts = sentences(unit.source, catalog.source_language, found)
        if reference is None or len(reference.texts) != len(cuts):
            reference = None
        texts = reference.texts if reference is not None else [""] * len(cuts)
        language = reference.language if reference is not None else ""
        pieces: list[tuple[str, str | int]] = []
        end = 0
        for (start, stop), text in zip(cuts, texts, strict=True):
            helped = replace(blank, reference=text, reference_language=language)
            piece = self._piece(unit.source[start:stop], codes.within(found, start, stop), helped, missing)
            pieces.append((unit.source[end:start], piece))
            end = stop
        self.plans.append(Plan(number, unit, tuple(pieces), unit.source[end:], missing, reference))

    def _piece(self, text: str, inside: tuple[Code, ...], blank: Request, missing: bool) -> str | int:
        """The number of the request; a sentence without letters outside its codes is its own translation."""
        if self.by_sentence and not any(char.isalpha() for char in codes.strip(text, inside).text):
            return text
        if self.look_up is not None and (missing or self.in_windows):
            blank = replace(blank, examples=self._examples(plain(text, inside), self.look_up))
        terms = self.terms.requested(text, inside) if self.terms is not None else ()
        return self.number(replace(blank, source=text, codes=inside, terms=terms))

    def _examples(
        self, text: str, look_up: Callable[[str], tuple[tuple[str, str], ...]]
    ) -> tuple[tuple[str, str], ...]:
        """The examples for a text, looked up once."""
        if text not in self._similar:
            self._similar[text] = look_up(text)
        return self._similar[text]


def lay_out(job: Job, made: frozenset[Identity]) -> Layout:
    """The plans of a job of an engine of these identities."""
    able = job.engine.abilities
    layout = Layout(able.grain == "sentence", in_windows=not able.independent, terms=job.terms if able.terms else None)
    if job.memory is not None and able.examples:
        layout.look_up = partial(examples_for, pair=job.pair, most=able.examples, memory=job.memory)
    wants: frozenset[str] = frozenset() if job.unrelated or layout.by_sentence else able.background
    for number, catalog in enumerate(job.catalogs):
        references = job.references_of(number)
        for unit, blank in zip(catalog.live, surroundings(catalog, wants), strict=True):
            missing = wanted(unit, made, job.redraft, references) or job.lacks_term(unit, catalog)
            refused = _made_by(unit, "refused", made)
            if unit.source.strip() and (missing or refused or _made_by(unit, "mt", made)):
                reference = references.find(unit) if references.language in able.reference_languages else None
                if reference is not None and not missing and reference.hash != _asked_with(unit, made):
                    reference = None  # it is here for its place in the windows, and was asked without
                fresh = job.redraft and missing and refused is not None
                layout.add(number, catalog, unit, missing, replace(blank, fresh=fresh), reference)
    return layout


def wanted(unit: Unit, made: frozenset[Identity], redraft: bool, references: References = NONE) -> bool:
    """Whether a machine of these identities should draft this unit now; never if a person wrote its target.

    Empty units, drafts from a similar text of the memory, and machine drafts of an older source or made with an older
    reference, unless these identities were
    refused there before with the same reference; with `redraft` the drafts of other machines as well, those made without
    the reference that there is now, and what was refused.
    """
    if not unit.machine:
        return False
    if not unit.target or unit.previous_source or references.stale(unit) or _similar(unit):
        refused = _made_by(unit, "refused", made) and _asked_with(unit, made) == references.hash(unit)
        return redraft or not refused
    line = unit.line("mt")
    if not redraft or line is None:
        return False
    return not _made_by(unit, "mt", made) or references.hash(unit) not in ("", line.get("second-hash"))


def _similar(unit: Unit) -> bool:
    """Whether the draft is the translation of another, similar text."""
    line = unit.line("tm")
    return line is not None and line.get("match") not in ("100", SAME_CONTEXT)


def _made_by(unit: Unit, kind: str, made: frozenset[Identity]) -> ProvenanceLine | None:
    """The unit's `mt` or `refused` line, if one of these identities signed it."""
    line = unit.line(kind)
    signed = {(one.engine, fitted(kind, "model", one.model)) for one in made}
    return line if line is not None and (line.get("engine"), line.get("model")) in signed else None


def _asked_with(unit: Unit, made: frozenset[Identity]) -> str:
    """The hash of the reference that was in its requests."""
    line = _made_by(unit, "refused", made) or unit.line("mt")
    return line.get("second-hash") if line is not None else ""


def _trimmed(text: str) -> tuple[int, int]:
    return len(text) - len(text.lstrip()), len(text.rstrip())
