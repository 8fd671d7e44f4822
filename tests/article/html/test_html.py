"""HTML: what is a block, that nothing else changes, and that no translation can break a page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.article_cases import cases, lines
from tests.support.articles import holds_fidelity, parsed, read_as
from tests.support.hostile import HOSTILE
from tests.support.html_articles import pages, soup
from tests.support.html_oracle import left_in_the_skeleton
from tests.support.work import LINEAR, growth
from toolkit.article import formats, read
from toolkit.article.html.tokens import tokens
from toolkit.errors import DataError

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CASES = [*cases("html/cases.txt"), *cases("html/furniture.txt")]
HTML = formats()["html"]
CORPUS = Path(__file__).parents[3] / "corpus"


@pytest.mark.parametrize(("page", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_blocks(page: str, expected: list[str]) -> None:
    assert lines(holds_fidelity(page, "html")) == expected


@many
@given(pages())
def test_made_pages_come_back_and_nothing_is_left(page: str) -> None:
    assert left_in_the_skeleton(page, holds_fidelity(page, "html")) == []


@many
@given(soup)
def test_what_looks_like_markup_comes_back_and_nothing_is_left(page: str) -> None:
    assert left_in_the_skeleton(page, holds_fidelity(page, "html")) == []


@many
@given(st.text())
def test_any_text_comes_back(page: str) -> None:
    holds_fidelity(page, "html")


def test_the_sample_page_comes_back_and_nothing_is_left() -> None:
    page = (CORPUS / "high-passes-bus.html").read_bytes().decode()
    assert left_in_the_skeleton(page, holds_fidelity(page, "html")) == []


def tags(page: str) -> list[str]:
    return [f"{token.kind} {token.name}" for token in tokens(page) if token.kind in ("open", "close", "raw")]


@settings(many, max_examples=100)
@given(pages(), st.lists(soup | st.text(max_size=20), min_size=1, max_size=5))
def test_no_target_can_become_markup(page: str, targets: list[str]) -> None:
    article = parsed(page, "html")
    wanted = {block.id: targets[n % len(targets)] for n, block in enumerate(article.blocks)}
    rendered = HTML.serialize(article, wanted)
    assert tags(rendered.text) == tags(page)
    assert len(parsed(rendered.text, "html").metadata) <= len(article.metadata) + 1


def one(page: str, target: str) -> tuple[str, list[str]]:
    """The page with its first block translated, and the reasons against it."""
    article = HTML.parse(page, "page.html")
    rendered = HTML.serialize(article, {next(article.blocks).id: target})
    return rendered.text, [problem.reason for problem in rendered.problems]


@pytest.mark.parametrize(
    ("page", "target", "expected"),
    [
        ("<p>Hello</p>", "<b>你好</b> & <script>", "<p>&lt;b&gt;你好&lt;/b&gt; &amp; &lt;script&gt;</p>"),
        ("<p>Hello</p>", "a &eacute; &nbsp;b &lt; c", "<p>a é &nbsp;b &lt; c</p>"),
        ("<p>R&D</p>", "研发", "<p>研发</p>"),
        ("<p>one <b>two</b> <i>three</i></p>", "<2>三</2><1>二</1>", "<p><i>三</i><b>二</b></p>"),
        ("<p>one\n two &ldquo;x&rdquo;</p>", "ein und “y”", "<p>ein\n und &ldquo;y&rdquo;</p>"),
        ("<p>one\n two &ldquo;x&rdquo;</p>", "eins und “y”", "<p>eins und “y”</p>"),
        ("<p>one</p>", "eins\nzwei", "<p>eins zwei</p>"),
        ("<img alt='one'>", 'it\'s "1" <b>', "<img alt='it&#39;s \"1\" &lt;b&gt;'>"),
        ('<img alt=" one ">', 'it\'s "1"', '<img alt=" it\'s &quot;1&quot; ">'),
        ("<img alt=one>", 'a "b" c=d', "<img alt=a&#32;&#34;b&#34;&#32;c&#61;d>"),
        ("<title>one</title>", "</title><b>", "<title>&lt;/title&gt;&lt;b&gt;</title>"),
        ("<p>a &nbsp;&copy=1 b</p>", "x", "<p>x</p>"),
    ],
)
def test_a_target_is_escaped(page: str, target: str, expected: str) -> None:
    assert one(page, target) == (expected, [])


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("一二", "the translation lost <1>…</1> <2/>"),
        ("<1>一</1><2/><3/>", "the translation added <3/>"),
        ("</1>一<1><2/>", "crossed"),
        (" ", "the translation is empty"),
    ],
)
def test_a_target_with_other_codes_leaves_the_source(target: str, reason: str) -> None:
    page = "<p>one <b>two</b> <br> three</p>"
    text, reasons = one(page, target)
    assert text == page and len(reasons) == 1
    assert reason in reasons[0] or "the translation" in reasons[0]


def test_a_link_is_not_put_into_a_link() -> None:
    page = "<p>one <a href=x>two</a> <a href=y>three</a></p>"
    assert one(page, "<1>二<2>三</2></1>") == (page, ["the translation puts a link into a link"])


def test_an_attribute_inside_a_paragraph_is_translated_with_and_without_it() -> None:
    page = '<p>See <a href="/x" title="one">this</a>, <img alt=two> and <code title="no">that</code></p>'
    article = HTML.parse(page, "")
    paragraph, title, alt = article.blocks
    with_all = HTML.serialize(article, {paragraph.id: "<2/> <1>这</1> <3/>", title.id: "一", alt.id: "二 二"})
    assert with_all.text == '<p><img alt=二&#32;二> <a href="/x" title="一">这</a> <code title="no">that</code></p>'
    alone = HTML.serialize(article, {title.id: "一"})
    assert alone.text == page.replace("one", "一")
    assert not with_all.problems and not alone.problems


def test_a_problem_names_its_place() -> None:
    article = HTML.parse("<p>\n\n one <b>two</b></p>", "page.html")
    problem = HTML.serialize(article, {"p1": "eins"}).problems[0]
    assert str(problem) == "page.html:3: the translation lost <1>…</1>; the source paragraph was kept"


def test_metadata_of_the_page() -> None:
    page = """<html lang="en-GB"><head><title>Buses | Courier</title><meta name=author content="Karma">
    <meta property="article:published_time" content="2026-03-21"><link rel=license href="https://l.org/by">
    <link rel=canonical href="https://c.example/b"></head><h1>Buses</h1>"""
    assert HTML.parse(page, "").metadata == {
        "title": "Buses | Courier", "date": "2026-03-21", "author": "Karma", "licence": "https://l.org/by",
        "source": "https://c.example/b", "language": "en-GB",
    }  # fmt: skip
    assert read_as("html", page).source_language == "en-GB"
    assert read_as("html", page, source_language="en").source_language == "en"


def test_notes_tell_what_a_tag_is() -> None:
    block = next(HTML.parse('<p>See <a\n href="/x">this</a><br>there</p>', "").blocks)
    assert block.notes == ('<1> = <a href="/x">', "<2/> = <br>")
    assert [code.data for code in block.codes] == ['<a\n href="/x">', "</a>", "<br>"]


def test_two_hundred_levels_and_no_more() -> None:
    parsed("<div>" * 195 + "deep" + "</div>" * 195, "html")
    with pytest.raises(DataError, match="made:3: nested deeper than 200 levels"):
        parsed("\n\n" + "<div>" * 300 + "deep", "html")


def test_a_paragraph_of_more_than_100_kb_is_skipped() -> None:
    blocks = list(read("<p>short</p>\n<p>" + "word " * 21_000 + "</p><p>more", HTML).blocks)
    assert [block.translate for block in blocks] == [True, False, True]
    assert blocks[1].notes == ("skipped: longer than 100 kB",)


@pytest.mark.parametrize(
    "page",
    [
        "<!--" * 100_000, "<" * 90_000, "&" * 90_000, "<a " * 100_000, '<a b="' * 60_000, "</b>" * 60_000,
        "<b></i>" * 90, "<p><b>" * 60_000, "<script>" * 60_000, "<svg>" * 190, "<code>x" * 190, "&#" + "9" * 300_000,
        "<p>" + "&aaaaaaaaa" * 6_000, "<td>" * 60_000, "<![CDATA[" * 60_000, "<title>" * 10_000, "<a x" + " " * 300_000,
        "<p>" + "<br>" * 60_000, "<li><svg></svg>" * 20_000, "<p><svg/><code></p>" * 20_000,
    ],
    ids=lambda page: page[:12],
)  # fmt: skip
def test_large_broken_pages_come_back_byte_for_byte(page: str) -> None:
    holds_fidelity(page, "html")


@pytest.mark.parametrize("unit", HOSTILE["html"].units)
def test_work_on_broken_pages_is_linear(unit: str) -> None:
    assert growth(HOSTILE["html"].call, unit) < LINEAR


def test_work_on_a_large_page_is_linear() -> None:
    page = (CORPUS / "high-passes-bus.html").read_bytes().decode().split("<article>")[1].split("</article>")[0]
    assert growth(lambda text: HTML.parse(text, ""), page, small=10 * len(page)) < LINEAR


def test_the_oracle_would_see_a_word_left_behind() -> None:
    article = HTML.parse("<p>one</p><div alt=two>three</div>", "")
    assert left_in_the_skeleton("<p>one</p><div alt=two>three</div>", article) == []
    assert left_in_the_skeleton("<p>one four</p><div alt=five>three</div>", article) == ["five", "four"]
