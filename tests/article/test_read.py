"""The door of the stage: which format a file is in, which charset, and what other distributions add."""

from __future__ import annotations

from importlib import metadata as distributions
from types import SimpleNamespace

import pytest

from toolkit import article as articles
from toolkit.article import FORMATS, Format, Rendered, decode, format_of, read
from toolkit.errors import DataError, UnknownFormat
from toolkit.units import Article


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.txt", "text"), ("a.b.MD", "markdown"), ("x/y.html", "html"), ("a.htm", "html"), ("a.markdown", "markdown")],
)
def test_the_suffix_says_the_format(name: str, format: str) -> None:
    assert format_of(name) == format


@pytest.mark.parametrize("name", ["a.docx", "README", ".txt", "", "a.txt.gz", "\x1b[31m.pdf"])
def test_what_nothing_reads(name: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        format_of(name)
    assert ".md" in str(raised.value) and str(raised.value).isprintable()


def test_an_unknown_format_names_the_known() -> None:
    with pytest.raises(UnknownFormat, match="no such format; known are text, markdown, html"):
        read("x", "pdf")


@pytest.fixture
def shouted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A format of another distribution: one block in capitals, and one that would replace ours."""

    def parse(text: str, file: str) -> Article:
        return Article(text, "", "shout", (text,))

    added = Format("shout", (".shout",), "plain", parse, lambda article, targets: Rendered(article.original.upper()))
    ours = Format("text", (".txt",), "plain", parse, lambda article, targets: Rendered("mine"))
    entries = [SimpleNamespace(load=lambda form=form: form) for form in (added, ours, "no format")]
    monkeypatch.setattr(distributions, "entry_points", lambda group: entries if group == "lokta.formats" else [])
    monkeypatch.setattr(articles, "FORMATS", dict(FORMATS))
    articles._others.cache_clear()


@pytest.mark.usefixtures("shouted")
def test_other_distributions_add_formats_and_replace_none() -> None:
    assert format_of("a.shout") == "shout"
    assert read("x", "shout").format == "shout"
    assert articles.FORMATS["shout"].serialize(read("x", "shout"), {}).text == "X"
    assert articles.FORMATS["text"].serialize(read("x", "text"), {}).text == "x"
    articles._others.cache_clear()


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
def test_a_page_says_its_charset(declaration: str, codec: str, words: str) -> None:
    page = f"{declaration}\r\n<p>{words}</p>"
    assert decode(page.encode(codec), "html", "page.html") == page


def test_only_pages_say_it() -> None:
    data = "<meta charset=gb2312> 中文".encode("gb18030")
    with pytest.raises(DataError, match=r"a\.txt:1: is not UTF-8"):
        decode(data, "text", "a.txt")


def test_a_declaration_that_is_not_true() -> None:
    with pytest.raises(DataError, match="page:2: is not in the charset gb2312 that it declares"):
        decode(b"<meta charset=gb2312>\n\xff\xff", "html", "page")
    for data in (b"\xff\xfe<\0", b"<meta charset=gb2312>\0", b"\xef\xbb\xbf<p>"):
        with pytest.raises(DataError):
            decode(data, "html", "page")


def test_the_language_that_a_page_says() -> None:
    assert read("<html lang=zh_TW><p>橋</p>", "html").source_language == "zh-Hant"
    assert read("<html lang='not a language'><p>x</p>", "html").source_language == ""
    assert read("<p>x</p>", "html", source_language="bo").source_language == "bo"
