"""The review queue: units that nobody has approved, those most likely to hold a mistake first, with the reasons.

The risk is a heuristic: 1 - product of (1 - p) over the findings, the unit's state, the model's own score, and how far a second
engine agrees. The score counts as it is, not by its place among the scores of the article: in a short article the worst draft
may be good.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from toolkit.memory.fill import withdrawn_from
from toolkit.review.findings import Placed, find
from toolkit.review.states import conflicts
from toolkit.units import Catalog, Check, State, Unit, text_hash

_SEVERITY = {"error": 0.3, "warning": 0.05, "info": 0.0}
"""What a finding adds, by how sure it is that the text is wrong; advice adds nothing."""
_STATE = {State.INITIAL: 0.35, State.OUTDATED: 0.35, State.DRAFT: 0.1}
_WITHDRAWN = 0.35
"""For a text whose approval in another article was withdrawn."""
_CONTESTED = 0.9
"""For a text in whose place somebody else wrote another, until a person decides."""
_LONG = 200
"""Characters of a text that a reason quotes."""
_STATE_REASONS = {State.INITIAL: "not translated yet", State.OUTDATED: "the source changed since"}
_UNCERTAINTY = 0.9
"""Weight of the model's own score, which is the mean log probability of a token."""
_DISAGREEMENT = 0.9
"""Weight of a second engine's disagreement."""
_UNSURE, _APART = 0.75, 0.65
"""From these shares on, the model's doubt and the disagreement are named as reasons."""
_WEIGHTY = ("title", "heading")
_SENTENCES = {
    "kept": "these keep their reviewed translation:",
    "new": "these are new:",
    "unsure": "these did not change, but which translation is theirs is not certain:",
}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A paragraph that waits for a person."""

    unit: Unit
    risk: float
    """0 to 1; rounded, so that the order is the same on every machine."""
    reasons: tuple[str, ...]


def rank(catalog: Catalog, checks: Mapping[str, Check]) -> tuple[QueueItem, ...]:
    """The live units that nobody has approved, and those that two people translated differently and nobody decided upon, riskiest
    first; equal risks keep the catalog's order."""
    contested = conflicts(catalog)
    items = [
        _contested(weigh(unit, find(unit, catalog, checks)), contested.get(unit.key, ()))
        for unit in catalog.live
        if not unit.state.approved or unit.key in contested
    ]
    return tuple(sorted(items, key=lambda item: -item.risk))


def _contested(item: QueueItem, others: Sequence[Unit]) -> QueueItem:
    """The item with what somebody else said in the place of its target."""
    if not others:
        return item
    texts = (one.target if len(one.target) <= _LONG else f"{one.target[: _LONG - 1]}…" for one in others)
    said = tuple(f"somebody else translated it otherwise: {text}" for text in texts)
    reasons = tuple(reason for reason in item.reasons if reason != "draft")
    return QueueItem(item.unit, round(1 - (1 - item.risk) * (1 - _CONTESTED), 4), (*said, *reasons))


def weigh(unit: Unit, found: Iterable[Placed]) -> QueueItem:
    """The unit with its risk and the reasons, by what the checks found in it."""
    reasons = [_STATE_REASONS[unit.state]] if unit.state in _STATE_REASONS else []
    refused = unit.line("refused")
    if refused and not unit.target:
        reasons = [f"not translated yet; a draft was refused: {refused.get('why', 'no reason given')}"]
    reasons += _kept(unit)
    sure = 1 - _STATE.get(unit.state, 0.0)
    if article := withdrawn_from(unit):
        reasons.append(f"it came from {article}, where its approval was withdrawn")
        sure *= 1 - _WITHDRAWN
    for name, finding in found:
        if name not in ("empty", "outdated"):  # the state says that already
            sure *= 1 - _SEVERITY[finding.severity]
            if finding.severity != "info":
                reasons.append(finding.message)
    doubt, apart = _said(unit, "score"), _said(unit, "agree")
    if doubt is not None:
        doubt = 1 - math.exp(min(0.0, doubt))
        sure *= 1 - _UNCERTAINTY * doubt
        if doubt >= _UNSURE:
            reasons.append("the model was not sure of this")
    if apart is not None:
        apart = min(1.0, max(0.0, 1 - apart))
        sure *= 1 - _DISAGREEMENT * apart
        if apart >= _APART:
            line = unit.line("mt")
            reasons.append(f"{line.get('by') or 'another engine'} says it otherwise" if line else "")
    if unit.type in _WEIGHTY:
        sure *= 0.9
        reasons.append(f"{unit.type}: everybody reads it")
    return QueueItem(unit, round(1 - sure, 4), tuple(filter(None, reasons)) or ("draft",))


def _said(unit: Unit, what: str) -> float | None:
    """A number in the line of the machine that drafted the unit; None without one, or where the target is not its draft."""
    line = unit.line("mt")
    if line is not None and unit.target and unit.machine:
        with contextlib.suppress(ValueError):
            value = float(line.get(what))
            return value if math.isfinite(value) else None
    return None


def _kept(unit: Unit) -> list[str]:
    """What is said of the sentences of a changed paragraph: which keep their reviewed translation, and which are new."""
    line = unit.line("reused")
    if line is None or line.get("for") != text_hash(unit.source):
        return []
    said = [f"{what} {line.get(key)}" for key, what in _SENTENCES.items() if line.get(key)]
    return ["of its sentences, " + "; ".join(said)] if said else []
