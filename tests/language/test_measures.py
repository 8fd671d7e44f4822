"""How much a text says, in which script and words, and which of its letters are foreign."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.language import language
from toolkit.language.chinese import is_chinese, other_chinese, other_name
from toolkit.language.measures import (
    covered,
    estimated_answer_tokens,
    estimated_tokens,
    folded_words,
    foreign_runs,
    letters_of,
    main_script,
    rough_sentences,
    runs,
    weight,
    without_asides,
    word_count,
    words,
)

ENGLISH = "The two sides held three days of talks in Beijing."
CHINESE = "双方在北京举行了三天会谈。"
TIBETAN = "ཕྱོགས་གཉིས་ཀྱིས་པེ་ཅིང་དུ་ཉིན་གསུམ་རིང་གྲོས་མོལ་བྱས།"


def test_a_text_weighs_about_as_much_as_its_translations() -> None:
    assert weight("a 1, b.") == 3 and weight("。་ ") == 0
    assert weight(CHINESE) == pytest.approx(weight(ENGLISH), rel=0.2)
    assert weight(TIBETAN) == pytest.approx(weight(ENGLISH), rel=0.5)


def test_tokens_are_estimated_by_script() -> None:
    assert estimated_tokens("") == 0 and estimated_tokens(TIBETAN) > estimated_tokens(ENGLISH)
    for text, tag in ((ENGLISH, "zh-Hans"), (ENGLISH, "bo"), (CHINESE, "en")):
        assert 8 < estimated_answer_tokens(text, tag) < 80
    assert estimated_answer_tokens(ENGLISH, "bo") > estimated_answer_tokens(ENGLISH, "zh-Hans")


@pytest.mark.parametrize(
    ("text", "script"), [(ENGLISH, "Latn"), (CHINESE, "Han"), (TIBETAN, "Tibt"), ("VOA 中国人", "Latn"), ("12.", "")]
)
def test_main_script(text: str, script: str) -> None:
    assert main_script(text) == script


@pytest.mark.parametrize(
    ("text", "tag", "found"),
    [
        ("པེ་ཅིང་北京 VOA", "bo", [("Han", "北京")]),
        ("在 Пекин 和 བོད", "zh-Hans", [("Cyrl", "Пекин"), ("Tibt", "བོད")]),
        ("漢字とかな", "ja", []),
        ("漢字とかな", "zh-Hant", [("Hira", "とかな")]),
        ("这是हिन्दी和བོད", "zh-Hant", [("Deva", "हिन्दी"), ("Tibt", "བོད")]),
        ("12, —", "bo", []),
    ],
)
def test_foreign_runs(text: str, tag: str, found: list[tuple[str, str]]) -> None:
    """Latin letters are foreign nowhere: names stay in them. A vowel sign belongs to its letter."""
    assert list(foreign_runs(text, language(tag))) == found


def test_letters_have_a_name() -> None:
    assert letters_of("Tibt") == "Tibetan letters" and letters_of("Han") == "Chinese characters"
    assert letters_of("Beng") == "letters of the script Beng"


@given(st.text(max_size=40))
def test_foreign_runs_are_of_the_text_and_in_order(text: str) -> None:
    at = 0
    for script, run in foreign_runs(text, language("bo")):
        at = text.index(run, at) + len(run)
        assert script not in ("Tibt", "Latn", "") and run[0].isalpha()


def test_words_runs_and_what_is_covered() -> None:
    assert words("The “Bus-stop” 北京 ལྷ་ས།") == ["The", "Bus-stop", "北", "京", "ལྷ", "ས"]
    assert folded_words("The bus") == ("the", "bus")
    assert runs("a b c d", 3) == (("a", "b", "c"), ("b", "c", "d")) and runs("北京人民", 2) == (
        ("北", "京", "人", "民"),
    )
    assert covered("one two three four five", "say one two three four") == 0.8 and covered("", "x") == 0.0


def test_asides_are_left_out() -> None:
    assert without_asides("a (b) c “d” e") == "a   c   e" and without_asides("a [b", "") == "a [b"
    assert without_asides("北京（Beijing）是", "|") == "北京|是"


def test_rough_sentences() -> None:
    assert rough_sentences("One 2.5. Two! 三。四？ ང། ཅ།") == ["One 2.5.", "Two!", "三。", "四？", "ང།", "ཅ།"]


def test_the_other_way_of_writing_chinese() -> None:
    simplified, traditional = language("zh-Hans"), language("zh-Hant")
    assert other_chinese("會谈在台湾", simplified) == ["會"] and other_chinese("會谈在台湾", traditional) == [
        "谈",
        "湾",
    ]
    assert other_chinese("乾著於后里干 abc。", simplified) == [], "both know these"
    assert (other_name(simplified), other_name(traditional)) == ("Traditional", "Simplified")
    assert [is_chinese(language(tag)) for tag in ("zh-Hans", "zh-Hant", "ja", "bo")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (ENGLISH, 10),
        ("The **8.5** percent – don't.", 5),
        ("", 0),
        (CHINESE, 12),
        ("双方 held 3 talks在北京。", 8),
        ("བོད་ཡིག། དུས་ཚོད། 2026", 5),
    ],
)
def test_words_are_counted_as_translators_count_them(text: str, count: int) -> None:
    assert word_count(text) == count
