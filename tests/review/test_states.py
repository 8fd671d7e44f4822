"""The states that a reviewer sees, over entries as catalogs hold them (`states.po`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit import catalog as catalogs
from toolkit.review.states import Shown, as_drafted, conflicts, origin, shown_state
from toolkit.units import Catalog, Unit, text_hash

CATALOG = catalogs.read_catalog(Path(__file__).with_name("states.po"))
LIVE = tuple(CATALOG.live)


def expected(unit: Unit) -> tuple[str, str]:
    """State and origin, as the context of an entry says them."""
    state, where = unit.context.partition(":")[0].split(", ")
    return state, "" if where == "nowhere" else where


@pytest.mark.parametrize("unit", LIVE, ids=lambda unit: unit.context)
def test_what_a_reviewer_is_told(unit: Unit) -> None:
    assert (shown_state(unit, unit.key in conflicts(CATALOG)), origin(unit)) == expected(unit)


@pytest.mark.parametrize("unit", LIVE, ids=lambda unit: unit.context)
def test_as_drafted_is_what_no_person_wrote(unit: Unit) -> None:
    assert as_drafted(unit) is (expected(unit)[1] in ("machine", "memory", "conversion"))


def test_every_state_is_in_the_table() -> None:
    assert {expected(unit)[0] for unit in LIVE} == set(Shown)


def test_what_was_set_aside_is_told_in_the_order_of_the_catalog() -> None:
    aside = {key.source: [unit.target for unit in units] for key, units in conflicts(CATALOG).items()}
    assert aside == {
        "Two people.": ["甲。"],
        "Two people, one of them with nothing.": ["甲。"],
        "A person and a machine.": ["人写的。"],
        "Three people.": ["乙。"],
    }


def test_a_conflict_hides_no_state_for_good() -> None:
    unit = next(unit for unit in LIVE if unit.source == "Two people.")
    assert shown_state(unit, in_conflict=True) is Shown.CONFLICT
    assert shown_state(unit) is Shown.CHANGED, "its signature is another's"


def test_units_of_one_msgid_have_conflicts_of_their_own() -> None:
    live = [Unit("Open", "甲", context=context) for context in ("menu", "door")]
    aside = Unit("Open", "乙", context=f"was {text_hash('menuOpen乙')}", obsolete=True)
    assert conflicts(Catalog("en", "zh-Hans", (*live, aside))) == {live[0].key: [aside]}
