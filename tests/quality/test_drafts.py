"""What is kept of a language model's answer, and which answers are rejected: the cases are in misbehaviours.toml."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.misbehaviours import CASES, asked, pair_of
from tests.support.told import Told
from toolkit.models.families import Families, Family
from toolkit.quality.refusal import why_refused
from toolkit.quality.rules import failed_check
from toolkit.translation.engines.language_model import trimmed
from toolkit.translation.inference import Output
from toolkit.units import LanguagePair, Match, Refusal, Request


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    request, question = asked(case)
    text = trimmed(case["answer"], case.get("cut", ()), request.source)
    examples = tuple(map(tuple, case.get("fixed", ())))
    why = failed_check(request, text, question, pair_of(case), examples)
    why = why or why_refused(request.source, text, case["to"])
    if "trusted" in case:
        assert (why, text) == ("", case["trusted"])
    else:
        assert case["doubt"] in why if case["doubt"] else why, why


def says(answer: str, family: Family, case: dict[str, Any]) -> Told:
    """A language model that says the same whatever it is asked, of this family with what the case adds to it."""
    shown = tuple({case["from"]: one, case["to"]: other} for one, other in case.get("fixed", ()))
    told_as = replace(family, examples=shown, cut=(*family.cut, *case.get("cut", ())))
    return Told(lambda question: Output(answer, logprob=-1.0, tokens=1), told_as)


ASKED = [
    pytest.param(case, family, id=f"{family.name}: {case['name']}")
    for family in map(Families().__getitem__, ("instruct", "hy-mt2", "lmt-60"))
    for case in CASES
    if family.knows(pair_of(case))
]


@pytest.mark.parametrize(("case", "family"), ASKED)
def test_a_language_model_that_says_it_leaves_the_paragraph_empty(case: dict[str, Any], family: Family) -> None:
    """Asked whole, by sentence, with less beside it, in another way: it is never shown."""
    good, own = "trusted" in case, family.delimiter in case["answer"]
    if good or own:
        family = replace(family, delimiter="")
    (answer,) = says(case["answer"], family, case).translate([asked(case)[0]], pair_of(case))
    if good:
        assert isinstance(answer, Match) and answer.target == case["trusted"], answer
    else:
        assert isinstance(answer, Refusal) and answer.why, answer


def test_the_same_answer_to_every_sentence_is_no_paragraph() -> None:
    source = "The first bus came on Monday evening. The second lorry left after the snow had melted."
    model = says("客车在星期一晚上到达了县城。", Families()["instruct"], {"from": "en", "to": "zh-Hans"})
    (answer,) = model.translate([Request(source)], LanguagePair("en", "zh-Hans"))
    assert isinstance(answer, Refusal), answer


def test_every_case_has_a_name_of_its_own_and_one_end() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(("trusted" in case) != ("doubt" in case) for case in CASES)


@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from(["bo", "zh-Hans", "de", "ja"]))
def test_any_answer_gets_a_verdict_in_one_line(source: str, answer: str, target: str) -> None:
    text = trimmed(answer, [r"<think>\s*</think>"], source)
    assert text == text.strip()
    pair = LanguagePair("en", target)
    assert "\n" not in failed_check(Request(source, before=answer), text, source + answer, pair, [(answer, source)])
