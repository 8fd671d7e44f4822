"""Plain text: paragraphs, headings without markup, lists, and every byte back in its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.article_cases import cases, lines
from tests.support.articles import holds_fidelity, parsed, prose, read_as
from tests.support.hostile import HOSTILE
from tests.support.work import LINEAR, growth
from toolkit.article import formats, read
from toolkit.article.text import looks_like_a_heading

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
CASES = list(cases("text/cases.txt"))
TEXT = formats()["text"]
CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.mark.parametrize(("document", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_blocks(document: str, expected: list[str]) -> None:
    holds_fidelity(document, "text")
    assert lines(read_as("text", document)) == expected


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Lines, blank lines, markers, rules, all line ends."""
    ends = st.sampled_from(
        ["\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\f", "  \n", "\n \t\n", "\n---\n", "\u2028", "\x85"]
    )
    starts = st.sampled_from(["", "", "  ", "- ", "* ", "1. ", "2. ", "• ", "\u3000\u3000", "\t", "(1) ", "> "])
    parts = draw(st.lists(st.tuples(starts, prose(st.sampled_from([" ", "  ", "\t", "\u00a0"])), ends), max_size=8))
    return "".join(start + words + end for start, words, end in parts)


@many
@given(documents())
def test_made_texts_come_back(document: str) -> None:
    holds_fidelity(document, "text")


@many
@given(documents())
def test_no_word_stays_in_the_skeleton(document: str) -> None:
    # Wide gaps may part a link to another language from its line: that is meant to stay there.
    document = re.sub(r"[ \t\u00a0\u2028\x85]+(?=\S)", " ", document)
    outside = "".join(part for part in parsed(document, "text").parts if isinstance(part, str))
    assert not any(map(str.isalpha, outside))


@many
@given(st.text(st.sampled_from("ab. -*1)\n\r\f\t\u3000\u00a0\u2028\x85\x0b中།")) | st.text())
def test_any_text_comes_back_and_all_letters_are_in_blocks(document: str) -> None:
    article = holds_fidelity(document, "text")
    outside = "".join(part for part in article.parts if isinstance(part, str))
    inside = "".join(block.source for block in article.blocks)
    tails = [line for line in re.split(r"[\r\n\f]", document) if re.search(r"\S(\s\s|\t)\s*\S", line)]
    if not tails:
        assert not any(map(str.isalpha, outside))
    assert sum(map(str.isalpha, outside + inside)) == sum(map(str.isalpha, document))


def test_the_saved_news_page() -> None:
    file = CORPUS / "china-us-defense-talks.txt"
    document = file.read_bytes().decode()
    article = read_as("text", document, file=file.name)
    holds_fidelity(document, "text")
    skipped = [block.source for block in article.blocks if not block.translate]
    titled = {block.source: block.type for block in article.blocks if block.type != "paragraph"}
    assert skipped == ["Accessibility links", "Breaking News"]
    assert titled == {
        "China, US Hold Defense Talks, Plan More": "title",
        "Serious concerns about North Korea": "heading",
        "Tension over Taiwan arms sale": "heading",
    }
    assert article.metadata["title"] == "China, US Hold Defense Talks, Plan More"
    outside = "".join(part for part in article.parts if isinstance(part, str))
    assert outside.split() == ["བོད་སྐད།"]
    assert next(block for block in article.blocks if block.type == "title").location.line == 5


def put(document: str, target: str) -> tuple[str, list[str]]:
    article = TEXT.parse(document, "a.txt")
    rendered = TEXT.serialize(article, {next(article.blocks).id: target})
    return rendered.text, [str(problem) for problem in rendered.problems]


def test_targets() -> None:
    assert put("  one\n  two\r\n", "eins zwei") == ("  eins zwei\r\n", [])
    assert put("one\n  two\r\n", "ein und") == ("ein\n  und\r\n", [])
    assert put("- one", "eins\n\nzwei") == ("- eins zwei", [])
    assert put("one", "<b> & **x**") == ("<b> & **x**", [])
    assert put("one", "\n") == ("one", ["a.txt:1: the translation is empty; the source paragraph was kept"])
    assert put("see https://a.org now", "siehe") == (
        "see https://a.org now",
        ["a.txt:1: the translation lost https://a.org; the source paragraph was kept"],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f"])
def test_line_ends(end: str) -> None:
    article = TEXT.parse(f"one{end}{end}two{end}", "a.txt")
    assert [(block.source, block.location.line) for block in article.blocks] == [("one", 1), ("two", 3)]


def test_what_python_calls_a_line_end_is_none() -> None:
    assert [block.source for block in TEXT.parse("one\u2028two\x85three\x0bfour", "").blocks] == [
        "one\u2028two\x85three\x0bfour"
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Tension over Taiwan arms sale", True),
        ("What next?", False),
        ("He said so.", False),
        ("He said so.”", False),
        ("and so on", False),
        ("价格问题", True),
        ("价格没有变化。", False),
        ("这是一个非常非常非常非常非常非常非常非常非常非常非常非常非常非常长的句子没有标点", False),
        ("གོང་ཚད་སྐོར།", True),
        ("གོང་ཚད་ལ་འགྱུར་བ་ཕྱིན་མེད། མི་དགའ།", False),
        ("ราคาสินค้า", True),
        ("Цены на рынке", True),
        ("one " * 20, False),
    ],
)
def test_headings(line: str, expected: bool) -> None:
    assert looks_like_a_heading(line) is expected


def test_a_paragraph_of_more_than_100_kb_is_skipped() -> None:
    article = read("short\n\n" + "word " * 21_000 + "\n\n" + "word " * 19_000, TEXT)
    assert [block.translate for block in article.blocks] == [True, False, True]


@pytest.mark.parametrize(
    "document",
    [
        "a\n\n" * 30_000,
        "\n" * 300_000,
        " " * 3_000_000 + "a",
        "- a\n" * 30_000,
        "1. a\n\n" * 30_000,
        "-" * 3_000_000,
        "a  b" * 20_000,
    ],
    ids=lambda document: repr(document[:8]),
)
def test_large_and_odd_texts_are_read_whole(document: str) -> None:
    parsed(document, "text")


@pytest.mark.parametrize("unit", HOSTILE["text"].units)
def test_work_on_odd_texts_is_linear(unit: str) -> None:
    assert growth(HOSTILE["text"].call, unit) < LINEAR
