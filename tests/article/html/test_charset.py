"""The charset of a page is the one that it declares, else UTF-8."""

from __future__ import annotations

import pytest

from toolkit.article import format_of, formats, read
from toolkit.errors import DataError


def decode(data: bytes, name: str = "page.html", format: str = "html") -> str:
    return formats()[format].decode(data, name)


@pytest.mark.parametrize(
    ("declaration", "codec", "words"),
    [
        ('<meta charset="gb2312">', "gb18030", "中文，桥"),
        ("<meta http-equiv=Content-Type content='text/html; charset=Big5'>", "big5hkscs", "中文，橋"),
        ("<meta charset=iso-8859-1>", "cp1252", "café “x”"),
        ('<?xml version="1.0" encoding="KOI8-R"?>', "koi8-r", "мост"),
        ("<meta charset=utf-8>", "utf-8", "བོད་སྐད།"),
        ("", "utf-8", "བོད་སྐད།"),
    ],
)
def test_a_page_declares_its_charset(declaration: str, codec: str, words: str) -> None:
    page = f"{declaration}\r\n<p>{words}</p>"
    assert decode(page.encode(codec)) == page


@pytest.mark.parametrize("format", ["text", "markdown"])
def test_only_pages_declare_one(format: str) -> None:
    data = "<meta charset=gb2312> 中文".encode("gb18030")
    with pytest.raises(DataError, match=r"a\.txt:1: is not UTF-8"):
        decode(data, "a.txt", format)


def test_a_declaration_that_is_not_true() -> None:
    with pytest.raises(DataError, match=r"page\.html:2: is not in the charset gb2312 that it declares"):
        decode(b"<meta charset=gb2312>\n\xff\xff")


@pytest.mark.parametrize("data", [b"\xff\xfe<\0", b"<meta charset=gb2312>\0"])
def test_what_is_no_text_in_it(data: bytes) -> None:
    with pytest.raises(DataError):
        decode(data)


def test_what_is_utf_8_is_read_as_that_whatever_it_declares() -> None:
    page = "<meta charset=gb2312><p>བོད་སྐད། 中文</p>"
    assert decode(page.encode()) == page


def test_a_byte_order_mark_comes_back() -> None:
    page = "\ufeff<html><head></head><body><p>The river rose.</p></body></html>"
    assert decode(page.encode()) == page
    article = read(page, format_of("a.html"))
    assert [block.source for block in article.blocks] == ["The river rose."]
    assert format_of("a.html").serialize(article, {}).text == page
