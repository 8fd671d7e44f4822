"""Somebody saves the catalog while a machine drafts: the person's words stand, and nothing is lost on either side."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog import approve, merge, po, reconcile, take_words
from toolkit.units import Catalog, ProvenanceLine, Unit, text_hash

TEXTS = ("one", "two", "three", "four")


def draft(source: str, target: str) -> Unit:
    line = ProvenanceLine("mt", (("engine", "pseudo"), ("hash", text_hash(target))))
    return Unit(source, target, flags=("fuzzy",), provenance=(line,))


def catalog(*units: Unit) -> Catalog:
    return Catalog("en", "bo", units, {"Language": "bo"})


def test_an_approval_on_disk_wins_over_a_new_draft() -> None:
    base = catalog(Unit("one"), Unit("two"))
    ours = catalog(draft("one", "ཀ"), draft("two", "ཁ"))
    theirs = catalog(approve(Unit("one", "གཅིག"), "Tashi", "2026-11-25"), Unit("two"))
    merged, conflicts = reconcile(base, ours, theirs)
    assert [unit.target for unit in merged.units] == ["གཅིག", "ཁ"] and not conflicts


def test_two_people_are_both_kept_and_named() -> None:
    base = catalog(Unit("one"))
    ours = catalog(approve(Unit("one", "ཀ"), "Tashi", "2026-11-25"))
    theirs = catalog(approve(Unit("one", "ཁ"), "Pema", "2026-11-25"))
    merged, conflicts = reconcile(base, ours, theirs)
    assert [unit.target for unit in merged.live] == ["ཁ"] and len(conflicts) == 1
    assert [unit.target for unit in merged.units if unit.obsolete] == ["ཀ"]
    assert po.load(po.dump(merged)).units == merged.units


def test_an_entry_that_somebody_added_stays() -> None:
    base = catalog(Unit("one"))
    merged, _ = reconcile(base, catalog(draft("one", "ཀ")), catalog(Unit("one"), Unit("new", "གསར")))
    assert [unit.source for unit in merged.units] == ["one", "new"]


unit_of = st.sampled_from(TEXTS).flatmap(
    lambda source: st.one_of(
        st.just(Unit(source)),
        st.sampled_from("ཀཁག").map(lambda target: draft(source, target)),
        st.sampled_from("ཀཁག").map(lambda target: approve(Unit(source, target), "Tashi", "2026-11-25")),
    )
)
units = st.lists(unit_of, unique_by=lambda unit: unit.source, max_size=4).map(tuple)


@given(units, units, units)
def test_no_approved_pair_is_lost(base: tuple[Unit, ...], ours: tuple[Unit, ...], theirs: tuple[Unit, ...]) -> None:
    """What a person approved since the base, on either side, is in the outcome, living or obsolete."""
    merged, _ = reconcile(catalog(*base), catalog(*ours), catalog(*theirs))
    kept = {(unit.source, unit.target) for unit in merged.units}
    old = {unit.source: unit for unit in base}
    for unit in (*ours, *theirs):
        if unit.state.approved and unit != old.get(unit.source):
            assert (unit.source, unit.target) in kept
    keys = [(unit.context, unit.source) for unit in merged.units]
    assert len(keys) == len(set(keys))
    assert po.load(po.dump(replace(merged, raw=""))).units == merged.units


def test_a_remark_on_an_entry_that_left_the_article_meanwhile_stays() -> None:
    base = catalog(Unit("one"), Unit("two"))
    theirs = catalog(replace(Unit("one"), comments=("ask the author",)), Unit("two"))
    merged, _ = reconcile(base, catalog(draft("two", "ཁ")), theirs)
    assert [(unit.source, unit.comments) for unit in merged.units if unit.obsolete] == [("one", ("ask the author",))]
    assert po.load(po.dump(replace(merged, raw=""))).units == merged.units


def test_a_remark_on_an_empty_entry_does_not_cost_its_draft() -> None:
    base = catalog(Unit("one"))
    theirs = catalog(replace(Unit("one"), comments=("ask the author",)))
    merged, _ = reconcile(base, catalog(draft("one", "ཀ")), theirs)
    assert merged.units == (replace(draft("one", "ཀ"), comments=("ask the author",)),)


PLURAL = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "%d river"
msgid_plural "%d rivers"
msgstr[0] ""
msgstr[1] "ཆུ་མང་པོ།"
"""


def test_a_plural_entry_whose_first_form_is_empty_stays_when_it_leaves_the_article() -> None:
    held = po.load(PLURAL)
    text = po.dump(merge(held, Catalog("en", "", (Unit("two"),), {}), "bo"))
    assert '#~ msgstr[1] "ཆུ་མང་པོ།"' in text
    base = replace(held, units=(Unit("%d river"),), raw="")
    merged, _ = reconcile(base, catalog(Unit("two")), held)
    assert '#~ msgstr[1] "ཆུ་མང་པོ།"' in po.dump(merged)


def test_obsolete_entries_of_one_msgid_are_all_kept() -> None:
    gone = replace(Unit("one", "ཀ", comments=("mine",)), obsolete=True)
    ours = catalog(Unit("one", "ཁ"), gone)
    theirs = catalog(replace(gone, comments=("theirs",)), Unit("two"))
    merged, _ = reconcile(catalog(), ours, theirs)
    assert {comment for unit in merged.units for comment in unit.comments} == {"mine", "theirs"}
    assert len({unit.key for unit in merged.units}) == len(merged.units)
    assert po.load(po.dump(replace(merged, raw=""))).units == merged.units


remarked = st.tuples(unit_of, st.sampled_from([(), ("p. 4",), ("ask", "p. 4")]), st.booleans()).map(
    lambda drawn: replace(drawn[0], comments=drawn[1], obsolete=drawn[2] and bool(drawn[0].target or drawn[1]))
)
many = st.lists(remarked, unique_by=lambda unit: unit.source, max_size=4).map(
    lambda found: tuple(sorted(found, key=lambda unit: unit.obsolete))
)


@given(many, many, many)
def test_no_remark_and_no_signature_is_lost(
    base: tuple[Unit, ...], ours: tuple[Unit, ...], theirs: tuple[Unit, ...]
) -> None:
    """What either side says of a unit that the base did not say is in the outcome, at an entry of the same msgid."""
    for merged in (
        reconcile(catalog(*base), catalog(*ours), catalog(*theirs))[0],
        take_words(catalog(*ours), catalog(*theirs))[0],
    ):
        said = {(unit.source, remark) for unit in merged.units for remark in (*unit.comments, *unit.provenance)}
        old = {(unit.source, remark) for unit in base for remark in (*unit.comments, *unit.provenance)}
        for unit in (*ours, *theirs):
            remarks = {*unit.comments, *(line for line in unit.provenance if line.kind == "reviewed")}
            assert {(unit.source, remark) for remark in remarks} - old <= said
        assert len({unit.key for unit in merged.units}) == len(merged.units)
