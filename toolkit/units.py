"""The types that pass between the rooms, in the words of XLIFF 2, gettext and TMX. No function here touches a file.

Article -(read)-> Block -(segment)-> Segment -(extract)-> Unit in a Catalog -(translation)-> Match -> Unit
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, NamedTuple

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
    dialect: str = ""
    """Of Markdown, see `article.markdown.dialects`; empty: none that is known."""

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
    memory    not fuzzy with a valid `tm` line: approved elsewhere, for the same text in the same context
    """

    INITIAL = "initial"
    DRAFT = "draft"
    OUTDATED = "outdated"
    ACCEPTED = "accepted"
    REVIEWED = "reviewed"
    REMEMBERED = "memory"

    @property
    def approved(self) -> bool:
        """A person stands behind it."""
        return self in (State.ACCEPTED, State.REVIEWED, State.REMEMBERED)


HASHED = frozenset({"mt", "tm", "convert", "reviewed", "adopted", "reused"})
"""Kinds of provenance lines that are bound to their unit's text by a hash."""


@dataclass(frozen=True, slots=True)
class ProvenanceLine:
    """One of our translator comments in a catalog: `# lokta: KIND key=value …`. Unknown kinds and keys are kept."""

    kind: str
    values: tuple[tuple[str, str], ...] = ()
    """The hash comes last, as it does in catalogs."""

    def __post_init__(self) -> None:
        if self.kind in HASHED:
            ordered = tuple(sorted(self.values, key=lambda value: value[0] == "hash"))
            object.__setattr__(self, "values", ordered)

    @property
    def damaged(self) -> bool:
        """It lost its hash in another tool: whose words the target is nobody can tell."""
        return self.kind in HASHED and not re.fullmatch("[0-9a-f]{12}", self.get("hash"))

    def get(self, key: str, default: str = "") -> str:
        """The value of `key`."""
        return dict(self.values).get(key, default)


SAME_CONTEXT = "101"
"""The `match` of a `tm` line whose text was approved for the same source in the same context, as OmegaT and memoQ count."""
MACHINE_MADE = ("mt", "tm", "convert")
"""Kinds of provenance lines that say which machine a target came from."""


_ASIDE = "was "


class UnitKey(NamedTuple):
    """What names a unit in its catalog, as gettext does: msgctxt and msgid."""

    context: str
    source: str

    @property
    def short(self) -> str:
        """12 hex digits in its place, for the review page and answer files."""
        return text_hash(f"{self.context}\0{self.source}")


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
    provenance: tuple[ProvenanceLine, ...] = ()
    """Our `# lokta:` lines, in order."""
    obsolete: bool = False
    raw: str = field(default="", compare=False, repr=False)
    """The entry as it stood in the file; written back byte for byte while it says the same."""

    @property
    def key(self) -> UnitKey:
        """What names the unit in its catalog."""
        return UnitKey(self.context, self.source)

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
        review = self.line("reviewed")
        if review and review.get("hash") == review_hash(self):
            return State.REVIEWED
        tm = self.line("tm")
        remembered = tm and not review and tm.get("match") == SAME_CONTEXT and tm.get("hash") == text_hash(self.target)
        return State.REMEMBERED if remembered else State.ACCEPTED

    @property
    def machine(self) -> bool:
        """Whether a machine may replace the target: it is empty, or fuzzy, never reviewed, and as its own line hashed it.

        Never where sentences of it were reviewed (`reused`).
        """
        if not self.target:
            return True
        if self.line("reused"):
            return False
        made = next((line for line in self.provenance if line.kind in MACHINE_MADE), None)
        return bool(self.fuzzy and not self.line("reviewed") and made and made.get("hash") == text_hash(self.target))

    @property
    def is_aside(self) -> bool:
        """Whether its context is that of a text which was set aside: another person's, or an earlier one."""
        return self.context.startswith(_ASIDE)

    def aside_context(self, target: str) -> str:
        """The context under which a text for this unit is set aside, as an obsolete entry of the same msgid."""
        return f"{_ASIDE}{text_hash(self.context + self.source + target)}"

    def line(self, kind: str) -> ProvenanceLine | None:
        """The first provenance line of that kind, or None."""
        return next((line for line in self.provenance if line.kind == kind), None)

    def with_lines(self, *lines: ProvenanceLine, without: Iterable[str] = ()) -> Unit:
        """The unit with these provenance lines in place of those of the same kinds and of the kinds `without`."""
        gone = {line.kind for line in lines} | set(without)
        kept = tuple(line for line in self.provenance if line.kind not in gone)
        return replace(self, provenance=kept + lines)

    def drafted(self, target: str, line: ProvenanceLine) -> Unit:
        """The unit with a machine's target that nobody has approved, signed by this line alone of the machine-made kinds."""
        unit = replace(self, target=target, previous_source="")
        return unit.with_lines(line, without=(*MACHINE_MADE, "refused", "reused")).flagged("fuzzy")

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
        return markup_of(self.metadata.get("X-Lokta-Markup", ""))

    @property
    def pair(self) -> LanguagePair:
        """Source and target language."""
        return LanguagePair(self.source_language, self.target_language)

    @property
    def article(self) -> str:
        """The id of the article (`X-Lokta-Article` of the header)."""
        return self.metadata.get("X-Lokta-Article", "")

    @property
    def live(self) -> Iterator[Unit]:
        """The units that are in the article now."""
        return (unit for unit in self.units if not unit.obsolete)


