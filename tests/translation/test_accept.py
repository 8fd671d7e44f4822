"""What is refused and what is shown: the cases are lines of accept.txt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import codes
from toolkit.translation.accept import Checked, has_words, plain, why_refused
from toolkit.units import Answer, Match, Refusal, Request

CASES = [
    [cell.strip(" ") for cell in line.split("|")]
    for line in (Path(__file__).parent / "accept.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("source", "draft", "language", "why"), CASES)
def test_case(source: str, draft: str, language: str, why: str) -> None:
    said = why_refused(source, draft, language)
    assert why in said if why != "ok" else said == "", said


def test_words_are_more_than_acronyms_and_figures() -> None:
    assert [has_words(text) for text in ("VOA", "U.S. 2009", "F-16", "", "iOS 7: x")] == [False] * 5
    assert [has_words(text) for text in ("Lhasa", "the", "VOA News", "北京")] == [True] * 4


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_get_a_verdict(source: str, draft: str) -> None:
    verdict = why_refused(source, draft, "bo")
    assert "\n" not in verdict
    assert verdict or draft.strip()


def test_plain_takes_each_code_out_once() -> None:
    text = "**a** and **b** at https://x.org"
    assert plain(text, codes.find(text, "markdown"), text).split() == ["a", "and", "b", "at"]


class Says:
    """An engine of one answer."""

    name, grain = "says", "sentence"

    def __init__(self, target: str) -> None:
        self.target = target

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        for _ in requests:
            yield Match(self.target, "mt", self.name, -1.0, "m")


def test_codes_do_not_count_as_words() -> None:
    source = "See https://example.org/a/long/path/in/latin/letters."
    request = Request(source, codes.find(source, "plain"))
    (answer,) = Checked(Says("见 https://example.org/a/long/path/in/latin/letters。")).translate(
        [request], "en", "zh-Hans"
    )
    assert isinstance(answer, Match)


def test_a_useless_draft_becomes_a_refusal_that_names_its_maker() -> None:
    (answer,) = Checked(Says("Nothing new.")).translate([Request("Nothing new.")], "en", "bo")
    assert answer == Refusal("says", "m", "the same as the source")
