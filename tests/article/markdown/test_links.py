"""The URLs of Markdown are rewritten in links, images, definitions and HTML, and nothing else is changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.article import formats

MARKDOWN = formats()["markdown"]
CASES = [
    ("[a](x.md)", "[a](../p/x.md)"),
    ("[a](<x y.md>)", "[a](<../p/x y.md>)"),
    ('![a](i.png "t")', '![a](../p/i.png "t")'),
    ("[![a](i.png)](x.md)", "[![a](../p/i.png)](../p/x.md)"),
    ("[a][b]\n\n[b]: x.md 'T'", "[a][b]\n\n[b]: ../p/x.md 'T'"),
    ("[a](https://a.org) <https://b.org>", "[a](https://a.org) <https://b.org>"),
    ("`[a](x.md)`", "`[a](x.md)`"),
    ("    [a](x.md)", "    [a](x.md)"),
    ("```\n[a]: x.md\n```", "```\n[a]: x.md\n```"),
    ("\\[a](x.md)", "\\[a](x.md)"),
    ("> [a](x.md) b\n> [c](y.md)", "> [a](../p/x.md) b\n> [c](../p/y.md)"),
    ('a <img src="i.png"> b', 'a <img src="../p/i.png"> b'),
    ('<figure>\n<img src="i.png">\n</figure>', '<figure>\n<img src="../p/i.png">\n</figure>'),
    ("Note.[^1]\n\n[^1]: see.md is [here](x.md)", "Note.[^1]\n\n[^1]: see.md is [here](../p/x.md)"),
    ("[a](#part) and [b]()", "[a](#part) and [b]()"),
    ("| [a](x.md) | b |\n|---|---|\n| c | [d](y.md) |", "| [a](../p/x.md) | b |\n|---|---|\n| c | [d](../p/y.md) |"),
    ("---\n[a](x.md)\n---\n", "---\n[a](../p/x.md)\n---\n"),
    ("---\ntitle: '[a](x.md)'\n---\n", "---\ntitle: '[a](x.md)'\n---\n"),
    ('<div data="x > y"><img src=a></div>', '<div data="../p/x > y"><img src="../p/a"></div>'),
]


def rewritten(text: str) -> str:
    """The text as it must be in a folder from which `x` is `../p/x`."""
    return MARKDOWN.rewrite_links(text, lambda url: url if re.match(r"[#/]|\w+:|$", url) else f"../p/{url}")


@pytest.mark.parametrize(("before", "after"), CASES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_urls(before: str, after: str, end: str) -> None:
    assert rewritten(before.replace("\n", end)) == after.replace("\n", end)


@given(st.text("ab[]()<>!`\\*_\n# :/.\"'", max_size=60))
def test_where_nothing_is_to_be_done_nothing_changes(text: str) -> None:
    assert MARKDOWN.rewrite_links(text, lambda url: url) == text
