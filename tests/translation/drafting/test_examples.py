"""Approved translations as examples: which are chosen, what a model is shown, what the line of the draft says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.fake_engine import FakeEngine, catalog, run, targets
from tests.support.told import Told
from toolkit.models.families import Families
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.examples import LEAST, Similar, examples_for
from toolkit.translation.drafting.layout import lay_out
from toolkit.translation.engines.prompts import prompt
from toolkit.translation.inference import Output, Question
from toolkit.units import Catalog, LanguagePair, Match, Request

PAIR = LanguagePair("en", "zh-Hans")
BASE = Families()["base"]


class Known:
    """A memory that scores by the share of letters that two texts have in common."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = pairs
        self.asked: list[str] = []

    def similar(self, text: str, pair: LanguagePair, limit: int, least: float) -> Iterator[Similar]:
        self.asked.append(text)
        for source, target in self.pairs:
            score = 100 * len({*text} & {*source}) / max(len({*text} | {*source}), 1)
            if score >= least:
                yield Similar(source, target, score)


ROADS = (
    ("The road to Tarn is closed.", "通往塔恩的道路关闭。"),
    ("The road to Halden is closed.", "通往哈尔登的道路关闭。"),
    ("Qqq!", "无关。"),
)
RIVER = "The road to Selm is closed."
ROAD_ZH = "通往塞尔姆的道路关闭。"


def model(say: str = ROAD_ZH) -> Told:
    return Told(lambda question: Output(say, -0.1, 1), BASE)


def drafted(engine: Told, memory: Known | None, *sources: str) -> Catalog:
    (done,) = draft(Job((catalog(*sources),), engine, memory=memory))
    return done


@given(st.permutations(ROADS * 2), st.integers(1, 4))
def test_the_most_similar_ones_in_the_same_order_whatever_the_memory_gives_first(
    pairs: Sequence[tuple[str, str]], most: int
) -> None:
    found = examples_for(RIVER, PAIR, most, Known(*pairs))
    assert found == examples_for(RIVER, PAIR, most, Known(*ROADS))
    assert len(found) == min(most, 2), "one that is like nothing in the text is none"
    scores = {one.source: one.score for one in Known(*ROADS).similar(RIVER, PAIR, 9, LEAST)}
    assert [scores[source] for source, _ in found] == sorted(scores[source] for source, _ in found)


def test_a_text_is_not_its_own_example_whatever_its_typography() -> None:
    same = ("“The road”  is closed", "道路关闭")
    assert examples_for('"The road" is closed', PAIR, 5, Known(same)) == ()


def test_the_model_is_shown_them_and_the_line_says_how_many() -> None:
    engine, memory = model(), Known(*ROADS)
    (unit,) = drafted(engine, memory, RIVER).units
    (asked,) = engine.questions
    shown = examples_for(RIVER, PAIR, 5, memory)
    assert asked.text == prompt(BASE, Request(RIVER, examples=shown), PAIR).text
    assert asked.text.index(shown[0][0]) < asked.text.index(shown[1][0]) < asked.text.index(RIVER)
    line = unit.line("mt")
    assert unit.target == ROAD_ZH and line and line.get("examples") == "2"


def test_without_a_memory_the_line_names_none() -> None:
    (unit,) = drafted(model(), None, RIVER).units
    line = unit.line("mt")
    assert line and line.get("examples") == ""


def test_an_example_given_back_is_asked_again_without_examples() -> None:
    nearest = examples_for(RIVER, PAIR, 5, Known(*ROADS))[-1]

    def say(question: Question) -> Output:
        return Output(nearest[1] if nearest[0] in question.text else ROAD_ZH, -0.1, 1)

    engine = Told(say, BASE)
    (unit,) = drafted(engine, Known(*ROADS), RIVER).units
    line = unit.line("mt")
    assert unit.target == ROAD_ZH and line and line.get("examples") == "" and "second try" in line.get("note")
    (refused,) = drafted(model(nearest[1]), Known(*ROADS, (RIVER + " Now.", "x" * 40)), RIVER).units
    assert refused.target or refused.line("refused")


