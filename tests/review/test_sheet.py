"""A review as a sheet: what spreadsheet programs make of it is read back, and no cell is a formula."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.review.answers import Act, Answered
from toolkit.review.sheet import COLUMNS, Row, from_csv, to_csv
from toolkit.units import State, UnitKey

DAY = "2026-11-26"
RIVER = Row("news/a", "", "The river rose.", "ཆུ།", State.DRAFT, "ཆུ།", ("warning: short",), ("Tashi, 2026-11-25: ?",))
FELL = Row("news/a", "menu", 'It fell,\n"again"; they\tsay.', "=1+1", State.REVIEWED, "=1+1")


def cells(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


def written(rows: list[list[str]], delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return out.getvalue()


def filled(*rows: Row, **columns: str) -> str:
    """The sheet with these cells in its first row."""
    table = cells(to_csv(rows or (RIVER, FELL), "bo", "9f"))
    for name, value in columns.items():
        table[1][COLUMNS.index(name)] = value
    return written(table)


def one(text: str) -> Answered:
    answer, refused = from_csv(text, "Dolma", DAY)
    assert not refused
    (unit,) = answer.units
    return unit


def test_the_sheet() -> None:
    text = to_csv((RIVER, FELL), "bo", "9f")
    assert text.startswith(
        "\ufeffnumber,article,source,translation,approve,comment,state,findings,context,draft,language,export\r\n"
    )
    _, first, second = cells(text)
    notes = "warning: short\nTashi, 2026-11-25: ?"
    assert first == ["1", "news/a", RIVER.source, "ཆུ།", "", "", "draft", notes, "", "ཆུ།", "bo", "9f"]
    assert second[2:4] == [FELL.source, "'=1+1"] and second[8:10] == ["menu", "'=1+1"]
    answer, refused = from_csv(text, "Dolma", DAY)
    assert (answer.units, refused) == ((), ()) and (answer.export, answer.language, answer.reviewer) == (
        "9f",
        "bo",
        "Dolma",
    )


@pytest.mark.parametrize(
    ("columns", "act"),
    [
        ({"approve": "x"}, "reviewed"),
        ({"approve": "YES", "translation": "ཆུ་རྒྱས།"}, "reviewed"),
        ({"approve": "是"}, "reviewed"),
        ({"approve": " No ", "translation": "ཆུ་རྒྱས།"}, "edited"),
        ({"translation": "ཆུ་རྒྱས།", "comment": "who?"}, "edited"),
        ({"translation": ""}, "edited"),
        ({"comment": "who?"}, "commented"),
        ({"approve": "མིན།", "comment": "'=who?"}, "commented"),
    ],
)
def test_what_a_row_says(columns: dict[str, str], act: Act) -> None:
    unit = one(filled(**columns))
    target = columns.get("translation", "ཆུ།")
    comments = (columns["comment"].lstrip("'"),) if "comment" in columns else ()
    key = UnitKey("", RIVER.source).short
    assert unit == Answered("news/a", key, "", RIVER.source, "ཆུ།", State.DRAFT, target, act, DAY, comments)
    assert unit.sound


@pytest.mark.parametrize("no", ["", " ", "no", "N", "0", "FALSE", "否", "མིན", "མིན་"])
def test_what_is_no_approval(no: str) -> None:
    assert from_csv(filled(approve=no), "Dolma", DAY)[0].units == ()


VARIANTS: dict[str, Callable[[list[list[str]]], str]] = {
    "as it was": lambda rows: "\ufeff" + written(rows),
    "without the mark": written,
    "Excel, German": lambda rows: "\ufeff" + written(rows, ";"),
    "Excel, Unicode text": lambda rows: written(rows, "\t"),
    "Excel, with sep": lambda rows: "sep=;\r\n" + written(rows, ";"),
    "LibreOffice, all quoted": lambda rows: written(rows, ",", "\n", csv.QUOTE_ALL),
    "Mac": lambda rows: written(rows, ";", "\r", csv.QUOTE_ALL),
    "Excel, breaks as line feeds": lambda rows: written([[cell.replace("\r\n", "\n") for cell in row] for row in rows]),
    "columns in another order": lambda rows: written([row[::-1] for row in rows]),
    "more columns": lambda rows: written([[*row[:3], "mine", *row[3:]] for row in rows]),
    "no findings": lambda rows: written([[*row[:7], *row[8:]] for row in rows]),
    "columns in capitals": lambda rows: written([[name.upper() for name in rows[0]], *rows[1:]]),
    "blank rows": lambda rows: written([*rows, [], [""] * 12, [" "] * 40]),
    "blank cells cut": lambda rows: written([rows[0], *([*row, "", "", ""] for row in rows[1:])]),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_sheets_as_programs_save_them(name: str) -> None:
    table = cells(to_csv((RIVER, FELL, replace(RIVER, context="x", was="a\r\nb", target="a\r\nb")), "bo", "9f"))
    table[1][3], table[2][4], table[3][4] = 'ཆུ,; "རྒྱས"\t།', "x", "x"
    answer, refused = from_csv(VARIANTS[name](table), "Dolma", DAY)
    assert not refused
    first, second, third = answer.units
    assert (first.act, first.target, first.was_target) == ("edited", 'ཆུ,; "རྒྱས"\t།', "ཆུ།")
    assert (second.act, second.target, second.source, second.context) == ("reviewed", "=1+1", FELL.source, "menu")
    assert second.was_state is State.REVIEWED and third.act == "reviewed"
    assert third.target == third.was_target, "line breaks that a program changed are no edit"


def test_a_line_break_that_a_program_changed_is_no_edit() -> None:
    row = replace(RIVER, was="a\r\nb", target="a\r\nb")
    unit = one(filled(row, translation="a\nb", comment="who?"))
    assert (unit.act, unit.target) == ("commented", "a\r\nb")
    unit = one(filled(row, translation="a\r\nc"))
    assert (unit.act, unit.target) == ("edited", "a\nc")


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    " =1",
    "\n=1",
    "\u00a0@x",
    "＝1",
    "'",
    "'=1",
    "''",
    "' x",
    "\t",
    "-",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    _, row = cells(to_csv([Row(text, text, text, text, State.DRAFT, text, (text,), (text,))], text, text))
    assert all(
        not cell or cell.startswith("'")
        for name, cell in zip(COLUMNS, row, strict=True)
        if name not in ("number", "state")
    )
    assert row[2] == "'" + text


def test_an_apostrophe_that_a_person_typed_stays() -> None:
    assert one(filled(translation="'Tis the river")).target == "'Tis the river"
    assert one(filled(translation="'-5 degrees")).target == "-5 degrees", "as the sheet writes it itself"
    assert one(filled(translation="-5 degrees")).target == "-5 degrees"


texts = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n' \",;\ufeff\u00a0＝"), st.characters(blacklist_categories=("Cs", "Cc"))),
    max_size=12,
)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(texts, texts.filter(str.strip), texts), min_size=1, max_size=3, unique_by=lambda row: row[:2]),
    st.booleans(),
)
def test_any_text_comes_back(rows: list[tuple[str, str, str]], bare: bool) -> None:
    """Whatever it is, through the file and through a program that reads and writes it."""
    table = cells(
        to_csv([Row("a", context, source, was, State.DRAFT, was) for context, source, was in rows], "bo", "9f")
    )
    for row in table[1:]:
        row[4] = "x"
    answer, refused = from_csv(written(table, ";" if bare else ","), "Dolma", DAY)
    keys = {UnitKey(context, source).short for context, source, _ in rows}
    assert len(answer.units) == len(keys) and len(refused) == len(rows) - len(keys), "texts that differ in NFC alone"
    by_pair = {(unit.context, unit.source): unit for unit in answer.units}
    for context, source, was in rows if not refused else ():
        unit = by_pair[context, source]
        assert unit.was_target == was and unit.target == was and unit.act == "reviewed"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"state": "fuzzy"}, r"state in \[row 1.was\] is one of"),
        ({"source": ""}, "source in row 1 is empty"),
        ({"comment": "x" * 10_001}, "each item is longer"),
        ({"translation": "x" * 100_001}, "target in row 1 is longer"),
        ({"translation": "a\x1b"}, "target in row 1 holds a control character"),
        ({"number": "3.14"}, "the row that ends in line 3 has no number"),
        ({"number": "2"}, "row 2 stands twice"),
        ({"article": "a\u2028b"}, "article in row 1 holds"),
    ],
)
def test_a_broken_row_is_refused_by_its_number(columns: dict[str, str], words: str) -> None:
    table = cells(filled(**({"approve": "x"} | columns)))
    table[2][4] = "x"
    answer, (line,) = from_csv(written(table), "Dolma", DAY)
    with pytest.raises(DataError, match=words):
        raise DataError(line)
    assert len(answer.units) == 1 and line.endswith("; left out") and line.isprintable() and len(line) < 300


def test_rows_that_do_not_belong_are_refused() -> None:
    table = cells(to_csv([replace(RIVER, context=str(number)) for number in range(4)], "bo", "9f"))
    for row in table[1:]:
        row[4] = "x"
    table[1][10], table[2][11] = "fr", "other"
    table[3].append("what is this")
    table.append(["5", *table[4][1:]])
    answer, refused = from_csv(written(table), "Dolma", DAY)
    assert len(answer.units) == 1 and (answer.language, answer.export) == ("bo", "9f")
    assert [line.split("; ")[0] for line in refused] == [
        "row 1 belongs to another export than the others",
        "row 2 belongs to another export than the others",
        "row 3 has more cells than the header",
        "row 5 stands twice",
    ]


BROKEN = {
    "nothing": ("", "no review sheet"),
    "another file": ("name;size\r\na;1\r\n", "no review sheet"),
    "an answer file": ('{"lokta_answer": 1}', "no review sheet"),
    "a column less": (
        written([[*row[:4], *row[5:9], *row[10:]] for row in cells(filled())]),
        "lacks columns: approve, draft;",
    ),
    "no rows": (to_csv((), "bo", "9f"), "no rows"),
    "NUL": (filled() + "\0", r"U\+0000"),
    "a surrogate": (filled() + "\ud800", r"U\+D800"),
    "an open quote": (filled() + '"' + "x,\n" * 10, "broken in line"),
    "a huge open quote": (filled() + '"' + "x,\n" * 10**6, "broken in line"),
    "a million rows": (filled() + "1,a\r\n" * 10**6, "more than 100,000 rows"),
    "a long column": (filled() + "x" * 10**7, "broken in line"),
    "no name": (filled(), "reviewer"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_sheet_is_refused_in_one_line(name: str) -> None:
    text, words = BROKEN[name]
    start, limit = time.perf_counter(), csv.field_size_limit()
    with pytest.raises(DataError, match=words) as refused:
        from_csv(text, "=" if name == "no name" else "Dolma", DAY)
    assert time.perf_counter() - start < 15 and csv.field_size_limit() == limit
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400
