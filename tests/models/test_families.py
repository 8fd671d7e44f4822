"""A family's file says how a model wants to be asked; a broken one says what is wrong, a project may bring its own."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from toolkit.errors import ModelError
from toolkit.models.families import Families, Family, parse
from toolkit.project.context import Context
from toolkit.units import LanguagePair

STARTER = files("toolkit.models").joinpath("families", "starter.toml").read_text(encoding="utf-8")
MINE = STARTER.replace('bo = "Tibetan"', 'fr = "French"').replace('"{source}: {text}', '"In {source}: {text}')


def family(name: str) -> Family:
    """As it is known without a project."""
    return Families()[name]


def knows(known: Family, source: str, target: str) -> bool:
    return known.knows(LanguagePair(source, target))


def test_a_family_knows_its_pairs() -> None:
    assert knows(family("starter"), "en", "zh-Hans") and not knows(family("starter"), "en", "fr")
    assert not knows(family("starter"), "en", "en")
    assert ("zh-Hans", "bo") in family("hy-mt2").pairs and len(family("hy-mt2").languages) == 38
    assert len(family("hy-mt2").wordings[0].names) == 38


def test_lmt_has_english_or_chinese_on_one_side() -> None:
    lmt = family("lmt-60")
    assert len(lmt.languages) == 60 and len(lmt.pairs) == 234  # as published
    assert knows(lmt, "bo", "zh-Hans") and knows(lmt, "en", "bo") and not knows(lmt, "fr", "bo")


def test_what_is_told_beside_the_text() -> None:
    assert family("hy-mt2").background == {"title", "before", "after"}
    assert "zh-Hans" in family("hy-mt2").reference_languages and "zh-Hans" in family("lmt-60").reference_languages
    assert not family("lmt-60").background and not family("starter").reference_languages


def test_a_plain_model_knows_the_languages_of_all_its_examples() -> None:
    base = family("base")
    assert len(base.shown(LanguagePair("en", "bo"))) == len(base.shown(LanguagePair("zh-Hans", "bo"))) == 5
    assert knows(base, "zh-Hans", "bo")
    fewer = parse(_base().replace('bo      = "ན་ནིང', 'dz      = "ན་ནིང'), "base")
    assert not knows(fewer, "en", "bo") and knows(fewer, "en", "zh-Hans")


def test_an_answer_may_be_about_three_times_as_long() -> None:
    sentence = "The two sides agreed to hold talks in Beijing next month."  # 12 pieces of the starter's vocabulary
    assert 36 <= family("starter").longest_answer(sentence, "en") <= 72
    assert family("starter").longest_answer("", "en") >= 8


@pytest.mark.parametrize("name", ["nobody", "../starter", "", "starter/../starter", "nllb-200"])
def test_an_unknown_family_names_the_known(name: str) -> None:
    with pytest.raises(ModelError, match="known are base, hy-mt2, instruct, lmt-60, starter"):
        family(name)


BROKEN = {
    "no TOML": "grain = ",
    "no languages": STARTER.replace("[languages]", "[tongues]"),
    "no number": STARTER.replace("plus = 16", 'plus = "some"'),
    "no request": STARTER.replace("[[request]]", "[[demand]]"),
    "no text": STARTER.replace("{text}", "text"),
    "strange place": STARTER.replace("{text}", "{text}{password}"),
    "reaching into an object": STARTER.replace("{text}", "{text.__class__}"),
    "half a brace": STARTER.replace("{text}", "{text"),
    "no regular expression": "cut = ['(']\n" + STARTER,
    "no such language": STARTER.replace("bo =", "klingon-x-9999999999 ="),
    "unknown key of the family": "contxt = 512\n" + STARTER,
    "no room": STARTER.replace("context = ", "context = -"),
    "unknown key": STARTER.replace("prompt =", 'promt = "x"\nprompt ='),
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_family_says_so(text: str) -> None:
    with pytest.raises(ModelError, match=r"families/mine\.toml: is broken"):
        parse(text, "mine", "families/mine.toml")


def test_what_is_broken_is_said_in_words() -> None:
    with pytest.raises(
        ModelError, match=r"broken \(unknown key 'contxt'; known are title, .*compare it with one of ours, in "
    ) as said:
        parse(BROKEN["unknown key of the family"], "mine", "families/mine.toml")
    assert "Error" not in str(said.value)
    with pytest.raises(ModelError, match=r"broken \('languages' is missing\)"):
        parse(BROKEN["no languages"].replace("[tongues]", "[sampling]"), "mine", "families/mine.toml")


def test_a_project_brings_its_own_and_overrules_ours(tmp_path: Path) -> None:
    (tmp_path / "lokta.toml").write_text('source_language = "en"\n')
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "mine.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "families" / "starter.toml").write_text(MINE, encoding="utf-8")
    (tmp_path / "below").mkdir()
    with Context.at(tmp_path / "below") as context:
        families = context.resources.families
    assert "mine" in families and "mine" in families.names and knows(families["mine"], "en", "fr")
    assert families["starter"].wordings[0].prompt.startswith("In ")
    (tmp_path / "families" / "mine.toml").write_text("grain =", encoding="utf-8")
    with pytest.raises(ModelError, match=r"mine\.toml: is broken"):
        families["mine"]


def test_two_projects_in_one_process_have_each_its_own(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "families").mkdir(parents=True)
        (tmp_path / name / "lokta.toml").write_text('source_language = "en"\n')
        (tmp_path / name / "families" / f"{name}.toml").write_text(MINE, encoding="utf-8")
    with Context.at(tmp_path / "one") as one, Context.at(tmp_path / "two") as two:
        assert "one" in one.resources.families and "two" not in one.resources.families
        assert "two" in two.resources.families and "one" not in two.resources.families


def test_without_a_project_a_folder_families_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "families").mkdir()
    (tmp_path / "families" / "mine.toml").write_text(MINE, encoding="utf-8")
    with Context.at(tmp_path) as context:
        assert "mine" not in context.resources.families


def _base() -> str:
    return files("toolkit.models").joinpath("families", "base.toml").read_text(encoding="utf-8")