def test_what_is_asked_again_keeps_its_terms_as_long_as_they_do_no_harm() -> None:
    nearest, term = examples_for(RIVER, PAIR, 5, Known(*ROADS))[-1], ("Selm", "塞尔姆")
    family = replace(
        BASE,
        wordings=tuple(
            replace(one, prompt="{terms}" + one.prompt, terms="{lines}\n", term="{source_term} = {target_term}")
            for one in BASE.wordings
        ),
    )

    def asked(says: Callable[[str], str]) -> list[tuple[bool, bool]]:
        engine = Told(lambda question: Output(says(question.text), -0.1, 1), family)
        (answer,) = engine.translate([Request(RIVER, examples=(nearest,), terms=(term,))], PAIR)
        assert isinstance(answer, Match) and answer.target == ROAD_ZH
        return [(nearest[0] in question.text, "Selm = 塞尔姆" in question.text) for question in engine.questions]

    assert asked(lambda text: nearest[1] if nearest[0] in text else ROAD_ZH) == [(True, True), (False, True)]
    echo = [(True, True), (False, True), (False, True), (False, False)]
    assert asked(lambda text: "Selm = 塞尔姆" if "Selm = " in text else ROAD_ZH) == echo


def test_a_memory_that_grew_changes_no_draft_that_exists() -> None:
    before = drafted(model(), Known(*ROADS), RIVER)
    engine, grown = model("别的。"), Known(*ROADS, ("The road to Selma is closed.", "通往塞尔玛的道路关闭。"))
    assert draft(Job((before,), engine, memory=grown)) == (before,) and engine.questions == [] == grown.asked


def test_an_engine_that_takes_none_is_given_none() -> None:
    memory = Known(*ROADS)
    engine = FakeEngine(lambda text: ROAD_ZH)
    draft(Job((catalog(RIVER),), engine, memory=memory))
    assert engine.asked[0].examples == () and memory.asked == []
    starter = Told(lambda question: Output(ROAD_ZH, -0.1, 1), Families()["starter"])
    drafted(starter, memory, RIVER)
    assert memory.asked == [] and "Tarn" not in starter.questions[0].text


def test_an_engine_gets_as_many_as_it_takes() -> None:
    engine = FakeEngine(lambda text: ROAD_ZH, examples=1)
    (done,) = draft(Job((catalog(RIVER),), engine, memory=Known(*ROADS)))
    assert [request.examples for request in engine.asked] == [examples_for(RIVER, PAIR, 1, Known(*ROADS))]
    assert done.units[0].target


def test_inline_codes_are_not_looked_up() -> None:
    memory = Known(*ROADS)
    layout = lay_out(
        Job((catalog("The **road** is [closed](x.html).", markup="markdown"),), model(), memory=memory), frozenset()
    )
    assert memory.asked == ["The road is closed."] and layout.requests[0].examples


def test_an_interrupted_run_goes_on_with_the_same_ones() -> None:
    texts = [f"The road to {name} is closed." for name in ("Ana", "Bela", "Cora", "Dora", "Elba")]
    whole = drafted(model(), Known(*ROADS), *texts)
    half = replace(catalog(*texts), units=(*whole.units[:2], *catalog(*texts).units[2:]))
    engine = model()
    assert draft(Job((half,), engine, memory=Known(*ROADS))) == (whole,) and len(engine.questions) == 3


def test_mates_that_are_drafted_are_not_asked_again_for_other_examples() -> None:
    texts = [f"The road to {name} is closed." for name in ("Ana", "Bela", "Cora", "Dora")]
    engine = FakeEngine(lambda text: ROAD_ZH, independent=False, window=4, examples=2)
    (whole,) = run([catalog(*texts)], engine)
    half = replace(whole, units=(*whole.units[:3], *catalog(texts[3]).units))
    engine.asked.clear()
    (done,) = draft(Job((half,), engine, memory=Known(*ROADS)))
    assert engine.texts == texts[3:] and targets([done]) == [ROAD_ZH] * 4


def test_the_least_similar_ones_are_left_out_where_the_context_is_full() -> None:
    many = tuple((f"The road number {number} is closed. " * 4, "道路关闭。" * 8) for number in range(5))
    request = Request(RIVER, examples=many)
    assert prompt(BASE, request, PAIR).examples == many
    small = prompt(replace(BASE, context=300), request, PAIR)
    assert 0 < len(small.examples) < 5 and small.examples == many[-len(small.examples) :]
    assert prompt(replace(BASE, context=60), request, PAIR).examples == ()
