"""Merging: scenarios that a linguist can edit, with states as msgmerge has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.support.gettext import tool
from toolkit import article
from toolkit.catalog import drafted, extract, merge, share
from toolkit.catalog.match import pair_up
from toolkit.catalog.po import dump, load
from toolkit.catalog.reuse import plans
from toolkit.translation.drafting.reusing import Changed, reuse
from toolkit.units import (
    Abilities,
    Answer,
    Catalog,
    Engine,
    Identity,
    LanguagePair,
    Match,
    Refusal,
    Request,
    State,
    Unit,
)

REUSED = sorted(path.parent for path in Path(__file__).parent.glob("merge/*/reused.po"))
SCENARIOS = sorted(path.parent for path in Path(__file__).parent.glob("merge/*/expected.po"))
_each = pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)


def template_of(path: Path) -> Catalog:
    """The template of a plain text article."""
    return extract(
        article.read(read(path), article.formats()["text"], file="school.txt", source_language="en"), "school", "plain"
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


class Scripted(Engine):
    """Says what a table says; refuses what it lacks."""

    name = "scripted"
    abilities = Abilities(independent=True)

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    @property
    def identities(self) -> frozenset[Identity]:
        return frozenset((Identity(self.name, "m@1"),))

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        for request in requests:
            said = self.answers.get(request.source)
            yield Match(said, "mt", self.name, -0.5, "m@1") if said else Refusal(self.name, "m@1", "not in the table")


def settled(folder: Path) -> Catalog:
    """What becomes of a scenario when split paragraphs got their words, and kept sentences were put together with new ones."""
    old, template = load(read(folder / "old.po")), template_of(folder / "new.txt")
    beside = folder / "old.sentences"
    known = drafted.parse(read(beside)) if beside.exists() else {}
    merged = share(old, merge(old, template, "bo"))
    answers = dict(line.split("\t") for line in read(folder / "answers.tsv").split("\n") if line)
    return reuse([Changed(merged, plans(merged, known))], Scripted(answers))[0]


@pytest.mark.parametrize("folder", REUSED, ids=lambda folder: folder.name)
def test_sentences_are_kept_as_expected(folder: Path) -> None:
    found = settled(folder)
    assert dump(found) == read(folder / "reused.po")
    for unit in found.live:
        line = unit.line("reused")
        assert line is None or (
            unit.fuzzy and unit.previous_source and not unit.machine and (line.get("kept") or line.get("unsure"))
        )
    again = merge(load(dump(found)), template_of(folder / "new.txt"), "bo")
    assert again == found, "a second merge changes nothing"


@_each
def test_a_scenario_ends_as_expected(folder: Path) -> None:
    old, template = load(read(folder / "old.po")), template_of(folder / "new.txt")
    merged = merge(old, template, "bo")
    assert dump(merged) == read(folder / "expected.po")
    assert merge(load(dump(merged)), template, "bo") == merged, "a second merge changes nothing"


@_each
def test_a_scenario_starts_where_its_article_was(folder: Path) -> None:
    old = load(read(folder / "old.po"))
    assert {unit.source for unit in template_of(folder / "old.txt").units} <= {unit.source for unit in old.live}


def states(catalog: Catalog) -> dict[str, tuple[str, str, str]]:
    return {unit.source: (unit.state, unit.target, unit.previous_source) for unit in catalog.live}


@pytest.mark.gettext
@_each
def test_states_are_those_of_msgmerge(folder: Path) -> None:
    """Or else the scenario says in `differs.txt` why they are not, and indeed they are not."""
    old, template = read(folder / "old.po"), template_of(folder / "new.txt")
    ours = merge(load(old), template, "bo")
    theirs = load(tool(["msgmerge", "--quiet", "--previous"], old, dump(template)).decode())
    gone = {(unit.source, unit.target) for unit in theirs.units if unit.obsolete}
    kept = {(unit.source, unit.target) for unit in ours.units if unit.obsolete}
    beside = {(unit.source, unit.target) for unit in ours.units if unit.obsolete and unit.state.approved}
    same = states(ours) == states(theirs) and gone <= kept and kept - gone <= beside
    assert same != (folder / "differs.txt").exists()


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 60 and len(REUSED) >= 35


def test_ten_reviewed_paragraphs_stay_reviewed() -> None:
    folder = next(folder for folder in SCENARIOS if folder.name.startswith("02-"))
    merged = merge(load(read(folder / "old.po")), template_of(folder / "new.txt"), "bo")
    found = [unit.state for unit in merged.live]
    assert found == [State.OUTDATED, State.INITIAL, *[State.REVIEWED] * 10]


def test_the_most_similar_pair_goes_first() -> None:
    old = [(0, "The market in Lhasa opens on Monday."), (1, "The market in Gyantse opens on Monday.")]
    new = [(0, "The market in Gyantse opens on Sunday."), (1, "The market in Gyantse opens on Mondays.")]
    assert pair_up(new, old, {}) == {1: 1, 0: 0}, "no old text is given twice, and who comes second gets the other"


def test_neighbours_decide_between_equals() -> None:
    old = [(2, "Item sold for five."), (7, "Item sold for five.")]
    assert pair_up([(8, "Item sold for six.")], old, {7: 6}) == {8: 7}
    assert pair_up([(3, "Item sold for six.")], old, {2: 1}) == {3: 2}
    assert pair_up([(3, "Nothing like it")], old, {}) == {}
    assert pair_up([], old, {}) == {}


def test_many_alike_are_paired_in_order() -> None:
    old = [(number, f"Paragraph number {number:03d} of the same kind") for number in range(150)]
    new = [(number, text + "!") for number, text in old]
    assert pair_up(new, old, {}) == {number: number for number in range(150)}


def test_two_that_differ_from_an_old_one_in_typography_do_not_share_it() -> None:
    old = Catalog("en", "bo", (Unit('He said "yes"', "ཁོས་"),))
    template = Catalog("en", "", (Unit("He said “yes”"), Unit("He said «yes»")))
    assert [unit.target for unit in merge(old, template, "bo").units] == ["ཁོས་", ""]
