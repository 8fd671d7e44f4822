"""Units are filled from the memory: approved in the same context, drafts otherwise; a person's words are never touched."""

from __future__ import annotations

from dataclasses import replace

from tests.memory.test_store import PAIR, catalog, signed, store
from toolkit.memory import MemoryStore
from toolkit.memory.fill import exactly, nearly
from toolkit.units import Catalog, ProvenanceLine, State, Unit, text_hash

APPROVED = catalog(
    signed(Unit("The title", "ཁ་བྱང་།"), "2026-01-02"),
    signed(Unit("It rained.", "ཆར་པ།"), "2026-01-02"),
    Unit("The **end**.", "**མཇུག**།"),
)


def drafted(source: str, target: str) -> Unit:
    return Unit(source).drafted(target, ProvenanceLine("mt", (("engine", "x"), ("hash", text_hash(target)))))


def filled(memory: MemoryStore, *units: Unit) -> list[Unit]:
    whole = replace(catalog(*units, article="b"), metadata={"X-Lokta-Article": "b", "X-Lokta-Markup": "markdown"})
    return list(exactly(whole, lambda text: memory.exact(text, PAIR)).units)


def test_the_same_text_in_the_same_context_is_approved_and_names_who_approved_it() -> None:
    title, rain, end = filled(store(APPROVED), Unit("The title"), drafted("It rained.", "x"), Unit("The **end**."))
    assert [one.state for one in (title, rain, end)] == [State.REMEMBERED] * 3
    line = rain.line("tm")
    assert line is not None and [line.get(key) for key in ("match", "origin", "by")] == ["101", "a", "Pema"]
    assert not rain.line("mt") and end.target == "**མཇུག**།"


def test_in_another_context_it_is_a_draft() -> None:
    rain, other = filled(store(APPROVED), drafted("It rained.", "x"), Unit("It snowed."))
    assert rain.state is State.DRAFT and rain.machine and rain.target == "ཆར་པ།" and not other.target
    assert rain.line("tm").get("match") == "100"  # type: ignore[union-attr]
    (alone,) = filled(store(catalog(Unit("It rained.", "ཆར་པ།"))), Unit("It rained."))
    assert alone.state is State.DRAFT, "nothing stands around it, so that no context is the same"


def test_a_persons_words_stay() -> None:
    mine = Unit("It rained.", "ངའི།").flagged("fuzzy")
    accepted = replace(mine, flags=())
    for one in (mine, accepted, signed(accepted, "2025-01-01")):
        assert filled(store(APPROVED), Unit("The title"), one, Unit("The **end**."))[1] == one


def test_what_a_person_took_back_is_not_put_there_again() -> None:
    before = filled(store(APPROVED), Unit("The title"), Unit("It rained."), Unit("The **end**."))
    flagged = before[1].flagged("fuzzy")  # in Poedit
    assert filled(store(APPROVED), before[0], flagged, before[2])[1] == flagged
    rejected = drafted("It rained.", "x").with_lines(ProvenanceLine("needs-work", (("by", "Pema"),)))
    assert filled(store(APPROVED), before[0], rejected, before[2])[1] == rejected


def test_the_line_names_the_machine_that_the_text_began_with() -> None:
    made = ProvenanceLine("mt", (("engine", "llama"), ("model", "m@1"), ("hash", text_hash("ཆར་པ།"))))
    memory = store(catalog(signed(Unit("It rained.", "ཆར་པ།", provenance=(made,)), "2026-01-02")))
    (rain,) = filled(memory, Unit("It rained."))
    assert dict(rain.line("tm").values) | {"hash": ""} == {  # type: ignore[union-attr]
        "match": "100", "origin": "a", "by": "Pema", "engine": "llama", "model": "m@1", "hash": "",
    }  # fmt: skip


def test_what_came_from_the_memory_follows_it() -> None:
    before = filled(store(APPROVED), Unit("The title"), Unit("It rained."), Unit("The **end**."))
    title, _, end = APPROVED.units
    better = replace(APPROVED, units=(title, signed(Unit("It rained.", "ཆར་པ་བབས།"), "2026-02-02"), end))
    assert filled(store(better), *before)[1].target == "ཆར་པ་བབས།"
    gone = replace(APPROVED, units=(title, end))
    assert filled(store(gone), *before)[1] == before[1]
    assert filled(store(APPROVED), *before) == before, "the same again changes nothing"


def test_other_codes_are_left() -> None:
    (end,) = filled(store(catalog(Unit("The **end**.", "མཇུག"), Unit("x", "y"))), Unit("The **end**."))
    assert not end.target


def near(memory: MemoryStore, *units: Unit) -> Catalog:
    return nearly(catalog(*units), lambda text: memory.near(text, PAIR))


def test_a_similar_text_is_a_draft_with_its_score_unless_its_numbers_differ() -> None:
    memory = store(catalog(Unit("The river rose 3 metres on Sunday night.", "གཙང་པོ་3།")))
    refused = ProvenanceLine("refused", (("engine", "x"), ("why", "loop")))
    one, other, kept = near(
        memory,
        Unit("The river rose 3 metres on Monday night.", provenance=(refused,)),
        Unit("The river rose 4 metres on Sunday night."),
        Unit("The river rose 3 metres on Friday night.", "ངའི།"),
    ).units
    assert one.fuzzy and one.machine and one.line("tm").get("match") == "95" and one.line("refused") == refused  # type: ignore[union-attr]
    assert not other.target and kept.target == "ངའི།"
