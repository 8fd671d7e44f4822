"""A format as another distribution would bring it: lines of text, headings marked by `=`, a language line, links in brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from toolkit import article as articles
from toolkit import codes
from toolkit.article import Format, Rewrite, with_skeleton
from toolkit.language import Language
from toolkit.units import Article, Block, Location, Segment

_LINE = re.compile(r"^(= )?(?!lang: )(.*\S.*)$", re.MULTILINE)


class Wiki(Format):
    """`lang: en`, then a heading or a paragraph a line; `[[page]]` is a link."""

    name = "wiki"
    suffixes = (".wiki",)

    def parse(self, text: str, file: str = "") -> Article:
        """Each line is a block."""
        spans = ((found.start(2), found.end(2), self._block(found, file)) for found in _LINE.finditer(text))
        return Article(text, text[6:].split("\n")[0], self.name, with_skeleton(text, spans))

    def _block(self, found: re.Match[str], file: str) -> Block:
        line = found.string.count("\n", 0, found.start()) + 1
        coded = codes.find(found[2], self.markup)
        type_ = "heading" if found[1] else "paragraph"
        return Block(f"l{line}", type_, found[2], (Segment(found[2], coded),), Location(file, line), codes=coded)

    def declare_language(self, text: str, source: str, target: Language) -> str:
        """In the first line."""
        return re.sub(r"\Alang: \S+", f"lang: {target.tag}", text)

    def rewrite_links(self, text: str, rewrite: Rewrite) -> str:
        """Of pages in double brackets."""
        return re.sub(r"\[\[([^\]]*)\]\]", lambda found: f"[[{rewrite(found[1])}]]", text)


@contextmanager
def installed(*formats: object) -> Iterator[None]:
    """The entry points of installed distributions name these formats, and no others."""
    entries = [SimpleNamespace(load=lambda form=form: form) for form in formats]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(articles, "entry_points", lambda group: entries if group == "lokta.formats" else [])
        articles.formats.cache_clear()
        yield
    articles.formats.cache_clear()
