"""Drafts the new sentences of changed paragraphs, and puts them together with those that keep their reviewed translation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from toolkit import codes
from toolkit.catalog.reuse import Drafted, Plan, left_as_it_was, put_together, sentence_texts
from toolkit.events import Cancellation, Sink, ignore
from toolkit.translation.drafting.joining import between
from toolkit.translation.drafting.layout import Job
from toolkit.translation.drafting.run import draft
from toolkit.units import Catalog, Engine, Unit, text_hash


@dataclass(frozen=True, slots=True)
class Changed:
    """A catalog and the plans of its changed paragraphs."""

    catalog: Catalog
    plans: Sequence[Plan]
    drafted: Drafted = field(default_factory=dict)
    """The sentences of the drafts that are known."""
    witness: str = ""
    """ENGINE/MODEL whose drafts may be asked as evidence; empty for none."""

    @property
    def open(self) -> list[Plan]:
        """The plans that are not carried out, and those of which nothing was kept before this engine could be asked."""
        return [plan for plan in self.plans if not plan.done or (self.asks(plan) and plan.asked != self.witness)]

    def asks(self, plan: Plan) -> bool:
        """Whether an open plan is one that drafts made now may bring further."""
        hidden = text_hash(plan.unit.previous_source) not in self.drafted
        return bool(self.witness and plan.unsure and hidden and (not plan.done or not plan.keeps))


def reuse(
    changed: Sequence[Changed],
    engine: Engine | None,
    tell: Sink = ignore,
    cancellation: Cancellation | None = None,
) -> list[Catalog]:
    """The catalogs, with every changed paragraph put together whose new sentences the engine translates.

    What the engine refuses, or what has other inline codes than its source, stays outdated as a whole; so does what asks for
    an engine where there is none. All plans are asked for together, those that are carried out too, so that an interrupted
    run asks the same (see `layout`).
    """
    drafts: Sequence[Catalog] = [_asked(one) for one in changed]
    wanted = any(plan.keeps and plan.new for one in changed for plan in one.open)
    if wanted and engine is not None:
        drafts = draft(Job(tuple(drafts), engine, unrelated=True), None, tell, cancellation)
    return [_carried_out(one, drafts[number]) for number, one in enumerate(changed)]


def foreseen(changed: Sequence[Changed], able: bool) -> tuple[list[Catalog], tuple[Catalog, ...]]:
    """The catalogs as `reuse` will leave them, with the source in the place of each new sentence, and what it will ask: the new
    sentences, nothing where all plans are carried out. `able`: there is an engine."""
    asked = tuple(_asked(one) for one in changed)
    echoed = [replace(one, units=tuple(replace(u, target=u.source) for u in one.units if able)) for one in asked]
    wanted = any(plan.keeps and plan.new for one in changed for plan in one.open)
    made = [_carried_out(one, known) for one, known in zip(changed, echoed, strict=True)]
    return made, asked if wanted and able else ()


def unsure(changed: Sequence[Changed]) -> list[Catalog]:
    """The old sentences that `evidence` asks an engine for: a catalog of them for each catalog; empty where there are none."""
    asked = [_catalog((text for texts in _unsure(one).values() for text in texts), one.catalog) for one in changed]
    return asked if any(one.units for one in asked) else []


def evidence(
    changed: Sequence[Changed], engine: Engine, tell: Sink = ignore, cancellation: Cancellation | None = None
) -> list[Drafted]:
    """For each catalog, by the hashes of old sources of which it is not certain whose translation is whose, and no draft is known,
    what the engine makes of their sentences: evidence of what the reviewed sentences say; empty for a draft that is refused."""
    asked = unsure(changed)
    if not asked:
        return [{} for _ in changed]
    made = draft(Job(tuple(asked), engine, unrelated=True), None, tell, cancellation)
    found: list[Drafted] = []
    for one, drafts in zip(changed, made, strict=True):
        known = {unit.source: unit.target for unit in drafts.units}
        found.append({text_hash(source): [known[text] for text in texts] for source, texts in _unsure(one).items()})
    return found


def _unsure(one: Changed) -> dict[str, list[str]]:
    """Old sources, and their sentences."""
    sources = dict.fromkeys(plan.unit.previous_source for plan in one.open if one.asks(plan))
    catalog = one.catalog
    return {source: sentence_texts(source, catalog.source_language, catalog.markup) for source in sources}


def _asked(one: Changed) -> Catalog:
    """A catalog of the new sentences, each once."""
    return _catalog((text for plan in one.plans if plan.keeps for text in plan.new), one.catalog)


def _catalog(texts: Iterable[str], like: Catalog) -> Catalog:
    """A catalog of texts that are to be drafted, each once."""
    metadata = {key: value for key, value in like.metadata.items() if key == "X-Lokta-Markup"}
    return replace(like, units=tuple(map(Unit, dict.fromkeys(texts))), metadata=metadata, raw="")


def _carried_out(one: Changed, drafts: Catalog) -> Catalog:
    known = {unit.source: unit for unit in drafts.units if unit.target}
    done = {}
    for plan in one.open:
        if not plan.keeps:
            done[plan.unit.key] = left_as_it_was(plan, one.witness if one.asks(plan) else "")
            continue
        ready = all(source in known for source in plan.new)
        if ready and (unit := _put_together(plan, known, one.catalog)) is not None:
            done[plan.unit.key] = unit
    units = tuple(done.get(unit.key, unit) if not unit.obsolete else unit for unit in one.catalog.units)
    return replace(one.catalog, units=units) if done else one.catalog


def _put_together(plan: Plan, known: dict[str, Unit], catalog: Catalog) -> Unit | None:
    """The unit, with the target language's joiner between the sentences; None where its inline codes would not fit."""
    text, names = "", []
    for number, piece in enumerate(plan.pieces):
        words, before = piece.kept, piece.before
        if not piece.kept:
            (source,) = piece.sources
            made = known[source]
            words = made.target
            names += [line for line in made.provenance if line.kind == "mt"]
        gap = piece.gap
        if number and before is not None and not gap.strip():
            gap = before
        elif number and not gap.strip():
            gap = between(text, words, catalog.target_language)
        text += gap + words
    text += plan.tail
    if codes.compare(plan.unit.source, text, catalog.markup):
        return None
    line = names[0] if names else None
    return put_together(plan, text, line.get("engine") if line else "", line.get("model") if line else "")
