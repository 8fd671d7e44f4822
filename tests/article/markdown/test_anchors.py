"""Links to headings go on working in a translation: their ids stay those of the source."""

from __future__ import annotations

import pytest

from toolkit.article import format_of
from toolkit.article.markdown import Markdown
from toolkit.article.markdown.anchors import headings
from toolkit.article.markdown.structure import document

TEXT = """# Getting started

See [below](#whats-new-in-2-0) or [there](#setup).

## What's *new* in 2 0

## Setup {#setup}

## `make` it

## Other & more
"""


@pytest.mark.parametrize(
    ("dialect", "ids"),
    [
        ("", ["café-bar", "a_b-c", "x-1", "x", "x-1"]),
        ("mkdocs", ["cafe-bar", "a_b-c", "x-1", "x", "x_1"]),
        ("jekyll", ["caf-bar", "ab-c", "x-1", "x", "x-1"]),
        ("vitepress", ["cafe-bar", "a-b-c", "x-1", "x", "x-1"]),
        ("pandoc", ["café-bar", "a_b-c", "x-1", "x", "x-1"]),
    ],
)
def test_each_dialect_makes_ids_by_its_own_rule(dialect: str, ids: list[str]) -> None:
    doc = document("# Café bar!\n\n## a_b C\n\n## X 1\n\n## x\n\n## *x*?\n", dialect)
    assert [heading.id for heading in headings(doc)] == ids


def test_ids_that_are_written_are_taken() -> None:
    doc = document("# A {#one}\n\n## B {/*two*/}\n\n## C { #three }\n\n## D\n")
    assert [(heading.id, heading.explicit) for heading in headings(doc)] == [
        ("one", True), ("two", True), ("three", True), ("d", False),
    ]  # fmt: skip


def translated(dialect: str, linked: tuple[str, ...] = ()) -> str:
    article = Markdown().parse(TEXT, "a.md", dialect)
    said = {
        "Getting started": "开始",
        "What's *new* in 2 0": "2 0 的*新*内容",
        "Setup": "安装",
        "`make` it": "用 `make`",
    }
    targets = {block.id: said[block.source] for block in article.blocks if block.source in said}
    form = format_of("a.md")
    return form.keep_anchors(article, form.serialize(article, targets).text, linked)


def test_where_the_dialect_has_a_syntax_every_translated_heading_keeps_its_id() -> None:
    lines = translated("vitepress").split("\n")
    assert "# 开始 {#getting-started}" in lines and "## 安装 {#setup}" in lines
    assert "## 2 0 的*新*内容 {#what-s-new-in-2-0}" in lines and "## 用 `make` {#make-it}" in lines
    assert "## Other & more" in lines, "its id is that of the source"


def test_elsewhere_those_that_are_linked_get_an_anchor() -> None:
    lines = translated("").split("\n")
    assert '## <a id="whats-new-in-2-0"></a>2 0 的*新*内容' in lines
    assert "# 开始" in lines and "## 安装 {#setup}" in lines


def test_a_web_page_has_the_ids() -> None:
    article = Markdown().parse(TEXT, "a.md")
    html = format_of("a.md").to_html(article, {})
    assert '<h2 id="whats-new-in-2-0">' in html and '<h2 id="setup">Setup' in html


def test_so_do_those_that_other_articles_link_to() -> None:
    assert '## <a id="make-it"></a>用 `make`' in translated("mkdocs", ("make-it",)).split("\n")
    said = "[a](../b.md#one) and <b> [c]( d%20e#two ) [f](https://x.org/g.md#h)\n\n[i]: j/k.md#three 'l'\n"
    assert list(format_of("a.md").places_linked(said)) == [("../b.md", "one"), ("j/k.md", "three")]
