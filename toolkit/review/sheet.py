"""A review as a sheet (CSV), for those who open no review page: written for spreadsheet programs, and read as they save it.

    to_csv(rows, language, export) -> text    from_csv(text, reviewer, date) -> Answer, rows that were refused

No cell is a formula to a spreadsheet: what would be taken for one begins with an apostrophe, which reading takes away.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from toolkit.errors import DataError
from toolkit.review.answers import MOST_UNITS, Act, Answer, Answered, answered_of, head, shortened
from toolkit.tables import Where, inert, typed
from toolkit.units import State, UnitKey

COLUMNS = (
    *("number", "article", "source", "translation", "approve", "comment", "state", "findings", "context"),
    *("draft", "language", "export"),
)
_UNREAD = ("findings",)
"""Columns that may be missing."""
_NO = frozenset(("", "no", "n", "0", "false", "否", "མིན"))
"""What in the column `approve` is no approval."""


@dataclass(frozen=True, slots=True)
class Row:
    """A unit in a sheet."""

    article: str
    context: str
    source: str
    was: str
    """The target at export, against which the answer is compared."""
    state: State
    target: str
    """What stands in the column that the reviewer edits."""
    findings: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    """Comments that are there already; they share the column `findings`."""


def to_csv(rows: Iterable[Row], language: str, export: str) -> str:
    """The sheet, with a byte order mark, without which spreadsheet programs do not take it for UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for number, row in enumerate(rows, 1):
        notes = "\n".join((*row.findings, *row.comments))
        cells = (row.article, row.source, row.target, "", "", row.state, notes, row.context, row.was, language, export)
        writer.writerow((number, *map(inert, cells)))
    return "\ufeff" + written.getvalue()


def from_csv(text: str, reviewer: str, date: str) -> tuple[Answer, tuple[str, ...]]:
    """The answer in a sheet, and a line for each row that was refused; rows without an answer are left out.

    Delimiters may be comma, semicolon or tab, the columns in any order. Raises DataError for what is no such sheet.
    """
    text = text.removeprefix("\ufeff")
    if found := re.search("[\0\ud800-\udfff]", text):
        raise DataError(f"the sheet holds the character U+{ord(found[0]):04X}; save it as CSV in UTF-8 again")
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    names, delimiter = _heading(re.split("[\r\n]", text, maxsplit=1)[0])
    rows = list(islice(_rows(text, names, delimiter), MOST_UNITS + 1))
    if not rows:
        raise DataError("the sheet has no rows; name the file in which the reviewer answered")
    if len(rows) > MOST_UNITS:
        raise DataError(f"the sheet has more than {MOST_UNITS:,} rows; export it in parts")
    (tag, export), _ = Counter(_sheet_of(row) for _, row in rows).most_common(1)[0]
    answer = head({"lokta_answer": 1, "reviewer": reviewer, "language": tag, "export": export, "units": []})
    units: dict[tuple[str, str], Answered] = {}
    numbers: set[str] = set()
    refused: list[str] = []
    for line, row in rows:
        number = row["number"].strip()
        name = f"row {number}" if re.fullmatch("[0-9]{1,9}", number) else f"the row that ends in line {line}"
        try:
            one = _answered(row, date, Where(_refused, name))
            if one is None:
                continue
            if number in numbers or (one.article, one.key) in units:
                raise _refused(f"{name} stands twice")
            if _sheet_of(row) != (tag, export):
                raise _refused(f"{name} belongs to another export than the others")
        except DataError as error:
            refused.append(str(error))
        else:
            numbers.add(number)
            units[one.article, one.key] = one
    return replace(answer, units=tuple(units.values())), tuple(refused)


def _rows(text: str, names: Sequence[str], delimiter: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows that are not blank, each with the number of its last line; what stands beyond the columns is under ``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        next(reader)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                row = dict(zip(names, map(typed, cells), strict=False)) | {"": "".join(cells[len(names) :]).strip()}
                yield reader.line_num, dict.fromkeys(COLUMNS, "") | row
    except csv.Error as error:
        raise DataError(
            f"the sheet is broken in line {reader.line_num} ({error}); save it as CSV again, or undo the change there"
        ) from None


def _sheet_of(row: Mapping[str, str]) -> tuple[str, str]:
    """The language and the export of a row."""
    return row["language"].strip(), row["export"].strip()


def _heading(line: str) -> tuple[list[str], str]:
    """The columns, and the delimiter between them. Raises DataError where some are missing."""
    ways = [([name.strip(' "').lower() for name in line.split(mark)], mark) for mark in ",;\t"]
    names, delimiter = max(ways, key=lambda way: len(set(COLUMNS).intersection(way[0])))
    missing = [name for name in COLUMNS if name not in names and name not in _UNREAD]
    if len(missing) == len(COLUMNS) - len(_UNREAD):
        raise DataError("this is no review sheet, for it has none of the columns; name the CSV file that was exported")
    if missing:
        raise DataError(f"the sheet lacks columns: {', '.join(missing)}; put them back, in any order")
    return names, delimiter


def _answered(row: Mapping[str, str], date: str, place: Where) -> Answered | None:
    """What a row says, checked; None where the reviewer did nothing. Raises the place's error."""
    draft, target = row["draft"], row["translation"].replace("\r\n", "\n")
    same = target == draft.replace("\r\n", "\n")
    approved = row["approve"].strip(" ་།.\t\r\n\u00a0").lower() not in _NO
    comment = row["comment"].replace("\r\n", "\n").strip()
    act: Act = "reviewed" if approved else "edited" if not same else "commented"
    if act == "commented" and not comment:
        return None
    if not place.table.startswith("row"):
        raise place.error(f"{place.table} has no number")
    if row[""]:
        raise place.error(f"{place.table} has more cells than the header")
    said = {
        "article": row["article"].strip(),
        "key": UnitKey(row["context"], row["source"]).short,
        "context": row["context"],
        "source": row["source"],
        "was": {"target": draft, "state": row["state"].strip().lower()},
        "target": draft if same else target,
        "act": act,
        "date": date,
        "comments": [comment] if comment else [],
    }
    return replace(answered_of(said, place), row=int(row["number"]))


def _refused(said: str) -> DataError:
    return DataError(f"{shortened(said)}; left out")
