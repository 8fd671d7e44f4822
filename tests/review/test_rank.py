"""The queue, and diagnostics for other programs."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.units import catalog, unit
from toolkit.catalog import po
from toolkit.quality.rules import CHECKS
from toolkit.review.findings import diagnose
from toolkit.review.rank import rank
from toolkit.review.report import rows, to_github
from toolkit.units import Diagnostic, State, Unit

GOOD = "གཙང་པོ་རྒྱས།"


def test_the_riskiest_comes_first_and_says_why() -> None:
    whole = catalog(
        "en",
        "bo",
        unit("The river rose.", GOOD, fuzzy=True),
        unit("The river rose in 2009.", GOOD, fuzzy=True),
        unit("The river rose a lot."),
        unit("The river fell.", GOOD),
        replace(unit("The rivers rose.", GOOD, fuzzy=True), previous_source="The river rises."),
    )
    queue = rank(whole, CHECKS)
    assert [item.unit.source for item in queue] == [
        "The river rose in 2009.",
        "The river rose a lot.",
        "The rivers rose.",
        "The river rose.",
    ]
    assert queue[0].reasons == ("number missing from the translation: 2009",)
    assert queue[1].reasons == ("not translated yet",)
    assert queue[2].reasons == ("the source changed since",)
    assert queue[3].reasons == ("draft",)


def test_the_models_own_doubt_counts() -> None:
    whole = catalog("en", "bo", *(unit(f"The river rose {word}.", GOOD, score=score) for word, score in SCORES))
    queue = rank(whole, CHECKS)
    assert [item.unit.source for item in queue] == [
        "The river rose today.",
        "The river rose again.",
        "The river rose slowly.",
    ]
    assert "not sure" in queue[0].reasons[0] and "not sure" not in queue[-1].reasons[0]


SCORES = (("slowly", -0.1), ("today", -2.0), ("again", -0.7))


def test_equal_scores_keep_the_order() -> None:
    whole = catalog("en", "bo", *(unit(f"The river rose {word}.", GOOD, score=-1.0) for word, _ in SCORES))
    assert {item.reasons for item in rank(whole, CHECKS)} == {("draft",)}
    assert [item.unit for item in rank(whole, CHECKS)] == list(whole.units)


UNITS = st.lists(
    st.builds(
        unit,
        st.text("abc 19", min_size=1, max_size=12),
        st.sampled_from(["", GOOD, "abc", "19"]),
        fuzzy=st.booleans(),
        score=st.one_of(st.none(), st.floats(-5, 0)),
    ),
    max_size=8,
    unique_by=lambda made: made.source,
)


@given(UNITS)
def test_the_queue_holds_all_that_nobody_approved_and_nothing_else(units: list[Unit]) -> None:
    queue = rank(catalog("en", "bo", *units), CHECKS)
    waiting = [one.source for one in units if not one.state.approved]
    assert sorted(item.unit.source for item in queue) == sorted(waiting)
    assert [item.risk for item in queue] == sorted((item.risk for item in queue), reverse=True)
    assert all(0 <= item.risk <= 1 and item.reasons for item in queue)
    assert all(item.unit.state in (State.INITIAL, State.DRAFT, State.OUTDATED) for item in queue)


def test_diagnostics_have_the_line_of_the_entry() -> None:
    text = 'msgid ""\nmsgstr ""\n"Language: bo\\n"\n\n#: a.txt:1\nmsgid "River"\nmsgstr "གཙང་པོ།"\n\nmsgid "In 2009"\nmsgstr "ལོ"\n'
    whole = replace(po.load(text), source_language="en", target_language="bo")
    [found] = diagnose(whole, "locales/bo/x.po", CHECKS)
    assert (found.check, found.severity, found.file) == ("numbers", "error", "locales/bo/x.po")
    assert text.split("\n")[found.line - 1] == 'msgid "In 2009"'


def test_rows_have_all_fields() -> None:
    found = Diagnostic("numbers", "number missing: 5", "error", unit("5 བ", "བ"), "a.po", 7)
    assert rows([found]) == [
        {
            "check": "numbers",
            "severity": "error",
            "message": "number missing: 5",
            "source": "5 བ",
            "target": "བ",
            "file": "a.po",
            "line": 7,
        }
    ]


def test_github_lines_are_escaped() -> None:
    found = Diagnostic("codes", "50% of\nwhat: a, b", "info", unit("a", "b"), "po/a,b:c.po", 3)
    assert list(to_github([found])) == ["::notice file=po/a%2Cb%3Ac.po,line=3,title=lokta codes::50%25 of%0Awhat: a, b"]
    assert next(to_github([replace(found, severity="error")])).startswith("::error file=")
    assert next(to_github([replace(found, severity="warning")])).startswith("::warning file=")


def test_a_conflict_is_in_the_queue_until_a_person_decides() -> None:
    ours = replace(unit("The river rose.", "河水上涨。"), flags=())
    theirs = replace(ours, target="河涨水了。", context=ours.aside_context("河涨水了。"), obsolete=True)
    other = replace(unit("It rained.", "下雨了。"), flags=())
    assert ours.state.approved
    (item,) = rank(catalog("en", "zh-Hans", ours, theirs, other), CHECKS)
    assert item.unit is ours and item.risk >= 0.9
    assert item.reasons == ("somebody else translated it otherwise: 河涨水了。",)
    assert not rank(catalog("en", "zh-Hans", ours, replace(theirs, target=ours.target), other), CHECKS)
