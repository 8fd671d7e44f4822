"""The front matter of a post declares the language that it is in."""

from __future__ import annotations

import pytest

from toolkit.article import formats
from toolkit.language import language

CASES = [
    ("---\nlang: en\n---\n\nHi you\n", "---\nlang: bo\n---\n\nHi you\n"),
    ('---\ntags: [a]\nlang: "en" # yes\n---\n', '---\ntags: [a]\nlang: "bo" # yes\n---\n'),
    ("---\nLanguage: en-US\r\n---\nHi you\n", "---\nLanguage: bo\r\n---\nHi you\n"),
    ("---\ntags: [a]\n---\n\nHi you\n", "---\ntags: [a]\nlang: bo\n---\n\nHi you\n"),
    ("+++\ndraft = true\n+++\n\nHi you\n", '+++\ndraft = true\nlang = "bo"\n+++\n\nHi you\n'),
    ("---\nJust words\n---\n", "---\nJust words\n---\n"),
    ("Hi you\n\n---\n\nlang: en is here\n", "Hi you\n\n---\n\nlang: en is here\n"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_declarations(before: str, after: str) -> None:
    assert formats()["markdown"].declare_language(before, "en", language("bo")) == after


def test_a_list_is_offered_where_its_author_asks_for_it() -> None:
    text = (
        "---\ntitle: A walk\ntags: # lokta: translate\n  - rivers\n  - 'old bridges'\n  - 12\ncategories:\n  - walks\n"
        "mood: calm  # lokta: translate\nkeywords: # lokta: translate\n- tea\nlayout: post\n---\n\nWords.\n"
    )
    article = formats()["markdown"].parse(text)
    assert [block.source for block in article.blocks] == ["A walk", "rivers", "old bridges", "calm", "tea", "Words."]
    rendered = formats()["markdown"].serialize(article, {b.id: f"X: {b.source}, y" for b in article.blocks})
    assert not rendered.problems
    assert "  - 'X: rivers, y'\n  - 'X: old bridges, y'\n  - 12\n" in rendered.text or '"X: rivers, y"' in rendered.text
    assert "categories:\n  - walks\n" in rendered.text and "# lokta: translate\nkeywords:" in rendered.text
    same = formats()["markdown"].serialize(article, {b.id: b.source for b in article.blocks})
    assert same.text == text
