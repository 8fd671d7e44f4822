"""The project's list of terms, a sheet (CSV) that people edit with any spreadsheet program.

    source,part_of_speech,note,case,do_not_translate,approved,bo,zh-Hans,zh-Hant
    Dalai Lama,name,,,,bo zh-Hans,ཏཱ་ལའི་བླ་མ།,达赖喇嘛|!达赖拉嘛,

`source` may hold several forms (`UN|U.N.|United Nations`). A column whose name is a language holds its renderings: the first one is
to be used, further ones are accepted, one behind `!` is known and not to be used. `approved` names the languages whose
renderings a person stands behind (`yes`: all that are filled in); no other binds. All rows and columns that are not changed
are written back as they were.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from toolkit.errors import DataError, UsageError
from toolkit.language import language
from toolkit.tables import inert, typed

NAME = "terms.csv"
_FIXED = ("source", "part_of_speech", "note", "case", "do_not_translate", "approved")
_OPTIONAL = ("source_language",)
_YES = frozenset(("yes", "y", "x", "1", "true", "all", "是", "ཡིན"))
_NO = frozenset(("", "no", "n", "0", "false", "否", "མིན"))
_CASES: Mapping[str, Case] = {"": "", "exact": "exact", "yes": "exact", "any": "any", "no": "any"}
_MOST = 100_000
"""Rows of a list."""
_LONGEST = 300
"""Characters of a term or a rendering."""

Case = Literal["", "exact", "any"]


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a term is called in one language."""

    accepted: tuple[str, ...] = ()
    """The first is the one to use."""
    refused: tuple[str, ...] = ()
    """Known, and not to be used."""
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One row of the list."""

    forms: tuple[str, ...]
    """How it is written in the source language; the first names it."""
    renderings: Mapping[str, Rendering] = field(default_factory=dict)
    """By BCP 47 tag."""
    part_of_speech: str = ""
    """`name`, `noun`, `verb`, `acronym`, …; a verb is found with its endings, all others in the plural."""
    note: str = ""
    """The sense that is meant, or anything else for a translator."""
    case: Case = ""
    """`exact`: capitals count; `any`: they do not; empty: they count where the term has some."""
    keep: bool = False
    """It stays as it is in every language that the row approves."""
    source_language: str = ""
    """BCP 47; empty: any."""
    line: int = 0
    """In its file; 0: in none."""

    @property
    def source(self) -> str:
        """The first form."""
        return self.forms[0]


@dataclass(frozen=True, slots=True)
class TermSheet:
    """A list as its file holds it."""

    names: tuple[str, ...]
    """The cells of the heading."""
    rows: tuple[str, ...]
    """Everything after the heading, a record each, with its line ends."""
    terms: tuple[Term, ...] = ()
    problems: tuple[str, ...] = ()
    """A line for each row that cannot be used, which binds nothing: `terms.csv:7: …`."""
    heading: str = ""
    """The heading as it was written."""
    delimiter: str = ","
    end: str = "\n"
    """Of a line."""
    mark: bool = False
    """It begins with a byte order mark."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The tags of the columns that are languages, in order."""
        return tuple(tag for name in self.names if (tag := _tag(name)))


