"""What an exchange file holds of a catalog: documents of passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from toolkit.catalog import provenance
from toolkit.catalog.exchange import xml
from toolkit.catalog.exchange.xml import Element
from toolkit.errors import DataError
from toolkit.units import Catalog, Location, Markup, ProvenanceLine, State, Unit, text_hash

Said = Literal["", "waits", "needs-work", "accepted", "approved"]
"""What a file says of a target: nothing, translated and to be reviewed, to be translated anew, approved some time, approved."""

_TOOLS = frozenset({"pofilter"})
"""Who writes notes that nobody said."""


@dataclass(frozen=True, slots=True)
class Base:
    """A unit at the time of its export."""

    target: str
    """`text_hash` of the target."""
    state: State
    notes: frozenset[str] = frozenset()
    """`text_hash` of each note that the file had."""

    def __str__(self) -> str:
        return " ".join((self.target, self.state, *sorted(self.notes)))

    @classmethod
    def parse(cls, text: str) -> Base | None:
        """The base that a file names; None where it is damaged."""
        target, state, *notes = text.split() if len(text.split()) > 1 else ("", "")
        return cls(target, State(state), frozenset(notes)) if state in [*State] else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit in a file."""

    unit: Unit
    """The entry, with the target that the file has now; what else it was at export comes from our own fields in the file."""
    said: Said = ""
    base: Base | None = None
    """None: the file is not ours, or the tool dropped what it did not know."""
    remarks: tuple[str, ...] = ()
    """Notes that were not there at export."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """An article in one language (XLIFF `<file>`)."""

    article: str
    """`original` of the file: the article's id where the file is ours."""
    source_language: str
    target_language: str
    markup: Markup = "plain"
    passages: tuple[Passage, ...] = ()


def document(catalog: Catalog) -> Document:
    """The live units of a catalog, to be written."""
    passages = []
    for unit in catalog.live:
        notes = frozenset(map(text_hash, (*unit.notes, *unit.comments)))
        passages.append(Passage(unit, base=Base(text_hash(unit.target), unit.state, notes)))
    return Document(catalog.article, catalog.source_language, catalog.target_language, catalog.markup, tuple(passages))


def fields(unit: Unit, base: Base | None) -> list[tuple[str, str]]:
    """What XLIFF has no words for, by name; a name may come several times."""
    found = [("context", unit.context)] if unit.context else []
    found += [("flag", flag) for flag in unit.flags]
    found += [("provenance", provenance.unwrapped(line)) for line in unit.provenance]
    return [*found, *([("base", str(base))] if base else [])]


def passage(
    unit: Unit,
    said: Said,
    known: Iterable[tuple[str, str]],
    notes: Iterable[tuple[str, str]],
    line: int,
) -> Passage:
    """A passage from a unit's texts, our fields, and the notes with their authors, as a file holds them.

    A note of `developer` is a `#.` line, one of `translator` that was there at export a comment, any other a remark.
    """
    flags, lines, context, base = [], list[ProvenanceLine](), "", None
    for name, value in known:
        if name == "flag":
            flags.append(value)
        elif name == "provenance" and (parsed := provenance.parse(value)):
            lines.append(parsed)
        elif name == "context":
            context = value
        elif name == "base":
            base = Base.parse(value)
    told, comments, remarks = [], [], []
    for author, text in notes:
        if author == "developer":
            told.append(text)
        elif base and text_hash(text) in base.notes:
            comments.append(text)
        elif (
            author not in _TOOLS and (remark := "\n".join(line for line in text.split("\n") if not _ours(line))).strip()
        ):
            remarks.append(remark)
    unit = replace(
        unit,
        context=context,
        flags=tuple(flags),
        provenance=tuple(lines),
        notes=tuple(told),
        comments=tuple(comments),
    )
    return Passage(unit, said, base, tuple(remarks), line)


def _ours(line: str) -> bool:
    """Whether a line of a note is one of our own, which tools copy from the comments of a catalog."""
    return provenance.parse(line) is not None


def documents(
    data: bytes,
    name: str,
    wanted: str,
    file_of: Callable[[Element], Document | None],
    passage_of: Callable[[Element, str], Passage],
) -> tuple[Document, ...]:
    """The documents in an XLIFF file: `file_of` makes one of an element outside of units, where it begins one, and `passage_of`
    a passage of each element of the local name `wanted`. Raises DataError, `name:line: …`."""
    found: list[Document] = []
    passages: list[list[Passage]] = []

    def opened(element: Element) -> None:
        if (document := file_of(element)) is not None:
            found.append(document)
            passages.append([])

    def take(element: Element) -> None:
        if not found:
            raise DataError(f"{name}:{element.line}: a {wanted} outside of any file; export it again")
        passages[-1].append(passage_of(element, name))

    xml.read(data, name, wanted, opened, take)
    return tuple(replace(one, passages=tuple(held)) for one, held in zip(found, passages, strict=True))


def location(text: str) -> Location:
    """The place that `file:line` names; line 0 where there is none."""
    file, colon, number = text.rpartition(":")
    return Location(file, int(number)) if colon and number.isdecimal() and len(number) < 10 else Location(text, 0)
