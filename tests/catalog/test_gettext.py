"""GNU gettext, Python's gettext and polib take every catalog and .mo we write, and gettext's tools keep our lines."""

from __future__ import annotations

import gettext
import io
import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.catalogs import CATALOG, COMMENT, LOCATION, PROVENANCE
from tests.support.gettext import tool
from toolkit.catalog import merge, touch
from toolkit.catalog.po import dump, dump_mo, load
from toolkit.units import Catalog, Location, ProvenanceLine, Unit

STRANGE = (Path(__file__).parent / "strange.po").read_text(encoding="utf-8")


def meaning(catalog: Catalog) -> list[Unit]:
    """What gettext's tools keep of a catalog: neither unknown flags nor obsolete entries that say nothing."""
    kept = (unit for unit in catalog.units if unit.target or not unit.obsolete)
    return [replace(unit, flags=("fuzzy",) * unit.fuzzy) for unit in kept]


# msgfmt wants the first and last line feed of msgid and msgstr to agree, so both begin and end with a letter
_PLAIN = st.text(st.sampled_from('ab "\\\t\n%é་ཀ新，\u00a0\u200b'), min_size=1, max_size=20).map(lambda t: f"x{t}x")
_UNITS = st.lists(
    st.builds(
        Unit,
        source=_PLAIN,
        target=st.one_of(st.just(""), _PLAIN),
        context=st.one_of(st.just(""), _PLAIN),
        locations=st.lists(LOCATION, max_size=2, unique=True).map(tuple),
        comments=st.lists(COMMENT, max_size=2).map(tuple),
        flags=st.sampled_from([(), ("fuzzy",), ("md-text",)]),
        previous_source=st.one_of(st.just(""), _PLAIN),
        provenance=st.lists(PROVENANCE, max_size=2).map(tuple),
        obsolete=st.sampled_from([False, False, True]),
    ),
    max_size=6,
)


def _valid(units: list[Unit]) -> tuple[Unit, ...]:
    once = {(unit.context, unit.source): unit for unit in units}
    ordered = sorted(once.values(), key=lambda unit: unit.obsolete)
    # gettext knows fuzzy only beside a translation, and #| only beside fuzzy
    translated = [unit if unit.target else replace(unit, flags=()) for unit in ordered]
    return tuple(replace(unit, previous_source=unit.previous_source if unit.fuzzy else "") for unit in translated)


VALID = st.builds(lambda catalog, units: replace(catalog, units=_valid(units)), CATALOG, _UNITS)


@pytest.mark.gettext
@settings(max_examples=30)
@given(VALID)
def test_msgfmt_and_msgcat_take_what_we_write(catalog: Catalog) -> None:
    text = dump(touch(catalog, datetime(2026, 1, 2, tzinfo=UTC)))
    tool(["msgfmt", "-c", "-o", "/dev/null"], text)
    for layout in ([], ["--no-wrap"]):
        assert meaning(load(tool(["msgcat", *layout], text).decode())) == meaning(catalog)


@pytest.mark.gettext
@settings(max_examples=30)
@given(VALID)
def test_strings_are_laid_out_as_msgcat_lays_them_out(catalog: Catalog) -> None:
    bare = tuple(Unit(unit.source, unit.target, unit.context) for unit in catalog.units)
    text = dump(replace(catalog, units=bare))
    assert tool(["msgcat", "--no-wrap", "--force-po"], text).decode() == text


@given(VALID)
def test_polib_reads_what_we_write(catalog: Catalog) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.po")  # from a text it would split lines at U+2028
        path.write_text(dump(catalog), encoding="utf-8", newline="")
        read = polib.pofile(str(path))
    found = {
        (entry.msgctxt or "", entry.msgid): (entry.msgstr, "fuzzy" in entry.flags, entry.obsolete) for entry in read
    }
    assert found == {(unit.context, unit.source): (unit.target, unit.fuzzy, unit.obsolete) for unit in catalog.units}
    assert read.metadata == dict(catalog.metadata)


@pytest.mark.parametrize("drafts", [False, True])
@given(catalog=VALID)
def test_python_reads_the_mo(catalog: Catalog, drafts: bool) -> None:
    data = dump_mo(catalog, drafts)
    assert data == dump_mo(load(dump(catalog)), drafts)
    read = gettext.GNUTranslations(io.BytesIO(data))
    assert read.charset() == "UTF-8" and read.info()["language"] == "bo"
    for unit in catalog.units:
        there = bool(unit.target) and not unit.obsolete and (drafts or not unit.fuzzy)
        expected = unit.target if there else unit.source
        assert (read.pgettext(unit.context, unit.source) if unit.context else read.gettext(unit.source)) == expected


