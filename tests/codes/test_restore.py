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
    ("source", "answer", "target"),
    [
        ("See **the docs** now", "现在看（1）文档（2）", "现在看**文档**"),
        ("See **the docs** now", "现在看 (1) 文档 (2) 。", "现在看**文档**。"),
        ("See **the docs** now", "现在看［ 1］ 文档【2 】", "现在看**文档**"),
        ("See **the docs** now", "现在看(1文档2)", "现在看**文档**"),
        ("See **the docs** now", "ད་ལྟ་༼(༡) ཡིག་ཆ་ (༢)", "ད་ལྟ་༼**ཡིག་ཆ་**"),
        ("**Rain:** in the north", "1、雨（2）：北方", "**雨**：北方"),
        ("The **north** is wet", "1 、北方（2）多雨", "**北方**多雨"),
        ("See **the docs** now", "现在看（1）文档（2）（3）（1）", "现在看**文档**"),
        ("H<sub>2</sub>O it is", "是 H (1) 2 (3) O", "是 H<sub>2</sub>O"),
        ("他说**不行**了", "He said (1) no (2) again", "He said **no** again"),
        ("He said **“no.”** loudly", "他大声(1)“说不。”(2)了", "他大声“**说不。**”了"),
        ("He _said_ loudly", "他大声(1)说不(2)了", "他大声 _说不_ 了"),
        ("Go to https://a.org/b now", "现在去(1)吧", "现在去https://a.org/b吧"),
        ("Go to https://a.org/b now", "Geh (1)jetzt", "Geh https://a.org/b jetzt"),
        ("Salt &mdash; *and* more", "盐——(1)和(2)更多", "盐——*和*更多"),
        ("https://a.org has it", "(1)有", "https://a.org有"),
        ("In 1 or 2 **words**", "用1或2(3)词(4)", "用1或2**词**"),
    ],
)
def test_markers_are_known_again(source: str, answer: str, target: str) -> None:
    masked = codes.mask(source, codes.find(source, "markdown"))
    assert codes.restore(answer, masked)[0] == target
    assert not codes.compare(source, target, "markdown")


@pytest.mark.parametrize(
    ("source", "answer", "target", "remarks"),
    [
        ("**Rain** in the north", "北方有雨", "**北**方有雨", ("code re-inserted: **…**",)),
        ("Press `Enter` to go on", "继续", "继`Enter`续", ("code re-inserted: `Enter`",)),
        ("See [the map](/m) now", "现在看（1）地图", "现在看[地图](/m)", ("code re-inserted: ](/m)",)),
        ("In rain *the road* is closed", "下雨时（1）路，关闭了", "下雨时*路*，关闭了", ("code re-inserted: *",)),
        ("See [the map](/m) now", "现在看（1）（2）地图", "现在看[地图](/m)", ("code re-inserted: […](/m)",)),
        ("See [the map](/m) now", "现在看地图（1）。（2）", "现在[看地图](/m)。", ("code re-inserted: […](/m)",)),
    ],
)
def test_lost_codes_are_put_back(source: str, answer: str, target: str, remarks: tuple[str, ...]) -> None:
    masked = codes.mask(source, codes.find(source, "markdown"))
    assert codes.restore(answer, masked) == (target, remarks)


@pytest.mark.parametrize(
    ("source", "answer", "target"),
    [
        ("See [one](/a) and [two](/b) now", "看(1)一(3)二(4)三(2)吧", "看[一](/a)二[三](/b)吧"),
        ("See [one](/a) and **two** now", "看。", "[**看**](/a)。"),
        ("See [one](/a)[^1] and two[^2] now", "看(2)一(1)二(3)", "看[一](/a)[^1][^2]二"),
    ],
)
def test_links_stay_apart(source: str, answer: str, target: str) -> None:
    masked = codes.mask(source, codes.find(source, "markdown"))
    result, remarks = codes.restore(answer, masked)
    assert result == target and remarks
    assert not codes.compare(source, result, "markdown")


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
