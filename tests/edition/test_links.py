"""Relative links lead to the same place from the edition as from the article."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.edition.links import rebase, rewrite_html
from toolkit.edition.markdown_links import rewrite_markdown

FOLDERS = st.lists(st.text("abc", min_size=1, max_size=3), max_size=4).map(lambda parts: "/" + "/".join(parts))
URL_PARTS = st.one_of(st.just(".."), st.just("."), st.text("ab%20-_བ", min_size=1, max_size=5), st.just("./a:b"))
URLS = st.builds(
    lambda parts, tail: "/".join(parts) + tail,
    st.lists(URL_PARTS, min_size=1, max_size=4),
    st.sampled_from(["", "/", "?a=1&b=2", "#top", "?q#f"]),
)


@given(URLS, FOLDERS, FOLDERS)
def test_it_leads_to_the_same_place(url: str, here: str, there: str) -> None:
    base, other = f"http://site{here.rstrip('/')}/", f"http://site{there.rstrip('/')}/"
    assert urljoin(other, rebase(url, here, there)) == urljoin(base, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.org/x",
        "HTTP://a.org",
        "mailto:a@b.c",
        "//a.org/x",
        "/root",
        "#part",
        "?page=2",
        "",
        "data:,x",
        "\\\\host",
    ],
)
def test_what_is_not_relative_stays(url: str) -> None:
    assert rebase(url, "/a/b", "/c") == url


def test_two_drives_have_no_way_between_them() -> None:
    assert rebase("x.png", "C:/a", "D:/b") == "x.png"
    assert rebase("x.png", "C:/a", "C:/b") == "../a/x.png"


HTML = [
    ('<a href="x.html">', '<a href="../p/x.html">'),
    ("<a href=x.html>", '<a href="../p/x.html">'),
    ("<a href='a.html?b=1&amp;c=2'>", "<a href='../p/a.html?b=1&amp;c=2'>"),
    ('<A HREF = "x.html" title="a > b">', '<A HREF = "../p/x.html" title="a > b">'),
    ('<img src="i.png" srcset="a.png 1x, b.png 2x">', '<img src="../p/i.png" srcset="../p/a.png 1x, ../p/b.png 2x">'),
    ('<video poster="p.jpg" src="https://a.org/v">', '<video poster="../p/p.jpg" src="https://a.org/v">'),
    ('<p style="background: url(a.png)">', '<p style="background: url(../p/a.png)">'),
    ("<style>p { background: url('a.png') }</style>", "<style>p { background: url('../p/a.png') }</style>"),
    ("<script>x = '<a href=\"x.html\">'</script>", "<script>x = '<a href=\"x.html\">'</script>"),
    ('<!-- <a href="x.html"> -->', '<!-- <a href="x.html"> -->'),
    ('<base href="/sub/"><a href="x.html">', '<base href="/sub/"><a href="x.html">'),
    ('<base href="sub/"><a href="x.html">', '<base href="../p/sub/"><a href="x.html">'),
    ('<a href="#top">a &amp b</a>', '<a href="#top">a &amp b</a>'),
    ('<p title="href=x.html">', '<p title="href=x.html">'),
]


@pytest.mark.parametrize(("before", "after"), HTML)
def test_html(before: str, after: str) -> None:
    assert rewrite_html(before, lambda url: rebase(url, "/p", "/q")) == after


MARKDOWN = [
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
]


@pytest.mark.parametrize(("before", "after"), MARKDOWN)
def test_markdown(before: str, after: str) -> None:
    assert rewrite_markdown(before, lambda url: rebase(url, "/p", "/q")) == after


@given(st.text("ab[]()<>!`\\*_\n# :/.\"'", max_size=60))
def test_where_nothing_is_to_be_done_nothing_changes(text: str) -> None:
    assert rewrite_markdown(text, lambda url: url) == text
    assert rewrite_html(text, lambda url: url) == text
