"""Templates, headers, names under what was approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog import approve, belongs, dump, extract, header, load, merge, sign, touch
from toolkit.errors import CatalogError
from toolkit.units import Article, Block, Catalog, Location, Markup, ProvenanceLine, Segment, State, Unit


def _block(
    source: str, line: int, type_: str = "paragraph", notes: tuple[str, ...] = (), translate: bool = True
) -> Block:
    return Block(f"p{line}", type_, source, (Segment(source),), Location("a b.md", line), translate, notes=notes)


ARTICLE = Article(
    "",
    "zh-Hans",
    "markdown",
    (
        _block("Title", 1, "heading"),
        "\n\n",
        _block("Same", 3, notes=('<1> = <a href="/x"\n  title="t">',)),
        _block("Skipped", 4, translate=False),
        _block("Same", 5, "list item", notes=("<1> = <a href='/y'>",)),
        _block("  \n", 6),
    ),
)


@pytest.mark.parametrize("markup", ["plain", "tags", "markdown"])
def test_a_template_has_each_text_once_with_all_its_places(markup: Markup) -> None:
    template = extract(ARTICLE, "news/a", markup)
    title, same = template.units
    assert (title.source, title.type, title.locations) == ("Title", "heading", (Location("a b.md", 1),))
    assert same.locations == (Location("a b.md", 3), Location("a b.md", 5))
    assert same.notes == ("type: paragraph", '<1> = <a href="/x"   title="t">', "<1> = <a href='/y'>")
    assert (template.article, template.markup, template.source_language) == ("news/a", markup, "zh-Hans")
    assert load(dump(template)) == template, "a template on disk says the same"


@given(st.lists(st.tuples(st.text(max_size=12), st.integers(0, 9)), max_size=8))
def test_every_template_says_the_same_on_disk(blocks: list[tuple[str, int]]) -> None:
    parts = tuple(_block(text, line, notes=(text,)) for text, line in blocks if "\0" not in text)
    template = extract(Article("", "en", "text", parts), "a", "plain")
    assert load(dump(template)) == template
    assert merge(None, load(dump(template)), "bo") == merge(None, template, "bo")


@pytest.mark.parametrize("name", ["a\nmsgid", "a\x1b[0m", "a\x85"])
def test_an_article_whose_name_would_break_the_header_is_refused(name: str) -> None:
    with pytest.raises(CatalogError):
        extract(ARTICLE, name, "plain")


def test_a_new_header_is_complete_and_reads_no_clock() -> None:
    fields = merge(None, extract(ARTICLE, "news/a", "markdown"), "zh_TW").metadata
    assert list(fields) == [
        "Project-Id-Version",
        "Last-Translator",
        "Language-Team",
        "Language",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "Plural-Forms",
        "X-Generator",
        "X-Source-Language",
        "X-Lokta-Article",
        "X-Lokta-Markup",
    ]
    assert fields["Language"] == "zh_Hant" and fields["Plural-Forms"] == "nplurals=1; plural=0;"


def test_a_merge_keeps_what_others_wrote_into_the_header() -> None:
    text = (
        '# By Tashi\nmsgid ""\nmsgstr ""\n"Project-Id-Version: Our site\\n"\n"Language: zh_CN\\n"\n"X-Generator: Poedit 3\\n"\n'
        '"Last-Translator: Tashi <t@example.org>\\n"\n"X-Poedit-Basepath: .\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    )
    old = load(text)
    new = merge(old, extract(ARTICLE, "news/a", "plain"), "zh-Hans")
    written = dump(new)
    assert written.startswith('# By Tashi\nmsgid ""\nmsgstr ""\n"Project-Id-Version: Our site\\n"\n')
    for line in text.split("\n")[3:8]:
        assert line in written
    assert new.article == "news/a" and new.metadata["Plural-Forms"]
    assert merge(load(written), extract(ARTICLE, "news/a", "plain"), "zh-Hans") == load(written)


def test_the_revision_date_is_in_utc_and_stands_where_gettext_puts_it() -> None:
    catalog = merge(None, extract(ARTICLE, "a", "plain"), "bo")
    when = datetime(2026, 11, 25, 1, 30, tzinfo=timezone(timedelta(hours=8)))
    fields = touch(catalog, when).metadata
    assert list(fields)[:2] == ["Project-Id-Version", "PO-Revision-Date"]
    assert fields["PO-Revision-Date"] == "2026-11-24 17:30+0000"
    again = touch(touch(catalog, when), datetime(2027, 1, 1, tzinfo=UTC)).metadata
    assert list(again) == list(fields) and again["PO-Revision-Date"] == "2027-01-01 00:00+0000"


@given(
    st.dictionaries(st.from_regex(r"\A[A-Z][A-Za-z-]{0,6}\Z"), st.from_regex(r"\A[!-~]{0,5}\Z"), max_size=5),
    st.dictionaries(st.from_regex(r"\A[A-Z][A-Za-z-]{0,6}\Z"), st.from_regex(r"\A[!-~]{0,5}\Z"), max_size=5),
)
def test_changed_header_fields_are_read_back(old: dict[str, str], new: dict[str, str]) -> None:
    text = header.change("no field\n" + header.change("", old), new)
    assert header.parse(text) == new
    assert "no field\n" in text


def test_a_catalog_in_another_language_is_refused() -> None:
    template = extract(ARTICLE, "a", "plain")
    chinese = merge(None, template, "zh-Hans")
    with pytest.raises(CatalogError, match=r"zh-Hans.*not in bo"):
        merge(chinese, template, "bo")
    with pytest.raises(CatalogError, match="zh-Hant"):
        merge(chinese, template, "zh-Hant")
    assert merge(replace(chinese, target_language="zh_CN"), template, "zh-Hans").target_language == "zh-Hans"


def test_a_renamed_article_is_known_again_and_another_is_not() -> None:
    def made(name: str, *sources: str) -> Catalog:
        return Catalog("en", "bo", tuple(Unit(source, "x") for source in sources), {"X-Lokta-Article": name})

    template = made("new", "One", "Two “three”", "Four", "Five")
    assert belongs(made("new", "Nothing", "in common"), template)
    assert belongs(made("old", "One", 'Two "three"', "Six", "Seven"), template)
    assert not belongs(made("old", "One", "Six", "Seven"), template)
    assert not belongs(made("old"), template)
    assert belongs(made(""), template)
    assert not belongs(made("", "Other"), template)
    assert not belongs(made("old", "One"), made("new"))


def test_a_signature_is_bound_to_both_texts() -> None:
    unit = Unit(
        "He said “hi”",
        "ཁོས་",
        flags=("fuzzy", "md-text"),
        previous_source="He",
        provenance=(ProvenanceLine("needs-work"), ProvenanceLine("mt")),
    )
    signed = approve(unit, "Tashi\nDrolma", date(2026, 11, 25))
    assert signed.state is State.REVIEWED and signed.flags == ("md-text",) and signed.previous_source == ""
    assert [line.kind for line in signed.provenance] == ["mt", "reviewed"]
    assert signed.line("reviewed").get("date") == "2026-11-25"  # type: ignore[union-attr]
    assert replace(signed, source='He  said "hi"').state is State.REVIEWED
    assert replace(signed, source="He said hi").state is State.ACCEPTED
    assert replace(signed, target="x").state is State.ACCEPTED
    again = sign(replace(signed, target="x"), "Dolma", "2026-12-01")
    assert again.state is State.REVIEWED and len(again.provenance) == 2
    (read,) = load(dump(Catalog("en", "bo", (again,)))).units
    assert read == again
    with pytest.raises(CatalogError):
        approve(Unit("a"), "Tashi", "2026-11-25")
