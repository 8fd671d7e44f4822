"""Catalogs that hypothesis makes, from whole units and from PO text as other tools write it."""

from __future__ import annotations

import dataclasses

from hypothesis import strategies as st

from toolkit.catalog import header
from toolkit.units import Catalog, Location, ProvenanceLine, Unit

TEXT = st.text(
    st.one_of(
        st.sampled_from(' \n\t"\\%abcdefgnrtux01#:,|~.<>{}'),
        st.sampled_from("\r\a\v\x01\x1b\x7f\x85\u00a0\u200b\u2028\u202e\u2068\u2069\ufeff"),
        st.sampled_from("བོད་སྐད།༌新華社“”，。é😀"),
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"),
    ),
    max_size=30,
)
LINE = TEXT.map(lambda text: text.replace("\n", " ").replace("\r", " ").replace("\0", ""))
FILE_NAME = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2068\u2069"), min_size=1, max_size=20
)
LOCATION = st.builds(Location, FILE_NAME, st.integers(0, 99999))
FLAG = st.sampled_from(["fuzzy", "md-text", "no-wrap", "range: 0..9", "x-odd"])
KIND = st.from_regex(r"\A[A-Za-z][A-Za-z0-9_.-]{0,8}\Z")
PROVENANCE = st.builds(ProvenanceLine, KIND, st.lists(st.tuples(KIND, TEXT), max_size=4).map(tuple))
COMMENT = LINE.filter(lambda text: "lokta:" not in text)
UNIT = st.builds(
    Unit,
    source=TEXT.filter(bool),
    target=TEXT,
    context=st.one_of(st.just(""), LINE),
    previous_source=st.one_of(st.just(""), TEXT),
    locations=st.lists(LOCATION, max_size=4).map(tuple),
    notes=st.lists(LINE, max_size=2).map(tuple),
    comments=st.lists(COMMENT, max_size=2).map(tuple),
    flags=st.lists(FLAG, max_size=3, unique=True).map(tuple),
    provenance=st.lists(PROVENANCE, max_size=3).map(tuple),
    obsolete=st.sampled_from([False, False, True]),
)


def in_order(units: list[Unit]) -> tuple[Unit, ...]:
    """Each key once, obsolete ones last."""
    once = {(unit.context, unit.source): unit for unit in units}
    return tuple(sorted(once.values(), key=lambda unit: unit.obsolete))


UNITS = st.lists(UNIT, max_size=6).map(in_order)
CATALOG = st.builds(
    lambda units: Catalog("en", "bo", units, header.new("news/a", "en", "plain", "bo")),
    UNITS,
)


@st.composite
def po_text(draw: st.DrawFn) -> str:
    """A PO file as some other tool or a person may have left it: odd blanks, odd comments, odd layout, always valid."""
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines: list[str] = []
    if draw(st.booleans()):
        lines += ["# title", "#, fuzzy", 'msgid ""', 'msgstr ""', '"Language: bo\\n"', '"X-Odd:  kept \\n"']
        lines += ['"Content-Type: text/plain; charset=UTF-8\\n"']
    for number in range(draw(st.integers(0, 5))):
        lines += draw(_entry(number))
    lines += draw(st.lists(st.sampled_from(["", "# the end", "#~"]), max_size=2))
    text = newline.join(lines)
    return text + (newline if draw(st.booleans()) else "")


@st.composite
def _entry(draw: st.DrawFn, number: int) -> list[str]:
    comments = [
        "",
        "  ",
        "# remark",
        "#remark",
        "#",
        "#! x",
        '# lokta: mt engine=argos  model="a b"',
        "# lokta: not ours, really",
    ]
    comments += [
        "#. type: heading",
        "#.  two",
        "#: a.txt:1 b.txt:2",
        "#: \u2068my file.txt\u2069:3 c",
        "#:",
        "#, fuzzy, md-text",
    ]
    comments += ["#, no-wrap", "#= sticky-flag, fuzzy", "#,", "#\tx\ty "]
    lines = draw(st.lists(st.sampled_from(comments), max_size=5))
    old = draw(st.sampled_from(["", "", "#~ ", "#~"]))
    previous = "#~| " if old else "#| "
    if draw(st.booleans()):
        lines += [f'{previous}msgid "old "', f'{previous}"words\\n"', f'{previous}msgid_plural "old"'][
            : draw(st.integers(1, 3))
        ]
    if draw(st.integers(0, 4)) == 0:
        lines.append(f'{old}msgctxt "menu"')
    blank = draw(st.sampled_from(["", "", " ", "\t"]))
    lines += [f'{blank}{old}msgid "{number} \\"x\\" \\\\ \\303\\251\\x41"', f'{old}  "more\\n"']
    if draw(st.integers(0, 4)) == 0:
        lines += [f'{old}msgid_plural "many"', f'{old}msgstr[0] "one"', f'{old}msgstr[1] ""', f'{old}"two"']
    else:
        lines += [f'{old}msgstr ""', f'{old}"first\\n"', "", f'{old}"second" "third"'][
            : draw(st.sampled_from([1, 2, 4]))
        ]
    return lines


def touched(draw: st.DrawFn, unit: Unit) -> Unit:
    """The unit with some of its fields changed."""
    other = draw(UNIT)
    fields = ["target", "previous_source", "locations", "notes", "comments", "flags", "provenance", "obsolete"]
    names = draw(st.lists(st.sampled_from(fields), min_size=1, max_size=4, unique=True))
    return dataclasses.replace(unit, **{name: getattr(other, name) for name in names})
