"""Records of builds: what is read of one, and that a broken one counts as none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import write
from toolkit.pipeline.build_record import (
    LastBuild,
    editions_of,
    note_taken_over,
    read_record,
    record_name,
    said_hash,
    texts_said,
)
from toolkit.project.context import Context
from toolkit.project.discovery import of_project
from toolkit.units import text_hash


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'articles = "articles"\n[target.bo]\n')
    write(tmp_path, "articles/a.txt", "The river rose by night.\n")
    invoke("translate", "--engine", "pseudo")
    invoke("build")
    return tmp_path


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '"x"', '{"editions": 3, "texts": [1], "earlier": 2}', "[" * 9_999]
)
def test_a_broken_record_counts_as_none(project: Path, text: str, invoke: Run) -> None:
    with Context.at(project) as context:
        (source,) = of_project(context.config)
        place = context.private / record_name(source, "bo")
        assert read_record(context, source, "bo")["editions"]
        place.write_text(text, "utf-8")
        record = read_record(context, source, "bo")
        assert editions_of(record) == {} and LastBuild.of(record) == LastBuild()
        assert texts_said({"k": "t"}, record) == {"texts": {"k": "t"}, "earlier": {}, "gone": [], "added": []}
        note_taken_over(context, source, "bo", context.config.editions / "native/bo/a.txt", b"x")
        assert place.read_text("utf-8") == text, "nothing is noted in it"
    assert "editions" in invoke("build").stdout


def test_texts_of_builds_before_are_known() -> None:
    first = texts_said({"k": "one"}, {})
    second = texts_said({"k": "two"}, first)
    third = texts_said({"k": "one"}, second)
    assert (first["earlier"], second["earlier"], third["earlier"]) == ({}, {"k": ["one"]}, {"k": ["two"]})


def test_paragraphs_that_came_and_went_are_known() -> None:
    first = texts_said({"a": "one", "b": "two"}, {})
    second = texts_said({"a": "one", "c": "three"}, first)
    third = texts_said({"a": "one", "c": "three", "d": "four"}, second)
    assert (second["gone"], second["added"]) == (["two"], ["c"])
    assert (third["gone"], third["added"]) == (["two"], ["c", "d"])


def test_what_is_a_persons_edit() -> None:
    key = text_hash("Source.")
    last = LastBuild({}, {key: said_hash("built")}, {key: [said_hash("older")]})
    assert last.is_edit("Source.", "built", "edited")
    assert not last.is_edit("Source.", "built", "built"), "nobody edited it"
    assert not last.is_edit("Source.", "changed", "edited"), "the catalog says something else now"
    assert not last.is_edit("Source.", "built", "older"), "an older build said so"
    assert not last.is_edit("Another.", "built", "edited")
