"""PO's grammar: where an entry begins and ends, and what each of its lines is.

An entry begins after a complete msgstr (blank lines mean nothing to PO), so the comments above a msgid are its own.
Nothing is dropped: joining the lines of all entries and the tail gives the text back.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from toolkit.catalog import provenance
from toolkit.catalog.po_text import comment_text, excerpt, read_flags, read_locations, unquote
from toolkit.errors import CatalogError
from toolkit.units import ProvenanceLine, Unit, review_hash, text_hash

Line = tuple[str, str]
"""What a line is, and its bytes with the line end: a keyword (its continuation lines have the same), `|msgid` for a
previous one, `#` a translator's comment, `provenance` a record of our own (all its lines), `#.` `#:` `#,` `#=`, `#~` an
obsolete comment, or nothing for a blank line."""

_PREVIOUS_COMMENT = re.compile(r'#\s*\|\s*msgid\s*"')
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr(?:\[[0-9]{1,3}\])?)(?![A-Za-z_\[])")
_BLANKS = " \t\f\v"
_COMMENT, _PREVIOUS, _CONTEXT, _ID, _PLURAL, _STRING = range(6)
_STAGE = {"msgctxt": _CONTEXT, "msgid": _ID, "msgid_plural": _PLURAL}


@dataclass(slots=True)
class Entry:
    """One entry as it stands in the file."""

    lines: list[Line] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=dict)
    """The text under each keyword."""
    obsolete: bool | None = None
    """None until a keyword said so."""
    line: int = 0
    """Number of the msgid's line in the file."""
    provenance: list[ProvenanceLine] = field(default_factory=list)
    """What the lines of the kind `provenance` say, in order."""

    @property
    def raw(self) -> str:
        """The bytes of the entry."""
        return "".join(text for _, text in self.lines)

    @property
    def header(self) -> bool:
        """Whether this is the entry with the empty msgid, which says what the file is."""
        return not self.obsolete and not self.strings.get("msgid") and "msgctxt" not in self.strings

    @property
    def plural(self) -> bool:
        """Whether it has a plural; articles have none, so it is kept but never made."""
        return "msgid_plural" in self.strings

    def unit(self) -> Unit:
        """What the entry says."""
        comments: list[str] = []
        notes: list[str] = []
        places: list[str] = []
        flags: dict[str, None] = {}
        for kind, text in self.lines:
            if not kind.startswith("#"):
                continue
            content = text.strip(_BLANKS + "\r\n")[len(kind) :]
            if kind == "#:":
                places.append(content)
            elif kind in ("#,", "#="):
                flags |= dict.fromkeys(read_flags(content))
            elif kind == "#.":
                notes.append(comment_text(text, 2))
            elif kind == "#":
                comments.append(comment_text(text, 1))
        strings = self.strings
        return Unit(
            source=strings.get("msgid", ""),
            target=strings.get("msgstr", strings.get("msgstr[0]", "")),
            context=strings.get("msgctxt", ""),
            previous_source=strings.get("|msgid", ""),
            locations=tuple(read_locations(" ".join(places))),  # a tool may have folded a path with blanks
            notes=tuple(notes),
            comments=tuple(comments),
            flags=tuple(flags),
            provenance=tuple(self.provenance),
            obsolete=bool(self.obsolete),
            raw=self.raw,
        )


def split(text: str, file: str = "") -> tuple[list[Entry], str]:
    """The entries of a PO text and what follows the last; CatalogError with file:line where the grammar is broken."""
    reader = _Reader(file)
    for number, line in enumerate(_lines(text), 1):
        reader.take(number, line)
    return reader.finish()


def _lines(text: str) -> list[str]:
    """PO's lines end in a line feed and in nothing else."""
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


