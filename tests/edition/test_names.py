"""Names of editions are safe on every file system."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.edition.names import html_name, mo_name, native_name, package_name, safe_path


@given(st.text(max_size=200))
def test_no_name_leaves_the_folder(article: str) -> None:
    path = safe_path(article)
    root = Path("/editions")
    assert (root / path).resolve().is_relative_to(root) and path
    for part in path.split("/"):
        assert part and part[0] != "." and part[-1] not in ". " and len(part.encode()) <= 120
        assert not re.search(r'[\x00-\x1f<>:"\\|?*\u202e]', part)


@given(st.text("abཀ .%/~", max_size=12), st.text("abཀ .%/~", max_size=12))
def test_two_ids_have_two_names(one: str, other: str) -> None:
    def parts(article: str) -> list[str]:
        return [part for part in article.split("/") if part]

    assert (safe_path(one) == safe_path(other)) == (parts(one) == parts(other)) or not parts(one) or not parts(other)


@pytest.mark.parametrize(
    ("article", "path"),
    [
        ("posts/my-post", "posts/my-post"),
        ("བོད་ཡིག", "བོད་ཡིག"),
        ("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd"),
        (".hidden", "%2Ehidden"),
        ("con", "%63on"),
        ("aux.notes", "%61ux.notes"),
        ("a:b", "a%3Ab"),
        ("100%", "100%25"),
        ("trailing.", "trailing%2E"),
        ("x\u202ey", "x%E2%80%AEy"),
    ],
)
def test_examples(article: str, path: str) -> None:
    assert safe_path(article) == path


def test_long_names_are_cut_and_told_apart() -> None:
    one, other = safe_path("བ" * 100 + "1"), safe_path("བ" * 100 + "2")
    assert one != other and len(one.encode()) <= 120


def test_where_they_lie() -> None:
    assert html_name("a/b", "zh-Hans") == "html/zh-Hans/a/b.html"
    assert native_name("a/b", "bo", ".md") == "native/bo/a/b.md"
    assert mo_name("a/b", "zh_Hans") == "mo/zh_Hans/LC_MESSAGES/a/b.mo"
    assert package_name("bo") == "packages/bo.zip"
    assert PurePosixPath(html_name("/etc/x", "bo")).as_posix() == "html/bo/etc/x.html"
