"""A reviewer's answer is taken over into the catalogs of a project, and into nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.environment import Run
from tests.support.projects import TEXT, change, path_of, read, reviewed, translate, write
from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError
from toolkit.events import Recorder
from toolkit.pipeline.mail import MailPlan, apply, plan
from toolkit.project.context import Context
from toolkit.review.answers import Answer, Answered, parse
from toolkit.review.sheet import Row, from_csv, to_csv
from toolkit.units import Catalog, State, Unit

RIVER, AGAIN = "The river rose.", "It fell again."


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two drafted articles."""
    write(tmp_path, "lokta.toml", "[target.bo]\n")
    write(tmp_path)
    write(tmp_path, "news/b.txt")
    translate(tmp_path, names=("a.txt", "news/b.txt"))
    return tmp_path


def entry(unit: Unit, target: str, act: str = "reviewed", article: str = "a", **more: Any) -> dict[str, Any]:
    was = {"target": unit.target, "state": unit.state}
    said = {"key": unit.key.short, "context": unit.context, "source": unit.source, "was": was, "target": target}
    return {"article": article, **said, "act": act, "date": "2026-11-26", "comments": [], **more}


def answer(*units: dict[str, Any], language: str = "bo") -> Answer:
    return parse(
        json.dumps({"lokta_answer": 1, "export": "9f", "reviewer": "Dolma", "language": language, "units": units})
    )


def of(catalog: Catalog, source: str) -> Unit:
    return next(unit for unit in catalog.live if unit.source == source)


def all_files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != ".lokta.lock"}


def done(folder: Path, said: Answer) -> MailPlan:
    """Planned, taken over, and taken over again."""
    with Context.at(folder) as context:
        before = all_files(folder)
        planned = plan(context, said)
        assert all_files(folder) == before, "a plan writes nothing"
        result = apply(context, said)
        assert replace(result, conflicts=()) == replace(planned, conflicts=()), "but for the lines, which move"
        assert len(result.conflicts) == len(planned.conflicts)
        once = all_files(folder)
        again = apply(context, said)
        assert all_files(folder) == once and set(again.counts) <= {"same", "conflict"}
    return result


def test_an_answer_is_taken_over(project: Path) -> None:
    change(project, AGAIN, reviewed("ཡང་བབས།"), "bo")
    held = read(project)
    title = next(iter(held.live))
    far = of(read(project, name="news/b"), RIVER)
    change(project, AGAIN, reviewed("ཡང་བབས་སོང་།"), "bo")
    gone = replace(title, source="Gone.", context="")
    result = done(
        project,
        answer(
            entry(of(held, RIVER), "ཆུ་རྒྱས།", comments=["who?"]),
            entry(of(held, AGAIN), "ཆུ་བབས།", "edited"),
            entry(gone, "སོང་།"),
            entry(far, far.target, article="news/b"),
        ),
    )
    assert result.counts == {"applied": 2, "conflict": 1, "gone": 1} and not result.refused
    assert result.files == {
        path_of(project): {"applied": 1, "conflict": 1, "gone": 1},
        path_of(project, name="news/b"): {"applied": 1},
    }
    now = read(project)
    river = of(now, RIVER)
    assert (river.target, river.state) == ("ཆུ་རྒྱས།", State.REVIEWED) and river.comments == ("Dolma, 2026-11-26: who?",)
    assert of(now, AGAIN).target == "ཡང་བབས་སོང་།"
    assert {unit.target for unit in now.units if unit.obsolete} == {"ཆུ་བབས།", "སོང་།"}
    assert of(read(project, name="news/b"), RIVER).state is State.REVIEWED
    line = catalogs.line_of(now, of(now, AGAIN))
    assert len(result.conflicts) == 1 and result.conflicts[0].startswith(f"{path_of(project)}:")
    assert AGAIN in result.conflicts[0] and line > 0


def test_grave_findings_in_what_changed_are_counted(project: Path) -> None:
    river = of(read(project), RIVER)
    assert done(project, answer(entry(river, "ཆུ་རྒྱས་སོང་། <unk>"))).errors > 0


