"""A book of 5,000 paragraphs is read, written and merged with work that grows as its length does."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from tests.support.work import LINEAR, lines_run
from toolkit.catalog import match, merge
from toolkit.catalog.po import dump, load
from toolkit.units import Catalog, Location, ProvenanceLine, State, Unit, text_hash

DICE = random.Random(1)
WORDS = ["".join(DICE.choice("abcdefghijklmnoprstuvw") for _ in range(DICE.randint(2, 9))) for _ in range(3000)]


def _paragraph() -> str:
    return " ".join(DICE.choice(WORDS) for _ in range(DICE.randint(5, 80)))


def _template(paragraphs: list[str]) -> Catalog:
    units = (
        Unit(text, locations=(Location("a b.txt", n),), notes=("type: paragraph",)) for n, text in enumerate(paragraphs)
    )
    return Catalog("en", "", tuple(units), {"X-Lokta-Article": "a", "X-Lokta-Markup": "plain"})


def _drafted(unit: Unit) -> Unit:
    target = unit.source[::-1]
    return replace(unit.flagged("fuzzy"), target=target).with_lines(
        ProvenanceLine("mt", (("hash", text_hash(target)),))
    )


def _book(paragraphs: list[str]) -> Catalog:
    """All of it drafted, as it is read back from its file."""
    first = merge(None, _template(paragraphs), "bo")
    text = dump(replace(first, units=tuple(map(_drafted, first.units))))
    catalog = load(text)
    assert dump(catalog) == text
    return catalog


def _changed(paragraphs: list[str], share: float) -> Catalog:
    """The template with another beginning, and a share of the paragraphs changed by a word."""
    changed = set(DICE.sample(range(len(paragraphs)), int(share * len(paragraphs))))
    now = [text.replace(" ", " changed ", 1) if n in changed else text for n, text in enumerate(paragraphs)]
    return _template([_paragraph(), *now])


def test_five_thousand_entries_come_back_and_are_merged() -> None:
    paragraphs = [_paragraph() for _ in range(5000)]
    merged = merge(_book(paragraphs), _changed(paragraphs, 0.1), "bo")
    states = [unit.state for unit in merged.units]
    assert (states.count(State.OUTDATED), states.count(State.DRAFT), states.count(State.INITIAL)) == (500, 4500, 1)


def test_work_on_a_catalog_is_linear() -> None:
    """1,000 entries and 8,000 of them: reading and writing, and merging where little changed."""
    paragraphs = [_paragraph() for _ in range(8000)]
    work = {}
    for size in (1000, 8000):
        book, now = _book(paragraphs[:size]), _changed(paragraphs[:size], 0.01)
        work[size] = lines_run(lambda book=book: dump(load(book.raw))), lines_run(partial(merge, book, now, "bo"))
    for few, many in zip(work[1000], work[8000], strict=True):
        assert many / few < LINEAR


@pytest.mark.parametrize("size", [300, 3000])
def test_changed_paragraphs_are_compared_with_so_many_and_no_more(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with each in an article; in a book whose every paragraph changed, each with those that stand near."""
    compared = 0

    def extract(query: str, choices: Sequence[str], **more: Any) -> list[Any]:
        nonlocal compared
        compared += len(choices)
        return []

    paragraphs = [_paragraph() for _ in range(size)]
    book, now = _book(paragraphs), _changed(paragraphs, 1.0)
    monkeypatch.setattr("rapidfuzz.process.extract", extract)
    merge(book, now, "bo")
    assert compared == size * (size + 1) if size == 300 else match._COMPARISONS // 2 < compared <= match._COMPARISONS
