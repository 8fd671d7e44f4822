"""Reads tables of TOML and JSON files into frozen dataclasses by their annotations; errors are plain words for a person.

@dataclass(frozen=True)
class Drafting:
    device: Literal["auto", "cpu", "cuda"] = "auto"
    slots: Annotated[int, Range(0, 16)] = 0

place = Where(lambda said: ConfigError(f"lokta.toml: {said}"))
read(Drafting, {"slots": 17}, place.within("drafting"))
    ConfigError: lokta.toml: slots in [drafting] is a whole number from 0 to 16, not 17

Annotations may be str, int, float, bool, Path, Any, Literal, another dataclass, a NamedTuple, `X | None`, `tuple[X, ...]`
and `Mapping[K, X]`. Behind Annotated stand functions that check or convert the value: Range, Must, or any that raises
ValueError or a LoktaError. A field whose key has another name in the file says so: `field(metadata={"key": "target"})`.
"""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from functools import cache, reduce
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from toolkit.errors import LoktaError
from toolkit.language import language

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    T = TypeVar("T", bound=DataclassInstance)

_WORDS: Mapping[Any, str] = {str: "a text in quotes", int: "a whole number", float: "a number", bool: "true or false"}


class Unfit(Exception):
    """A value that does not fit; the message goes on behind the key: " must be a number", or ": is no address"."""

    def __init__(self, said: str, shown: bool = True) -> None:
        super().__init__(said)
        self.shown = shown
        """Whether the value is added to the message."""


@dataclass(frozen=True, slots=True)
class Where:
    """Where a table stands, and how its errors are raised."""

    error: Callable[[str], Exception]
    """Makes the exception from the sentence that says what is wrong."""
    table: str = ""
    """The table's heading as it is written in the file, `[target.bo]`; empty for the whole file."""
    secret: bool = False
    """Whether a value may be a secret, so that no message shows one."""
    unknown: str = "unknown key {}; known are {}"
    """The sentence on a key that no field has, and the known keys; empty: such keys are passed over."""

    def within(self, key: str) -> Where:
        """The place of the table under `key`."""
        return replace(self, table=f"[{self.table.strip('[]')}.{key}]".replace("[.", "["))

    def at(self, key: str) -> str:
        """A key with the table that it stands in, for a message."""
        return f"{key} in {self.table}" if self.table else key


@dataclass(frozen=True, slots=True)
class Range:
    """A check of numbers: the value lies between these bounds."""

    least: float
    most: float
    words: str = ""
    """What the number is; empty: a whole number from the one to the other."""

    def __call__(self, value: float) -> float:
        """The value, or Unfit."""
        if not self.least <= value <= self.most:
            raise Unfit(f" is {self.words or f'a whole number from {self.least} to {self.most}'}")
        return value


@dataclass(frozen=True, slots=True)
class Must:
    """A check with its own words, which are also used where the value has the wrong type."""

    words: str
    """What the value must be."""
    holds: Callable[[Any], object] = lambda value: True

    def __call__(self, value: Any) -> Any:
        """The value, or Unfit."""
        if not self.holds(value):
            raise self.unfit
        return value

    @property
    def unfit(self) -> Unfit:
        """The error for a value that does not fit."""
        return Unfit(f" must be {self.words}", shown=False)


Tag = Annotated[str, lambda text: language(text).tag if text else ""]
"""A BCP 47 tag, or an alias that becomes one; empty stays empty."""
Line = Annotated[str, lambda text: " ".join(text.split())]
"""A text in one line."""


def parse_toml(text: str, place: Where) -> dict[str, Any]:
    """The tables of a TOML file; raises the place's error for a text that is no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise place.error(f"is not valid TOML: {one_line(str(error) or 'nested too deeply')}") from None


def parse_json(text: str | bytes, otherwise: Any = None) -> Any:
    """The value of a JSON text; `otherwise` for a text that is no JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return otherwise


def read(kind: type[T], table: Any, place: Where, keys: Sequence[str] = (), **given: Any) -> T:
    """The table as a dataclass; raises the place's error for what does not fit.

    `given` are fields that do not come from the table; `keys`, where not empty, are the only keys that are known.
    """
    if not isinstance(table, Mapping):
        raise place.error(f"write a table {place.table}, not a value" if place.table else "is no table")
    wanted = _fields(kind)
    known = keys or [key for key, (name, _, _) in wanted.items() if name not in given]
    for key in table:
        if key not in known and place.unknown:
            raise place.error(place.unknown.format(place.at(repr(key)), ", ".join(known)))
    values = dict(given)
    for key in known:
        name, hint, required = wanted[key]
        if key in table:
            values[name] = _field(key, table[key], hint, place)
        elif required:
            raise place.error(f"{place.at(repr(key))} is missing")
    return kind(**values)


