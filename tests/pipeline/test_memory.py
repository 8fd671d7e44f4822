"""The memory of a project: approvals reach other articles, imported memories say where they come from, TMX goes both ways."""

from __future__ import annotations

import re
import struct
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import polib
import pytest

from tests.support.projects import change, order, path_of, read, reviewed, translate, write, write_catalog
from toolkit.alignment import sentences
from toolkit.alignment.ibm import Model1, train
from toolkit.catalog import approve
from toolkit.catalog.exchange import tmx
from toolkit.edition.disclosure import models, reviewers
from toolkit.edition.job import EditionJob, Policy
from toolkit.edition.manifest import article_record
from toolkit.errors import DataError
from toolkit.events import Recorder
from toolkit.memory.fill import withdrawn_from
from toolkit.page.view import unit_view
from toolkit.pipeline.memory import put, refreshed, take
from toolkit.pipeline.translate import foresee
from toolkit.project.context import Context
from toolkit.review.acts import reject
from toolkit.review.rank import weigh
from toolkit.review.states import Shown, shown_state
from toolkit.units import Catalog, LanguagePair, State, Unit

A = "Title of it\n\nThe river rose 3 metres on Sunday night.\n\nIt fell again.\n"
B = f"{A}\nThe river rose 3 metres on Monday night.\n\nThe river rose 5 metres on Sunday night.\n"
RIVER = "The river rose 3 metres on Sunday night."
WORDS = {"Title of it": "མགོ་བརྗོད།", RIVER: "གཙང་པོ་སྨི་3་རྒྱས།", "It fell again.": "ཡང་བབས།"}
PAIR = LanguagePair("en", "bo")


def approve_all(folder: Path, to: Callable[[str], Callable[[Unit], Unit]] = reviewed) -> None:
    for source, words in WORDS.items():
        change(folder, source, to(words), "bo", "a")


def units(folder: Path, name: str = "b") -> dict[str, Unit]:
    return {unit.source: unit for unit in read(folder, name=name).live}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, "lokta.toml", "[target.bo]\n")
    write(tmp_path, "a.txt", A)
    write(tmp_path, "b.txt", B)
    translate(tmp_path)
    return tmp_path


def test_an_approval_reaches_untouched_drafts_of_other_articles_at_the_next_run_and_is_counted_before(
    project: Path,
) -> None:
    approve_all(project)
    change(project, "It fell again.", lambda unit: replace(unit, target="ངའི།"), "bo", "b")
    with Context.at(project) as context:
        assert [one.memory for one in foresee(context, order(context))] == [2]
    done = {one.article: one for one in translate(project).summaries}
    found = units(project)
    assert (done["b"].memory, done["a"].memory, done["a"].approved) == (2, 0, 3)
    assert [found[source].state for source in WORDS] == [State.REMEMBERED, State.REMEMBERED, State.DRAFT]
    assert found["It fell again."].target == "ངའི།"
    line = found[RIVER].line("tm")
    assert line is not None and (line.get("origin"), line.get("by")) == ("a", "Tashi")
    before = path_of(project, name="b").read_bytes()
    again = {one.article: one for one in translate(project).summaries}
    assert path_of(project, name="b").read_bytes() == before and (again["b"].memory, again["b"].approved) == (0, 2)
    with Context.at(project) as context:
        assert [one.memory for one in foresee(context, order(context))] == [0]


def test_a_later_approval_goes_the_same_way(project: Path) -> None:
    approve_all(project)
    translate(project)
    change(project, RIVER, reviewed("གཙང་པོ་སྨི་3་འཕར།"), "bo", "a")
    translate(project)
    assert units(project)[RIVER].target == "གཙང་པོ་སྨི་3་འཕར།"


def unapproved(unit: Unit) -> Unit:
    return unit.flagged("fuzzy")


