"""Wherever an engine leaves the markers of emphasis in Chinese or Tibetan, a plain Markdown parser reads emphasis there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from toolkit import codes

CASES = [
    ("See **the word:** now", "看(1)词：(2)字", "看<strong>词</strong>：字"),
    ("See *the paper* now", "ད་ལྟ་(1)ཤོག་བུ་(2)ཡིན", "ད་ལྟ་<em>ཤོག་བུ</em>་ཡིན"),
    ("See _the paper_ now", "ད་ལྟ་(1)ཤོག་བུ་(2)ཡིན", "ད་ལྟ་<em>ཤོག་བུ</em>་ཡིན"),
    ("See ***the paper*** now", "ད་ལྟ་(1)ཤོག་བུ།(2)ཡིན", "ད་ལྟ་<em><strong>ཤོག་བུ</strong></em>།ཡིན"),
    ("See ~~the word~~ now", "看(1)，词(2)字", "看，<s>词</s>字"),
    ("He said **“no.”** loudly", "他(1)“不。”(2)了", "他“<strong>不。</strong>”了"),
    ("**“No,”** he said", "(1)“不，”(2)他说", "“<strong>不，</strong>”他说"),
    ("**“No” to war** he said", "(1)“不”要战争：(2)他说", "<strong>“不”要战争</strong>：他说"),
    ("See **[the map](/m)** now", "看(1)地图(2)吧", '看<a href="/m"><strong>地图</strong></a>吧'),
    ("See **[the map]:** now", "看(1)[地图]：(2)吧", "看[<strong>地图</strong>]：吧"),
    ("See **the word** now", '看(1)"词"(2)字', "看&quot;<strong>词</strong>&quot;字"),
    ("See **`code`** now", "看(1)吧", "看 <strong><code>code</code></strong> 吧"),
    ("See **5%** now", "看(1)5%(2)吧", "看<strong>5%</strong> 吧"),
    ("See _the word_ now", "看(1)词(2)字", "看 <em>词</em> 字"),
    (
        "**[One](/a)** and **two** now",
        "(1)一(2)二(3)三(4)四",
        '<a href="/a"><strong>一</strong></a>二<strong>三</strong>四',
    ),
    (
        "**[One](/a)** and **two** now",
        "(1)一(2)二(3)的。(4)四",
        '<a href="/a"><strong>一</strong></a>二<strong>的</strong>。四',
    ),
    (
        "**[One](/a)** and **two** now",
        "看(1)一(2)二(3)三(4)四",
        '看<a href="/a"><strong>一</strong></a>二<strong>三</strong>四',
    ),
    ("a **b *c* d** e", "看(1)文(2)档、(3)好。(4)吧", "看<strong>文<em>档</em>、好</strong>。吧"),
]


def html(text: str) -> str:
    return str(MarkdownIt("commonmark").enable("strikethrough").renderInline(text))


@pytest.mark.parametrize(("source", "answer", "expected"), CASES)
def test_marks_go_outside_where_the_rule_of_flanking_wants_it(source: str, answer: str, expected: str) -> None:
    masked = codes.mask(source, codes.find(source, "markdown"))
    target, remarks = codes.restore(answer, masked)
    assert html(target) == expected
    assert not remarks


SOURCES = {
    "See **the paper** now": ("<strong>", "</strong>"),
    "See *the paper* now": ("<em>", "</em>"),
    "See ~~the paper~~ now": ("<s>", "</s>"),
    "See _the paper_ now": ("<em>", "</em>"),
    "See **[the paper](/p)** now": ("<strong>", "</strong>"),
    "See [**the paper**](/p) now": ("<strong>", "</strong>"),
    "See ***the paper*** now": ("<strong>", "</strong>"),
}
WORDS = {
    "Hans": ("报纸", "说", "天气", "雨", "2025", "%", "，", "。", "：", "“", "”", "《", "》", "（", "！"),
    "Tibt": ("ཤོག་བུ་", "ཡིན", "བོད་", "ཚགས་པར", "༢༠", "།", " ", "་", "༄༅", "“", "”", "༑"),
}


@given(st.data(), st.sampled_from(sorted(SOURCES)), st.sampled_from(sorted(WORDS)))
def test_emphasis_is_read_wherever_it_falls(data: st.DataObject, source: str, script: str) -> None:
    words = st.lists(st.sampled_from(WORDS[script]), max_size=5).map("".join)
    before, inside, after = data.draw(words), data.draw(words), data.draw(words)
    if not any(char.isalnum() for char in before + inside + after):
        return
    masked = codes.mask(source, codes.find(source, "markdown"))
    first, second = masked.tokens
    target, _ = codes.restore(f"{before}{first}{inside}{second}{after}", masked)
    opening, closing = SOURCES[source]
    rendered = html(target)
    assert rendered.count(opening) == rendered.count(closing) == 1, target
    held = re.sub("<[^>]*>", "", rendered.split(opening)[1].split(closing)[0])
    assert any(char.isalnum() for char in held), target
    spoken = re.sub(r"<[^>]*>|\s", "", rendered)
    assert spoken == re.sub(r"\s", "", before + inside + after), "no word and no mark is lost or moved"
