"""PO files: untouched bytes stay, a change touches its own lines only, what goes in comes out."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.catalogs import CATALOG, UNIT, in_order, po_text, touched
from toolkit.catalog import line_of, read_catalog, spelled
from toolkit.catalog.po import dump, load
from toolkit.errors import CatalogError, DataError
from toolkit.units import Catalog, Location, ProvenanceLine, Unit

CASES = Path(__file__).parent


@given(po_text())
def test_an_untouched_file_is_written_byte_for_byte(text: str) -> None:
    assert dump(load(text)) == text


@given(CATALOG)
def test_what_goes_in_comes_out(catalog: Catalog) -> None:
    text = dump(catalog)
    again = load(text)
    assert again == catalog
    assert dump(again) == text
    assert dump(replace(again, raw="")) == text, "a unit brings its own entry along"


@given(po_text(), st.data())
def test_a_touched_entry_says_what_it_should_and_the_others_keep_their_bytes(text: str, data: st.DataObject) -> None:
    catalog = load(text)
    if not catalog.units:
        return
    place = data.draw(st.integers(0, len(catalog.units) - 1))
    unit = touched(data.draw, catalog.units[place])
    units = (*catalog.units[:place], unit, *catalog.units[place + 1 :])
    written = dump(replace(catalog, units=units))
    again = load(written)
    by_key = {(u.context, u.source): u for u in again.units}
    assert by_key.keys() == {(u.context, u.source) for u in units}
    for old in units:
        found = by_key[old.context, old.source]
        assert replace(found, flags=()) == replace(old, flags=()) and set(found.flags) == set(old.flags)
        assert old is unit or found.raw.strip() == old.raw.strip()


@given(po_text(), st.lists(UNIT, max_size=3), st.randoms())
def test_units_come_go_and_move(text: str, more: list[Unit], dice: object) -> None:
    catalog = load(text)
    units = list(in_order([*catalog.units, *more]))
    dice.shuffle(units)  # type: ignore[attr-defined]
    units = [unit for number, unit in enumerate(units) if number % 4 != 3]
    again = load(dump(replace(catalog, units=tuple(units))))
    expected = sorted(units, key=lambda unit: unit.obsolete)
    assert list(again.units) == expected or [u.raw for u in units] == [u.raw for u in catalog.units]
    assert dump(again) == again.raw


FULL = (CASES / "strange.po").read_text(encoding="utf-8")


def test_strange_but_true_files_are_read() -> None:
    catalog = load(FULL)
    first, plural, gone = catalog.units
    assert first.locations == (Location("my file.txt", 3), Location("b.txt", 10), Location("c.txt", 0))
    assert first.flags == ("fuzzy", "md-text", "sticky")
    assert first.comments == ("a stranger's", "odd sign", "", "lokta: is also a paper")
    assert first.provenance == (
        ProvenanceLine("mt", (("engine", "argos"), ("model", "a b"))),
        ProvenanceLine("future", (("key", "1"),)),
    )
    assert (
        first.previous_source == "old words\n" and first.source == 'A "quoted" tab\tand é' and first.target == "ཀ་\nཁ་"
    )
    assert (plural.source, plural.target, plural.context) == ("one page", "ཤོག་གཅིག", "menu")
    assert gone.obsolete and gone.previous_source == "older"
    assert dump(catalog) == FULL


def _changed(**fields: object) -> list[str]:
    catalog = load(FULL)
    unit = replace(catalog.units[0], **fields)  # type: ignore[arg-type]
    return _difference(dump(replace(catalog, units=(unit, *catalog.units[1:]))))


def _difference(text: str) -> list[str]:
    lines = list(difflib.unified_diff(FULL.split("\n"), text.split("\n"), n=0, lineterm=""))
    return [line for line in lines[2:] if not line.startswith("@@")]


def test_only_the_lines_of_a_changed_field_change() -> None:
    unit = load(FULL).units[0]
    assert _changed(target="ག") == ['-msgstr ""', '-"ཀ་\\n"', '-"ཁ་"', '+msgstr "ག"']
    assert _changed(flags=("md-text", "sticky")) == ["-#, fuzzy, md-text", "+#, md-text"]
    assert _changed(flags=("fuzzy", "md-text")) == ["-#= sticky"]
    assert _changed(provenance=(unit.provenance[1],)) == ['-# lokta: mt engine=argos model="a b"']
    assert _changed(provenance=(*unit.provenance, ProvenanceLine("x"))) == ["+# lokta: x"]
    assert _changed(previous_source="") == ['-#| msgid "old "', '-#| "words\\n"']
    assert _changed(comments=unit.comments[:3]) == ["-# lokta: is also a paper"]
    assert _changed(locations=(Location("a b", 1),)) == [
        "-#: \u2068my file.txt\u2069:3 b.txt:10",
        "-#: c.txt",
        "+#: \u2068a b\u2069:1",
    ]


def test_a_file_keeps_its_line_ends_and_its_missing_last_one() -> None:
    text = 'msgid "a"\r\nmsgstr "b"\r\n\r\nmsgid "c"\r\nmsgstr "d"'
    catalog = load(text)
    new = Unit("e", "f\ng")
    assert (
        dump(replace(catalog, units=(*catalog.units, new)))
        == text + '\r\n\r\nmsgid "e"\r\nmsgstr ""\r\n"f\\n"\r\n"g"\r\n'
    )
    assert dump(replace(catalog, units=(catalog.units[0], replace(catalog.units[1], target="x")))) == text[:-2] + 'x"'


def test_plural_entries_are_kept_as_they_are() -> None:
    catalog = load(FULL)
    gone = replace(catalog.units[1], obsolete=True)
    again = load(dump(replace(catalog, units=(catalog.units[0], gone, catalog.units[2]))))
    assert '#~ msgid_plural "%d pages"\n#~ msgstr[0] "ཤོག་གཅིག"\n#~ msgstr[1] "ཤོག་%d"\n' in again.raw
    back = replace(again.units[1], obsolete=False)
    assert load(dump(replace(again, units=(again.units[0], back, again.units[2])))).units == catalog.units


def test_a_changed_header_field_changes_its_own_line() -> None:
    catalog = load(FULL)
    text = dump(replace(catalog, metadata={**catalog.metadata, "Language": "zh_Hans", "X-New": "1"}))
    assert _difference(text) == ['-"Language: bo\\n"', '+"Language: zh_Hans\\n"', '+"X-New: 1\\n"']
    assert load(text).metadata["X-Folded"] == "one two"


def test_a_diagnostic_finds_its_line() -> None:
    catalog = load(FULL)
    lines = FULL.split("\n")
    assert [lines[line_of(catalog, unit) - 1] for unit in catalog.units] == [
        'msgid ""',
        'msgid "one page"',
        '#~ msgid "gone"',
    ]
    new = Unit("new")
    changed = replace(catalog, units=(*catalog.units[:2], new, catalog.units[2]))
    assert dump(changed).split("\n")[line_of(changed, new) - 1] == 'msgid "new"'
    assert line_of(catalog, Unit("nowhere")) == 0


@pytest.mark.parametrize("case", (CASES / "broken.txt").read_text(encoding="utf-8").split("\n=====\n"))
def test_what_is_no_po_is_refused_with_its_line(case: str) -> None:
    expected, _, text = case.partition("\n")
    with pytest.raises(CatalogError) as error:
        load(text, "x.po")
    assert str(error.value).startswith(f"x.po:{expected}")
    assert "\n" not in str(error.value)


@settings(max_examples=400)
@given(po_text(), st.data())
def test_reading_fails_in_one_line_or_not_at_all(text: str, data: st.DataObject) -> None:
    """Fuzzing: valid files cut, doubled and spoiled; nothing but CatalogError comes out, and what is read is kept."""
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 12)))
        junk = st.sampled_from(
            ['"', "\\", "\n", "#", "#~ ", "#| ", "msgid ", 'msgstr "x"', "msgstr[2] ", "\0", "\\x", "é", "\r"]
        )
        text = text[:start] + data.draw(st.one_of(junk, st.text(max_size=3), st.just(text[start:end] * 2))) + text[end:]
    try:
        catalog = load(text, "x.po")
    except CatalogError as error:
        assert "\n" not in str(error) and "x.po" in str(error)
    else:
        assert dump(catalog) == text


@given(st.text(), st.binary())
def test_anything_at_all_is_read_or_refused(text: str, data: bytes) -> None:
    for junk in (text, data.decode("latin-1"), f'msgid "{text}"\nmsgstr ""\n'):
        try:
            load(junk)
        except CatalogError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("bad", ['a\nmsgid "evil"', "a\rb", "a\x1bb", "a\u2069b", "a\u2068b", ""])
def test_a_path_or_flag_cannot_smuggle_an_entry_in(bad: str) -> None:
    catalog = Catalog("en", "bo", (Unit("a", locations=(Location(bad, 1),)),))
    with pytest.raises(CatalogError):
        dump(catalog)
    if "\u2068" not in bad and "\u2069" not in bad:
        with pytest.raises(CatalogError):
            dump(Catalog("en", "bo", (Unit("a", flags=(bad,)),)))
    with pytest.raises(CatalogError):
        dump(Catalog("en", "bo", (), {"X-Name": "a\nb", bad: "x"}))


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=20))
def test_a_comment_or_note_cannot_smuggle_an_entry_in(text: str) -> None:
    unit = Unit("a", "b", notes=(text,), comments=(text + '\nmsgid "evil"\nmsgstr ""',))
    (again,) = load(dump(Catalog("en", "bo", (unit,)))).units
    assert (again.source, again.target) == ("a", "b")


@pytest.mark.parametrize(
    "units", [(Unit("a"), Unit("a", obsolete=True)), (Unit(""),), (Unit("a\0b"),), (Unit("\ud800"),)]
)
def test_what_no_tool_could_read_is_not_written(units: tuple[Unit, ...]) -> None:
    with pytest.raises(CatalogError):
        dump(Catalog("en", "bo", units))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'msgid ""\nmsgstr "Content-Type: text/plain; charset=GBK\\n"\n\nmsgid "a"\nmsgstr "\xb2\xe2"\n', "msgconv"),
        (b"\xff\xfem\0s\0", "UTF-16"),
        (b'\xef\xbb\xbfmsgid "a"\nmsgstr ""\n', "byte order mark"),
        (b'msgid "a"\nmsgstr "\xb2"\n', "not UTF-8"),
        (b'msgid "a\0"\nmsgstr ""\n', "NUL"),
        (b"\x7fELF\x01\x01", "is not PO"),
    ],
)
def test_a_file_in_another_charset_is_refused(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message) as error:
        read_catalog(path)
    assert "a.po" in str(error.value) and "\n" not in str(error.value)


def test_what_cannot_stand_in_a_catalog_is_named_with_its_file() -> None:
    catalog = load(FULL)
    assert spelled(catalog, Path("a.po")) == FULL
    with pytest.raises(CatalogError, match=r"a\.po"):
        spelled(replace(catalog, units=(Unit(""),)), Path("a.po"))
