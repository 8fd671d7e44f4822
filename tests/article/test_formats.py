"""The door of the stage: which format a file is in, what a document declares, and what other distributions add."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest

from tests.support.articles import holds_fidelity, read_as
from tests.support.environment import ROOT
from tests.support.wiki import Wiki, installed
from toolkit.article import FORMATS, Text, format_of, formats
from toolkit.errors import UnknownFormat


@pytest.mark.parametrize(
    ("name", "format"),
    [("a.txt", "text"), ("a.b.MD", "markdown"), ("x/y.html", "html"), ("a.htm", "html"), ("a.markdown", "markdown")],
)
def test_the_suffix_says_the_format(name: str, format: str) -> None:
    assert format_of(name) is FORMATS[format]


@pytest.mark.parametrize("name", ["a.docx", "README", ".txt", "", "a.txt.gz", "\x1b[31m.pdf"])
def test_what_nothing_reads(name: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        format_of(name)
    assert ".md" in str(raised.value) and str(raised.value).isprintable()


def test_a_language_that_a_page_declares() -> None:
    assert read_as("html", "<html lang=zh_TW><p>橋</p>").source_language == "zh-Hant"
    assert read_as("html", "<html lang='not a language'><p>x</p>").source_language == ""
    assert read_as("html", "<p>x</p>", source_language="bo").source_language == "bo"


def test_other_distributions_add_formats_and_replace_none() -> None:
    class Ours(Text):
        suffixes = (".txt", ".ours")

    with installed(Wiki(), Ours(), "no format"):
        assert list(formats()) == ["text", "markdown", "html", "wiki"]
        assert format_of("a.WIKI").name == "wiki"
        assert format_of("a.txt") is FORMATS["text"]
        with pytest.raises(UnknownFormat, match=r"\.xhtml \.wiki$"):
            format_of("a.ours")
    with pytest.raises(UnknownFormat):
        format_of("a.wiki")


def test_the_defaults_write_an_added_format() -> None:
    text = "lang: en\n= The River\n\nIt rose at https://a.org/x?y in May & fell.\n"
    with installed(Wiki()):
        article = holds_fidelity(text, "wiki")
        wiki = formats()["wiki"]
        targets = {"l2": "<b>", "l4": "lost"}
        rendered = wiki.serialize(article, targets)
        assert rendered.text == text.replace("The River", "<b>")
        assert [str(problem) for problem in rendered.problems] == [
            "made:4: the translation lost https://a.org/x?y; the source paragraph was kept"
        ]
        assert wiki.to_html(article, {"l2": "<b>"}) == (
            '<h2>&lt;b&gt;</h2><p>It rose at <a href="https://a.org/x?y">https://a.org/x?y</a> in May &amp; fell.</p>'
        )


def test_libraries_are_imported_when_a_format_needs_them() -> None:
    code = """import sys
from toolkit.article import formats
formats()["html"].parse("<p>x</p>")
early = "markdown_it" in sys.modules
formats()["markdown"].parse("x")
sys.exit(early or "markdown_it" not in sys.modules)"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("format", "text", "shown"),
    [
        ("text", "a **b** <1>", "a **b** <1>"),
        ("markdown", "a **b** [c](d) &lt; &eacute;", "a b c < é"),
        ("markdown", "`a`", "`a`"),
        ("html", "a <1>b</1> R&amp;D<2/>", "a b R&D"),
        ("html", "<1/>", "<1/>"),
    ],
)
def test_a_text_as_a_reader_sees_it(format: str, text: str, shown: str) -> None:
    assert formats()[format].plain_text(text) == shown


def test_no_other_room_names_a_format_or_reads_html_otherwise() -> None:
    for path in (ROOT / "toolkit").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        imported = {
            name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        assert "html.parser" not in imported, path
        if "article" not in path.relative_to(ROOT / "toolkit").parts:
            inner = {name for name in imported if re.match(r"toolkit\.article\.(text|markdown|html)\b", name)}
            assert inner <= {"toolkit.article.html.tokens", "toolkit.article.html.tags"}, path
            assert not re.search(r"article\.format\s*(==|!=|in\b)", source), path
