"""Single steps over single files: article to template, catalog up to date, catalog to article, proof of the round trip."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import Run
from toolkit.catalog import approve, read_catalog, spelled
from toolkit.catalog.drafted import spell
from toolkit.units import State, Unit, text_hash

ARTICLE = "# A walk\n\nThe _river_ rose.\n\n::: tip Read this\nIt fell.\n:::\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def test_from_article_to_article(folder: Path, invoke: Run) -> None:
    template = invoke("extract", "a.md").stdout
    assert 'msgid "The _river_ rose."' in template and 'msgid "Read this"' in template
    invoke("extract", "a.md", "-o", "a.pot")
    assert (folder / "a.pot").read_text(encoding="utf-8").split("\n\n", 1)[1] == template.split("\n\n", 1)[1]
    catalog = template.replace('"Language: \\n"', '"Language: zh_Hans\\n"').replace(
        'msgid "The _river_ rose."\nmsgstr ""', 'msgid "The _river_ rose."\nmsgstr "河_水_上涨。"'
    )
    (folder / "zh.po").write_text(catalog, encoding="utf-8")
    assert invoke("render", "a.md", "--po", "zh.po").stdout == ARTICLE.replace("The _river_ rose.", "河*水*上涨。")
    (folder / "a.md").write_text(f"{ARTICLE}\nMore came.\n", encoding="utf-8")
    invoke("extract", "a.md", "-o", "new.pot")
    invoke("merge", "zh.po", "new.pot", "-o", "zh.po")
    merged = (folder / "zh.po").read_text(encoding="utf-8")
    assert 'msgstr "河_水_上涨。"' in merged and 'msgid "More came."' in merged
    invoke("render", "a.md", "--po", "zh.po", "-o", "zh.md")
    assert "河*水*上涨。" in (folder / "zh.md").read_text(encoding="utf-8")


def test_a_catalog_of_another_article_is_refused(folder: Path, invoke: Run) -> None:
    (folder / "b.md").write_text("Something else.\n", encoding="utf-8")
    invoke("extract", "b.md", "-o", "b.pot")
    (folder / "b.po").write_text((folder / "b.pot").read_text().replace("Language: \\n", "Language: bo\\n"))
    assert "is the catalog of another article" in invoke("render", "a.md", "--po", "b.po", code=1).stderr
    invoke("extract", "a.md", "-o", "a.pot")
    assert "is of another article" in invoke("merge", "b.po", "a.pot", code=1).stderr
    assert "is there already" in invoke("merge", "b.po", "b.pot", "-o", "a.pot", code=2).stderr


def test_what_is_not_offered_is_listed(folder: Path, invoke: Run) -> None:
    page = "<html lang=en><body><p>The river rose.</p><pre>some code here</pre><p translate=no>Left alone.</p></body></html>"
    (folder / "b.html").write_text(page, encoding="utf-8")
    assert invoke("extract", "b.html", "--show-skipped").stdout == (
        "b.html:1: not for translation: some code here\nb.html:1: not for translation: Left alone.\n"
    )
    said = invoke("verify", "a.md", "b.html").stdout
    assert said == (
        "a.md: whole; 4 paragraphs, 9 words offered\n"
        "b.html: whole; 1 paragraph, 3 words offered, 5 words not: not for translation\n"
    )


RIVER, BRIDGES, SCHOOL = "The river rose in the night.", "Two bridges fell.", "The school stays closed today."


def merged(folder: Path, invoke: Run, before: str, after: str, *units: Unit) -> dict[str, Unit]:
    """The units of a catalog with these, and with the first paragraph's draft known, merged by the command with a changed text."""
    (folder / "a.txt").write_text(f"{before}\n", encoding="utf-8")
    invoke("extract", "a.txt", "-o", "a.pot")
    old = read_catalog(folder / "a.pot")
    known = {unit.source: unit for unit in units}
    held = replace(
        old,
        target_language="zh-Hans",
        units=tuple(known.get(unit.source, unit) for unit in old.units),
        metadata={**old.metadata, "Language": "zh_Hans"},
    )
    (folder / "a.po").write_text(spelled(held, folder / "a.po"), encoding="utf-8")
    drafts = {text_hash(before.split("\n\n")[0]): ("河水夜里涨了。", "两座桥塌了。", "学校今天关门。")}
    (folder / "a.sentences").write_text(spell(drafts), encoding="utf-8")
    (folder / "a.txt").write_text(f"{after}\n", encoding="utf-8")
    invoke("extract", "a.txt", "-o", "a.pot")
    invoke("merge", "a.po", "a.pot", "-o", "a.po")
    text = (folder / "a.po").read_bytes()
    invoke("merge", "a.po", "a.pot", "-o", "a.po")
    assert (folder / "a.po").read_bytes() == text, "once more changes nothing"
    return {unit.source: unit for unit in read_catalog(folder / "a.po").live}


