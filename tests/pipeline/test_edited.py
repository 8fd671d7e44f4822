"""An edition that was built and then edited comes back exactly: what was changed is a person's, what was not stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import change, read, reviewed, write
from toolkit.units import State, Unit

TEXT = """---
title: Rivers
---

# The river rose

It rose *very* fast, see [the map](img/map.png) of 12 places.

People left.

They came back in March.
"""
PAGE = """<html lang="en"><head><title>Rivers</title></head><body>
<p>It <b>rose</b> <a href="x.html">fast</a>.</p><p>It fell.</p><p>All left.</p></body></html>"""


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\nreviewer = "Dolma"\n[target.zh-Hans]\n')
    write(tmp_path, "a.md", TEXT)
    write(tmp_path, "p.html", PAGE)
    invoke("translate", "--engine", "pseudo")
    return tmp_path


def units(folder: Path, name: str = "a") -> dict[str, Unit]:
    return {unit.source: unit for unit in read(folder, "zh-Hans", name).live}


def edit(folder: Path, old: str, new: str, name: str = "a.md") -> str:
    path = f"editions/native/zh-Hans/{name}"
    text = (folder / path).read_text("utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), "utf-8")
    return path


def test_a_changed_paragraph_is_accepted_and_the_others_stay_drafts(project: Path, invoke: Run) -> None:
    invoke("build", "a.md")
    path = edit(project, "12", "14")
    before = units(project)
    assert "1 certain, 0 doubtful" in invoke("adopt", "a.md", path, "--to", "zh-Hans").stdout
    now = units(project)
    (source,) = [source for source in now if now[source] != before[source]]
    assert now[source].state is State.ACCEPTED and "14" in now[source].target
    assert "](img/map.png)" in now[source].target  # the link leads from the article again, not from the edition
    assert now[source].target.replace("14", "12") == before[source].target
    invoke("build", "a.md")
    assert "0 certain, 0 doubtful" in invoke("adopt", "a.md", path, "--to", "zh-Hans").stdout


def test_what_was_reviewed_before_is_kept_beside(project: Path, invoke: Run) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    invoke("build", "a.md")
    path = edit(project, "人们离开了。", "人们都离开了。")
    invoke("adopt", "a.md", path, "--to", "zh-Hans")
    assert units(project)["People left."].target == "人们都离开了。"
    gone = [unit for unit in read(project, "zh-Hans").units if unit.obsolete]
    assert [unit.target for unit in gone] == ["人们离开了。"] and gone[0].line("reviewed") is not None


def test_an_edition_of_an_older_catalog_overwrites_nobody(project: Path, invoke: Run) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    invoke("build", "a.md")
    path = edit(project, "12", "14")
    change(project, "People left.", reviewed("人都走了。"))
    said = invoke("adopt", "a.md", path, "--to", "zh-Hans").stdout
    assert "1 differ from what a person wrote" in said and "1 certain, 0 doubtful" in said, (
        "the other paragraph is as it was built"
    )
    assert units(project)["People left."].target == "人都走了。"


@pytest.mark.parametrize("first", ["native", "html"])
def test_two_people_edit_the_two_editions_of_one_build(project: Path, invoke: Run, first: str) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    change(project, "They came back in March.", reviewed("他们三月回来了。"))
    invoke("build", "a.md")
    paths = {"native": "editions/native/zh-Hans/a.md", "html": "editions/html/zh-Hans/a.html"}
    edits = {first: {"人们离开了": "人们都离开了"}}
    (second,) = paths.keys() - {first}
    edits[second] = {"他们三月回来了": "他们三月才回来", "人们离开了": "人们走了"}
    for form, pairs in edits.items():
        text = (project / paths[form]).read_text("utf-8")
        for old, new in pairs.items():
            assert old in text
            text = text.replace(old, new)
        (project / paths[form]).write_text(text, "utf-8")
    assert "1 certain, 0 doubtful" in invoke("adopt", "a.md", paths[first], "--to", "zh-Hans").stdout
    said = invoke("adopt", "a.md", paths[second], "--to", "zh-Hans").stdout
    assert "1 certain, 0 doubtful, 1 differ from what a person wrote" in said
    now = units(project)
    assert now["They came back in March."].target == "他们三月才回来。"
    assert now["They came back in March."].state is State.ACCEPTED
    assert now["People left."].target == "人们都离开了。", "what the first changed stands"


def test_an_edition_sent_before_the_last_build_overwrites_nobody(project: Path, invoke: Run) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    invoke("build", "a.md")
    sent = write(project, "sent/a.md", (project / "editions/native/zh-Hans/a.md").read_text("utf-8"))
    for newer in ("人们都离开了。", "人们全都离开了。"):
        change(project, "People left.", reviewed(newer))
        invoke("build", "a.md")
    said = invoke("adopt", "a.md", str(sent), "--to", "zh-Hans").stdout
    assert "0 certain" in said and "1 differ from what a person wrote" in said
    assert units(project)["People left."].target == "人们全都离开了。"


def test_paragraphs_that_went_and_came_are_listed(project: Path, invoke: Run) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    invoke("build", "a.md")
    path = edit(project, "人们离开了。\n", "")
    edit(project, "# ", "编辑注：这是一条与上文完全无关的说明文字。\n\n# ")
    said = invoke("adopt", "a.md", path, "--to", "zh-Hans", "--dry-run").stdout
    assert (
        "left source (not in the edition): People left." in said and "left target (new in the edition): 编辑注" in said
    )
    assert units(project)["People left."].state is State.REVIEWED


def test_tags_keep_the_numbers_of_the_msgid(project: Path, invoke: Run) -> None:
    change(project, "It <1>rose</1> <2>fast</2>.", reviewed("<2>很快</2>就<1>涨</1>了。"), name="p")
    invoke("build", "p.html")
    path = edit(project, "就", "马上", "p.html")
    invoke("adopt", "p.html", path, "--to", "zh-Hans")
    unit = units(project, "p")["It <1>rose</1> <2>fast</2>."]
    assert unit.target == "<2>很快</2>马上<1>涨</1>了。" and unit.state is State.ACCEPTED


def test_drafts_of_an_edition_do_not_become_approved(project: Path, invoke: Run) -> None:
    invoke("build", "p.html")
    (project / "sent.html").write_text((project / "editions/native/zh-Hans/p.html").read_text("utf-8"), "utf-8")
    for path in ("sent.html", "editions/html/zh-Hans/p.html"):
        invoke("adopt", "p.html", path, "--to", "zh-Hans", code=None)
        assert not [unit for unit in units(project, "p").values() if unit.state.approved]


def test_a_build_keeps_an_edition_that_somebody_edited(project: Path, invoke: Run) -> None:
    invoke("build")
    path = edit(project, "12", "14")
    page = project / "editions/html/zh-Hans/p.html"
    page.write_text(page.read_text("utf-8").replace("</h1>", "!</h1>"), "utf-8")
    edited = (project / path).read_bytes()
    built = invoke("build", "--format", "native")
    kept = f"locales/.trash/{path}"
    assert f"{path}: somebody changed it since it was built; that version is kept in {kept}" in built.stdout
    assert (project / kept).read_bytes() == edited and (project / path).read_bytes() != edited
    assert "p.html: somebody changed it" in invoke("build").stdout  # in a format that the build between left alone
    assert "somebody changed" not in invoke("build").stdout
    assert "1 certain, 0 doubtful" in invoke("adopt", "a.md", kept, "--to", "zh-Hans").stdout
    assert sum("14" in unit.target for unit in units(project).values()) == 1


def test_an_edit_that_was_taken_over_is_not_kept_again(project: Path, invoke: Run) -> None:
    invoke("build")
    path = edit(project, "12", "14")
    invoke("adopt", "a.md", path, "--to", "zh-Hans")
    assert "somebody changed" not in invoke("build").stdout and not (project / "locales/.trash").exists()
    edit(project, "14", "15")
    assert "somebody changed" in invoke("build").stdout


def test_an_edit_that_was_not_taken_over_whole_is_kept(project: Path, invoke: Run) -> None:
    change(project, "People left.", reviewed("人们离开了。"))
    invoke("build", "a.md")
    path = edit(project, "人们离开了。", "人们都离开了。")
    change(project, "People left.", reviewed("人都走了。"))
    assert "1 differ" in invoke("adopt", "a.md", path, "--to", "zh-Hans").stdout
    invoke("build", "a.md")
    assert "人们都离开了。" in (project / "locales/.trash" / path).read_text("utf-8")


@pytest.mark.parametrize("edited", [False, True])
def test_an_edition_of_an_older_article_says_nothing_certain_of_its_new_sentences(
    project: Path, invoke: Run, edited: bool
) -> None:
    """Neither a copy that was sent nor what a build kept: what it says was made for another source."""
    invoke("build", "a.md")
    path = project / edit(project, "# ", "# 新 ")
    if edited:
        edit(project, "12", "13")
    sent = write(project, "sent/a.md", path.read_text("utf-8"))
    write(project, "a.md", TEXT.replace("of 12 places", "of 15 places"))
    invoke("translate", "--engine", "pseudo")
    invoke("build", "a.md")
    for copy in (str(sent), "locales/.trash/editions/native/zh-Hans/a.md"):
        invoke("adopt", "a.md", copy, "--to", "zh-Hans")
        now = next(unit for source, unit in units(project).items() if "15" in source)
        assert not now.state.approved
