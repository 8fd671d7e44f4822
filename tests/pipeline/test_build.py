"""Editions of a project: what a licence forbids is said when one is built for commercial use; a very long target is built."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import change, reviewed, write, write_catalog
from toolkit import catalog as catalogs
from toolkit import models
from toolkit.models import lockfile
from toolkit.models.lockfile import Locked
from toolkit.units import ProvenanceLine, Unit, text_hash

TEXT = "The river.\n\nIt rose.\n\nIt fell.\n"
LOCKED = {
    "tiny": Locked("tiny", "ctranslate2", "hf:a/tiny", "0", licence="CC-BY-NC-4.0", commercial=False, installed=False),
    "free": Locked("free", "argos", "https://a/b", "0", licence="MIT", commercial=True),
}


def drafted(unit: Unit, model: str, target: str) -> Unit:
    line = ProvenanceLine("mt", (("engine", "ctranslate2"), ("model", model), ("hash", text_hash(target))))
    return replace(unit, target=target).with_lines(line, without=("mt", "tm", "convert"))


@pytest.fixture
def folder(tmp_path: Path, invoke: Run) -> Path:
    """An article with three drafts: untouched, approved as it was, rewritten by a person."""
    (tmp_path / "lokta.toml").write_text(
        'source_language = "en"\narticles = "."\ncommercial = true\n[target.bo]\n', encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    invoke("translate", "--engine", "pseudo")
    models.folder().mkdir(parents=True, exist_ok=True)
    lockfile.save(models.folder(), LOCKED)
    return tmp_path


def catalog(folder: Path, locale: str = "bo") -> Path:
    return folder / "locales" / locale / "LC_MESSAGES" / "a.po"


def by(folder: Path, model: str) -> None:
    held = catalogs.read_catalog(catalog(folder))
    one, two, three = (drafted(unit, model, f"ཆུ་{number}།") for number, unit in enumerate(held.live))
    two = catalogs.approve(two, "Tashi", "2026-11-25")
    three = catalogs.approve(replace(three, target="ཆུ་ཆེན་པོ།"), "Tashi", "2026-11-25")
    write_catalog(catalog(folder), replace(held, units=(one, two, three)))


def test_drafts_that_nobody_rewrote_are_named_with_their_model(folder: Path, invoke: Run) -> None:
    by(folder, "tiny@12345678+greedy")
    said = invoke("build", "--format", "html").stdout
    (line,) = [line for line in said.split("\n") if "forbids commercial use" in line]
    assert "locales/bo/LC_MESSAGES/a.po: 2 paragraphs are drafts of tiny that nobody rewrote" in line


def test_of_what_is_approved_alone_the_untouched_draft_is_no_part(folder: Path, invoke: Run) -> None:
    by(folder, "tiny@12345678")
    assert "1 paragraph is a draft of tiny" in invoke("build", "--format", "html", "--only-reviewed").stdout


@pytest.mark.parametrize(("model", "named"), [("free@1", ""), ("free@1 tiny@2", "free and tiny"), ("unknown@3", "")])
def test_only_a_licence_that_forbids_it_is_named(folder: Path, invoke: Run, model: str, named: str) -> None:
    by(folder, model)
    said = invoke("build", "--format", "html").stdout
    assert ("forbids commercial use" in said) == bool(named) and named in said


def test_a_project_that_is_not_commercial_is_not_bothered(folder: Path, invoke: Run) -> None:
    by(folder, "tiny@12345678")
    settings = folder / "lokta.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("commercial = true", ""), encoding="utf-8")
    assert "forbids" not in invoke("build", "--format", "html").stdout


def test_what_was_derived_counts_as_what_it_was_derived_from(folder: Path, invoke: Run) -> None:
    invoke("translate", "a.txt", "--to", "zh-Hans", "--engine", "pseudo")
    held = catalogs.read_catalog(catalog(folder, "zh_Hans"))
    units = tuple(drafted(unit, "tiny@1", f"河水上涨{number}。") for number, unit in enumerate(held.live))
    write_catalog(catalog(folder, "zh_Hans"), replace(held, units=units))
    invoke("translate", "a.txt", "--to", "zh-Hant")
    assert catalogs.read_catalog(catalog(folder, "zh_Hant")).units[0].line("convert")
    said = invoke("build", "--to", "zh-Hant", "--format", "html").stdout
    assert "zh_Hant/LC_MESSAGES/a.po: 3 paragraphs are drafts of tiny" in said


def test_a_target_of_more_than_100_kb_is_built_in_every_format(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "lokta.toml").write_text('source_language = "en"\n[target.bo]\n', encoding="utf-8")
    for name, text in {"a.txt": TEXT, "b.md": TEXT, "c.html": "<html><body><p>The river.</p></body></html>"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    invoke("translate", "--engine", "pseudo")
    said = "\u0f46\u0f74\u0f0b" * 20_000
    for name in "abc":
        path = tmp_path / "locales" / "bo" / "LC_MESSAGES" / f"{name}.po"
        held = catalogs.read_catalog(path)
        one, *others = held.live
        write_catalog(path, replace(held, units=(replace(one, target=said), *others)))
    assert invoke("build").stderr == ""
    for name in ("native/bo/a.txt", "native/bo/b.md", "native/bo/c.html", "html/bo/a.html", "html/bo/b.html"):
        assert said in (tmp_path / "editions" / name).read_text(encoding="utf-8"), name


def test_the_menu_has_all_pages_on_disk_and_an_empty_edition_is_named(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    invoke("translate", "a.txt", "--to", "bo,zh-Hans", "--engine", "pseudo")
    invoke("build", "--to", "zh-Hans", "--format", "html")
    said = invoke("build", "--to", "bo", "--format", "html", "--only-reviewed").stdout
    assert "a.po: nothing of it is approved; the edition shows the source" in said
    assert 'hreflang="zh-Hans"' in (tmp_path / "editions/html/bo/a.html").read_text("utf-8")


def test_links_between_articles_lead_to_the_headings_of_translations(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.md").write_text("See [ports](b.md#the-ports).\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# The ports\n\n# The rest\n", encoding="utf-8")
    invoke("translate", "a.md", "b.md", "--to", "bo", "--engine", "pseudo")
    invoke("build", "--format", "native")
    text = (tmp_path / "editions/native/bo/b.md").read_text("utf-8")
    assert '# <a id="the-ports"></a>Ţĥé þóŕţš' in text and text.count("<a id") == 1


def test_a_strict_build_says_how_many_errors_there_are_and_where_all_are_listed(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", 'articles = "."\n[target.bo]\n')
    for name in ("a", "b"):
        write(tmp_path, f"{name}.txt", "There were 12 boats.\n")
    invoke("translate", "--engine", "pseudo")
    for name in ("a", "b"):
        change(tmp_path, "There were 12 boats.", reviewed("གྲུ་ ༡༣ འདུག"), "bo", name)
    said = invoke("build", "--strict", code=1).stderr
    assert " and 1 more; nothing was built (see all: lokta check --errors-only)" in said
    said = invoke("build", "b.txt", "--strict", code=1).stderr
    assert "more" not in said and "(see all: lokta check locales/bo/LC_MESSAGES/b.po)" in said


def test_what_is_not_translated_yet_is_said_of_the_language_asked_for(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", 'articles = "."\n[target.bo]\n')
    write(tmp_path, "a.txt", "There were 12 boats.\n")
    assert "begin with: lokta translate\n" in invoke("build", code=1).stderr
    assert "into fr yet; begin with: lokta translate --to fr\n" in invoke("build", "--to", "fr", code=1).stderr
    assert "make one: lokta translate --to fr\n" in invoke("check", "--to", "fr", code=1).stderr
    assert "known are native, html, mo" in invoke("build", "--format", ",", code=2).stderr
