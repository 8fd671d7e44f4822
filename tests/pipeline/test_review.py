"""The review service: what a person does is written at once, unless somebody changed the unit since it was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.projects import change, path_of, read, reviewed, translate, write
from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError, StaleUnit
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.review.acts import edit, seen
from toolkit.units import State, Unit, UnitKey

RIVER = UnitKey("", "The river rose.")
Act = Callable[[ReviewService, Path, str], Unit]
ACTS: dict[str, Act] = {
    "approve": lambda service, path, shown: service.approve(path, RIVER, shown),
    "edit": lambda service, path, shown: service.edit(path, RIVER, shown, "ཆུ་བོ།"),
    "reject": lambda service, path, shown: service.reject(path, RIVER, shown),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The catalog of a drafted article."""
    write(tmp_path)
    write(tmp_path, "lokta.toml", 'reviewer = "Pema"\n[target.bo]\n')
    translate(tmp_path)
    return path_of(tmp_path)


@pytest.fixture
def service(tmp_path: Path, path: Path) -> ReviewService:
    return ReviewService(Context.at(tmp_path))


def unit(path: Path, key: UnitKey = RIVER) -> Unit:
    """A unit as it lies on disk."""
    return next(unit for unit in catalogs.read_catalog(path).live if unit.key == key)


def test_an_approval_is_written_with_name_and_date(service: ReviewService, path: Path) -> None:
    others = [one for one in catalogs.read_catalog(path).live if one.key != RIVER]
    approved = service.approve(path, RIVER, seen(unit(path)))
    line = approved.line("reviewed")
    assert approved.state is State.REVIEWED and line and (line.get("by"), line.get("date")) == ("Pema", "2025-11-25")
    assert unit(path) == approved
    assert [one for one in catalogs.read_catalog(path).live if one.key != RIVER] == others


def test_an_edit_and_a_rejection_are_written(service: ReviewService, path: Path) -> None:
    edited = service.edit(path, RIVER, seen(unit(path)), "ཆུ་བོ།")
    assert unit(path) == edited and edited.target == "ཆུ་བོ།" and edited.state is State.DRAFT and not edited.machine
    rejected = service.reject(path, RIVER, seen(edited))
    assert unit(path) == rejected and rejected.line("needs-work")


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize(
    "meanwhile",
    [reviewed("ཆུ་རྒྱས།"), lambda unit: unit.flagged("fuzzy", on=False), lambda unit: edit(unit, "ཆུ།")],
    ids=["reviewed", "accepted", "edited"],
)
def test_a_stale_act_is_refused_with_both_versions(
    name: str, meanwhile: Callable[[Unit], Unit], service: ReviewService, path: Path, tmp_path: Path
) -> None:
    act, shown = ACTS[name], seen(unit(path))
    change(tmp_path, RIVER.source, meanwhile, "bo")
    theirs, before = unit(path), path.read_bytes()
    with pytest.raises(StaleUnit, match="changed since it was read") as refused:
        act(service, path, shown)
    assert "a.po" in str(refused.value) and refused.value.exit_code == 1
    assert refused.value.now == theirs
    assert path.read_bytes() == before, "nothing is written"
    made = act(service, path, seen(refused.value.now))
    assert made == refused.value.wanted == unit(path)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_upon_words_that_are_gone_is_stale_too(
    name: str, service: ReviewService, path: Path, tmp_path: Path
) -> None:
    shown = seen(unit(path))
    change(tmp_path, RIVER.source, lambda unit: edit(unit, ""), "bo")
    with pytest.raises(StaleUnit) as refused:
        ACTS[name](service, path, shown)
    assert refused.value.now.target == "" and refused.value.wanted.target == ("ཆུ་བོ།" if name == "edit" else "")
    if name != "edit":
        with pytest.raises(CatalogError, match="no translation to"):
            ACTS[name](service, path, seen(unit(path)))


@pytest.mark.parametrize("name", ACTS)
def test_an_act_upon_a_unit_that_left_the_article(
    name: str, service: ReviewService, path: Path, tmp_path: Path
) -> None:
    shown = seen(unit(path))
    write(tmp_path, text="Title of it\n\nIt fell again.\n")
    translate(tmp_path)
    before = path.read_bytes()
    with pytest.raises(DataError, match="not in this catalog any more"):
        ACTS[name](service, path, shown)
    assert path.read_bytes() == before


