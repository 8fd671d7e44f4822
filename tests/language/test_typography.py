"""Machine output takes its readers' typography, and nothing but typography changes."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hostile import HOSTILE
from tests.support.work import LINEAR, growth
from toolkit.language import language
from toolkit.language.typography import polish

CASES = [
    tuple(field.strip().replace("␣", " ") for field in line.split("|"))
    for line in (Path(__file__).parent / "typography.txt").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("tag", "before", "after"), CASES)
def test_cases(tag: str, before: str, after: str) -> None:
    """Each rule of the table, and what it must leave alone."""
    assert polish(before, language(tag)) == after


def test_full_width_letters_and_digits_are_plain_ones() -> None:
    assert polish("好,Ａ１", language("zh-Hans")) == "好，A1"
    assert polish("Ａ１", language("zh-Hans")) == "Ａ１", "a text without Han is left alone"
    assert polish("ཁང༌།", language("bo")) == "ཁང༌།", "NFC, never NFKC, which would make a plain tsheg of U+0F0C"


MARKS = [
    *"中文他说，。！？：；“”‘’「」（）…—",
    *"aZ1 ,.;:!?()'\"-%",
    *"ཀགངཤཡིོ་༌།༎༔ཿ༠ཷཹ",
    "...",
    "--",
    " - ",
    "“中”",
    "\u00a0",
    "\t",
    "\ue000",
]
TEXT = st.one_of(st.lists(st.sampled_from(MARKS), max_size=30).map("".join), st.text(max_size=30))
TAGS = st.sampled_from(["zh-Hans", "zh-Hant", "bo", "dz", "en", "ja"])


@settings(max_examples=1500, deadline=None)
@given(TEXT, TAGS)
def test_twice_is_once(text: str, tag: str) -> None:
    """A polished text is not changed again, so that a person's file never drifts."""
    once = polish(text, language(tag))
    assert polish(once, language(tag)) == once


@settings(max_examples=1000, deadline=None)
@given(TEXT, TAGS)
def test_words_stay(text: str, tag: str) -> None:
    """No letter and no digit comes, goes or moves."""

    def words(of: str) -> str:
        folded = (
            unicodedata.normalize("NFD", of)
            .replace("\u0f77", "\u0fb2\u0f71\u0f80")
            .replace("\u0f79", "\u0fb3\u0f71\u0f80")
        )
        return "".join(char for char in folded if unicodedata.category(char)[0] in "LNM")

    assert sorted(words(polish(text, language(tag)))) == sorted(words(text))


@settings(max_examples=600, deadline=None)
@given(
    st.lists(st.tuples(TEXT, st.sampled_from(["**", "<1>", "</1>", "https://a.b/c,d", "`x, y.`"])), max_size=5), TAGS
)
def test_protected_stays(pieces: list[tuple[str, str]], tag: str) -> None:
    """Codes and addresses come through as they are, in their order."""
    text, spans = "", []
    for words, code in pieces:
        text += words
        spans.append((len(text), len(text) + len(code)))
        text += code
    done, at = polish(text, language(tag), spans), 0
    for _, code in pieces:
        at = done.index(code, at) + len(code)


def test_a_code_is_seen_through() -> None:
    """A mark takes its form from the word, not from the markup between."""
    text = "**他来了**,走了."
    spans = [found.span() for found in re.finditer(r"\*\*", text)]
    assert polish(text, language("zh-Hans"), spans) == "**他来了**，走了。"


@pytest.mark.parametrize("pattern", ["中 ", "中,", "(", '"', "中—", "'a", "ཀ ", "ང་", "་", "“", ". ", '中"'])
@pytest.mark.parametrize("tag", ["zh-Hant", "bo"])
def test_a_long_paragraph(pattern: str, tag: str) -> None:
    """It is polished as a short one is, again and again until nothing changes."""
    once = polish(("中" + pattern * 100_000)[:100_000], language(tag))
    assert polish(once, language(tag)) == once


@pytest.mark.parametrize("unit", HOSTILE["typography, bo"].units)
@pytest.mark.parametrize("tag", ["zh-Hant", "bo"])
def test_work_is_linear(unit: str, tag: str) -> None:
    assert growth(HOSTILE[f"typography, {tag}"].call, unit) < LINEAR
