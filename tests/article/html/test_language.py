"""A page declares the language and the charset that it is in, where it declared those of its source."""

from __future__ import annotations

import pytest
from hypothesis import given

from tests.support.html_articles import pages, soup
from toolkit.article import formats
from toolkit.language import language

HTML = formats()["html"]
CASES = [
    ("<html><head><title>A b</title></head>", '<html lang="bo"><head><meta charset="utf-8"><title>A b</title></head>'),
    ("<html lang=en dir=ltr>", "<html lang=bo dir=ltr>"),
    ('<html xml:lang="en" lang="en">', '<html xml:lang="bo" lang="bo">'),
    ('<HTML LANG="EN-us">', '<HTML LANG="bo">'),
    ('<html lang="en"><body><p lang="en">Hello you</p>', '<html lang="bo"><body><p lang="bo">Hello you</p>'),
    ('<html lang="en"><body><p lang="de">Hallo du</p>', '<html lang="bo"><body><p lang="de">Hallo du</p>'),
    ('<html lang="en"><p>a <i lang="en">b c</i></p>', '<html lang="bo"><p>a <i lang="en">b c</i></p>'),
    ('<meta http-equiv="content-language" content="en">', '<meta http-equiv="content-language" content="bo">'),
    (
        '<meta http-equiv=Content-Type content="text/html; charset=gb2312">',
        '<meta http-equiv=Content-Type content="text/html; charset=utf-8">',
    ),
    ('<head><meta charset="UTF-8"></head>', '<head><meta charset="UTF-8"></head>'),
    ('<?xml version="1.0" encoding="gbk"?><html lang="en">', '<?xml version="1.0" encoding="UTF-8"?><html lang="bo">'),
    ("<p title='lang=\"en\"'>Hello you</p>", "<p title='lang=\"en\"'>Hello you</p>"),
    ('<a hreflang="en" href="/x">Hello you</a>', '<a hreflang="en" href="/x">Hello you</a>'),
    ("<html lang>", '<html lang lang="bo">'),
    ("<html data-x=a/>", '<html data-x=a/ lang="bo">'),
    ("<html />", '<html lang="bo"/>'),
    ("<html lang=en><title><p lang=en></title>", "<html lang=bo><title><p lang=en></title>"),
    ("<!--><html lang=en>-->", "<!--><html lang=bo>-->"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_declarations(before: str, after: str) -> None:
    assert HTML.declare_language(before, "en", language("bo")) == after


@pytest.mark.parametrize(
    ("tag", "after"),
    [
        ("zh-Hans", '<html lang="zh-Hans"><meta property="og:locale" content="zh_CN">'),
        ("zh-Hant", '<html lang="zh-Hant"><meta property="og:locale" content="zh_TW">'),
        ("ar", '<html lang="ar" dir="rtl"><meta property="og:locale" content="ar">'),
        ("en", '<html lang="en-GB"><meta property="og:locale" content="en_GB">'),
    ],
)
def test_languages(tag: str, after: str) -> None:
    before = '<html lang="en-GB"><meta property="og:locale" content="en_GB">'
    assert HTML.declare_language(before, "en", language(tag)) == after


@given(pages() | soup)
def test_what_is_declared_already_stays(page: str) -> None:
    declared = HTML.declare_language(page, "en", language("bo"))
    assert HTML.declare_language(declared, "en", language("bo")) == declared
