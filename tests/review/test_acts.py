"""What a person does to a unit: pure functions, and the hash of what was seen when it was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import UNIT
from toolkit.errors import CatalogError
from toolkit.review import acts
from toolkit.units import ProvenanceLine, State, Unit, text_hash

WHO, DAY = "Tashi", "2026-11-25"
DRAFT = Unit("The river rose.").drafted("ཆུ་རྒྱས།", ProvenanceLine("mt", (("engine", "m"), ("hash", text_hash("ཆུ་རྒྱས།")))))
OUTDATED = replace(DRAFT, previous_source="A river rose.")
ACCEPTED = DRAFT.flagged("fuzzy", on=False)
REVIEWED = acts.approve(DRAFT, WHO, DAY)
REFUSED = Unit("The river rose.").with_lines(ProvenanceLine("refused", (("engine", "m"), ("why", "it is bad"))))


def test_where_each_begins() -> None:
    states = [unit.state for unit in (REFUSED, DRAFT, OUTDATED, ACCEPTED, REVIEWED)]
    assert states == [State.INITIAL, State.DRAFT, State.OUTDATED, State.ACCEPTED, State.REVIEWED]


@pytest.mark.parametrize("unit", [DRAFT, OUTDATED, ACCEPTED, REVIEWED])
def test_an_approval_is_signed(unit: Unit) -> None:
    approved = acts.approve(unit, WHO, DAY)
    assert approved.state is State.REVIEWED and not approved.machine and not approved.previous_source
    line = approved.line("reviewed")
    assert line and (line.get("by"), line.get("date")) == (WHO, DAY)
    assert approved.target == unit.target and approved.line("mt") == unit.line("mt")


def test_nothing_cannot_be_approved_or_rejected() -> None:
    with pytest.raises(CatalogError, match="no translation to approve"):
        acts.approve(REFUSED, WHO, DAY)
    with pytest.raises(CatalogError, match="no translation to reject"):
        acts.reject(REFUSED, WHO, DAY)


@pytest.mark.parametrize("unit", [REFUSED, DRAFT, OUTDATED, ACCEPTED, REVIEWED])
def test_words_of_a_person_wait_for_an_approval_and_are_no_machines(unit: Unit) -> None:
    edited = acts.edit(unit, "ཆུ་བོ་རྒྱས་སོང་།")
    assert edited.target == "ཆུ་བོ་རྒྱས་སོང་།" and not edited.state.approved and not edited.machine
    assert not edited.line("refused"), "it has words now"
    assert acts.approve(edited, WHO, DAY).state is State.REVIEWED
    assert acts.edit(unit, unit.target) is unit, "the same words are no edit"


def test_words_may_be_taken_out() -> None:
    assert acts.edit(REVIEWED, "").state is State.INITIAL
    assert not acts.edit(REVIEWED, "").fuzzy


@pytest.mark.parametrize("unit", [DRAFT, OUTDATED, ACCEPTED, REVIEWED])
def test_what_is_rejected_needs_work_and_keeps_its_words(unit: Unit) -> None:
    rejected = acts.reject(unit, WHO, DAY)
    assert rejected.target == unit.target and rejected.fuzzy and not rejected.state.approved
    line = rejected.line("needs-work")
    assert line and (line.get("by"), line.get("date")) == (WHO, DAY)
    assert not rejected.line("reviewed")
    assert acts.reject(rejected, WHO, DAY) == rejected


def test_a_name_goes_under_what_was_approved_without_one() -> None:
    signed = acts.sign_accepted(ACCEPTED, WHO, DAY)
    line = signed.line("reviewed")
    assert signed.state is State.REVIEWED and line and line.get("by") == WHO
    for unit in (REFUSED, DRAFT, OUTDATED, REVIEWED, replace(ACCEPTED, obsolete=True)):
        assert acts.sign_accepted(unit, "somebody else", DAY) is unit


CHANGES = {
    "words": replace(DRAFT, target="ཆུ་བོ།"),
    "source": replace(DRAFT, source="The river fell."),
    "context": replace(DRAFT, context="menu"),
    "approval": ACCEPTED,
    "by whom": REVIEWED,
    "source before": OUTDATED,
    "who drafted it": replace(DRAFT, provenance=(ProvenanceLine("mt", (("engine", "other"),)),)),
    "a colleague's comment": replace(DRAFT, comments=("is this the Kyichu?",)),
    "another state": DRAFT.flagged("no-wrap"),
}


@pytest.mark.parametrize("other", CHANGES.values(), ids=CHANGES)
def test_all_that_a_reviewer_decides_by_is_seen(other: Unit) -> None:
    assert acts.seen(other) != acts.seen(DRAFT)


@given(UNIT, st.sampled_from(["locations", "notes", "raw", "obsolete"]), UNIT)
def test_what_says_nothing_of_the_words_is_not(unit: Unit, field: str, other: Unit) -> None:
    """A paragraph that moved in the article is the same to a reviewer."""
    assert acts.seen(replace(unit, **{field: getattr(other, field)})) == acts.seen(unit)


def test_what_is_seen_of_two_parts_is_not_that_of_one() -> None:
    one, two = replace(DRAFT, comments=("a", "b")), replace(DRAFT, comments=("a\0b",))
    assert acts.seen(one) != acts.seen(two)
