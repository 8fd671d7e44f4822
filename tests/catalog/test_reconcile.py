"""Somebody saves the catalog while a machine drafts: the person's words stand, and nothing is lost on either side."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog import approve, po, reconcile
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
