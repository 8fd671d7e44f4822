"""The coded sentences of coded.txt through whole engines: every code comes out once, pairs nested, and remarks say the rest."""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.codes import Drafted, read, run
from tests.models.test_starter import FILE
from tests.support.tiny_argos import make_package
from toolkit import codes, models
from toolkit.errors import NoModel
from toolkit.translation import pick

ROWS = read()


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
    engine = pick("pseudo", "en", "zh-Hans")
    assert engine is not None
    for one in run(engine, ROWS, "zh-Hans"):
        assert one.whole and not one.put_back, one


@pytest.mark.parametrize("language", ["zh-Hans", "bo"])
def test_a_model_keeps_or_gets_back_every_code(language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path))
    monkeypatch.setattr(models, "entry_points", lambda group: [])
    make_package(tmp_path, "en", language[:2])
    engine = pick("argos", "en", language)
    assert engine is not None
    drafted = run(engine, ROWS, language)
    assert [one for one in drafted if not one.target] == []
    for one in drafted:
        assert_whole(one)
    # The tiny model repeats markers faithfully; what is put back stood around nothing but what it cannot read.
    assert sum(one.kept for one in drafted) >= 0.97 * sum(one.all_codes for one in drafted)


@pytest.mark.parametrize("language", ["zh-Hans", "bo"])
def test_what_a_model_loses_is_put_back_and_said(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same model, asked without markers: it keeps no code at all."""
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path))
    monkeypatch.setattr(models, "entry_points", lambda group: [])
    make_package(tmp_path, "en", language[:2])
    engine = pick("argos", "en", language)
    assert engine is not None
    monkeypatch.setattr(engine, "_hide", codes.strip)
    for one in run(engine, ROWS, language):
        assert_whole(one)
        # Addresses and placeholders alone in a sentence are not asked at all.
        assert one.kept == 0 or not one.put_back, one


def test_the_starter_keeps_or_gets_back_every_code(monkeypatch: pytest.MonkeyPatch) -> None:
    card = {"name": "starter", "engine": "llama", "family": "starter", "pairs": [("en", "zh-Hans")], "path": str(FILE)}
    monkeypatch.setattr(models, "entry_points", lambda group: [_Entry([card])])
    try:
        engine = pick("llama", "en", "zh-Hans")
    except NoModel as missing:
        pytest.skip(str(missing))
    assert engine is not None
    drafted = run(engine, read(limit=20), "zh-Hans")
    assert len(drafted) == 20 and sum(bool(one.target) for one in drafted) >= 18
    for one in drafted:
        if one.target:
            assert_whole(one)
        else:
            assert one.why


class _Entry:
    name, dist, value = "starter", None, "x:y"

    def __init__(self, held: list[dict[str, object]]) -> None:
        self.held = held

    def load(self) -> object:
        return lambda: self.held


def assert_whole(one: Drafted) -> None:
    assert one.whole, (one, codes.compare(one.source, one.target, one.markup))
    found = codes.find(one.source, one.markup)
    assert Counter(code.data for code in found) == Counter(code.data for code in codes.find(one.target, one.markup)), (
        one
    )
    known = {code.data for code in found}
    for data in one.put_back:
        assert set(data.split("…")) <= known, one
