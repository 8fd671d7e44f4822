"""Sites that real generators build from translated documents have the pages of the source: the same elements in the same order."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import html5lib
import pytest

from tests.article.markdown.test_dialects import CASES, longer, rude
from toolkit.article import format_of, read

_HUGO_PAGE = (
    """<html lang="en"><head><title>{{ .Title }}</title></head><body><article>{{ .Content }}</article></body></html>"""
)
_SHORTCODE = '<span class="{{ .Name }}"></span>'
_PAIR = '<span class="{{ .Name }}">{{ .Inner | safeHTML }}</span>'


def of(*dialects: str) -> list[tuple[str, str]]:
    """The documents of these dialects: name and text."""
    return [(name, case["document"]) for name, case in CASES if name.split(":")[0] in dialects]


def page(element: str, built: Path) -> list[str]:
    """The elements of a built page below the first of this name or class, in order; not the abbreviations, which stand where
    the words of the source do."""
    tree = html5lib.parse(built.read_bytes(), namespaceHTMLElements=False)
    (root, *_) = (e for e in tree.iter() if e.tag == element or element in (e.get("role") or "", e.get("class") or ""))
    return [str(e.tag) for e in root.iter() if e.tag != "abbr"]


def mkdocs(folder: Path, text: str) -> list[str]:
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.md").write_text(text, encoding="utf-8")
    extensions = "[admonition, attr_list, abbr, def_list, footnotes, md_in_html, tables, toc]"
    (folder / "mkdocs.yml").write_text(f"site_name: x\nmarkdown_extensions: {extensions}\n", encoding="utf-8")
    run(folder, sys.executable, "-m", "mkdocs", "build", "--quiet")
    return page("main", folder / "site" / "index.html")


def sphinx(folder: Path, text: str) -> list[str]:
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(text, encoding="utf-8")
    extensions = '["colon_fence", "attrs_inline", "attrs_block", "deflist", "dollarmath", "substitution"]'
    (folder / "conf.py").write_text(f'extensions = ["myst_parser"]\nmyst_enable_extensions = {extensions}\n', "utf-8")
    run(folder, sys.executable, "-m", "sphinx", "-q", "-b", "html", ".", "out")
    return page("main", folder / "out" / "index.html")


def hugo(folder: Path, text: str) -> list[str]:
    (folder / "content").mkdir(parents=True)
    (folder / "content" / "a.md").write_text(text, encoding="utf-8")
    (folder / "hugo.toml").write_text(
        'baseURL = "/"\ndisableKinds = ["taxonomy", "term"]\n[markup.goldmark.renderer]\nunsafe = true\n',
        encoding="utf-8",
    )
    layouts = folder / "layouts"
    (layouts / "_default").mkdir(parents=True)
    for name in ("single", "list"):
        (layouts / "_default" / f"{name}.html").write_text(_HUGO_PAGE, encoding="utf-8")
    (layouts / "shortcodes").mkdir()
    for name in set(re.findall(r"\{\{[<%]\s*/?([\w-]+)", text)) - {"figure"}:
        paired = re.search(rf"\{{\{{[<%]\s*/{name}\b", text)
        (layouts / "shortcodes" / f"{name}.html").write_text(_PAIR if paired else _SHORTCODE, encoding="utf-8")
    command = shutil.which("hugo", path=str(Path(sys.executable).parent)) or "hugo"
    run(folder, command, "--noBuildLock")
    passed = ("public", "tags", "categories")
    (built,) = (path for path in (folder / "public").rglob("index.html") if path.parent.name not in passed)
    return page("article", built)


def run(folder: Path, *command: str) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr + done.stdout


SITES = [
    *((mkdocs, name, text) for name, text in of("MkDocs", "GitHub", "Any")),
    *((sphinx, name, text) for name, text in of("MyST")),
    *((hugo, name, text) for name, text in of("Hugo")),
]


@pytest.mark.parametrize("say", [longer, rude])
@pytest.mark.parametrize(("build", "name", "text"), SITES, ids=[f"{b.__name__}-{name}" for b, name, _ in SITES])
def test_the_page_of_a_translation_has_the_structure_of_the_sources(
    tmp_path: Path, build: Callable[[Path, str], list[str]], name: str, text: str, say: Callable[[str], str]
) -> None:
    form = format_of(name)
    article = read(text, form, file=name, source_language="en")
    rendered = form.serialize(article, {block.id: say(block.source) for block in article.blocks})
    assert say is rude or rendered.text != text
    assert build(tmp_path / "translated", rendered.text) == build(tmp_path / "source", text)
