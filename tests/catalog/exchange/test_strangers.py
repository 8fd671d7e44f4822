"""Exchange files of other tools, and files that are meant to do harm."""

from __future__ import annotations

import re

import pytest

from toolkit.catalog.exchange import Passage, load
from toolkit.errors import DataError
from toolkit.units import text_hash

ONE = (
    '<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">'
    '<file original="a.md" source-language="en" '
    'target-language="bo" datatype="html"><body>{}</body></file></xliff>'
)
TWO = (
    '<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0" '
    'srcLang="en" trgLang="bo"><file id="f">'
    '<unit id="u">{}</unit></file></xliff>'
)


def passage(text: str) -> Passage:
    (document,) = load(text.encode(), "x.xlf")
    (found,) = document.passages
    return found


@pytest.mark.parametrize(
    ("given", "source", "target", "said"),
    [
        ("<source>a</source>", "a", "", "waits"),
        ("<source>a</source><target>b</target>", "a", "b", "waits"),
        ('<source>a</source><target state="final">b</target>', "a", "b", "approved"),
        ('<source>a</source><target state="new">a</target>', "a", "a", ""),
        ('<source>a</source><target state="needs-review-translation">b</target>', "a", "b", "needs-work"),
        ('<source><g id="1">a</g> <x id="2"/></source><target><x id="2"/></target>', "<1>a</1> <2/>", "<2/>", "waits"),
        ('<source>a <mrk mid="1" mtype="seg">b</mrk> c</source>', "a b c", "", "waits"),
        ('<source>a<bx id="1" rid="3"/>b<ex id="2" rid="3"/></source>', "a<3>b</3>", "", "waits"),
        ("<source><![CDATA[a & b]]></source>", "a & b", "", "waits"),
        # codes of ours, of which a tool left the ids
        (
            '<source><bpt id="1">**</bpt>a<ept id="1">**</ept> <ph id="2">[^1]</ph></source>'
            '<target><x id="2"/><g id="1">b</g></target>',
            "**a** [^1]",
            "[^1]**b**",
            "waits",
        ),
        (
            '<source><bpt id="1" rid="7">*</bpt>a<ept id="2" rid="7">*</ept><it id="3" pos="close">&lt;/i></it></source>'
            '<target><bx id="1" rid="7"/>b<ex id="2" rid="7"/><it id="3" pos="close"/></target>',
            "*a*</i>",
            "*b*</i>",
            "waits",
        ),
        ('<source><bpt id="1"/>a<ept id="1"/><ph id="2"/></source>', "<1>a</1><2/>", "", "waits"),
        ('<source><x id="1" equiv-text="{name}"/></source>', "{name}", "", "waits"),
        # Trados: segments, changes that are tracked, its own elements
        (
            '<source>A <g id="5">b</g>. C.</source><seg-source><mrk mtype="seg" mid="1">A <g id="5">b</g>.</mrk> '
            '<mrk mtype="seg" mid="2">C.</mrk></seg-source><target><mrk mtype="seg" mid="1"><g id="5">B</g>。</mrk>'
            '<mrk mtype="seg" mid="2">C<mrk mtype="x-sdl-deleted">X</mrk><mrk mtype="x-sdl-added">Y</mrk>。</mrk></target>'
            '<sdl:seg-defs xmlns:sdl="http://sdl.com/FileTypes/SdlXliff/1.0"><sdl:seg id="1" conf="Draft"/></sdl:seg-defs>',
            "A <5>b</5>. C.",
            "<5>B</5>。CY。",
            "waits",
        ),
        # memoQ: an older version of the unit, in its own namespace
        (
            '<mq:source xmlns:mq="MQXliff">old</mq:source><source>a</source><target>b</target>'
            '<mq:minorversions xmlns:mq="MQXliff"><mq:historical-unit><source>old</source></mq:historical-unit></mq:minorversions>',
            "a",
            "b",
            "waits",
        ),
        ("<alt-trans><source>A</source><target>B</target></alt-trans><source>a</source><target/>", "a", "", "waits"),
        ('<source>a</source><target state="needs-l10n">b</target>', "a", "b", "needs-work"),
        ('<source>a</source><target state="translated">b</target>', "a", "b", "waits"),
    ],
)
def test_xliff_12_of_other_tools(given: str, source: str, target: str, said: str) -> None:
    found = passage(ONE.format(f'<group><trans-unit id="1">{given}</trans-unit></group>'))
    assert (found.unit.source, found.unit.target, found.said, found.base) == (source, target, said, None)


