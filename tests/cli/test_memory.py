"""`lokta memory`: what is approved is found, memories of others come in, TMX goes out, and a doubtful cache is made again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import change, reviewed, write
from toolkit.catalog.exchange import tmx

TEXT = "Title of it\n\nThe river rose during the night.\n"


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\n[target.bo]\n')
    write(tmp_path, "a.txt", TEXT)
    invoke("translate", "--engine", "pseudo")
    change(tmp_path, "The river rose during the night.", reviewed("མཚན་མོར་གཙང་པོ་རྒྱས།"), "bo", "a")
    return tmp_path


def test_search_shows_how_like_where_from_and_by_whom(project: Path, invoke: Run) -> None:
    said = invoke("memory", "search", "The river rose during the day.", "--to", "bo").stdout
    assert said.split("\n")[:3] == [
        "84 % bo (a, Tashi, 2026-11-25)",
        "  The river rose during the night.",
        "  མཚན་མོར་གཙང་པོ་རྒྱས།",
    ]
    assert "nothing like it" in invoke("memory", "search", "The river rose during the day.", "--least", "90").stdout


def test_the_dry_run_counts_and_the_run_fills_what_status_shows(project: Path, invoke: Run) -> None:
    write(project, "b.txt", TEXT)
    invoke("translate", "--engine", "pseudo")
    change(project, "The river rose during the night.", reviewed("མཚན་མོར་གཙང་པོ་རྒྱས་སོང་།"), "bo", "a")
    assert "1 paragraph from memory" in invoke("translate", "--dry-run", "--engine", "pseudo").stdout
    assert "1 from memory" in invoke("translate", "--engine", "pseudo").stdout
    rows = [line.split() for line in invoke("status").stdout.split("\n")]
    assert rows[0][-1] == "memory" and [row[-1] for row in rows[1:3]] == ["0", "1"]
    assert "from memory" not in invoke("translate", "--dry-run", "--engine", "pseudo").stdout


def test_what_is_imported_is_listed_with_its_penalty_and_can_be_exported(project: Path, invoke: Run) -> None:
    unit = tmx.TranslationUnit((tmx.Variant("en-US", "The school opened."), tmx.Variant("bo-CN", "སློབ་གྲྭ་སྒོ་ཕྱེ།")))
    write(project, "old/club.tmx", "".join(tmx.write([unit], "en-US")))
    said = invoke("memory", "import", "old/club.tmx", "--penalty", "5").stdout
    assert said == f"old/club.tmx: 1 unit -> {Path('memory') / 'club.tmx'}\n"
    assert "memory/club.tmx: 1 pair, 5 % taken off\n2 pairs in 2 files" in invoke("memory", "stats").stdout
    assert "95 % bo (club.tmx)" in invoke("memory", "search", "The school opened.").stdout
    assert "2 pairs from 2 files" in invoke("memory", "rebuild").stdout
    assert invoke("memory", "export", "all.tmx", "--to", "bo").stdout == "all.tmx: 2 units\n"
    assert len(list(tmx.read([(project / "all.tmx").read_bytes()], "all.tmx"))) == 2


def test_what_it_refuses(project: Path, invoke: Run) -> None:
    assert "no such file" in invoke("memory", "import", "gone.tmx", code=1).stderr
    write(project, "x.tmx", '<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>')
    assert "x.tmx:1: declares entities" in invoke("memory", "import", "x.tmx", code=1).stderr
    write(project, "x.po", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    assert "name it: --to bo" in invoke("memory", "import", "x.po", code=2).stderr
    assert "name one: --to bo" in invoke("memory", "import", "x.po", "--to", "bo,zh-Hans", code=2).stderr
    assert "holds nothing yet" in invoke("memory", "export", "x2.tmx", "--to", "zh-Hans", code=1).stderr
    assert not (project / "memory").exists() or not os.listdir(project / "memory")


def test_hostile_texts_reach_no_terminal(project: Path, invoke: Run) -> None:
    unit = tmx.TranslationUnit((tmx.Variant("en", "Red school."), tmx.Variant("bo", "དམར\u202eཔོ\u0085།")))
    write(project, "x.tmx", "".join(tmx.write([unit], "en")))
    invoke("memory", "import", "x.tmx")
    said = invoke("memory", "search", "Red school.").stdout
    assert "དམར" in said and "\u202e" not in said and "\x85" not in said