class LanguagePair(NamedTuple):
    """Source and target language of a translation, BCP 47."""

    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}"


@dataclass(frozen=True, slots=True)
class Request:
    """One text to be translated, with what may help an engine."""

    source: str
    codes: tuple[Code, ...] = ()
    """Inline codes in `source`."""
    title: str = ""
    """Of the article. Title, before and after are empty for an engine that takes no background (`Abilities.background`)."""
    before: str = ""
    """The paragraph before, in the source language."""
    after: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    """Approved terms: source, target."""
    constrained: bool = False
    """The answer has to have the terms, by an engine that can be made to say them (`Abilities.constrained`)."""
    examples: tuple[tuple[str, str], ...] = ()
    """Approved translations of similar texts: source, target; the most similar one last."""
    reference: str = ""
    """A reference translation: the same text in `reference_language`, approved by a person."""
    reference_language: str = ""
    fresh: bool = False
    """Ask the model although the draft cache knows its output."""


@dataclass(frozen=True, slots=True)
class Match:
    """An engine's answer (XLIFF `<mtc:match>`)."""

    target: str
    type: Literal["tm", "mt", "tb"]
    origin: str
    """Name of the engine; for `tm`, the article whose catalog held the pair."""
    score: float | None = None
    """mt: mean log-probability per token, at most 0, 0 is best; tm: percent, 0 to 100. None: not known."""
    model: str = ""
    via: str = ""
    """The pivot language, if the draft went through one."""
    remarks: tuple[str, ...] = ()
    """What a reviewer should know: `code re-inserted: **`."""
    sentences: tuple[tuple[str, str], ...] = ()
    """Source and target of each sentence of a paragraph, where the engine knows which belong together."""
    reference_language: str = ""
    """The language of the reference translation that the engine used; empty: none."""
    examples: int = 0
    """How many of the request's examples the engine was shown; of a paragraph in sentences, the most for one of them."""
    rejected: str = ""
    """Why a quality check inside the engine rejects this answer; such a match becomes a Refusal."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A draft that failed a quality check; its unit stays empty and says why."""

    origin: str
    model: str
    why: str


Answer = Match | Refusal | None
"""None: the engine has no answer (nothing in the memory, nothing to translate)."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who drafted: equal identities mean the same weights, asked in the same way."""

    engine: str
    model: str = ""
    """Name of the model, first digits of its files' digest, options that change drafts: `translate-en_zh-1_9@3fa9c1d2`."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine takes and how it is asked. The defaults describe the simplest engine; a wrapper composes them
    from those of the engines inside (`translation.wrappers.compose`)."""

    grain: Literal["sentence", "unit"] = "sentence"
    """A request is one sentence, or a whole paragraph."""
    independent: bool = False
    """An answer does not depend on the requests that are asked with it."""
    window: int = 1
    """Requests that are asked together, at least 1; matters where answers are not independent."""
    codes: Literal["kept", "placeholders", "removed"] = "placeholders"
    """Inline codes: the engine keeps them itself; it keeps `(1)` in place of a code; or they must be taken out."""
    checked: bool = False
    """Its answers have passed the quality checks of drafts, or need none."""
    verbatim: bool = False
    """Its answers are used without typographic post-editing."""
    background: frozenset[str] = frozenset()
    """Those of `title`, `before`, `after` that it uses."""
    reference_languages: frozenset[str] = frozenset()
    """Languages (BCP 47) in which it takes a reference translation."""
    terms: bool = False
    """It uses `Request.terms`."""
    constrained: bool = False
    """It cannot be told terms, but made to say them: constrained decoding (`Request.constrained`)."""
    examples: int = 0
    """How many of `Request.examples` it uses, at most: the last ones."""
    counts_tokens: bool = False
    """`Engine.tokens` counts what it produces."""
    processes: bool = False
    """Several processes may draft with it side by side: it asks no server, and its memory is small enough to be had twice."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a job would send to one server, and what a paid server would count of it."""

    server: str
    """The name of its table in lokta.toml."""
    origin: str
    """Scheme and host: `https://api.example.org`."""
    model: str
    local: bool
    """The server runs on this machine."""
    texts: int
    unit: Literal["paragraphs", "sentences"]
    characters: int
    tokens_in: int = 0
    """Estimated; 0: the server is not paid by tokens."""
    tokens_out: int = 0
    cost: float | None = None
    """By the prices in lokta.toml; None where it names none."""
    examples: int = 0
    """Approved translations that go along as examples, each counted as often as it is sent."""

    def __add__(self, other: Sending) -> Sending:
        return replace(
            self,
            texts=self.texts + other.texts,
            characters=self.characters + other.characters,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
            examples=self.examples + other.examples,
            cost=None if self.cost is None or other.cost is None else self.cost + other.cost,
        )

    def __str__(self) -> str:
        model = f" ({self.model})" if self.model else ""
        many = f"1 {self.unit.removesuffix('s')} goes" if self.texts == 1 else f"{self.texts:,} {self.unit} go"
        line = f"{self.server}: {many} to {self.origin}{model}"
        if self.examples:
            end = "" if self.examples == 1 else "s"
            line += f", {self.examples:,} approved translation{end} as example{end}"
        if not self.tokens_in:
            return f"{line}: {self.characters:,} letters"
        price = "" if self.cost is None else f", about {self.cost:.2f} by the prices in lokta.toml"
        return f"{line}: about {self.tokens_in:,} tokens in, {self.tokens_out:,} out{price}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What requests would cost an engine."""

    unanswered: Mapping[int, Request]
    """By number, the requests that would reach a model, each question once, as the model would see it."""
    seconds: float | None = None
    """Time they would take by earlier runs on this machine; None: no earlier run is known."""
    sendings: tuple[Sending, ...] = ()
    again: int = 0
    """Requests that will be asked again where the draft lacks a term, which nobody knows yet: not in the time and the sendings."""


