"""The answer of a reviewer who worked without a server: the JSON file is read and checked, and merged into a catalog.

    parse(text) -> Answer    take(catalog, units of one article, reviewer) -> the catalog, what became of each unit

{"lokta_answer": 1, "export": "9f…", "reviewer": "Dolma", "language": "bo", "units": [
    {"article": "news/a", "key": "41c8d61d94ef", "context": "", "source": "The river rose.",
     "was": {"target": "ཆུ།", "state": "draft"}, "target": "ཆུ་རྒྱས།", "act": "reviewed", "date": "2026-11-26", "comments": []}]}

The merge has three sides: `was`, which the reviewer was sent; the answer; and the catalog as it is now. Where both of the
latter changed, the catalog stands, and the answer's text is kept beside it as an obsolete entry.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal

from toolkit.catalog import approve, sign
from toolkit.catalog.merge import PERSONS, worth_keeping
from toolkit.catalog.provenance import fitted
from toolkit.errors import DataError
from toolkit.files import printable
from toolkit.review import acts
from toolkit.tables import Unfit, Where, parse_json, read
from toolkit.units import Catalog, State, Unit, UnitKey

VERSION = 1
"""Of the answer file."""
MOST_UNITS = 100_000
MOST_TEXT = 100_000
"""Characters of a text."""
MOST_COMMENTS = 200
MOST_COMMENT = 10_000
MOST_NAME = 200

Act = Literal["reviewed", "edited", "needs-work", "commented"]
"""What the reviewer did last to a unit."""
Outcome = Literal["applied", "same", "conflict", "outdated", "gone"]
"""What became of a unit of an answer.

applied   the catalog says now what the reviewer said
same      the catalog said it already
conflict  somebody else changed the unit meanwhile; the catalog stands, the answer's text is kept beside it
outdated  the source changed meanwhile; the unit has the answer's text, still to be approved
gone      the article does not have the unit any more; the answer is kept as an obsolete entry
"""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a reviewer said of one unit."""

    article: str
    """The article's id, as the file names it: not to be trusted as a path."""
    key: str
    """Short key of the unit (`UnitKey.short`)."""
    context: str
    source: str
    was_target: str
    """The unit when it was sent to the reviewer."""
    was_state: State
    target: str
    act: Act
    date: str
    """ISO 8601, the day of the act."""
    comments: tuple[str, ...] = ()
    row: int = field(default=0, compare=False)
    """Its number in a sheet; 0: it comes from an answer file."""

    @property
    def sound(self) -> bool:
        """Whether the key is that of the context and source."""
        return self.key == UnitKey(self.context, self.source).short


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reviewer sent back."""

    export: str
    """The id of the export that it answers."""
    reviewer: str
    """A name in a file is a claim."""
    language: str
    """The target language, as the file names it."""
    units: tuple[Answered, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one unit of an answer."""

    answered: Answered
    outcome: Outcome
    unit: Unit | None
    """The live unit as it is now; for one that is gone the obsolete entry; None: nothing was to be kept."""


# --- reading and checking


_NEVER = re.compile("[\0\ud800-\udfff]")
"""Cannot stand in a catalog."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Controls other than line feed and tab."""
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LIKE_OURS = re.compile(r"\s*(?:lokta:|\|)|.*=|\s*$")
"""A name with which a comment could be read as a provenance line or a previous msgid; or none."""


def _limited(most: int, refused: re.Pattern[str]) -> Callable[[str], str]:
    """A check of texts: their length, and characters that they must not hold."""

    def checked(text: str) -> str:
        if len(text) > most:
            raise Unfit(f" is longer than {most:,} characters", shown=False)
        if found := refused.search(text):
            raise Unfit(f" holds the character U+{ord(found[0]):04X}", shown=False)
        return text

    return checked


def _some(text: str) -> str:
    if not text:
        raise Unfit(" is empty", shown=False)
    return text


def _reviewer(name: str) -> str:
    if _LIKE_OURS.match(name):
        raise Unfit(" is no name: it must not be empty, hold '=', or begin as lokta's own lines do")
    return " ".join(name.split())


def _state(value: str) -> str:
    if value not in [*State]:
        raise Unfit(f" is one of {', '.join(State)}")
    return value


def _day(value: str) -> str:
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise Unfit(" is a date such as 2026-11-26")
    datetime.date.fromisoformat(value)
    return value


def _few(comments: tuple[str, ...]) -> tuple[str, ...]:
    if len(comments) > MOST_COMMENTS:
        raise Unfit(f" has more than {MOST_COMMENTS} items", shown=False)
    return comments


_Text = Annotated[str, _limited(MOST_TEXT, _NEVER)]
_Name = Annotated[str, _limited(5 * MOST_NAME, _BREAKING)]
_Comment = Annotated[str, _limited(MOST_COMMENT, _CONTROL)]


@dataclass(frozen=True, slots=True)
class _Was:
    target: _Text
    state: Annotated[str, _state]


