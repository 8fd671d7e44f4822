"""Relative links lead to the same place from the edition as from the article."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.edition.links import rebase

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
