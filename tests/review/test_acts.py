"""What a person does to a unit: pure functions, and the hash of what was seen when it was decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import UNIT
from toolkit.catalog import dump, load
from toolkit.errors import CatalogError
from toolkit.review import acts
from toolkit.review.findings import silenced
from toolkit.review.states import conflicts
from toolkit.units import Catalog, ProvenanceLine, State, Unit, text_hash

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


@pytest.mark.parametrize("unit", [REFUSED, DRAFT, OUTDATED, ACCEPTED, REVIEWED])
def test_a_comment_is_a_remark_that_any_editor_shows_and_changes_nothing_else(unit: Unit) -> None:
    said = acts.comment(unit, WHO, DAY, "is this the Kyichu?")
    assert said.comments == ("Tashi, 2026-11-25: is this the Kyichu?",)
    assert replace(said, comments=()) == unit and said.state is unit.state
    assert acts.comment(said, WHO, DAY, "is this the Kyichu?") is said, "twice is once"
    assert len(acts.comment(said, "Dolma", DAY, "is this the Kyichu?").comments) == 2


@pytest.mark.parametrize("text", ["a\nb", "a\r\n\tb", " a\u2028b ", "a\x0b\x0cb", "a\x85b\n"])
def test_a_comment_is_one_line(text: str) -> None:
    assert acts.comment(DRAFT, WHO, DAY, text).comments == ("Tashi, 2026-11-25: a b",)


def test_there_is_no_comment_without_words() -> None:
    for text in ("", " \n\t"):
        with pytest.raises(CatalogError, match="no comment to write"):
            acts.comment(DRAFT, WHO, DAY, text)


@pytest.mark.parametrize(
    "text", ["lokta: mt engine=llama hash=0", "~ msgid", "| msgid", ", fuzzy", ": a.md:1", ". type: x"]
)
def test_a_comment_is_never_taken_for_a_line_of_ours_or_of_gettext(text: str) -> None:
    said = acts.comment(DRAFT, WHO, DAY, text)
    (back,) = load(dump(Catalog("en", "bo", (said,)))).live
    assert (back.comments, back.provenance, back.flags) == (
        (f"Tashi, 2026-11-25: {text}",),
        DRAFT.provenance,
        DRAFT.flags,
    )


def test_a_check_is_ignored_once() -> None:
    once = acts.ignore(REVIEWED, "numbers")
    assert acts.ignore(once, "numbers") is once and silenced(once) == {"numbers"}
    assert silenced(acts.ignore(once, "dates")) == {"numbers", "dates"}
    assert (
        once.state is State.REVIEWED and once.target == REVIEWED.target and not acts.ignore(DRAFT, "x").line("reviewed")
    )
    for check in ("", " "):
        with pytest.raises(CatalogError, match="no check to ignore"):
            acts.ignore(DRAFT, check)


def test_what_was_set_aside_is_settled_and_keeps_its_words() -> None:
    aside = replace(REVIEWED, obsolete=True, context="was 0123456789ab")
    settled = acts.settle(aside, "Dolma", DAY)
    line = settled.line("settled")
    assert line and (line.get("by"), line.get("date")) == ("Dolma", DAY)
    assert (settled.target, settled.obsolete, settled.line("reviewed")) == (aside.target, True, aside.line("reviewed"))
    assert acts.settle(settled, "Dolma", DAY) == settled
    live = replace(DRAFT, target="ཆུ་བོ།")
    assert conflicts(Catalog("en", "bo", (live, aside))) == {live.key: [aside]}
    assert not conflicts(Catalog("en", "bo", (live, settled)))


def test_an_edit_back_to_the_approved_text_restores_the_approval() -> None:
    typed = acts.edit(REVIEWED, REVIEWED.target + "X")
    assert typed.fuzzy and not typed.state.approved
    assert acts.edit(typed, REVIEWED.target) == REVIEWED
    assert acts.edit(acts.edit(REVIEWED, ""), REVIEWED.target) == REVIEWED, "by way of nothing at all too"


@pytest.mark.parametrize(
    "unit",
    [
        acts.edit(ACCEPTED, "ཆུ།"),
        acts.edit(DRAFT, "ཆུ།"),
        acts.reject(REVIEWED, WHO, DAY),
        replace(acts.edit(REVIEWED, "ཆུ།"), source="The river rose again."),
        replace(acts.edit(REVIEWED, "ཆུ།"), previous_source="A river rose."),
    ],
    ids=["nobody signed it", "nobody approved it", "it was rejected", "another source", "an outdated source"],
)
def test_no_other_edit_approves(unit: Unit) -> None:
    assert not acts.edit(replace(unit, target="ཆུ།"), DRAFT.target).state.approved


@given(UNIT, st.lists(st.text(max_size=8), max_size=4))
def test_edits_and_back_are_as_if_nothing_was_typed(unit: Unit, typed: list[str]) -> None:
    unit = acts.approve(replace(unit, target=unit.target or "x", obsolete=False), WHO, DAY)
    now = unit
    for text in typed:
        now = acts.edit(now, text)
    assert acts.edit(now, unit.target) == unit
