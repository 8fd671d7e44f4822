"""The file of draft sentences beside a catalog."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from toolkit.catalog.drafted import parse, spell, still_needed
from toolkit.units import Catalog, Unit, text_hash

_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)
_DRAFTED = st.dictionaries(_TEXT.map(text_hash), st.lists(_TEXT, min_size=2, max_size=4).map(tuple), max_size=4)


@given(_DRAFTED)
def test_what_is_written_is_read_and_sorted(drafted: dict[str, tuple[str, ...]]) -> None:
    text = spell(drafted)
    assert parse(text) == drafted
    assert text.split("\n")[:-1] == sorted(text.split("\n")[:-1]) and text.count("\n") == len(text.splitlines())


@given(st.text(max_size=60))
def test_anything_is_read(text: str) -> None:
    assert all(len(key) == 12 for key in parse(text))


def test_foreign_lines_are_passed_over() -> None:
    line = '["0123456789ab", "one", "two"]'
    strange = [
        "<<<<<<< ours",
        '["0123456789ab", 7]',
        '["short", "a", "b"]',
        "[" * 10_000,
        '{"a": 1}',
        '["0123456789ac", "one"]',
    ]
    assert parse("\n".join([*strange, line])) == {"0123456789ab": ("one", "two")}


def test_what_no_paragraph_needs_is_forgotten() -> None:
    units = (Unit("now", "x", previous_source="before"), Unit("gone", "y", obsolete=True))
    held = {text_hash(source): ("a", "b") for source in ("now", "before", "gone", "of nobody")}
    assert set(still_needed(held, Catalog("en", "bo", units))) == {text_hash(s) for s in ("now", "before", "gone")}
