"""Numbers are compared by value: every way of writing one is the same, and no other number is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.units import catalog, unit
from toolkit.language.numbers.numerals import chinese, english, tibetan
from toolkit.language.numbers.values import figures, plain_digits
from toolkit.quality.rules.numbers import numbers

TIBETAN = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def in_ten_thousands(number: int) -> str:
    return f"{number / 10000:f}".rstrip("0").rstrip(".") + "万"


FORMS = (
    str,
    lambda n: f"{n:,}",
    lambda n: str(n).translate(TIBETAN),
    lambda n: f"{n:,}".translate(TIBETAN),
    lambda n: str(n).translate(FULL_WIDTH),
    in_ten_thousands,
    lambda n: f"ཁྲི་{in_ten_thousands(n)[:-1].translate(TIBETAN)}",
)
NUMBERS = st.integers(13, 10**9)


@settings(max_examples=150)
@given(NUMBERS, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_every_way_of_writing_a_number_says_it(number: int, one, other) -> None:  # type: ignore[no-untyped-def]
    pair = unit(f"It was {one(number)} here.", f"དེ་ {other(number)} རེད།")
    assert not list(numbers(pair, catalog()))


@settings(max_examples=150)
@given(NUMBERS, NUMBERS, st.sampled_from(FORMS))
def test_no_other_number_does(number: int, wrong: int, form) -> None:  # type: ignore[no-untyped-def]
    assume(Fraction(number, wrong) not in {Fraction(10) ** power for power in range(-9, 10)})
    assume(number != 10_000)  # ཁྲི, by which one of the forms counts, says it by itself
    [found] = numbers(unit(f"It was {number} here.", f"དེ་ {form(wrong)} རེད།"), catalog())
    assert found.severity == "error" and found.message.startswith(f"number changed: {number} became ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十五", 35),
        ("二〇〇九", 2009),
        ("一百二十", 120),
        ("两万五千", 25000),
        ("1亿2000万", 120000000),
        ("三千五百亿", 350000000000),
        ("20多万", 200000),
        ("十", 10),
    ],
)
def test_chinese_numerals(text: str, value: int) -> None:
    assert value in set(chinese(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ཉི་ཤུ་རྩ་ལྔ་", 25),
        ("ལྔ་བརྒྱ", 500),
        ("སྟོང་གསུམ", 3000),
        ("ཁྲི་ལྔ་དང་སྟོང་གཉིས", 52000),
        ("ས་ཡ་གཅིག", 1000000),
        ("བཅོ་བརྒྱད", 18),
        ("ལྔའི", 5),
    ],
)
def test_tibetan_numerals(text: str, value: int) -> None:
    assert value in set(tibetan(text))


@pytest.mark.parametrize(
    ("text", "value"),
    [("twenty-five", 25), ("two hundred thousand", 200000), ("one hundred and five", 105), ("two decades", 20)],
)
def test_english_numerals(text: str, value: int) -> None:
    assert value in set(english(text))


@pytest.mark.parametrize("text", ["COVID-19", "G20", "F125", "247sports", "H1N1"])
def test_names_are_no_figures(text: str) -> None:
    assert not list(figures(text))


@given(st.text(max_size=30))
def test_digits_are_folded_in_place(text: str) -> None:
    assert len(plain_digits(text)) == len(text)
    list(figures(text))


@pytest.mark.parametrize("read", [english, chinese, tibetan])
@pytest.mark.parametrize("text", ["none ² of it", "5 km² and 10³ trees", "¹²³", "①", "ལྔ་²་བརྒྱ", "٣", "²百"])
def test_a_raised_figure_stops_nothing(read, text: str) -> None:  # type: ignore[no-untyped-def]
    list(read(text))
