"""What an engine takes and how it is asked shows through every wrapper, and through every wrapper around another.

`RULES` says for each wrapper and each ability what becomes of the abilities of the engines inside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine
from toolkit.translation.wrappers import BoundTerms, Checked, Fallback, InlineCodes, Pivot, guarded
from toolkit.units import Abilities, Engine, Identity, LanguagePair, Match, Refusal, Request

VIA = "zh-Hans"
PAIR = LanguagePair("en", "bo")
LANGUAGES = st.frozensets(st.sampled_from([VIA, "fr", "bo"]))
ABILITIES = st.builds(
    Abilities,
    grain=st.sampled_from(["sentence", "unit"]),
    independent=st.booleans(),
    window=st.integers(1, 3),
    codes=st.sampled_from(["kept", "placeholders", "removed"]),
    checked=st.booleans(),
    verbatim=st.booleans(),
    background=st.frozensets(st.sampled_from(["title", "before", "after"])),
    reference_languages=LANGUAGES,
    terms=st.booleans(),
    constrained=st.booleans(),
    examples=st.integers(0, 2),
    counts_tokens=st.booleans(),
    processes=st.booleans(),
)

Rule = Callable[[Any, Any], Any]
"""The ability of the whole, from those of its first and its second engine."""


def first(one: Any, other: Any) -> Any:
    return one


def both(one: Any, other: Any) -> Any:
    return one and other


def either(one: Any, other: Any) -> Any:
    return one | other


def always(value: Any) -> Rule:
    return lambda one, other: value


def more_careful(one: str, other: str) -> str:
    return "removed" if "removed" in (one, other) else "placeholders" if "placeholders" in (one, other) else "kept"


def smaller(one: str, other: str) -> str:
    return "unit" if one == other == "unit" else "sentence"


AROUND_ONE: Mapping[str, Rule] = dict.fromkeys((field.name for field in fields(Abilities)), first)
AROUND_TWO: Mapping[str, Rule] = {
    "grain": smaller,
    "independent": both,
    "window": max,
    "codes": more_careful,
    "constrained": always(False),  # terms are bound around each of them
    "verbatim": both,
    "counts_tokens": either,
    "processes": both,
}
RULES: Mapping[str, Mapping[str, Rule]] = {
    "InlineCodes": {**AROUND_ONE, "codes": always("kept")},
    "Checked": {**AROUND_ONE, "checked": always(True)},
    "Fallback": {
        **AROUND_TWO,
        "checked": both,
        "background": either,
        "reference_languages": either,
        "terms": either,
        "examples": max,
    },
    "Pivot": {
        **AROUND_TWO,
        "checked": always(False),  # the last draft was judged against words in the language between
        "background": first,  # the second engine is given what the first one said, and nothing beside it
        "reference_languages": lambda one, other: one - {VIA},
        "terms": always(False),
        "examples": always(0),
    },
}
MAKE: Mapping[str, Callable[[Engine, Engine], Engine]] = {
    "InlineCodes": lambda one, other: InlineCodes(one),
    "Checked": lambda one, other: Checked(one),
    "Fallback": lambda one, other: Fallback([one, other]),
    "Pivot": lambda one, other: Pivot(one, other, VIA),
}
PAIRS = list(product(MAKE, MAKE))


def engine(able: Abilities, name: str = "fake") -> FakeEngine:
    return FakeEngine(str.upper, name, **{field.name: getattr(able, field.name) for field in fields(able)})


def whole(wrapper: str, one: Abilities, other: Abilities) -> Abilities:
    """What the rules say of a wrapper around engines of these abilities."""
    assume(wrapper != "Fallback" or one.grain == other.grain)
    rules = RULES[wrapper]
    return Abilities(**{name: rule(getattr(one, name), getattr(other, name)) for name, rule in rules.items()})


def test_every_ability_has_a_rule() -> None:
    names = {field.name for field in fields(Abilities)}
    assert set(RULES) == set(MAKE) and all(set(rules) == names for rules in RULES.values())


@pytest.mark.parametrize("wrapper", MAKE)
@given(ABILITIES, ABILITIES)
def test_around_engines(wrapper: str, one: Abilities, other: Abilities) -> None:
    expected = whole(wrapper, one, other)
    assert MAKE[wrapper](engine(one), engine(other)).abilities == expected


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
@given(ABILITIES, ABILITIES, ABILITIES)
def test_around_another_wrapper(outer: str, inner: str, one: Abilities, two: Abilities, three: Abilities) -> None:
    middle = whole(inner, one, two)
    within = MAKE[inner](engine(one), engine(two))
    first_of_two = whole(outer, middle, three)
    assert MAKE[outer](within, engine(three)).abilities == first_of_two
    last_of_two = whole(outer, three, middle)
    assert MAKE[outer](engine(three), within).abilities == last_of_two


def test_an_example_in_words() -> None:
    """A model of paragraphs that takes background and help, then one of sentences that takes nothing, led through Chinese."""
    model = Abilities(
        "unit",
        independent=True,
        codes="placeholders",
        checked=True,
        background=frozenset({"title", "before"}),
        reference_languages=frozenset({"zh-Hans", "fr"}),
        terms=True,
        examples=1,
        counts_tokens=True,
    )
    plain = Abilities(window=256, codes="removed", checked=True)
    assert asdict(InlineCodes(Checked(Pivot(engine(model), engine(plain), "zh-Hans"))).abilities) == {
        "grain": "sentence",
        "independent": False,
        "window": 256,
        "codes": "kept",
        "checked": True,
        "verbatim": False,
        "background": frozenset({"title", "before"}),
        "reference_languages": frozenset({"fr"}),
        "terms": False,
        "constrained": False,
        "examples": 0,
        "counts_tokens": True,
        "processes": False,
    }


# What an engine says of itself beside its abilities


class Counting(FakeEngine):
    """Has produced five tokens, and counts how often it was loaded."""

    label = "weak"
    loaded = 0
    tokens = 5

    def load(self) -> None:
        self.loaded += 1


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
def test_label_tokens_and_model_show_through(outer: str, inner: str) -> None:
    one, two, three = (Counting(str.upper, name) for name in ("a", "b", "c"))
    made = MAKE[outer](MAKE[inner](one, two), three)
    within = 2 if inner in ("Fallback", "Pivot") else 1
    parts = within + (outer in ("Fallback", "Pivot"))
    assert made.label == "weak" and made.tokens == 5 * parts
    made.load()
    assert one.loaded == 1 and two.loaded == three.loaded == 0, "the engine that is asked first"
    assert made.name == "+".join(["a", *["b"] * (within == 2), *["c"] * (parts > within)])
    answers = list(made.translate([Request("go")], PAIR))
    assert all(isinstance(answer, Match | Refusal) for answer in answers) and len(answers) == 1
    said = answers[0]
    assert isinstance(said, Match | Refusal) and Identity(said.origin, said.model) in made.identities


@pytest.mark.parametrize(("outer", "inner"), PAIRS)
@given(ABILITIES)
def test_what_guards_an_engine_is_put_around_it_once(outer: str, inner: str, able: Abilities) -> None:
    made = guarded(MAKE[outer](MAKE[inner](engine(able), engine(able)), engine(whole(inner, able, able))))
    assert made.abilities.checked and made.abilities.codes == "kept"
    assert guarded(made) is made


def test_an_engine_that_guards_itself_is_left_alone() -> None:
    safe = FakeEngine(checked=True, codes="kept", terms=True)
    assert guarded(safe) is safe
    assert isinstance(guarded(FakeEngine(checked=True, terms=True)), InlineCodes)
    assert isinstance(guarded(FakeEngine(codes="kept", terms=True)), Checked)
    assert isinstance(guarded(FakeEngine(checked=True, codes="kept")), BoundTerms)


def test_drafts_of_an_engine_that_does_not_check_itself_are_checked() -> None:
    echo, refusal = FakeEngine(str), Refusal("fake", "m", "no")
    requests = [Request("The river rose."), Request("VOA")]
    assert list(Checked(echo).translate(requests, PAIR)) == [
        Refusal("fake", "m", "the same as the source"),
        Match("VOA", "mt", "fake", -0.5, "m", remarks=("weak",)),
    ]
    assert list(Checked(FakeEngine(lambda text: refusal)).translate(requests, PAIR)) == [refusal, refusal]
