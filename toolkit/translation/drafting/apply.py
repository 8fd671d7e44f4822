"""What becomes of a unit when its answers are in: a draft with its provenance line, or the reason why there is none."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace

from toolkit import codes
from toolkit.catalog.provenance import fitted
from toolkit.catalog.reuse import sentence_texts
from toolkit.language import language
from toolkit.quality.text import polished
from toolkit.translation.drafting.joining import between
from toolkit.translation.drafting.layout import Plan
from toolkit.translation.drafting.reference import Reference
from toolkit.units import Answer, Catalog, Identity, Match, ProvenanceLine, Refusal, Unit, fold, text_hash

Update = Callable[[Unit], Unit]
"""Writes a draft, or its refusal, into the unit as it stands by then."""


def update(
    plan: Plan, answers: Mapping[int, Answer], catalog: Catalog, signature: Identity, verbatim: bool = False
) -> Update | None:
    """Turn a plan's answers into an update of its unit; None where an answer is missing, or a memory's has other codes.

    `signature` signs a unit that had nothing to ask; `verbatim`: no typographic post-editing.
    """
    given = [answers[number] for number in plan.asks]
    refusal = next((answer for answer in given if isinstance(answer, Refusal)), None)
    if refusal is not None:
        return _refused(refusal, plan.reference)
    matches = [answer for answer in given if isinstance(answer, Match)]
    if len(matches) < len(given):
        return None
    match = _summed(matches) if matches else Match("", "mt", signature.engine, None, signature.model)
    target = _joined(plan, answers, catalog.target_language)
    if not verbatim:
        target = polished(
            unicodedata.normalize("NFC", target), plan.unit.source, catalog.markup, language(catalog.target_language)
        )
    if codes.compare(plan.unit.source, target, catalog.markup):
        if match.type == "tm":
            return None
        target, remarks = _mended(target, plan.unit.source, catalog)
        match = replace(match, remarks=match.remarks + remarks)
        if codes.compare(plan.unit.source, target, catalog.markup):
            return _refused(Refusal(match.origin, match.model, "inline codes came back wrong"), plan.reference)
    reference = plan.reference if plan.reference and match.reference_language == plan.reference.language else None
    return lambda unit: with_draft(unit, target, match, reference)


def with_draft(unit: Unit, target: str, match: Match, reference: Reference | None = None) -> Unit:
    """The unit with a target that nobody approved yet, signed by its maker, with the reference that helped."""
    if match.type == "tm":
        said = {"match": f"{match.score or 0:.0f}", "origin": match.origin, "hash": text_hash(target)}
    else:
        score = "" if match.score is None else f"{match.score:.3f}"
        said = {"engine": match.origin, "model": match.model, "score": score, "hash": text_hash(target)}
        said |= {"via": match.via, "examples": str(match.examples or ""), **_helped(reference)}
        said |= {"note": "; ".join(dict.fromkeys(match.remarks))}
    return unit.drafted(target, _line("tm" if match.type == "tm" else "mt", said))


def _refused(refusal: Refusal, reference: Reference | None) -> Update:
    """The unit stays as it was, with the reason why it has no new draft."""
    said = {"engine": refusal.origin, "model": refusal.model, **_helped(reference), "why": refusal.why}
    return lambda unit: unit.with_lines(_line("refused", said))


def _helped(reference: Reference | None) -> dict[str, str]:
    return {"second": reference.language, "second-hash": reference.hash} if reference is not None else {}


def _line(kind: str, said: Mapping[str, str]) -> ProvenanceLine:
    return ProvenanceLine(kind, tuple((key, fitted(kind, key, value)) for key, value in said.items() if value))


def _summed(matches: list[Match]) -> Match:
    """One match for the unit: the worst sentence's score, everybody's remarks."""
    scores = [match.score for match in matches if match.score is not None]
    remarks = tuple(dict.fromkeys(remark for match in matches for remark in match.remarks))
    examples = max(match.examples for match in matches)
    return replace(matches[0], score=min(scores, default=None), remarks=remarks, examples=examples)


def sentences_of(plan: Plan, answers: Mapping[int, Answer], catalog: Catalog) -> tuple[str, ...]:
    """The draft of each sentence of a unit of several; empty where it is not known which is whose, or something is missing."""
    given = [answers[piece] if isinstance(piece, int) else piece for _, piece in plan.pieces]
    if len(given) == 1 and isinstance(whole := given[0], Match):
        sources = sentence_texts(plan.unit.source, catalog.source_language, catalog.markup)
        same = [fold(source) for source, _ in whole.sentences] == [fold(source) for source in sources]
        return tuple(target for _, target in whole.sentences) if same and len(sources) > 1 else ()
    texts = [one.target if isinstance(one, Match) else one if isinstance(one, str) else "" for one in given]
    return tuple(unicodedata.normalize("NFC", text) for text in texts) if len(texts) > 1 and all(texts) else ()


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