@pytest.mark.parametrize(
    "back",
    [unapproved, lambda unit: replace(unapproved(unit), target=""), lambda unit: reject(unit, "Dolma", "2026-11-27")],
)
def test_an_approval_that_is_withdrawn_is_withdrawn_elsewhere_at_the_next_run(
    project: Path, back: Callable[[Unit], Unit]
) -> None:
    approve_all(project)
    translate(project)
    change(project, RIVER, back, "bo", "a")
    with Context.at(project) as context:
        assert [(one.withdrawn, one.memory) for one in foresee(context, order(context))] == [(1, 0)]
    done = {one.article: one for one in translate(project).summaries}
    unit = units(project)[RIVER]
    assert (done["b"].withdrawn, done["b"].approved, done["a"].withdrawn) == (1, 1, 0)
    assert (unit.target, unit.state, unit.machine) == (WORDS[RIVER], State.DRAFT, True)
    assert withdrawn_from(unit) == "a"
    assert any("a, where its approval was withdrawn" in why for why in weigh(unit, ()).reasons)
    assert unit_view(unit, read(project, name="b"))["withdrawn"] == "a"
    before = path_of(project, name="b").read_bytes()
    again = {one.article: one for one in translate(project).summaries}
    assert path_of(project, name="b").read_bytes() == before and again["b"].withdrawn == 0
    change(project, RIVER, unapproved, "bo", "b")
    change(project, RIVER, lambda unit: unit.flagged("fuzzy", on=False), "bo", "b")
    assert units(project)[RIVER].state is State.ACCEPTED, "whoever approves it here in an editor approves it"


def test_an_approval_given_again_goes_the_same_way(project: Path) -> None:
    approve_all(project)
    translate(project)
    change(project, RIVER, unapproved, "bo", "a")
    translate(project)
    change(project, RIVER, reviewed("གཙང་པོ་སྨི་3་འཕར།"), "bo", "a")
    translate(project)
    unit = units(project)[RIVER]
    assert (unit.state, unit.target, withdrawn_from(unit)) == (State.REMEMBERED, "གཙང་པོ་སྨི་3་འཕར།", "")


def test_a_withdrawn_approval_leaves_what_a_person_or_another_article_approved(project: Path) -> None:
    write(project, "c.txt", A)
    translate(project)
    approve_all(project)
    translate(project)
    change(project, RIVER, lambda unit: approve(unit, "Dolma", "2026-11-26"), "bo", "b")
    change(project, "Title of it", lambda unit: approve(unit, "Dolma", "2026-11-26"), "bo", "c")
    for source in (RIVER, "Title of it"):
        change(project, source, unapproved, "bo", "a")
    translate(project)
    found, third = units(project), units(project, "c")
    assert (found[RIVER].state, found["Title of it"].state) == (State.REVIEWED, State.REMEMBERED)
    assert found["Title of it"].line("tm").get("origin") == "c"  # type: ignore[union-attr]
    assert third[RIVER].state is State.REMEMBERED and third[RIVER].line("tm").get("origin") == "b"  # type: ignore[union-attr]


def test_an_approval_outlives_its_paragraph_its_typography_its_context_and_its_article(project: Path) -> None:
    approve_all(project)
    translate(project)
    for text in (
        A.replace("Sunday night.", "Sunday  night."),
        A.replace("\n\nIt fell", "\n\nA new one.\n\nIt fell"),
        "Title of it\n\nIt fell again.\n",
    ):
        write(project, "a.txt", text)
        translate(project)
        assert units(project)[RIVER].state is State.REMEMBERED, text
    write(project, "locales/bo/LC_MESSAGES/a.po", "no catalog")
    (project / "a.txt").unlink()
    translate(project)
    assert units(project)[RIVER].state is State.REMEMBERED, "nobody can say what it approves"
    path_of(project).unlink()
    translate(project)
    assert units(project)[RIVER].state is State.REMEMBERED, "nobody took the approval back"


def test_it_shows_apart_from_what_was_approved_here(project: Path) -> None:
    approve_all(project)
    change(project, "Title of it", lambda unit: replace(unit, target="མིང་།").flagged("fuzzy", on=False), "bo", "a")
    translate(project)
    found = units(project)
    assert Counter(map(shown_state, found.values())) == {Shown.MEMORY: 2, Shown.DRAFT: 3}
    with Context.at(project) as context:
        source = order(context, names=("b.txt",)).sources[0]
        from toolkit.project.discovery import load

        job = EditionJob(load(context.store, source, "en").article, "b", read(project, name="b"), policy=Policy(True))
    record = article_record(job)
    assert record["counts"] == {"reviewed": 1, "draft": 0, "outdated": 0, "source": 4, "from_memory": 2}
    title, river = record["paragraphs"][:2]
    assert (title["state"], title["shown"]) == ("memory", "source"), "nobody approved it by name"
    assert (river["state"], river["shown"]) == ("memory", "reviewed")
    assert river["tm"] == {"match": "101", "origin": "a", "by": "Tashi", "engine": "pseudo", "edited": "yes"}
    assert reviewers(job.pairs) == {"Tashi": 1} and models(job.pairs) == {"pseudo": 1}


