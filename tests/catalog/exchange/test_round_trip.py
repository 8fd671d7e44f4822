"""XLIFF and TMX keep what a catalog says."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.catalogs import CATALOG
from toolkit.catalog.exchange import FORMATS, Document, document, load
from toolkit.units import Catalog, Markup, Unit

_PARTS = [
    "a",
    "བོད",
    " ",
    "**",
    "*",
    "`x`",
    "[y](u)",
    "<1>",
    "</1>",
    "<2/>",
    "<3>",
    "</3>",
    "%s",
    "\x07",
    "\n",
    "https://x.org",
]
CODED = st.lists(st.sampled_from(_PARTS), max_size=12).map("".join)

MARKUP: st.SearchStrategy[Markup] = st.sampled_from(["plain", "tags", "markdown"])


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=60)
@given(catalog=CATALOG, markup=MARKUP)
def test_a_catalog_comes_back_whole(form: str, catalog: Catalog, markup: Markup) -> None:
    sent = replace(document(catalog), markup=markup)
    back = load(FORMATS[form].dump([sent]).encode(), "x.xlf")
    if form == "tmx":  # a pair has two texts
        sent = replace(sent, passages=tuple(one for one in sent.passages if one.unit.target))
    assert [unlined(one) for one in back] == ([sent] if sent.passages or form == "xliff" else [])


@pytest.mark.parametrize("form", FORMATS)
@settings(max_examples=100)
@given(source=CODED.filter(bool), target=CODED, markup=MARKUP)
def test_codes_come_back_as_the_catalog_has_them(form: str, source: str, target: str, markup: Markup) -> None:
    target = target or "a"
    sent = Document("a", "en", "bo", markup, document(Catalog("en", "bo", (Unit(source, target),))).passages)
    (back,) = load(FORMATS[form].dump([sent]).encode(), "x.xlf")
    assert unlined(back) == sent


def unlined(document: Document) -> Document:
    """The document without what a file says beyond the entry: its lines, and a state that the entry's has to agree with."""
    for one in document.passages:
        assert (one.said == "approved") == one.unit.state.approved
        assert one.said != "waits" or one.unit.target
    return replace(document, passages=tuple(replace(one, line=0, said="") for one in document.passages))
