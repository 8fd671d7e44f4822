"""Scripts, loops and residue are seen in the languages that matter, and good text passes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.language import language
from toolkit.language.detect import in_script, is_repetition, residue, script_of, script_shares

ENGLISH = (
    "The two sides discussed shared interests in Afghanistan, Pakistan and Iran, and anti-piracy efforts off Somalia."
)
CHINESE = "中美两国官员周三在北京举行会谈，双方讨论了朝鲜核问题以及海上安全问题，会谈持续了两天。"
TIBETAN = "ཀྲུང་གོ་དང་ཨ་རིའི་དཔོན་རིགས་ཀྱིས་པེ་ཅིང་ནང་གྲོས་མོལ་བྱས་པ་དང༌། བྱང་ཀོ་རི་ཡའི་རྡུལ་ཕྲན་མཚོན་ཆའི་སྐོར་ལ་གླེང་མོལ་བྱས།"


@pytest.mark.parametrize(
    ("char", "script"),
    [("a", "Latn"), ("é", "Latn"), ("中", "Han"), ("々", "Han"), ("བ", "Tibt"), ("ི", "Tibt"), ("ж", "Cyrl"), ("か", "Hira"),
     ("ア", "Kana"), ("ｱ", "Kana"), ("Ａ", "Latn"), ("한", "Hang"), ("ע", "Hebr"), ("1", ""), ("。", ""), ("་", ""), (" ", "")],
)  # fmt: skip
def test_script_of(char: str, script: str) -> None:
    """Letters have a script, digits and marks have none."""
    assert script_of(char) == script


def test_shares() -> None:
    """Shares are of letters alone."""
    assert script_shares("12, 。!") == {}
    assert script_shares("ab中文 12") == {"Latn": 0.5, "Han": 0.5}
    assert list(script_shares(TIBETAN + " VOA")) == ["Tibt", "Latn"]


@pytest.mark.parametrize(
    ("tag", "own", "foreign"),
    [("en", ENGLISH, CHINESE), ("zh-Hans", CHINESE, TIBETAN), ("zh-Hant", CHINESE, ENGLISH), ("bo", TIBETAN, CHINESE),
     ("dz", TIBETAN, ENGLISH), ("ja", "ひらがなとカタカナと漢字", "한국어"), ("ko", "한국어 漢字", "かな")],
)  # fmt: skip
def test_in_script(tag: str, own: str, foreign: str) -> None:
    """A language is told from another by its letters."""
    assert in_script(own, language(tag)) == 1
    assert in_script(foreign, language(tag)) == 0
    assert in_script("12.", language(tag)) == 1


@given(st.text())
def test_shares_add_up(text: str) -> None:
    """All letters belong somewhere."""
    assert sum(script_shares(text).values()) == pytest.approx(1) or not any(map(str.isalpha, text))


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        CHINESE,
        TIBETAN,
        "No, no, no!",
        "哈哈哈哈",
        "航空公司的航空公司与其他航空公司",
        "-" * 80,
        ". . . . . . . . . . . . . . . . . . . . .",
        "1,000,000,000,000",
        "Pump it out, pump it out, I'm feeding them babies, pump it out, pump it out, I'm milking my ladies.",
    ],
)
def test_no_loop(text: str) -> None:
    """Good text, laughter, rules and lists are no loops."""
    assert not is_repetition(text)


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, TIBETAN])
@pytest.mark.parametrize("length", [4, 7, 15, 40])
def test_loop(text: str, length: int) -> None:
    """The last characters four times more are a loop, wherever it stands."""
    tail = text[-length - 1 : -1]
    assert is_repetition(text[:-1] + tail * 4)
    assert is_repetition(tail * 5 + text)


def test_drifting_loop() -> None:
    """A loop that never repeats exactly in a row."""
    text = "the head of the delegation said that {} and "
    assert is_repetition("".join(text.format(word) for word in ("one", "two", "three", "four", "five", "six")))
    assert is_repetition("".join(f"双方表示愿意在{word}继续合作，" for word in "今明后早晚"))


@pytest.mark.parametrize("text", ["他说⁇了", "a <unk> b", "▁the", "བོད\ufffd", "inter@@ national"])
def test_residue(text: str) -> None:
    """What a tokenizer leaves of unknown words."""
    assert residue(text)
    assert not residue(ENGLISH + CHINESE + TIBETAN + "x@@y ??")


@pytest.mark.parametrize("pattern", ["a", "ab", "abc ", "a" * 59 + "b", "中文", ".", "(", "ab" * 20 + "c", " "])
def test_a_long_loop(pattern: str) -> None:
    """It is seen at any length, unless it is one of marks alone."""
    text = (pattern * 100_000)[:99_999]
    assert is_repetition(text) == any(map(str.isalpha, pattern))