@cache
def _fields(kind: type[DataclassInstance]) -> dict[str, tuple[str, Any, bool]]:
    """Key in the file -> name of the field, annotation, whether the key must be there."""
    hints = get_type_hints(kind, include_extras=True)
    return {
        field.metadata.get("key", field.name): (
            field.name,
            hints[field.name],
            field.default is field.default_factory is MISSING,
        )
        for field in fields(kind)
    }


def _field(key: str, value: Any, hint: Any, place: Where) -> Any:
    try:
        return _value(value, hint, place.within(key))
    except Unfit as unfit:
        shown = f", not {repr(value)[:60]}" if unfit.shown and not place.secret else ""
        raise place.error(f"{place.at(key)}{unfit}{shown}") from None


def _value(value: Any, hint: Any, place: Where) -> Any:
    """The value as the annotation wants it; `place` is that of the table that it may be. Raises Unfit."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _checked(value, inner[0], inner[1:], place)
    if origin in (Union, UnionType):  # X | None
        return None if value is None else _value(value, inner[0], place)
    if origin is Literal:
        return _choice(value, inner)
    if origin is tuple:
        return _items(value, inner, place)
    if origin is not None:
        return _entries(value, inner, place)
    if hint is Path:
        return Path(_value(value, str, place))
    if is_dataclass(hint):
        return value if isinstance(value, hint) else read(hint, value, place)  # type: ignore[arg-type]
    if isinstance(hint, type) and issubclass(hint, tuple):
        return hint(*_items(value, tuple(get_type_hints(hint).values()), place))
    return value if hint is Any else _plain(value, hint)


def _plain(value: Any, kind: type) -> Any:
    if kind is str and isinstance(value, datetime.date | datetime.time):
        raise Unfit(" is a date; write it in quotes", shown=False)
    if kind is float and type(value) is int and abs(value) < 2**63:
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Unfit(f" must be {_WORDS[kind]}")
    return value


def _choice(value: Any, choices: Sequence[Any]) -> Any:
    if value not in choices:
        *others, last = (f'"{choice}"' for choice in choices if choice)
        raise Unfit(f" is {', '.join(others)} or {last}")
    return value


def _checked(value: Any, hint: Any, rules: Sequence[Callable[[Any], Any]], place: Where) -> Any:
    try:
        value = _value(value, hint, place)
    except Unfit as unfit:
        raise next((rule.unfit for rule in rules if isinstance(rule, Must)), unfit) from None
    try:
        return reduce(lambda found, rule: rule(found), rules, value)
    except (LoktaError, ValueError, re.error) as error:
        raise Unfit(f": {one_line(str(error))}", shown=False) from None


def _items(value: Any, hints: tuple[Any, ...], place: Where) -> tuple[Any, ...]:
    """The items of a list, all of one annotation (`X, ...`) or each of its own."""
    several = hints[-1] is ...
    if not isinstance(value, list) or not (several or len(value) == len(hints)):
        raise Unfit(" must be a list" if several else f" must be a list of {len(hints)}")
    each = hints[:1] * len(value) if several else hints
    inner = replace(place, table=f"[{place.table}]")
    try:
        return tuple(_value(one, hint, inner) for one, hint in zip(value, each, strict=True))
    except Unfit as unfit:
        raise Unfit(f": each item{unfit}", unfit.shown) from None


def _entries(value: Any, hints: tuple[Any, ...], place: Where) -> dict[Any, Any]:
    """The entries of a table whose keys the file chooses."""
    if not isinstance(value, Mapping):
        raise Unfit(" must be a table")
    names = [_value(key, hints[0], place) for key in value]
    if len(set(names)) < len(names):
        raise Unfit(f" has {max(names, key=names.count)} twice", shown=False)
    try:
        return {name: _value(value[key], hints[1], place.within(key)) for name, key in zip(names, value, strict=True)}
    except Unfit as unfit:
        raise Unfit(f": each value{unfit}", unfit.shown) from None


def one_line(text: str) -> str:
    """The beginning of a text from a file, safe in a message of one line."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))[:200]


_GUARDED = re.compile(r"\s*[=+\-@\t\r＝＋－＠]|'")
"""How a cell begins that gets an apostrophe: as a formula, in wide characters too (OWASP, CSV injection), or with one itself."""


def inert(cell: str) -> str:
    """The cell of a sheet (CSV) as no spreadsheet program takes it for a formula."""
    return f"'{cell}" if _GUARDED.match(cell) else cell


def typed(cell: str) -> str:
    """The cell without the apostrophe that `inert` put there; an apostrophe that a person typed stays."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell, 1) else cell
