"""Our comment lines: whatever stands in a value, the line is one line and comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import KIND, PROVENANCE
from toolkit.catalog import provenance
from toolkit.errors import CatalogError
from toolkit.units import ProvenanceLine


@pytest.mark.parametrize(
    ("comment", "line"),
    [
        ("lokta: mt engine=argos model=en_zh-1.9", ProvenanceLine("mt", (("engine", "argos"), ("model", "en_zh-1.9")))),
        (
            'lokta: reviewed by="Tashi Drolma" hash=0a',
            ProvenanceLine("reviewed", (("by", "Tashi Drolma"), ("hash", "0a"))),
        ),
        ("lokta: ignore", ProvenanceLine("ignore")),
        ("lokta:ignore  check=numbers ", ProvenanceLine("ignore", (("check", "numbers"),))),
        (
            'lokta: x a="" b= c="say \\"hi\\"\\n\\u2028"',
            ProvenanceLine("x", (("a", ""), ("b", ""), ("c", 'say "hi"\n\u2028'))),
        ),
        ("lokta: future-kind k=བོད་", ProvenanceLine("future-kind", (("k", "བོད་"),))),
    ],
)
def test_a_line_is_read(comment: str, line: ProvenanceLine) -> None:
    assert provenance.parse(comment) == line
    assert provenance.parse(provenance.format(line)) == line


@pytest.mark.parametrize(
    "remark",
    ["", "lokta", "lokta:", "lokta: the paper is made here", 'lokta: mt a="open', 'lokta: mt a="\\q"', "a lokta: mt x=1",
     'lokta: mt a="x"y', 'lokta: mt a="\\U99999999"', "lokta: mt =x", 'lokta: mt a="x"b=1'],
)  # fmt: skip
def test_a_remark_stays_one(remark: str) -> None:
    assert provenance.parse(remark) is None


@given(PROVENANCE)
def test_any_value_comes_back_and_no_line_ends(line: ProvenanceLine) -> None:
    comment = provenance.format(line)
    assert provenance.parse(comment) == line
    assert len(comment.splitlines()) == 1 and "\0" not in comment


@given(st.text())
def test_reading_never_fails_and_what_is_read_can_be_written(text: str) -> None:
    line = provenance.parse("lokta: " + text)
    assert line is None or provenance.parse(provenance.format(line)) == line


@given(KIND, st.sampled_from(["", "a b", "a=b", 'a"', "a\nb", "é", "1a"]))
def test_a_kind_or_key_is_a_plain_name(kind: str, bad: str) -> None:
    for line in (ProvenanceLine(bad), ProvenanceLine(kind, ((bad, "x"),))):
        with pytest.raises(CatalogError):
            provenance.format(line)
