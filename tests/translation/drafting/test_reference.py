"""A reviewed paragraph in another language helps; when it changes, what it helped with is drafted again, a person's words never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.echo import Echo
from tests.support.fake_engine import Stop, Windowed, catalog, run
from toolkit.catalog import approve, sign
from toolkit.translation.drafting.reference import NONE, References
from toolkit.translation.wrappers import Fallback, guarded
from toolkit.units import Catalog, Engine, ProvenanceLine, State, Unit, text_hash

ZH = "河水*上涨*了。"


def reviewed(source: str, target: str = ZH) -> Unit:
    return sign(Unit(source, target), "Tashi", "2026-11-25")


def chinese(*units: Unit, markup: str = "markdown") -> Catalog:
    return replace(catalog("x", markup=markup), units=units)


def tibetan(*sources: str, markup: str = "markdown") -> Catalog:
    return catalog(*sources, markup=markup, target="bo")


def helped(one: Catalog, zh: Catalog | None, engine: Engine, redraft: bool = False) -> Catalog:
    references = References.of(zh, "zh-Hans", engine.abilities.grain == "sentence")
    (done,) = run([one], engine, redraft, [references])
    return done


def line(one: Catalog, at: int = 0) -> ProvenanceLine:
    return one.units[at].line("mt") or pytest.fail("no draft")


def test_the_request_carries_both_and_the_line_says_so() -> None:
    echo = Echo()
    done = helped(tibetan("The river *rose*.", "It fell."), chinese(reviewed("The river *rose*.")), guarded(echo))
    first, second = echo.asked
    assert (first.reference, first.reference_language) == ("河水上涨了。", "zh-Hans")
    assert (second.reference, second.reference_language) == ("", "")
    said = [key for key, _ in line(done).values]
    assert said == ["engine", "model", "score", "second", "second-hash", "note", "hash"]
    assert line(done).get("second") == "zh-Hans" and line(done).get("second-hash") == text_hash(ZH)
    assert not line(done, 1).get("second") and not line(done, 1).get("second-hash")


@pytest.mark.parametrize(
    ("unit", "carried"),
    [
        (reviewed("Rain."), True),
        (Unit("Rain.", ZH), True),
        (Unit("Rain.", ZH).flagged("fuzzy"), False),
        (Unit("Rain.", ZH, previous_source="Snow.").flagged("fuzzy"), False),
        (Unit("Rain."), False),
        (replace(reviewed("Rain."), obsolete=True), False),
        (replace(reviewed("Rain."), context="menu"), False),
        (reviewed("Snow."), False),
        (reviewed("Rain.", "**"), True),
        (reviewed("Rain.", "https://a.org"), False),
    ],
)
def test_only_what_a_person_stands_behind(unit: Unit, carried: bool) -> None:
    echo = Echo()
    done = helped(tibetan("Rain."), chinese(unit), echo)
    assert bool(echo.asked[0].reference) is carried and bool(line(done).get("second")) is carried


def test_sentences_get_theirs_where_they_pair_up() -> None:
    echo = Echo("sentence")
    source = "The *river rose. It* fell. 2026!"
    done = helped(tibetan(source), chinese(reviewed(source, "*河涨了。又*落了。2026！")), echo)
    assert [request.reference for request in echo.asked] == ["河涨了。", "又落了。"]
    assert line(done).get("second") == "zh-Hans"
    echo = Echo("sentence")
    done = helped(tibetan(source), chinese(reviewed(source, "河涨了又落了。")), echo)
    assert [request.reference for request in echo.asked] == ["", ""] and not line(done).get("second")
    assert helped(done, chinese(reviewed(source, "河涨了又落了。")), Echo("sentence"), redraft=True) == done


def test_what_holds_no_letters_needs_no_help() -> None:
    done = helped(tibetan("2026"), chinese(reviewed("2026", "2026")), Echo("sentence"))
    assert done.units[0].target == "2026" and not line(done).get("second")
    assert helped(done, chinese(reviewed("2026", "2026")), Echo("sentence"), redraft=True) == done


def test_an_engine_that_takes_none_is_asked_as_before() -> None:
    plain, echo = Echo(reference_languages=()), Echo(reference_languages=())
    (without,) = run([tibetan("Rain.")], plain)
    assert helped(tibetan("Rain."), chinese(reviewed("Rain.")), echo) == without and echo.asked == plain.asked


def test_guards_and_a_fallback_pass_it_to_whom_takes_it() -> None:
    taking, deaf = Echo(), Echo(model="deaf", reference_languages=(), background=())
    zh = chinese(reviewed("Rain."), reviewed("A bad one.", "一个。"))
    done = helped(tibetan("Rain.", "A bad one."), zh, Fallback([guarded(taking), guarded(Windowed("unit"))]))
    assert line(done).get("second") == "zh-Hans" and done.units[1].line("refused")
    refused = done.units[1].line("refused") or pytest.fail("not refused")
    assert refused.get("second-hash") == text_hash("一个。")
    zh = chinese(reviewed("Rain.", "坏雨。"))
    done = helped(tibetan("Rain."), zh, Fallback([guarded(taking), guarded(deaf)]))
    assert line(done).get("model") == "deaf" and not line(done).get("second"), "who drafted it was not helped"
    assert not deaf.asked[-1].reference and not deaf.asked[-1].title


CHANGES = {
    "changed": chinese(reviewed("Rain.", "大雨。")),
    "no longer approved": chinese(reviewed("Rain.").flagged("fuzzy")),
    "gone": chinese(),
    "no catalog": None,
}


@pytest.mark.parametrize("zh", CHANGES.values(), ids=CHANGES)
def test_a_stale_draft_is_drafted_again(zh: Catalog | None) -> None:
    before = helped(tibetan("Rain."), chinese(reviewed("Rain.")), Echo())
    after = helped(before, zh, Echo())
    assert after.units[0].target != before.units[0].target
    assert after.units[0].state is State.DRAFT and not after.units[0].previous_source
    expected = text_hash("大雨。") if zh is CHANGES["changed"] else ""
    assert line(after).get("second-hash") == expected
    again = Echo()
    assert helped(after, zh, again) == after and again.asked == []


@pytest.mark.parametrize("zh", CHANGES.values(), ids=CHANGES)
def test_nothing_is_stale_where_no_reference_is_wanted(zh: Catalog | None) -> None:
    before = helped(tibetan("Rain."), chinese(reviewed("Rain.")), Echo())
    for references in (NONE, References.of(zh, "de")):
        echo = Echo()
        assert run([before], echo, references=[references]) == (before,) and echo.asked == []


PERSONS = [
    lambda unit: replace(unit, target="ཆར་པ།"),
    lambda unit: replace(unit, target=unit.target + "།").flagged("fuzzy", False),
    lambda unit: unit.flagged("fuzzy", False),
    lambda unit: approve(unit, "Pema", "2026-11-25"),
    lambda unit: approve(unit, "Pema", "2026-11-25").flagged("fuzzy"),
]


@pytest.mark.parametrize("touch", PERSONS, ids=["typed", "edited", "accepted", "approved", "doubted again"])
@pytest.mark.parametrize("redraft", [False, True])
def test_a_stale_draft_that_a_person_took_up_stays(touch: object, redraft: bool) -> None:
    before = helped(tibetan("Rain."), chinese(reviewed("Rain.")), Echo())
    before = replace(before, units=tuple(map(touch, before.units)))  # type: ignore[arg-type]
    echo = Echo(model="better")
    assert helped(before, CHANGES["changed"], echo, redraft) == before and echo.asked == []


def test_a_draft_without_help_gets_it_on_demand_only() -> None:
    before = helped(tibetan("Rain."), None, Echo())
    zh = chinese(reviewed("Rain."))
    assert helped(before, zh, Echo()) == before
    after = helped(before, zh, Echo(), redraft=True)
    assert line(after).get("second") == "zh-Hans" and after.units[0].target != before.units[0].target
    assert helped(after, zh, Echo(), redraft=True) == after


def test_a_stale_draft_whose_new_one_is_refused_keeps_its_words_until_there_is_other_help() -> None:
    before = helped(tibetan("Rain."), chinese(reviewed("Rain.")), Echo())
    worse = chinese(reviewed("Rain.", "坏雨。"))
    kept = helped(before, worse, Echo())
    assert kept.units[0].target == before.units[0].target and line(kept) == line(before)
    refused = kept.units[0].line("refused") or pytest.fail("not refused")
    assert refused.get("second-hash") == text_hash("坏雨。") and refused.get("why") == "it is bad"
    echo = Echo()
    assert helped(kept, worse, echo) == kept and echo.asked == []
    better = helped(kept, CHANGES["changed"], Echo())
    assert better.units[0].target != before.units[0].target and not better.units[0].line("refused")


def test_an_empty_unit_that_was_refused_is_asked_again_with_help() -> None:
    zh = chinese(reviewed("Rain.", "坏雨。"))
    refused = helped(tibetan("Rain."), zh, Echo())
    assert not refused.units[0].target
    assert helped(refused, zh, Echo()) == refused
    assert helped(refused, chinese(), Echo()).units[0].target, "without that help it is another question"
    assert helped(refused, CHANGES["changed"], Echo()).units[0].target


# Interruptions, and everything that may happen to two catalogs

SOURCES = ("Title.", "The river rose. It fell.", "A bad day.", "2026", "Snow.")


@given(st.integers(1, 3), st.sets(st.sampled_from(SOURCES)), st.booleans(), st.data())
def test_interrupted_anywhere_the_same_help_gives_the_same_bytes(
    window: int, approved: set[str], by_sentence: bool, data: st.DataObject
) -> None:
    def engine() -> Echo:
        return Echo("sentence" if by_sentence else "unit", window=window, background=("title", "before", "after"))

    zh = chinese(*(reviewed(source, "河涨了。又落了。") for source in approved), reviewed("Snow!", "雪。"))
    references = [References.of(zh, "zh-Hans", by_sentence)] * 2
    start = [tibetan(*SOURCES[:3]), tibetan(*SOURCES[3:], "Snow!")]
    undisturbed = run(start, engine(), references=references)
    disk: list[Catalog] = list(start)
    for _ in range(20):
        lives, written = data.draw(st.integers(0, 3)), data.draw(st.integers(0, 2))

        def checkpoint(catalogs: Sequence[Catalog], lives: int = lives, written: int = written) -> None:
            nonlocal disk
            if not lives:
                disk = [*catalogs[:written], *disk[written:]]
                raise Stop
            disk = list(catalogs)

        try:
            run(disk, engine(), references=references, checkpoint=checkpoint)
            break
        except Stop:
            continue
    assert run(disk, engine(), references=references) == undisturbed


def put(one: Catalog, at: int, unit: Unit) -> Catalog:
    return replace(one, units=(*one.units[:at], unit, *one.units[at + 1 :]))


STEP = st.tuples(
    st.sampled_from(["review", "change", "unreview", "empty", "translate", "without", "redraft", "edit", "approve"]),
    st.integers(0, 2),
    st.sampled_from(["一。", "二。", "坏。", "三。四。"]),
)


@settings(max_examples=300)
@given(st.lists(STEP, max_size=25), st.booleans())
def test_whatever_happens_no_word_of_a_person_is_lost(steps: list[tuple[str, int, str]], by_sentence: bool) -> None:
    sources = ("One *two*. Three.", "A bad one.", "Four.")
    zh, bo = chinese(*map(Unit, sources)), tibetan(*sources)
    by_hand: dict[int, tuple[str, bool]] = {}

    def translate(wanted: bool, redraft: bool) -> None:
        nonlocal bo
        engine = Echo("sentence" if by_sentence else "unit", background=())
        references = References.of(zh, "zh-Hans", by_sentence) if wanted else NONE
        (bo,) = run([bo], engine, redraft, [references])
        idle = Echo("sentence" if by_sentence else "unit", background=())
        assert run([bo], idle, references=[references]) == (bo,) and idle.asked == [], (
            "the second run has nothing to do"
        )
        for unit in bo.units if wanted else ():
            assert not (unit.machine and unit.target and references.stale(unit)) or unit.line("refused")

    for what, at, words in steps:
        match what:
            case "review":
                zh = put(zh, at, reviewed(sources[at], words))
            case "change":
                zh = put(zh, at, replace(zh.units[at], target=words))
            case "unreview":
                zh = put(zh, at, zh.units[at].flagged("fuzzy"))
            case "empty":
                zh = put(zh, at, Unit(sources[at]))
            case "edit":
                bo = put(bo, at, replace(bo.units[at], target=f"མི{words}"))
            case "approve" if bo.units[at].target:
                bo = put(bo, at, approve(bo.units[at], "Pema", "2026-11-25"))
            case "translate" | "without" | "redraft":
                translate(what != "without", what == "redraft")
        if what in ("edit", "approve") and bo.units[at].target:
            by_hand[at] = bo.units[at].target, bo.units[at].fuzzy
        for place, held in by_hand.items():
            assert (bo.units[place].target, bo.units[place].fuzzy) == held
            assert not bo.units[place].machine