@pytest.mark.gettext
@settings(max_examples=25)
@given(VALID)
def test_msgunfmt_gives_the_mo_back_as_msgfmt_would_have_made_it(catalog: Catalog) -> None:
    ours = load(tool(["msgunfmt", "--force-po"], dump_mo(catalog, False)).decode())
    kept = {(unit.context, unit.source): unit.target for unit in catalog.live if unit.target and not unit.fuzzy}
    assert {(unit.context, unit.source): unit.target for unit in ours.units} == kept
    assert dict(ours.metadata) == dict(catalog.metadata)


@pytest.mark.gettext
def test_a_mo_holds_plurals_as_msgfmt_writes_them() -> None:
    theirs = tool(["msgfmt", "-o", "-", "--no-hash"], STRANGE)
    ours = dump_mo(load(STRANGE), False)
    for data in (theirs, ours):
        read = gettext.GNUTranslations(io.BytesIO(data))
        assert read.npgettext("menu", "one page", "%d pages", 1) == "ཤོག་གཅིག"


@pytest.mark.gettext
def test_the_header_of_a_new_catalog_satisfies_msgfmt_without_a_word() -> None:
    template = Catalog("en", "", (Unit("a", locations=(Location("a b.txt", 1),)),), {"X-Lokta-Article": "news/a"})
    for tag in ("bo", "zh-Hans", "zh-Hant", "fr", "ar"):
        catalog = touch(merge(None, template, tag), datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
        with tempfile.NamedTemporaryFile(suffix=".po") as file:
            file.write(dump(catalog).encode())
            file.flush()
            done = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", file.name], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.gettext
def test_gettext_keeps_our_lines() -> None:
    lines = (
        ProvenanceLine("mt", (("engine", "argos"), ("model", 'a "b" \\ c'), ("hash", "0123456789ab"))),
        ProvenanceLine("reviewed", (("by", "བཀྲ་ཤིས་ Drolma"), ("date", "2026-01-02"), ("hash", "0123456789ab"))),
        ProvenanceLine("ignore", (("check", "numbers"),)),
        ProvenanceLine("ignore", (("check", "script"),)),
        ProvenanceLine("future", (("key", "line\none\ttab\u2028"),)),
    )
    template = Catalog("en", "", (Unit("A paragraph about paper."), Unit("Gone tomorrow.")), {"X-Lokta-Article": "a"})
    old = merge(None, template, "bo")
    old = replace(old, units=tuple(replace(unit, target="ཤོག་བུ།", provenance=lines) for unit in old.units))
    changed = replace(template, units=(Unit("A paragraph about good paper."),))
    pot = dump(changed)
    for output in (
        tool(["msgcat"], dump(old)),
        tool(["msgattrib", "--no-fuzzy"], dump(old)),
        tool(["msgmerge", "-q", "--previous"], dump(old), pot),
        tool(["msgmerge", "-q", "--previous"], tool(["msgmerge", "-q"], dump(old), pot), pot),
    ):
        catalog = load(output.decode())
        assert [unit.provenance for unit in catalog.units] == [lines, lines]


@pytest.mark.gettext
def test_a_backslash_at_the_end_of_a_comment_does_not_swallow_the_next_line() -> None:
    """gettext reads a line on where a backslash ends it, in comments too: the msgid below would be lost to it."""
    lines = ("ends in \\", "and \\ ", "\\")
    unit = Unit("a\\", "b\\", locations=(Location("c\\", 0),), notes=lines, comments=lines)
    text = dump(Catalog("en", "bo", (unit,), {"Content-Type": "text/plain; charset=UTF-8"}))
    assert load(text).units == (unit,)
    for output in (tool(["msgcat"], text), tool(["msgcat", "--no-wrap"], text)):
        assert meaning(load(output.decode())) == [unit]


def test_a_previous_msgid_that_babel_made_a_comment_of_goes_where_gettext_wants_it() -> None:
    """Seed 94 of `benchmarks.histories`: it stood above `#.` and `#:`, where `#|` is a syntax error."""
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: bo\\n"\n\n'
    entry = '# | msgid "The river."\n#. type: paragraph\n#: a.txt:1\n#, fuzzy\nmsgid "The rivers."\nmsgstr "x"\n'
    held = load(head + entry, "a.po")
    unit = held.units[-1]
    assert unit.previous_source == "The river."
    written = dump(replace(held, units=(replace(unit, target="y"),)))
    assert '#, fuzzy\n#| msgid "The river."\nmsgid' in written
    tool(["msgcat"], written)
