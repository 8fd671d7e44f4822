"""Our comment lines: whatever stands in a value, the line is one line and comes back."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.catalogs import KIND, PROVENANCE
from tests.support.catalogs import TEXT as VALUE
from toolkit.catalog import provenance
from toolkit.errors import CatalogError
from toolkit.units import HASHED, ProvenanceLine

HASH_OF = "41c8d61d94ef"


def back(line: ProvenanceLine) -> ProvenanceLine:
    """The line as it is read from the comments that spell it."""
    (record,) = provenance.records(provenance.spelled(line), lambda _: True)
    return record.line


@pytest.mark.parametrize(
    ("comment", "line"),
    [
        ("lokta: mt engine=argos model=en_zh-1.9", ProvenanceLine("mt", (("engine", "argos"), ("model", "en_zh-1.9")))),
        (
            'lokta: reviewed by="Tashi Drolma" hash=0a',
            ProvenanceLine("reviewed", (("by", "Tashi Drolma"), ("hash", "0a"))),
        ),
        ("lokta: ignore", ProvenanceLine("ignore")),
        ("lokta:ignore  check=numbers ", ProvenanceLine("ignore", (("check", "numbers"),))),
        (
            'lokta: x a="" b= c="say \\"hi\\"\\n\\u2028"',
            ProvenanceLine("x", (("a", ""), ("b", ""), ("c", 'say "hi"\n\u2028'))),
        ),
        ("lokta: future-kind k=བོད་", ProvenanceLine("future-kind", (("k", "བོད་"),))),
    ],
)
def test_a_line_is_read(comment: str, line: ProvenanceLine) -> None:
    assert provenance.parse(comment) == line
    assert back(line) == line


@pytest.mark.parametrize(
    "remark",
    ["", "lokta", "lokta:", "lokta: the paper is made here", 'lokta: mt a="open', 'lokta: mt a="\\q"', "a lokta: mt x=1",
     'lokta: mt a="x"y', 'lokta: mt a="\\U99999999"', "lokta: mt =x", 'lokta: mt a="x"b=1'],
)  # fmt: skip
def test_a_remark_stays_one(remark: str) -> None:
    assert provenance.parse(remark) is None


@given(PROVENANCE)
def test_any_value_comes_back_and_no_line_ends(line: ProvenanceLine) -> None:
    for comment in provenance.spelled(line):
        assert len(comment.splitlines()) == 1 and "\0" not in comment
    assert back(line) == line


@given(st.text())
def test_reading_never_fails_and_what_is_read_can_be_written(text: str) -> None:
    line = provenance.parse("lokta: " + text)
    assert line is None or line.kind in HASHED or back(line) == line


@given(KIND, st.sampled_from(["", "a b", "a=b", 'a"', "a\nb", "é", "1a"]))
def test_a_kind_or_key_is_a_plain_name(kind: str, bad: str) -> None:
    for line in (ProvenanceLine(bad), ProvenanceLine(kind, ((bad, "x"),))):
        with pytest.raises(CatalogError):
            provenance.spelled(line)


HASH = st.from_regex(r"\A[0-9a-f]{12}\Z")
KNOWN = st.builds(
    lambda kind, values, digest: ProvenanceLine(kind, (*values.items(), ("hash", digest))),
    st.sampled_from(sorted(HASHED)),
    st.dictionaries(st.sampled_from(["engine", "model", "note", "by", "second-hash"]), VALUE, max_size=5),
    HASH,
)


@given(KNOWN)
def test_a_record_takes_lines_of_72_columns_that_come_back(line: ProvenanceLine) -> None:
    comments = provenance.spelled(line)
    assert all(len("# " + comment) <= provenance.WIDTH for comment in comments)
    kept = {key: provenance.fitted(line.kind, key, value) for key, value in line.values}
    assert dict(back(line).values) == kept
    assert provenance.spelled(back(line)) == comments


def test_a_long_model_keeps_its_digest_and_a_note_its_beginning() -> None:
    model = "a-name-that-somebody-thought-up-for-a-very-large-model-of-many-languages@1e626074"
    line = ProvenanceLine("mt", (("engine", "llama"), ("model", model), ("note", "word " * 30), ("hash", "0" * 12)))
    assert dict(back(line).values) == dict(line.values), "it goes on in the next lines"
    line = ProvenanceLine(
        "mt", (("model", "a-name-that-" * 30 + "@1e626074"), ("note", "word " * 60), ("hash", "0" * 12))
    )
    found = dict(back(line).values)
    assert found["model"].startswith("a-name-that-") and found["model"].endswith("…@1e626074")
    assert found["note"].startswith("word word") and found["note"].endswith("…")


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        # by an earlier version, folded by polib at 78: the hash on the second line, a note over two
        (
            ["lokta: mt engine=llama score=-1.036", 'hash=41c8d61d94ef note="starter model: expect', 'to rewrite"', "mine"],
            [(0, 3, "mt", {"engine": "llama", "score": "-1.036", "note": "starter model: expect to rewrite", "hash": HASH_OF})],
        ),
        # inside of a word, at a hyphen
        (
            ["lokta: mt model=lokta-starter-", "en-zh@1e626074 second-", "hash=111111111111 hash=41c8d61d94ef"],
            [(0, 3, "mt", {"model": "lokta-starter-en-zh@1e626074", "second-hash": "1" * 12, "hash": HASH_OF})],
        ),
        # a remark behind a whole record, and one behind a damaged one
        (["lokta: mt engine=a hash=41c8d61d94ef", "see page=4 of the book"], [(0, 1, "mt", {"engine": "a", "hash": HASH_OF})]),
        (["lokta: mt engine=a model=b", "ask the author"], [(0, 1, "mt", {"engine": "a", "model": "b"})]),
        (['lokta: reviewed by="Tashi', "ask the author"], [(0, 1, "reviewed", {})]),
        # several lines of one record; of two records; of one that has no hash
        (
            ["lokta: mt engine=a hash=41c8d61d94ef", "lokta: mt score=-1 hash=41c8d61d94ef"],
            [(0, 2, "mt", {"engine": "a", "score": "-1", "hash": HASH_OF})],
        ),
        (
            ["lokta: mt engine=a hash=41c8d61d94ef", "lokta: mt engine=b hash=111111111111"],
            [(0, 1, "mt", {"engine": "a", "hash": HASH_OF}), (1, 2, "mt", {"engine": "b", "hash": "1" * 12})],
        ),
        (
            ["lokta: refused engine=a model=b", 'lokta: refused why="a loop"'],
            [(0, 2, "refused", {"engine": "a", "model": "b", "why": "a loop"})],
        ),
        (["lokta: ignore check=a", "lokta: ignore check=b"], [(0, 1, "ignore", {"check": "a"}), (1, 2, "ignore", {"check": "b"})]),
        (["lokta: the paper is made here", "by hand"], []),
    ],
)  # fmt: skip
def test_records_among_comments(comments: list[str], expected: list[tuple[int, int, str, dict[str, str]]]) -> None:
    found = provenance.records(comments, lambda line: line.get("hash") == "41c8d61d94ef")
    assert [(one.start, one.end, one.line.kind, dict(one.line.values)) for one in found] == expected


REMARK = st.text(st.sampled_from("abc དེ. -=\"'"), max_size=60).filter(lambda text: "lokta:" not in text)


@given(st.lists(st.one_of(KNOWN, REMARK), max_size=4), st.integers(40, 80), st.booleans(), st.booleans())
def test_folded_comments_give_the_same_records_and_all_remarks(
    items: list[ProvenanceLine | str], width: int, hyphens: bool, long_words: bool
) -> None:
    """Folded as polib, Babel and others do it. What cannot be joined is damaged; nothing is read as something else."""
    comments: list[str] = []
    remarks: list[str] = []
    for item in items:
        if isinstance(item, str):
            remarks += textwrap.wrap(item, width - 2) or [""]
            comments += textwrap.wrap(item, width - 2) or [""]
        else:
            for comment in provenance.spelled(item):
                comments += textwrap.wrap(comment, width - 2, break_on_hyphens=hyphens, break_long_words=long_words)
    hashes = {item.get("hash") for item in items if not isinstance(item, str)}
    found = provenance.records(comments, lambda line: line.get("hash") in hashes)
    said = {(one.line.kind, one.line.get("hash")) for one in found if not one.line.damaged}
    assert said <= {(item.kind, item.get("hash")) for item in items if not isinstance(item, str)}
    inside = {number for one in found for number in range(one.start, one.end)}
    left = [comment for number, comment in enumerate(comments) if number not in inside]
    for remark in remarks:
        assert remark in left


def test_half_a_character_is_no_escape() -> None:
    assert provenance.parse('lokta: needs-work by="\\ud800" date=2026-11-26') is None
    whole = provenance.parse('lokta: needs-work by="\\U0001f3eb" date=2026-11-26')
    assert whole is not None and whole.get("by") == "\U0001f3eb"
