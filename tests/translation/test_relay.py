"""Where a person reviewed the paragraph in the language between, her words are the source of the second leg."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.tiny_argos import expected, make_package
from tests.translation.test_draft import catalog, drafted
from toolkit import catalog as catalogs
from toolkit import config as settings
from toolkit import models, pipeline, project
from toolkit.catalog import sign
from toolkit.memory import Drafts
from toolkit.translation import Options, draft, pick
from toolkit.translation.forecast import forecast
from toolkit.translation.relay import pivot, relay
from toolkit.translation.wrappers import Pivot
from toolkit.units import Catalog, Unit

MIDDLE = expected("The bridge was in the snow.", "en", "zh")


@pytest.fixture
def through() -> Iterator[Pivot]:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    found = pivot(pick("argos", "en", "bo") or pytest.fail("no engine"))
    assert found is not None
    yield found


def middle(unit: Unit) -> Catalog:
    return replace(catalog("x"), units=(unit,))


def reviewed(source: str) -> Unit:
    return sign(Unit(source, MIDDLE), "Tashi", "2026-11-25")


def test_her_words_are_the_source(through: Pivot) -> None:
    start = catalog("The river rose.", "Snow.", target="bo")
    done = relay(start, middle(reviewed("The river rose.")), through, Options())
    assert done.units[0].target.rstrip("།་ ") == expected(MIDDLE, "zh", "bo").rstrip("།་ ")
    mark = done.units[0].mark("mt")
    assert mark is not None and mark.get("via") == "zh-Hans" and "reviewed" in mark.get("note")
    assert done.units[0].machine and done.units[1] == start.units[1]
    assert relay(done, middle(reviewed("The river rose.")), through, Options(redraft=True)) == done


@pytest.mark.parametrize("flags", [("fuzzy",), ()], ids=["draft", "unsigned"])
def test_words_that_nobody_signed_are_not(through: Pivot, flags: tuple[str, ...]) -> None:
    start = catalog("The river rose.", target="bo")
    assert relay(start, middle(Unit("The river rose.", MIDDLE, flags=flags)), through, Options()) == start


def test_what_a_person_wrote_stays(through: Pivot) -> None:
    start = replace(catalog("x", target="bo"), units=(Unit("The river rose.", "ཆུ་རྒྱས།"),))
    assert relay(start, middle(reviewed("The river rose.")), through, Options(redraft=True)) == start


def test_a_draft_of_the_whole_way_gives_way_on_demand_only(through: Pivot) -> None:
    start = replace(catalog("x", target="bo"), units=(drafted(Unit("The river rose."), "ཆུ།", "other"),))
    assert relay(start, middle(reviewed("The river rose.")), through, Options()) == start
    done = relay(start, middle(reviewed("The river rose.")), through, Options(redraft=True))
    assert done.units[0].target != "ཆུ།"


def test_a_project_does_so_by_itself(tmp_path: Path, through: Pivot) -> None:
    (tmp_path / "a.txt").write_text("The river rose.\n\nSnow.\n", encoding="utf-8")
    config = settings.load(tmp_path)
    sources = project.find(config, [tmp_path / "a.txt"])
    pipeline.translate(config, sources, ["zh-Hans"], engine="argos")
    path = project.catalog_path(config, "a", "zh-Hans")
    held = catalogs.read_catalog(path)
    units = tuple(
        catalogs.approve(replace(unit, target=MIDDLE), "Tashi", "2026-11-25") if "river" in unit.source else unit
        for unit in held.units
    )
    catalogs.write_catalog(path, replace(held, units=units))
    pipeline.translate(config, sources, ["bo"], engine="argos")
    one, two = catalogs.read_catalog(project.catalog_path(config, "a", "bo")).live
    assert one.target.rstrip("།་ ") == expected(MIDDLE, "zh", "bo").rstrip("།་ ")
    assert two.target.rstrip("།་ ") == expected(expected("Snow.", "en", "zh"), "zh", "bo").rstrip("།་ ")


def test_a_forecast_counts_what_is_new_and_knows_the_pace(tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    with Drafts(tmp_path / "d") as drafts:
        options = Options(drafts=drafts)
        engine = pick("argos", "en", "zh-Hans", options)
        assert engine is not None
        start = [catalog("The river rose. Snow.", "Snow.", "7")]
        before = forecast(start, engine, options, "zh-Hans")
        assert (before.units, before.sentences, before.characters, before.seconds) == (3, 2, 20, None)
        done = draft([catalog("The river rose.")], engine, options)
    with Drafts(tmp_path / "d") as drafts:
        options = Options(drafts=drafts)
        engine = pick("argos", "en", "zh-Hans", options)
        after = forecast(start, engine, options, "zh-Hans")
        assert (after.units, after.sentences, after.characters) == (3, 1, 5)
        assert after.seconds is not None and 0 < after.seconds < 60
        nothing = forecast(done, engine, options, "zh-Hans")
        assert (nothing.units, nothing.sentences, nothing.seconds) == (0, 0, 0.0)
    assert forecast(start, None, Options(), "zh-Hans").units == 3