@pytest.mark.parametrize(
    ("given", "source", "target", "said"),
    [
        ("<segment><source>a</source><target>b</target></segment>", "a", "b", "waits"),
        ("<segment><source>a</source></segment>", "a", "", ""),
        (
            '<segment state="final"><source>a.</source><target>x</target></segment><ignorable><source> </source></ignorable>'
            '<segment state="translated"><source>b.</source><target>y</target></segment>',
            "a. b.",
            "x y",
            "waits",
        ),
        (
            '<originalData><data id="d">**</data></originalData><segment state="reviewed"><source><sc id="1" dataRef="d"/>a'
            '<ec startRef="1" dataRef="d"/><cp hex="0007"/></source><target><pc id="1">b</pc></target></segment>',
            "**a**\a",
            "**b**",
            "approved",
        ),
        # merged and split by the tool, the targets in another order
        (
            '<segment state="final"><source>A. </source><target order="3">A。</target></segment>'
            "<ignorable><source> </source><target>-</target></ignorable>"
            '<segment state="reviewed"><source>B.</source><target order="1">B。</target></segment>',
            "A.  B.",
            "B。-A。",
            "approved",
        ),
        (
            '<originalData><data id="d">**</data></originalData><segment><source><pc id="1" dataRefStart="d" dataRefEnd="d">a'
            '<ph id="2" disp="x"/></pc></source><target><sc id="1"/>b<ec startRef="1"/><ph id="2"/></target></segment>',
            "**a<2/>**",
            "**b**<2/>",
            "waits",
        ),
        (
            '<x:segment xmlns:x="urn:x"><source>no</source></x:segment><segment><source>a</source><target>b</target></segment>',
            "a",
            "b",
            "waits",
        ),
    ],
)
def test_xliff_2_of_other_tools(given: str, source: str, target: str, said: str) -> None:
    found = passage(TWO.format(given))
    assert (found.unit.source, found.unit.target, found.said) == (source, target, said)


TOLD = '<context-group><context context-type="x-lokta-base">{}</context></context-group>'


@pytest.mark.parametrize(
    ("base", "approved", "state", "said"),
    [
        ("reviewed", "yes", "translated", "waits"),  # as Poedit and OmegaT leave `approved` when they change a text
        ("accepted", "yes", "translated", "waits"),
        ("draft", "yes", "translated", "approved"),
        ("reviewed", "yes", "final", "approved"),
        ("reviewed", "yes", "needs-l10n", "needs-work"),
        ("draft", "no", "translated", "waits"),
    ],
)
def test_a_state_wins_over_an_approval_that_we_wrote(base: str, approved: str, state: str, said: str) -> None:
    told = TOLD.format(f"{text_hash('c')} {base}")
    unit = f'<trans-unit approved="{approved}"><source>a</source><target state="{state}">b</target>{told}</trans-unit>'
    assert passage(ONE.format(unit)).said == said


def test_remarks_come_from_notes_and_marks_but_not_from_tools() -> None:
    notes = (
        '<source>a</source><target><mrk mtype="comment" comment="Why?">b</mrk></target><note from="Pema">A word.</note>'
        '<note from="pofilter">endpunc: Different punctuation at the end</note>'
        '<note from="po-translator">lokta: mt engine=x hash=0123456789ab\nMine.</note>'
    )
    assert passage(ONE.format(f"<trans-unit>{notes}</trans-unit>")).remarks == ("A word.", "Mine.", "Why?")
    mark = '<segment><source>a</source><target><mrk id="m" type="comment" value="Why?">b</mrk></target></segment>'
    assert passage(TWO.format(f"<notes><note>A word.</note></notes>{mark}")).remarks == ("A word.", "Why?")


@pytest.mark.parametrize(
    ("encoding", "says", "ends"),
    [("utf-8-sig", "UTF-8", "\r\n"), ("utf-16", "UTF-16", "\n"), ("cp1252", "windows-1252", "\n")],
)
def test_encodings_and_line_ends_of_other_systems(encoding: str, says: str, ends: str) -> None:
    unit = "<trans-unit>\n<source>é</source>\n<target>b\nc</target></trans-unit>"
    text = f'<?xml version="1.0" encoding="{says}"?>\n{ONE.format(unit)}'.replace("\n", ends)
    (document,) = load(text.encode(encoding), "x.xlf")
    assert [(one.unit.source, one.unit.target) for one in document.passages] == [("é", "b\nc")]


BOMB = '<!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
DEEP = "<g>" * 300 + "</g>" * 300


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB + ONE.format("<trans-unit><source>&b;</source></trans-unit>"), r"x.xlf:1: it has a document type"),
        ('<!DOCTYPE xliff SYSTEM "file:///etc/passwd">' + ONE.format(""), r"x.xlf:1: it has a document type"),
        (ONE.format(f"<trans-unit><source>{DEEP}</source></trans-unit>"), "x.xlf:1: elements nest deeper than 200"),
        (ONE.format("\n<trans-unit id='1'></trans-unit>"), "x.xlf:2: a trans-unit without <source>"),
        (TWO.format("<segment/>"), "x.xlf:1: a segment without <source>"),
        (ONE.format("\n<trans-unit"), r"x.xlf:2: is no well-formed XML \("),
        ("", "x.xlf:1: is no well-formed XML"),
        ("<html/>", "x.xlf:1: is neither XLIFF nor TMX"),
        ('<xliff version="3.0"/>', "x.xlf:1: is XLIFF of version 3.0"),
        ('<?xml version="1.0" encoding="nonsense"?><xliff/>', "x.xlf:1: "),
        ('<?xml version="1.0" encoding="GBK"?><xliff/>', "x.xlf:1: cannot be read .*; save it as UTF-8"),
        ('<?xml version="1.0" encoding="UTF-16"?><xliff/>', "x.xlf:1: is no well-formed XML"),
        ('<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2"/>', "x.xlf:1: is XLIFF of version unknown"),
        (ONE.format("<trans-unit><source>\a</source></trans-unit>"), "x.xlf:1: is no well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        load(text.encode(), "x.xlf")
    assert re.match(said, str(refused.value)) and "\n" not in str(refused.value)
