"""Writing an entry so that only what changed in it changes in the file; a new entry is one in which everything did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import TypeVar

from toolkit.catalog import provenance
from toolkit.catalog.po_entries import Entry, Line
from toolkit.catalog.po_text import comment_lines, comment_text, quote, read_flags, write_flags, write_locations
from toolkit.units import ProvenanceLine, Unit

_COMMENTS = ("#", "provenance", "#.", "#:", "#,", "#=")
_ORDER = (*_COMMENTS, "|msgctxt", "|msgid", "|msgid_plural", "msgctxt", "msgid", "msgid_plural", "msgstr")
_T = TypeVar("_T")
_RANK = {kind: rank for rank, kind in enumerate(_ORDER)}


def edit(entry: Entry, unit: Unit, newline: str = "\n") -> str:
    """The bytes of the entry when it is to say what `unit` says; `entry` is how it stands, or an empty one."""
    old = entry.unit()
    if entry.lines and old == unit:
        return entry.raw
    page = _Page(list(entry.lines), newline, bool(entry.obsolete))
    page.respell(entry.provenance, old.previous_source)
    page.items("#", old.comments, unit.comments, _comment)
    page.items("provenance", old.provenance, unit.provenance, _provenance)
    page.items("#.", old.notes, unit.notes, _note)
    if unit.locations != old.locations:
        page.block("#:", write_locations(unit.locations))
    if unit.flags != old.flags:
        page.flags(unit.flags)
    if unit.previous_source != old.previous_source:
        page.drop("|msgctxt", "|msgid_plural")
        page.block("|msgid", _string("msgid", unit.previous_source, "#| ") if unit.previous_source else [])
    if unit.context != old.context:
        page.block("msgctxt", _string("msgctxt", unit.context) if unit.context else [])
    if unit.source != old.source or not entry.lines:
        page.block("msgid", _string("msgid", unit.source))
    if unit.target != old.target or not entry.lines:
        keyword = "msgstr[0]" if entry.plural else "msgstr"
        page.block(keyword, _string(keyword, unit.target))
    if unit.obsolete != old.obsolete:
        page.mark_obsolete(unit.obsolete)
    text = "".join(text for _, text in page.lines)
    return text if not entry.lines or entry.lines[-1][1].endswith("\n") else text.removesuffix(newline)


def fresh(unit: Unit, newline: str = "\n") -> str:
    """A new entry, without a blank line before it."""
    previous = _string("msgid", unit.previous_source, "| ") if unit.previous_source else []
    strings = [
        *(_string("msgctxt", unit.context) if unit.context else []),
        *_string("msgid", unit.source),
        *_string("msgstr", unit.target),
    ]
    sign = "#~ " if unit.obsolete else ""
    lines = [
        *(line for comment in unit.comments for line in _comment(comment)),
        *(line for one in unit.provenance for line in _provenance(one)),
        *(line for note in unit.notes for line in _note(note)),
        *write_locations(unit.locations),
        *write_flags(unit.flags),
        *((sign.strip() or "#") + line for line in previous),
        *(sign + line for line in strings),
    ]
    return "".join(line + newline for line in lines)


def _string(keyword: str, text: str, sign: str = "") -> list[str]:
    first, *rest = quote(text)
    return [f"{sign}{keyword} {first}", *(sign + line for line in rest)]


def _comment(comment: str) -> list[str]:
    return ["# " + line if line else "#" for line in comment_lines(comment)]


def _note(note: str) -> list[str]:
    return ["#. " + line if line else "#." for line in comment_lines(note)]


def _provenance(line: ProvenanceLine) -> list[str]:
    return [f"# {comment}" for comment in provenance.spelled(line)]


class _Page:
    """The lines of one entry, open for changes."""

    def __init__(self, lines: list[Line], newline: str, obsolete: bool) -> None:
        self.lines = lines
        self.newline = newline
        self.obsolete = obsolete
        if lines and not lines[-1][1].endswith("\n"):
            lines[-1] = (lines[-1][0], lines[-1][1] + newline)

    def respell(self, said: Sequence[ProvenanceLine], previous_source: str) -> None:
        """Write long records, and a previous msgid that a tool made a comment of, by today's rules."""
        records = iter(said)
        for index, (kind, text) in enumerate(self.lines):
            line = next(records) if kind == "provenance" else None
            if line and not line.damaged and max(map(len, text.splitlines())) > provenance.WIDTH:
                self.lines[index] = (kind, "".join(one + self.newline for one in _provenance(line)))
        if any(kind == "|msgid" and text.startswith("# ") for kind, text in self.lines):
            self.drop("|msgid")  # it stands among the comments, where gettext takes no `#|`
            self.block("|msgid", _string("msgid", previous_source, "#| "))

    def place(self, kind: str) -> int:
        """Where a line of a kind that is not there yet belongs: before the first one that comes later by custom."""
        rank = _RANK[kind.split("[")[0]]
        for index, (other, _) in enumerate(self.lines):
            if _RANK.get(other.split("[")[0], -1) > rank:
                return index
        return len(self.lines)

    def spelled(self, kind: str, written: Sequence[str]) -> list[Line]:
        sign = ""
        if self.obsolete and not kind.startswith("#") and kind != "provenance":
            sign = "#~" if kind.startswith("|") else "#~ "
        return [(kind, sign + (line[1:] if sign == "#~" else line) + self.newline) for line in written]

    def drop(self, *kinds: str) -> None:
        self.lines = [line for line in self.lines if line[0] not in kinds]

    def block(self, kind: str, written: Sequence[str]) -> None:
        """Put these lines where the first of the kind stood."""
        at = next((index for index, line in enumerate(self.lines) if line[0] == kind), None)
        if at is None:
            at = self.place(kind)
        self.lines[at:] = self.spelled(kind, written) + [line for line in self.lines[at:] if line[0] != kind]

    def items(self, kind: str, old: Sequence[_T], new: Sequence[_T], spell: Callable[[_T], list[str]]) -> None:
        """Change the lines of a kind that has an item a line; the lines of items that stay are not touched."""
        if old == new:
            return
        at = [index for index, line in enumerate(self.lines) if line[0] == kind]
        at.append(at[-1] + 1 if at else self.place(kind))
        before, after = [str(spell(item)) for item in old], [str(spell(item)) for item in new]
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        for tag, start, end, first, last in reversed(matcher.get_opcodes()):
            if tag != "equal":
                written = [line for item in new[first:last] for line in spell(item)]
                gone = set(at[start:end])
                insert = self.spelled(kind, written)
                where = at[start]
                rest = [line for index, line in enumerate(self.lines[where:], where) if index not in gone]
                self.lines[where:] = insert + rest

    def flags(self, flags: Sequence[str]) -> None:
        """Change the flags; those on a `#=` line stay there."""
        if not any(kind == "#=" for kind, _ in self.lines):
            return self.block("#,", write_flags(flags))
        lines: list[Line] = []
        seen: set[str] = set()
        for kind, text in self.lines:
            if kind in ("#,", "#="):
                there = list(read_flags(comment_text(text, 2)))
                kept = [flag for flag in there if flag in flags]
                seen.update(kept)
                lines += [(kind, text)] if kept == there else self.spelled(kind, write_flags(kept, kind))
            else:
                lines.append((kind, text))
        self.lines = lines
        added = [flag for flag in flags if flag not in seen]
        here = [flag for kind, text in lines if kind == "#," for flag in read_flags(comment_text(text, 2))]
        if added:
            self.block("#,", write_flags([*added, *here]))
        return None

    def mark_obsolete(self, obsolete: bool) -> None:
        """Put `#~` before the lines that gettext wants it before, or take it away."""
        self.obsolete = obsolete
        for index, (kind, text) in enumerate(self.lines):
            if not kind or kind.startswith("#") or kind == "provenance":
                continue
            content = text.lstrip(" \t\f\v")
            if kind.startswith("|"):
                bare = content.removeprefix("#").removeprefix("~").removeprefix("|").lstrip(" \t\f\v")
                self.lines[index] = (kind, ("#~| " if obsolete else "#| ") + bare)
            else:
                bare = content.removeprefix("#~").lstrip(" \t\f\v")
                self.lines[index] = (kind, ("#~ " if obsolete else "") + bare)
