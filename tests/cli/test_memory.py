"""`lokta memory`, and what the memory does to a project at the next run."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tests.support.environment import Run
from tests.support.projects import change, path_of, read, reviewed, write
from toolkit.catalog.exchange import tmx
from toolkit.units import State

ARTICLE = "# The river\n\nThe river rose during the night.\n\nNobody was hurt.\n"
RIVER = "The river rose during the night."


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    """Two articles; all of the first is approved, and the second has the same paragraphs and one more."""
    write(tmp_path, "lokta.toml", 'source_language = "en"\nreviewer = "Dolma"\n[target.bo]\nengine = "pseudo"\n')
    write(tmp_path, "a.md", ARTICLE)
    write(tmp_path, "b.md", f"{ARTICLE}\nThe school stays closed.\n")
    invoke("translate")
    for number, unit in enumerate(read(tmp_path).live):
        change(tmp_path, unit.source, reviewed(f"བོད་{number}།"), "bo")
    return tmp_path


def test_what_is_approved_reaches_untouched_drafts_elsewhere_and_a_dry_run_counts_it(
    project: Path, invoke: Run
) -> None:
    before = path_of(project, name="b").read_bytes()
    assert "3 paragraphs from memory" in invoke("translate", "--dry-run").stdout
    assert path_of(project, name="b").read_bytes() == before
    assert "3 from memory" in invoke("translate").stdout
    title, river, last, _ = read(project, name="b").live
    assert [one.state for one in (title, river)] == [State.REMEMBERED] * 2
    assert last.state is State.DRAFT and last.target == "བོད་2།", "another paragraph follows it here"
    line = river.line("tm")
    assert line is not None and [line.get(key) for key in ("match", "origin", "by")] == ["101", "a", "Tashi"]
    assert "2" in invoke("status").stdout.split("\n")[2].split()
    held = path_of(project, name="b").read_bytes()
    invoke("translate")
    assert path_of(project, name="b").read_bytes() == held, "the same again changes nothing"
    invoke("build", "b.md", "--only-reviewed", "--format", "native")
    edition = (project / "editions/native/bo/b.md").read_text("utf-8")
    assert "བོད་1།" in edition and "Nobody was hurt." in edition


def test_a_withdrawn_approval_is_counted_done_and_named(project: Path, invoke: Run) -> None:
    invoke("translate")
    change(project, RIVER, lambda unit: unit.flagged("fuzzy"), "bo")
    before = path_of(project, name="b").read_bytes()
    assert "1 paragraph whose approval elsewhere was withdrawn" in invoke("translate", "--dry-run").stdout
    assert path_of(project, name="b").read_bytes() == before
    assert "b -> bo: 4 paragraphs: 1 approved, 2 from the drafts on file, 1 whose approval elsewhere was withdrawn" in (
        invoke("translate").stdout
    )
    unit = next(unit for unit in read(project, name="b").live if unit.source == RIVER)
    assert (unit.state, unit.target) == (State.DRAFT, "བོད་1།")
    assert "b -> bo: 1 draft came from a, where the approval was withdrawn: lokta review" in invoke("status").stdout
    assert "it came from a, where its approval was withdrawn" in invoke("review", "--list").stdout
    invoke("build", "b.md", "--only-reviewed", "--format", "native")
    assert RIVER in (project / "editions/native/bo/b.md").read_text("utf-8")


def test_several_processes_have_the_same_memory(project: Path, invoke: Run) -> None:
    invoke("translate", "-j", "2")
    assert read(project, name="b").units[1].state is State.REMEMBERED


def test_search_says_how_near_and_from_whom(project: Path, invoke: Run) -> None:
    said = invoke("memory", "search", "The river rose during the day.", "--to", "bo", "--least", "70").stdout
    assert "% bo (a, Tashi" in said and RIVER in said and "བོད་1།" in said
    assert "nothing like it was approved yet (--least 50 looks further)" in invoke("memory", "search", "Tea").stdout


def test_out_and_back_with_a_penalty(project: Path, invoke: Run) -> None:
    assert "3 units" in invoke("memory", "export", "out.tmx", "--to", "bo").stdout
    units = list(tmx.read([(project / "out.tmx").read_bytes()], "out.tmx"))
    assert [one.variants[1].author for one in units] == ["Tashi"] * 3
    done = invoke("memory", "import", "out.tmx", "--penalty", "7")
    assert "out.tmx: 3 units -> memory/out.tmx" in done.stdout
    assert "memory/out.tmx: 3 pairs, 7 % taken off" in invoke("memory", "stats").stdout
    assert "is there already" in invoke("memory", "import", "out.tmx", code=1).stderr
    for name in ("a", "b"):
        path_of(project, name=name).unlink()
    (project / "a.md").unlink()
    invoke("translate", "b.md", "--engine", "memory")
    line = read(project, name="b").units[1].line("tm")
    assert line is not None and (line.get("match"), line.get("origin")) == ("93", "out.tmx")
    assert read(project, name="b").units[1].fuzzy, "an imported memory is never more than a draft"
    assert "pairs from" in invoke("memory", "rebuild").stdout
    (project / "memory/out.tmx").unlink()
    assert "memory/out.tmx" not in invoke("memory", "stats").stdout


def test_a_memory_that_cannot_be_read_is_named(project: Path, invoke: Run) -> None:
    write(project, "memory/broken.tmx", "")
    assert "memory/broken.tmx:1: is no XML" in invoke("memory", "stats").stderr


def test_catalogs_of_others_are_taken(project: Path, invoke: Run) -> None:
    entries = [polib.POEntry(msgid="Tea", msgstr="ཇ།"), polib.POEntry(msgid="Salt", msgstr="ཚྭ།", flags=["fuzzy"])]
    other = polib.POFile()
    other.metadata = {"Language": "bo", "Content-Type": "text/plain; charset=UTF-8"}
    other.extend(entries)
    other.save(str(project / "old.po"))
    other.save_as_mofile(str(project / "older.mo"))
    assert "1 unit" in invoke("memory", "import", "old.po", "older.mo").stdout
    assert "(old.tmx" in invoke("memory", "search", "Tea").stdout
    assert invoke("memory", "search", "Salt").stdout.startswith("nothing like it")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.tmx", b"<tmx>", "x.tmx:1: is no XML"),
        ("x.tmx", b"<tmx/>", "holds no translations"),
        ("x.mo", b"\xde\x12\x04\x95" + b"\xff" * 40, "is no .mo file"),
        ("x.mo", b"", "is no .mo file"),
        ("x.txt", b"a", "is no .tmx, .po or .mo"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    name: str, data: bytes, said: str, project: Path, invoke: Run
) -> None:
    (project / name).write_bytes(data)
    done = invoke("memory", "import", name, "--to", "bo", code=1)
    assert said in done.stderr and done.stderr.count("\n") == 1
    assert not list(project.glob("memory/*.tmx"))


def test_what_it_refuses(project: Path, invoke: Run) -> None:
    assert "no such file" in invoke("memory", "import", "gone.tmx", code=1).stderr
    write(project, "x.tmx", '<!DOCTYPE tmx [<!ENTITY a "b">]><tmx>&a;</tmx>')
    assert "x.tmx:1: declares entities" in invoke("memory", "import", "x.tmx", code=1).stderr
    write(project, "x.po", 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n')
    assert "name it: --to bo" in invoke("memory", "import", "x.po", code=2).stderr
    assert "name one: --to bo" in invoke("memory", "import", "x.po", "--to", "bo,zh-Hans", code=2).stderr
    assert "holds nothing yet" in invoke("memory", "export", "x2.tmx", "--to", "zh-Hans", code=1).stderr
    assert not list(project.glob("memory/*"))


def test_hostile_texts_reach_no_terminal(project: Path, invoke: Run) -> None:
    unit = tmx.TranslationUnit((tmx.Variant("en", "Red school."), tmx.Variant("bo", "དམར\u202eཔོ\u0085།")))
    write(project, "x.tmx", "".join(tmx.write([unit], "en")))
    invoke("memory", "import", "x.tmx")
    said = invoke("memory", "search", "Red school.").stdout
    assert "དམར" in said and "\u202e" not in said and "\x85" not in said
