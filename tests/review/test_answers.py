"""A reviewer's answer: what is refused, and the merge with a catalog that went on meanwhile, in which nobody's words are lost."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.gettext import tool
from toolkit.catalog import approve, dump, header, load
from toolkit.errors import DataError
from toolkit.review import acts
from toolkit.review.answers import Act, Answer, Answered, Outcome, parse, take
from toolkit.units import Catalog, ProvenanceLine, State, Unit, UnitKey, review_hash, text_hash

SOURCE, OLD = "The river rose.", "A river rose."
MACHINE, MINE, THEIRS, OTHER = "ཆུ།", "ཆུ་རྒྱས།", "ཆུ་བོ་རྒྱས།", "གཙང་པོ།"
WHO, DAY = "Dolma", "2026-11-26"


def draft(target: str = MACHINE, source: str = SOURCE) -> Unit:
    return Unit(source).drafted(target, ProvenanceLine("mt", (("engine", "m"), ("hash", text_hash(target)))))


def human(target: str, source: str = SOURCE) -> Unit:
    return Unit(source, target, flags=("fuzzy",))


def signed(target: str, by: str = "Tashi") -> Unit:
    return approve(Unit(SOURCE, target), by, "2026-11-25")


def accepted(target: str) -> Unit:
    return Unit(SOURCE, target)


def said(
    act: Act,
    target: str,
    was: Unit | None = None,
    comments: tuple[str, ...] = (),
    source: str = SOURCE,
    context: str = "",
) -> Answered:
    was = draft() if was is None else was
    key = UnitKey(context, source).short
    return Answered("a", key, context, source, was.target, was.state, target, act, DAY, comments)


def catalog(*units: Unit) -> Catalog:
    return load(dump(Catalog("en", "bo", units, header.new("a", "en", "plain", "bo"))))


def taken(on_disk: Catalog, *answers: Answered, reviewer: str = WHO) -> tuple[list[Outcome], Unit | None, list[Unit]]:
    """The outcomes, the first live unit and the obsolete ones, after the answers were taken over, twice."""
    new, done = take(on_disk, answers, reviewer)
    text = dump(new)
    again, repeated = take(load(text), answers, reviewer)
    assert dump(again) == text, "the second time changes nothing"
    for first, second in zip(done, repeated, strict=True):
        assert second.outcome == ("conflict" if first.outcome == "conflict" else "same")
    read = load(text)
    assert tuple(read.units) == tuple(sorted(new.units, key=lambda unit: unit.obsolete))
    return [one.outcome for one in done], next(read.live, None), [unit for unit in read.units if unit.obsolete]


def by(unit: Unit | None, kind: str) -> str:
    line = unit.line(kind) if unit else None
    return line.get("by") if line else ""


def test_a_unit_is_named_as_the_page_names_it() -> None:
    assert UnitKey("menu", "one").short == text_hash("menu\0one") == UnitKey("menu", "one").short


# --- the rules, one by one: what was sent, what is on disk, the act, its text, the outcome, the text and state then


RULES: list[tuple[str, Unit, Unit, Act, str, Outcome, str, State, list[str]]] = [
    ("a draft approved", draft(), draft(), "reviewed", MACHINE, "applied", MACHINE, State.REVIEWED, []),
    ("a draft corrected and approved", draft(), draft(), "reviewed", MINE, "applied", MINE, State.REVIEWED, []),
    ("a draft corrected", draft(), draft(), "edited", MINE, "applied", MINE, State.DRAFT, []),
    ("a draft rejected", draft(), draft(), "needs-work", MACHINE, "applied", MACHINE, State.DRAFT, []),
    ("a draft corrected and rejected", draft(), draft(), "needs-work", MINE, "applied", MINE, State.DRAFT, []),
    ("an empty unit filled", Unit(SOURCE), Unit(SOURCE), "edited", MINE, "applied", MINE, State.DRAFT, []),
    ("words replaced", human(OTHER), human(OTHER), "edited", MINE, "applied", MINE, State.DRAFT, [OTHER]),
    ("an approval replaced", signed(OTHER), signed(OTHER), "reviewed", MINE, "applied", MINE, State.REVIEWED, [OTHER]),
    ("an approval rejected", signed(OTHER), signed(OTHER), "needs-work", OTHER, "applied", OTHER, State.DRAFT, []),
    ("words taken out", human(OTHER), human(OTHER), "edited", "", "applied", "", State.INITIAL, [OTHER]),
    ("a draft taken out", draft(), draft(), "edited", "", "applied", "", State.INITIAL, []),
    ("nothing done", draft(), draft(), "edited", MACHINE, "same", MACHINE, State.DRAFT, []),
    ("an approval of nothing", draft(), draft(), "reviewed", "", "same", MACHINE, State.DRAFT, []),
    ("a rejection of nothing", Unit(SOURCE), Unit(SOURCE), "needs-work", "", "same", "", State.INITIAL, []),
    ("the same written", draft(), human(MINE), "edited", MINE, "same", MINE, State.DRAFT, []),
    ("the same written, approved", draft(), human(MINE), "reviewed", MINE, "applied", MINE, State.REVIEWED, []),
    ("the same written, rejected", draft(), human(MINE), "needs-work", MINE, "applied", MINE, State.DRAFT, []),
    ("the same approved", draft(), signed(MINE), "reviewed", MINE, "same", MINE, State.REVIEWED, []),
    (
        "the same approved, rejected",
        draft(),
        signed(MINE),
        "needs-work",
        MINE,
        "conflict",
        MINE,
        State.REVIEWED,
        [MINE],
    ),
    ("the draft approved meanwhile", draft(), signed(MACHINE), "edited", MACHINE, "same", MACHINE, State.REVIEWED, []),
    ("approved meanwhile", draft(), signed(MACHINE), "edited", MINE, "conflict", MACHINE, State.REVIEWED, [MINE]),
    ("accepted meanwhile", draft(), accepted(MACHINE), "reviewed", MINE, "conflict", MACHINE, State.ACCEPTED, [MINE]),
    ("accepted, signed", draft(), accepted(MACHINE), "reviewed", MACHINE, "applied", MACHINE, State.REVIEWED, []),
    ("two people", draft(), human(THEIRS), "edited", MINE, "conflict", THEIRS, State.DRAFT, [MINE]),
    ("two people, approved", draft(), signed(THEIRS), "reviewed", MINE, "conflict", THEIRS, State.REVIEWED, [MINE]),
    ("two people, rejected", draft(), human(THEIRS), "needs-work", MINE, "conflict", THEIRS, State.DRAFT, [MINE]),
    ("two people, taken out", draft(), human(THEIRS), "edited", "", "conflict", THEIRS, State.DRAFT, []),
    ("drafted anew", draft(), draft(OTHER), "reviewed", MINE, "applied", MINE, State.REVIEWED, []),
    ("a remark alone", draft(), human(THEIRS), "commented", MACHINE, "same", THEIRS, State.DRAFT, []),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule[0])
def test_the_rules(rule: tuple[str, Unit, Unit, Act, str, Outcome, str, State, list[str]]) -> None:
    _, was, disk, act, target, outcome, now, state, kept = rule
    outcomes, unit, aside = taken(catalog(disk), said(act, target, was))
    assert outcomes == [outcome] and unit is not None
    assert (unit.target, unit.state, [one.target for one in aside]) == (now, state, kept)
    if state is State.REVIEWED and outcome == "applied":
        assert by(unit, "reviewed") == WHO and not unit.line("needs-work")
    if act == "needs-work" and outcome == "applied":
        assert by(unit, "needs-work") == WHO and not unit.line("reviewed")
    if outcome == "conflict" and now != MINE:
        assert unit == disk, "the disk stands"
    for one in aside:
        assert one.context == f"was {text_hash(SOURCE + one.target)}" and one.source == SOURCE
        assert one.fuzzy == ((outcome != "applied" and act != "reviewed") or (outcome == "applied" and disk.fuzzy))
    for one in aside if outcome == "conflict" else ():
        assert by(one, "reviewed") == (WHO if act == "reviewed" else "")
        assert by(one, "needs-work") == (WHO if act == "needs-work" else "")
        assert act != "reviewed" or one.line("reviewed").get("hash") == review_hash(one)  # type: ignore[union-attr]
    # the same with remarks: they stand at the unit, whatever became of the text
    remarked = replace(said(act, target, was), comments=("who?", "see\npage 4", "who?", " "))
    outcomes, unit, aside = taken(catalog(disk), remarked)
    assert unit and unit.comments == (f"{WHO}, {DAY}: who?", f"{WHO}, {DAY}: see page 4")
    assert outcomes == ["applied" if outcome == "same" and (was == disk or act == "commented") else outcome]
    if outcome == "conflict":
        assert all(one.comments == unit.comments for one in aside)


def test_replaced_words_are_decided_upon_and_no_conflict() -> None:
    _, _, aside = taken(catalog(signed(OTHER)), said("edited", MINE, signed(OTHER)))
    assert by(aside[0], "settled") == WHO and by(aside[0], "reviewed") == "Tashi"


def outgrown(unit: Unit) -> Unit:
    return replace(unit.flagged("fuzzy"), previous_source=OLD)


@pytest.mark.parametrize(
    ("disk", "act", "target", "outcome", "now", "kept"),
    [
        (outgrown(draft()), "reviewed", MINE, "outdated", MINE, []),
        (outgrown(draft(OTHER)), "edited", MINE, "outdated", MINE, []),
        (outgrown(human(OTHER)), "edited", MINE, "conflict", OTHER, [MINE]),
        (outgrown(signed(OTHER)), "reviewed", MINE, "conflict", OTHER, [MINE]),
        (outgrown(human(MACHINE)), "needs-work", MINE, "outdated", MINE, [MACHINE]),
        (outgrown(human(MINE)), "reviewed", MINE, "same", MINE, []),
        (outgrown(human(OTHER)), "edited", "", "same", OTHER, []),
    ],
)
def test_a_source_that_changed(disk: Unit, act: Act, target: str, outcome: Outcome, now: str, kept: list[str]) -> None:
    outcomes, unit, aside = taken(catalog(disk), said(act, target, source=OLD))
    assert outcomes == [outcome] and unit is not None
    assert (unit.target, unit.state, unit.previous_source) == (now, State.OUTDATED, OLD), "no approval is taken"
    assert [one.target for one in aside] == kept
    if outcome == "conflict":
        assert (aside[0].context, aside[0].source) == ("", OLD), "what it translates is the source as it was"
        assert by(aside[0], "reviewed") == (WHO if act == "reviewed" else "")
    outcomes, unit, _ = taken(catalog(disk), said("commented", MACHINE, source=OLD, comments=("who?",)))
    assert outcomes == ["outdated"] and unit == replace(disk, comments=(f"{WHO}, {DAY}: who?",))


def test_an_approval_of_the_new_source_is_not_taken_back() -> None:
    """A tool left `#| msgid` at a unit that somebody approved."""
    disk = replace(signed(MACHINE), previous_source=OLD)
    outcomes, unit, aside = taken(catalog(disk), said("edited", MINE, source=OLD))
    assert (outcomes, unit, [one.target for one in aside]) == (["gone"], disk, [MINE])
    both = said("reviewed", MINE), said("reviewed", OTHER, source=OLD)
    outcomes, unit, aside = taken(catalog(outgrown(draft())), *both)
    assert outcomes == ["applied", "gone"] and unit and (unit.target, unit.state) == (MINE, State.REVIEWED)
    assert [(one.source, one.target) for one in aside] == [(OLD, OTHER)]


def test_a_unit_that_is_gone_is_kept() -> None:
    other = Unit("Another.", "གཞན།")
    outcomes, unit, aside = taken(catalog(other), said("reviewed", MINE, comments=("who?",)))
    assert outcomes == ["gone"] and unit == other
    assert [(one.context, one.source, one.target, one.fuzzy) for one in aside] == [("", SOURCE, MINE, False)]
    assert by(aside[0], "reviewed") == WHO and aside[0].comments == (f"{WHO}, {DAY}: who?",)
    outcomes, _, aside = taken(catalog(other), said("needs-work", MINE, context="menu"))
    assert (aside[0].context, aside[0].fuzzy, by(aside[0], "needs-work")) == ("menu", True, WHO)
    assert taken(catalog(other), said("commented", MACHINE))[0::2] == (["same"], [])
    _, _, aside = taken(catalog(other), said("commented", MACHINE, comments=("who?",)))
    assert (aside[0].target, len(aside[0].comments)) == ("", 1), "a machine's words are not kept for a remark"


def test_a_unit_that_is_gone_meets_what_was_kept_of_it() -> None:
    kept = replace(signed(OTHER), obsolete=True)
    _, _, aside = taken(catalog(kept), said("edited", MINE))
    assert [(one.context, one.target) for one in aside] == [("", OTHER), (f"was {text_hash(SOURCE + MINE)}", MINE)]
    outcomes, _, aside = taken(catalog(kept), said("reviewed", OTHER, comments=("who?",)))
    assert outcomes == ["gone"] and len(aside) == 1
    assert [line.get("by") for line in aside[0].provenance] == ["Tashi", WHO], "one text, and both names"
    machine = replace(draft(MINE), obsolete=True)
    _, _, aside = taken(catalog(machine), said("reviewed", MINE))
    assert len(aside) == 1 and not aside[0].fuzzy and not aside[0].machine


def test_two_reviewers_who_say_the_same_in_a_conflict_share_an_entry() -> None:
    disk, _ = take(catalog(human(THEIRS)), [said("reviewed", MINE)], "Pema")
    _, unit, aside = taken(disk, said("reviewed", MINE))
    assert unit == human(THEIRS) and [line.get("by") for line in aside[0].provenance] == ["Pema", WHO]


def test_a_conflict_that_was_settled_stays_settled() -> None:
    disk, _ = take(catalog(human(THEIRS)), [said("edited", MINE)], WHO)
    settled = tuple(acts.settle(unit, "Tashi", DAY) if unit.obsolete else unit for unit in disk.units)
    _, _, aside = taken(catalog(*settled), said("edited", MINE))
    assert len(aside) == 1 and by(aside[0], "settled") == "Tashi"


@pytest.mark.parametrize("reviewer", ["Dolma " * 33, "༄༅ " * 60, 'A "b" \\'])
def test_a_long_name_is_the_same_name_the_next_time(reviewer: str) -> None:
    for act, disk in (
        ("reviewed", draft()),
        ("needs-work", draft()),
        ("needs-work", human(THEIRS)),
        ("reviewed", human(THEIRS)),
    ):
        taken(catalog(disk), said(act, MINE, comments=("who?",)), reviewer=" ".join(reviewer.split()))  # type: ignore[arg-type]


# --- properties


TARGETS = ("", "ཀ", "ཁ", "ག")
CONTEXTS = ("", "menu")
SOURCES = ("one", "two", "three")


@st.composite
def unit_on_disk(draw: st.DrawFn) -> Unit:
    source, context, target = (draw(st.sampled_from(choices)) for choices in (SOURCES, CONTEXTS, TARGETS))
    unit = Unit(source, context=context, comments=draw(st.sampled_from([(), ("p. 4",)])))
    kind = draw(st.sampled_from(("machine", "human", "accepted", "Tashi", WHO, "rejected", "outdated", "obsolete")))
    if not target:
        return unit
    if kind == "machine":
        return unit.drafted(target, ProvenanceLine("mt", (("engine", "m"), ("hash", text_hash(target)))))
    unit = replace(unit, target=target)
    if kind in ("Tashi", WHO):
        return approve(unit, kind, DAY)
    if kind == "rejected":
        return acts.reject(unit, "Tashi", DAY)
    if kind == "outdated":
        unit = replace(unit, previous_source=draw(st.sampled_from(SOURCES)))
        machine = ProvenanceLine("mt", (("engine", "m"), ("hash", text_hash(target))))
        return unit.flagged("fuzzy").with_lines(*((machine,) if draw(st.booleans()) else ()))
    return replace(unit, obsolete=True) if kind == "obsolete" else unit.flagged("fuzzy", on=kind == "human")


answer_units = st.builds(
    lambda source, context, was, state, target, act, comments: said(
        act, target, Unit(source, was, flags=() if state else ("fuzzy",)), comments, source, context
    ),
    *(st.sampled_from(choices) for choices in (SOURCES, CONTEXTS, TARGETS, (True, False), TARGETS)),
    st.sampled_from(("reviewed", "edited", "needs-work", "commented")),
    st.sampled_from(((), ("who?",), ("who?", "p. 4"))),
)
catalogs = st.lists(unit_on_disk(), max_size=5, unique_by=lambda unit: unit.key).map(
    lambda units: catalog(*sorted(units, key=lambda unit: unit.obsolete))
)
answers = st.lists(answer_units, max_size=4, unique_by=lambda one: one.key)


@settings(max_examples=400)
@given(catalogs, answers)
def test_nobodys_words_are_lost_and_twice_is_once(disk: Catalog, answered: list[Answered]) -> None:
    new, done = take(disk, answered, WHO)
    kept = {unit.target for unit in new.units}
    pairs = {(unit.source, unit.target) for unit in new.units}
    lines = {line for unit in new.units for line in unit.comments}
    for unit in disk.units:
        assert unit.machine or (unit.source, unit.target) in pairs, "what a person wrote on disk"
        assert {*unit.comments} <= lines
        if unit.state is State.REVIEWED and unit.obsolete:
            assert any(unit.provenance[-1] in one.provenance for one in new.units)
    for one, result in zip(answered, done, strict=True):
        assert one.act == "commented" or one.target in kept | {""}, "what the reviewer wrote"
        assert {f"{WHO}, {DAY}: {comment}" for comment in one.comments} <= lines
        assert result.answered is one and (result.unit is None or result.unit in new.units or len(answered) > 1)
    assert len({unit.key for unit in new.units}) == len(new.units)
    text = dump(new)
    assert load(text).units == tuple(sorted(new.units, key=lambda unit: unit.obsolete))
    for base in (new, load(text)):
        again, repeated = take(base, answered, WHO)
        assert dump(again) == text
        for first, second in zip(done, repeated, strict=True):
            assert second.outcome in (("conflict",) if first.outcome == "conflict" else ("same",))


@pytest.mark.gettext
@settings(max_examples=30)
@given(catalogs, answers)
def test_msgfmt_takes_the_catalog(disk: Catalog, answered: list[Answered]) -> None:
    tool(["msgfmt", "-c", "-o", "/dev/null"], dump(take(disk, answered, WHO)[0]))


# --- files


def entry(**changes: Any) -> dict[str, Any]:
    whole = {
        "article": "news/a",
        "key": UnitKey("", SOURCE).short,
        "context": "",
        "source": SOURCE,
        "was": {"target": MACHINE, "state": "draft"},
        "target": MINE + "\n\tx",
        "act": "reviewed",
        "date": DAY,
        "comments": ["see\n\tpage 4"],
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def file(*units: Any, **changes: Any) -> str:
    whole = {"lokta_answer": 1, "export": "9f", "reviewer": " Dolma  Lhamo", "language": "bo", "units": [*units]}
    return json.dumps({name: value for name, value in (whole | changes).items() if value is not None})


def test_an_answer_is_read() -> None:
    one = Answered(
        "news/a", entry()["key"], "", SOURCE, MACHINE, State.DRAFT, MINE + "\n\tx", "reviewed", DAY, ("see\n\tpage 4",)
    )
    assert parse(file(entry())) == Answer("9f", "Dolma Lhamo", "bo", (one,)) and one.sound
    assert parse("\ufeff" + file(entry(context=None, comments=None))).units == (replace(one, comments=()),)
    assert parse(file()).units == ()
    assert not parse(file(entry(key="0" * 12))).units[0].sound, "it alone is refused, by whoever takes it over"
    odd = "\x1b" + MACHINE
    assert parse(file(entry(was={"target": odd, "state": "draft"}, target=odd))).units[0].target == odd


BROKEN = {
    "no JSON": ("{", "not JSON"),
    "deep nesting": ('{"a":' * 10**5, "not JSON"),
    "deep nesting inside": (file(entry(article=json.loads("[" * 700 + "]" * 700))), "article in unit 1|nested"),
    "a list": ("[]", "JSON of something else"),
    "another file": ('{"name": "x"}', "JSON of something else"),
    "an export": ('{"lokta_export": 1, "units": []}', "what lokta calls 'export'"),
    "the page": ("<!doctype html>", "web page"),
    "a catalog": ('msgid ""\nmsgstr ""\n', "gettext catalog"),
    "a sheet": ('\ufeff"number";"article";"source"\r\n', "review sheet"),
    "another version": (file(lokta_answer=2), "version 2"),
    "a version that is none": (file(lokta_answer=True), "version True"),
    "an unknown key": (file(extra=1), "unknown key 'extra'"),
    "an unknown key of a unit": (file(entry(extra=1)), "unknown key 'extra' in unit 1"),
    "an unknown key below": (
        file(entry(was={"target": "", "state": "draft", "x": 1})),
        "unknown key 'x' in .unit 1.was",
    ),
    "a missing key": (file(entry(source=None)), "'source' in unit 1 is missing"),
    "no units": (file(units=None), "'units' is missing"),
    "units of a wrong type": (file(units={}), "units must be a list"),
    "a unit of a wrong type": (file(entry(), 1), "unit 2"),
    "a text of a wrong type": (file(entry(target=5)), "target in unit 1 must be a text"),
    "comments of a wrong type": (file(entry(comments="x")), "comments in unit 1 must be a list"),
    "an unknown act": (file(entry(act="published")), 'act in unit 1 is "reviewed"'),
    "an unknown state": (file(entry(was={"target": "", "state": "fuzzy"})), "state in .unit 1.was. is one of initial"),
    "a date that is none": (file(entry(date="2026-02-30")), "date in unit 1"),
    "a date of another form": (file(entry(date="20261126")), "is a date such as"),
    "a date with more": (file(entry(date="2026-11-26\n")), "is a date such as"),
    "a million units": (
        f'{{"lokta_answer":1,"export":"","reviewer":"a","language":"bo","units":[{"1," * 10**6}1]}}',
        "100,000",
    ),
    "a long text": (file(entry(target="x" * 100_001)), "longer than 100,000"),
    "a lone surrogate": (file(entry(source="\ud800")), r"source in unit 1 holds the character U\+D800"),
    "NUL": (file(entry(target="a\0")), r"U\+0000"),
    "a control in a target": (file(entry(target="a\x1b")), "control character"),
    "a control in a comment": (file(entry(comments=["a\x1b"])), r"U\+001B"),
    "a control in a name": (file(reviewer="a\x1b"), r"reviewer holds the character U\+001B"),
    "no source": (file(entry(source="")), "source in unit 1 is empty"),
    "twice": (file(entry(), entry()), "unit 2 stands twice"),
    "many comments": (file(entry(comments=["x"] * 201)), "more than 200"),
    "a long comment": (file(entry(comments=["x" * 10_001])), "longer than 10,000"),
    "no name": (file(reviewer=" "), "reviewer is no name"),
    "a name of two lines": (file(reviewer="a\nb"), "reviewer holds"),
    "a name of two lines, in Unicode": (file(reviewer="a\u2028b"), "reviewer holds"),
    "a long name": (file(reviewer="x" * 201), "longer than 200"),
    "a name like a line of ours": (file(reviewer="lokta: mt "), "reviewer is no name"),
    "a name like a key of ours": (file(reviewer='note="'), "reviewer is no name"),
    "a name like a previous msgid": (file(reviewer='| msgid "'), "reviewer is no name"),
    "a key of control characters": (file(**{"\x1b\u202e" * 1000: 1}), "unknown key"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_refused_in_one_line(name: str) -> None:
    text, words = BROKEN[name]
    start = time.perf_counter()
    with pytest.raises(DataError, match=words) as refused:
        parse(text)
    assert time.perf_counter() - start < 2
    line = str(refused.value)
    assert len(line) < 400 and line.isprintable() and "; " in line, "what, and what to do next"


junk = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=5,
)


@given(
    st.sampled_from([*entry(), "x"]),
    junk,
    st.sampled_from(["lokta_answer", "export", "reviewer", "language", "units"]),
    junk,
)
def test_no_value_does_more_than_be_refused(key: str, value: Any, of_head: str, other: Any) -> None:
    for text in (file(entry(**{key: value})), file(entry(), **{of_head: other}), json.dumps(value)):
        try:
            answer = parse(text)
        except DataError as error:
            assert "\n" not in str(error)
        else:
            new, _ = take(catalog(draft()), [one for one in answer.units if one.sound], answer.reviewer)
            assert load(dump(new)).units == new.units
