"""The list of terms as a sheet: what a person may do to it, what is refused, and that nothing is lost when it is written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import DataError
from toolkit.memory.terms import Rendering, Term, add, decoded, empty, parse, written
from toolkit.pipeline.terms import starter

SHEET = (
    "\ufeffOwner,source,part_of_speech,note,case,do_not_translate,approved,bo,zh_Hans\r\n"
    'Dolma,"Dalai Lama",name,"a, b",,,bo zh-Hans,ཏཱ་ལའི་བླ་མ།,达赖喇嘛 | !达赖拉嘛\r\n'
    ",,,,,,,,\r\n"
    "Nyima,UN|U.N.,acronym,,exact,no,,མཉམ་འབྲེལ།,联合国\r\n"
    "Nyima,iPhone,,,,yes,zh-Hans,,\r\n"
)


def test_what_a_sheet_says() -> None:
    sheet = parse(SHEET)
    lama, un, phone = sheet.terms
    assert (lama.source, lama.note, lama.line) == ("Dalai Lama", "a, b", 2)
    assert lama.renderings["zh-Hans"] == Rendering(("达赖喇嘛",), ("达赖拉嘛",), True)
    assert un.forms == ("UN", "U.N.") and un.case == "exact" and not un.renderings["bo"].approved
    assert phone.keep and phone.renderings["zh-Hans"].approved
    assert sheet.languages == ("bo", "zh-Hans") and not sheet.problems


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_are_added_and_the_others_stay_letter_by_letter(delimiter: str, end: str) -> None:
    text = SHEET.replace('"a, b"', "a b").replace(",", delimiter).replace("\r\n", end)
    assert written(parse(text)) == text
    more = Term(("Lhasa",), {"bo": Rendering(("ལྷ་ས།",)), "zh-Hant": Rendering(("拉薩",), (), True)})
    new = written(add(parse(text), [more]))
    assert new.split(end)[1:5] == text.split(end)[1:5] and new.startswith("\ufeff")
    again = parse(new).terms[-1]
    assert (again.source, dict(again.renderings)) == ("Lhasa", dict(more.renderings))
    assert written(parse(text.removesuffix(end))) == text.removesuffix(end)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (",name,,,,,,", "no source"),
        ("x,,,loud,,,,", "case is 'loud'"),
        ("x,,,,perhaps,,,", "do_not_translate is 'perhaps'"),
        ("x,,,,,klingonese,,", "'klingonese', which is no language"),
        ("x,,,,,bo,,好", "approved for bo, which has no rendering"),
        ("x,,,,,,,,more,cells", "more cells than the heading"),
        (f"{'x' * 301},,,,,,,", "more than 300 characters"),
    ],
)
def test_a_bad_row_is_one_line_and_binds_nothing(row: str, why: str) -> None:
    heading = "source,part_of_speech,note,case,do_not_translate,approved,bo,zh-Hans"
    sheet = parse(f"{heading}\ngood,,,,,yes,,好\n{row}\n", "terms.csv")
    assert [term.source for term in sheet.terms] == ["good"]
    assert len(sheet.problems) == 1 and sheet.problems[0].startswith("terms.csv:3: ") and why in sheet.problems[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        ("a,b\n1,2\n", "no column `source`"),
        ("source,bo,bo\n", "stands twice"),
        ('source,bo\nx,y\n"a,b\nc\n', "terms.csv:3: a quotation mark"),
    ],
)
def test_what_is_no_list(text: str, why: str) -> None:
    with pytest.raises(DataError, match=why):
        parse(text)


def test_bytes_that_are_no_text() -> None:
    for data in ("source".encode("utf-16"), b"PK\x03\x04", b"source\n\xff", b"a\0"):
        with pytest.raises(DataError, match="UTF-8"):
            decoded(data, "terms.csv")


words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cf")), min_size=1, max_size=8).filter(
    lambda word: "|" not in word and not word.startswith("!")
)


@given(st.lists(st.tuples(words, words, st.booleans()), max_size=4))
def test_what_is_written_is_read_again(rows: list[tuple[str, str, bool]]) -> None:
    """Formulas are inert in the file, and themselves again when it is read."""
    terms = [Term((a,), {"bo": Rendering((b,), (), yes)}) for a, b, yes in rows]
    text = written(add(empty(("bo",)), terms))
    read = parse(text).terms
    assert [(one.source, one.renderings["bo"].approved) for one in read] == [
        (parse(f"source\n{_cell(a)}\n").terms[0].source, yes) for a, _, yes in rows
    ]
    cells = (cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


@given(
    st.lists(
        st.sampled_from(
            [
                "source",
                "bo",
                "approved",
                ",",
                ";",
                "\t",
                "\n",
                "\r\n",
                "\r",
                '"',
                "\ufeff",
                "x",
                "yes",
                "|",
                "!",
                " ",
                "=1",
            ]
        ),
        max_size=30,
    )
)
def test_any_text_is_a_list_that_is_written_back_as_it_was_or_a_plain_error(pieces: list[str]) -> None:
    text = "source,approved,bo\n" + "".join(pieces)
    for one in (text, "".join(pieces)):
        try:
            sheet = parse(one)
        except DataError:
            continue
        assert written(sheet) == one
        assert written(add(sheet, [])) in (one, one + sheet.end)
        assert parse(written(add(sheet, [Term(("y",))]))).terms[-1].source == "y"


def _cell(text: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([text if text[:1] not in "'=+-@＝＋－＠" else f"'{text}"])
    return out.getvalue()


def test_the_starter_list() -> None:
    """150 rows; Chinese is approved in both scripts, Tibetan in none, and no Chinese is in the other's characters."""
    import opencc

    sheet = starter()
    assert len(sheet.terms) == 150 and not sheet.problems
    simplified = opencc.OpenCC("t2s").convert
    for term in sheet.terms:
        assert term.renderings["zh-Hans"].approved and term.renderings["zh-Hant"].approved
        assert not term.renderings.get("bo", Rendering()).approved
        assert all(simplified(form) == form for form in term.renderings["zh-Hans"].accepted)
