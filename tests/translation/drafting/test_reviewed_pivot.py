"""Where a person reviewed the paragraph in the language between, those words are the source of the second leg."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.fake_engine import catalog, drafted
from tests.support.projects import write_catalog
from tests.support.tiny_argos import expected, make_package
from toolkit import catalog as catalogs
from toolkit import models
from toolkit.catalog import sign
from toolkit.pipeline.translate import Order, translate
from toolkit.project import discovery
from toolkit.project.context import Context
from toolkit.translation.cache import DraftCache
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.estimate import Forecast, forecast, waiting
from toolkit.translation.drafting.reviewed_pivot import draft_through_reviewed
from toolkit.translation.engines.registry import ENGINES
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.translation.wrappers import Pivot, innermost
from toolkit.units import Catalog, Engine, LanguagePair, Unit

MIDDLE = expected("The bridge was in the snow.", "en", "zh")


@pytest.fixture
def through() -> Pivot:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    found = innermost(argos("bo"))
    assert isinstance(found, Pivot)
    return found


def argos(target: str, cache: DraftCache | None = None) -> Engine:
    return pick("argos", LanguagePair("en", target), Options(), Resources(ENGINES, cache=cache)) or pytest.fail("none")


def middle(unit: Unit) -> Catalog:
    return replace(catalog("x"), units=(unit,))


def reviewed(source: str) -> Unit:
    return sign(Unit(source, MIDDLE), "Tashi", "2026-11-25")


def test_reviewed_words_are_the_source(through: Pivot) -> None:
    start = catalog("The river rose.", "Snow.", target="bo")
    done = draft_through_reviewed(start, middle(reviewed("The river rose.")), through, redraft=False)
    assert done.units[0].target.rstrip("།་ ") == expected(MIDDLE, "zh", "bo").rstrip("།་ ")
    line = done.units[0].line("mt")
    assert line is not None and line.get("via") == "zh-Hans" and "reviewed" in line.get("note")
    assert done.units[0].machine and done.units[1] == start.units[1]
    assert draft_through_reviewed(done, middle(reviewed("The river rose.")), through, redraft=True) == done


@pytest.mark.parametrize("flags", [("fuzzy",), ()], ids=["draft", "unsigned"])
def test_words_that_nobody_signed_are_not(through: Pivot, flags: tuple[str, ...]) -> None:
    start = catalog("The river rose.", target="bo")
    assert (
        draft_through_reviewed(start, middle(Unit("The river rose.", MIDDLE, flags=flags)), through, redraft=False)
        == start
    )


def test_what_a_person_wrote_stays(through: Pivot) -> None:
    start = replace(catalog("x", target="bo"), units=(Unit("The river rose.", "ཆུ་རྒྱས།"),))
    assert draft_through_reviewed(start, middle(reviewed("The river rose.")), through, redraft=True) == start


def test_a_draft_of_the_whole_way_gives_way_on_demand_only(through: Pivot) -> None:
    start = replace(catalog("x", target="bo"), units=(drafted(Unit("The river rose."), "ཆུ།", "other"),))
    assert draft_through_reviewed(start, middle(reviewed("The river rose.")), through, redraft=False) == start
    done = draft_through_reviewed(start, middle(reviewed("The river rose.")), through, redraft=True)
    assert done.units[0].target != "ཆུ།"


def test_a_project_does_so_by_itself(tmp_path: Path, through: Pivot) -> None:
    (tmp_path / "a.txt").write_text("The river rose.\n\nSnow.\n", encoding="utf-8")
    with Context.at(tmp_path) as context:
        sources = discovery.find(context.config, [tmp_path / "a.txt"])
        translate(context, Order(sources, ("zh-Hans",), engine="argos"))
        path = context.store.path("a", "zh-Hans")
        held = catalogs.read_catalog(path)
        units = tuple(
            catalogs.approve(replace(unit, target=MIDDLE), "Tashi", "2026-11-25") if "river" in unit.source else unit
            for unit in held.units
        )
        write_catalog(path, replace(held, units=units))
        translate(context, Order(sources, ("bo",), engine="argos"))
        done = context.store.find("a", "bo")
    assert done is not None
    one, two = done.live
    assert one.target.rstrip("།་ ") == expected(MIDDLE, "zh", "bo").rstrip("།་ ")
    assert two.target.rstrip("།་ ") == expected(expected("Snow.", "en", "zh"), "zh", "bo").rstrip("།་ ")


def test_a_forecast_counts_what_is_new_and_knows_the_pace(tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    start = catalog("The river rose. Snow.", "Snow.", "7")

    def ahead(one: Catalog, cache: DraftCache) -> Forecast:
        return forecast(Job((one,), argos("zh-Hans", cache)))

    with DraftCache(tmp_path / "d") as cache:
        before = ahead(start, cache)
        assert (before.units, before.sentences, before.characters, before.seconds) == (3, 2, 20, None)
        (done,) = draft(Job((catalog("The river rose."),), argos("zh-Hans", cache)))
    with DraftCache(tmp_path / "d") as cache:
        after = ahead(start, cache)
        assert (after.units, after.sentences, after.characters) == (3, 1, 5)
        assert after.seconds is not None and 0 < after.seconds < 60
        nothing = ahead(done, cache)
        assert (nothing.units, nothing.sentences, nothing.seconds) == (0, 0, 0.0)
    assert waiting((start,)).units == 3
