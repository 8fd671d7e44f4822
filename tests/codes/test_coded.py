"""The coded sentences of coded.txt through whole engines: every code comes out once, pairs nested, and remarks say the rest."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from benchmarks.codes import Drafted, read, run
from tests.support.starter import CARD
from tests.support.tiny_argos import make_package
from toolkit import codes, models
from toolkit.errors import NoModel
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers import guarded, innermost
from toolkit.units import Engine, LanguagePair

ROWS = read()


def picked(spec: str, target: str) -> Engine:
    engine = pick(spec, LanguagePair("en", target), Options(), Resources(engines()))
    assert engine is not None
    return engine


def test_there_are_five_hundred_of_every_kind() -> None:
    assert len(ROWS) == len(set(ROWS)) == 500
    count = Counter(markup for markup, _ in ROWS)
    assert min(count.values()) >= 80 and len(count) == 3
    found = [(text, codes.find(text, markup)) for markup, text in ROWS]
    assert all(some for _, some in found)
    assert sum(some[0].start == 0 and some[-1].end == len(text) for text, some in found) >= 10, "at both edges"
    assert sum(some[0].start == 0 or some[-1].end == len(text) for text, some in found) >= 100
    assert sum(any(a.end == b.start for a, b in itertools.pairwise(some)) for _, some in found) >= 40
    assert sum(sum(code.data.startswith("](") for code in some) > 1 for _, some in found) >= 20, "several links"
    nested = [some for _, some in found if any(a.kind == b.kind == "sc" for a, b in itertools.pairwise(some))]
    assert len(nested) >= 40
    assert sum(any(code.kind == "ph" for code in some) for _, some in found) >= 120


def test_pseudo_keeps_every_code() -> None:
    for one in run(picked("pseudo", "zh-Hans"), ROWS, "zh-Hans"):
        assert one.whole and not one.put_back, one


@pytest.mark.parametrize("language", ["zh-Hans", "bo"])
@pytest.mark.usefixtures("cards")
def test_a_model_keeps_or_gets_back_every_code(language: str) -> None:
    make_package(models.folder(), "en", language[:2])
    drafted = run(picked("argos", language), ROWS, language)
    assert [one for one in drafted if not one.target] == []
    for one in drafted:
        assert_whole(one)
    # The tiny model repeats placeholders faithfully; what is put back stood around nothing but what it cannot read.
    assert sum(one.kept for one in drafted) >= 0.97 * sum(one.all_codes for one in drafted)


@pytest.mark.parametrize("language", ["zh-Hans", "bo"])
@pytest.mark.usefixtures("cards")
def test_what_a_model_loses_is_put_back_and_said(language: str) -> None:
    """The same model, asked without placeholders: it keeps no code at all."""
    make_package(models.folder(), "en", language[:2])
    bare = innermost(picked("argos", language))
    bare.abilities = replace(bare.abilities, codes="removed")
    for one in run(guarded(bare), ROWS, language):
        assert_whole(one)
        # Addresses and placeholders alone in a sentence are not asked at all.
        assert one.kept == 0 or not one.put_back, one


def test_the_starter_keeps_or_gets_back_every_code(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    try:
        engine = picked("llama", "zh-Hans")
    except NoModel as missing:
        pytest.skip(str(missing))
    drafted = run(engine, read(limit=20), "zh-Hans")
    assert len(drafted) == 20 and sum(bool(one.target) for one in drafted) >= 18
    for one in drafted:
        if one.target:
            assert_whole(one)
        else:
            assert one.why


def assert_whole(one: Drafted) -> None:
    assert one.whole, (one, codes.compare(one.source, one.target, one.markup))
    found = codes.find(one.source, one.markup)
    assert Counter(code.data for code in found) == Counter(code.data for code in codes.find(one.target, one.markup)), (
        one
    )
    known = {code.data for code in found}
    for data in one.put_back:
        assert set(data.split("…")) <= known, one
