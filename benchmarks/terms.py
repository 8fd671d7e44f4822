"""Terms in drafts, with and without binding: 200 sentences made of templates and the starter list's names (fixed seed).

Prints, for each engine that this machine has for en -> zh-Hans, a row for each way: the share of terms that the drafts have in an
accepted rendering, the share of sentences that have all of theirs, chrF2 against the template's translation, and the time beside
plain drafting. `none` is the engine alone; `told` an engine that takes terms itself; the others are the ways of
translation/wrappers/terms.py, alone and one after the other. An argument takes fewer sentences.

    python -m benchmarks.terms [SENTENCES] [ENGINE…]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from toolkit.language import language
from toolkit.memory.glossary import Glossary, glossary, places
from toolkit.memory.terms import Term
from toolkit.models.families import Families
from toolkit.pipeline.terms import starter
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers import BoundTerms
from toolkit.translation.wrappers.terms import Way
from toolkit.units import Engine, LanguagePair, Match, Request

PAIR = LanguagePair("en", "zh-Hans")
SEED = 23
_ORDERS: tuple[tuple[Way, ...], ...] = (
    ("placeholder",),
    ("inline",),
    ("constrained",),
    ("inline", "placeholder"),
    ("inline", "constrained", "placeholder"),
    ("constrained", "inline", "placeholder"),
)
PEOPLE, PLACES, BODIES, THINGS = "people", "places", "bodies", "things"
TEMPLATES = (
    ("{people} arrived in {places} on Monday.", "{people}星期一抵达{places}。"),
    ("{people} met {people2} in {places}.", "{people}在{places}会见了{people2}。"),
    ("{bodies} said the situation in {places} is getting worse.", "{bodies}说，{places}的局势正在恶化。"),
    ("Officials from {places} and {places2} will meet next week.", "{places}和{places2}的官员将于下周会面。"),
    ("The report was published by {bodies} on Friday.", "这份报告由{bodies}星期五发表。"),
    ("{bodies} called for talks on {things}.", "{bodies}呼吁就{things}举行会谈。"),
    ("{people} said {things} is the most important question.", "{people}说，{things}是最重要的问题。"),
    ("Many people in {places} are worried about {things}.", "{places}的许多人对{things}感到担忧。"),
    (
        "A spokesman for {bodies} declined to comment on {people}'s visit.",
        "{bodies}的发言人拒绝对{people}的访问发表评论。",
    ),
    ("The two sides discussed {things} during a meeting in {places}.", "双方在{places}的会议上讨论了{things}。"),
    (
        "According to {bodies}, the river in {places} has risen by two metres.",
        "据{bodies}报道，{places}的河水上涨了两米。",
    ),
    ("{people} will travel to {places} and {places2} in July.", "{people}将于七月前往{places}和{places2}。"),
    ("Students in {places} wrote a letter to {people}.", "{places}的学生给{people}写了一封信。"),
    ("{places} has closed its border with {places2}.", "{places}关闭了与{places2}的边界。"),
    ("The economy of {places} grew by five percent, {bodies} said.", "{bodies}说，{places}的经济增长了百分之五。"),
    ('"We will not give up," {people} told reporters in {places}.', "“我们不会放弃，”{people}在{places}对记者说。"),
)


def sentences(count: int) -> list[tuple[str, str]]:
    """Sources and reference translations."""
    groups = grouped(starter().terms)
    chance = random.Random(SEED)
    found: dict[str, str] = {}
    while len(found) < count:
        template, translation = chance.choice(TEMPLATES)
        chosen = {name: chance.sample(terms, 2) for name, terms in groups.items()}
        said = {name: two[0] for name, two in chosen.items()} | {f"{name}2": two[1] for name, two in chosen.items()}
        source = template.format(**{name: _in_text(term, name) for name, term in said.items()})
        reference = translation.format(
            **{name: term.renderings[PAIR.target].accepted[0] for name, term in said.items()}
        )
        found[source[0].upper() + source[1:]] = reference
    return list(found.items())


def grouped(terms: Sequence[Term]) -> dict[str, list[Term]]:
    """The starter list's rows by what they can be in a sentence: it holds people first, then places, bodies and words."""
    order = [term.source for term in terms]
    places_at, bodies_at = order.index("China"), order.index("United Nations")
    things_at = order.index("human rights")
    return {
        PEOPLE: list(terms[:places_at]),
        PLACES: list(terms[places_at:bodies_at]),
        BODIES: list(terms[bodies_at:things_at]),
        THINGS: list(terms[things_at:]),
    }


