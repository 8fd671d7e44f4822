"""Nothing that a person wrote is lost, whatever the author does to the article and in whatever order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.catalog import approve, merge
from toolkit.catalog.po import dump, load
from toolkit.units import Catalog, Location, ProvenanceLine, State, Unit, fold, text_hash

_WORDS = ["river", "boat", "school", "teacher", "winter", "lamp", "bridge", "feast", "village", "paper", "snow"]
_PARAGRAPHS = st.lists(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=6).map(" ".join), min_size=2, max_size=6)
_KINDS = ["insert", "delete", "delete", "word", "word", "quotes", "move", "repeat", "split"]
_WORK = st.sampled_from(["", "draft", "draft", "review", "unfuzzy", "write", "write fuzzy"])


def made(paragraphs: list[str]) -> Catalog:
    """The template of these paragraphs."""
    units: dict[str, Unit] = {}
    for line, text in enumerate(paragraphs, 1):
        old = units.get(text, Unit(text, notes=("type: paragraph",)))
        units[text] = replace(old, locations=(*old.locations, Location("a.txt", line)))
    return Catalog("en", "", tuple(units.values()), {"X-Lokta-Article": "a", "X-Lokta-Markup": "plain"})


@st.composite
def edited(draw: st.DrawFn, paragraphs: list[str], before: list[str]) -> list[str]:
    """The article after its author was at it; paragraphs of `before` may come back."""
    result = list(paragraphs)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(result)))
        kind = draw(st.sampled_from(_KINDS)) if place < len(result) else "insert"
        if kind == "insert":
            result.insert(place, draw(st.sampled_from([*before, "“the river” boat", *_WORDS])))
            continue
        text = result.pop(place)
        words = text.split(" ")
        if kind == "word":
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(_WORDS))
            result.insert(place, " ".join(words))
        elif kind == "quotes":
            result.insert(place, text.translate({0x201C: '"', 0x201D: '"'}) if "“" in text else f"“{text}”")
        elif kind == "move":
            result.insert(0, text)
        elif kind == "repeat":
            result[place:place] = [text, text]
        elif kind == "split":
            result[place:place] = [half for half in (" ".join(words[:2]), " ".join(words[2:])) if half]
    return result


def worked_on(unit: Unit, work: str, name: str) -> Unit:
    """What a machine or a person does with a unit between two merges."""
    if work == "draft" and unit.machine:
        line = ProvenanceLine("mt", (("hash", text_hash(f"machine {name}")),))
        return replace(unit.flagged("fuzzy"), target=f"machine {name}", previous_source="").with_lines(line)
    if work == "review" and unit.target and not unit.state.approved:
        return approve(unit, "Tashi", "2026-11-25")
    if work == "unfuzzy" and unit.target:
        return unit.flagged("fuzzy", on=False)
    if work.startswith("write") and not unit.state.approved:
        return replace(unit.flagged("fuzzy", on=work == "write fuzzy"), target=f"person {name}")
    return unit


def approved_pairs(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """A change of typography does not make another msgid."""
    return ((fold(unit.source), unit.target) for unit in catalog.units if unit.state.approved)


@settings(max_examples=300)
@given(st.data())
def test_nothing_a_person_wrote_is_lost(data: st.DataObject) -> None:
    now = data.draw(_PARAGRAPHS)
    seen = list(now)
    catalog = merge(None, made(now), "bo")
    approved: set[tuple[str, str]] = set()
    words: set[str] = set()
    for step in range(data.draw(st.integers(2, 6))):
        units = []
        for number, unit in enumerate(catalog.units):
            new = unit if unit.obsolete else worked_on(unit, data.draw(_WORK), f"{step}.{number}")
            if new.target != unit.target:
                if all(unit.target != other.target for other in catalog.units if other is not unit):
                    words.discard(unit.target)  # a person wrote over a person's unapproved words, and meant to
                words |= {new.target} if new.target.startswith("person") else set()
            units.append(new)
        catalog = replace(catalog, units=tuple(units))
        approved |= set(approved_pairs(catalog))
        now = data.draw(edited(now, seen))
        seen += now
        before, catalog = catalog, merge(catalog, made(now), "bo")
        look(before, catalog, made(now))
        assert approved <= set(approved_pairs(catalog)), "an approved pair is gone"
        assert words <= {unit.target for unit in catalog.units}, "a person's words are gone"
        persons = words | {target for _, target in approved}
        assert not any(unit.machine and unit.target in persons for unit in catalog.units), (
            "a machine may overwrite them"
        )
        again = load(dump(catalog))
        assert again.units == catalog.units
        catalog = data.draw(st.sampled_from([catalog, again]))


def look(before: Catalog, merged: Catalog, template: Catalog) -> None:
    """What holds after every merge."""
    assert [unit.source for unit in merged.live] == [unit.source for unit in template.units]
    assert [unit.locations for unit in merged.live] == [unit.locations for unit in template.units]
    assert len({unit.source for unit in merged.units}) == len(merged.units)
    assert merge(merged, template, "bo") == merged
    old = {unit.source: unit for unit in before.units}
    for unit in merged.live:
        if unit.source in old:
            assert unit.target == old[unit.source].target and unit.state is old[unit.source].state
        elif unit.state is State.OUTDATED:
            assert unit.previous_source != unit.source
        elif unit.state.approved:
            assert any(fold(unit.source) == fold(source) for source in old)


def test_a_reference_that_is_shown_as_its_character_keeps_review_and_signature() -> None:
    """Catalogs of before have `&mdash;` in msgids of Markdown."""
    old = approve(Unit("Write &mdash; and &copy; it.", "མཐོང་།"), "Dolma", "2026-11-20")
    (new,) = merge(_catalog(old, "bo"), _catalog(Unit("Write — and © it.")), "bo").units
    assert (new.source, new.target, new.state) == ("Write — and © it.", "མཐོང་།", State.REVIEWED)
    signed = new.line("reviewed")
    assert signed is not None and signed.get("by") == "Dolma"


def test_the_end_flags_of_earlier_versions_leave_an_entry_only_when_it_changes() -> None:
    old = _catalog(
        Unit("The river.", "ཆུ།", flags=("fuzzy", "md-text", "ignore-end-stop"), locations=(Location("a", 1),)), "bo"
    )
    (same,) = merge(old, _catalog(Unit("The river.", locations=(Location("a", 1),))), "bo").units
    assert same == old.units[0]
    (moved,) = merge(old, _catalog(Unit("The river.", locations=(Location("a", 2),))), "bo").units
    assert moved.flags == ("fuzzy", "md-text")


def _catalog(unit: Unit, target: str = "") -> Catalog:
    return Catalog("en", target, (unit,), {"X-Lokta-Article": "a", "X-Lokta-Markup": "markdown"})
