"""TMX: what is written comes back, what others write is understood, and hostile files are one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog.exchange.tmx import MARKUP, TranslationUnit, Variant, day, markup, read, with_codes, write
from toolkit.codes import find, paired
from toolkit.errors import CatalogError
from toolkit.units import Code, Markup

OTHERS = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
<header creationtool="X" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en" srclang="en-US" datatype="html"/>
<body>
<tu tuid="7" creationid="tashi" creationdate="20260102T030405Z"><note>a note</note><prop type="domain">news</prop>
<tuv xml:lang="en-US"><seg>Read <bpt i="1">&lt;b&gt;</bpt>this<ept i="1">&lt;/b&gt;</ept>.<ph>&lt;br/&gt;</ph></seg></tuv>
<tuv lang="bo" changeid="dolma"><seg>\xe0\xbd\x80\xe0\xbc\x8d</seg></tuv></tu>
</body></tmx>"""

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1)


def test_a_memory_of_another_tool_is_read() -> None:
    (unit,) = read([OTHERS], "x.tmx")
    assert unit.source_language == "en-US"
    assert unit.id == "7" and unit.notes == ("a note",) and unit.properties == {"domain": "news"}
    english, tibetan = unit.variants
    found = (Code("sc", "<b>", 5, 8), Code("ec", "</b>", 12, 16), Code("ph", "<br/>", 17, 22))
    assert english == Variant("en-US", "Read <b>this</b>.<br/>", "tashi", "20260102T030405Z", found)
    assert markup(unit) == "markdown", "it has such HTML"
    assert (tibetan.language, tibetan.author, day(tibetan.date)) == ("bo", "dolma", "2026-01-02")


@given(st.lists(st.tuples(TEXT, TEXT, st.text("aé <&>\"'", max_size=5)), max_size=4), st.integers(1, 50))
def test_what_is_written_comes_back_in_any_pieces(pairs: list[tuple[str, str, str]], size: int) -> None:
    units = [
        TranslationUnit(
            (with_codes("en", source, "markdown", by), with_codes("bo", target, "markdown")),
            by,
            {"x": target},
            (source,),
        )
        for source, target, by in pairs
    ]
    text = "".join(write(units, "en")).encode()
    back = list(read([text[at : at + size] for at in range(0, len(text), size)], "x.tmx"))
    assert [(one.id, one.properties, one.notes) for one in back] == [(o.id, o.properties, o.notes) for o in units]
    assert [[(v.language, v.text, v.author) for v in one.variants] for one in back] == [
        [(v.language, v.text, v.author) for v in one.variants] for one in units
    ]


def test_codes_are_elements() -> None:
    one = TranslationUnit((with_codes("en", "a **b** `c`", "markdown"),))
    assert '<seg>a <bpt i="1">**</bpt>b<ept i="1">**</ept> <ph>`c`</ph></seg>' in "".join(write([one], "en"))


WORDS = st.sampled_from(
    ["The river", "rose.", "河水", "<3>", "**", "a < b", "https://example.org/a", "`x`", "{name}", "&lt;"]
)
CODED = st.lists(
    st.tuples(st.sampled_from(["", "<1>{}</1>", "<2>{}<3/></2>", "**{}**", "[{}](/u)"]), WORDS), max_size=5
)
"""Words in the codes of either markup, some of them not closed."""


@given(CODED, CODED, st.sampled_from(["plain", "tags", "markdown"]), st.booleans())
def test_inline_codes_come_back_in_their_markup(
    source: list[tuple[str, str]], target: list[tuple[str, str]], written: Markup, said: bool
) -> None:
    texts = [" ".join((form or "{}").replace("{}", word) for form, word in side) + "." for side in (source, target)]
    variants = tuple(with_codes(tag, text, written) for tag, text in zip(("en", "bo"), texts, strict=True))
    (back,) = read(
        ["".join(write([TranslationUnit(variants, properties={MARKUP: written} if said else {})], "en")).encode()], "x"
    )
    assert [one.text for one in back.variants] == texts
    spans = [[(code.start, code.end) for code in one.codes] for one in variants]
    assert [[(code.start, code.end) for code in one.codes] for one in back.variants] == spans
    again = [[(c.start, c.end) for c in find(text, markup(back))] for text in texts]
    assert again == spans, "what does not say its markup has one in which it is written the same"
    if said:
        assert markup(back) == written
        assert [[code.kind for code in one.codes] for one in back.variants] == [
            [
                code.kind if place in {n for pair in paired(one.codes) for n in pair} else "ph"
                for place, code in enumerate(one.codes)
            ]
            for one in variants
        ]


def test_codes_of_html_are_elements() -> None:
    one = TranslationUnit((with_codes("en", "a <1>b</1><2/>", "tags"),))
    said = '<seg>a <bpt i="1">&lt;1&gt;</bpt>b<ept i="1">&lt;/1&gt;</ept><ph>&lt;2/&gt;</ph></seg>'
    assert said in "".join(write([one], "en"))


def test_text_in_codes_of_another_tool_is_no_code_of_its_own() -> None:
    said = b'<seg><ph x="1">[<sub>Read <bpt i="1">*</bpt>me<ept i="1">*</ept></sub>]</ph> <hi>it</hi><ph/></seg>'
    (unit,) = read([b'<tmx><body><tu><tuv xml:lang="en">' + said + b"</tuv></tu></body></tmx>"], "x")
    (only,) = unit.variants
    assert (only.text, only.codes) == ("[Read *me*] it", (Code("ph", "[Read *me*]", 0, 11),))


def test_utf_16_is_read() -> None:
    text = OTHERS.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert len(list(read([text[:99], text[99:]], "x.tmx"))) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.tmx:1: is no XML"),
        (b"<html/>", "x.tmx:1: is no TMX"),
        (b"<tmx><body><tu>", "x.tmx:1: is no XML"),
        (b'<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>', "declares entities"),
        (b'<?xml version="1.0" encoding="klingon"?><tmx/>', "x.tmx"),
        (b"<tmx>" + b"<tu>" * 100, "too deep"),
    ],
)
def test_what_is_no_tmx_is_one_line(data: bytes, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        list(read([data], "x.tmx"))


def test_a_segment_without_end_is_passed_over() -> None:
    data = OTHERS.replace(b"this", b"x" * 200_000)
    (unit,) = read([data], "x.tmx")
    assert [one.language for one in unit.variants] == ["bo"]
