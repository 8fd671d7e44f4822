"""HTML: cut at the edges of paragraphs, inline tags numbered; every byte that is not translated stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.article.format import Format, Rewrite, with_skeleton
from toolkit.article.html import charset, language, links, writing
from toolkit.article.html.reader import Reader
from toolkit.article.rendered import Rendered
from toolkit.language import Language
from toolkit.units import Article


class Html(Format):
    """A page, or a part of one, in HTML or XHTML."""

    name = "html"
    suffixes = (".html", ".htm", ".xhtml")
    markup = "tags"
    keep_unmarked = False

    def decode(self, data: bytes, name: str) -> str:
        """The text of a file in the charset that it declares, else in UTF-8.

        Raises DataError that says how to convert anything else.
        """
        return charset.decode_page(data, name)

    def parse(self, text: str, file: str = "") -> Article:
        """The article of a page, its furniture marked.

        Raises DataError where elements nest deeper than 200 levels or a paragraph is longer than 100 kB.
        """
        reader = Reader(text, file)
        parts = with_skeleton(text, reader.read())
        return Article(text, reader.metadata.get("language", ""), self.name, parts, reader.metadata)

    def serialize(self, article: Article, targets: Mapping[str, str]) -> Rendered:
        """The page with the targets in place; their words are escaped, their tags are the page's own."""
        return writing.serialize(article, targets)

    def to_html(self, article: Article, targets: Mapping[str, str]) -> str:
        """The page with the targets in place, menus and all."""
        return self.serialize(article, targets).text

    def declare_language(self, text: str, source: str, target: Language) -> str:
        """The page with its `lang`, `dir`, `og:locale`, `content-language` and charset changed."""
        return language.declare(text, source, target)

    def rewrite_links(self, text: str, rewrite: Rewrite) -> str:
        """The page with the URLs in its tags and style sheets rewritten."""
        return links.rewrite_html(text, rewrite)
