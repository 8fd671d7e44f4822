"""The author's spelling comes back where the words stand as they stood."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from toolkit.article.spelling import respell
from toolkit.units import Spelling


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str, tuple[Spelling, ...]]:
    """A msgid, the file's way of writing it, and the spellings between them."""
    source = written = ""
    spellings: list[Spelling] = []
    for word in draw(st.lists(st.text(string.ascii_letters + "é", max_size=5), max_size=6)):
        shown, file = draw(st.sampled_from([(" ", "\n  "), ("é", "&eacute;"), ("“", "&#8220;"), (" ", "\r\n> ")]))
        spellings.append(Spelling(len(source + word), len(source + word + shown), file))
        source, written = source + word + shown, written + word + file
    return source, written, tuple(spellings)


@given(spelled())
def test_the_source_itself_comes_back_as_written(case: tuple[str, str, tuple[Spelling, ...]]) -> None:
    source, written, spellings = case
    assert respell(source, source, spellings) == written


@given(spelled())
def test_one_for_one_letters_keep_the_spelling(case: tuple[str, str, tuple[Spelling, ...]]) -> None:
    source, _, spellings = case
    swapped = respell(source, source.swapcase().replace("É", "é"), spellings)
    assert swapped == respell(source, source, spellings, write=lambda text: text.swapcase().replace("É", "é"))


@given(spelled(), st.text(max_size=30))
def test_any_other_text_is_written_plainly(case: tuple[str, str, tuple[Spelling, ...]], target: str) -> None:
    source, _, spellings = case
    if len(target) != len(source):
        assert respell(source, target, spellings) == target
        assert respell(source, target, spellings, write=str.upper) == target.upper()


def test_a_moved_word_takes_no_spelling_with_it() -> None:
    assert respell("one two", "ein und", (Spelling(3, 4, "\n"),)) == "ein\nund"
    assert respell("one two", "two one"[::-1], (Spelling(3, 4, "\n"),)) == "eno\nowt"
    assert respell("one two", "onetwo!", (Spelling(3, 4, "\n"),)) == "onetwo!"
    assert respell("one two", "one  two", (Spelling(3, 4, "\n"),)) == "one  two"
