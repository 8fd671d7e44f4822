"""Abilities around an engine: codes protected, a third language in between, a second engine for what the first refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import codes
from toolkit.memory import Drafts
from toolkit.translation.accept import Checked
from toolkit.translation.identity import Identity, identities
from toolkit.translation.wrappers import Cached, Cascade, Pivot, Protect
from toolkit.units import Answer, Match, Refusal, Request


class Fake:
    """An engine that answers with a function of the text; it keeps what it was asked."""

    grain, independent = "sentence", True

    def __init__(self, says: Callable[[str], str | Refusal | None], name: str = "fake", markers: bool = True) -> None:
        self.says = says
        self.name = name
        self.markers = markers
        self.asked: list[tuple[str, str, str]] = []
        self.identities = frozenset((Identity(name, "m"),))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        for request in requests:
            self.asked.append((request.source, source_language, target_language))
            said = self.says(request.source)
            yield Match(said, "mt", self.name, -0.5, "m", remarks=("weak",)) if isinstance(said, str) else said


def ask(engine: object, *texts: str, markup: codes.Markup = "markdown") -> list[Answer]:
    requests = [Request(text, codes.find(text, markup)) for text in texts]
    return list(engine.translate(iter(requests), "en", "bo"))  # type: ignore[attr-defined]


TEXT = "Read the **annual [report](https://a.org)** at https://b.org now."
LINK = "Read the [annual report](https://a.org) at https://b.org now."


def test_the_engine_sees_no_code_and_the_answer_has_them_all() -> None:
    fake = Fake(str.upper)
    (answer,) = ask(Protect(fake), TEXT)
    assert "*" not in fake.asked[0][0] and "http" not in fake.asked[0][0]
    assert (
        isinstance(answer, Match)
        and answer.target == "READ THE **ANNUAL [REPORT](https://a.org)** AT https://b.org NOW."
    )
    assert answer.remarks == ("weak",)


def test_lost_codes_come_back_and_a_remark_says_so() -> None:
    (answer,) = ask(Protect(Fake(lambda text: "one two three four five six seven eight")), LINK)
    assert isinstance(answer, Match) and not codes.compare(LINK, answer.target, "markdown")
    assert any(remark.startswith("code re-inserted: ") for remark in answer.remarks)


def test_an_engine_that_breaks_markers_gets_none() -> None:
    fake = Fake(str.upper, markers=False)
    (answer,) = ask(Protect(fake), LINK)
    assert fake.asked[0][0] == "Read the annual report at  now."
    assert isinstance(answer, Match) and not codes.compare(LINK, answer.target, "markdown")


@given(st.lists(st.sampled_from(["a ", "b", " ", "[1]", "[2]", "**", "*", "1", "<1>", "。"]), max_size=12).map("".join))
def test_whatever_comes_back_no_code_of_the_source_is_lost(said: str) -> None:
    source = "<1>One</1> two <2/> three"
    (answer,) = ask(Protect(Fake(lambda text: said)), source, markup="tags")
    assert isinstance(answer, Match)
    assert not Counter(code.data for code in codes.find(source, "tags")) - Counter(
        code.data for code in codes.find(answer.target, "tags")
    )


def test_answers_keep_their_order_when_the_engine_reads_ahead() -> None:
    class Ahead(Fake):
        def translate(
            self, requests: Iterable[Request], source_language: str, target_language: str
        ) -> Iterator[Answer]:
            yield from super().translate(list(requests), source_language, target_language)

    answers = ask(Protect(Ahead(str.upper)), "a *b*", "c", "`d` e")
    assert [answer.target for answer in answers if isinstance(answer, Match)] == ["A *B*", "C", "`d` E"]


def test_refusals_and_silence_pass() -> None:
    refusal = Refusal("fake", "m", "no")
    fake = Fake(lambda text: refusal if text == "a" else None)
    assert ask(Protect(fake), "a", "b") == [refusal, None]


def test_a_pivot_asks_both_legs_and_adds_their_scores() -> None:
    first, second = Fake(lambda text: text + "1", "first"), Fake(lambda text: text + "2", "second")
    pivot = Pivot(first, second, "zh-Hans")
    (answer,) = ask(pivot, "x")
    assert first.asked == [("x", "en", "zh-Hans")] and second.asked == [("x1", "zh-Hans", "bo")]
    assert answer == Match("x12", "mt", "first+second", -1.0, "m m", "zh-Hans", ("weak",))
    assert {Identity(answer.origin, answer.model)} == set(identities(pivot))


@pytest.mark.parametrize(("bad", "leg"), [("first", "en -> zh-Hans"), ("second", "zh-Hans -> bo")])
def test_a_refusing_leg_is_named_and_others_are_not_shifted(bad: str, leg: str) -> None:
    def says(name: str) -> Callable[[str], str | Refusal]:
        return lambda text: Refusal(name, "m", "loops") if name == bad and text.startswith("b") else text

    pivot = Pivot(Fake(says("first"), "first"), Fake(says("second"), "second"), "zh-Hans")
    one, two, three = ask(pivot, "a", "b", "c")
    assert isinstance(one, Match) and one.target == "a" and isinstance(three, Match) and three.target == "c"
    assert isinstance(two, Refusal) and two.why == f"{leg}: loops"
    assert Identity(two.origin, two.model) in identities(pivot)


def test_codes_stay_hidden_over_both_legs() -> None:
    first, second = Fake(str.upper), Fake(str.lower)
    (answer,) = ask(Protect(Pivot(first, second, "zh-Hans")), "A *Word*")
    assert "*" not in first.asked[0][0] + second.asked[0][0]
    assert isinstance(answer, Match) and answer.target == "a *word*"


def test_a_cascade_asks_on_only_where_it_must() -> None:
    first = Fake(lambda text: {"a": "A", "b": None}.get(text, Refusal("first", "m", "empty")), "first")
    second = Fake(lambda text: "B" if text == "b" else None, "second")
    cascade = Cascade([first, second])
    assert [getattr(answer, "target", answer) for answer in ask(cascade, "a", "b", "c")] == [
        "A",
        "B",
        Refusal("first", "m", "empty"),
    ]
    assert [text for text, _, _ in second.asked] == ["b", "c"]
    assert set(identities(cascade)) == {Identity("first", "m"), Identity("second", "m")}


def test_a_cascade_of_different_grains_is_refused() -> None:
    whole = Fake(str)
    whole.grain = "unit"  # type: ignore[misc]
    with pytest.raises(ValueError, match="one grain"):
        Cascade([Fake(str), whole])


class Wanting(Fake):
    """Takes background and a second source, and counts what it produced."""

    background, seconds, tokens = frozenset({"title", "before"}), frozenset({"zh-Hans", "fr"}), 5

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        self.seen = list(requests)
        yield from super().translate(self.seen, source_language, target_language)


def test_what_an_engine_wants_shows_through_every_wrapper(tmp_path: Path) -> None:
    plain, wanting = Fake(str.upper), Wanting(str.upper)
    for made in (
        Protect(wanting),
        Checked(wanting),
        Cached(wanting, Drafts(tmp_path / "d")),
        Cascade([plain, wanting]),
    ):
        assert (made.background, made.seconds, made.tokens) == (Wanting.background, Wanting.seconds, 5)
    pivot = Pivot(wanting, plain, "zh-Hans")
    assert (pivot.background, pivot.seconds, pivot.tokens) == (Wanting.background, {"fr"}, 5)
    assert (Protect(plain).background, Pivot(plain, wanting, "fr").seconds) == (frozenset(), frozenset())


def test_of_a_cascade_each_engine_gets_what_it_takes() -> None:
    first, second = Wanting(lambda text: None), Wanting(str.upper)
    first.background, first.seconds = frozenset(), frozenset()
    request = Request("x", title="t", before="b", after="a", second_source="y", second_language="fr")
    list(Cascade([first, second]).translate([request], "en", "bo"))
    assert first.seen == [Request("x")] and second.seen == [replace(request, after="")]
