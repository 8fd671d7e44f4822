"""Sites of Jekyll, VitePress and Docusaurus, built from the documents of the tests and from their translations: do the pages have
the same elements in the same order?

    python -m benchmarks.generators --node FOLDER

FOLDER has `node_modules` with `vitepress vue @docusaurus/core @docusaurus/preset-classic react react-dom` (npm install);
Jekyll is Debian's package. What is not there is named and left out. MkDocs, Sphinx and Hugo are built by the tests
(`tests/article/markdown/test_generators.py`).
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.article.markdown.test_dialects import CASES, longer, rude
from tests.article.markdown.test_generators import page
from toolkit.article import format_of, read

Build = Callable[[Path, str, Path], list[str]]
_COMPONENT = "export default function C(props) { return <span className='c'>{props.children}</span>; }\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node", type=Path, default=Path("node_modules").absolute().parent)
    given = parser.parse_args()
    node = given.node.absolute()
    known: list[tuple[str, Build, tuple[str, ...], bool]] = [
        ("Jekyll", jekyll, ("Jekyll", "GitHub"), shutil.which("jekyll") is not None),
        ("VitePress", vitepress, ("VitePress",), (node / "node_modules/vitepress").is_dir()),
        ("Docusaurus", docusaurus, ("Docusaurus", "MDX"), (node / "node_modules/@docusaurus").is_dir()),
    ]
    for name, build, dialects, there in known:
        if not there:
            print(f"{name}: not installed, left out")
            continue
        for case, sections in CASES:
            if case.split(":")[0] in dialects:
                print(f"{name}: {case}: {_compared(build, case, sections['document'], node)}", flush=True)


def _compared(build: Build, name: str, text: str, node: Path) -> str:
    form = format_of(name)
    article = read(text, form, file=name, source_language="en")
    with tempfile.TemporaryDirectory(dir=node) as top:
        own = build(Path(top) / "source", text, node)
        if not own:
            return "the source itself does not build"
        verdicts = []
        for say in (longer, rude):
            written = form.serialize(article, {block.id: say(block.source) for block in article.blocks}).text
            verdicts.append(
                "same" if build(Path(top) / say.__name__, written, node) == own else f"OTHER ({say.__name__})"
            )
    return f"{', '.join(verdicts)} ({len(own)} elements)"


def jekyll(folder: Path, text: str, node: Path) -> list[str]:
    """The elements of the page that Jekyll makes of a document; none where it refuses it."""
    (folder / "_layouts").mkdir(parents=True)
    (folder / "_layouts" / "post.html").write_text("<html><body><article>{{ content }}</article></body></html>")
    (folder / "_includes").mkdir()
    for include in re.findall(r"\{%-?\s*include\s+([\w./-]+)", text):
        (folder / "_includes" / include).parent.mkdir(parents=True, exist_ok=True)
        (folder / "_includes" / include).write_text("<i>{{ include.alt }}</i>")
    for post in re.findall(r"\{%\s*post_url\s+([\w-]+)", text):
        (folder / "_posts").mkdir(exist_ok=True)
        (folder / "_posts" / f"{post}.md").write_text("---\ntitle: x\n---\nwords\n")
    for linked in re.findall(r"\{%\s*link\s+([\w./-]+)", text):
        (folder / linked).write_text("---\ntitle: x\n---\nwords\n")
    body = text if text.startswith("---") else f"---\ntitle: x\n---\n{text}"
    (folder / "index.md").write_text(re.sub(r"\n---\n", "\nlayout: post\n---\n", body, count=1), encoding="utf-8")
    done = _run(folder, "jekyll", "build", "--quiet", "--disable-disk-cache")
    built = folder / "_site" / "index.html"
    return page("article", built) if done and built.is_file() else []


def vitepress(folder: Path, text: str, node: Path) -> list[str]:
    """The same by VitePress."""
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / ".vitepress").mkdir()
    (folder / ".vitepress" / "config.js").write_text("export default { ignoreDeadLinks: true }\n")
    (folder / "page.md").write_text(text, encoding="utf-8")
    for included in re.findall(r"<!--\s*@include:\s*\.?/?([\w./-]+)", text) + re.findall(
        r"<<<\s*@?\.?/?([\w./-]+)", text
    ):
        (folder / included).parent.mkdir(parents=True, exist_ok=True)
        (folder / included).write_text("words\n")
    done = _run(folder, str(node / "node_modules/.bin/vitepress"), "build", ".")
    built = folder / ".vitepress" / "dist" / "page.html"
    return page("main", built) if done and built.is_file() else []


def docusaurus(folder: Path, text: str, node: Path) -> list[str]:
    """The same by Docusaurus; components that a document imports are made of spans."""
    (folder / "docs").mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    (folder / "docusaurus.config.js").write_text(
        'module.exports = {title: "x", url: "https://a.org", baseUrl: "/", onBrokenLinks: "ignore", onBrokenAnchors: "ignore", '
        'markdown: {hooks: {onBrokenMarkdownLinks: "ignore", onBrokenMarkdownImages: "ignore"}}, '
        'presets: [["classic", {docs: {routeBasePath: "/", sidebarPath: false}, blog: false}]]};\n'
    )
    (folder / "docs" / "page.mdx").write_text(text, encoding="utf-8")
    for path in re.findall(r"""from ['"]((?:\.{1,2}|@site)/[^'"]+)['"]""", text):
        there = folder / "docs" / path if path.startswith(".") else folder / path.removeprefix("@site/")
        there = there if there.suffix else there.with_suffix(".jsx")
        there.parent.mkdir(parents=True, exist_ok=True)
        there.write_text(_COMPONENT)
    theme = folder / "src" / "theme"
    theme.mkdir(parents=True)
    names = ", ".join(f"{name}: C" for name in sorted(set(re.findall(r"<([A-Z]\w*)", text)) - {"Tabs", "TabItem"}))
    (theme / "MDXComponents.js").write_text(
        "import M from '@theme-original/MDXComponents';\nimport Tabs from '@theme/Tabs';\nimport TabItem from '@theme/TabItem';\n"
        "const C = (props) => <span className='c'>{props.children}</span>;\n"
        f"export default {{...M, Tabs, TabItem, {names}}};\n"
    )
    done = _run(folder, str(node / "node_modules/.bin/docusaurus"), "build")
    built = next((folder / "build").rglob("page/index.html"), None) if done and (folder / "build").is_dir() else None
    return page("theme-doc-markdown markdown", built) if built else []


def _run(folder: Path, *command: str) -> bool:
    try:
        return subprocess.run(command, cwd=folder, capture_output=True, timeout=180).returncode == 0
    except subprocess.TimeoutExpired:
        return False


if __name__ == "__main__":
    main()
