"""Reading and writing articles beside their bare parsers, over real documents: CPU seconds for the same files, and the ratio.

    python -m benchmarks.parsers FOLDER [FOLDER …] [--megabytes 5]

`bare`: markdown-it with its tables for Markdown, html5lib for HTML. `lokta`: the article is read (blocks, codes, furniture,
sentences not counted), and written with each block's own text as its translation, which proves every code again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import html5lib
from markdown_it import MarkdownIt

from toolkit import article as articles
from toolkit.errors import LoktaError


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--megabytes", type=float, default=5)
    given = parser.parse_args()
    for name, suffixes in (("markdown", (".md", ".mdx", ".qmd")), ("html", (".html", ".htm"))):
        files = sorted(path for folder in given.folders for path in folder.rglob("*") if path.suffix in suffixes)
        bare = ours = 0.0
        size = 0
        for path in files:
            if size > given.megabytes * 1e6:
                break
            form = articles.FORMATS[name]
            try:
                text = form.decode(path.read_bytes(), path.name)
                began = time.process_time()
                article = articles.read(text, form, file=path.name)
                form.serialize(article, {block.id: block.source for block in article.blocks})
                middle = time.process_time()
            except (LoktaError, OSError):
                continue
            if name == "markdown":
                MarkdownIt("commonmark").enable("table").parse(text)
            else:
                html5lib.parse(text)
            bare += time.process_time() - middle
            ours += middle - began
            size += len(text.encode())
        if size:
            print(f"{name}: {size / 1e6:.1f} MB  bare {bare:.2f} s  lokta {ours:.2f} s  ratio {ours / bare:.2f}")


if __name__ == "__main__":
    main()
