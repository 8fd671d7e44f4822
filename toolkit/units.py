"""The types that travel, in the words of XLIFF 2, gettext and TMX; nothing here touches a file.

Article -(read)-> Block -(segment)-> Segment -(extract)-> Unit in a Catalog -(translation)-> Match -> Unit
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

from toolkit.hashing import fold, text_hash

Markup = Literal["plain", "tags", "markdown"]
"""How inline codes are written in a source or target text: not at all (URLs alone), `<1>…</1>`, or as Markdown."""


@dataclass(frozen=True, slots=True)
class Location:
    """PO's `#:`: where a block begins."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """An inline code (XLIFF `<ph>`, `<sc>`, `<ec>`) in a text."""

    kind: Literal["ph", "sc", "ec"]
    """A placeholder, or the opening or closing half of a pair."""
    data: str
    """What stands in the document: `<a href="/x">`, `**`, `](/x)`, a URL."""
    start: int
    end: int
    """The span in the text; `text[start:end]` is what the translator sees: `<1>` or the data itself."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A place where the file writes otherwise than the msgid: a soft line break with its prefix, a character reference."""

    start: int
    end: int
    written: str
    """`source[start:end]` stands in the file as this."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence (XLIFF `<segment>`, TMX `<seg>`)."""

    source: str
    codes: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, list item, table cell or caption (XLIFF `<unit>`)."""

    id: str
    """Unique in the article, stable for the same file: `p3`."""
    type: str
    """po4a's word: `heading`, `paragraph`, `list item`, `table cell`, `caption`, `title`, `attribute alt`, …"""
    original: str
    """The exact slice of the file."""
    parts: tuple[str | Segment, ...]
    """The msgid in order: sentences, and the blanks between them (XLIFF `<ignorable>`)."""
    location: Location
    translate: bool = True
    """False: page furniture, or already in another script; kept in the document, not offered for translation."""
    codes: tuple[Code, ...] = ()
    """The codes of the whole msgid; for HTML, `data` is the tag as the file writes it."""
    spellings: tuple[Spelling, ...] = ()
    notes: tuple[str, ...] = ()
    """What `#.` lines say beside the type, such as `<1> = <a href="/x">`."""

    @property
    def source(self) -> str:
        """The msgid."""
        return "".join(part if isinstance(part, str) else part.source for part in self.parts)