def approved(source: str, target: str) -> Unit:
    return approve(Unit(source, target), "Dolma", "2026-11-26")


def test_sentences_of_a_changed_paragraph_keep_their_translation(folder: Path, invoke: Run) -> None:
    before = f"{RIVER} {BRIDGES} {SCHOOL}"
    reviewed = approved(before, "昨夜，河水夜里涨了。两座桥塌了。因此，学校今天关门。")
    other = approved("It rains again.", "又下雨了。")
    after = f"{RIVER} It rains again. {SCHOOL}"
    found = merged(folder, invoke, f"{before}\n\nIt rains again.", f"{after}\n\nIt rains again.", reviewed, other)
    unit = found[after]
    line = unit.line("reused")
    assert unit.target == "昨夜，河水夜里涨了。又下雨了。因此，学校今天关门。"
    assert (unit.fuzzy, unit.previous_source, unit.machine) == (True, before, False)
    assert line is not None and (line.get("kept"), line.get("new")) == ("1,3", "2")
    shorter = f"{RIVER} {SCHOOL}"
    found = merged(folder, invoke, before, shorter, reviewed)
    assert found[shorter].target == "昨夜，河水夜里涨了。因此，学校今天关门。"


def test_a_new_sentence_without_an_engine_leaves_the_paragraph_outdated(folder: Path, invoke: Run) -> None:
    before = f"{RIVER} {BRIDGES} {SCHOOL}"
    reviewed = approved(before, "河水夜里涨了。两座桥塌了。学校今天关门。")
    after = f"{RIVER} Three bridges fell. {SCHOOL}"
    unit = merged(folder, invoke, before, after, reviewed)[after]
    assert (unit.target, unit.state, unit.line("reused")) == (reviewed.target, State.OUTDATED, None)


def test_both_halves_of_a_split_paragraph_get_the_old_words(folder: Path, invoke: Run) -> None:
    before = f"{RIVER} {BRIDGES} {SCHOOL}"
    reviewed = approved(before, "河水夜里涨了。两座桥塌了。学校今天关门。")
    found = merged(folder, invoke, before, f"{RIVER}\n\n{BRIDGES} {SCHOOL}", reviewed)
    assert [unit.target for unit in found.values()] == ["河水夜里涨了。", "两座桥塌了。学校今天关门。"]


def test_a_project_switches_it_off(folder: Path, invoke: Run) -> None:
    (folder / "lokta.toml").write_text("[merge]\nsentences = false\n", encoding="utf-8")
    before, after = f"{RIVER} {BRIDGES} {SCHOOL}", f"{RIVER} {SCHOOL}"
    reviewed = approved(before, "河水夜里涨了。两座桥塌了。学校今天关门。")
    unit = merged(folder, invoke, before, after, reviewed)[after]
    assert (unit.target, unit.line("reused")) == (reviewed.target, None)


def test_a_source_language_that_nobody_knows_is_no_hindrance(folder: Path, invoke: Run) -> None:
    fields = ("Content-Type: text/plain; charset=UTF-8", "Language: bo", "X-Source-Language: qqq", "X-Lokta-Article: a")
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{one}\\n"\n' for one in fields) + "\n"
    (folder / "a.po").write_text(f'{head}msgid "{RIVER} {BRIDGES}"\nmsgstr "གཅིག གཉིས།"\n', encoding="utf-8")
    (folder / "a.pot").write_text(f'{head}msgid "{RIVER} {BRIDGES} {SCHOOL}"\nmsgstr ""\n', encoding="utf-8")
    assert f'#| msgid "{RIVER} {BRIDGES}"' in invoke("merge", "a.po", "a.pot").stdout


def test_all_articles_of_a_folder_are_verified(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "docs/deep").mkdir(parents=True)
    (tmp_path / "docs/a.md").write_text("# One\n", "utf-8")
    (tmp_path / "docs/deep/b.txt").write_text("Two words.\n", "utf-8")
    said = invoke("verify", "docs").stdout
    assert "docs/a.md: whole" in said and "docs/deep/b.txt: whole; 1 paragraph, 2 words" in said
    (tmp_path / "none").mkdir()
    assert "none: no article in it" in invoke("verify", "none", code=1).stderr
