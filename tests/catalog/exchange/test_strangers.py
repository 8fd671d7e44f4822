"""Exchange files of other tools, and files that are meant to do harm."""

from __future__ import annotations

import re

import pytest

from toolkit.catalog.exchange import Passage, load
from toolkit.errors import DataError

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
    ],
)
def test_xliff_2_of_other_tools(given: str, source: str, target: str, said: str) -> None:
    found = passage(TWO.format(given))
    assert (found.unit.source, found.unit.target, found.said) == (source, target, said)


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
        (ONE.format("<trans-unit><source>\a</source></trans-unit>"), "x.xlf:1: is no well-formed XML"),
    ],
)
def test_what_cannot_be_read_is_one_line(text: str, said: str) -> None:
    with pytest.raises(DataError) as refused:
        load(text.encode(), "x.xlf")
    assert re.match(said, str(refused.value)) and "\n" not in str(refused.value)
