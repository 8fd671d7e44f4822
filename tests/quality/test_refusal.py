"""What is refused and what is shown: the cases are lines of refusal.txt."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import codes
from toolkit.quality.refusal import checked, has_words, why_refused
from toolkit.quality.rules import failed_check
from toolkit.quality.text import without_codes
from toolkit.units import LanguagePair, Match, Refusal, Request

CASES = [
    [cell.strip(" ") for cell in line.split("|")]
    for line in (Path(__file__).parent / "refusal.txt").read_text(encoding="utf-8").split("\n")
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


def test_each_code_is_taken_out_once() -> None:
    text = "**a** and **b** at https://x.org"
    assert without_codes(text, Request(text, codes.find(text, "markdown"))).split() == ["a", "and", "b", "at"]


def drafted(target: str) -> Match:
    """An engine's answer."""
    return Match(target, "mt", "says", -1.0, "m")


def test_codes_do_not_count_as_words() -> None:
    source = "See https://example.org/a/long/path/in/latin/letters."
    request = Request(source, codes.find(source, "plain"))
    answer = checked(request, drafted("见 https://example.org/a/long/path/in/latin/letters。"), "zh-Hans")
    assert isinstance(answer, Match)


def test_a_useless_draft_becomes_a_refusal_that_names_its_maker() -> None:
    answer = checked(Request("Nothing new."), drafted("Nothing new."), "bo")
    assert answer == Refusal("says", "m", "the same as the source")


def test_a_megabyte_is_refused_before_it_is_looked_into() -> None:
    """No other rule sees it: some take time that grows faster than the text."""
    assert why_refused("The talks go on.", "第1" * 500_000, "zh-Hans") == "far longer than the source"
    pair = LanguagePair("en", "zh-Hans")
    assert failed_check(Request("The talks go on."), "第1" * 500_000, "", pair) == "far longer than the source"
