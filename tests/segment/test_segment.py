"""Sentences: the cases of the linguists' files, and what holds for any text in any language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.hostile import HOSTILE
from tests.support.work import LINEAR, growth
from toolkit.segment import segment, sentences
from toolkit.units import Block, Code, Location, Segment

HERE = Path(__file__).parent
LANGUAGES = ["en", "zh-Hans", "zh-Hant", "bo", "dz", "fr", "ja", "ar", "th", "tlh"]


def cases() -> Iterator[tuple[str, str, list[str]]]:
    """`input --- sentences, one per line ===`, as sentencex writes its tests."""
    for name, tag in [("en", "en"), ("zh", "zh-Hans"), ("bo", "bo")]:
        for case in (HERE / f"{name}.txt").read_text(encoding="utf-8").split("\n===\n"):
            text, expected = case.strip("\n").split("\n---\n")
            yield tag, text, expected.split("\n")


@pytest.mark.parametrize(("tag", "text", "expected"), list(cases()))
def test_cases(tag: str, text: str, expected: list[str]) -> None:
    """A hard case is cut as a linguist would."""
    assert [text[start:end] for start, end in sentences(text, tag)] == expected


def test_enough_cases() -> None:
    """The files have not shrunk."""
    counts = {tag: sum(1 for other, _, _ in cases() if other == tag) for tag in ("en", "zh-Hans", "bo")}
    assert counts["en"] >= 40 and counts["zh-Hans"] >= 15 and counts["bo"] >= 15


def block(text: str, codes: tuple[Code, ...] = ()) -> Block:
    return Block("p1", "paragraph", text, (text,), Location("a.txt", 1), codes=codes)


def marked(written: str) -> Block:
    """A block whose codes are written `{sc:**}`, `{ec:**}`, `{ph:…}`."""
    codes, text, position = [], "", 0
    for found in re.finditer(r"\{(sc|ec|ph):(.*?)\}", written, re.DOTALL):
        text += written[position : found.start()]
        codes.append(Code(found[1], found[2], len(text), len(text) + len(found[2])))  # type: ignore[arg-type]
        text += found[2]
        position = found.end()
    return block(text + written[position:], tuple(codes))


@pytest.mark.parametrize(
    ("tag", "written", "expected"),
    [
        ("en", "{sc:**}He left.{ec:**} Then she came.", ["**He left.**", "Then she came."]),
        ("en", "He left. {sc:**}Then{ec:**} she came.", ["He left.", "**Then** she came."]),
        ("en", "He {sc:<1>}left. Then she{ec:</1>} came.", ["He <1>left.", "Then she</1> came."]),
        ("en", "He said {sc:**}no.{ec:**} {sc:_}Then{ec:_} he left.", ["He said **no.**", "_Then_ he left."]),
        ("en", "It is so.{ph:[^1]} The rest follows.", ["It is so.[^1]", "The rest follows."]),
        ("en", "See {ph:`a. B. C`}. The rest follows.", ["See `a. B. C`.", "The rest follows."]),
        ("en", "See {ph:![A. B](c.png)} here. {ph:`Foo`} is next.", ["See ![A. B](c.png) here.", "`Foo` is next."]),
        ("en", "See {sc:[}the page. Or not{ec:](/x. Y)}. The end.", ["See [the page.", "Or not](/x. Y).", "The end."]),
        ("en", "One line.{ph:<br>}Another line.", ["One line.<br>", "Another line."]),
        ("en", "One line.{ph:  \n}Another line.", ["One line.  \n", "Another line."]),
        ("zh", "{sc:**}他走了。{ec:**}然后她来了。", ["**他走了。**", "然后她来了。"]),
        ("zh", "他走了。{sc:**}然后{ec:**}她来了。", ["他走了。", "**然后**她来了。"]),
        ("zh", "他走了。{ph:[^1]}然后她来了。", ["他走了。[^1]", "然后她来了。"]),
        ("bo", "ཁོ་{sc:<1>}ཕྱིན་སོང་།{ec:</1>} མོ་ཡང་ཕྱིན།", ["ཁོ་<1>ཕྱིན་སོང་།</1>", "མོ་ཡང་ཕྱིན།"]),
        ("en", "{ph:<1/>}", ["<1/>"]),
        ("en", "He left. {ec:</1>}{sc:<2>} Then she came.", ["He left. </1>", "<2> Then she came."]),
    ],
)
def test_codes(tag: str, written: str, expected: list[str]) -> None:
    """A closing code after the stop stays with its sentence, an opening one goes with the next, none is cut."""
    given_block = marked(written)
    done = segment(given_block, tag)
    assert [part.source for part in done.parts if isinstance(part, Segment)] == expected
    inside = [
        part.source[code.start : code.end] for part in done.parts if isinstance(part, Segment) for code in part.codes
    ]
    assert inside == [code.data for code in given_block.codes]


WORDS = ["U.S.", "Mr. ", "https://a.b/c?d ", "x@y.org", "\U0001f600", "\u0301"]
ALPHABET = st.sampled_from(
    [*"aA1 .!?…,;:\"'“”‘’()[]<>*_`\n\t\u00a0\u3000", *"中。！？，“”「」（）《》", *"ཀགཤངི་།༎༄༅༑༔༠", *WORDS]
)
TEXT = st.one_of(st.lists(ALPHABET, max_size=60).map("".join), st.text(max_size=40))


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    """Any text with any codes in it."""
    pieces = draw(
        st.lists(
            st.tuples(
                TEXT, st.sampled_from(["", "sc", "ec", "ph"]), st.sampled_from(["**", "<br>", "`a. B`", "<1>", "\n"])
            )
        )
    )
    written = "".join(text.replace("{", "") + (f"{{{kind}:{data}}}" if kind else "") for text, kind, data in pieces)
    return marked(written)


@settings(max_examples=400, deadline=None)
@given(blocks(), st.sampled_from(LANGUAGES))
def test_nothing_is_lost(given_block: Block, tag: str) -> None:
    """Joining the parts gives the paragraph back, each code lies whole in one sentence, sentences have no outer blanks."""
    done = segment(given_block, tag)
    assert done.source == given_block.source
    segments = [part for part in done.parts if isinstance(part, Segment)]
    codes = [code for part in segments for code in part.codes]
    assert [code.data for code in codes] == [code.data for code in given_block.codes]
    for part in segments:
        assert all(part.source[code.start : code.end] == code.data for code in part.codes)
        bare = "".join(
            "X" if any(code.start <= at < code.end for code in part.codes) else char
            for at, char in enumerate(part.source)
        )
        assert bare == bare.strip() and bare
    assert all(part and not part.strip() for part in done.parts if isinstance(part, str))
    assert segment(done, tag) == done


@pytest.mark.parametrize("tag", ["en", "zh-Hans", "bo"])
@pytest.mark.parametrize("unit", HOSTILE["sentences, en"].units)
def test_work_is_linear(tag: str, unit: str) -> None:
    """A hostile megabyte cannot hang a job."""
    assert growth(HOSTILE[f"sentences, {tag}"].call, unit, small=20_000) < LINEAR


def test_skipped_blocks_stay_whole() -> None:
    """Page furniture is not cut."""
    furniture = Block("p1", "paragraph", "A. B.", ("One here. Two here.",), Location("a.txt", 1), translate=False)
    assert segment(furniture, "en") is furniture
