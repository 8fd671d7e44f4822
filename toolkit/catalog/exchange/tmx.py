"""TMX 1.4b, level 2: translation memories as other tools give and take them, read and written piece by piece.

Inline codes (`<bpt> <ept> <it> <ph> <hi> <ut>`) hold what stands in the document, so that a text with them is the text of the
segment. A document type is passed over; declarations of entities are refused, since a small file could unfold without end.
Source: LISA OSCAR, TMX 1.4b Specification (2005).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from toolkit import __version__, codes
from toolkit.catalog.exchange.xml import FORBIDDEN
from toolkit.errors import CatalogError
from toolkit.units import Code, Markup, markup_of

LONGEST = 100_000
"""Characters of a segment; what is longer is passed over."""
ANY = "*all*"
"""The `srclang` of a memory in which every variant may be the source."""
MACHINE = "MT!"
"""The author of a machine's draft that nobody approved; Trados, memoQ and Matecat take such a match for what it is."""
_DEEPEST = 64
MARKUP = "x-lokta-markup"
"""The property of a unit that says in which markup its inline codes are written."""
_KINDS: Mapping[str, Literal["ph", "sc", "ec"]] = {"bpt": "sc", "ept": "ec", "ph": "ph", "it": "ph", "ut": "ph"}
"""The elements that hold inline codes; `<hi>` holds text."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A text in one language (TMX `<tuv>`)."""

    language: str
    """As the file says it; BCP 47 in ours."""
    text: str
    author: str = ""
    """Who wrote or changed it last (`changeid`, else `creationid`)."""
    date: str = ""
    """When, ISO 8601 or TMX's `20261126T120000Z`."""
    codes: tuple[Code, ...] = ()
    """The inline codes in the text, none in another one."""


@dataclass(frozen=True, slots=True)
class TranslationUnit:
    """The same text in several languages (TMX `<tu>`)."""

    variants: tuple[Variant, ...]
    id: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    """`<prop type="…">`."""
    notes: tuple[str, ...] = ()
    source_language: str = ""
    """Of which variant the others are translations (`srclang`); empty: not said, or of any."""


def read(chunks: Iterable[bytes], name: str, properties: dict[str, str] | None = None) -> Iterator[TranslationUnit]:
    """The units of a file that comes in pieces; `name` is how messages call it. Memory does not grow with the file.

    `properties` gets those of the header. Raises CatalogError, with the line, for what is no TMX.
    """
    reader = _Reader({} if properties is None else properties)
    try:
        for chunk in chunks:
            reader.parser.Parse(chunk, False)
            yield from reader.taken()
        reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise CatalogError(f"{name}:{error.lineno}: is no XML ({expat.errors.messages[error.code]})") from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise CatalogError(f"{name}: cannot be read ({error})") from None
    except _Refused as error:
        raise CatalogError(f"{name}:{reader.parser.CurrentLineNumber}: {error}") from None
    yield from reader.taken()
    if not reader.is_tmx:
        raise CatalogError(f"{name}: is no TMX")


class _Refused(Exception):
    """What a file holds that is not taken."""