def test_a_change_of_another_unit_makes_no_act_stale(service: ReviewService, path: Path, tmp_path: Path) -> None:
    shown = seen(unit(path))
    change(tmp_path, "It fell again.", reviewed("ཆུ་བྲི།"), "bo")
    write(tmp_path, text="A new title\n\nIt fell again.\n\nAnd more.\n\nThe river rose.\n")
    translate(tmp_path)
    assert service.approve(path, RIVER, shown).state is State.REVIEWED
    assert unit(path, UnitKey("", "It fell again.")).target == "ཆུ་བྲི།"


def test_signing_names_who_approved_elsewhere(tmp_path: Path, path: Path) -> None:
    path.write_text(
        path.read_text(encoding="utf-8").replace("#, fuzzy, ", "#, ").replace("#, fuzzy\n", ""), encoding="utf-8"
    )
    context = Context.at(tmp_path)
    service = ReviewService(replace(context, config=replace(context.config, reviewer="Pema དབྱངས་ཅན")))
    assert [unit.state for unit in read(tmp_path).live] == [State.ACCEPTED] * 3
    assert service.sign(path) == 3 and service.sign(path) == 0
    signed = list(read(tmp_path).live)
    assert all(unit.state is State.REVIEWED for unit in signed)
    assert {line.get("by") for unit in signed if (line := unit.line("reviewed"))} == {"Pema དབྱངས་ཅན"}


def test_a_lone_file_of_another_tool_is_signed_and_its_header_stays(tmp_path: Path) -> None:
    path = write(tmp_path, "x.po", 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n\nmsgid "Hello"\nmsgstr "你好"\n')
    assert ReviewService(Context.at(tmp_path)).sign(path) == 1
    text = path.read_text(encoding="utf-8")
    assert '"Language: zh_CN\\n"' in text and "# lokta: reviewed by=" in text


def test_the_queue_is_in_order_of_risk_and_says_where(service: ReviewService, path: Path) -> None:
    service.approve(path, RIVER, seen(unit(path)))
    queue = service.queue([path])
    assert {item.unit.source for item in queue} == {"Title of it", "It fell again."}
    assert [item.risk for item in queue] == sorted((item.risk for item in queue), reverse=True)
    lines = path.read_text(encoding="utf-8").split("\n")
    for item in queue:
        assert item.path == path and any(item.unit.source in line for line in lines[item.line - 1 : item.line + 8])


def test_the_files_that_are_meant(service: ReviewService, path: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "b.txt", "Another\n")
    translate(tmp_path, names=("b.txt",))
    assert service.files([], []) == (path, path_of(tmp_path, name="b"))
    assert service.files([other, path, path], ["bo"]) == (path, path_of(tmp_path, name="b"))
    with pytest.raises(DataError, match="no catalog found here"):
        service.files([other], ["zh-Hans"])


def test_an_unchanged_catalog_is_not_checked_again(service: ReviewService, path: Path) -> None:
    first = list(service.check([path]))
    assert first and list(service.check([path])) == first
    for file in service.context.findings.folder.glob("*.json"):
        file.write_text(file.read_text("utf-8").replace(first[0].message, "as it was found before"), "utf-8")
    assert next(service.check([path])).message == "as it was found before"


def test_a_changed_catalog_is_checked_anew(service: ReviewService, path: Path) -> None:
    first = list(service.check([path]))
    service.edit(path, RIVER, seen(unit(path)), "ཆུ་བོ་༢༠༠༩།")
    assert "number that the source does not have: ༢༠༠༩" in [found.message for found in service.check([path])]
    assert list(service.check([path])) != first


def test_settings_silence_what_is_known_already(tmp_path: Path, service: ReviewService, path: Path) -> None:
    names = {found.check for found in service.check([path])}
    name = sorted(names)[0]
    write(tmp_path, "lokta.toml", f'[target.bo]\n[checks]\nignore = ["{name}"]\n')
    with Context.at(tmp_path) as context:
        assert {found.check for found in ReviewService(context).check([path])} == names - {name}