def test_where_no_engine_is_near_matches_are_drafts_unless_numbers_differ(project: Path) -> None:
    approve_all(project)
    path_of(project, name="b").unlink()
    translate(project, engine="")
    found = units(project)
    near, other = (found[f"The river rose {said} night."] for said in ("3 metres on Monday", "5 metres on Sunday"))
    assert near.machine and near.line("tm").get("match") == "95" and near.target == WORDS[RIVER]  # type: ignore[union-attr]
    assert not near.previous_source and not other.target
    translate(project)
    assert units(project)[near.source].line("mt"), "an engine that comes drafts it"


def imported(folder: Path, file: Path, penalty: float = 0) -> Path:
    with Context.at(folder) as context:
        return take(context, file, PAIR, penalty)[0]


def test_an_imported_memory_gives_drafts_that_say_where_they_come_from(project: Path) -> None:
    text = "".join(tmx.write([tmx.TranslationUnit((tmx.Variant("en-GB", RIVER), tmx.Variant("bo", "གཞན།")))], "en-GB"))
    file = write(project, "elsewhere/ten years.tmx", text)
    assert imported(project, file, 3) == project / "memory" / "ten years.tmx"
    with pytest.raises(DataError, match="is there already"):
        imported(project, file)
    translate(project)
    assert units(project)[RIVER].line("mt"), "with a penalty it is as a similar text, and an engine comes first"
    path_of(project, name="b").unlink()
    translate(project, engine="")
    line = units(project)[RIVER].line("tm")
    assert line is not None and (line.get("match"), line.get("origin")) == ("97", "ten years.tmx")
    approve_all(project)
    translate(project)
    assert units(project)[RIVER].target == WORDS[RIVER], "what the project approved comes first"
    (project / "memory" / "ten years.tmx").unlink()
    with Context.at(project) as context:
        assert [one.name for one in refreshed(context).stats() if one.pairs] == ["locales/bo/LC_MESSAGES/a.po"], (
            "what came from the memory is no memory of its own"
        )


def test_catalogs_and_mo_files_of_others_are_imported(project: Path) -> None:
    catalog = polib.POFile()
    catalog.metadata = {"Language": "bo", "Content-Type": "text/plain; charset=UTF-8"}
    catalog.append(polib.POEntry(msgid="The end.", msgstr="མཇུག།"))
    catalog.append(polib.POEntry(msgid="A draft.", msgstr="ཟིན་བྲིས།", flags=["fuzzy"]))
    catalog.save(str(project / "old.po"))
    catalog.save_as_mofile(str(project / "older.mo"))
    for name in ("old.po", "older.mo"):
        imported(project, project / name)
    with Context.at(project) as context:
        memory = refreshed(context)
        assert [one.origin for one in memory.exact("The end.", PAIR)] == ["old.tmx"]
        assert [(one.name, one.pairs) for one in memory.stats() if "memory" in one.name] == [
            ("memory/old.tmx", 1),
            ("memory/older.tmx", 1),
        ]
        assert memory.exact("A draft.", PAIR) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("x.tmx", b"<tmx><body><tu>", "is no XML"),
        ("x.tmx", b"<tmx><body/></tmx>", "holds no translations"),
        ("x.mo", b"\xde\x12\x04\x95\x00\x00\x00\x00\xff\xff\xff\xff\x1c\x00\x00\x00", "is no .mo file"),
        ("x.mo", b"", "is no .mo file"),
        (
            "x.mo",
            struct.pack("<7I", 0x950412DE, 0, 2, 28, 28, 0, 28) + struct.pack("<4I", 999, 28, 999, 28),
            "is no .mo file",
        ),
        ("x.po", b'msgid "x', "x.po:1"),
        ("x.csv", b"a,b", "is no .tmx, .po or .mo"),
    ],
)
def test_what_is_no_memory_is_one_line_and_leaves_nothing(project: Path, name: str, data: bytes, said: str) -> None:
    (project / name).write_bytes(data)
    with pytest.raises(DataError, match=said):
        imported(project, project / name)
    assert not list((project / "memory").glob("*")) if (project / "memory").exists() else True


