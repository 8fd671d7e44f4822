"""XLIFF and TMX keep what a catalog says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.support.catalogs import CATALOG
from toolkit.catalog import approve
from toolkit.catalog.exchange import FORMATS, Document, document, load
from toolkit.catalog.exchange.inline import numbered, renumbered, with_codes
from toolkit.units import SAME_CONTEXT, Catalog, Markup, ProvenanceLine, State, Unit, text_hash

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


@given(source=CODED, markup=MARKUP, numbers=st.permutations(range(1, 13)))
def test_codes_are_put_back_by_the_ids_that_a_tool_gave_them(source: str, markup: Markup, numbers: list[int]) -> None:
    assume(markup == "tags" or "<" not in source)
    text, codes = numbered(source, markup)
    theirs = re.sub("[0-9]+(?=/?>)", lambda found: str(10 + numbers[int(found[0]) - 1]), text)
    again, names = renumbered(theirs)
    assert (again, with_codes(theirs, codes, names)) == (text, source)


STATES = {
    State.INITIAL: Unit("a"),
    State.DRAFT: Unit("a").drafted("b", ProvenanceLine("mt", (("engine", "x"), ("hash", text_hash("b"))))),
    State.OUTDATED: Unit("a", "b", flags=("fuzzy",), previous_source="A"),
    State.ACCEPTED: Unit("a", "b"),
    State.REVIEWED: approve(Unit("a", "b"), "Dolma", "2026-11-26"),
    State.REMEMBERED: Unit(
        "a", "b", provenance=(ProvenanceLine("tm", (("match", SAME_CONTEXT), ("hash", text_hash("b")))),)
    ),
}
SPELLED = {
    State.INITIAL: ('<target state="needs-translation">', 'state="initial">'),
    State.DRAFT: (
        '"needs-review-translation" state-qualifier="leveraged-mt"',
        'state="initial" subState="lokta:draft"',
    ),
    State.OUTDATED: ('<target state="needs-review-translation">', 'state="initial" subState="lokta:outdated"'),
    State.ACCEPTED: ('state="signed-off">', 'state="reviewed">'),
    State.REVIEWED: ('state="final">', 'state="final">'),
    State.REMEMBERED: ('state="signed-off" state-qualifier="exact-match"', 'state="reviewed" subState="lokta:memory"'),
}


@pytest.mark.parametrize("state", State)
def test_each_state_in_the_words_of_the_format(state: State) -> None:
    sent = document(Catalog("en", "bo", (STATES[state],)))
    assert sent.passages[0].unit.state is state
    for form, words in zip(("xliff", "xliff2", "tmx"), (*SPELLED[state], ""), strict=True):
        text = FORMATS[form].dump([sent])
        assert words in text
        for back in load(text.encode(), "x"):
            assert [one.unit.state for one in back.passages] == [state]


def unlined(document: Document) -> Document:
    """The document without what a file says beyond the entry: its lines, and a state that the entry's has to agree with."""
    for one in document.passages:
        assert (one.said == "approved") == one.unit.state.approved
        assert one.said != "waits" or one.unit.target
    return replace(document, passages=tuple(replace(one, line=0, said="") for one in document.passages))
