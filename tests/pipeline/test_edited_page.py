"""A page of the web edition that a person edited comes back exactly, in the markup of the article, whatever its format."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import html5lib
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.environment import Run
from tests.support.projects import change, read, reviewed, write
from toolkit.pipeline.build import Renderings
from toolkit.pipeline.edited_page import (
    ELSE,
    LOST,
    REPEATED,
    TRANSLATED,
    UNLIKE,
    edited_page,
    is_current,
    is_page,
    languages,
)
from toolkit.project.context import Context
from toolkit.project.discovery import find, load, of_project
from toolkit.units import State, Unit

MARKDOWN = """---
title: Rivers
---

# The river *rose* again

It rose **very** fast, see [the map](img/map.png) of 12 places & `code x`.

**All of it is bold.**

People left.[^1] They took \\* and snake_case and 3 < 4.

- one item with <kbd>Ctrl</kbd>
- two items, see <https://example.org/a_b>

| Name | Value |
|------|-------|
| left | *right* one |

[^1]: A note on them.

They came back in March, see [docs][d].

[d]: https://docs.example.org/ "Docs"
"""
PAGE = """<html lang="en"><head><title>Rivers of it</title></head><body><h1>Rivers of it</h1>
<p>It <b>rose</b> <a href="x.html">fast</a> &amp; <font color="red">again</font>.</p><p>It fell at 5 &lt; 6.</p>
<p>First line<br>second <i>line</i><br><br>third line</p>
<table><tr><th>Name</th><th>Value</th></tr><tr><td>left</td><td><em>right</em> one</td></tr></table></body></html>"""
TEXT = "Title of it\n\nThe river rose, see https://example.org/x_y for it & more.\n\n- item one\n\nIt fell * and _again_.\n"
FILES = {"a.md": MARKDOWN, "p.html": PAGE, "t.txt": TEXT}

ROSE = "It rose **very** fast, see [the map](img/map.png) of 12 places & `code x`."
CHINESE = {
    "a": {
        "The river *rose* again": "河水又*涨*了",
        ROSE: "水涨得**很**快，见12处的[地图](img/map.png)和`code x`。",
        "**All of it is bold.**": "**都是粗体。**",
        "People left.[^1] They took \\* and snake_case and 3 < 4.": "人们走了。[^1] 带着\\*和snake_case，3 < 4。",
        "one item with <kbd>Ctrl</kbd>": "一项，按<kbd>Ctrl</kbd>键",
        "two items, see <https://example.org/a_b>": "两项，见<https://example.org/a_b>吧",
        "*right* one": "*右*边",
        "They came back in March, see [docs][d].": "三月回来了，见[文档][d]。",
    },
    "p": {
        "It <1>rose</1> <2>fast</2> &amp; <3>again</3>.": "它<2>很快</2>就<1>涨</1>了 &amp; <3>又来</3>。",
        "<1>right</1> one": "<1>右</1>边",
        "First line<1/>second <2>line</2>": "第一行<1/>第二<2>行</2>",
    },
    "t": {
        "The river rose, see https://example.org/x_y for it & more.": "河水涨了，见 https://example.org/x_y 和 & 更多。"
    },
}
EDITS = [
    ("a", "很</strong>快", "很</strong>猛", ROSE, "水涨得**很**猛，见12处的[地图](img/map.png)和`code x`。"),
    ("a", "地图</a>", "新地图</a>", ROSE, "水涨得**很**快，见12处的[新地图](img/map.png)和`code x`。"),
    ("a", "code x</code>", "code *y</code>", ROSE, "水涨得**很**快，见12处的[地图](img/map.png)和`code *y`。"),
    ("a", "水涨得<strong>很</strong>快", "水涨得很快", ROSE, "水涨得很快，见12处的[地图](img/map.png)和`code x`。"),
    (
        "a",
        "见12处的",
        "见<a href='https://x.org/y'>12处</a>的<em>大</em>",
        ROSE,
        "水涨得**很**快，见[12处](https://x.org/y)的*大*[地图](img/map.png)和`code x`。",
    ),
    ("a", "12处", "12处*_[星](号)", ROSE, "水涨得**很**快，见12处\\*\\_\\[星\\](号)的[地图](img/map.png)和`code x`。"),
    ("a", "都是粗体", "全是粗体", "**All of it is bold.**", "**全是粗体。**"),
    ("a", "河水又", "河水再次", "The river *rose* again", "河水再次*涨*了"),
    (
        "a",
        "带着",
        "他们带着",
        "People left.[^1] They took \\* and snake_case and 3 < 4.",
        "人们走了。[^1] 他们带着\\*和snake_case，3 < 4。",
    ),
    ("a", "一项，按", "第一项，按", "one item with <kbd>Ctrl</kbd>", "第一项，按<kbd>Ctrl</kbd>键"),
    (
        "a",
        "两项，见",
        "两个项目，见",
        "two items, see <https://example.org/a_b>",
        "两个项目，见<https://example.org/a_b>吧",
    ),
    ("a", "右</em>边", "右</em>|边", "*right* one", "*右*\\|边"),
    ("a", "三月回来", "三月都回来", "They came back in March, see [docs][d].", "三月都回来了，见[文档][d]。"),
    (
        "p",
        "很快</a>就",
        "很快</a>马上",
        "It <1>rose</1> <2>fast</2> &amp; <3>again</3>.",
        "它<2>很快</2>马上<1>涨</1>了 &amp; <3>又来</3>。",
    ),
    (
        "p",
        "又来",
        "又&lt;来",
        "It <1>rose</1> <2>fast</2> &amp; <3>again</3>.",
        "它<2>很快</2>就<1>涨</1>了 &amp; <3>又&lt;来</3>。",
    ),
    ("p", "右</em>边", "右</em>侧", "<1>right</1> one", "<1>右</1>侧"),
    ("p", "第一行", "头一行", "First line<1/>second <2>line</2>", "头一行<1/>第二<2>行</2>"),
    (
        "t",
        "河水涨了",
        "河水*暴*涨了",
        "The river rose, see https://example.org/x_y for it & more.",
        "河水*暴*涨了，见 https://example.org/x_y 和 & 更多。",
    ),
]


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\nreviewer = "Dolma"\n[target.zh-Hans]\n')
    for name, text in FILES.items():
        write(tmp_path, name, text)
    invoke("translate", "--engine", "pseudo")
    for name, texts in CHINESE.items():
        for source, words in texts.items():
            change(tmp_path, source, reviewed(words), name=name)
    invoke("build")
    return tmp_path


def page_of(folder: Path, name: str) -> str:
    return (folder / f"editions/html/zh-Hans/{name}.html").read_text("utf-8")


def units(folder: Path, name: str) -> dict[str, Unit]:
    return {unit.source: unit for unit in read(folder, "zh-Hans", name).live}


def article(name: str) -> str:
    return next(file for file in FILES if file.startswith(f"{name}."))


def edit(folder: Path, name: str, *edits: tuple[str, str]) -> str:
    text = page_of(folder, name)
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    write(folder, f"sent/{name}.html", text)
    return f"sent/{name}.html"


@pytest.mark.parametrize("name", ["a", "p", "t"])
def test_a_page_that_nobody_edited_changes_nothing(project: Path, invoke: Run, name: str) -> None:
    before = read(project, "zh-Hans", name)
    said = invoke("adopt", article(name), edit(project, name), "--to", "zh-Hans").stdout
    assert "0 certain, 0 doubtful; left out: 0 of the article, 0 of the translation" in said
    assert read(project, "zh-Hans", name) == before


def test_edits_come_back_in_the_markup_of_the_unit_and_the_page_is_theirs(project: Path, invoke: Run) -> None:
    for name, old, new, source, expected in EDITS:
        held = (project / f"locales/zh_Hans/LC_MESSAGES/{name}.po").read_bytes()
        path = edit(project, name, (old, new))
        said = invoke("adopt", article(name), path, "--to", "zh-Hans").stdout
        unit = units(project, name)[source]
        assert unit.target == expected and unit.state is State.ACCEPTED, (new, said)
        assert "1 certain, 0 doubtful" in said, (new, said)
        invoke("build", article(name), "--format", "html")
        assert new.replace("'", '"') in page_of(project, name)
        (project / f"locales/zh_Hans/LC_MESSAGES/{name}.po").write_bytes(held)
        invoke("build", article(name), "--format", "html")


@pytest.mark.parametrize("name", ["a", "p", "t"])
def test_a_page_that_another_program_wrote_again(project: Path, invoke: Run, name: str) -> None:
    read_ = html5lib.parse(page_of(project, name))
    write(project, "sent/x.html", html5lib.serialize(read_))
    said = invoke("adopt", article(name), "sent/x.html", "--to", "zh-Hans").stdout
    assert "0 certain, 0 doubtful; left out: 0 of the article, 0 of the translation" in said
    edited = html5lib.serialize(read_).replace("了", "啦")
    assert edited != html5lib.serialize(read_)
    write(project, "sent/x.html", edited)
    said = invoke("adopt", article(name), "sent/x.html", "--to", "zh-Hans", "--dry-run").stdout
    assert "0 doubtful" in said and "0 certain" not in said


def test_several_edits_and_paragraphs_that_came_and_went(project: Path, invoke: Run) -> None:
    path = edit(
        project,
        "a",
        ("都是粗体", "全是粗体"),
        ("河水又", "河水再次"),
        ("<ul>", "<p>一段新的话，别处没有。</p>\n<ul>"),
    )
    text = (project / path).read_text("utf-8")
    start = text.index("三月回来了")
    begin, end = text.rindex("<p", 0, start), text.index("</p>", start) + 4
    write(project, path, text[:begin] + text[end:])
    said = invoke("adopt", "a.md", path, "--to", "zh-Hans", "--dry-run").stdout
    assert "2 certain, 0 doubtful; left out: 1 of the article, 1 of the translation" in said
    assert "left source (not in the edition): They came back" in said
    assert "left target (new in the edition): 一段新的话" in said


def test_what_the_page_adds_is_passed_over(project: Path, invoke: Run) -> None:
    path = edit(project, "a", ("<aside", "<!-- seen --><aside"), ("关于本译文", "关于这篇译文"))
    text = (project / path).read_text("utf-8")
    write(project, path, text[: text.index("<nav")] + text[text.index("</nav>") + 6 :])
    said = invoke("adopt", "a.md", path, "--to", "zh-Hans").stdout
    assert "0 certain, 0 doubtful; left out: 0 of the article, 0 of the translation" in said


def test_what_the_catalog_cannot_hold_is_doubtful_and_says_why(project: Path, invoke: Run) -> None:
    path = edit(project, "p", ("第一行", "第<a href='https://x.org'>一</a>行！"), ("x.html", "https://else.org"))
    said = invoke("adopt", "p.html", path, "--to", "zh-Hans", "--dry-run").stdout
    assert f"({LOST})" in said and "1 differ from what a person wrote" in said and ", 1 of the translation" in said


def test_a_page_of_an_older_catalog_overwrites_nobody(project: Path, invoke: Run) -> None:
    path = edit(project, "a", ("都是粗体", "全是粗体"))
    change(project, "*right* one", reviewed("*右*侧"))
    invoke("build")
    said = invoke("adopt", "a.md", path, "--to", "zh-Hans", "--dry-run").stdout
    assert "the catalog has changed since this edition was built" in said and "0 certain" in said
    invoke("adopt", "a.md", path, "--to", "zh-Hans")
    assert units(project, "a")["*right* one"].target == "*右*侧"
    assert units(project, "a")["**All of it is bold.**"].target == "**都是粗体。**"


def test_a_text_that_stands_twice_and_was_changed_once_is_doubtful(project: Path, invoke: Run) -> None:
    write(project, "d.md", "It rose.\n\nIt fell.\n\nIt rose.\n\nIt stayed.\n")
    invoke("translate", "d.md", "--engine", "pseudo")
    change(project, "It rose.", reviewed("涨了。"), name="d")
    invoke("build", "d.md")
    write(project, "sent/d.html", page_of(project, "d").replace("涨了。</p>", "又涨了。</p>", 1))
    said = invoke("adopt", "d.md", "sent/d.html", "--to", "zh-Hans", "--dry-run").stdout
    assert f"({REPEATED})" in said and "0 certain" in said
    assert (
        "1 certain"
        in invoke("adopt", "d.md", edit(project, "d", ("涨了。</p>", "又涨了。</p>")), "--to", "zh-Hans").stdout
    )


def test_a_draft_that_was_edited_is_accepted_and_the_others_stay_drafts(project: Path, invoke: Run) -> None:
    before = units(project, "t")
    draft = before["It fell * and _again_."].target
    path = edit(project, "t", (draft, f"{draft}完。"))
    assert "1 certain" in invoke("adopt", "t.txt", path, "--to", "zh-Hans").stdout
    now = units(project, "t")
    assert now["It fell * and _again_."].target == f"{draft}完。"
    assert [source for source in now if now[source] != before[source]] == ["It fell * and _again_."]


def test_what_was_translated_in_the_page_is_a_draft_of_a_person(project: Path, invoke: Run) -> None:
    write(project, "e.md", "# A title\n\nIt rose.\n\nIt fell twice.\n\nIt stayed.\n")
    invoke("translate", "e.md", "--engine", "pseudo")
    for source, words in (("A title", "标题"), ("It stayed.", "留下了。")):
        change(project, source, reviewed(words), name="e")
    invoke("build", "e.md", "--only-reviewed")
    path = edit(project, "e", ("It rose.</p>", "涨了。</p>"), ("It fell twice.</p>", "跌了两次。</p>"))
    said = invoke("adopt", "e.md", path, "--to", "zh-Hans").stdout
    assert "0 certain, 2 doubtful; left out: 0 of the article, 0 of the translation" in said
    now = units(project, "e")
    assert [now[source].target for source in ("It rose.", "It fell twice.")] == ["涨了。", "跌了两次。"]
    assert all(
        now[source].state is State.DRAFT and not now[source].machine for source in ("It rose.", "It fell twice.")
    )


def test_only_reviewed_pages_and_packages(project: Path, invoke: Run) -> None:
    invoke("build", "a.md", "--only-reviewed", "--package")
    with zipfile.ZipFile(project / "editions/packages/zh-Hans.zip") as archive:
        text = archive.read("html/zh-Hans/a.html").decode()
    write(project, "sent/index.html", text.replace("都是粗体", "全是粗体"))
    assert "1 certain, 0 doubtful" in invoke("adopt", "a.md", "sent/index.html", "--to", "zh-Hans").stdout
    assert units(project, "a")["**All of it is bold.**"].target == "**全是粗体。**"


def test_a_page_of_another_article_is_not_taken_for_one_of_this(project: Path) -> None:
    with Context.at(project) as context:
        renderings = Renderings(context, of_project(context.config))
        (source,) = find(context.config, [project / "a.md"])
        job = next(renderings.pages(load(context.store, source), "zh-Hans", ("en", "zh-Hans")))
        text = page_of(project, "p")
        assert is_page(text) and not is_current(job, text) and edited_page(job, text) is None
        assert is_current(job, page_of(project, "a")) and languages(page_of(project, "a")) == ("en", "zh-Hans")
        assert not is_page(PAGE) and languages("<link hreflang=xx-nonsense-y><a hreflang='bo'>") == ("bo",)


WORDS = st.text(alphabet="新字 a*_`[]()<>&\\|~!#-1.:", min_size=1, max_size=12)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60), WORDS), min_size=1, max_size=8, unique_by=lambda t: t[0])
)
def test_whatever_is_typed_comes_back_or_is_doubtful(project: Path, typed: list[tuple[int, int, str]]) -> None:
    with Context.at(project) as context:
        renderings = Renderings(context, of_project(context.config))
        for name in ("a", "p", "t"):
            (source,) = find(context.config, [project / article(name)])
            job = next(renderings.pages(load(context.store, source), "zh-Hans", ("en", "zh-Hans")))
            text = page_of(project, name)
            begin, end = text.index("<h1"), text.index("</article>")
            texts = [
                found for found in re.finditer(r"(?<=>)[^<>]*[^\W\d_][^<>]*(?=<)", text[:end]) if found.start() > begin
            ]
            for number, at, words in sorted(typed, reverse=True):
                if number < len(texts):
                    place = texts[number].start() + min(at, len(texts[number][0]))
                    if "&" in text[max(place - 6, 0) : place]:
                        continue
                    text = text[:place] + html.escape(words, quote=False) + text[place:]
            result = edited_page(job, text)
            if result is None:  # hardly anything was left
                continue
            said = {change.unit.key: change.text for change in result.changes if not change.why}
            assert (
                all(change.why in ("", LOST, ELSE, UNLIKE, REPEATED, TRANSLATED) for change in result.changes)
                and job.catalog is not None
            )
            now = tuple(replace(unit, target=said.get(unit.key, unit.target)) for unit in job.catalog.units)
            again = edited_page(replace(job, catalog=replace(job.catalog, units=now)), text)
            assert again is not None and not said.keys() & {change.unit.key for change in again.changes}
