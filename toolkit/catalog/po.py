"""PO files as catalogs and back: an entry nobody touched is written byte for byte, in a touched one only what changed.

    load(text) -> Catalog    dump(catalog) -> text    dump_mo(catalog) -> the .mo that gettext programs load

A Unit carries its entry as it stood (`raw`), a Catalog the whole file; what differs from these is what gets rewritten.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from toolkit.catalog import header
from toolkit.catalog.po_edit import edit, fresh
from toolkit.catalog.po_entries import Entry, split
from toolkit.catalog.po_text import excerpt, quote, unquote
from toolkit.errors import CatalogError
from toolkit.units import Catalog, Unit

_MO_MAGIC = 0x950412DE


def load(text: str, file: str = "") -> Catalog:
    """The catalog in a PO text; `file` names it in errors.

    Raises CatalogError (one line, with file:line) for broken grammar, an entry twice, a charset other than UTF-8.
    """
    if text.startswith("\ufeff"):
        raise CatalogError(f"{file or 'line 1'}: begins with a byte order mark; save it as UTF-8 without one")
    entries = _parsed(text, file).entries
    metadata: dict[str, str] = {}
    if entries and entries[0].header:
        metadata = header.parse(entries[0].strings["msgstr"] if not entries[0].plural else "")
        header.check_charset(metadata, file, entries[0].line)
    _refuse_twins(entries, file)
    return Catalog(
        source_language=header.tag_of(metadata.get("X-Source-Language", "")),
        target_language=header.tag_of(metadata.get("Language", "")),
        units=tuple(entry.unit() for entry in _body(entries)),
        metadata=metadata,
        raw=text,
    )


def dump(catalog: Catalog) -> str:
    """The PO text of a catalog, obsolete entries last.

    Raises CatalogError when a field cannot stand in PO: a path with control characters, an entry that is there twice.
    """
    parsed = _parsed(catalog.raw)
    entries, tail = parsed.entries, parsed.tail
    newline = "\r\n" if catalog.raw.partition("\n")[0].endswith("\r") else "\n"
    known = {entry.raw: (index, entry) for index, entry in enumerate(entries)}
    chunks: list[tuple[int, str]] = []
    if head := _header(entries, catalog, newline):
        chunks.append((0 if entries and entries[0].header else -2, head))
    units = list(catalog.units)
    if [(unit.raw, unit.obsolete) for unit in units] != [(entry.raw, entry.obsolete) for entry in _body(entries)]:
        units.sort(key=lambda unit: unit.obsolete)
    _refuse_loss(units)
    for unit in units:
        index, entry = known.get(unit.raw) or (-2, _alone(unit.raw))
        chunks.append((index, edit(entry, unit, newline) if entry else fresh(unit, newline)))
    chunks.append((len(entries), tail))
    text = _join(chunks, newline)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise CatalogError("half of a surrogate pair cannot stand in a catalog; take that character out") from None
    return text


def dump_mo(catalog: Catalog, include_drafts: bool = False) -> bytes:
    """The catalog as a .mo: always the same bytes for the same catalog; empty and obsolete entries are never in it.

    Fuzzy ones are not either, unless `include_drafts`.
    """
    head = header.change("", {**catalog.metadata, "Content-Type": header.CONTENT_TYPE})
    messages = {b"": head.encode()}
    for unit in catalog.live:
        if unit.target and (include_drafts or not unit.fuzzy):
            key, value = _message(unit)
            messages[key.encode()] = value.encode()
    keys = sorted(messages)
    table = struct.calcsize("<7I")
    start = table + 16 * len(keys)
    index, body = [], bytearray()
    for part in (keys, [messages[key] for key in keys]):
        for data in part:
            index += [len(data), start + len(body)]
            body += data + b"\0"
    front = struct.pack("<7I", _MO_MAGIC, 0, len(keys), table, table + 8 * len(keys), 0, start)
    return front + struct.pack(f"<{len(index)}I", *index) + bytes(body)


def line_of(catalog: Catalog, unit: Unit) -> int:
    """The line of the unit's msgid in the file as it was read, or else as it would be written; 0 if it is not there."""
    key = (unit.context, unit.source, unit.obsolete)
    line = _parsed(catalog.raw).lines.get(key)
    return line if line is not None else _Parsed(dump(catalog)).lines.get(key, 0)


class _Parsed:
    """A PO text in its parts."""

    def __init__(self, text: str, file: str = "") -> None:
        self.text = text
        self.entries, self.tail = split(text, file)

    @cached_property
    def lines(self) -> dict[tuple[str, str, bool], int]:
        """The line of each msgid."""
        entries = _body(self.entries)
        return {(e.strings.get("msgctxt", ""), e.strings["msgid"], bool(e.obsolete)): e.line for e in entries}


