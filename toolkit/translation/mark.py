"""What becomes of a unit when its answers are in: a draft with the line that says who made it, or the reason for none."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from toolkit import codes
from toolkit.hashing import text_hash
from toolkit.language import language
from toolkit.language.typography import polish
from toolkit.translation.identity import Identity
from toolkit.translation.joining import between
from toolkit.translation.plan import Plan
from toolkit.translation.second import Second, took
from toolkit.units import Answer, Catalog, Engine, Mark, Match, Refusal, Unit

Outcome = Callable[[Unit], Unit]
"""Writes a draft, or its refusal, into the unit as it stands by then."""

_MADE = ("mt", "tm", "convert", "refused")


def outcome(
    plan: Plan, answers: Mapping[int, Answer], catalog: Catalog, engine: Engine, signature: Identity
) -> Outcome | None:
    """What the answers to a plan's requests make of its unit; None leaves it alone.

    `signature` signs a unit that had nothing to ask. A memory whose codes are not those of the unit is no answer.
    """
    given = [answers[number] for number in plan.asks]
    for answer in given:
        if isinstance(answer, Refusal):
            return _refused(answer, plan.second)
    matches = [answer for answer in given if isinstance(answer, Match)]
    if len(matches) < len(given):
        return None
    match = _summed(matches) if matches else Match("", "mt", signature.engine, None, signature.model)
    target = _joined(plan, answers, catalog.target_language)
    if not getattr(engine, "verbatim", False):
        target = _polished(unicodedata.normalize("NFC", target), plan.unit.source, catalog)
    if codes.compare(plan.unit.source, target, catalog.markup):
        if match.type == "tm":
            return None
        target, remarks = _mended(target, plan.unit.source, catalog)
        match = replace(match, remarks=match.remarks + remarks)
        if codes.compare(plan.unit.source, target, catalog.markup):
            return _refused(Refusal(match.origin, match.model, "inline codes came back wrong"), plan.second)
    helped = plan.second is not None and bool(given) and took(engine, match, plan.second.language)
    return lambda unit: with_draft(unit, target, match, plan.second if helped else None)


def with_draft(unit: Unit, target: str, match: Match, second: Second | None = None) -> Unit:
    """The unit with a target that nobody approved yet, signed by its maker, with the second source that helped."""
    if match.type == "tm":
        said = {"match": f"{match.score or 0:.0f}", "origin": match.origin, "hash": text_hash(target)}
    else:
        score = "" if match.score is None else f"{match.score:.3f}"
        said = {"engine": match.origin, "model": match.model, "score": score, "hash": text_hash(target)}
        said |= {"via": match.via, **_helped(second), "note": "; ".join(dict.fromkeys(match.remarks))}
    drafted = replace(unit, target=target, previous_source="")
    return drafted.marked(_mark("tm" if match.type == "tm" else "mt", said), without=_MADE).flagged("fuzzy")


def _refused(refusal: Refusal, second: Second | None) -> Outcome:
    """The unit stays as it was, with the reason why it has no new draft."""
    said = {"engine": refusal.origin, "model": refusal.model, **_helped(second), "why": refusal.why}
    return lambda unit: unit.marked(_mark("refused", said))


def _helped(second: Second | None) -> dict[str, str]:
    return {"second": second.language, "second-hash": second.hash} if second is not None else {}


def _mark(kind: str, said: Mapping[str, str]) -> Mark:
    return Mark(kind, tuple((key, value) for key, value in said.items() if value))


def _summed(matches: list[Match]) -> Match:
    """One match for the unit: the worst sentence's score, everybody's remarks."""
    scores = [match.score for match in matches if match.score is not None]
    remarks = tuple(dict.fromkeys(remark for match in matches for remark in match.remarks))
    return replace(matches[0], score=min(scores, default=None), remarks=remarks)


def _joined(plan: Plan, answers: Mapping[int, Answer], target_language: str) -> str:
    """The sentences' targets with the target language's joiner where the source had nothing but blanks."""
    text = ""
    for index, (gap, piece) in enumerate(plan.pieces):
        answer = answers[piece] if isinstance(piece, int) else None
        words = answer.target if isinstance(answer, Match) else str(piece)
        if index and text[-1:].isspace():
            gap = ""  # a hard break of Markdown ends its sentence
        elif index and not gap.strip():
            gap = between(text, words, target_language)
        text += gap + words
    return text + plan.tail


def _mended(target: str, source: str, catalog: Catalog) -> tuple[str, tuple[str, ...]]:
    """The target with all its codes taken out and put back in proportion to the source, and remarks on each."""
    found = codes.find(source, catalog.markup)
    for code in sorted(found, key=lambda code: code.start - code.end):
        target = target.replace(source[code.start : code.end], "", 1)
    return codes.restore(target, codes.strip(source, found))


def _polished(target: str, source: str, catalog: Catalog) -> str:
    """The target in its language's typography; as the engine wrote it where the rules would touch a code."""
    spans = [(code.start, code.end) for code in codes.find(target, catalog.markup)]
    better = polish(target, language(catalog.target_language), spans)
    return target if better != target and codes.compare(source, better, catalog.markup) else better
