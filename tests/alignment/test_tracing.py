"""Tracing a person's text back to the draft's sentences."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.alignment.groups import Group
from toolkit.alignment.tracing import trace

RIVER, BRIDGES, SCHOOL = "河水在夜里上涨了两米。", "两座桥都掉进了水里。", "学校今天仍然保持关闭。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ([RIVER, BRIDGES, SCHOOL], [(0, 1, 0, 1), (1, 2, 1, 2), (2, 3, 2, 3)]),
        (["夜里河水在夜里上涨了。", "有两座桥都掉进了水里。", SCHOOL], [(0, 1, 0, 1), (1, 2, 1, 2), (2, 3, 2, 3)]),
        ([RIVER[:-1] + "，" + BRIDGES, SCHOOL], [(0, 2, 0, 1), (2, 3, 1, 2)]),
        ([RIVER, BRIDGES, "学校今天。", "仍然保持关闭。"], [(0, 1, 0, 1), (1, 2, 1, 2), (2, 3, 2, 4)]),
        ([BRIDGES, RIVER, SCHOOL], [(0, 1, 1, 2), (1, 2, 0, 1), (2, 3, 2, 3)]),
        (["完全不同的另外一句话。", BRIDGES, SCHOOL], [(1, 2, 1, 2), (2, 3, 2, 3)]),
    ],
    ids=["as it is", "edited", "joined", "split", "swapped", "one written anew"],
)
def test_what_a_person_did(text: list[str], expected: list[tuple[int, int, int, int]]) -> None:
    assert sorted(trace([RIVER, BRIDGES, SCHOOL], text)) == [Group(*one) for one in expected]


def test_a_sentence_that_swallowed_another_is_not_certain() -> None:
    swallowed = "昨天下午来了四位老师并且住在村子里，" + RIVER
    assert not [group for group in trace(["四名教师周一抵达。", RIVER], [swallowed]) if group.source == 1]


def test_tibetan_is_traced_by_syllables() -> None:
    drafts = ["གཟའ་ཟླ་བར་གྲོང་རྡལ་ནས་དགེ་རྒན་བཞི་ཡོང་།", "ཉ་པས་དབྱར་ཁའི་རིང་ལ་གྲུ་གསར་པ་བཟོས།"]
    text = ["གཟའ་ཟླ་བའི་ཉིན་གྲོང་རྡལ་ནས་དགེ་རྒན་བཞི་ཡོང་བ་རེད།", "ཉ་པ་ཚོས་དབྱར་ཁའི་རིང་ལ་གྲུ་གསར་པ་མང་པོ་བཟོས།"]
    assert trace(drafts, text) == [Group(0, 1, 0, 1), Group(1, 2, 1, 2)]


def test_a_huge_paragraph_is_left_alone() -> None:
    assert trace([RIVER * 1000, BRIDGES], [RIVER * 1000, BRIDGES]) == []


_SENTENCES = st.lists(st.text(string.ascii_lowercase + "河水夜里上涨两座桥学校 。", max_size=30), max_size=6)


@given(_SENTENCES, _SENTENCES)
def test_groups_never_share_a_sentence(drafts: list[str], text: list[str]) -> None:
    groups = trace(drafts, text)
    for side in ("rows", "columns"):
        places = [place for group in groups for place in getattr(group, side)]
        assert len(places) == len(set(places))
    assert all(group.source_end <= len(drafts) and group.target_end <= len(text) for group in groups)


@given(
    st.lists(
        st.text("河水夜里上涨两座桥学校今天关闭老师", min_size=4, max_size=20), min_size=1, max_size=6, unique=True
    )
)
def test_an_unchanged_draft_is_traced_whole(drafts: list[str]) -> None:
    assert trace(drafts, drafts) == [Group(n, n + 1, n, n + 1) for n in range(len(drafts))]
