"""A file that comes back from a translator's tool meets what was done here meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.exchange import at_once
from tests.support.environment import Run
from tests.support.projects import change, path_of, read, reviewed, translate, write, write_catalog
from toolkit.catalog.exchange import FORMATS, document
from toolkit.pipeline.exchange import put
from toolkit.project.context import Context
from toolkit.review.acts import reject
from toolkit.units import State, Unit

RIVER, AGAIN = "The river rose.", "It fell again."
FILES = {"xliff": "a.xlf", "xliff2": "b.xlf", "tmx": "a.tmx"}
each = pytest.mark.parametrize("form", FILES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drafted article."""
    write(tmp_path, "lokta.toml", 'reviewer = "Tashi"\n[target.bo]\n')
    write(tmp_path)
    translate(tmp_path)
    return tmp_path


def sent(folder: Path, form: str, target: str = "", state: str = "", note: str = "", source: str = RIVER) -> str:
    """The name of an exported file, in which a tool changed one unit: its text, its state, a note."""
    with Context.at(folder) as context:
        put(context, [path_of(folder)], folder / FILES[form], form)
    text = (folder / FILES[form]).read_text(encoding="utf-8")
    was = of(folder, source)
    head, tail = text.split(f">{source}<", 1)
    if target:
        tail = tail.replace(f">{was.target}<", f">{target}<", 1)
    if state and form == "xliff":
        before, rest = tail.split("<target ", 1)
        tail = f'{before}<target state="{state}">{rest.split(">", 1)[1]}'
    elif state:
        before, rest = head.rsplit("<segment ", 1)
        head = f'{before}<segment state="{state}">{rest.split(">", 1)[1]}'
    if note:
        tail = tail.replace("</trans-unit>", f'<note from="Pema">{note}</note></trans-unit>', 1)
    (folder / FILES[form]).write_text(f"{head}>{source}<{tail}", encoding="utf-8")
    return FILES[form]


def of(folder: Path, source: str) -> Unit:
    return next(unit for unit in read(folder).live if unit.source == source)


@each
def test_what_comes_back_as_it_went_changes_nothing(form: str, folder: Path, invoke: Run) -> None:
    change(folder, AGAIN, reviewed("ཡང་བབས།"), "bo")
    before = path_of(folder).read_bytes()
    said = invoke("exchange", "import", sent(folder, form), "--yes").stdout
    assert "nothing new in 3 paragraphs" in said and path_of(folder).read_bytes() == before


@each
def test_a_new_text_waits_for_review(form: str, folder: Path, invoke: Run) -> None:
    invoke("exchange", "import", sent(folder, form, "ཆུ་རྒྱས།"), "--yes")
    unit = of(folder, RIVER)
    assert (unit.target, unit.state, unit.machine) == ("ཆུ་རྒྱས།", State.DRAFT, False)


@pytest.mark.parametrize(("form", "state"), [("xliff", "final"), ("xliff", "signed-off"), ("xliff2", "reviewed")])
def test_what_a_tool_calls_approved_is_approved_by_name(form: str, state: str, folder: Path, invoke: Run) -> None:
    invoke("exchange", "import", sent(folder, form, "ཆུ་རྒྱས།", state), "--yes", "--as", "Dolma")
    unit = of(folder, RIVER)
    review = unit.line("reviewed")
    assert unit.state is State.REVIEWED and review is not None and review.get("by") == "Dolma"
    before = path_of(folder).read_bytes()
    assert "1 there already" in invoke("exchange", "import", FILES[form], "--yes", "--as", "Dolma").stdout
    assert path_of(folder).read_bytes() == before


def test_a_review_is_taken_back_only_by_a_tool_that_says_so(folder: Path, invoke: Run) -> None:
    change(folder, RIVER, reviewed("ཆུ་རྒྱས།"), "bo")
    invoke("exchange", "import", sent(folder, "xliff2", state="translated"), "--yes")
    assert of(folder, RIVER).state is State.REVIEWED
    invoke("exchange", "import", sent(folder, "xliff", state="needs-review-translation"), "--yes", "--as", "Dolma")
    assert of(folder, RIVER).line("needs-work") and of(folder, RIVER).target == "ཆུ་རྒྱས།"


@each
def test_newer_reviewed_work_is_not_overwritten(form: str, folder: Path, invoke: Run) -> None:
    name = sent(folder, form, "ཆུ་རྒྱས།")
    change(folder, RIVER, reviewed("གཙང་པོ་རྒྱས།"), "bo")
    said = invoke("exchange", "import", name, "--yes", "--as", "Dolma", code=1).stderr
    assert "a.po:" in said and "both versions are kept" in said
    assert (of(folder, RIVER).target, of(folder, RIVER).state) == ("གཙང་པོ་རྒྱས།", State.REVIEWED)
    assert "ཆུ་རྒྱས།" in [unit.target for unit in read(folder).units if unit.obsolete]


def test_a_dry_run_writes_nothing(folder: Path, invoke: Run) -> None:
    name = sent(folder, "xliff", "ཆུ་རྒྱས།", "final")
    before = path_of(folder).read_bytes()
    assert "1 taken over" in invoke("exchange", "import", name, "--dry-run").stdout
    assert path_of(folder).read_bytes() == before


