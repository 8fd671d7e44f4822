"""What is kept of a language model's answer, and which answers are not trusted: the cases are in misbehaviours.toml."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.language import language
from toolkit.models.families import family
from toolkit.models.family import Family
from toolkit.translation.accept import Checked, why_refused
from toolkit.translation.answers import doubt, trimmed
from toolkit.translation.language_model import LanguageModel, Said
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt
from toolkit.units import Match, Refusal, Request

DATA = tomllib.loads((Path(__file__).parent / "misbehaviours.toml").read_text(encoding="utf-8"))
PROMPT = "Translate the following text from {origin} into {spoken}:\n{origin}: {source}\n{spoken}:"


def filled(value: Any) -> Any:
    """The value with the texts in place of their names."""
    if isinstance(value, str):
        for name, text in DATA["texts"].items():
            value = value.replace(f"{{{name}}}", text)
        return value
    return [filled(item) for item in value] if isinstance(value, list) else value


def asked(case: dict[str, Any]) -> tuple[Request, str]:
    """The request of a case, and the prompt made of it."""
    request = Request(
        case["source"],
        title=case.get("title", ""),
        before=case.get("before", ""),
        terms=tuple(map(tuple, case.get("terms", ()))),
        examples=tuple(map(tuple, case.get("examples", ()))),
        second_source=case.get("second", ""),
        second_language=case.get("second_language", ""),
    )
    names = {"origin": language(case["from"]).name, "spoken": language(case["to"]).name}
    parts = [f"{one} translates to {other}" for one, other in request.terms]
    parts += [f"{one}\n{other}" for one, other in (*request.examples, *case.get("fixed", ()))]
    parts += filter(None, (request.title, request.before, request.second_source))
    return request, "\n\n".join((*parts, case.get("question") or PROMPT.format(source=request.source, **names)))


CASES = [{"from": "en", **{key: filled(value) for key, value in case.items()}} for case in DATA["case"]]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    request, question = asked(case)
    text = trimmed(case["answer"], case.get("cut", ()), request.source)
    examples = tuple(map(tuple, case.get("fixed", ())))
    why = doubt(request, text, question, case["to"], case["from"], examples)
    why = why or why_refused(request.source, text, case["to"])
    if "trusted" in case:
        assert (why, text) == ("", case["trusted"])
    else:
        assert case["doubt"] in why if case["doubt"] else why, why


class Says(LanguageModel):
    """A model that says the same whatever it is asked."""

    name, model = "says", "says@1"

    def __init__(self, case: dict[str, Any], answer: str, asked_as: Family) -> None:
        shown = tuple({case["from"]: one, case["to"]: other} for one, other in case.get("fixed", ()))
        cut = (*asked_as.cut, *case.get("cut", ()))
        super().__init__(replace(asked_as, examples=shown, cut=cut), Options())
        self.answer = answer

    def complete(self, asked: Prompt) -> Said:
        return Said(self.answer, logprob=-1.0, tokens=1)


ASKED = [
    pytest.param(case, asked_as, id=f"{name}: {case['name']}")
    for name, asked_as in ((name, family(name)) for name in ("instruct", "hy-mt2", "lmt-60"))
    for case in CASES
    if asked_as.knows(case["from"], case["to"])
]


@pytest.mark.parametrize(("case", "asked_as"), ASKED)
def test_a_language_model_that_says_it_leaves_the_paragraph_empty(case: dict[str, Any], asked_as: Family) -> None:
    """Asked whole, by sentence, with less beside it, in another way: it is never shown."""
    good, own = "trusted" in case, asked_as.delimiter in case["answer"]
    if good or own:
        asked_as = replace(asked_as, delimiter="")
    (answer,) = Checked(Says(case, case["answer"], asked_as)).translate([asked(case)[0]], case["from"], case["to"])
    if good:
        assert isinstance(answer, Match) and answer.target == case["trusted"], answer
    else:
        assert isinstance(answer, Refusal) and answer.why, answer


def test_the_same_answer_to_every_sentence_is_no_paragraph() -> None:
    source = "The first bus came on Monday evening. The second lorry left after the snow had melted."
    model = Says({"from": "en", "to": "zh-Hans"}, "客车在星期一晚上到达了县城。", family("instruct"))
    (answer,) = Checked(model).translate([Request(source)], "en", "zh-Hans")
    assert isinstance(answer, Refusal), answer


def test_every_case_has_a_name_of_its_own_and_one_end() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(("trusted" in case) != ("doubt" in case) for case in CASES)


@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from(["bo", "zh-Hans", "de", "ja"]))
def test_any_answer_gets_a_verdict_in_one_line(source: str, answer: str, spoken: str) -> None:
    text = trimmed(answer, [r"<think>\s*</think>"], source)
    assert text == text.strip()
    assert "\n" not in doubt(Request(source, before=answer), text, source + answer, spoken, "en", [(answer, source)])
