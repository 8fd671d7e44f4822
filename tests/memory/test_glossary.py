"""Terms in texts of several languages (`glossary.tsv`), the longest first, and what stands for zh-Hant."""

from __future__ import annotations

import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.language import language
from toolkit.memory.glossary import Glossary, glossary, places
from toolkit.memory.terms import Rendering, Term, parse
from toolkit.translation.engines.convert import convert
from toolkit.units import Code, LanguagePair

_LINES = [
    line for line in Path(__file__).with_suffix("").with_name("glossary.tsv").read_text("utf-8").split("\n") if line
]
CASES = [line.split("\t") for line in _LINES if not line.startswith("#")]


@pytest.mark.parametrize(("tag", "part", "forms", "case", "text", "wanted"), CASES, ids=[case[2] for case in CASES])
def test_where_a_term_stands(tag: str, part: str, forms: str, case: str, text: str, wanted: str) -> None:
    (term,) = parse(f"source,part_of_speech,case,fr\n{forms},{part},{case},x\n").terms
    found = glossary([term], LanguagePair(tag, "fr")).find(text)
    assert "|".join(hit.text for hit in found) == wanted


def terms(*rows: tuple[str, str]) -> Glossary:
    made = [Term((source,), {"zh-Hans": Rendering((target,), (), True)}) for source, target in rows]
    return glossary(made, LanguagePair("en", "zh-Hans"))


def test_the_longest_wins_and_codes_hide_what_is_in_them() -> None:
    known = terms(("China", "中国"), ("South China Sea", "南海"), ("Sea", "海"))
    assert [hit.accepted for hit in known.find("the South China Sea, China")] == [("南海",), ("中国",)]
    text = "See https://China.org in China"
    assert known.requested(text, (Code("ph", "https://China.org", 4, 21),)) == (("China", "中国"),)
    assert known.requested("See https://China.org", (Code("ph", "https://China.org", 4, 21),)) == ()


@given(
    st.lists(
        st.sampled_from(["South ", "China", "Sea", "s", "'s", " ", "Chi", "cafe\u0301", "Café", "\u0301"]), max_size=12
    )
)
def test_hits_are_in_order_and_say_what_stands_there(pieces: list[str]) -> None:
    text = unicodedata.normalize("NFC", "".join(pieces))
    found = terms(("China", "中国"), ("South China Sea", "南海"), ("Sea", "海"), ("Café", "咖啡")).find(text)
    assert all(text[hit.start : hit.end] == hit.text for hit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def test_two_senses_are_both_right() -> None:
    known = terms(("bank", "银行"), ("bank", "河岸"))
    (hit,) = known.find("The bank")
    assert hit.accepted == ("银行", "河岸")


def test_traditional_is_derived_where_the_list_has_none() -> None:
    sheet = parse("source,approved,zh-Hans,zh-Hant\nTrump,yes,特朗普,川普\nUN,yes,联合国,\n")
    trump, un = glossary(sheet.terms, LanguagePair("en", "zh-Hant"), convert).entries
    assert (trump.accepted, trump.refused) == (("川普",), ("特朗普",))
    assert (un.accepted, un.approved) == (("聯合國",), True) and "联合国" in un.refused


def test_a_tibetan_rendering_goes_into_a_sentence_without_its_shad() -> None:
    known = glossary(parse("source,approved,bo\nLhasa,yes,ལྷ་ས།|ལྷ་ས་གྲོང་ཁྱེར།\n").terms, LanguagePair("en", "bo"))
    assert known.entries[0].accepted == ("ལྷ་ས", "ལྷ་ས་གྲོང་ཁྱེར")
    assert known.requested("in Lhasa") == (("Lhasa", "ལྷ་ས"),)
    assert not known.lacking("Lhasa", "ལྷ་སར་ཆར་པ་བབས།") and known.lacking("Lhasa", "ལྷ་སྟེང་")


@pytest.mark.parametrize(
    ("tag", "rendering", "text", "wanted"),
    [
        ("bo", "མི།", "མི་རིགས་མིང་", ["མི"]),
        ("bo", "བོད", "བོད་ཀྱི་བོདའི", ["བོད", "བོད"]),
        ("zh-Hans", "唐纳德·特朗普", "唐纳德・特朗普说", ["唐纳德・特朗普"]),
        ("zh-Hans", "iPhone", "用iPhone拍；iPhones", ["iPhone"]),
        ("fr", "droit de l’homme", "les droits; le droit de l'homme", ["droit de l'homme"]),
        ("en", "refugee", "Refugees", ["Refugee"]),
    ],
)
def test_where_a_rendering_stands(tag: str, rendering: str, text: str, wanted: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, rendering, language(tag))] == wanted


def test_a_text_that_is_not_composed() -> None:
    (hit,) = glossary([Term(("Café",), {"fr": Rendering(("x",))})], LanguagePair("en", "fr")).find("the Cafe\u0301s")
    assert hit.text == "Cafés"