class _Reader:
    """Reads line by line; holds the entry that is open and how far it has come."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.entries: list[Entry] = []
        self.entry = Entry()
        self.stage = _COMMENT
        self.keyword = ""
        self.pieces: list[str] = []
        self.pending: list[Line] = []
        """Blank lines; whose they are, the next line tells."""
        self.number = 0

    def fail(self, message: str) -> CatalogError:
        place = f"{self.file}:{self.number}" if self.file else f"line {self.number}"
        return CatalogError(f"{place}: {message}")

    def take(self, number: int, line: str) -> None:
        self.number = number
        content = line.strip(_BLANKS + "\r\n")
        if not content:
            self.pending.append(("", line))
        elif content[0] == '"' or content[0] == "m":
            self.token(content, line, "", False)
        elif content[0] != "#":
            raise self.fail(f"{excerpt(content)} is not PO; expected msgid, msgstr, a quoted string or #")
        elif content.startswith(("#|", "#~|")):
            obsolete = content[1] == "~"
            self.token(content[3 if obsolete else 2 :].lstrip(_BLANKS), line, "|", obsolete)
        elif content.startswith("#~") and (rest := content[2:].lstrip(_BLANKS)) and rest[0] != "#":
            self.token(rest, line, "", True)
        else:
            self.comment(content, line)

    def comment(self, content: str, line: str) -> None:
        if self.stage == _STRING:
            self.close()
        elif self.stage > _PREVIOUS:
            raise self.fail("a comment cannot stand inside an entry; move it above the msgid")
        self.add(content[:2] if content[1:2] and content[1] in ".:,=~" else "#", line)

    def token(self, content: str, line: str, previous: str, obsolete: bool) -> None:
        """A line with a keyword or a string; `previous` is `|` when it is about the previous msgid."""
        found = _KEYWORD.match(content)
        if found:
            self.begin(previous + found[1], previous, obsolete)
            content = content[found.end() :]
        elif not self.keyword or not content.startswith('"') or self.keyword.startswith("|") != bool(previous):
            raise self.fail(f"{excerpt(content)} belongs to no entry; expected msgid, msgstr or a comment")
        if not previous and obsolete != self.entry.obsolete:
            raise self.fail("only a part of the entry is marked obsolete; put #~ before all of its lines, or none")
        try:
            self.pieces.append(unquote(content))
        except ValueError as error:
            raise self.fail(str(error)) from None
        self.add(self.keyword, line)

    def begin(self, keyword: str, previous: str, obsolete: bool) -> None:
        """A keyword: of the open entry if the grammar lets it follow, else the first of a new one."""
        name = keyword.removeprefix("|")
        stage = _PREVIOUS if previous else _STAGE.get(name, _STRING)
        if self.stage == _STRING and stage < _PLURAL:
            self.close()
        self.flush()
        if previous or stage < _PLURAL:
            fits = self.stage < stage or self.stage == stage == _PREVIOUS
        elif stage == _PLURAL:
            fits = self.stage == _ID
        else:
            fits = name == self.next_string()
        if not fits or keyword in self.entry.strings or (previous and name.startswith("msgstr")):
            raise self.fail(f"{name} cannot stand here; an entry is msgctxt (if any), msgid, msgstr")
        if name == "msgid" and not previous:
            self.entry.line = self.number
        if self.entry.obsolete is None and not previous:
            self.entry.obsolete = obsolete
        self.stage, self.keyword = stage, keyword

    def next_string(self) -> str:
        """The msgstr that must come next."""
        if not self.entry.plural:
            return "msgstr" if self.stage == _ID else ""
        return f"msgstr[{sum(name.startswith('msgstr[') for name in self.entry.strings)}]"

    def add(self, kind: str, line: str) -> None:
        if self.pending:
            self.entry.lines += self.pending
            self.pending = []
        self.entry.lines.append((kind, line))

    def flush(self) -> None:
        """The string under the last keyword is complete."""
        if self.keyword:
            self.entry.strings[self.keyword] = "".join(self.pieces)
        self.keyword, self.pieces = "", []

    def close(self) -> None:
        """The open entry is complete."""
        self.flush()
        if any(kind == "#" and ("lokta:" in text or "msgid" in text) for kind, text in self.entry.lines):
            _read_comments(self.entry)
        self.entries.append(self.entry)
        self.entry, self.stage = Entry(), _COMMENT

    def finish(self) -> tuple[list[Entry], str]:
        if self.stage == _STRING:
            self.close()
        elif self.stage != _COMMENT:
            raise self.fail("the file ends inside an entry; its msgstr is missing")
        return self.entries, "".join(text for _, text in self.entry.lines + self.pending)


def _read_comments(entry: Entry) -> None:
    """Find our records, and a previous msgid that a tool made a comment of (`# | msgid "…"`), among the comments."""
    lines: list[Line] = []
    for comment, group in groupby(entry.lines, lambda line: line[0] == "#"):
        run = list(group)
        lines += _records(entry, run) if comment else run
    entry.lines = lines


def _records(entry: Entry, run: list[Line]) -> list[Line]:
    """Adjacent comments, with the lines of each record as one."""
    said = [comment_text(text, 1) for _, text in run]
    unit = Unit(entry.strings.get("msgid", ""), entry.strings.get("msgstr", entry.strings.get("msgstr[0]", "")))
    hashes = {text_hash(unit.target), review_hash(unit)}
    lines: list[Line] = []
    at = 0
    for record in provenance.records(said, lambda line: line.get("hash") in hashes):
        lines += run[at : record.start]
        lines.append(("provenance", "".join(text for _, text in run[record.start : record.end])))
        entry.provenance.append(record.line)
        at = record.end
    return _previous(entry, [*lines, *run[at:]])


def _previous(entry: Entry, run: list[Line]) -> list[Line]:
    """Comments, with a previous msgid among them as one line; Babel writes `#| msgid` so, and folds it."""
    start = next((at for at, (kind, text) in enumerate(run) if kind == "#" and _PREVIOUS_COMMENT.match(text)), None)
    if start is None or "|msgid" in entry.strings:
        return run
    written = ""
    for end, (kind, text) in enumerate(run[start:], start + 1):
        said = comment_text(text, 1)
        if kind != "#" or (written.count('"') >= 2 and not said.startswith('| "')):
            break
        begins = said.startswith("|")
        written += (said[1:] if begins else " " + said) if written else said[1:]
        try:
            text_before = unquote(written.strip().removeprefix("msgid"))
        except ValueError:
            continue
        rest = comment_text(run[end][1], 1) if end < len(run) else ""
        if rest.startswith('| "'):
            continue
        entry.strings["|msgid"] = text_before
        return [*run[:start], ("|msgid", "".join(text for _, text in run[start:end])), *run[end:]]
    return run
