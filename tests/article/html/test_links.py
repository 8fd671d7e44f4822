"""The URLs of HTML are rewritten where a browser reads them, and nothing else is changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.html_articles import pages, soup
from toolkit.article import formats

HTML = formats()["html"]
CASES = [
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
    ('<a href="a.html?b=1&copy=2">', '<a href="../p/a.html?b=1&amp;copy=2">'),
    ('<a href=a"b>', '<a href="../p/a&quot;b">'),
    ('<a title="a > b" href="x">', '<a title="a > b" href="../p/x">'),
    ("<!--><img src=a>", '<!--><img src="../p/a">'),
    (
        "<title><a href=x></title><textarea><a href=x></textarea>",
        "<title><a href=x></title><textarea><a href=x></textarea>",
    ),
    ("<svg><style/><image href=a /></svg>", '<svg><style/><image href="../p/a" /></svg>'),
    ("<a href><a href=''>", "<a href><a href=''>"),
    ("<a href=x", "<a href=x"),
]


def rewritten(text: str) -> str:
    """The text as it must be in a folder from which `x` is `../p/x`."""
    return HTML.rewrite_links(text, lambda url: url if re.match(r"[#/]|\w+:", url) else f"../p/{url}")


@pytest.mark.parametrize(("before", "after"), CASES)
def test_urls(before: str, after: str) -> None:
    assert rewritten(before) == after


@given(pages() | soup | st.text("ab[]()<>!`\\*_\n# :/.\"'", max_size=60))
def test_where_nothing_is_to_be_done_nothing_changes(text: str) -> None:
    assert HTML.rewrite_links(text, lambda url: url) == text
