"""Corrected misspellings: cases that a linguist can edit, and what the rule never does."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog import approve, merge
from toolkit.catalog.typos import corrected, rule, words
from toolkit.units import Catalog, State, Unit

CASES = [
    line.split("\t") for line in (Path(__file__).parent / "typos.tsv").read_text(encoding="utf-8").split("\n") if line
]


def keeps(old: str, new: str, tag: str = "en") -> bool:
    known = rule(tag)
    return known is not None and corrected(old, new, known, words([old]), words([new]))


@pytest.mark.parametrize(("verdict", "old", "new"), CASES)
def test_a_case(verdict: str, old: str, new: str) -> None:
    assert keeps(old, new) == (verdict == "keeps")


def test_a_language_without_a_table_has_no_rule() -> None:
    assert rule("de") is None and rule("en-GB") is not None


_WORDS = st.lists(
    st.sampled_from(["not", "never", "now", "12", "21", "Bennet", "Bennett", "trail", "trial", "a"]),
    min_size=1,
    max_size=6,
)


@given(_WORDS, _WORDS)
def test_numbers_denials_and_names_are_never_corrected(one: list[str], other: list[str]) -> None:
    if keeps(" ".join(one), " ".join(other)):
        assert [word for word in one if word != "a"] == [word for word in other if word != "a"]


def test_the_signature_says_so_and_a_setting_switches_it_off() -> None:
    old = Catalog("en", "bo", (approve(Unit("It is in the the town.", "གྲོང་རྡལ་ནང་ཡོད།"), "Tashi", "2026-11-25"),))
    template = Catalog("en", "", (Unit("It is in the town."),))
    (kept,) = merge(old, template, "bo").units
    line = kept.line("reviewed")
    assert kept.state is State.REVIEWED and line and (line.get("by"), line.get("via")) == ("Tashi", "typo")
    outdated, gone = merge(old, template, "bo", corrections=False).units
    assert outdated.state is State.OUTDATED and gone.obsolete