@dataclass(frozen=True, slots=True)
class _Unit:
    article: _Name
    key: _Name
    source: Annotated[_Text, _some]
    was: _Was
    target: _Text
    act: Act
    date: Annotated[str, _day]
    context: _Text = ""
    comments: Annotated[tuple[_Comment, ...], _few] = ()


@dataclass(frozen=True, slots=True)
class _Head:
    lokta_answer: Any
    export: _Name
    reviewer: Annotated[str, _limited(MOST_NAME, _BREAKING), _reviewer]
    language: _Name
    units: Any


def parse(text: str) -> Answer:
    """The answer in the text of a file. Raises DataError, one line, for what is none, or is broken anywhere.

    A unit whose key is not its own is left in (`Answered.sound`): it alone is to be refused.
    """
    try:
        return _parsed(text, parse_json(text.removeprefix("\ufeff")))
    except RecursionError:  # what was read just so is shown in no message
        raise _damaged("it is nested too deeply") from None


def _parsed(text: str, value: Any) -> Answer:
    if not isinstance(value, dict) or "lokta_answer" not in value:
        raise DataError(f"{_other(text, value)}; name the answer file that the review page saved")
    version = value["lokta_answer"]
    if type(version) is not int or version != VERSION:
        raise DataError(
            f"this answer is of version {shortened(repr(version), 20)}, and this lokta reads version {VERSION}; export and "
            "import with the same version of lokta"
        )
    answer = head(value)
    units = value["units"]
    if not isinstance(units, list):
        raise _damaged("units must be a list")
    if len(units) > MOST_UNITS:
        raise _damaged(f"it holds more than {MOST_UNITS:,} units")
    answered = tuple(answered_of(unit, Where(_damaged, f"unit {number}")) for number, unit in enumerate(units, 1))
    seen: set[tuple[str, str]] = set()
    for number, one in enumerate(answered, 1):
        if (one.article, one.key) in seen:
            raise _damaged(f"unit {number} stands twice, {one.key} of {one.article}")
        seen.add((one.article, one.key))
    return replace(answer, units=answered)


def head(table: Mapping[str, Any]) -> Answer:
    """The answer without its units, checked. Raises DataError."""
    found = read(_Head, table, Where(_damaged))
    return Answer(found.export, found.reviewer, found.language)


def answered_of(table: Any, place: Where) -> Answered:
    """A unit of an answer, checked. Raises the place's error."""
    one = read(_Unit, table, place)
    if set(_CONTROL.findall(one.target)) - set(one.was.target):
        raise place.error(f"{place.at('target')} holds a control character that was not there before")
    was = State(one.was.state)
    return Answered(
        *(one.article, one.key, one.context, one.source, one.was.target, was, one.target, one.act, one.date),
        one.comments,
    )


def shortened(text: str, most: int = 200) -> str:
    """A stranger's text for a message of one line."""
    said = " ".join(text[: 2 * most].split())
    return printable(said if len(said) <= most else said[:most] + "…")


def _damaged(said: str) -> DataError:
    return DataError(f"the answer cannot be taken over: {shortened(said)}; ask the reviewer to save and send it again")


def _other(text: str, value: Any) -> str:
    """What a file is that is no answer."""
    begins = text.removeprefix("\ufeff").lstrip()[:1000]
    if isinstance(value, dict):
        ours = next((key.removeprefix("lokta_") for key in value if key.startswith("lokta_")), "")
        named = f"is what lokta calls {shortened(ours, 20)!r}" if ours else "is JSON of something else"
        return f"this {named}, not an answer"
    if begins.startswith("<"):
        return "this is a web page, perhaps the review page itself, not an answer"
    if "msgid " in begins:
        return "this is a gettext catalog, not an answer"
    if {"number", "article", "source"} <= set(re.split(r'[,;\t"]+', begins.partition("\n")[0])):
        return "this is a review sheet (CSV), which is read if its name ends in .csv, not an answer file"
    return "this is not JSON, so it is no answer" if value is None else "this is JSON of something else, not an answer"


# --- merging


def take(catalog: Catalog, answered: Sequence[Answered], reviewer: str) -> tuple[Catalog, tuple[Taken, ...]]:
    """The catalog of one article with the answers for it, and what became of each (see `Outcome`).

    The same answer again changes nothing.
    """
    units = list(catalog.units)
    places: dict[UnitKey, int] = {}
    outdated: dict[str, list[int]] = {}
    for at in sorted(range(len(units)), key=lambda at: units[at].obsolete):
        places.setdefault(units[at].key, at)
        if not units[at].obsolete and units[at].previous_source:
            outdated.setdefault(units[at].previous_source, []).append(at)
    taken = []
    for one in answered:
        found = places.get(UnitKey(one.context, one.source))
        if found is None or units[found].obsolete:
            grown = [at for at in outdated.get(one.source, ()) if units[at].state is State.OUTDATED]
            found = min(grown, key=lambda at: units[at].context != one.context, default=None)
        if found is None:
            aside = _aside(one, reviewer)
            kept, changed = _keep(units, places, aside) if aside else (None, False)
            taken.append(Taken(one, "gone" if changed else "same", kept))
            continue
        outcome, units[found], aside = _merged(units[found], one, reviewer)
        if aside is not None:
            _keep(units, places, aside)
        taken.append(Taken(one, outcome, units[found]))
    return replace(catalog, units=tuple(units)), tuple(taken)


