"""A file that comes back from a translator's tool meets what was done here meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.exchange import at_once
from tests.support.environment import Run
from tests.support.projects import change, path_of, read, reviewed, translate, write, write_catalog
from toolkit.catalog import dump
from toolkit.catalog.exchange import FORMATS, document
from toolkit.catalog.header import new
from toolkit.pipeline.exchange import put
from toolkit.project.context import Context
from toolkit.review.acts import reject
from toolkit.units import Catalog, ProvenanceLine, State, Unit, text_hash

RIVER, AGAIN = "The river rose.", "It fell again."
FILES = {"xliff": "a.xlf", "xliff2": "b.xlf", "xliff2.0": "c.xlf", "tmx": "a.tmx"}
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
    assert "1 to take over" in invoke("exchange", "import", name, "--dry-run").stdout
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


def test_a_file_without_names_reaches_each_article_that_has_its_texts(folder: Path, invoke: Run) -> None:
    write(folder, "b.txt", "A road opened.\n")
    translate(folder)
    units = {RIVER: "ཆུ་རྒྱས།", AGAIN: "བབས་སོ།", "A road opened.": "ལམ་ཕྱེ།"}
    body = "".join(
        f'<trans-unit id="{number}"><source>{source}</source><target state="translated">{target}</target></trans-unit>'
        for number, (source, target) in enumerate(units.items())
    )
    head = (
        '<xliff version="1.2"><file original="merged.csv" source-language="en" target-language="bo" datatype="x"><body>'
    )
    write(folder, "x.xlf", f"{head}{body}</body></file></xliff>")
    invoke("exchange", "import", "x.xlf", "--yes")
    assert (of(folder, RIVER).target, of(folder, AGAIN).target) == ("ཆུ་རྒྱས།", "བབས་སོ།")
    assert [unit.target for unit in read(folder, name="b").live] == ["ལམ་ཕྱེ།"]


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


POEDIT = {
    "xliff": ('state="needs-review-translation" state-qualifier="leveraged-mt"', 'state="translated"'),
    "xliff2.0": ('state="initial" subState="lokta:draft"', 'state="translated"'),
}


@pytest.mark.parametrize("form", POEDIT)
def test_what_poedit_wrote_waits_even_where_an_approval_of_ours_is_left(form: str, folder: Path, invoke: Run) -> None:
    change(folder, AGAIN, reviewed("ཡང་བབས།"), "bo")
    name = sent(folder, form, "ཆུ་རྒྱས།")
    text = (folder / name).read_text("utf-8").replace(*POEDIT[form], 1)
    text = text.replace("ཡང་བབས།", "བབས་སོ།").replace('state="final"', 'state="translated"')
    (folder / name).write_text(text, "utf-8")
    invoke("exchange", "import", name, "--yes", "--as", "Dolma")
    for source, target in ((RIVER, "ཆུ་རྒྱས།"), (AGAIN, "བབས་སོ།")):
        assert (of(folder, source).target, of(folder, source).state) == (target, State.DRAFT)
    kept = next(unit for unit in read(folder).units if unit.obsolete)
    assert kept.target == "ཡང་བབས།" and kept.line("reviewed")


def test_a_catalog_that_omegat_wrote_leaves_what_it_did_not_translate(folder: Path, invoke: Run) -> None:
    """OmegaT empties an entry that it has no translation for, and takes every `fuzzy` away."""
    change(folder, AGAIN, reviewed("ཡང་བབས།"), "bo")
    change(folder, "Title of it", lambda unit: replace(unit, target="མིང་།"), "bo")
    before = {unit.source: unit for unit in read(folder).live}

    def translated(unit: Unit) -> Unit:
        target = {RIVER: "ཆུ་རྒྱས།", AGAIN: "བབས་སོ།"}.get(unit.source, "")
        return replace(unit.flagged("fuzzy", on=False), target=target)

    held = read(folder)
    write_catalog(folder / "omegat" / "a.po", replace(held, units=tuple(map(translated, held.units))))
    text = (folder / "omegat" / "a.po").read_text("utf-8").replace('"X-Lokta-Article: a\\n"\n', "")
    write(folder, "omegat/a.po", text)
    done = invoke("exchange", "import", "omegat/a.po", "--yes", "--as", "Dolma").stdout
    assert "nothing new in 1 paragraph" in done and "2 to take over\ntaken over" in done
    assert of(folder, "Title of it") == before["Title of it"]
    for source, target in ((RIVER, "ཆུ་རྒྱས།"), (AGAIN, "བབས་སོ།")):
        assert (of(folder, source).target, of(folder, source).state) == (target, State.REVIEWED)
    assert "ཡང་བབས།" in [unit.target for unit in read(folder).units if unit.obsolete]
    assert "nothing new in 3 paragraphs" in invoke("exchange", "import", "omegat/a.po", "--yes", "--as", "Dolma").stdout


def test_a_catalog_without_our_lines_approves_no_draft_that_nobody_changed(folder: Path, invoke: Run) -> None:
    """csv2po writes a catalog in which nothing is fuzzy."""
    texts = {unit.source: unit.target for unit in read(folder).live} | {RIVER: "ཆུ་རྒྱས།"}
    head = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    body = "".join(f'\nmsgid "{source}"\nmsgstr "{target}"\n' for source, target in texts.items())
    write(folder, "made.po", head + body)
    done = invoke("exchange", "import", "made.po", "--yes", "--to", "bo", "--as", "Dolma").stdout
    assert "nothing new in 2 paragraphs" in done
    assert {unit.source: unit.state for unit in read(folder).live} == {
        "Title of it": State.DRAFT,
        RIVER: State.REVIEWED,
        AGAIN: State.DRAFT,
    }


def test_a_catalog_by_mail_meets_newer_work(folder: Path, invoke: Run) -> None:
    held = read(folder)
    units = {RIVER: ("ཆུ་རྒྱས།", False), AGAIN: ("བབས་སོ།", True)}

    def edited(unit: Unit) -> Unit:
        target, fuzzy = units.get(unit.source, (unit.target, unit.fuzzy))
        return replace(unit, target=target, comments=("Pema asks",)).flagged("fuzzy", on=fuzzy)

    text = dump(replace(held, units=tuple(map(edited, held.units))))
    (folder / "back.po").write_bytes(("\ufeff" + text).replace("\n", "\r\n").encode())
    change(folder, RIVER, reviewed("གཙང་པོ།"), "bo")
    said = invoke("exchange", "import", "back.po", "--yes", "--as", "Dolma", code=1).stderr
    assert "both versions are kept" in said
    assert (of(folder, RIVER).target, of(folder, RIVER).state) == ("གཙང་པོ།", State.REVIEWED)
    assert (of(folder, AGAIN).target, of(folder, AGAIN).state) == ("བབས་སོ།", State.DRAFT)
    assert all(unit.comments[0].endswith(": Pema asks") for unit in read(folder).live)


@pytest.mark.parametrize("form", ["xliff", "xliff2", "sdlxliff"])
def test_a_tool_that_left_only_ids_of_codes_and_laid_out_the_text(form: str, tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", 'reviewer = "Tashi"\n[target.bo]\n')
    source = "The **river** rose[^1] *fast*."
    unit = Unit(source, "x", flags=("fuzzy",), provenance=(ProvenanceLine("mt", (("hash", text_hash("x")),)),))
    write_catalog(path_of(tmp_path), Catalog("en", "bo", (unit,), new("a", "en", "markdown", "bo")))
    bodies = {
        "xliff": '<xliff version="1.2"><file original="a" source-language="en" target-language="bo" datatype="x"><body>'
        '<trans-unit id="1"><source>\n  The <g id="1">river</g> rose<x id="2"/> <g id="3">fast</g>.\n</source>'
        '<target>\n  <g id="3">མགྱོགས་</g>པོ་<g id="1">ཆུ་</g><x id="2"/>རྒྱས།\n</target></trans-unit></body></file></xliff>',
        "xliff2": '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" srcLang="en" trgLang="bo">'
        '<file id="1" original="a"><unit id="1"><segment state="translated"><source>The <pc id="1">river</pc> rose<ph id="2"/> '
        '<pc id="3">fast</pc>.</source><target><pc id="3">མགྱོགས་</pc>པོ་<pc id="1">ཆུ་</pc><ph id="2"/>རྒྱས།</target>'
        "</segment></unit></file></xliff>",
        "sdlxliff": '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0">'
        '<file original="C:\\jobs\\a.xlf" source-language="en" target-language="bo" datatype="x"><body><trans-unit id="0f">'
        '<source>The <g id="5">river</g> rose<x id="9"/> <g id="12">fast</g>.</source><seg-source><mrk mtype="seg" mid="1"/></seg-source>'
        '<target><mrk mtype="seg" mid="1"><g id="12">མགྱོགས་</g>པོ་<g id="5">ཆུ་</g><x id="9"/>རྒྱས།</mrk></target>'
        '<sdl:seg-defs><sdl:seg id="1" conf="Translated"/></sdl:seg-defs></trans-unit></body></file></xliff>',
    }
    write(tmp_path, "x.xlf", bodies[form])
    invoke("exchange", "import", "x.xlf", "--yes", "--as", "Dolma")
    assert of(tmp_path, source).target == "*མགྱོགས་*པོ་**ཆུ་**[^1]རྒྱས།"


def test_a_language_without_its_script_is_the_one_of_the_project_or_asked_for(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", "[target.zh-Hant]\n")
    write(tmp_path)
    translate(tmp_path, "zh-Hant")
    invoke("exchange", "export", "a.txt", "--to", "zh-Hant", "-o", "a.xlf")
    sent = (tmp_path / "a.xlf").read_text("utf-8").replace('language="zh-Hant"', 'language="zh"')
    write(tmp_path, "a.xlf", sent)
    assert "nothing new in 3 paragraphs" in invoke("exchange", "import", "a.xlf", "--yes").stdout
    translate(tmp_path, "zh-Hans")
    said = invoke("exchange", "import", "a.xlf", "--yes", code=1).stderr
    assert "says zh, which may be zh-Hant or zh-Hans; say which: --to zh-Hant" in said and said.count("\n") == 1
    assert "nothing new" in invoke("exchange", "import", "a.xlf", "--yes", "--to", "zh-Hant").stdout


def test_a_draft_in_a_memory_says_that_a_machine_made_it(folder: Path) -> None:
    change(folder, AGAIN, reviewed("ཡང་བབས།"), "bo")
    text = FORMATS["tmx"].dump([document(read(folder))])
    assert text.count('creationid="MT!"') == 2 and text.count('changeid="Tashi"') == 1


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["import", "latin.po", "--yes"], 1, "latin.po:2: is not UTF-8"),
        (["import", "broken.po", "--yes"], 1, "broken.po:1: "),
        (["import", "none.po", "--yes"], 1, "none.po: does not say its target language"),
        (
            ["export", "--to", "bo", "-o", "a.po"],
            2,
            "a.po: the catalog is a .po itself; send locales/bo/LC_MESSAGES/a.po",
        ),
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
    (folder / "latin.po").write_bytes('msgid "a"\nmsgstr "é"\n'.encode("latin-1"))
    write(folder, "broken.po", 'msgid "a\n')
    write(folder, "none.po", 'msgid "a"\nmsgstr "b"\n')
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
