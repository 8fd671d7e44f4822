"""The memory offers what a person approved, and nothing else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from toolkit.memory import Memory
from toolkit.units import Catalog, LanguagePair, Match, ProvenanceLine, Request, Unit, review_hash


def signed(unit: Unit, date: str) -> Unit:
    return unit.with_lines(ProvenanceLine("reviewed", (("by", "Pema"), ("date", date), ("hash", review_hash(unit)))))


def catalog(*units: Unit, article: str = "a", target: str = "bo") -> Catalog:
    return Catalog("en", target, units, {"X-Lokta-Article": article})


def ask(memory: Memory, text: str, target: str = "bo") -> str | None:
    (answer,) = memory.translate([Request(text)], LanguagePair("en", target))
    return answer.target if isinstance(answer, Match) else None


def test_approved_units_are_offered_and_drafts_are_not() -> None:
    drafted = Unit("Two", "གཉིས།").flagged("fuzzy")
    memory = Memory([catalog(Unit("One", "གཅིག"), drafted, Unit("Three"))])
    assert ask(memory, "One") == "གཅིག"
    assert ask(memory, "Two") is None
    assert ask(memory, "Three") is None


def test_a_match_is_of_its_pair_and_names_its_article() -> None:
    memory = Memory([catalog(Unit("One", "གཅིག"), article="news/one")])
    (answer,) = memory.translate([Request("One")], LanguagePair("en", "bo"))
    assert answer == Match("གཅིག", "tm", "news/one", 100.0)
    assert ask(memory, "One", "zh-Hans") is None


def test_composed_and_decomposed_sources_are_one() -> None:
    memory = Memory([catalog(Unit("Café", "ཇ་ཁང་།"))])
    assert ask(memory, unicodedata.normalize("NFD", "Café")) == "ཇ་ཁང་།"


def test_the_signed_the_living_and_the_later_win() -> None:
    accepted = Unit("One", "accepted")
    early, late = signed(Unit("One", "early"), "2026-01-02"), signed(Unit("One", "late"), "2026-03-01")
    gone = replace(signed(Unit("One", "gone"), "2026-09-09"), obsolete=True)
    for order in ([accepted, early, late, gone], [gone, late, early, accepted]):
        assert ask(Memory([catalog(unit) for unit in order]), "One") == "late"
    assert ask(Memory([catalog(gone)]), "One") == "gone"