def decoded(data: bytes, file: str) -> str:
    """The text of a list's bytes, its byte order mark included. Raises DataError where it is not UTF-8."""
    for mark, name in ((b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"), (b"PK", "a workbook")):
        if data.startswith(mark):
            raise DataError(f"{file}: is {name}; save it as CSV in UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DataError(f"{file}:{line}: is not UTF-8; save it as CSV in UTF-8") from None
    if "\0" in text:
        raise DataError(f"{file}: holds NUL bytes; save it as CSV in UTF-8")
    return text


def empty(targets: Iterable[str]) -> TermSheet:
    """A list without rows for these target languages."""
    return TermSheet((*_FIXED, *targets), ())


def parse(text: str, file: str = NAME) -> TermSheet:
    """The list in a text; rows that cannot be used are left out of its `terms` and named in its `problems`.

    Delimiters may be comma, semicolon or tab, the columns in any order. Raises DataError for what is no such list.
    """
    mark = text.startswith("\ufeff")
    records = list(_records(text.removeprefix("\ufeff"), file))
    if not records or not records[0].strip():
        raise DataError(f"{file}: is empty; its first line names the columns: {','.join(_FIXED)},bo")
    heading, *rows = records
    if len(rows) > _MOST:
        raise DataError(f"{file}: has more than {_MOST:,} rows; divide it")
    delimiter = max(",;\t", key=heading.count)
    names = tuple(name.strip() for name in _cells(heading, delimiter))
    known = [_tag(name) or name for name in names if name in (*_FIXED, *_OPTIONAL) or _tag(name)]
    if "source" not in names:
        raise DataError(f"{file}:1: no column `source`; the first line names the columns: {','.join(_FIXED)},bo")
    if doubled := next((name for name in known if known.count(name) > 1), ""):
        raise DataError(f"{file}:1: the column {doubled!r} stands twice; rename one")
    end = "\r\n" if heading.endswith("\r\n") else "\r" if heading.endswith("\r") else "\n"
    terms: list[Term] = []
    problems: list[str] = []
    line = 1 + _lines(heading)
    for row in rows:
        cells = _cells(row, delimiter)
        if any(cell.strip() for cell in cells):
            said = {_tag(name) or name: typed(cell).strip() for name, cell in zip(names, cells, strict=False)}
            try:
                terms.append(_term(said, line, len(cells) > len(names)))
            except DataError as error:
                problems.append(f"{file}:{line}: {error}")
        line += _lines(row)
    return TermSheet(names, tuple(rows), tuple(terms), tuple(problems), heading, delimiter, end, mark)


def written(sheet: TermSheet) -> str:
    """The list's text."""
    heading = sheet.heading or _record(sheet.names, sheet)
    rows = list(sheet.rows)
    if rows and not heading.endswith(sheet.end[-1]):
        heading += sheet.end
    return ("\ufeff" if sheet.mark else "") + heading + "".join(rows)


def add(sheet: TermSheet, terms: Sequence[Term]) -> TermSheet:
    """The list with these terms as rows at its end; columns that it lacks are added to its heading alone."""
    used = dict.fromkeys(tag for term in terms for tag in term.renderings)
    wanted = [name for name in _FIXED if any(_row(term, (name,))[0] for term in terms)] + list(used)
    wanted += ["source_language"] if any(term.source_language for term in terms) else []
    have = {_tag(name) or name for name in sheet.names}
    more = tuple(name for name in wanted if name not in have)
    heading = sheet.heading
    if more and heading:
        heading = heading.rstrip("\r\n") + sheet.delimiter + sheet.delimiter.join(more) + sheet.end
    sheet = replace(sheet, names=sheet.names + more, heading=heading)
    rows = list(sheet.rows)
    if rows and not rows[-1].endswith(sheet.end[-1]):
        rows[-1] += sheet.end
    rows += [_record(_row(term, sheet.names), sheet) for term in terms]
    return replace(sheet, rows=tuple(rows), terms=(*sheet.terms, *terms))


def known_forms(sheet: TermSheet) -> frozenset[str]:
    """All forms of all terms, folded, those of broken rows aside."""
    return frozenset(folded(form) for term in sheet.terms for form in term.forms)


def folded(form: str) -> str:
    """A term's form as two of them are compared: NFC, without case and doubled blanks."""
    return " ".join(unicodedata.normalize("NFC", form).casefold().split())


def _term(said: Mapping[str, str], line: int, overlong: bool) -> Term:
    """The term of a row. Raises DataError that says what is wrong with it."""
    if overlong:
        raise DataError("has more cells than the heading; a text with commas stands in quotes")
    forms = _listed(said["source"])
    if not forms:
        raise DataError("no source; fill in the column `source`, or take the row away")
    if any(form.startswith("!") for form in forms):
        raise DataError("a form in `source` begins with `!`; that is for renderings")
    case = said.get("case", "").lower()
    if case not in _CASES:
        raise DataError(f"case is {case!r}; known are exact, any, or nothing")
    keep = said.get("do_not_translate", "").lower()
    if keep not in _YES | _NO:
        raise DataError(f"do_not_translate is {keep!r}; write yes, or nothing")
    from_ = said.get("source_language", "")
    texts = {tag: _listed(cell) for tag, cell in said.items() if _tag(tag) == tag}
    for form in (*forms, *(form for listed in texts.values() for form in listed)):
        if len(form) > _LONGEST:
            raise DataError(f"a term of more than {_LONGEST} characters; shorten it")
        if re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", form):
            raise DataError("a term holds a line break or a control character; take it out")
    approved = _approved(said.get("approved", ""), texts, keep in _YES)
    tags = {tag for tag, listed in texts.items() if listed} | approved
    renderings = {}
    for tag in sorted(tags):
        accepted = tuple(form for form in texts.get(tag, ()) if not form.startswith("!"))
        refused = tuple(form.removeprefix("!").strip() for form in texts.get(tag, ()) if form.startswith("!"))
        if tag in approved and not accepted and keep not in _YES:
            raise DataError(f"approved for {tag}, which has no rendering here; fill it in, or take {tag} out")
        renderings[tag] = Rendering(accepted, tuple(filter(None, refused)), tag in approved)
    return Term(
        forms,
        renderings,
        said.get("part_of_speech", "").lower(),
        said.get("note", ""),
        _CASES[case],
        keep in _YES,
        _language(from_, "source_language") if from_ else "",
        line,
    )


def _approved(said: str, texts: Mapping[str, Sequence[str]], keep: bool) -> set[str]:
    """The tags that the column `approved` names; for a term to be kept, `yes` is every language that has a column."""
    words = [word for word in re.split(r"[\s,;|]+", said) if word]
    if len(words) == 1 and words[0].lower() in _YES:
        return {tag for tag, listed in texts.items() if keep or any(not form.startswith("!") for form in listed)}
    if len(words) == 1 and words[0].lower() in _NO:
        return set()
    return {_language(word, "approved") for word in words}


def _language(said: str, column: str) -> str:
    try:
        return language(said).tag
    except UsageError:
        raise DataError(f"{column} names {said!r}, which is no language; write tags such as bo zh-Hans") from None


def _listed(cell: str) -> tuple[str, ...]:
    """The forms in a cell, each once, NFC."""
    parts = (" ".join(part.split(" ")).strip() for part in unicodedata.normalize("NFC", cell).split("|"))
    return tuple(dict.fromkeys(filter(None, parts)))


def _row(term: Term, names: Sequence[str]) -> list[str]:
    """The cells of a term under these columns."""
    approved = " ".join(tag for tag, said in term.renderings.items() if said.approved)
    fixed = {
        "source": "|".join(term.forms),
        "part_of_speech": term.part_of_speech,
        "note": term.note,
        "case": term.case,
        "do_not_translate": "yes" if term.keep else "",
        "approved": approved,
        "source_language": term.source_language,
    }
    found = {
        tag: "|".join((*said.accepted, *(f"!{one}" for one in said.refused))) for tag, said in term.renderings.items()
    }
    return [fixed.get(name, found.get(_tag(name), "")) for name in names]


def _record(cells: Iterable[str], sheet: TermSheet) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=sheet.delimiter, lineterminator=sheet.end).writerow([*map(inert, cells)])
    return text.getvalue()


def _records(text: str, file: str) -> Iterator[str]:
    """The records of a sheet as they were written: cells in quotes may hold line ends."""
    lines = re.findall("[^\n]*\n|[^\n]+", text) if "\n" in text else re.findall("[^\r]*\r|[^\r]+", text)
    held, quotes, begun, number = "", 0, 0, 0
    for number, line in enumerate(lines, 1):
        begun = begun if held else number
        held += line
        quotes += line.count('"')
        if quotes % 2 == 0:
            yield held
            held, quotes = "", 0
    if held:
        raise DataError(f"{file}:{begun}: a quotation mark is opened and not closed; close it")


def _cells(record: str, delimiter: str) -> list[str]:
    """The cells of a record."""
    try:
        return next(csv.reader(io.StringIO(record.rstrip("\r\n"), newline=""), delimiter=delimiter), [])
    except csv.Error as error:
        raise DataError(f"a row is no CSV ({error}); take it out") from None


def _lines(record: str) -> int:
    return record.count("\n") or record.count("\r")


def _tag(name: str) -> str:
    """The tag of the language that a column is of; empty where it is no language's."""
    if name in (*_FIXED, *_OPTIONAL) or not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}", name):
        return ""
    try:
        return language(name).tag
    except UsageError:
        return ""