def test_no_findings_in_what_stays(project: Path) -> None:
    change(project, RIVER, reviewed("ཆུ་རྒྱས་སོང་། <unk>"), "bo")
    river = of(read(project), RIVER)
    assert done(project, answer(entry(river, river.target, "edited"))).errors == 0


STRANGE = [
    "/etc/passwd", "../a", "news/../a", "news/../../../../a", "a\\b", "..\\a", "C:a", "./a", "news//b", "", "/", "x" * 5000,
    "ཀ" * 190, "nothing", "a.po", "news", "A/" * 90,
]  # fmt: skip


@pytest.mark.parametrize("article", STRANGE)
def test_an_article_that_is_not_here_is_refused_by_name(article: str, project: Path) -> None:
    outside = project / "locales" / "a.po"
    outside.write_bytes(path_of(project).read_bytes())
    river = of(read(project), RIVER)
    strange = Answered(
        article, river.key.short, "", RIVER, river.target, river.state, "ཆུ་རྒྱས།", "reviewed", "2026-11-26"
    )
    known = answer(entry(river, "ཆུ་རྒྱས།"))
    result = done(project, replace(known, units=(strange, strange, *known.units)))
    assert result.counts == {"applied": 1}
    (line,) = result.refused
    assert "no such article in bo here; 2 of its paragraphs" in line and len(line) < 150
    assert article[:50] in line
    with Context.at(project) as context, pytest.raises(DataError, match="none of the articles") as refused:
        apply(context, replace(known, units=(strange,)))
    assert len(str(refused.value)) < 400


def test_a_link_out_of_the_catalogs_is_not_followed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "a.po"
    elsewhere.write_bytes(path_of(project).read_bytes())
    before = elsewhere.read_bytes()
    path_of(project, name="link").symlink_to(elsewhere)
    path_of(project, name="folder").with_suffix("").symlink_to(elsewhere.parent)
    river = of(read(project), RIVER)
    said = answer(*(entry(river, "ཆུ་རྒྱས།", article=name) for name in ("link", "folder/a", "a")))
    result = done(project, said)
    assert len(result.refused) == 2 and result.counts == {"applied": 1} and elsewhere.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="there they part folders")
@pytest.mark.parametrize("article", ["a\\b", "C:a"])
def test_an_id_that_is_a_path_elsewhere_is_refused_everywhere(article: str, project: Path) -> None:
    path_of(project, name=article).write_bytes(path_of(project).read_bytes())
    river = of(read(project), RIVER)
    with Context.at(project) as context, pytest.raises(DataError, match="none of the articles"):
        plan(context, answer(entry(river, "ཆུ་རྒྱས།", article=article)))


def test_a_unit_with_the_key_of_another_is_refused(project: Path) -> None:
    river, again = (of(read(project), source) for source in (RIVER, AGAIN))
    said = answer(entry(river, "ཆུ་རྒྱས།", key="0" * 12), entry(again, "ཆུ་རྒྱས།"))
    result = done(project, said)
    assert result.counts == {"applied": 1} and of(read(project), RIVER) == river
    assert len(result.refused) == 1 and RIVER in result.refused[0]


@pytest.mark.parametrize("language", ["", "xx-nothing", "../bo", "\x7f"])
def test_a_language_that_is_none_is_refused(language: str, project: Path) -> None:
    said = replace(answer(entry(of(read(project), RIVER), "ཆུ།")), language=language)
    with Context.at(project) as context, pytest.raises(DataError, match="names no language") as refused:
        plan(context, said)
    assert refused.value.exit_code == 1 and "\n" not in str(refused.value)


def test_an_answer_in_another_language_finds_no_catalog(project: Path) -> None:
    with Context.at(project) as context, pytest.raises(DataError, match="is here in fr"):
        plan(context, answer(entry(of(read(project), RIVER), "x"), language="fr"))


