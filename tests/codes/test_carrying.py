"""A paragraph of another document gets the codes of the msgid that it translates, whatever markup the two are in."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import article as articles
from toolkit import codes
from toolkit.codes.carrying import address, carried
from toolkit.units import Block, Markup

MARKUP: Mapping[str, Markup] = {"markdown": "markdown", "html": "tags", "text": "plain"}
ENGLISH = {
    "markdown": "See [this *place*](https://x.org/en/a) and `foo()`, a **good** one.\n",
    "html": '<p>See <a href="https://www.x.org/en/a">this <i>place</i></a> and <code>foo()</code>, a <b>good</b> one.</p>',
    "text": "See this place and foo(), a good one.\n",
}
CHINESE = {
    "markdown": "`foo()` 和[这个*地方*](http://x.org/zh/a)，**好**的。\n",
    "html": '<p><code>foo()</code> 和<a href="http://x.org/zh-CN/a">这个<em>地方</em></a>，<strong>好</strong>的。<br></p>',
    "text": "foo() 和这个地方，好的。\n",
}


def block(text: str, form: str) -> Block:
    read = articles.read(text, articles.FORMATS[form], file="x", source_language="")
    return next(one for one in read.blocks if one.type == "paragraph")


def carry(source: str, target: str, english: str = "", chinese: str = "") -> tuple[str, bool]:
    ours, theirs = block(english or ENGLISH[source], source), block(chinese or CHINESE[target], target)
    return carried(ours.source, MARKUP[source], ours.codes, theirs.source, MARKUP[target], theirs.codes)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("markdown", "markdown", "`foo()` 和[这个*地方*](http://x.org/zh/a)，**好**的。"),
        ("markdown", "html", "`foo()` 和[这个*地方*](https://x.org/en/a)，**好**的。"),
        ("html", "markdown", "<3/> 和<1>这个<2>地方</2></1>，<4>好</4>的。"),
        ("html", "html", "<3/> 和<1>这个<2>地方</2></1>，<4>好</4>的。"),
        ("text", "markdown", "foo() 和这个地方，好的。"),
        ("text", "html", "foo() 和这个地方，好的。"),
        ("text", "text", "foo() 和这个地方，好的。"),
    ],
)
def test_codes_find_their_places(source: str, target: str, expected: str) -> None:
    assert carry(source, target) == (expected, True)


@pytest.mark.parametrize("source", ["markdown", "html"])
def test_without_markup_nobody_knows_where_codes_belong(source: str) -> None:
    assert carry(source, "text") == ("foo() 和这个地方，好的。", False)


def test_what_the_msgid_does_not_have_is_left_out_and_said() -> None:
    text, whole = carry(
        "html", "html", "<p>One <b>two</b>.</p>", '<p>一 <b>二</b><a href="http://evil.org">三</a>。</p>'
    )
    assert (text, whole) == ("一 <1>二</1>三。", False)
    assert carry("html", "markdown", "<p>One < two.</p>", "一 < 二 & 三 \\* 四\n") == (
        "一 &lt; 二 &amp; 三 * 四",
        True,
    )


def test_a_link_that_leads_elsewhere_is_the_only_link() -> None:
    english, chinese = '<p>See <a href="/a">this</a>.</p>', '<p>见<a href="/other">此</a>。</p>'
    assert carry("html", "html", english, chinese) == ("见<1>此</1>。", True)


def test_addresses_without_what_editions_change() -> None:
    assert address("https://www.x.org/zh-CN/a/") == address("http://x.org/en/a") == "x.org/a"
    assert address("/guide/essentials") != address("/guide/other")


TEXTS = st.text(st.sampled_from("ab <>/123&;*_`[](){}%s字\n"), max_size=40)


@given(TEXTS, TEXTS, st.sampled_from([*MARKUP.values()]), st.sampled_from([*MARKUP.values()]))
def test_whole_means_the_same_codes(source: str, text: str, markup: Markup, other: Markup) -> None:
    result, whole = carried(source, markup, codes.find(source, markup), text, other, codes.find(text, other))
    assert "\n" not in result or markup == other == "markdown"
    if whole and markup == "tags":
        missing = codes.compare(source, result, markup)
        assert not [code for code in (*missing.missing, *missing.extra) if code.startswith("<")]


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        ("<p><b>Other rights</b>.</p>", "<p><strong>其他权利</strong></p>", ("<1>其他权利</1>", True)),
        ("<p><b>Other rights</b>.</p>", "<p>其他权利</p>", ("<1>其他权利</1>", True)),
        ("<p><b>Other</b> rights.</p>", "<p>其他权利</p>", ("其他权利", False)),
        ('<p><a href="/x">Other rights</a>.</p>', "<p>其他权利</p>", ("其他权利", False)),
    ],
)
def test_what_is_emphasized_as_a_whole_stays_so(english: str, chinese: str, expected: tuple[str, bool]) -> None:
    """A document keeps tags around a whole paragraph to itself, so that its text comes without them."""
    assert carry("html", "html", english, chinese) == expected


@pytest.mark.parametrize("source", ["html", "markdown"])
def test_a_comment_has_no_words(source: str) -> None:
    text, _ = carry(source, "html", ENGLISH[source], "<p>这个 <!-- do not delete --> 地方 <?php 1 ?>。</p>")
    assert "delete" not in text and "php" not in text
