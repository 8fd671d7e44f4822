"""Traditional from simplified: derived, marked, kept up to date, and never over what a person wrote."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.environment import Run
from tests.support.projects import write_catalog
from tests.support.tiny_argos import expected, make_package
from toolkit import codes
from toolkit.catalog import approve, load, read_catalog
from toolkit.memory.glossary import glossary
from toolkit.memory.terms import parse
from toolkit.translation.engines.convert import VARIANTS, Convert, convert, convert_from
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Catalog, LanguagePair, Match, ProvenanceLine, Request, State, Unit, text_hash

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("convert.tsv").read_text(encoding="utf-8").split("\n")
    if line and not line.startswith("#")
]
HEADER = {"X-Lokta-Article": "a", "X-Lokta-Markup": "markdown"}


def catalogs(hant: Unit, hans: Unit, markup: str = "markdown") -> tuple[Catalog, Catalog]:
    header = {**HEADER, "X-Lokta-Markup": markup}
    return Catalog("en", "zh-Hant", (hant,), header), Catalog("en", "zh-Hans", (hans,), header)


def signed(unit: Unit) -> Unit:
    return approve(unit, "Li", "2026-01-01")


def drafted(source: str, target: str, kind: str = "mt", **more: str) -> Unit:
    values = {"hash": text_hash(target), **more}
    return Unit(source, target, flags=("fuzzy",), provenance=(ProvenanceLine(kind, tuple(values.items())),))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
@pytest.mark.parametrize("variant", VARIANTS)
def test_cases(case: list[str], variant: str) -> None:
    simplified, taiwan, hong_kong = case
    wanted = taiwan if variant == "tw" or hong_kong == "=" else hong_kong
    unit = convert_from(*catalogs(Unit("x"), Unit("x", simplified)), variant).units[0]
    assert unit.target == wanted


def test_a_derived_unit_is_fuzzy_and_says_whence() -> None:
    unit = convert_from(*catalogs(Unit("Cat."), signed(Unit("Cat.", "猫头发。")))).units[0]
    assert unit.state is State.DRAFT and unit.machine and unit.target == "貓頭髮。"
    said = (("from", "zh-Hans"), ("by", "opencc:s2twp"), ("hash", text_hash(unit.target)))
    assert unit.provenance == (ProvenanceLine("convert", said),)


@pytest.mark.parametrize(
    ("hant", "hans", "stays"),
    [
        (drafted("x", "机", "mt"), drafted("x", "发展"), True),  # another model's draft, and nobody's approval
        (drafted("x", "机", "mt"), signed(Unit("x", "发展")), False),
        (drafted("x", "機", "tm"), signed(Unit("x", "发展")), True),  # a person's words in traditional characters
        (drafted("x", "機", "convert"), drafted("x", "发展"), False),
        (replace(drafted("x", "機", "convert"), target="機器"), signed(Unit("x", "发展")), True),  # touched
        (signed(Unit("x", "機")), signed(Unit("x", "发展")), True),
        (Unit("x", "機"), signed(Unit("x", "发展")), True),  # approved in another editor
        (Unit("x", "機", flags=("fuzzy",)), signed(Unit("x", "发展")), True),  # half done by a person
        (replace(drafted("x", "機"), previous_source="w"), drafted("x", "发展"), False),
        (Unit("x", provenance=(ProvenanceLine("refused", (("why", "empty"),)),)), drafted("x", "发展"), False),
        (Unit("x"), replace(drafted("x", "发展"), previous_source="w"), True),  # made for another source
        (Unit("x"), Unit("x"), True),
        (Unit("x"), replace(signed(Unit("x", "发展")), obsolete=True), True),
        (Unit("x"), Unit("x", "发展", context="c"), True),
        (Unit("x *y*"), Unit("x *y*", "发展 y"), True),  # its codes are lost: a build could not use it
    ],
)
def test_who_gives_way(hant: Unit, hans: Unit, stays: bool) -> None:
    unit = convert_from(*catalogs(hant, hans)).units[0]
    if stays:
        assert unit == hant
    else:
        assert unit.target == "發展" and [line.kind for line in unit.provenance] == ["convert"]
        assert not unit.previous_source


def test_derived_again_when_the_other_changed_and_not_otherwise() -> None:
    hant, hans = catalogs(Unit("x"), drafted("x", "发展"))
    first = convert_from(hant, hans)
    assert convert_from(first, hans) == first
    second = convert_from(first, replace(hans, units=(drafted("x", "头发"),)))
    assert second.units[0].target == "頭髮" and second.units[0].machine
    assert convert_from(first, hans, "hk").units[0].line("convert") != first.units[0].line("convert")
    gone = convert_from(first, replace(hans, units=()))
    assert gone == first


TEXT = st.text("余于里台发后干“”‘’\"',.…—（）头说先生 aZ1。，", max_size=8)
CODED = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            [
                "[台发](https://a.org/台?q=发)",
                "**后**",
                "`台发`",
                "https://a.org/x",
                "<b>发</b>",
                "![里](i.png '“发”')",
                "{name}",
            ]
        ),
    ),
    min_size=1,
    max_size=6,
).map("".join)


@given(CODED, st.sampled_from(["markdown", "plain"]), st.sampled_from(sorted(VARIANTS)))
@settings(max_examples=150)
def test_codes_stay_and_twice_is_once(text: str, markup: str, variant: str) -> None:
    hant, hans = catalogs(Unit(text), Unit(text, text), markup)
    once = convert_from(hant, hans, variant)
    (unit,) = once.units
    assert not unit.target or not codes.compare(text, unit.target, once.markup)
    assert convert_from(once, hans, variant) == once
    if text.strip() and not codes.find(text, once.markup):
        assert unit.target, "a text without codes is always derived"


def test_the_engine_answers_one_pair_alone_and_leaves_codes() -> None:
    text = "头发[台](/台)"
    request = Request(text, codes.find(text, "markdown"))
    (answer,) = Convert().translate([request], LanguagePair("zh-Hans", "zh-Hant"))
    assert isinstance(answer, Match) and answer.target == "頭髮[臺](/台)"
    assert list(Convert().translate([request], LanguagePair("en", "zh-Hant"))) == [None]


ARTICLE = "# Hair\n\nHe said: *no*.\n\nThe end.\n"
TARGETS = {"Hair": "头发", "He said: *no*.": "他说：“*不*”。", "The end.": "完了。"}


def path_of(folder: Path, locale: str) -> Path:
    return folder / "locales" / locale / "LC_MESSAGES" / "a.po"


def write(path: Path, **changed: str) -> None:
    """What a person does in an editor: `source=target` by the first word of the source."""
    catalog = read_catalog(path)
    units = tuple(
        signed(replace(unit, target=changed[unit.source.split()[0]])) if unit.source.split()[0] in changed else unit
        for unit in catalog.units
    )
    write_catalog(path, replace(catalog, units=units))


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    """An article with an approved catalog in zh-Hans."""
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    invoke("translate", "a.md", "--to", "zh-Hans", "--engine", "memory")
    write(path_of(tmp_path, "zh_Hans"), **{source.split()[0]: target for source, target in TARGETS.items()})
    return tmp_path


def targets(folder: Path) -> dict[str, str]:
    return {unit.source.split()[0]: unit.target for unit in read_catalog(path_of(folder, "zh_Hant")).live}


def test_the_command_line_derives_and_keeps_up(project: Path, invoke: Run) -> None:
    run = ("translate", "a.md", "--to", "zh-Hant", "--engine", "convert")
    done = invoke(*run)
    assert "a -> zh-Hant: 3 paragraphs: 3 converted from zh-Hans\n" in done.stdout
    assert targets(project) == {"Hair": "頭髮", "He": "他說：「*不*」。", "The": "完了。"}
    text = path_of(project, "zh_Hant").read_text(encoding="utf-8")
    assert re.search(r"^# lokta: convert from=zh-Hans by=opencc:s2twp hash=[0-9a-f]{12}$", text, re.M)
    before = path_of(project, "zh_Hant").read_bytes()
    invoke(*run)
    assert path_of(project, "zh_Hant").read_bytes() == before
    write(path_of(project, "zh_Hant"), The="結束。")
    write(path_of(project, "zh_Hans"), The="结尾。", Hair="发展")
    invoke(*run)
    assert targets(project) == {"Hair": "發展", "He": "他說：「*不*」。", "The": "結束。"}


def test_simplified_comes_first_however_the_languages_are_named(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    done = invoke("translate", "a.md", "--to", "zh-Hant,zh-Hans", "--engine", "pseudo")
    assert "zh-Hans: 3 paragraphs: 3 by machine now" in done.stdout and "3 converted from zh-Hans" in done.stdout


def test_without_any_model_nothing_is_missing(project: Path, invoke: Run) -> None:
    (project / "lokta.toml").write_text('[target.zh-Hant]\nvariant = "hk"\n[target.zh-Hans]\nengine = "memory"\n')
    done = invoke("translate", "--to", "zh-Hant,zh-Hans")
    assert "3 converted from zh-Hans" in done.stdout and "no model" not in done.stdout
    assert targets(project)["He"] == "他説：「*不*」。"
    (project / "lokta.toml").write_text('[target.zh-Hant]\nvariant = "sg"\n')
    assert 'variant in [target.zh-Hant] is "tw" or "hk"' in invoke("translate", "a.md", "--to", "bo", code=1).stderr


def test_an_approved_sentence_in_traditional_characters_comes_first(project: Path, invoke: Run) -> None:
    (project / "b.md").write_text("# Other\n\nThe end.\n", encoding="utf-8")
    invoke("translate", "b.md", "--to", "zh-Hant", "--engine", "memory")
    other = path_of(project, "zh_Hant").with_name("b.po")
    write(other, The="全文完。")
    invoke("translate", "a.md", "--to", "zh-Hant", "--engine", "convert")
    assert targets(project)["The"] == "全文完。"


def test_a_broken_sister_is_named_and_passed_over(project: Path, invoke: Run) -> None:
    with path_of(project, "zh_Hans").open("a", encoding="utf-8") as file:
        file.write('\nmsgid "unclosed\n')
    done = invoke("translate", "a.md", "--to", "zh-Hant", "--engine", "convert")
    assert "zh_Hans/LC_MESSAGES/a.po:" in done.stderr and "3 left" in done.stdout


def test_an_article_in_simplified_characters_needs_no_model(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.md").write_text("# 头发\n\n他说：“[不](/发)。”今天很好。\n", encoding="utf-8")
    done = invoke("translate", "a.md", "--from", "zh-Hans", "--to", "zh-Hant")
    assert "2 by machine now (convert)" in done.stdout
    assert targets(tmp_path) == {"头发": "頭髮", "他说：“[不](/发)。”今天很好。": "他說：「[不](/发)。」今天很好。"}


def test_a_model_that_writes_simplified_drafts_traditional(
    tmp_path: Path, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path / "models"))
    make_package(tmp_path / "models", "en", "zh")
    (tmp_path / "a.md").write_text("The school opened the bridge.\n", encoding="utf-8")
    done = invoke("translate", "a.md", "--to", "zh-Hant", "--engine", "argos")
    assert "by machine now (argos+convert, through zh-Hans)" in done.stdout
    (unit,) = read_catalog(path_of(tmp_path, "zh_Hant")).live
    assert unit.target == convert(expected(unit.source, "en", "zh")) != expected(unit.source, "en", "zh")
    line = unit.line("mt")
    assert line and line.get("via") == "zh-Hans" and line.get("model").endswith(" opencc:s2twp")


def test_pick_makes_the_last_leg_for_the_readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(tmp_path))
    make_package(tmp_path, "en", "zh")
    for spec, options in (("", Options(variant="hk")), ("argos", Options(variant="hk", via="zh-Hans"))):
        engine = pick(spec, LanguagePair("en", "zh-Hant"), options, Resources(engines()))
        assert engine is not None and engine.name == "argos+convert" and engine.abilities.grain == "sentence"
        (identity,) = engine.identities
        assert identity.model.endswith(" opencc:s2hk")


def test_a_derived_unit_is_still_a_machines_when_read_again(project: Path, invoke: Run) -> None:
    invoke("translate", "a.md", "--to", "zh-Hant", "--engine", "convert")
    catalog = load(path_of(project, "zh_Hant").read_text(encoding="utf-8"))
    assert all(unit.machine and unit.fuzzy for unit in catalog.live)


def test_approved_terms_are_called_as_the_readers_call_them() -> None:
    terms = glossary(
        parse("source,approved,zh-Hans,zh-Hant\nTrump,yes,特朗普,川普\nLaos,,老挝,寮國\n").terms,
        LanguagePair("en", "zh-Hant"),
        convert,
    )
    source, said = "[Trump](https://a.org/特朗普) in Laos", "[特朗普](https://a.org/特朗普)在老挝"
    hant, hans = catalogs(Unit(source), signed(Unit(source, said)))
    once = convert_from(hant, hans, terms=terms)
    assert once.units[0].target.startswith("[川普](https://a.org/特朗普)")
    assert convert_from(once, hans, terms=terms) == once
    assert convert_from(hant, hans, terms=glossary((), terms.pair)) == convert_from(hant, hans)
