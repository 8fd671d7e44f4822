"""Two branches of one catalog meet in git: entry by entry, a person's words never lost, no msgid with another's msgstr."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import po_text
from tests.support.gettext import tool
from toolkit.catalog import approve, header, merge, merge_sides, po
from toolkit.errors import CatalogError
from toolkit.review import acts
from toolkit.review.states import conflicts as asides
from toolkit.units import Catalog, Location, ProvenanceLine, State, Unit, text_hash

HEAD = header.new("news/a", "en", "plain", "bo")
DAYS = ("2026-11-24", "2026-11-25")


def draft(source: str, target: str) -> Unit:
    line = ProvenanceLine("mt", (("engine", "pseudo"), ("hash", text_hash(target))))
    return Unit(source, target, flags=("fuzzy",), provenance=(line,), locations=(Location("a.txt", 1),))


def signed(source: str, target: str, by: str = "Tashi", day: str = DAYS[0]) -> Unit:
    return approve(Unit(source, target), by, day)


def catalog(*units: Unit, **fields: str) -> Catalog:
    """As it comes from a file."""
    return po.load(po.dump(Catalog("en", "bo", units, {**HEAD, **fields})))


def live(merged: Catalog) -> list[tuple[str, str]]:
    return [(unit.source, unit.target) for unit in merged.live]


def test_a_change_on_one_side_is_taken_and_the_rest_is_byte_for_byte() -> None:
    base = catalog(draft("one", "ཀ"), draft("two", "ཁ"))
    odd = base.raw.replace('msgid "two"', 'msgid ""\n"tw"\n"o"')
    ours = po.load(odd.replace("#, fuzzy", "# of Pema\n#, fuzzy", 1))
    theirs = po.load(odd.replace('msgstr "ཁ"', 'msgstr "ཁཁ"'))
    merged, conflicts = merge_sides(po.load(odd), ours, theirs)
    assert not conflicts
    assert po.dump(merged) == odd.replace("#, fuzzy", "# of Pema\n#, fuzzy", 1).replace('msgstr "ཁ"', 'msgstr "ཁཁ"')


def test_an_approval_beats_a_new_draft_on_either_side() -> None:
    base = catalog(Unit("one"))
    for sides in ((signed("one", "གཅིག"), draft("one", "ཀ")), (draft("one", "ཀ"), signed("one", "གཅིག"))):
        merged, conflicts = merge_sides(base, *map(catalog, sides))
        assert live(merged) == [("one", "གཅིག")] and not conflicts
        assert next(merged.live).state is State.REVIEWED and len(merged.units) == 1


def test_two_people_are_both_kept_and_the_page_shows_the_conflict() -> None:
    base = catalog(draft("one", "ཀ"))
    ours, theirs = catalog(signed("one", "ག", "Tashi")), catalog(signed("one", "ང", "Pema", DAYS[1]))
    for sides in ((ours, theirs), (theirs, ours)):
        merged, conflicts = merge_sides(base, *sides)
        assert live(merged) == [("one", "ང")] and len(conflicts) == 1 and "'one'" in conflicts[0]
        (aside,) = asides(merged)[next(merged.live).key]
        assert (aside.target, aside.line("reviewed")) == ("ག", next(ours.live).line("reviewed"))


def test_both_sign_the_same_words() -> None:
    base = catalog(draft("one", "ཀ"))
    merged, conflicts = merge_sides(base, catalog(signed("one", "ཀ")), catalog(signed("one", "ཀ", "Pema")))
    names = {line.get("by") for unit in merged.units if (line := unit.line("reviewed"))}
    assert names == {"Tashi", "Pema"} and not conflicts and not asides(merged)


def test_one_approves_what_another_rejects() -> None:
    base = catalog(draft("one", "ཀ"))
    rejected = acts.reject(next(base.live), "Pema", DAYS[1])
    merged, conflicts = merge_sides(base, catalog(signed("one", "ཀ")), catalog(rejected))
    assert next(merged.live).state is State.REVIEWED and len(conflicts) == 1
    assert any(unit.obsolete and unit.line("needs-work") for unit in merged.units)


def test_remarks_and_silenced_checks_of_both_sides_stay() -> None:
    base = catalog(draft("one", "ཀ"))
    unit = next(base.live)
    ours = catalog(replace(acts.ignore(unit, "numbers"), comments=("ask the author",)))
    theirs = catalog(replace(signed("one", "ཁ"), comments=("seen",)))
    merged, conflicts = merge_sides(base, ours, theirs)
    (one,) = merged.live
    assert set(one.comments) == {"ask the author", "seen"} and one.line("ignore") and one.state is State.REVIEWED
    assert not conflicts


def changed(base: Catalog, *sources: str) -> Catalog:
    """The catalog after its article has these paragraphs."""
    return po.load(po.dump(merge(base, Catalog("en", "", tuple(map(Unit, sources)), HEAD), "bo")))


OLD, NEW = "The river rose by night and fell.", "The river rose by night and fell again."


def test_an_approval_of_a_paragraph_that_changed_meanwhile() -> None:
    """It stays as an obsolete pair, and the new paragraph has its words, outdated: never approved, never a draft of others."""
    base = catalog(draft(OLD, "ཀ"), draft("two", "ཁ"))
    article = changed(base, "new", "two", NEW)
    person = catalog(signed(OLD, "ཆུ"), draft("two", "ཁ"))
    for sides in ((article, person), (person, article)):
        merged, conflicts = merge_sides(base, *sides)
        assert live(merged) == [("new", ""), ("two", "ཁ"), (NEW, "ཆུ")] and not conflicts
        (unit,) = [unit for unit in merged.live if unit.source == NEW]
        assert unit.state is State.OUTDATED and unit.previous_source == OLD
        (gone,) = [unit for unit in merged.units if unit.obsolete]
        assert (gone.source, gone.target) == (OLD, "ཆུ") and gone.state is State.REVIEWED


def test_an_approval_survives_a_change_of_typography() -> None:
    base = catalog(draft('It is "so" now.', "ཀ"))
    merged, _ = merge_sides(base, changed(base, "It is “so” now."), catalog(signed('It is "so" now.', "ཆུ")))
    assert [(unit.source, unit.target, unit.state) for unit in merged.live] == [
        ("It is “so” now.", "ཆུ", State.REVIEWED)
    ]


def test_what_a_person_said_of_the_new_paragraph_stands() -> None:
    base = catalog(draft(OLD, "ཀ"))
    ours = catalog(signed(NEW, "གསར"))
    merged, _ = merge_sides(base, ours, catalog(signed(OLD, "ཆུ")))
    assert live(merged) == [(NEW, "གསར")]
    assert [unit.target for unit in merged.units if unit.obsolete] == ["ཆུ"]


def test_paragraphs_that_both_sides_added_and_took_away() -> None:
    base = catalog(*(Unit(word) for word in ("a", "b", "c", "d")))
    ours = catalog(*(Unit(word) for word in ("a", "x", "b", "d")))
    theirs = catalog(*(Unit(word) for word in ("b", "c", "y", "d")))
    assert [unit.source for unit in merge_sides(base, ours, theirs)[0].live] == ["x", "b", "y", "d"]


def test_the_header_keeps_what_both_sides_say() -> None:
    base = catalog(Unit("one"), **{"PO-Revision-Date": "2026-11-20 10:00+0000"})
    head = "# Translators:\n"
    ours = catalog(Unit("one"), **{"PO-Revision-Date": "2026-11-22 10:00+0000", "Last-Translator": "Tashi"})
    theirs = catalog(Unit("one"), **{"PO-Revision-Date": "2026-11-21 23:00-0900", "Language-Team": "Desk"})
    merged, _ = merge_sides(base, po.load(head + ours.raw), po.load("# Pema, 2026\n" + theirs.raw + "\n# the end\n"))
    assert merged.metadata["PO-Revision-Date"] == "2026-11-22 10:00+0000"
    assert (merged.metadata["Last-Translator"], merged.metadata["Language-Team"]) == ("Tashi", "Desk")
    text = po.dump(merged)
    assert text.startswith("# Translators:\n# Pema, 2026\nmsgid") and text.endswith("# the end\n")


PLURAL = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n#= odd-flag\nmsgid "%d day"\nmsgid_plural "%d days"\n'


def test_plural_forms_are_a_persons() -> None:
    base = po.load(PLURAL + 'msgstr[0] ""\nmsgstr[1] ""\n')
    ours = po.load(PLURAL + 'msgstr[0] "ཀ"\nmsgstr[1] "ཁ"\n')
    theirs = po.load(PLURAL + 'msgstr[0] "ཀ"\nmsgstr[1] "ག"\n')
    merged, conflicts = merge_sides(base, ours, theirs)
    text = po.dump(merged)
    assert len(conflicts) == 1 and text.count("#= odd-flag") == 2
    assert 'msgstr[1] "ཁ"' in text and '#~ msgstr[1] "ག"' in text
    assert po.dump(merge_sides(base, base, theirs)[0]) == theirs.raw


UNIT = st.sampled_from(("one", "two", "three", "The river rose again.", "The river rose today.")).flatmap(
    lambda source: st.one_of(
        st.just(Unit(source)),
        st.sampled_from("ཀཁག").map(lambda target: draft(source, target)),
        st.tuples(st.sampled_from("ཀཁག"), st.sampled_from(("Tashi", "Pema")), st.sampled_from(DAYS)).map(
            lambda made: signed(source, *made)
        ),
        st.sampled_from("ཀཁག").map(lambda target: Unit(source, target)),
        st.sampled_from("ཀཁག").map(lambda target: Unit(source, target, flags=("fuzzy",))),
        st.sampled_from("ཀཁག").map(lambda target: acts.reject(draft(source, target), "Dolma", DAYS[1])),
    )
)
SIDE = st.tuples(
    st.lists(UNIT, unique_by=lambda unit: unit.source, max_size=4),
    st.lists(st.tuples(st.booleans(), st.sampled_from(("", "", "remark a", "remark b"))), min_size=4, max_size=4),
).map(
    lambda made: catalog(
        *sorted(
            (
                replace(unit, obsolete=gone, comments=(said,) if said else ())
                for unit, (gone, said) in zip(made[0], made[1], strict=False)
            ),
            key=lambda unit: unit.obsolete,
        )
    )
)


def persons_since(base: Catalog, side: Catalog) -> set[tuple[str, str, str]]:
    """What people wrote on a side: msgid, msgstr, and who signed it."""
    old = {unit.key: unit for unit in base.units}

    def new(unit: Unit) -> bool:
        was = old.get(unit.key)
        return was is None or was.target != unit.target or unit.line("reviewed") not in (None, was.line("reviewed"))

    return {
        (unit.source, unit.target, line.get("by") if (line := unit.line("reviewed")) else "")
        for unit in side.units
        if not unit.machine and new(unit)
    }


@given(SIDE, SIDE, SIDE)
def test_nothing_a_person_wrote_is_lost_and_nothing_is_joined(base: Catalog, ours: Catalog, theirs: Catalog) -> None:
    merged, conflicts = merge_sides(base, ours, theirs)
    kept = {(u.source, u.target, line.get("by") if (line := u.line("reviewed")) else "") for u in merged.units}
    kept |= {(source, target, "") for source, target, _ in kept}
    approved = {(u.source, u.target) for side in (ours, theirs) for u in side.units if u.state.approved}
    for side in (ours, theirs):
        assert persons_since(base, side) <= kept
    pairs = {(unit.source, unit.target) for side in (ours, theirs) for unit in side.units}
    for unit in merged.units:
        if unit.target and not unit.fuzzy:
            assert (unit.source, unit.target) in pairs and (unit.source, unit.target) in approved
        elif unit.target:
            assert (unit.source, unit.target) in pairs or unit.previous_source
        review = unit.line("reviewed")
        assert unit.state is not State.REVIEWED or (unit.source, unit.target, review and review.get("by")) in kept
    for side in (ours, theirs):
        was = {unit.key: unit.comments for unit in base.units}
        for unit in side.units:
            for remark in set(unit.comments) - set(was.get(unit.key, ())):
                assert any(one.source == unit.source and remark in one.comments for one in merged.units)
    text = po.dump(merged)
    assert po.load(text).units == merged.units
    back, named = merge_sides(base, theirs, ours)
    assert {(u.source, u.target, u.state.approved) for u in back.units if not u.machine} == {
        (u.source, u.target, u.state.approved) for u in merged.units if not u.machine
    }
    assert len(named) == len(conflicts)


@given(SIDE, SIDE)
def test_one_side_or_the_same_twice_is_that_side(base: Catalog, side: Catalog) -> None:
    """The shortcut for equal files is not what makes it so: a blank line at the end keeps it from being taken. Entries that
    only one side still has stay where they hold a person's words."""
    for sides in ((base, base, side), (base, side, base), (base, side, side), (base, base, base)):
        wanted = sides[1] if sides[1] is not base or sides[2] is base else sides[2]
        loose = tuple(po.load(one.raw + "\n" * number) for number, one in enumerate(sides))
        merged, conflicts = merge_sides(*loose)
        assert not conflicts
        if {unit.key for unit in base.units} <= {unit.key for unit in wanted.units}:
            assert po.dump(merged).rstrip("\n") == wanted.raw.rstrip("\n")
        else:
            assert [unit for unit in merged.units if unit in wanted.units] == list(wanted.units)


