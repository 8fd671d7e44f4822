"""Abilities around an engine: codes protected, a third language in between, a second engine for what the first refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine
from toolkit import codes
from toolkit.translation.wrappers import Fallback, InlineCodes, Pivot
from toolkit.units import Answer, Engine, Identity, LanguagePair, Match, Refusal, Request

PAIR = LanguagePair("en", "bo")


def ask(engine: Engine, *texts: str, markup: codes.Markup = "markdown") -> list[Answer]:
    requests = [Request(text, codes.find(text, markup)) for text in texts]
    return list(engine.translate(iter(requests), PAIR))


TEXT = "Read the **annual [report](https://a.org)** at https://b.org now."
LINK = "Read the [annual report](https://a.org) at https://b.org now."


def test_the_engine_sees_no_code_and_the_answer_has_them_all() -> None:
    fake = FakeEngine(str.upper)
    (answer,) = ask(InlineCodes(fake), TEXT)
    assert "*" not in fake.texts[0] and "http" not in fake.texts[0]
    assert (
        isinstance(answer, Match)
        and answer.target == "READ THE **ANNUAL [REPORT](https://a.org)** AT https://b.org NOW."
    )
    assert answer.remarks == ("weak",)


def test_lost_codes_come_back_and_a_remark_says_so() -> None:
    (answer,) = ask(InlineCodes(FakeEngine(lambda text: "one two three four five six seven eight")), LINK)
    assert isinstance(answer, Match) and not codes.compare(LINK, answer.target, "markdown")
    assert any(remark.startswith("code re-inserted: ") for remark in answer.remarks)


def test_an_engine_that_breaks_placeholders_gets_none() -> None:
    fake = FakeEngine(str.upper, codes="removed")
    (answer,) = ask(InlineCodes(fake), LINK)
    assert fake.texts[0] == "Read the annual report at  now."
    assert isinstance(answer, Match) and not codes.compare(LINK, answer.target, "markdown")


@given(st.lists(st.sampled_from(["a ", "b", " ", "[1]", "[2]", "**", "*", "1", "<1>", "。"]), max_size=12).map("".join))
def test_whatever_comes_back_no_code_of_the_source_is_lost(said: str) -> None:
    source = "<1>One</1> two <2/> three"
    (answer,) = ask(InlineCodes(FakeEngine(lambda text: said)), source, markup="tags")
    assert isinstance(answer, Match)
    assert not Counter(code.data for code in codes.find(source, "tags")) - Counter(
        code.data for code in codes.find(answer.target, "tags")
    )


def test_answers_keep_their_order_when_the_engine_reads_ahead() -> None:
    class Ahead(FakeEngine):
        def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
            yield from super().translate(list(requests), pair)

    answers = ask(InlineCodes(Ahead(str.upper)), "a *b*", "c", "`d` e")
    assert [answer.target for answer in answers if isinstance(answer, Match)] == ["A *B*", "C", "`d` E"]


def test_refusals_and_silence_pass() -> None:
    refusal = Refusal("fake", "m", "no")
    fake = FakeEngine(lambda text: refusal if text == "a" else None)
    assert ask(InlineCodes(fake), "a", "b") == [refusal, None]


def test_a_pivot_asks_both_legs_and_adds_their_scores() -> None:
    first, second = FakeEngine(lambda text: text + "1", "first"), FakeEngine(lambda text: text + "2", "second")
    pivot = Pivot(first, second, "zh-Hans")
    (answer,) = ask(pivot, "x")
    assert first.texts == ["x"] and first.pairs == [("en", "zh-Hans")]
    assert second.texts == ["x1"] and second.pairs == [("zh-Hans", "bo")]
    assert answer == Match("x12", "mt", "first+second", -1.0, "m m", "zh-Hans", ("weak",))
    assert {Identity(answer.origin, answer.model)} == pivot.identities


@pytest.mark.parametrize(("bad", "leg"), [("first", "en -> zh-Hans"), ("second", "zh-Hans -> bo")])
def test_a_refusing_leg_is_named_and_others_are_not_shifted(bad: str, leg: str) -> None:
    def says(name: str) -> Callable[[str], str | Refusal]:
        return lambda text: Refusal(name, "m", "loops") if name == bad and text.startswith("b") else text

    pivot = Pivot(FakeEngine(says("first"), "first"), FakeEngine(says("second"), "second"), "zh-Hans")
    one, two, three = ask(pivot, "a", "b", "c")
    assert isinstance(one, Match) and one.target == "a" and isinstance(three, Match) and three.target == "c"
    assert isinstance(two, Refusal) and two.why == f"{leg}: loops"
    assert Identity(two.origin, two.model) in pivot.identities


def test_codes_stay_hidden_over_both_legs() -> None:
    first, second = FakeEngine(str.upper), FakeEngine(str.lower)
    (answer,) = ask(InlineCodes(Pivot(first, second, "zh-Hans")), "A *Word*")
    assert "*" not in first.texts[0] + second.texts[0]
    assert isinstance(answer, Match) and answer.target == "a *word*"


def test_a_fallback_asks_on_only_where_it_must() -> None:
    first = FakeEngine(lambda text: {"a": "A", "b": None}.get(text, Refusal("first", "m", "empty")), "first")
    second = FakeEngine(lambda text: "B" if text == "b" else None, "second")
    fallback = Fallback([first, second])
    assert [getattr(answer, "target", answer) for answer in ask(fallback, "a", "b", "c")] == [
        "A",
        "B",
        Refusal("first", "m", "empty"),
    ]
    assert second.texts == ["b", "c"]
    assert fallback.identities == {Identity("first", "m"), Identity("second", "m")}


def test_a_fallback_of_different_grains_is_refused() -> None:
    with pytest.raises(ValueError, match="one grain"):
        Fallback([FakeEngine(str), FakeEngine(str, grain="unit")])


def test_of_a_fallback_each_engine_gets_what_it_takes() -> None:
    first = FakeEngine(lambda text: None)
    second = FakeEngine(
        str.upper, background=frozenset({"title", "before"}), reference_languages=frozenset({"zh-Hans", "fr"})
    )
    request = Request("x", title="t", before="b", after="a", reference="y", reference_language="fr")
    list(Fallback([first, second]).translate([request], PAIR))
    assert first.asked == [Request("x")] and second.asked == [replace(request, after="")]
