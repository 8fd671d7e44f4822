"""The memory offers what a person approved, and nothing else; it is a cache that may be lost, broken or shared."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from toolkit.alignment.groups import Group
from toolkit.catalog.exchange.tmx import TranslationUnit, Variant
from toolkit.memory import Memory, MemoryStore
from toolkit.memory.entries import Entry, aligned, of_catalog, of_tmx, undrafted
from toolkit.memory.store import Busy, Listed
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


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abcde བོད་水上 .\"'", min_size=1, max_size=30), min_size=1, max_size=30, unique=True), st.data()
)
def test_without_trigrams_the_same_is_found(texts: list[str], data: st.DataObject) -> None:
    slow = MemoryStore(trigrams=False)
    slow.update([Listed("x", "1", lambda: [Entry(text, text, PAIR, origin="x") for text in texts])])
    asked = data.draw(st.sampled_from(texts))[:-1] + data.draw(st.sampled_from("aབ水"))
    quick = [(one.source, one.score) for one in of([(text, text) for text in texts]).near(asked, PAIR, 50, 80)]
    assert quick == [(one.source, one.score) for one in slow.near(asked, PAIR, 50, 80)]


@pytest.mark.parametrize("trigrams", [True, False])
def test_a_text_of_a_few_letters_is_found_too(trigrams: bool) -> None:
    memory = MemoryStore(trigrams=trigrams)
    memory.update([Listed("x", "1", lambda: [Entry("水上学校", "ཆུ།", PAIR), Entry("Boats", "གྲུ།", PAIR)])])
    assert [one.target for one in memory.near("水下学校", PAIR)] == ["ཆུ།"]
    assert [one.target for one in memory.near("Boat", PAIR)] == ["གྲུ།"]
    assert memory.near("水", PAIR) == memory.near("", PAIR) == []


def test_documents_of_others_stay_and_what_cannot_be_read_is_asked_again() -> None:
    memory, asked = MemoryStore(), []

    def unread() -> None:
        asked.append(1)

    one = Listed("bo/a", "1", lambda: [Entry("River", "གཙང་པོ།", PAIR)])
    memory.update([one])
    for _ in range(2):
        memory.update([Listed("zh/a", "1", unread)], others={"bo/a"}.__contains__)
    assert len(asked) == 2 and [held.name for held in memory.stats()] == ["bo/a"]
    memory.update([])
    assert memory.stats() == []


def test_another_writer_is_waited_for_but_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    memory = of([("One", "གཅིག")], path)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy):
            memory.update([], wait=0.01)
        assert best(memory, "One") == "གཅིག"
        other.execute("ROLLBACK")
    other.close()
    assert memory.update([Listed("y", "1", lambda: [Entry("Two", "གཉིས།", PAIR)])]) == 1


def test_a_file_that_breaks_meanwhile_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    of([(f"Text {n}", f"{n}") for n in range(2000)], path).close()
    memory = MemoryStore(path)
    entries = [Entry(f"Text {n}", f"{n}", PAIR, origin="x") for n in range(2000)]
    memory.update([Listed("x", "1", lambda: entries)])
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (size - 4096))
    assert best(memory, "Text 7") == "7" and [one.target for one in memory.near("Text 1234", PAIR, 1)] == ["1234"]


def test_on_a_full_disk_it_is_kept_in_the_process(tmp_path: Path) -> None:
    memory = MemoryStore(tmp_path / "memory.sqlite3")
    memory._connection.execute("PRAGMA max_page_count = 20")  # what SQLite says then is what it says of a full disk
    broken = memory._connection

    def entries() -> Iterator[Entry]:
        if memory.path is not None:
            memory._connection.execute("PRAGMA max_page_count = 20")
        for number in range(500):
            yield Entry(f"The river rose {number} metres.", f"{number}", PAIR)

    memory.update([Listed("x", "1", entries)])
    assert (
        memory._connection is not broken and not memory.persistent and best(memory, "The river rose 7 metres.") == "7"
    )


THREE = "It rained. The river rose. The school closed."


def pairs_in(target: str, *drafts: str, source: str = THREE) -> list[tuple[str, str]]:
    """The sentences that the memory takes from a paragraph that was drafted like this."""
    unit = signed(Unit(source, target), "2026-01-02")
    whole, *found = of_catalog(Catalog("en", "zh-Hans", (unit,)), {text_hash(source): drafts})
    assert (whole.kind, {one.kind for one in found} - {"sentence"}) == ("unit", set())
    assert all(one.reviewer == "Pema" for one in found)
    return [(one.source, one.target) for one in found]


def test_sentences_that_stand_as_they_were_drafted_or_can_be_traced_are_pairs_of_their_own() -> None:
    assert pairs_in("下雨了。人们整夜没有睡。学校关门。", "下雨了。", "河水上涨。", "学校关门。") == [
        ("It rained.", "下雨了。"),
        ("The school closed.", "学校关门。"),
    ], "nothing of the second one is left"
    assert pairs_in("下雨了。昨天河水上涨了很多。学校关门。", "下雨了。", "昨天河水上涨了。", "学校关门。") == [
        ("It rained.", "下雨了。"),
        ("The river rose.", "昨天河水上涨了很多。"),
        ("The school closed.", "学校关门。"),
    ]
    assert pairs_in("下雨了。河水上涨了。学校关门。", "下雨了。", "河涨了。") == [], (
        "other sentences than those of the draft"
    )


def test_sentences_that_were_joined_or_are_parts_of_others_are_no_pairs() -> None:
    assert pairs_in("下雨了，昨天河水上涨了。学校关门。", "下雨了。", "昨天河水上涨了。", "学校关门。") == [
        ("The school closed.", "学校关门。")
    ]
    longer = pairs_in("昨天所有学校关门。下雨了。", "下雨了。", "学校关门。", source="It rained. The school closed.")
    assert ("The school closed.", "学校关门。") not in longer and ("It rained.", "下雨了。") in longer


def test_the_sentences_of_undrafted_paragraphs_are_what_the_aligner_says() -> None:
    text = Unit("It rained. The river rose.", "下雨了。河水上涨了。")
    held = Catalog("en", "zh-Hans", (signed(text, "2026-01-02"), signed(Unit("It rained.", "下雨。"), "2026-01-02")))

    def certain(*groups: Group) -> list[tuple[str, str, str, str]]:
        def align(sources: Sequence[str], targets: Sequence[str]) -> Sequence[Group]:
            assert (len(sources), len(targets)) == (2, 2)
            return groups

        return [(one.source, one.target, one.kind, one.reviewer) for one in aligned(held, {}, align)]

    assert [unit.source for unit in undrafted(held, {})] == [text.source]
    assert certain(Group(0, 1, 0, 1), Group(1, 2, 1, 2)) == [
        ("It rained.", "下雨了。", "sentence", "Pema"),
        ("The river rose.", "河水上涨了。", "sentence", "Pema"),
    ]
    assert certain(Group(1, 2, 1, 2)) == [], "what stands before it is not certain, and may be a part of it"
    assert certain(Group(0, 2, 0, 2)) == [], "both share the translation"
    assert not [*undrafted(held, {text_hash(text.source): ("下雨了。", "河涨了。")})], "tracing says it then"


def test_what_an_earlier_version_wrote_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite3"
    of([("One", "1")], path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 5")
        connection.execute("ALTER TABLE pair DROP COLUMN markup")
    connection.close()
    memory = MemoryStore(path)
    assert not [*memory.entries()]
    assert memory.update([Listed("x", "1", lambda: [Entry("One", "<1>1</1>", PAIR, markup="tags")])]) == 1
    assert [(one.target, one.markup) for one in memory.entries()] == [("<1>1</1>", "tags")]


def test_further_entries_are_read_when_all_documents_are_held() -> None:
    memory = MemoryStore()
    seen: list[int] = []

    def more() -> Iterator[Entry]:
        seen.append(len([*memory.entries(PAIR)]))
        yield Entry("Three", "3", PAIR)

    documents = [
        Listed("x", "1 traced", lambda: [Entry("One", "1", PAIR)], will_do="1"),
        Listed("y", "1", lambda: [Entry("Two", "2", PAIR)], more=more),
    ]
    assert memory.update(documents) == 2 and best(memory, "Three") == "3"
    documents[0] = Listed("x", "1", lambda: [Entry("One", "1", PAIR)], more=more)
    assert memory.update(documents) == 1 and seen == [2, 3]
    documents[0] = Listed("x", "1 traced", list, will_do="1")
    assert memory.update(documents) == 0, "what holds more will do"


def test_the_machine_that_drafted_a_text_goes_along() -> None:
    made = ProvenanceLine("mt", (("engine", "llama"), ("model", "m@1"), ("hash", text_hash("གཅིག"))))
    as_drafted, changed = Unit("One", "གཅིག", provenance=(made,)), Unit("Two", "གཉིས", provenance=(made,))
    found = list(of_catalog(catalog(as_drafted, changed)))
    assert [(one.engine, one.model, one.edited) for one in found] == [("llama", "m@1", False), ("llama", "m@1", True)]


def _grow(path: str, name: str) -> None:
    for number in range(10):
        memory = MemoryStore(Path(path))
        entries = [Entry(f"Text {n}", name, PAIR) for n in range(20)]
        memory.update([Listed("all", f"{name} {number}", lambda entries=entries: entries)])  # type: ignore[misc]
        memory.close()


def test_processes_share_it(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite3"
    MemoryStore(path).close()
    file = path.stat().st_ino
    workers = [get_context("spawn").Process(target=_grow, args=(str(path), name)) for name in ("one", "two")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    assert best(MemoryStore(path), "Text 7") in ("one", "two")
    assert path.stat().st_ino == file, "nobody threw away what another was filling"
    assert sum(one.pairs for one in MemoryStore(path).stats()) == 20


def test_languages_of_imported_memories_are_known_by_their_aliases() -> None:
    unit = TranslationUnit(
        (Variant("en-US", "River"), Variant("zh-CN", "河"), Variant("xx-none", "?"), Variant("zh-TW", "河流"))
    )
    assert [(one.pair, one.target) for one in of_tmx([unit], "x.tmx")] == [
        (("en", "zh-Hans"), "河"),
        (("en", "zh-Hant"), "河流"),
    ]


def test_the_source_of_an_imported_unit_is_the_one_that_it_names() -> None:
    variants = (Variant("bo", "གཙང་པོ།"), Variant("EN-US", "River"))
    (named,) = of_tmx([TranslationUnit(variants, source_language="en-GB")], "x.tmx")
    (other,) = of_tmx([TranslationUnit(variants)], "x.tmx")
    assert (named.pair, named.target) == (("en", "bo"), "གཙང་པོ།") and other.pair == ("bo", "en")
    assert list(of_tmx([TranslationUnit(())], "x.tmx")) == []
