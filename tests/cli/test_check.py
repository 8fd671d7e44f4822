"""`lokta check`: what it mends, what it leaves to a person, what can be silenced, and what is new."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write, write_catalog
from toolkit import catalog as catalogs
from toolkit.units import ProvenanceLine, Unit, text_hash

TEXT = "Tea, salt and butter.\n\nIt cost 12 million.\n\nThe river rose.\n\nIt fell.\n"


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    """A draft with a half-width mark, a wrong number, an approved text with such a mark, an empty one."""
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\nreviewer = "Dolma"\n[target.zh-Hans]\n')
    write(tmp_path, "a.txt", TEXT)
    invoke("translate", "--engine", "pseudo")
    held = catalogs.read_catalog(path(tmp_path))

    def drafted(unit: Unit, target: str) -> Unit:
        line = ProvenanceLine("mt", (("engine", "x"), ("model", "m"), ("hash", text_hash(target))))
        return replace(unit, target=target).with_lines(line)

    one, two, three, four = held.live
    one, two = drafted(one, "茶,盐和酥油。"), drafted(two, "花了1300万。")
    three = catalogs.approve(replace(three, target="河水上涨."), "Dolma", "2026-11-26")
    write_catalog(path(tmp_path), replace(held, units=(one, two, three, replace(four, target="", flags=()))))
    return tmp_path


def path(folder: Path) -> Path:
    return folder / "locales/zh_Hans/LC_MESSAGES/a.po"


def test_marks_are_mended_but_not_in_what_a_person_approved(project: Path, invoke: Run) -> None:
    done = invoke("check", "--fix", code=1)
    assert "mended 1 paragraph; 1 approved one left for a person" in done.stderr
    one, two, three, _ = catalogs.read_catalog(path(project)).live
    assert (one.target, one.machine) == ("茶，盐和酥油。", True)
    assert two.target == "花了1300万。" and (three.target, three.state.approved) == ("河水上涨.", True)
    assert "mended" not in invoke("check", "--fix", "--format", "json", code=1).stdout


def test_findings_say_where_they_are_and_what_mends_them(project: Path, invoke: Run) -> None:
    found = json.loads(invoke("check", "--format", "json", code=1).stdout)
    (number,) = [one for one in found if one["check"] == "numbers"]
    assert number["source"][slice(*number["source_span"])] == "12 million"
    assert number["target"][slice(*number["target_span"])] == "1300万"
    mark = next(one for one in found if one["check"] == "typography")
    assert mark["mend"] == [[1, 2, "，"]] and mark["severity"] == "info"


def test_what_can_be_silenced(project: Path, invoke: Run) -> None:
    assert {
        one["check"] for one in json.loads(invoke("check", "--errors-only", "--format", "json", code=1).stdout)
    } == {"numbers"}
    settings = project / "lokta.toml"
    settings.write_text(settings.read_text() + 'ignore = ["numbers"]\n[checks]\nignore = ["typography"]\n')
    found = json.loads(invoke("check", "--format", "json").stdout)
    assert {one["check"] for one in found} == {"empty"}
    settings.write_text(settings.read_text().replace('["typography"]', '["typographie"]'))
    assert "ignore = ['typographie'] names no check" in invoke("check").stderr


def test_json_shows_no_hidden_signs(project: Path, invoke: Run) -> None:
    held = path(project).read_text("utf-8")
    path(project).write_text(held.replace("1300万", "1300万\u202e"), "utf-8")
    said = invoke("check", "--format", "json", code=1).stdout
    assert "\u202e" not in said and any("\u202e" in one["target"] for one in json.loads(said))


def test_a_baseline_leaves_what_is_new(project: Path, invoke: Run) -> None:
    assert "from now on only what is new is said" in invoke("check", "--baseline", "known.json").stderr
    assert invoke("check", "--baseline", "known.json").stdout == "0 errors, 0 warnings, 0 notes\n"
    held = path(project).read_text("utf-8")
    path(project).write_text(held.replace('msgstr ""\n\n', 'msgstr ""\n').replace("1300万", "1400万"), "utf-8")
    assert "number changed: 12 million became 1400万" in invoke("check", "--baseline", "known.json", code=1).stdout
    (project / "known.json").write_text("{", "utf-8")
    assert "is no baseline" in invoke("check", "--baseline", "known.json", code=1).stderr


def test_what_is_empty_is_one_line(project: Path, invoke: Run) -> None:
    held = catalogs.read_catalog(path(project))
    write_catalog(
        path(project), replace(held, units=tuple(replace(u, target="", flags=(), provenance=()) for u in held.live))
    )
    assert invoke("check").stdout.count("\n") == 2
    assert "4 paragraphs are not translated yet; this is the first" in invoke("check").stdout