def test_a_broken_catalog_is_named(project: Path) -> None:
    said = answer(entry(of(read(project), RIVER), "ཆུ།"))
    path_of(project).write_text("msgid", encoding="utf-8")
    with Context.at(project) as context, pytest.raises(CatalogError, match=r"a\.po:1"):
        plan(context, said)


def test_an_empty_answer_does_nothing(project: Path) -> None:
    assert done(project, answer()) == MailPlan({})


def test_what_an_editor_saves_meanwhile_is_kept(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer is merged again with what is on disk then."""
    path = path_of(project)
    river = of(read(project), RIVER)
    store = Context.at(project).store
    rest = type(store)._at_rest
    saved: list[Path] = []

    def saving(self: Any, asked: Path) -> str | None:
        text = rest(self, asked)
        if not saved:
            saved.append(asked)
            change(project, RIVER, reviewed("ཆུ་བོ།"), "bo")
        return text

    monkeypatch.setattr(type(store), "_at_rest", saving)
    with Context.at(project) as context:
        result = apply(context, answer(entry(river, "ཆུ་རྒྱས།")), Recorder())
    assert saved == [path] and result.counts == {"conflict": 1}
    now = read(project)
    assert of(now, RIVER).target == "ཆུ་བོ།"
    assert [unit.target for unit in now.units if unit.obsolete] == ["ཆུ་རྒྱས།"]


def rows_of(catalog: Catalog) -> Sequence[Row]:
    return [Row("a", unit.context, unit.source, unit.target, unit.state, unit.target) for unit in catalog.live]


def test_a_sheet_goes_round(project: Path) -> None:
    text = to_csv(rows_of(read(project)), "bo", "9f")
    lines = text.split("\r\n")
    place = next(number for number, line in enumerate(lines) if RIVER in line)
    lines[place] = lines[place].replace(",,,draft", ",x,who?,draft", 1)
    said, refused = from_csv("\r\n".join(lines), "Dolma", "2026-11-26")
    assert not refused and done(project, said).counts == {"applied": 1}
    river = of(read(project), RIVER)
    assert river.state is State.REVIEWED and river.comments == ("Dolma, 2026-11-26: who?",)


def test_an_article_that_was_changed_meanwhile(project: Path) -> None:
    river, again = (of(read(project), source) for source in (RIVER, AGAIN))
    said = answer(entry(river, "ཆུ་རྒྱས།"), entry(again, "ཡང་བབས།"))
    change(project, RIVER, reviewed(river.target), "bo")
    write(
        project, text=TEXT.replace("rose.", "rose again.").replace(AGAIN, "Nothing is here any more, not even water.")
    )
    translate(project, names=("a.txt",))
    result = done(project, said)
    assert set(result.counts) <= {"outdated", "conflict", "gone"} and sum(result.counts.values()) == 2
    assert {"ཆུ་རྒྱས།", "ཡང་བབས།"} <= {unit.target for unit in read(project).units}


def test_a_row_of_a_sheet_whose_source_differs_is_refused_by_its_number(project: Path) -> None:
    unit = of(read(path_of(project)), RIVER)
    rows = [Row("a", "", source, unit.target, unit.state, unit.target) for source in (RIVER, f"{RIVER} Then")]
    filled = to_csv(rows, "bo", "9f").replace(f",{unit.target},,", f",{unit.target},x,")
    said, refused = from_csv(filled, "Dolma", "2026-11-26")
    assert not refused and len(said.units) == 2
    result = done(project, said)
    assert result.counts == {"applied": 1} and ["row 2" in line for line in result.refused] == [True]


def test_a_sheet_in_which_nothing_is_approved_asks_nothing(project: Path, invoke: Run) -> None:
    invoke("review", "--export", "r.csv", "--to", "bo")
    assert " kB\n" in invoke("review", "--export", "r.csv", "--to", "bo").stdout
    assert "Pema says of 0 paragraphs: nothing\n" in invoke("review", "--import", "r.csv", "--as", "Pema").stdout
