"""Whatever an engine does to the markers, every code comes back exactly once and pairs are nested."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import codes
from toolkit.units import Markup

MARKDOWN = "See **the *big* docs** at [our site](http://x.org/a_b) or `code` now, {name}. 12 people, 3 days"
TAGS = "See <1>the <2>big</2> docs</1> at <3>our site</3> or<4/> now &lt; https://x.org/. 12 people"


@pytest.mark.parametrize(
    ("markup", "text"), [("markdown", MARKDOWN), ("tags", TAGS), ("plain", "At http://a.org/b_c now")]
)
def test_an_honest_engine_gives_the_text_back(markup: Markup, text: str) -> None:
    masked = codes.mask(text, codes.find(text, markup))
    assert codes.restore(masked.text, masked) == (text, ())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("看[1]大[2]文档[4]：[5]我们[6][7]。[8]", "看**大*文*档**"),
        ("看 ［1］ 大 【２】 文 （ 4 ） 档 [ 5 我们 6] [7] [8]", ""),
    ],
)
def test_markers_are_known_again(answer: str, expected: str) -> None:
    masked = codes.mask(MARKDOWN, codes.find(MARKDOWN, "markdown"))
    target, _ = codes.restore(answer, masked)
    assert not codes.compare(MARKDOWN, target, "markdown"), target


@given(st.data(), st.sampled_from([("markdown", MARKDOWN), ("tags", TAGS)]), st.booleans())
def test_no_engine_can_lose_double_or_cross_a_code(
    data: st.DataObject, case: tuple[Markup, str], stripped: bool
) -> None:
    markup, text = case
    found = codes.find(text, markup)
    masked = codes.strip(text, found) if stripped else codes.mask(text, found)
    words = st.sampled_from(["文", "大 ", "ཀ་", "word ", "，", "。", "“", " ", "x", *masked.tokens])
    answer = "".join(data.draw(st.lists(words, max_size=40)))
    target, remarks = codes.restore(answer, masked)
    for code in found:
        assert target.count(code.data) >= text.count(code.data)
    if markup == "tags":
        assert not codes.compare(text, target, markup), target
    lost = [token for token in masked.tokens if token not in answer]
    assert bool(remarks) or not (lost or stripped)
