"""`lokta terms`, and what an approved term does to the other commands."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write, write_catalog
from toolkit import catalog as catalogs
from toolkit.files import cache_folder
from toolkit.units import ProvenanceLine, text_hash

TEXT = """Mugabe in Harare

On Monday Robert Mugabe met Tenzin Dorjee of the U.N. in Harare.

"It is cold," Robert Mugabe said on Tuesday.

Then Robert Mugabe went to see Tenzin Dorjee.
"""
SAID = (
    "穆加贝在哈拉雷",
    "周一，穆加贝在哈拉雷会见了联合国的丹增多杰。",
    "穆加贝周二说：“很冷。”",
    "然后，穆加比去见了丹增多杰。",
)
HEADING = "source,approved,zh-Hans\n"


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(
        tmp_path, "lokta.toml", 'source_language = "en"\narticles = "articles"\nreviewer = "Dolma"\n[target.zh-Hans]\n'
    )
    write(tmp_path, "articles/a.txt", TEXT)
    invoke("translate", "--engine", "pseudo")
    held = catalogs.read_catalog(po(tmp_path))
    line = ProvenanceLine("mt", (("engine", "x"), ("model", "m")))
    made = [
        replace(unit, target=said).with_lines(replace(line, values=(*line.values, ("hash", text_hash(said)))))
        for unit, said in zip(held.live, SAID, strict=True)
    ]
    write_catalog(po(tmp_path), replace(held, units=tuple(made)))
    return tmp_path


def po(folder: Path) -> Path:
    return folder / "locales/zh_Hans/LC_MESSAGES/a.po"


def test_names_are_proposed_before_anything_is_drafted(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "b.txt", TEXT)
    done = invoke("terms", "propose", "b.txt", "--to", "bo")
    assert [line.split("(")[0].split() for line in done.stdout.split("\n")[:3]] == [
        ["3", "Robert", "Mugabe"],
        ["2", "Harare"],
        ["2", "Tenzin", "Dorjee"],
    ]
    assert "Monday" not in done.stdout and not (tmp_path / "terms.csv").exists()


def test_proposals_say_what_drafts_call_a_name_and_become_rows(project: Path, invoke: Run) -> None:
    found = json.loads(invoke("terms", "propose", "--format", "json").stdout)
    (one,) = [name for name in found if name["source"] == "Robert Mugabe"]
    assert (one["count"], one["places"][0]) == (3, "articles/a.txt:3")
    assert one["called"]["zh-Hans"]["drafts"] == {"穆加": 3}, "what all three drafts have"
    invoke("terms", "propose", "--write")
    text = (project / "terms.csv").read_text("utf-8")
    assert "\nRobert Mugabe,name,,,,,\n" in text
    assert "has them all" in invoke("terms", "propose", "--write").stderr
    assert (project / "terms.csv").read_text("utf-8") == text
    assert "listed" in invoke("terms", "propose").stdout


def test_what_people_approved_of_one_accord_is_filled_in(project: Path, invoke: Run) -> None:
    write(project, "articles/a.txt", TEXT.replace("Then Robert Mugabe", "Then he"))
    held = catalogs.read_catalog(po(project))
    write_catalog(
        po(project), replace(held, units=tuple(catalogs.approve(one, "Dolma", "2026-11-26") for one in held.live))
    )
    invoke("terms", "propose", "--write")
    row = next(line for line in (project / "terms.csv").read_text("utf-8").split("\n") if line.startswith("Tenzin"))
    assert row == "Tenzin Dorjee,name,,,,,丹增多杰"


def test_only_what_is_approved_binds(project: Path, invoke: Run) -> None:
    write(project, "terms.csv", HEADING + "Robert Mugabe|Mugabe,,穆加贝|!穆加比\n")
    found = json.loads(invoke("check", "--format", "json", code=None).stdout)
    (one,) = [finding for finding in found if finding["check"] == "terms"]
    assert (one["severity"], "穆加贝 in 3 other paragraphs" in one["message"]) == ("warning", True)
    write(project, "terms.csv", HEADING + "Robert Mugabe|Mugabe,zh-Hans,穆加贝|!穆加比\n")
    found = json.loads(invoke("check", "--format", "json", code=1).stdout)
    (one,) = [finding for finding in found if finding["check"] == "terms"]
    assert one["severity"] == "error" and one["mend"] == [[3, 6, "穆加贝"]]
    assert one["target"][3:6] == "穆加比"
    assert "nothing was built" in invoke("build", "--strict", "--include-drafts", code=1).stderr
    assert "the term Robert Mugabe is 穆加贝, not 穆加比" in invoke("terms", "check", code=1).stdout
    assert "is called in 2 ways" in invoke("terms", "check", code=1).stdout
    write(project, "lokta.toml", (project / "lokta.toml").read_text("utf-8") + 'ignore = ["terms"]\n')
    assert "[terms]" not in invoke("check", code=None).stdout


def test_a_name_that_slipped_is_found_without_a_list(project: Path, invoke: Run) -> None:
    write(project, "articles/b.txt", "Then Robert Mugabe ate.\n\nThen Robert Mugabe slept.\n")
    invoke("translate", "articles/b.txt", "--engine", "pseudo")
    path = project / "locales/zh_Hans/LC_MESSAGES/b.po"
    held = catalogs.read_catalog(path)
    said = ("然后，穆加贝吃饭。", "穆加贝睡了。")
    write_catalog(path, replace(held, units=tuple(replace(u, target=t) for u, t in zip(held.live, said, strict=True))))
    done = invoke("terms", "check")
    line = "a.po:42: warning: Robert Mugabe is called 穆加比 here, 穆加贝 in 4 other paragraphs [consistency]"
    assert line in done.stdout
    for more in ((), ("-j", "2"), ("locales/zh_Hans/LC_MESSAGES/a.po",)):
        assert line in invoke("check", *more).stdout, "of all the project, whatever is checked"
    (kept,) = [p for p in (cache_folder() / "findings").rglob("*.json") if "穆加贝" in p.read_text("utf-8")]
    kept.write_text(kept.read_text("utf-8").replace("Robert Mugabe", "Robert"), "utf-8")
    assert "Robert is called" in invoke("check").stdout, "what is known is not found out again"
    other = tuple(target.replace("穆加贝", "穆加比") for target in said)
    write_catalog(path, replace(held, units=tuple(replace(u, target=t) for u, t in zip(held.live, other, strict=True))))
    assert "穆加比 in 3 other paragraphs" in invoke("check").stdout, "another catalog changed"
    write(project, "lokta.toml", (project / "lokta.toml").read_text("utf-8") + '[checks]\nignore = ["consistency"]\n')
    done = invoke("check")
    assert "consistency" not in done.stdout + done.stderr
    assert done.stdout.count("warning") == 1


def test_a_bad_row_is_named_before_anything_is_drafted(project: Path, invoke: Run) -> None:
    write(project, "terms.csv", HEADING + "good,,好\nx,martian,好\ny,bo,\n")
    for command in (("translate", "--engine", "pseudo"), ("check",), ("terms", "list")):
        done = invoke(*command, code=1)
        assert "terms.csv:3: approved names 'martian'" in done.stderr and "and 1 more" in done.stderr
    done = invoke("terms", "check", code=1)
    assert "terms.csv:3:" in done.stdout and "terms.csv:4:" in done.stdout and "2 bad rows" in done.stdout


def test_the_starter_list_comes_in_once_and_binds_what_is_approved(project: Path, invoke: Run) -> None:
    assert "150 terms added, 150 of them approved" in invoke("terms", "import", "--starter").stdout
    assert "0 terms added, 0 of them approved; 150 known already" in invoke("terms", "import", "--starter").stdout
    assert "Dalai Lama: zh-Hans 达赖喇嘛 | 达赖" in invoke("terms", "list").stdout
    assert invoke("terms", "check", code=1).stdout.count("error") >= 1
    invoke("terms", "import", code=2)


def test_another_list_comes_in_unapproved(project: Path, invoke: Run) -> None:
    write(project, "terms.csv", HEADING + "Harare,yes,哈拉雷\n")
    before = (project / "terms.csv").read_text("utf-8")
    write(
        project,
        "theirs.csv",
        "source;approved;zh-Hans;bo\nHARARE;yes;X;\nTenzin Dorjee;yes;丹增多杰;བསྟན་འཛིན་རྡོ་རྗེ།\nbad;martian;;\n",
    )
    done = invoke("terms", "import", "theirs.csv", "--unapproved")
    assert "1 term added, 0 of them approved; 1 known already" in done.stdout and "theirs.csv:4:" in done.stderr
    now = (project / "terms.csv").read_text("utf-8")
    assert now.split("\n")[1] == before.split("\n")[1] and "Tenzin Dorjee,,丹增多杰,བསྟན་འཛིན་རྡོ་རྗེ།" in now


def test_a_list_outside_of_the_project_is_not_touched(
    project: Path, invoke: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    os.symlink(outside / "terms.csv", project / "terms.csv")
    invoke("terms", "propose", "--write", code=1)
    assert not (outside / "terms.csv").exists()


def test_articles_without_capitals_are_told(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "c.txt", "拉萨下雨了。今天很冷。\n")
    done = invoke("terms", "propose", "c.txt", "--to", "bo")
    assert "zh-Hans: names are told from words by their capitals" in done.stderr