WORDS = ("river", "school", "bridge", "market")
BEFORE = tuple(f"The {word} was in the news of the day, and {word}s will be." for word in WORDS)
CHANGES = (lambda text: text, lambda text: text + " Again.", lambda text: text.replace(" ", "  ", 1), lambda text: "")


@given(
    st.lists(st.sampled_from(("", "approve", "write")), min_size=4, max_size=4),
    st.lists(st.sampled_from(CHANGES), min_size=4, max_size=4),
    st.permutations(range(4)),
    st.booleans(),
)
def test_the_outcome_is_as_if_the_person_had_been_first(
    acts_: list[str], changes: list[Callable[[str], str]], order: list[int], turned: bool
) -> None:
    base = catalog(*(draft(source, f"འདྲ{at}") for at, source in enumerate(BEFORE)))
    person = catalog(
        *(
            unit
            if not act
            else approve(replace(unit, target=unit.target if act == "approve" else f"མི{at}"), "T", DAYS[0])
            for at, (unit, act) in enumerate(zip(base.units, acts_, strict=True))
        )
    )
    sources = [text for at in order if (text := changes[at](BEFORE[at]))]
    article = changed(base, *sources)
    merged, conflicts = merge_sides(base, *((person, article) if turned else (article, person)))
    wanted = changed(person, *sources)
    assert not conflicts

    def said(units: Iterable[Unit]) -> list[tuple[str, str, State, str]]:
        return [(unit.source, unit.target, unit.state, unit.previous_source) for unit in units]

    assert said(merged.live) == said(wanted.live)
    approved = {(unit.source, unit.target) for unit in wanted.units if unit.state.approved}
    assert approved <= {(unit.source, unit.target) for unit in merged.units if unit.state.approved}


@given(po_text())
def test_odd_files_with_themselves(text: str) -> None:
    try:
        base = po.load(text)
    except CatalogError:
        return
    merged, conflicts = merge_sides(base, base, po.load(text + "\n"))
    assert not conflicts and po.dump(merged).rstrip() == text.rstrip()


@pytest.mark.gettext
@pytest.mark.skipif(not shutil.which("msgfmt"), reason="msgfmt is not installed")
def test_gettext_reads_the_outcome() -> None:
    base = catalog(draft(OLD, "ཀ"), draft("two", "ཁ"), draft("three", "ག"))
    ours = catalog(signed(OLD, "ཆུ"), signed("two", "གཉིས"), draft("three", "ག"))
    theirs = changed(catalog(draft(OLD, "ཀ"), signed("two", "ཉིས", "Pema"), draft("three", "ང")), NEW, "two", "three")
    merged, conflicts = merge_sides(base, ours, theirs)
    assert len(conflicts) == 1
    tool(["msgfmt", "-c", "-o", "/dev/null"], po.dump(merged))
