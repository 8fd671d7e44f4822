"""The rule of terms: what is missing, what is mended, what is silent, what differs in one article."""

from __future__ import annotations

import pytest

from tests.support.units import catalog, unit
from toolkit.codes import replaced
from toolkit.memory.glossary import glossary
from toolkit.memory.terms import parse
from toolkit.quality.rules.terms import bound
from toolkit.translation.engines.convert import convert
from toolkit.units import Check, Finding, Unit

SHEET = """source,do_not_translate,approved,note,bo,zh-Hans,zh-Hant
Dalai Lama,,bo zh-Hans,,ཏཱ་ལའི་བླ་མ།,达赖喇嘛|达赖|!达赖拉嘛,
Trump,,zh-Hans zh-Hant,,,特朗普|!川普,川普
bank,,zh-Hans,of a river,,河岸,
iPhone,yes,zh-Hans,,,!爱疯,
Mugabe,,,,,穆加贝|穆加比,
"""


def rule() -> Check:
    terms = parse(SHEET).terms
    return bound(lambda pair: glossary(terms, pair, convert))


def found(source: str, target: str, tag: str = "zh-Hans", *others: Unit) -> list[Finding]:
    one = unit(source, target)
    return list(rule()(one, catalog("en", tag, one, *others)))


@pytest.mark.parametrize(
    ("tag", "source", "target"),
    [
        ("zh-Hans", "The Dalai Lama's house", "达赖的房子"),
        ("zh-Hans", "The Dalai Lama", ""),
        ("zh-Hans", "A llama", "骆驼"),
        ("zh-Hans", "Trump spoke.", "特朗普（Trump）发言。"),
        ("zh-Hans", "See https://Trump.org", "见 https://Trump.org"),
        ("zh-Hans", "my iPhone", "我的iPhone"),
        ("bo", "The Dalai Lama", "ཏཱ་ལའི་བླ་མས་"),
        ("zh-Hant", "Trump and the Dalai Lama", "川普和達賴"),
        ("fr", "Trump", "rien"),
    ],
)
def test_silence(tag: str, source: str, target: str) -> None:
    assert not found(source, target, tag)


@pytest.mark.parametrize(
    ("tag", "source", "target", "message", "mended"),
    [
        ("zh-Hans", "The Dalai Lama came", "喇嘛来了", "the term Dalai Lama is missing: 达赖喇嘛 or 达赖", ""),
        ("zh-Hans", "Dalai Lama", "达赖拉嘛", "the term Dalai Lama is 达赖喇嘛 or 达赖, not 达赖拉嘛", "达赖喇嘛"),
        ("zh-Hans", "Trump, Trump", "川普，川普", "the term Trump is 特朗普, not 川普", "特朗普，特朗普"),
        ("zh-Hans", "Trump spoke", "Trump说话", "the term Trump is 特朗普, not Trump", "特朗普说话"),
        ("zh-Hant", "Trump spoke", "特朗普說話", "the term Trump is 川普, not 特朗普", "川普說話"),
        ("zh-Hans", "the bank", "银行", "the term bank is missing: 河岸 (of a river)", ""),
        ("zh-Hans", "an iPhone", "爱疯", "the term iPhone is iPhone, not 爱疯", "iPhone"),
    ],
)
def test_an_approved_term_that_is_missing_is_an_error(
    tag: str, source: str, target: str, message: str, mended: str
) -> None:
    (one,) = found(source, target, tag)
    assert (one.severity, one.message) == ("error", message)
    assert (replaced(target, list(one.mend)) if one.mend else "") == mended


def test_a_wrong_rendering_beside_the_right_one_is_a_warning() -> None:
    (one,) = found("Trump said Trump", "特朗普说川普")
    assert one.severity == "warning" and replaced("特朗普说川普", list(one.mend)) == "特朗普说特朗普"


def test_what_nobody_approved_is_a_warning_where_it_differs_in_the_article() -> None:
    others = (unit("Mugabe came", "穆加贝来了"), unit("Mugabe went", "穆加贝走了"))
    (one,) = found("Mugabe spoke", "穆加比说话", "zh-Hans", *others)
    assert (one.severity, one.target) == ("warning", (0, 3)) and "穆加贝 in 2 other paragraphs" in one.message
    assert not found("Mugabe spoke", "穆加贝说话", "zh-Hans", *others)
    assert not found("Mugabe spoke", "穆加比说话")
