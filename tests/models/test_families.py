"""A family's file says how a model wants to be asked; a broken one says what is wrong."""

from __future__ import annotations

from importlib.resources import files

import pytest

from toolkit.errors import ModelError
from toolkit.models.families import family, parse

STARTER = files("toolkit.models").joinpath("families", "starter.toml").read_text(encoding="utf-8")


def test_the_starter_is_asked_in_the_words_it_was_trained_on() -> None:
    starter = family("starter")
    assert starter.question("Hello.", "en", "zh-Hans") == "English: Hello.\nChinese:"
    assert starter.question("你好。", "zh-Hans", "bo") == "Chinese: 你好。\nTibetan:"
    assert starter.question("One\ntwo {text}", "en", "bo") == "English: One two {text}\nTibetan:"
    assert starter.grain == "sentence" and starter.stop == ("\n",)


def test_a_family_knows_its_languages() -> None:
    assert family("starter").knows("en", "zh-Hans")
    assert not family("starter").knows("en", "fr")


def test_an_answer_may_be_about_three_times_as_long() -> None:
    sentence = "The two sides agreed to hold talks in Beijing next month."  # 12 pieces of the starter's vocabulary
    assert 36 <= family("starter").longest_answer(sentence, "en") <= 72
    assert family("starter").longest_answer("", "en") >= 8


@pytest.mark.parametrize("name", ["nobody", "../starter", "", "starter/../starter"])
def test_an_unknown_family_names_the_known(name: str) -> None:
    with pytest.raises(ModelError, match="known are starter"):
        family(name)


@pytest.mark.parametrize(
    "text",
    ["grain = ", STARTER.replace("[languages]", "[tongues]"), STARTER.replace("plus = 16", 'plus = "some"')],
    ids=["no TOML", "no languages", "no number"],
)
def test_a_broken_family_says_so(text: str) -> None:
    with pytest.raises(ModelError, match="model family mine: its file is broken"):
        parse(text, "mine")
