"""The memory offers what a person approved, and nothing else; it is a cache that may be lost, broken or shared."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from toolkit.catalog.exchange.tmx import TranslationUnit, Variant
from toolkit.memory import Memory, MemoryStore
from toolkit.memory.entries import Entry, of_catalog, of_tmx
from toolkit.memory.store import Listed
from toolkit.units import (
    SAME_CONTEXT,
    Catalog,
    LanguagePair,
    Match,
    ProvenanceLine,
    Request,
    State,
    Unit,
    review_hash,
    text_hash,
)

PAIR = LanguagePair("en", "bo")


def signed(unit: Unit, date: str) -> Unit:
    return unit.with_lines(ProvenanceLine("reviewed", (("by", "Pema"), ("date", date), ("hash", review_hash(unit)))))


def catalog(*units: Unit, article: str = "a", target: str = "bo") -> Catalog:
    return Catalog("en", target, units, {"X-Lokta-Article": article})


def store(*catalogs: Catalog, path: Path | None = None) -> MemoryStore:
    made = MemoryStore(path)
    made.update([Listed(f"{n}.po", "1", lambda one=one: of_catalog(one)) for n, one in enumerate(catalogs)])  # type: ignore[misc]
    return made


def of(pairs: Sequence[tuple[str, str]], path: Path | None = None) -> MemoryStore:
    made = MemoryStore(path)
    made.update([Listed("x", "1", lambda: [Entry(source, target, PAIR, origin="x") for source, target in pairs])])
    return made


def best(memory: MemoryStore, text: str, target: str = "bo") -> str | None:
    return next((one.target for one in memory.exact(text, LanguagePair("en", target))), None)


def test_approved_units_are_offered_and_drafts_are_not() -> None:
    drafted = Unit("Two", "གཉིས།").flagged("fuzzy")
    memory = store(catalog(Unit("One", "གཅིག"), drafted, Unit("Three")))
    assert [best(memory, text) for text in ("One", "Two", "Three")] == ["གཅིག", None, None]
    assert best(memory, "One", "zh-Hans") is None
    (answer,) = Memory(memory.exact).translate([Request("One")], PAIR)
    assert answer == Match("གཅིག", "tm", "a", 100.0)


def test_what_came_from_the_memory_confirms_nothing() -> None:
    line = ProvenanceLine("tm", (("match", SAME_CONTEXT), ("origin", "b"), ("hash", text_hash("གཅིག"))))
    remembered = Unit("One", "གཅིག", provenance=(line,))
    assert remembered.state is State.REMEMBERED and remembered.state.approved and not remembered.machine
    assert best(store(catalog(remembered)), "One") is None
    assert replace(remembered, target="གཅིག་པོ").state is State.ACCEPTED


def test_composed_and_decomposed_sources_are_one() -> None:
    memory = store(catalog(Unit("Café", "ཇ་ཁང་།")))
    assert best(memory, unicodedata.normalize("NFD", "Café")) == "ཇ་ཁང་།"


def test_the_signed_the_living_and_the_later_win() -> None:
    accepted = Unit("One", "accepted")
    early, late = signed(Unit("One", "early"), "2026-01-02"), signed(Unit("One", "late"), "2026-03-01")
    gone = replace(signed(Unit("One", "gone"), "2026-09-09"), obsolete=True)
    for order in ([accepted, early, late, gone], [gone, late, early, accepted]):
        assert best(store(*(catalog(unit) for unit in order)), "One") == "late"
    assert best(store(catalog(gone)), "One") == "gone"


def test_a_changed_catalog_is_read_again_and_one_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    path, read = tmp_path / "m" / "memory.sqlite3", []

    def listed(name: str, stamp: str, target: str) -> Listed:
        def entries() -> list[Entry]:
            read.append(name)
            return [Entry(f"The {name} river rose.", target, PAIR, origin=name)]

        return Listed(name, stamp, entries)

    first = MemoryStore(path)
    assert first.update([listed("a", "1", "x"), listed("b", "1", "y")]) == 2
    first.close()
    memory = MemoryStore(path)
    assert memory.update([listed("a", "1", "x"), listed("b", "2", "z")]) == 1 and read == ["a", "b", "b"]
    assert best(memory, "The a river rose.") == "x" and best(memory, "The b river rose.") == "z"
    assert memory.update([listed("b", "2", "z")]) == 0 and best(memory, "The a river rose.") is None
    assert [one.source for one in memory.near("The a river rose.", PAIR)] == ["The b river rose."]
    assert [(one.name, one.pairs) for one in memory.stats()] == [("b", 1)]


def test_near_matches_say_how_near_and_other_numbers_cost() -> None:
    memory = of(
        [
            ("The river rose 3 metres on Sunday night.", "གཙང་པོ།"),
            ("The school opened.", "སློབ་གྲྭ།"),
            ("河水上涨三米。", "ཆུ།"),
        ]
    )
    (same,) = memory.near("The river rose 3 metres on Monday night.", PAIR)
    assert 90 < same.score < 96 and same.target == "གཙང་པོ།"
    (other,) = memory.near("The river rose 4 metres on Sunday night.", PAIR)
    assert other.score == pytest.approx(100 * (1 - 1 / 40) - 5)
    assert memory.near("Nothing like it at all", PAIR) == []
    assert [one.target for one in memory.near("河水上涨四米。", PAIR)] == ["ཆུ།"], "any script, without blanks"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("abcde བོད་水上 .\"'", min_size=1, max_size=30), min_size=1, max_size=30, unique=True), st.data()
)
def test_no_near_match_is_missed(texts: list[str], data: st.DataObject) -> None:
    memory = of([(text, text) for text in texts])
    asked = data.draw(st.sampled_from(texts))
    at = data.draw(st.integers(0, len(asked)))
    asked = unicodedata.normalize("NFC", asked[:at] + data.draw(st.sampled_from("aབ水")) + asked[at:])
    known = {unicodedata.normalize("NFC", text) for text in texts}
    wanted = {text for text in known if Levenshtein.normalized_similarity(asked, text) >= 0.85 and len(asked) > 8}
    assert wanted <= {one.source for one in memory.near(asked, PAIR, limit=50)}


def test_a_broken_file_is_made_again_and_an_unwritable_folder_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    path.write_bytes(b"no database " * 1000)
    assert best(of([("One", "གཅིག")], path), "One") == "གཅིག"
    (tmp_path / "file").write_text("")
    memory = of([("One", "གཅིག")], tmp_path / "file" / "memory.sqlite3")
    assert not memory.persistent and best(memory, "One") == "གཅིག"


def test_a_file_that_another_process_is_filling_is_left_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.memory.store._SECONDS", 0.1)
    path = tmp_path / "memory.sqlite3"
    of([("One", "གཅིག")], path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    memory = MemoryStore(path)
    assert memory.update([Listed("y", "1", lambda: [Entry("Two", "གཉིས", PAIR)])]) == 1
    assert not memory.persistent and best(memory, "Two") == "གཉིས"
    other.execute("ROLLBACK")
    assert best(MemoryStore(path), "One") == "གཅིག"


def _grow(path: str, name: str) -> None:
    for number in range(10):
        memory = MemoryStore(Path(path))
        entries = [Entry(f"Text {n}", name, PAIR) for n in range(20)]
        memory.update([Listed("all", f"{name} {number}", lambda entries=entries: entries)])  # type: ignore[misc]
        memory.close()


def test_processes_share_it(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    workers = [get_context("spawn").Process(target=_grow, args=(str(path), name)) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert best(MemoryStore(path), "Text 7") in ("one", "two")
    assert sum(one.pairs for one in MemoryStore(path).stats()) == 20


def test_languages_of_imported_memories_are_known_by_their_aliases() -> None:
    unit = TranslationUnit(
        (Variant("en-US", "River"), Variant("zh-CN", "河"), Variant("xx-none", "?"), Variant("zh-TW", "河流"))
    )
    assert [(one.pair, one.target) for one in of_tmx([unit], "x.tmx")] == [
        (("en", "zh-Hans"), "河"),
        (("en", "zh-Hant"), "河流"),
    ]
