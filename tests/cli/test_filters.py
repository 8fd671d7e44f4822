"""Single steps over single files: article to template, catalog up to date, catalog to article, proof of the round trip."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import Run

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
