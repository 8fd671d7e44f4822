"""What is kept of a language model's answer, and which answers are not trusted: the cases are in misbehaviours.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.language import language
from toolkit.translation.accept import why_refused
from toolkit.translation.answers import doubt, trimmed
from toolkit.units import Request

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


def test_every_case_has_a_name_of_its_own_and_one_end() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)
    assert all(("trusted" in case) != ("doubt" in case) for case in CASES)


@given(st.text(max_size=120), st.text(max_size=120), st.sampled_from(["bo", "zh-Hans", "de", "ja"]))
def test_any_answer_gets_a_verdict_in_one_line(source: str, answer: str, spoken: str) -> None:
    text = trimmed(answer, [r"<think>\s*</think>"], source)
    assert text == text.strip()
    assert "\n" not in doubt(Request(source, before=answer), text, source + answer, spoken, "en", [(answer, source)])
