"""Pseudo-localization can be undone, touches every letter and no code."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from toolkit import codes
from toolkit.translation.engines.pseudo import Pseudo, decode, encode
from toolkit.units import LanguagePair, Markup, Match, Request

PLAIN = st.text(alphabet=st.characters(exclude_categories=("Cs",)).filter(lambda char: decode(char) == char))


@given(PLAIN)
def test_it_can_be_undone(text: str) -> None:
    assert decode(encode(text)) == text


@given(PLAIN)
def test_no_ascii_letter_is_left_and_the_length_stays(text: str) -> None:
    made = encode(text)
    assert not set(made) & set(string.ascii_letters)
    assert len(made) == len(text)


def test_letters_are_replaced_one_for_one() -> None:
    made = encode(string.ascii_letters)
    assert len(set(made)) == 52 and made.isalpha()
    assert encode("Hello") == "Ĥéļļó"


def ask(text: str, engine: Pseudo, markup: Markup = "markdown") -> str:
    (answer,) = engine.translate([Request(text, codes.find(text, markup))], LanguagePair("en", "bo"))
    assert isinstance(answer, Match) and answer.type == "mt"
    return answer.target


def test_codes_stay_as_they_are() -> None:
    assert (
        ask("See **this** at https://a.org/b.", Pseudo())
        == f"{encode('See')} **{encode('this')}** {encode('at')} https://a.org/b."
    )
    assert ask("<1>Yes</1> <2/> no", Pseudo(), "tags") == f"<1>{encode('Yes')}</1> <2/> {encode('no')}"


def test_brackets_and_padding_are_options() -> None:
    assert ask("Go", Pseudo()) == "Ĝó"
    assert ask("Go", Pseudo(brackets=True)) == "⟦Ĝó⟧"
    assert ask("0123456789", Pseudo(longer=0.3)) == "0123456789~~~"