class Engine:
    """Base class of all that answers requests: machine translation, memory, pseudo-localization, and wrappers.

    A subclass sets `name` and `abilities` and defines `translate`; everything else has a default.
    """

    name: str = ""
    """As `--engine` and the catalogs call it."""
    label: str = ""
    """What a reader of its drafts must be told: `starter model: expect to rewrite`."""
    via: str = ""
    """The pivot language between its two children, if it is a pivot."""
    abilities: Abilities = Abilities()
    children: tuple[Engine, ...] = ()
    """The engines that it wraps."""

    @property
    def identities(self) -> frozenset[Identity]:
        """Every identity that its drafts may be signed with. May read the model's files."""
        return frozenset((Identity(self.name),))

    @property
    def tokens(self) -> int:
        """Tokens that its models produced since it was made; 0 where they are not counted."""
        return sum(child.tokens for child in self.children)

    def load(self) -> None:
        """Read the model now instead of at the first request. Raises what `translate` would."""
        for child in self.children[:1]:
            child.load()

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """One answer for each request, in order. Raises EngineFailed when it cannot go on."""
        raise NotImplementedError

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """What these numbered requests would cost; nothing is asked."""
        return Estimate(requests, 0.0 if self.abilities.independent else None)


Severity = Literal["error", "warning", "info"]


class Mend(NamedTuple):
    """A change of a translation: `target[start:end]` becomes `new`."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check saw, in a translator's words."""

    message: str
    severity: Severity = "warning"
    source: tuple[int, int] | None = None
    """The span in the unit's source that it is about; None: the whole, or nothing there."""
    target: tuple[int, int] | None = None
    """The span in its target."""
    mend: tuple[Mend, ...] = ()
    """What mends it for certain: edits of the target, in order; empty where only a person can."""


Check = Callable[[Unit, Catalog], Iterable[Finding]]
"""Yields what is wrong; silence means good."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its place."""

    check: str
    message: str
    severity: Severity
    unit: Unit
    file: str
    line: int
    finding: Finding | None = None
    """The finding itself, with its spans and mends."""


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


def markup_of(said: str) -> Markup:
    """The markup of this name; `plain` for any other."""
    return "tags" if said == "tags" else "markdown" if said == "markdown" else "plain"


def review_hash(unit: Unit) -> str:
    """What a review line is bound to: the folded msgid and the msgstr."""
    return text_hash(fold(unit.source) + "\0" + unit.target)


def text_hash(text: str) -> str:
    """12 hex digits of SHA-256 over NFC text."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()[:12]


_FOLD = str.maketrans(
    {**dict.fromkeys("“”„‟«»「」『』", '"'), **dict.fromkeys("‘’‚‛‹›", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)


def fold(source: str) -> str:
    """A msgid without its typography: white space, quotes and dashes folded."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", source).translate(_FOLD)).strip()