class _Reader:
    """The handlers of the parser, and what they have put together so far."""

    def __init__(self, properties: dict[str, str]) -> None:
        self.properties = properties
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.EntityDeclHandler = self._entity
        self.is_tmx = False
        self._source_language = ""
        self._ready: list[TranslationUnit] = []
        self._path: list[str] = []
        self._unit: dict[str, Any] | None = None
        self._variant: dict[str, str] | None = None
        self._text: list[str] | None = None
        self._size = 0
        self._kind = ""
        self._codes: list[Code] = []
        self._code: tuple[int, int] | None = None
        """The depth of the inline code that is open, and where it begins."""

    def taken(self) -> list[TranslationUnit]:
        """The units that were finished since the last call."""
        ready, self._ready = self._ready, []
        return ready

    def _entity(self, *_: Any) -> None:
        raise _Refused("declares entities, which are not taken; take the declaration away")

    def _start(self, name: str, said: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if not self._path:
            self.is_tmx = name == "tmx"
            if not self.is_tmx:
                raise _Refused(f"is no TMX: its first element is {name[:40]}")
        self._path.append(name)
        if len(self._path) > _DEEPEST:
            raise _Refused("elements are too deep in one another")
        if name == "header":
            self._source_language = said.get("srclang", "")
        elif name == "tu":
            source = said.get("srclang", self._source_language)
            self._unit = {"id": said.get("tuid", ""), "by": _author(said), "variants": [], "notes": [], "props": {}}
            self._unit["source"] = "" if source == ANY else source
        elif name == "tuv" and self._unit is not None:
            language = said.get("xml:lang") or said.get("lang") or ""
            by = _author(said)
            self._variant = {
                "language": language,
                "author": by[0] or self._unit["by"][0],
                "date": by[1] or self._unit["by"][1],
            }
        elif (name == "seg" and self._variant is not None) or (name in ("prop", "note")):
            self._text, self._size, self._kind, self._codes, self._code = [], 0, said.get("type", ""), [], None
        elif name in _KINDS and self._text is not None and self._code is None:
            self._code = len(self._path), self._size

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._size += len(text)
            if self._size <= LONGEST:
                self._text.append(text)

    def _end(self, name: str) -> None:
        name = self._path.pop()
        if self._code is not None and self._code[0] > len(self._path):
            start, self._code = self._code[1], None
            if start < self._size <= LONGEST:
                data = "".join(self._text or ())[start:]
                self._codes.append(Code(_KINDS[name], data, start, self._size))
        text = "".join(self._text) if self._text is not None else ""
        if name == "seg" and self._variant is not None and self._unit is not None:
            if self._size <= LONGEST:
                held = self._variant
                self._unit["variants"].append(
                    Variant(held["language"], text, held["author"], held["date"], tuple(self._codes))
                )
        elif name == "note" and self._unit is not None:
            self._unit["notes"].append(text)
        elif name == "prop" and self._kind:
            (self.properties if self._unit is None else self._unit["props"])[self._kind] = text
        elif name == "tuv":
            self._variant = None
        elif name == "tu" and self._unit is not None:
            one = self._unit
            made = TranslationUnit(tuple(one["variants"]), one["id"], one["props"], tuple(one["notes"]), one["source"])
            self._ready.append(made)
            self._unit = None
        if name in ("seg", "note", "prop"):
            self._text = None


def _author(said: Mapping[str, str]) -> tuple[str, str]:
    return said.get("changeid") or said.get("creationid", ""), said.get("changedate") or said.get("creationdate", "")


def write(
    units: Iterable[TranslationUnit], source_language: str, properties: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The text of a file, piece by piece; `properties` are those of the whole memory. The same units give the same text."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
        f'<header creationtool="lokta" creationtoolversion={quoteattr(__version__)} segtype="paragraph" o-tmf="po" adminlang="en" '
        f'srclang={quoteattr(source_language or "*all*")} datatype="plaintext"'
    )
    props = "".join(_property(name, text) for name, text in (properties or {}).items())
    yield f">{props}</header>\n<body>\n" if props else "/>\n<body>\n"
    for unit in units:
        yield _unit(unit)
    yield "</body>\n</tmx>\n"


def _unit(unit: TranslationUnit) -> str:
    name = f" tuid={quoteattr(_plain(unit.id))}" if unit.id else ""
    name += f" srclang={quoteattr(_plain(unit.source_language))}" if unit.source_language else ""
    notes = "".join(f"<note>{_escaped(note)}</note>" for note in unit.notes)
    props = "".join(_property(kind, text) for kind, text in unit.properties.items())
    return f"<tu{name}>{notes}{props}{''.join(map(_variant, unit.variants))}</tu>\n"


def _variant(one: Variant) -> str:
    name = "creationid" if one.author == MACHINE else "changeid"
    by = f" {name}={quoteattr(_plain(one.author))}" if one.author else ""
    date = f" changedate={quoteattr(stamp(one.date))}" if one.date else ""
    return f"<tuv xml:lang={quoteattr(one.language)}{by}{date}><seg>{_segment(one.text, one.codes)}</seg></tuv>"


def stamp(date: str) -> str:
    """A day (ISO 8601) as TMX writes it: `20261126T000000Z`; what is no day stays."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date)
    return f"{found[1]}{found[2]}{found[3]}T000000Z" if found else _plain(date)


def day(date: str) -> str:
    """The day of a date of TMX, ISO 8601; empty where it is none."""
    found = re.match(r"(\d{4})-?(\d\d)-?(\d\d)", date)
    return f"{found[1]}-{found[2]}-{found[3]}" if found else ""


def _property(kind: str, text: str) -> str:
    return f"<prop type={quoteattr(_plain(kind))}>{_escaped(text)}</prop>"


def _segment(text: str, found: tuple[Code, ...]) -> str:
    """The text with its codes in the elements of TMX: `<bpt i="1">**</bpt>bold<ept i="1">**</ept>`."""
    pairs = {place: number for number, pair in enumerate(codes.paired(found), 1) for place in pair}
    said, end = "", 0
    for place, code in enumerate(found):
        if code.start < end:
            continue
        data = _escaped(text[code.start : code.end])
        said += _escaped(text[end : code.start])
        if place not in pairs:
            said += f"<ph>{data}</ph>"
        else:
            name = "bpt" if code.kind == "sc" else "ept"
            said += f'<{name} i="{pairs[place]}">{data}</{name}>'
        end = code.end
    return said + _escaped(text[end:])


def _plain(text: str) -> str:
    return FORBIDDEN.sub("\ufffd", text)


def _escaped(text: str) -> str:
    return escape(_plain(text), {"\r": "&#13;"})


def with_codes(language: str, text: str, markup: Markup, author: str = "", date: str = "") -> Variant:
    """A variant whose inline codes are those of a catalog's text in this markup."""
    return Variant(language, text, author, date, codes.find(text, markup))


def markup(unit: TranslationUnit) -> Markup:
    """In which markup the inline codes of a unit are written: as it says, else the one by which they are found where they are."""
    if MARKUP in unit.properties:
        return markup_of(unit.properties[MARKUP])
    if not any(one.codes for one in unit.variants):
        return "plain"
    return next((one for one in _MARKUPS if _is_written_in(unit, one)), "plain")


_MARKUPS: tuple[Markup, ...] = ("plain", "tags", "markdown")


def _is_written_in(unit: TranslationUnit, markup: Markup) -> bool:
    return all(
        [(code.start, code.end) for code in one.codes]
        == [(code.start, code.end) for code in codes.find(one.text, markup)]
        for one in unit.variants
    )
