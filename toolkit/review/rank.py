"""What a person should look at first: the drafts that most likely hold a mistake, with the reasons.

The order is a heuristic: 1 - product of (1 - p) over the findings, the state and the model's own doubt.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.review.findings import find
from toolkit.units import Catalog, Check, State, Unit

_SEVERITY = {"error": 0.9, "warning": 0.3, "info": 0.1}
_STATE = {State.INITIAL: 0.5, State.OUTDATED: 0.5, State.DRAFT: 0.1}
_DOUBT = 0.5
"""Weight of the model's own score: this for the worst draft of a model in the catalog, 0 for the best."""
_SHOWN_DOUBT = 0.75
"""Drafts of the least sure quarter have it named as a reason."""
_WEIGHTY = ("title", "heading")


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A paragraph that waits for a person."""

    unit: Unit
    risk: float
    """0 to 1; rounded, so that the order is the same on every machine."""
    reasons: tuple[str, ...]


def rank(catalog: Catalog, checks: Mapping[str, Check]) -> tuple[QueueItem, ...]:
    """The live units that nobody has approved, riskiest first; equal risks keep the catalog's order."""
    scores = _scores(catalog)
    items = [_weigh(unit, catalog, checks, scores) for unit in catalog.live if not unit.state.approved]
    return tuple(sorted(items, key=lambda item: -item.risk))


def _weigh(
    unit: Unit, catalog: Catalog, checks: Mapping[str, Check], scores: Mapping[tuple[str, str], list[float]]
) -> QueueItem:
    found = [(name, finding) for name, finding in find(unit, catalog, checks) if name not in ("empty", "outdated")]
    sure = 1 - _STATE[unit.state]
    reasons = {
        State.INITIAL: ["not translated yet"],
        State.OUTDATED: ["the source changed since"],
        State.DRAFT: [],
    }[unit.state]
    for _, finding in found:
        sure *= 1 - _SEVERITY[finding.severity]
        reasons.append(finding.message)
    doubt = _doubt(unit, scores)
    sure *= 1 - _DOUBT * doubt
    if doubt >= _SHOWN_DOUBT:
        reasons.append("the model was less sure of this than of most")
    if unit.type in _WEIGHTY:
        sure *= 0.9
        reasons.append(f"{unit.type}: everybody reads it")
    return QueueItem(unit, round(1 - sure, 4), tuple(reasons) or ("draft",))


def _scores(catalog: Catalog) -> dict[tuple[str, str], list[float]]:
    """All scores by engine and model, sorted; scores of two models cannot be compared."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for unit in catalog.live:
        key, score = _score(unit)
        if score is not None:
            scores[key].append(score)
    return {key: sorted(found) for key, found in scores.items()}


def _doubt(unit: Unit, scores: Mapping[tuple[str, str], list[float]]) -> float:
    """Share of its model's drafts in this catalog that score better: 0 for the best draft, near 1 for the worst."""
    key, score = _score(unit)
    if score is None or len(scores[key]) < 2:
        return 0.0
    return (len(scores[key]) - bisect_right(scores[key], score)) / (len(scores[key]) - 1)


def _score(unit: Unit) -> tuple[tuple[str, str], float | None]:
    mark = unit.mark("mt")
    if mark is None or not unit.target:
        return ("", ""), None
    try:
        return (mark.get("engine"), mark.get("model")), float(mark.get("score"))
    except ValueError:
        return ("", ""), None
