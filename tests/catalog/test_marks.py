"""Our comment lines: whatever stands in a value, the line is one line and comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalog.makers import KIND, MARK
from toolkit.catalog import marks
from toolkit.errors import CatalogError
from toolkit.units import Mark


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("lokta: mt engine=argos model=en_zh-1.9", Mark("mt", (("engine", "argos"), ("model", "en_zh-1.9")))),
        ('lokta: reviewed by="Tashi Drolma" hash=0a', Mark("reviewed", (("by", "Tashi Drolma"), ("hash", "0a")))),
        ("lokta: ignore", Mark("ignore")),
        ("lokta:ignore  check=numbers ", Mark("ignore", (("check", "numbers"),))),
        ('lokta: x a="" b= c="say \\"hi\\"\\n\\u2028"', Mark("x", (("a", ""), ("b", ""), ("c", 'say "hi"\n\u2028')))),
        ("lokta: future-kind k=བོད་", Mark("future-kind", (("k", "བོད་"),))),
    ],
)
def test_a_line_is_read(line: str, mark: Mark) -> None:
    assert marks.parse(line) == mark
    assert marks.parse(marks.format(mark)) == mark


@pytest.mark.parametrize(
    "remark",
    ["", "lokta", "lokta:", "lokta: the paper is made here", 'lokta: mt a="open', 'lokta: mt a="\\q"', "a lokta: mt x=1",
     'lokta: mt a="x"y', 'lokta: mt a="\\U99999999"', "lokta: mt =x", 'lokta: mt a="x"b=1'],
)  # fmt: skip
def test_a_remark_stays_one(remark: str) -> None:
    assert marks.parse(remark) is None


@given(MARK)
def test_any_value_comes_back_and_no_line_ends(mark: Mark) -> None:
    line = marks.format(mark)
    assert marks.parse(line) == mark
    assert len(line.splitlines()) == 1 and "\0" not in line


@given(st.text())
def test_reading_never_fails_and_what_is_read_can_be_written(text: str) -> None:
    mark = marks.parse("lokta: " + text)
    assert mark is None or marks.parse(marks.format(mark)) == mark


@given(KIND, st.sampled_from(["", "a b", "a=b", 'a"', "a\nb", "é", "1a"]))
def test_a_kind_or_key_is_a_plain_name(kind: str, bad: str) -> None:
    for mark in (Mark(bad), Mark(kind, ((bad, "x"),))):
        with pytest.raises(CatalogError):
            marks.format(mark)
