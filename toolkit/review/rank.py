"""The review queue: units that nobody has approved, those most likely to hold a mistake first, with the reasons.

The risk is a heuristic: 1 - product of (1 - p) over the findings, the unit's state and the model's own score.
"""

from __future__ import annotations

import contextlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from toolkit.review.findings import find
from toolkit.units import Catalog, Check, State, Unit, UnitKey

_SEVERITY = {"error": 0.9, "warning": 0.3, "info": 0.1}
_STATE = {State.INITIAL: 0.5, State.OUTDATED: 0.5, State.DRAFT: 0.1}
_STATE_REASONS = {State.INITIAL: "not translated yet", State.OUTDATED: "the source changed since"}
_UNCERTAINTY = 0.5
"""Weight of the model's own score: this for the worst draft of a model in the catalog, 0 for the best."""
_SHOWN_UNCERTAINTY = 0.75
"""From this share of better drafts on, the model's uncertainty is named as a reason."""
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
    doubts = _doubts(catalog)
    items = [
        _weigh(unit, catalog, checks, doubts.get(unit.key, 0.0)) for unit in catalog.live if not unit.state.approved
    ]
    return tuple(sorted(items, key=lambda item: -item.risk))


def _weigh(unit: Unit, catalog: Catalog, checks: Mapping[str, Check], uncertainty: float) -> QueueItem:
    """The unit with its risk and the reasons; `uncertainty` is the share of its model's drafts that score better."""
    reasons = [_STATE_REASONS[unit.state]] if unit.state in _STATE_REASONS else []
    sure = (1 - _STATE[unit.state]) * (1 - _UNCERTAINTY * uncertainty)
    for name, finding in find(unit, catalog, checks):
        if name not in ("empty", "outdated"):  # the state says that already
            sure *= 1 - _SEVERITY[finding.severity]
            reasons.append(finding.message)
    if uncertainty >= _SHOWN_UNCERTAINTY:
        reasons.append("the model was less sure of this than of most")
    if unit.type in _WEIGHTY:
        sure *= 0.9
        reasons.append(f"{unit.type}: everybody reads it")
    return QueueItem(unit, round(1 - sure, 4), tuple(reasons) or ("draft",))


def _doubts(catalog: Catalog) -> dict[UnitKey, float]:
    """Unit -> share of its model's drafts in this catalog that score better: 0 for the best, 1 for the worst.

    Scores are compared within one model only; units without a score are left out.
    """
    scores: dict[tuple[str, str], dict[UnitKey, float]] = defaultdict(dict)
    for unit in catalog.live:
        line = unit.line("mt")
        if line is not None and unit.target:
            with contextlib.suppress(ValueError):
                scores[line.get("engine"), line.get("model")][unit.key] = float(line.get("score"))
    doubts: dict[UnitKey, float] = {}
    for found in scores.values():
        ordered = sorted(found.values())
        others = max(len(ordered) - 1, 1)
        doubts |= {key: (len(ordered) - bisect_right(ordered, score)) / others for key, score in found.items()}
    return doubts