def test_a_memory_that_broke_or_is_a_link_out_is_told_and_the_rest_is_used(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    approve_all(project)
    outside = write(tmp_path_factory.mktemp("outside"), "x.tmx", "<tmx/>")
    (project / "memory").mkdir()
    (project / "memory" / "link.tmx").symlink_to(outside)
    write(project, "memory/broken.tmx", "<tmx><body><tu>")
    told = Recorder()
    with Context.at(project) as context:
        memory = refreshed(context, told)
        assert memory.exact(RIVER, PAIR)
    assert ["link.tmx" in told.warnings[1], "broken.tmx" in told.warnings[0]] == [True, True], told.warnings


def test_what_is_exported_comes_back(project: Path) -> None:
    approve_all(project)
    with Context.at(project) as context:
        assert put(context, project / "out.tmx", ()) == 3
        with pytest.raises(DataError, match="holds nothing"):
            put(context, project / "none.tmx", ("zh-Hans",))
    assert not (project / "none.tmx").exists()
    found = list(tmx.read([(project / "out.tmx").read_bytes()], "out.tmx"))
    assert {one.variants[0].text: one.variants[1].text for one in found} == WORDS
    assert {one.variants[1].author for one in found} == {"Tashi"}


def test_sentences_of_undrafted_paragraphs_are_aligned_once(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    learned: list[int] = []

    def model(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> Model1:
        learned.append(1)
        return train(pairs)

    monkeypatch.setattr(sentences, "train", model)
    monkeypatch.setattr(sentences, "_ENOUGH", 20)
    places = ["Lhasa", "Delhi", "Paris", "Cairo", "Tokyo", "Quito"]
    paragraphs = {
        f"{one} has {n + 20} bridges. {other} opened {n + 70} schools.": f"{one}有{n + 20}座桥。{other}开了{n + 70}所学校。"
        for n, (one, other) in enumerate(permutations(places, 2))
    }
    held = Catalog(
        "en",
        "zh-Hans",
        tuple(Unit(source, target) for source, target in paragraphs.items()),
        {"X-Lokta-Article": "n", "X-Source-Language": "en", "Language": "zh_Hans"},
    )
    write_catalog(path_of(project, "zh-Hans", "n"), held)
    with Context.at(project) as context:
        quick = [one for one in refreshed(context, align=False).entries() if one.kind == "sentence"]
        assert (quick, learned) == ([], [])
        found = {one.source: one.target for one in refreshed(context).entries() if one.kind == "sentence"}
        assert found["Delhi opened 70 schools."] == "Delhi开了70所学校。" and len(found) > 40 and learned == [1]
        assert all(source.split()[2] in target for source, target in found.items())
        changed = replace(held, units=(*held.units, Unit("A heading", "标题")))
        write_catalog(path_of(project, "zh-Hans", "n"), changed)
        again = {one.source: one.target for one in refreshed(context).entries() if one.kind == "sentence"}
        assert again == found and learned == [1], "what was aligned is noted"
        assert refreshed(context, align=False).near("A heading", LanguagePair("en", "zh-Hans"))
        refreshed(context, again=True)
        assert learned == [1, 1]


def test_inline_codes_of_html_and_markdown_go_out_and_come_in_again(project: Path) -> None:
    write(project, "c.html", '<html lang="en"><body><p>The <a href="/x">river</a><br>rose.</p></body></html>')
    write(project, "d.md", "The **bridge** fell.\n")
    translate(project, names=("c.html", "d.md"))
    change(project, "The <1>river</1><2/>rose.", reviewed("<1>གཙང་པོ་</1><2/>རྒྱས།"), "bo", "c")
    change(project, "The **bridge** fell.", reviewed("**ཟམ་པ་** བརྡིབས།"), "bo", "d")
    with Context.at(project) as context:
        assert put(context, project / "out.tmx", ()) == 2
        first = {entry.source: entry for entry in refreshed(context).entries()}
    text = (project / "out.tmx").read_text("utf-8")
    assert '<seg>The <bpt i="1">&lt;1&gt;</bpt>river<ept i="1">&lt;/1&gt;</ept><ph>&lt;2/&gt;</ph>rose.</seg>' in text
    assert '<seg><bpt i="1">**</bpt>ཟམ་པ་<ept i="1">**</ept> བརྡིབས།</seg>' in text
    for name in ("c", "d"):
        path_of(project, name=name).unlink()
    imported(project, project / "out.tmx")
    with Context.at(project) as context:
        back = {entry.source: entry for entry in refreshed(context).entries()}
        assert {source: (one.target, one.markup, one.reviewer) for source, one in back.items()} == {
            source: (one.target, one.markup, one.reviewer) for source, one in first.items()
        }
        assert {one.markup for one in back.values()} == {"tags", "markdown"}
        put(context, project / "again.tmx", ())
    segments = [re.findall("<seg>.*?</seg>", (project / name).read_text("utf-8")) for name in ("out.tmx", "again.tmx")]
    assert segments[0] == segments[1]


def test_a_cache_that_cannot_be_written_is_no_hindrance(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    approve_all(project)
    monkeypatch.setenv("LOKTA_CACHE", str(write(project, "no-folder", "")))
    translate(project)
    assert units(project)[RIVER].state is State.REMEMBERED