def _parsed(text: str, file: str = "") -> _Parsed:
    """The parts of a text; those of the last one are kept, since a catalog that is read is often written right after."""
    last = _last[0]
    if last is None or last.text is not text:
        last = _last[0] = _Parsed(text, file)
    return last


_last: list[_Parsed | None] = [None]


def _body(entries: list[Entry]) -> list[Entry]:
    return entries[1:] if entries and entries[0].header else entries


def _refuse_twins(entries: list[Entry], file: str) -> None:
    """No PO tool takes a file in which an entry stands twice, not even when one is obsolete."""
    first: dict[tuple[str | None, str], int] = {}
    for index, entry in enumerate(entries):
        key = (entry.strings.get("msgctxt"), entry.strings["msgid"])
        place = f"{file}:{entry.line}" if file else f"line {entry.line}"
        if key in first:
            what = excerpt(key[1]) if key[1] else "the header"
            raise CatalogError(f"{place}: {what} stands twice, first in line {first[key]}; try msguniq FILE -o NEW")
        if index and entry.header:
            raise CatalogError(f"{place}: the header (empty msgid) must be the first entry; move it to the top")
        first[key] = entry.line


def _refuse_loss(units: Iterable[Unit]) -> None:
    seen: set[tuple[str, str, str]] = set()
    for unit in units:
        # an empty msgctxt is not the same as none, but only the entry as it stood can tell
        key = (unit.context, unit.source, "" if unit.context or "msgctxt" not in unit.raw else unit.raw)
        if key in seen:
            raise CatalogError(f"{excerpt(unit.source)} would stand twice in the catalog; give one a msgctxt")
        if not unit.source and not unit.obsolete and not unit.raw:
            raise CatalogError("an entry with an empty msgid would be taken for the header; leave it out")
        seen.add(key)


def _alone(raw: str) -> Entry | None:
    """The entry in a unit that came from another file."""
    entries, tail = split(raw)
    return entries[0] if len(entries) == 1 and not tail else None


def _header(entries: list[Entry], catalog: Catalog, newline: str) -> str:
    """The header entry: as it stood, with its changed fields changed, or a new one."""
    entry = entries[0] if entries and entries[0].header else Entry()
    old = entry.unit()
    if header.parse(old.target) == dict(catalog.metadata):
        return entry.raw
    new = replace(old, target=header.change(old.target, catalog.metadata))
    if not entry.lines:
        return edit(entry, new, newline)
    layout = _layout(entry)
    lines = [f"msgstr {quote('')[0]}{newline}"]
    for line in new.target.removesuffix("\n").split("\n"):
        lines += layout.get(line + "\n") or [quote(line + "\n")[0] + newline]
    before = "".join(text for kind, text in entry.lines if kind != "msgstr")
    return before + ("" if before.endswith("\n") else newline) + "".join(lines)


def _layout(entry: Entry) -> dict[str, list[str]]:
    """The lines of a header's msgstr by what they say, so that long ones stay folded as they were."""
    layout: dict[str, list[str]] = {}
    said = ""
    lines: list[str] = []
    for kind, text in entry.lines:
        if kind == "msgstr" and text.lstrip().startswith('"'):
            said, lines = said + unquote(text.strip()), [*lines, text]
            if said.endswith("\n"):
                if said.count("\n") == 1:
                    layout[said] = lines
                said, lines = "", []
    return layout


def _join(chunks: list[tuple[int, str]], newline: str) -> str:
    """The parts with a blank line between them; those that were neighbours in the file stay as they stood."""
    text: list[str] = []
    before = -1
    for index, chunk in chunks:
        if not chunk:
            continue
        if text and not text[-1].endswith("\n"):
            text.append(newline)
        if not text and index != 0:
            chunk = chunk.lstrip("\r\n")
        elif index != before + 1 and text and not chunk.startswith(("\n", "\r\n")):
            text.append(newline)
        text.append(chunk)
        before = index if index >= 0 else -9
    return "".join(text)


def _message(unit: Unit) -> tuple[str, str]:
    """An entry's key and value in a .mo; plural forms stand one after the other."""
    entry = _alone(unit.raw) if unit.raw and "msgid_plural" in unit.raw else None
    strings = entry.strings if entry and entry.plural else {}
    context = unit.context + "\x04" if unit.context or strings.get("msgctxt") == "" else ""
    if not strings:
        return context + unit.source, unit.target
    forms = [value for key, value in strings.items() if key.startswith("msgstr[") and key != "msgstr[0]"]
    return f"{context}{unit.source}\0{strings['msgid_plural']}", "\0".join([unit.target, *forms])
