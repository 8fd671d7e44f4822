"""Sentences that a person wrote anew are found by what they share with the draft."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.alignment.groups import Group
from toolkit.alignment.rewritten import groups
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "zh-Hans")
SOURCES = [
    "Construction of the dam began in January.",
    "Engineers say it will produce 60 gigawatts of power.",
    "Farmers in three villages fear that their fields will be flooded.",
    "The government has promised compensation.",
]
DRAFTS = [
    "建造坝在1月开始。",
    "工程师说它将产生60千兆瓦的电力。",
    "三家村子的农夫担心他们的农场被 flooded。",
    "政府承诺薪酬。",
]
TEXT = [
    "大坝于1月开工。",
    "工程师称其发电能力将达60吉瓦。",
    "三个村庄的农民担心田地会被淹没。",
    "政府承诺给予补偿。",
]


def alone(*pairs: tuple[int, int]) -> list[Group]:
    return [Group(i, i + 1, j, j + 1) for i, j in pairs]


def test_sentences_written_anew_are_found() -> None:
    assert groups(SOURCES, DRAFTS, TEXT, PAIR) == alone((0, 0), (1, 1), (2, 2), (3, 3))


def test_neighbours_that_changed_places_are_found() -> None:
    moved = [TEXT[0], TEXT[2], TEXT[1], TEXT[3]]
    assert groups(SOURCES, DRAFTS, moved, PAIR) == alone((0, 0), (1, 2), (2, 1), (3, 3))


def test_joined_and_split_sentences_are_found() -> None:
    joined = [TEXT[0][:-1] + "，" + TEXT[1], *TEXT[2:]]
    assert [g for g in groups(SOURCES, DRAFTS, joined, PAIR) if g.source > 1] == alone((2, 1), (3, 2))
    assert all(g == Group(0, 2, 0, 1) for g in groups(SOURCES, DRAFTS, joined, PAIR) if g.source < 2)
    split = [*TEXT[:2], "三个村庄的农民很担心。", "他们的田地会被淹没。", TEXT[3]]
    assert [g for g in groups(SOURCES, DRAFTS, split, PAIR) if g.source != 2] == alone((0, 0), (1, 1), (3, 4))
    assert all(g == Group(2, 3, 2, 4) for g in groups(SOURCES, DRAFTS, split, PAIR) if g.source == 2)


def test_another_text_is_nobodys() -> None:
    other = ["欧盟周一要求提供更多信息。", "他一辈子都住在河边。", "票价上涨了一倍。", "比赛推迟到晚上。"]
    assert groups(SOURCES, DRAFTS, other, PAIR) == []


def test_tibetan_is_compared_by_syllables() -> None:
    drafts = ["གཞུང་གིས་གསབ་རྩིས་སྤྲོད་རྒྱུའི་ཁས་ལེན་བྱས།", "ཞིང་པ་ཚོས་ས་ཞིང་ཆུ་ལོག་གིས་འཁྱེར་གྱི་རེད་སེམས་ཁྲལ་བྱེད།"]
    text = ["སྲིད་གཞུང་གིས་གསབ་རྩིས་སྤྲོད་རྒྱུ་ཁས་བླངས་ཡོད།", "ཞིང་པ་རྣམས་ཀྱིས་ས་ཞིང་ཆུ་ལོག་གིས་ཉེན་པར་སེམས་འཚབ་བྱེད་བཞིན་ཡོད།"]
    sources = ["The government has promised compensation.", "Farmers fear that their fields will be flooded."]
    assert groups(sources, drafts, text, LanguagePair("en", "bo")) == alone((0, 0), (1, 1))


SENTENCES = st.lists(st.sampled_from([*TEXT, *DRAFTS, "", "12。", "abc"]), min_size=0, max_size=6)


@given(SENTENCES, SENTENCES)
@settings(max_examples=60, deadline=None)
def test_no_sentence_is_in_two_groups(drafts: list[str], text: list[str]) -> None:
    found = groups([SOURCES[n % 4] for n in range(len(drafts))], drafts, text, PAIR)
    for side in ("rows", "columns"):
        numbers = [number for group in found for number in getattr(group, side)]
        assert len(numbers) == len(set(numbers))
        assert all(0 <= number < len(drafts if side == "rows" else text) for number in numbers)
