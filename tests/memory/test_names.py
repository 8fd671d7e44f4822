"""Names and terms of English texts (`names.txt`: text, `---`, a name a line, `===`), and what translations call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.language import language
from toolkit.memory.names import Text, near, propose, renderings

CASES = [
    case.strip("\n").split("\n---") for case in (Path(__file__).parent / "names.txt").read_text("utf-8").split("===\n")
]
HANS, BO = language("zh-Hans"), language("bo")


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[case[0][:30] for case in CASES])
def test_names_of_a_text(text: str, wanted: str) -> None:
    texts = [Text(sentence, "a", number) for number, sentence in enumerate(text.split("\n"))]
    assert {one.source for one in propose(texts, "en")} == set(wanted.split("\n")) - {""}


def test_a_language_without_capitals_has_no_proposals() -> None:
    assert propose([Text("拉萨下雨了。")], "zh-Hans") == [] and propose([Text("ལྷ་སར་ཆར་པ་བབས།")], "bo") == []


def test_any_text_of_a_cased_language_is_read() -> None:
    found = propose([Text("Gestern sprach Angela Merkel in Berlin."), Text("“”’ -- … A. B.")], "de")
    assert "Angela Merkel" in [one.source for one in found]


PAIRS = [
    ("Robert Mugabe came.", "罗伯特·穆加贝来了。"),
    ("Then Robert Mugabe ate.", "后来，罗伯特·穆加贝吃饭。"),
    ("Robert Mugabe slept.", "晚上，罗伯特·穆加贝睡觉。"),
    ("Robert Mugabe left.", "罗伯特·穆加比走了。"),
    ("It rained.", "下雨。"),
]


def test_what_translations_call_a_name() -> None:
    assert renderings("Robert Mugabe", PAIRS, HANS) == [("罗伯特·穆加贝", 3), ("罗伯特·穆加比", 1)]
    assert renderings("Grace", PAIRS, HANS) == []


def test_what_is_in_other_texts_too_is_no_rendering() -> None:
    pairs = [
        ("Lhasa is cold.", "今天很冷。"),
        ("Lhasa is warm.", "今天很暖。"),
        ("It is cold.", "今天很冷。"),
        ("No.", "今天不。"),
    ]
    assert renderings("Lhasa", pairs, HANS) == []


@pytest.mark.parametrize(
    ("rendering", "text", "found"),
    [("穆加贝", "后来穆加比走", "穆加比"), ("穆加贝", "穆加贝走", ""), ("北京", "北平", ""), ("穆加贝", "木加贝", "")],
)
def test_what_is_almost_a_rendering(rendering: str, text: str, found: str) -> None:
    span = near(rendering, text, HANS)
    assert (text[slice(*span)] if span else "") == found


def test_tibetan_is_compared_by_syllables() -> None:
    pairs = [("Obama came.", "ཨོ་བྷ་མ་ཕེབས་སོང་།"), ("Obama left.", "ཕྱི་དྲོ་ཨོ་བྷ་མ་ཐོན་སོང་།"), ("No.", "ཆར་པ་བབས་སོང་།")]
    assert renderings("Obama", pairs, BO)[0] == ("ཨོ་བྷ་མ", 2)
    assert near("ཨོ་བྷ་མ", "ཨོ་པ་མ་ཕེབས", BO) is not None