def _in_text(term: Term, name: str) -> str:
    article = ("the " if not term.source.isupper() else "") if name.startswith(BODIES) else ""
    return article + term.source


def main(count: int, specs: Sequence[str]) -> None:
    """Print the table."""
    known = glossary(starter().terms, PAIR)
    pairs = sentences(count)
    asked = [Request(source, terms=known.requested(source)) for source, _ in pairs]
    print(f"{len(pairs)} sentences, {sum(len(one.terms) for one in asked)} terms, {PAIR}, seed {SEED}")
    print(f"{'engine':<28}{'way':<34}{'terms':>8}{'sentences':>11}{'chrF2':>8}{'time':>7}")
    with tempfile.TemporaryDirectory() as folder:
        resources = Resources(engines(), Families(None), {}, DraftCache(Path(folder) / "drafts.db"))
        for spec in specs or ("",):
            engine = pick(spec, PAIR, Options(), resources)
            if engine is None:
                print(f"{spec or 'any'}: nothing installed")
                continue
            _engine(engine, asked, [reference for _, reference in pairs], known)


def _engine(engine: Engine, asked: Sequence[Request], references: Sequence[str], known: Glossary) -> None:
    bare = [Request(one.source) for one in asked]
    ways: dict[str, tuple[Engine, Sequence[Request]]] = {"none": (engine, bare)}
    if isinstance(engine, BoundTerms):
        able = [way for way in _ORDERS if "constrained" not in way or engine.inner.abilities.constrained]
        ways |= {"+".join(order): (BoundTerms(engine.inner, order), asked) for order in able}
    else:
        ways["told"] = (engine, asked)
    engine.load()
    plain = 0.0
    alone: dict[str, float] = {}
    for way, (made, requests) in ways.items():
        start = time.monotonic()
        drafts = [answer.target if isinstance(answer, Match) else "" for answer in made.translate(requests, PAIR)]
        took = time.monotonic() - start
        plain = plain or took
        # Plain drafts come from the cache after the first row, and so does what an order asks first, which was asked alone.
        alone[way] = took
        share = 1.0 if way == "none" else (plain + took + alone.get(way.partition("+")[0], 0.0) * ("+" in way)) / plain
        terms, whole, chrf = scores(asked, drafts, references, known)
        print(f"{engine.name:<28}{way:<34}{terms:>8.1%}{whole:>11.1%}{chrf:>8.1f}{share:>6.2f}x", flush=True)


def scores(
    asked: Sequence[Request], drafts: Sequence[str], references: Sequence[str], known: Glossary
) -> tuple[float, float, float]:
    """The share of terms, and of sentences with all their terms, that drafts have in an accepted rendering; chrF2."""
    from sacrebleu.metrics.chrf import CHRF

    spoken = language(PAIR.target)
    kept = total = whole = 0
    for request, draft in zip(asked, drafts, strict=True):
        right = [any(places(draft, form, spoken) for form in hit.accepted) for hit in known.find(request.source)]
        kept += sum(right)
        total += len(right)
        whole += all(right)
    chrf = CHRF().corpus_score(list(drafts), [list(references)]).score
    return kept / total, whole / len(asked), chrf


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    main(numbers[0] if numbers else 200, [one for one in sys.argv[1:] if not one.isdecimal()])