def test_a_note_of_the_translator_becomes_a_comment_once(folder: Path, invoke: Run) -> None:
    name = sent(folder, "xliff", note="Which river?")
    for _ in range(2):
        invoke("exchange", "import", name, "--yes", "--as", "Pema")
    assert [comment.partition(": ")[2] for comment in of(folder, RIVER).comments] == ["Which river?"]
    assert of(folder, RIVER).machine


def test_a_file_of_another_origin_fills_what_is_a_machines_alone(folder: Path, invoke: Run) -> None:
    change(folder, AGAIN, reviewed("ཡང་བབས།"), "bo")
    units = {RIVER: "ཆུ་རྒྱས།", AGAIN: "གཞན་པ།", "Nothing of ours.": "མེད།"}
    body = "".join(
        f'<trans-unit id="{number}"><source>{source}</source><target state="final">{target}</target></trans-unit>\n'
        for number, (source, target) in enumerate(units.items())
    )
    write(
        folder,
        "x.xlf",
        '<xliff version="1.2"><file original="post/a.txt" source-language="en" target-language="bo" datatype="plaintext">'
        f"<body>\n{body}</body></file></xliff>",
    )
    said = invoke("exchange", "import", "x.xlf", "--yes", "--as", "Dolma", code=1).stderr
    assert "x.xlf:4: its source is not in the catalog of a" in said and "both versions are kept" in said
    assert (of(folder, RIVER).target, of(folder, RIVER).state) == ("ཆུ་རྒྱས།", State.REVIEWED)
    assert of(folder, AGAIN).target == "ཡང་བབས།"


def test_a_text_for_an_older_source_waits_in_the_paragraph_that_grew_out_of_it(folder: Path, invoke: Run) -> None:
    name = sent(folder, "xliff", "ཆུ་རྒྱས།", "final")
    write(folder, text="Title of it\n\nThe river rose fast.\n\nIt fell again.\n")
    catalog = read(folder)
    grown = tuple(
        replace(unit, source="The river rose fast.", previous_source=RIVER) if unit.source == RIVER else unit
        for unit in catalog.units
    )
    write_catalog(path_of(folder), replace(catalog, units=grown))
    invoke("exchange", "import", name, "--yes", "--as", "Dolma")
    unit = of(folder, "The river rose fast.")
    assert (unit.target, unit.state) == ("ཆུ་རྒྱས།", State.OUTDATED)


def test_into_a_folder_a_file_for_each_and_by_sheet(folder: Path, invoke: Run) -> None:
    invoke("exchange", "export", "--to", "bo", "-o", "out")
    assert (folder / "out" / "a.bo.xlf").is_file()
    invoke("exchange", "export", "a.txt", "--to", "bo", "-o", "a.csv")
    sheet = (folder / "a.csv").read_text(encoding="utf-8-sig").replace(f"{of(folder, RIVER).target},,", "ཆུ་རྒྱས།,,", 1)
    (folder / "a.csv").write_text(sheet, encoding="utf-8")
    invoke("exchange", "import", "a.csv", "--yes")
    assert of(folder, RIVER).target == "ཆུ་རྒྱས།"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export", "--to", "bo", "-o", "a.doc"], 2, "name a .xlf, .tmx or .csv"),
        (["import", "nothing.xlf"], 1, "nothing.xlf: no such file"),
        (["import", "a.txt", "--yes"], 1, "a.txt:1: is no well-formed XML"),
        (["import", "a.xlf", "--to", "zh-Hans", "--yes"], 1, "is in bo, not in zh-Hans"),
        (["import", "a.xlf", "--as", "a = b", "--yes"], 1, "is no name"),
        (["import", "other.tmx", "--yes"], 1, "lokta memory import other.tmx"),
    ],
)
def test_what_cannot_be_done_is_one_line(arguments: list[str], code: int, said: str, folder: Path, invoke: Run) -> None:
    sent(folder, "xliff", "ཆུ་རྒྱས།")
    write(
        folder,
        "other.tmx",
        '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>a</seg></tuv>'
        '<tuv xml:lang="bo"><seg>b</seg></tuv></tu></body></tmx>',
    )
    done = invoke("exchange", *arguments, code=code)
    assert said in done.stderr and done.stderr.count("\n") == 1


def test_a_rejected_and_an_empty_unit_keep_their_states(folder: Path) -> None:
    change(folder, RIVER, lambda unit: reject(replace(unit, target="ཆུ།"), "Dolma", "2026-11-26"), "bo")
    change(folder, AGAIN, lambda unit: replace(unit, target="", provenance=()), "bo")
    text = FORMATS["xliff"].dump([document(read(folder))])
    assert 'state="needs-review-translation">ཆུ།' in text and '<target state="needs-translation"></target>' in text


def test_a_reviewer_and_the_command_line_at_once(tmp_path: Path) -> None:
    """200 edits each in `python -m benchmarks.exchange`."""
    assert at_once(tmp_path, 12) == set()
