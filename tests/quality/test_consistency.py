"""The rule for names that a project spells in several ways: what it says, what it would put in, when it is silent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.units import catalog, unit
from toolkit.codes import replaced
from toolkit.memory.glossary import glossary
from toolkit.memory.spellings import Spelled
from toolkit.memory.terms import parse
from toolkit.quality.rules.consistency import NAME, bound
from toolkit.review.findings import find
from toolkit.units import Finding, ProvenanceLine, Unit

USED = (Spelled("Mugabe", "穆加贝", 6, ("穆加比",)), Spelled("Robert Mugabe", "穆加贝", 4, ("穆加比",)))


def found(one: Unit, sheet: str = "source,zh-Hans\n") -> list[Finding]:
    rule = bound(lambda pair: USED, lambda pair: glossary(parse(sheet).terms, pair))
    return [finding for _, finding in find(one, catalog("en", "zh-Hans", one), {NAME: rule})]


def test_once_for_a_name_with_the_usual_spelling_to_put_in() -> None:
    one = unit("Robert Mugabe came.", "昨天穆加比来了。")
    (said,) = found(one)
    assert said.message == "Mugabe is called 穆加比 here, 穆加贝 in 6 other paragraphs" and said.severity == "warning"
    assert replaced(one.target, list(said.mend)) == "昨天穆加贝来了。"
    assert not found(replace(one, target=replaced(one.target, list(said.mend))))


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("Robert Mugabe came.", ""),
        ("He came.", "穆加比来了。"),
        ("See https://Mugabe.org", "见 https://Mugabe.org 穆加比"),
    ],
)
def test_silence(source: str, target: str) -> None:
    assert not found(unit(source, target))


def test_what_is_in_the_list_of_terms_is_left_to_its_rule() -> None:
    assert not found(unit("Mugabe came.", "穆加比来了。"), "source,zh-Hans\nMugabe,穆加贝\n")


def test_it_is_silenced_as_any_check_is() -> None:
    one = unit("Mugabe came.", "穆加比来了。")
    assert found(one) and not found(one.with_lines(ProvenanceLine("ignore", (("check", NAME),))))