@dataclass(frozen=True, slots=True)
class Article:
    """A document cut into skeleton and blocks (XLIFF `<file>`); joining `parts` gives `original` byte for byte."""

    original: str
    source_language: str
    """BCP 47; empty while nobody has said it."""
    format: str
    """A key of `article.FORMATS`."""
    parts: tuple[str | Block, ...]
    metadata: Mapping[str, str] = field(default_factory=dict)
    """title, date, author, source, licence, language, … from front matter, `<head>` and the `.meta.toml`."""

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks in order, the skipped ones included."""
        return (part for part in self.parts if isinstance(part, Block))


class State(StrEnum):
    """How far a unit has come; the one table for PO, XLIFF, the review page and `build`.

    initial   empty msgstr
    draft     `fuzzy`: nobody approved it (gettext's convention for machine output)
    outdated  `fuzzy` with `#|`: the source changed since
    accepted  not fuzzy, no valid review line: approved in another editor, reviewer unknown
    reviewed  not fuzzy with a valid review line: approved by name
    """

    INITIAL = "initial"
    DRAFT = "draft"
    OUTDATED = "outdated"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"

    @property
    def approved(self) -> bool:
        """A person stands behind it."""
        return self in (State.ACCEPTED, State.REVIEWED)


@dataclass(frozen=True, slots=True)
class Mark:
    """One of our translator comments: `# lokta: KIND key=value key="a value with blanks"`; unknown kinds and keys are kept."""

    kind: str
    values: tuple[tuple[str, str], ...] = ()

    def get(self, key: str, default: str = "") -> str:
        """The value of `key`."""
        return dict(self.values).get(key, default)


@dataclass(frozen=True, slots=True)
class Unit:
    """A gettext entry (TMX `<tu>`)."""

    source: str
    target: str = ""
    context: str = ""
    previous_source: str = ""
    """`#| msgid`: what the target was made for, when the source changed since."""
    locations: tuple[Location, ...] = ()
    notes: tuple[str, ...] = ()
    """`#.` lines: `type: heading` first."""
    comments: tuple[str, ...] = ()
    """`#` lines that are not ours."""
    flags: tuple[str, ...] = ()
    provenance: tuple[Mark, ...] = ()
    """Our `# lokta:` lines, in order."""
    obsolete: bool = False
    raw: str = field(default="", compare=False, repr=False)
    """The entry as it stood in the file; written back byte for byte while it says the same."""

    @property
    def fuzzy(self) -> bool:
        """Nobody has approved the target."""
        return "fuzzy" in self.flags

    @property
    def type(self) -> str:
        """The block's type, from the `#.` lines."""
        return next((note.removeprefix("type: ") for note in self.notes if note.startswith("type: ")), "paragraph")

    @property
    def state(self) -> State:
        """The row of the table in `State`."""
        if not self.target:
            return State.INITIAL
        if self.fuzzy:
            return State.OUTDATED if self.previous_source else State.DRAFT
        review = self.mark("reviewed")
        return State.REVIEWED if review and review.get("hash") == review_hash(self) else State.ACCEPTED

    @property
    def machine(self) -> bool:
        """Whether a machine may replace the target: it is empty, or fuzzy, never reviewed, and as its own line hashed it."""
        if not self.target:
            return True
        made = next((mark for mark in self.provenance if mark.kind in ("mt", "tm", "convert")), None)
        return bool(self.fuzzy and not self.mark("reviewed") and made and made.get("hash") == text_hash(self.target))

    def mark(self, kind: str) -> Mark | None:
        """Our line of that kind, if there is one."""
        return next((mark for mark in self.provenance if mark.kind == kind), None)

    def marked(self, *marks: Mark, without: Iterable[str] = ()) -> Unit:
        """The unit with these lines in place of its lines of the same kinds and of the kinds `without`."""
        gone = {mark.kind for mark in marks} | set(without)
        kept = tuple(mark for mark in self.provenance if mark.kind not in gone)
        return replace(self, provenance=kept + marks)

    def flagged(self, flag: str, on: bool = True) -> Unit:
        """The unit with or without a flag."""
        flags = tuple(f for f in self.flags if f != flag)
        return replace(self, flags=(flag, *flags) if on else flags)


@dataclass(frozen=True, slots=True)
class Catalog:
    """One article in one target language; a template has no target language."""

    source_language: str
    target_language: str
    units: tuple[Unit, ...] = ()
    """In the file's order, obsolete ones last."""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """PO header fields as written."""
    raw: str = field(default="", compare=False, repr=False)
    """The file as it was read; what lies outside the units is kept from it."""

    @property
    def markup(self) -> Markup:
        """How codes are written in these units (`X-Lokta-Markup` of the header)."""
        value = self.metadata.get("X-Lokta-Markup", "plain")
        return "tags" if value == "tags" else "markdown" if value == "markdown" else "plain"

    @property
    def article(self) -> str:
        """The id of the article (`X-Lokta-Article` of the header)."""
        return self.metadata.get("X-Lokta-Article", "")

    @property
    def live(self) -> Iterator[Unit]:
        """The units that are in the article now."""
        return (unit for unit in self.units if not unit.obsolete)


@dataclass(frozen=True, slots=True)
class Request:
    """What an engine is asked: a text and all that may help it."""

    source: str
    codes: tuple[Code, ...] = ()
    """Where inline codes stand in `source`."""
    title: str = ""
    """Of the article; it and the neighbours are background, and empty for an engine that takes none (`Engine.background`)."""
    before: str = ""
    after: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    second_source: str = ""
    """The same text in `second_language`, approved by a person."""
    second_language: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An answer (XLIFF `<mtc:match>`)."""

    target: str
    type: Literal["tm", "mt", "tb"]
    origin: str
    """The engine's name; for `tm`, the catalog that it came from."""
    score: float | None = None
    """mt: mean log-probability per token, 0 at best; tm: percent."""
    model: str = ""
    via: str = ""
    """The pivot language, if the draft went through one."""
    remarks: tuple[str, ...] = ()
    """What a person should know: `code re-inserted: **`."""
    sentences: tuple[tuple[str, str], ...] = ()
    """The sentences of a paragraph with their targets, where the engine knows which is whose."""
    doubt: str = ""
    """Why the engine itself does not trust its answer; such an answer becomes a Refusal before anybody sees it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that was not fit to be shown; the unit stays empty and says why."""

    origin: str
    model: str
    why: str


Answer = Match | Refusal | None
"""None: the engine has nothing to say (no memory of it, nothing to translate)."""


@runtime_checkable
class Engine(Protocol):
    """Machine, memory and pseudo-localization alike: requests in, answers out, one each and in order.

    What else an engine may say of itself, by attributes of these names: `independent` (an answer does not depend on what is
    asked beside it), `window` (how many belong together otherwise), `markers` (whether `(1)` in place of a code comes
    through), `verbatim`, `label`, `identities`, `fingerprint`, `background` (which of `title`, `before`, `after` it
    wants), `seconds` (languages, BCP 47, in which it takes a second source), `tokens` (how many it produced since it was
    made), `load` (read the model now), and `again`, a second try in another way.
    """

    name: str
    grain: Literal["sentence", "unit"]
    """What it wants to be given."""

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Answer each request; raises EngineFailed when it cannot go on."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, in a translator's words."""

    message: str
    severity: Literal["error", "warning", "info"] = "warning"


Check = Callable[[Unit, Catalog], Iterable[Finding]]
"""Yields what is wrong; silence means good."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its place."""

    check: str
    message: str
    severity: Literal["error", "warning", "info"]
    unit: Unit
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Edition:
    """An article in a target language and a form, ready to be written."""

    article: str
    """The id of the article."""
    target_language: str
    format: str
    """`native`, `html`, `mo`, …"""
    name: str
    """Path below the editions' folder, `/` between its parts."""
    data: bytes
    problems: tuple[str, ...] = ()
    """Paragraphs that fell back to the source, each with file:line and the reason."""


def review_hash(unit: Unit) -> str:
    """What a review line is bound to: the folded msgid and the msgstr."""
    return text_hash(fold(unit.source) + "\0" + unit.target)