def _merged(unit: Unit, one: Answered, reviewer: str) -> tuple[Outcome, Unit, Unit | None]:
    """What becomes of an answer, the live unit after it, and what is to be kept beside it."""
    said = _commented(unit, one, reviewer)
    outdated = unit.source != one.source
    since = unit.state.approved and not one.was_state.approved
    act = _act(one)
    if act == "commented" or (outdated and not one.target):
        return "same" if said == unit else "outdated" if outdated else "applied", said, None
    here = unit.target == one.target
    if outdated:
        if here:
            return "same", said, None
        if unit.target == one.was_target or unit.machine:
            return "outdated", acts.edit(said, one.target), _replaced(unit, one, reviewer)
    elif (unit.target == one.was_target and not since) or (unit.machine and not here):  # a person wins over a machine
        now = _acted(said, one, reviewer)
        return "same" if now == unit else "applied", now, None if here else _replaced(unit, one, reviewer)
    elif here and not (act == "needs-work" and unit.state.approved):
        signs = act == "reviewed" and unit.state is not State.REVIEWED
        now = _acted(said, one, reviewer) if signs or act == "needs-work" else said
        return "same" if replace(now, comments=unit.comments) == unit else "applied", now, None
    return "conflict", said, _aside(one, reviewer)


def _act(one: Answered) -> Act:
    """The act; no text at all can be neither approved nor rejected."""
    return "commented" if not one.target and one.act in ("reviewed", "needs-work") else one.act


def _acted(unit: Unit, one: Answered, reviewer: str) -> Unit:
    """The unit with the answer's text, approved or rejected as it says."""
    edited = acts.edit(unit, one.target)
    if one.act == "reviewed":
        return approve(edited, _by("reviewed", reviewer), one.date)
    return acts.reject(edited, _by("needs-work", reviewer), one.date) if one.act == "needs-work" else edited


def _by(kind: str, reviewer: str) -> str:
    """The name as a catalog keeps it, so that the same line is known again."""
    return fitted(kind, "by", reviewer)


def _commented(unit: Unit, one: Answered, reviewer: str) -> Unit:
    """The unit with the reviewer's comments, each once."""
    for text in one.comments:
        unit = acts.comment(unit, reviewer, one.date, text) if text.strip() else unit
    return unit


def _replaced(unit: Unit, one: Answered, reviewer: str) -> Unit | None:
    """A person's words that the answer replaces, to be kept; decided upon, since the reviewer saw them."""
    return None if unit.machine else acts.settle(unit, _by("needs-work", reviewer), one.date)


def _aside(one: Answered, reviewer: str) -> Unit | None:
    """The answer as an entry of its own; None where there is nothing to keep."""
    act = _act(one)
    unit = _commented(Unit(one.source, "" if act == "commented" else one.target, one.context), one, reviewer)
    if act == "reviewed":
        unit = sign(unit, _by("reviewed", reviewer), one.date)
    elif act == "needs-work":
        unit = acts.reject(unit, _by("needs-work", reviewer), one.date)
    elif unit.target:
        unit = unit.flagged("fuzzy")
    return unit if worth_keeping(unit) else None


def _keep(units: list[Unit], places: dict[UnitKey, int], aside: Unit) -> tuple[Unit, bool]:
    """Add an obsolete entry, or what it says beyond the text to the one that holds its text; the entry, and whether that
    changed anything.

    `catalog.reconcile` gives the same contexts, but lets the entry that comes take the place of an obsolete one that is there.
    """
    aside = replace(aside, obsolete=True, locations=())
    at = places.get(aside.key)
    while at is not None and not (units[at].obsolete and aside.target in ("", units[at].target)):
        aside = replace(aside, context=aside.aside_context(aside.target))
        at = places.get(aside.key)
    if at is None:
        places[aside.key] = len(units)
        units.append(aside)
        return aside, True
    there = units[at]
    comments = tuple(comment for comment in aside.comments if comment not in there.comments)
    more = (line for line in aside.provenance if line.kind in {*PERSONS, "settled"})
    lines = tuple(line for line in more if line not in there.provenance)
    now = replace(there, comments=there.comments + comments, provenance=there.provenance + lines)
    if aside.target and not aside.fuzzy:
        now = replace(now.flagged("fuzzy", on=False), previous_source="")
    units[at] = now
    return now, now != there
