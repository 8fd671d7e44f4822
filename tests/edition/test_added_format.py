"""A format that another distribution brings goes the whole way: found, translated, and built in every form."""

from __future__ import annotations

from pathlib import Path

import html5lib

from tests.support.wiki import Wiki, installed
from toolkit.pipeline.build import Choice, build
from toolkit.pipeline.translate import Order, translate
from toolkit.project.context import Context
from toolkit.project.discovery import find

TEXT = "lang: en\n= The River\n\nIt rose in the night, says [[2026/10]].\n"


def test_an_added_format_is_translated_and_built(tmp_path: Path) -> None:
    (tmp_path / "lokta.toml").write_text('articles = "texts"\n[target.ar]\n', encoding="utf-8")
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "river.wiki").write_text(TEXT, encoding="utf-8")
    with installed(Wiki()), Context.at(tmp_path) as context:
        sources = find(context.config, [])
        done = translate(context, Order(sources, ("ar",), engine="pseudo"))
        assert [summary.machine for summary in done.summaries] == [2]
        built = build(context, sources, (), Choice())
    assert not built.problems
    drafts = [unit.target for unit in context.store.read(context.store.path("river", "ar")).live]
    native = (tmp_path / "editions" / "native" / "ar" / "river.wiki").read_text(encoding="utf-8")
    title, paragraph = drafts
    assert native == f"lang: ar\n= {title}\n\n{paragraph.replace('[[', '[[../../../texts/')}\n"
    page = html5lib.parse(
        (tmp_path / "editions" / "html" / "ar" / "river.html").read_bytes(), namespaceHTMLElements=False
    )
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert [element.text for element in page.findall(".//*[@data-state='draft']")] == [title, paragraph]
    assert (tmp_path / "editions" / "mo" / "ar" / "LC_MESSAGES" / "river.mo").is_file()
