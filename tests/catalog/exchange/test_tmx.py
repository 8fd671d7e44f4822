"""TMX: what is written comes back, what others write is understood, and hostile files are one line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog.exchange.tmx import TranslationUnit, Variant, day, read, with_codes, write
from toolkit.errors import CatalogError

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
    assert english == Variant("en-US", "Read <b>this</b>.<br/>", "tashi", "20260102T030405Z")
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
