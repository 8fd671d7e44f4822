"""Each check against pairs that a linguist can read and add to, and what holds of all checks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.units import catalog, unit
from tests.support.work import LINEAR, growth
from toolkit.codes import replaced
from toolkit.quality.rules import CHECKS, checks
from toolkit.review.findings import diagnose
from toolkit.units import ProvenanceLine, Unit, text_hash

TABLE = Path(__file__).with_name("cases.tsv")


def cases() -> list[tuple[str, ...]]:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    assert all(len(row) == 6 for row in rows), [row for row in rows if len(row) != 6]
    return [tuple(_unescaped(cell) for cell in row) for row in rows[1:]]


def _unescaped(cell: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), cell)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case[0]}: {case[3][:30]}")
def test_cases(case: tuple[str, ...]) -> None:
    check, languages, markup, source, target, verdict = case
    origin, spoken = languages.split(">")
    made = Unit(source, target)
    if check == "codes":  # what a person wrote is judged otherwise, see below
        line = ProvenanceLine("mt", (("engine", "x"), ("hash", text_hash(target))))
        made = replace(made, flags=("fuzzy",), provenance=(line,))
    found = list(CHECKS[check](made, catalog(origin, spoken, markup=markup)))
    severities = {finding.severity for finding in found}
    gravest = next((severity for severity in ("error", "warning", "info") if severity in severities), "good")
    assert gravest == verdict, found
    assert all(finding.message and "\n" not in finding.message for finding in found)


@pytest.mark.parametrize(
    ("source", "target", "verdict"),
    [
        ("I _hate_ it.", "我*恨*它。", "good"),
        ("I _hate_ **it.**", "我_恨_**它。**吧", "good"),
        ("I *hate* it.", "我恨它。", "info"),
        ("I hate it.", "我**恨**它。", "info"),
        ("Run `make` now.", "现在运行 make。", "warning"),
        ("Run make now.", "现在运行 `make`。", "warning"),
        ("See [it](https://a.org/en).", "见[它](https://a.org/zh)。", "warning"),
        ("It fell.", "它<b>掉了。", "error"),
    ],
)
def test_what_a_person_wrote_differs_by_a_warning(source: str, target: str, verdict: str) -> None:
    found = [
        finding.severity
        for finding in CHECKS["codes"](Unit(source, target), catalog("en", "zh-Hans", markup="markdown"))
    ]
    assert sorted(set(found)) == ([] if verdict == "good" else [verdict]), found


def test_good_pairs_are_good_to_every_check() -> None:
    """What one check calls good, no other calls an error."""
    for check, languages, markup, source, target, verdict in cases():
        if verdict == "good" and check != "untranslated":
            whole = catalog(*languages.split(">"), markup=markup)
            errors = [f for one in CHECKS.values() for f in one(Unit(source, target), whole) if f.severity == "error"]
            assert not errors, (source, target, errors)


def test_there_are_enough_cases() -> None:
    counts = Counter(case[0] for case in cases())
    assert set(counts) == set(CHECKS) - {"outdated"}
    assert min(counts.values()) >= 7, counts


def test_outdated_quotes_what_it_was() -> None:
    before = unit("The river rose.", "གཙང་པོ་རྒྱས།", fuzzy=True)
    after = replace(before, source="The river fell.", previous_source="The river rose.")
    assert not list(CHECKS["outdated"](before, catalog()))
    [finding] = CHECKS["outdated"](after, catalog())
    assert finding.severity == "warning" and "The river rose." in finding.message


def test_a_refused_draft_says_why() -> None:
    why = ProvenanceLine("refused", (("engine", "argos"), ("model", "en_bo"), ("why", "the same words over and over")))
    [finding] = CHECKS["empty"](Unit("The river rose.", provenance=(why,)), catalog())
    assert "argos en_bo" in finding.message and "the same words over and over" in finding.message


def test_messages_name_what_a_translator_knows() -> None:
    """A numbered tag is explained by the entry's own note."""
    told = replace(unit("See the <1>map</1>.", "ས་ཁྲ།"), notes=("type: paragraph", '<1> = <a href="/map">'))
    [finding] = CHECKS["codes"](told, catalog(markup="tags"))
    assert finding.message.startswith("link missing from the translation: <1>…</1>") and "/map" in finding.message
    [finding] = CHECKS["codes"](unit("See [it](/map).", "ས་ཁྲ།"), catalog(markup="markdown"))
    assert finding.message == "link missing from the translation: […](/map)"
    [finding] = CHECKS["numbers"](unit("In 2009", "༢༠༠༨ ལོར།"), catalog())
    assert finding.message == "number changed: 2009 became ༢༠༠༨"


