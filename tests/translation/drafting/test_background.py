"""What stands around a paragraph reaches an engine that asks for it, and no other."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine, catalog, run
from toolkit.memory import Memory
from toolkit.translation.drafting.background import surroundings
from toolkit.units import Catalog, Unit

ALL = frozenset(("title", "before", "after"))


def reader(grain: str = "unit", background: frozenset[str] = ALL, independent: bool = True) -> FakeEngine:
    """Writes a draft for each request, and keeps the requests."""
    return FakeEngine(
        lambda text: f"中文{len(text)}。", grain=grain, background=background, independent=independent, window=3
    )


def page(*sources: str, markup: str = "markdown", heading: int = 0) -> Catalog:
    one = catalog(*sources, markup=markup)
    units = [replace(unit, notes=("type: heading",)) if i == heading else unit for i, unit in enumerate(one.units)]
    return replace(one, units=tuple(units))


def asked(engine: FakeEngine, one: Catalog) -> dict[str, tuple[str, str, str]]:
    run([one], engine)
    return {request.source: (request.title, request.before, request.after) for request in engine.asked}


def test_the_title_and_the_neighbours_without_codes() -> None:
    one = page("The *Gate*", "See [it](https://a.org/x) &amp; go.", "It **fell**.", "Gone.")
    assert asked(reader(), one) == {
        "The *Gate*": ("", "", "See it & go."),
        "See [it](https://a.org/x) &amp; go.": ("The Gate", "", "It fell."),
        "It **fell**.": ("The Gate", "See it & go.", "Gone."),
        "Gone.": ("The Gate", "It fell.", ""),
    }


def test_only_what_is_asked_for() -> None:
    one = page("Gate", "One.", "Two.")
    assert asked(reader(background=frozenset(("title",))), one)["Two."] == ("Gate", "", "")
    assert asked(reader(background=frozenset(("before",))), one)["One."] == ("", "Gate", "")
    assert asked(reader(background=frozenset()), one)["Two."] == ("", "", "")
    assert asked(reader(grain="sentence"), one)["Two."] == ("", "", "")


def test_a_title_goes_before_a_heading() -> None:
    one = page("Heading", "Title", "Words.")
    units = (one.units[0], replace(one.units[1], notes=("type: title",)), one.units[2])
    assert asked(reader(), replace(one, units=units))["Words."] == ("Title", "", "")
    assert asked(reader(), catalog("No title.", "Words."))["Words."] == ("", "No title.", "")


def test_obsolete_entries_are_no_neighbours() -> None:
    one = page("Gate", "One.", "Two.")
    gone = replace(one, units=(*one.units, replace(Unit("Old."), obsolete=True)))
    assert asked(reader(), gone)["Two."] == ("Gate", "One.", "")


def test_a_long_neighbour_is_cut_at_a_sentence() -> None:
    long = " ".join(f"Sentence number {n} of a long paragraph." for n in range(60))
    found = asked(reader(), page("Gate", "One.", long, "Two."))
    assert 500 < len(found["One."][2]) <= 600 and found["One."][2].startswith("Sentence number 0")
    assert 500 < len(found["Two."][1]) <= 600 and found["Two."][1].endswith("number 59 of a long paragraph.")
    assert found["One."][2].endswith("paragraph.") and found["Two."][1].startswith("Sentence number")
    assert len(asked(reader(), page("Gate", "One.", "x" * 5000))["One."][2]) == 600


def test_an_edit_beside_it_does_not_ask_for_a_draft_again() -> None:
    for independent in (True, False):
        (first,) = run([page("Gate", "One.", "Two.", "Three.")], reader(independent=independent))
        units = list(first.units)
        units[2] = Unit("Two has changed.")
        engine = reader(independent=independent)
        (second,) = run([replace(first, units=tuple(units))], engine)
        assert second.units[:2] + second.units[3:] == first.units[:2] + first.units[3:]
        assert second.units[2].target
        if independent:
            assert [request.source for request in engine.asked] == ["Two has changed."]


def test_a_memory_asks_for_nothing() -> None:
    assert not Memory().abilities.background


@given(
    st.lists(st.text(st.sampled_from("ab *_[]()<>&;.\n"), max_size=12), max_size=6, unique=True),
    st.sets(st.sampled_from(sorted(ALL))),
)
def test_one_for_each_live_unit_and_nothing_unwanted(sources: list[str], wants: set[str]) -> None:
    found = list(surroundings(page(*sources), frozenset(wants)))
    assert len(found) == len(sources)
    for request in found:
        assert not request.source and not request.reference
        for name in ALL - wants:
            assert not getattr(request, name)
