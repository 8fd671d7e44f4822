"""Tables are read by the annotations of a dataclass, and what does not fit is named in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import tables
from toolkit.errors import ConfigError
from toolkit.tables import Must, Range, Tag, Where


class Pair(NamedTuple):
    one: str
    two: str


@dataclass(frozen=True, slots=True)
class Inner:
    digits: Literal["", "tibt", "latn"] = ""
    slots: Annotated[int, Range(0, 16)] = 0


@dataclass(frozen=True, slots=True)
class Whole:
    root: Path
    name: str
    folder: Path = Path(".")
    flag: bool = False
    number: int = 0
    price: Annotated[float, Range(0, 1e9, "what it costs")] | None = None
    language: Tag = ""
    pairs: tuple[Pair, ...] = ()
    words: tuple[str, ...] = ()
    two: tuple[str, int] | None = None
    inner: Inner = Inner()
    several: tuple[Inner, ...] = field(default=(), metadata={"key": "request"})
    targets: Mapping[Tag, Inner] = field(default_factory=dict, metadata={"key": "target"})
    sums: Mapping[str, float] = field(default_factory=dict)
    lines: Annotated[tuple[str, ...], Must("a list of opening words", lambda lines: all(lines))] = ()
    anything: Any = None


PLACE = Where(lambda said: ConfigError(f"a.toml: {said}"))


def read(text: str, place: Where = PLACE) -> Whole:
    return tables.read(Whole, tables.parse_toml(text, place), place, root=Path("/x"))


def test_a_table_becomes_what_its_annotations_say() -> None:
    found = read(
        'name = "a"\nfolder = "b"\nflag = true\nnumber = 3\nprice = 2\nlanguage = "zh_CN"\n'
        'pairs = [["en", "bo"]]\nwords = ["x", "y"]\ntwo = ["z", 1]\nlines = ["w"]\nanything = [{ a = 1 }]\n'
        '[inner]\ndigits = "latn"\n[[request]]\nslots = 1\n[[request]]\n[target.zh_CN]\n[target.bo]\nslots = 2\n'
        "[sums]\na = 1\n"
    )
    assert found == Whole(
        Path("/x"),
        "a",
        Path("b"),
        True,
        3,
        2.0,
        "zh-Hans",
        (Pair("en", "bo"),),
        ("x", "y"),
        ("z", 1),
        Inner("latn"),
        (Inner(slots=1), Inner()),
        {"zh-Hans": Inner(), "bo": Inner(slots=2)},
        {"a": 1.0},
        ("w",),
        [{"a": 1}],
    )
    assert isinstance(found.pairs[0], Pair) and type(found.price) is type(found.sums["a"]) is float
    assert list(found.targets) == ["zh-Hans", "bo"], "in the file's order"


def test_what_is_left_out_has_its_default() -> None:
    assert read('name = "a"') == Whole(Path("/x"), "a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "'name' is missing"),
        ("nam = 1", "unknown key 'nam'; known are name, folder, flag, "),
        ("root = '/y'", "unknown key 'root'; known are name, "),
        ("name = 3", "name must be a text in quotes, not 3"),
        ("name = 2009-06-24", "name is a date; write it in quotes"),
        ("folder = 1", "folder must be a text in quotes, not 1"),
        ("flag = 1", "flag must be true or false, not 1"),
        ("number = true", "number must be a whole number, not True"),
        ("number = 1.5", "number must be a whole number, not 1.5"),
        ("price = true", "price must be a number, not True"),
        ("price = nan", "price is what it costs, not nan"),
        ("price = -1", "price is what it costs, not -1"),
        (f"price = {'9' * 400}", "price must be a number, not 999"),
        ("language = 'xqz'", "language: unknown language 'xqz'"),
        ("words = 'x'", "words must be a list, not 'x'"),
        ("words = [1]", "words: each item must be a text in quotes, not [1]"),
        ("two = ['x']", "two must be a list of 2, not ['x']"),
        ("pairs = [['en']]", "pairs: each item must be a list of 2, not [['en']]"),
        ("inner = 3", "write a table [inner], not a value"),
        ("[inner]\ndigits = 'roman'", 'digits in [inner] is "tibt" or "latn", not \'roman\''),
        ("[inner]\nslots = 17", "slots in [inner] is a whole number from 0 to 16, not 17"),
        ("[inner]\nslot = 1", "unknown key 'slot' in [inner]; known are digits, slots"),
        ("request = 3", "request must be a list, not 3"),
        ("request = [3]", "write a table [[request]], not a value"),
        ("[[request]]\nslot = 1", "unknown key 'slot' in [[request]]; known are"),
        ("target = 3", "target must be a table, not 3"),
        ("target.bo = 3", "write a table [target.bo], not a value"),
        ("[target.bo]\nslot = 1", "unknown key 'slot' in [target.bo]; known are"),
        ("[target.xqz]", "target: unknown language 'xqz'"),
        ("[target.zh_CN]\n[target.zh-Hans]", "target has zh-Hans twice"),
        ("[sums]\na = 'x'", "sums: each value must be a number, not {'a': 'x'}"),
        ("lines = 3", "lines must be a list of opening words"),
        ("lines = ['']", "lines must be a list of opening words"),
        ("a = = b", "is not valid TOML: "),
        ("a = " + "[" * 10_000, "is not valid TOML: "),
        ('"a\\u001b[31m\\n\\u202e" = 1', "unknown key 'a\\x1b[31m\\n\\u202e'; known are"),
    ],
)
def test_what_does_not_fit_is_named(text: str, said: str) -> None:
    if text.partition(" ")[0] not in ("", "name"):
        text = f'name = "a"\n{text}'
    with pytest.raises(ConfigError) as caught:
        read(text)
    line = str(caught.value)
    assert line.startswith(f"a.toml: {said}") and line.isprintable() and len(line) < 300


def test_a_place_may_know_fewer_keys_pass_over_others_and_keep_secrets() -> None:
    with pytest.raises(ConfigError, match=r"unknown key 'slots'; known are digits$"):
        tables.read(Inner, {"slots": 1}, PLACE, keys=("digits",))
    lenient = Where(PLACE.error, unknown="")
    assert tables.read(Inner, {"slot": 1, "slots": 2}, lenient) == Inner(slots=2)
    own = Where(PLACE.error, unknown="unknown field {}; the fields are {}")
    with pytest.raises(ConfigError, match="unknown field 'x'; the fields are digits, slots"):
        tables.read(Inner, {"x": 1}, own)
    for wrong in ({"slots": "s3cret"}, {"digits": "s3cret"}, {"slots": 99}):
        with pytest.raises(ConfigError) as caught:
            tables.read(Inner, wrong, Where(PLACE.error, secret=True))
        assert "s3cret" not in str(caught.value) and "99" not in str(caught.value)


def test_what_is_read_already_stays() -> None:
    inner = Inner(slots=5)
    assert tables.read(Whole, {"name": "a", "inner": inner, "target": {"bo": inner}}, PLACE, root=Path()).inner is inner


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, b"\xff", b'{"a": '])
def test_what_is_no_json_is_nothing(text: str | bytes) -> None:
    assert tables.parse_json(text) is None and tables.parse_json(text, otherwise=7) == 7
    assert tables.parse_json("null", otherwise=7) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | st.just("slots"), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [
        "name",
        "folder",
        "flag",
        "number",
        "price",
        "pairs",
        "words",
        "two",
        "inner",
        "request",
        "sums",
        "lines",
        "anything",
        "language",
        "target",
        "x",
    ]
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_any_table_is_read_or_refused_in_one_line(table: dict[str, Any]) -> None:
    try:
        tables.read(Whole, {"name": "a", **table}, PLACE, root=Path("/x"))
    except ConfigError as error:
        assert str(error).isprintable() and str(error).startswith("a.toml: ")