def test_an_ignore_line_silences_a_check_for_one_unit() -> None:
    quiet = ProvenanceLine("ignore", (("check", "numbers"),))
    bad = unit("In 2009", "ལོར།")
    whole = replace(catalog(), units=(bad, replace(bad, source="In 2010", provenance=(quiet,))))
    assert [found.unit.source for found in diagnose(whole, "x.po", CHECKS)] == ["In 2009"]
    both = ProvenanceLine("ignore", (("check", "script, numbers"),))
    assert not list(diagnose(replace(whole, units=(replace(bad, provenance=(both,)),)), "x.po", CHECKS))


def test_obsolete_units_are_not_checked() -> None:
    assert not list(
        diagnose(replace(catalog(), units=(replace(unit("In 2009", "ལོར།"), obsolete=True),)), "x.po", CHECKS)
    )


def test_another_distribution_brings_a_check(monkeypatch: pytest.MonkeyPatch) -> None:
    class Point:
        name = "shout"

        def load(self) -> object:
            return lambda unit, catalog: ()

    found = {"lokta.checks": [Point()]}
    monkeypatch.setattr("toolkit.quality.rules.entry_points", lambda group: found.get(group, []))
    checks.cache_clear()
    try:
        assert list(checks()) == ["shout", *CHECKS]
    finally:
        checks.cache_clear()


@pytest.mark.parametrize(
    ("source", "target", "mended"),
    [
        ("It fell.", "它倒了", "它倒了。"),
        ("“It fell.”", "“它倒了”", "“它倒了。”"),
        ("See https://x.org/a.", "见 https://x.org/a", ""),
        ("Read [it](u).", "读[它](u)", ""),
        ("It fell.[^1]", "倒了[^1]", ""),
    ],
)
def test_an_end_mark_is_put_behind_words_and_into_no_code(source: str, target: str, mended: str) -> None:
    (finding,) = CHECKS["ending"](Unit(source, target), catalog("en", "zh-Hans", markup="markdown"))
    assert (replaced(target, finding.mend) if finding.mend else "") == mended


UNITS = [
    "的", "他说“", "（", "1 ", "12 million ", "一二三", "abc ", "Abc. ", "ཀ་", "ཀ། ", "ཟླ་", "༡༢ ", "not ", "周一", '"', "<unk", "Xy, ",
]  # fmt: skip


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("spoken", ["zh-Hans", "bo"])
@pytest.mark.parametrize("piece", UNITS)
def test_no_check_takes_more_than_linear_work(check: str, spoken: str, piece: str) -> None:
    whole = catalog("en", spoken)
    assert growth(lambda text: list(CHECKS[check](Unit(text, text + "x"), whole)), piece, small=400) < LINEAR


LETTERS = st.text(st.sampled_from("ab C.,12༡༢ཀིགས་།中国後 <1></1>**[](x)`$%&\n\u200b\ufdd0"), max_size=40)


@settings(max_examples=150)
@given(
    LETTERS,
    LETTERS,
    st.sampled_from(["bo", "zh-Hans", "zh-Hant", "fr"]),
    st.sampled_from(["plain", "tags", "markdown"]),
)
def test_no_text_stops_a_check(source: str, target: str, spoken: str, markup: str) -> None:
    whole = catalog("en", spoken, markup=markup)
    for check in CHECKS.values():
        for finding in check(Unit(source, target), whole):
            assert finding.message and finding.severity in ("error", "warning", "info")
