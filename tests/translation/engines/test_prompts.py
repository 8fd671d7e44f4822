"""The words in which models are asked are those of `prompts.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from toolkit.models.families import Families
from toolkit.translation.engines.prompts import numbered, prompt
from toolkit.units import LanguagePair, Request

CASES = tomllib.loads(Path(__file__).with_name("prompts.toml").read_text(encoding="utf-8"))["case"]
FAMILIES = Families()
PAIR = LanguagePair("en", "bo")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_prompt(case: dict[str, Any]) -> None:
    second = case.get("second", ["", ""])
    request = Request(
        case["source"],
        title=case.get("title", ""),
        before=case.get("before", ""),
        terms=tuple(map(tuple, case.get("terms", ()))),
        examples=tuple(map(tuple, case.get("examples", ()))),
        reference_language=second[0],
        reference=second[1],
    )
    sentences, paragraph = case.get("sentences", ()), case.get("paragraph", "")
    pair = LanguagePair(*case["pair"])
    asked = prompt(FAMILIES[case["family"]], request, pair, sentences=sentences, paragraph=paragraph)
    assert asked.text == case["prompt"].removeprefix("\n")


def test_a_plain_model_sees_five_examples_first() -> None:
    asked = prompt(FAMILIES["base"], Request("The river rose."), PAIR)
    assert asked.text.count("English: ") == asked.text.count("Tibetan:") == 6
    assert asked.text.endswith("\n\nEnglish: The river rose.\nTibetan:") and not asked.chat


def test_several_texts_stand_behind_their_numbers() -> None:
    requests = [Request("One\nline.", title="Title", before="Before."), Request("Two.", after="After.")]
    asked = numbered(FAMILIES["hy-mt2"], requests, PAIR)
    assert asked.text.endswith("[Source Text]\n[1] One line.\n[2] Two.")
    assert "Title: Title\nThe paragraph before: Before.\nThe paragraph after: After.\n" in asked.text
    assert "following 2 texts" in asked.text
    alone = numbered(FAMILIES["hy-mt2"], [Request("One."), Request("Two.")], PAIR)
    assert "Background" not in alone.text and alone.text.endswith(":\n\n[1] One.\n[2] Two.")


def test_a_longer_text_may_have_a_longer_answer() -> None:
    short, long = (prompt(FAMILIES["hy-mt2"], Request("A. " * n), PAIR).longest for n in (1, 100))
    assert short < long


def test_of_several_texts_each_brings_its_most_similar_example() -> None:
    far, near, other = ("Far.", "རྒྱང་རིང་།"), ("Near.", "ཐག་ཉེ།"), ("Other.", "གཞན།")
    requests = [Request("One.", examples=(far, near)), Request("Two.", examples=(near, other)), Request("Three.")]
    asked = numbered(FAMILIES["instruct"], requests, PAIR)
    assert asked.examples == (near, other)
    assert asked.text.startswith(
        "Approved translations of similar texts, to be followed in style and terms:\n\n"
        "English: Near.\nTibetan: ཐག་ཉེ།\n\nEnglish: Other.\nTibetan: གཞན།\n\nTranslate the following 3 texts from English"
    )
    assert asked.text.endswith("\n\n[1] One.\n[2] Two.\n[3] Three.") and "Far" not in asked.text
