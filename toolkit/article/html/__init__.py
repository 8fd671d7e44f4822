"""HTML: paragraphs are blocks, inline tags are numbered; every byte that is not translated is unchanged."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Mapping
from html import escape

from toolkit import files
from toolkit.article.format import Disclosure, Format, Rewrite, with_skeleton
from toolkit.article.html import language, links, writing
from toolkit.article.html.reader import Reader
from toolkit.article.html.tokens import tokens
from toolkit.article.rendered import Rendered
from toolkit.codes import replaced
from toolkit.errors import DataError
from toolkit.language import Language
from toolkit.units import Article

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})"
    rb"|<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})",
    re.IGNORECASE,
)
_CHARSETS = {
    **dict.fromkeys(("gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"), "cp1252"),
    **{name: name for name in ("iso-8859-2", "iso-8859-5", "iso-8859-7", "iso-8859-15", "koi8-r", "koi8-u")},
    **{f"windows-{number}": f"cp{number}" for number in (1250, 1251, 1253, 1254, 1257, 1258)},
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "cp949"), "cp949"),
    "euc-jp": "euc_jp",
}
"""Labels of charsets in the WHATWG encoding standard, and Python's codec for each."""
_BOM = b"\xef\xbb\xbf"
_BOMS_OF_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Html(Format):
    """A page, or a part of one, in HTML or XHTML."""

    name = "html"
    suffixes = (".html", ".htm", ".xhtml")
    markup = "tags"
    keep_unmarked = False

    def decode(self, data: bytes, name: str) -> str:
        """The text of a file in UTF-8, if it is that, whatever it declares; else in the charset that it declares in its first
        2 kB. Line ends are untouched, and a byte order mark of UTF-8 stays.

        Raises DataError that says how to convert anything else; `name` is what a person calls the file.
        """
        if data.startswith(_BOM):
            return "\ufeff" + files.decode(data.removeprefix(_BOM), name)
        if b"\0" not in data and not data.isascii():
            with contextlib.suppress(UnicodeDecodeError):
                return data.decode("utf-8")
        declared = _DECLARED.search(data[:2048])
        label = (declared[1] or declared[2]).decode("ascii") if declared else ""
        codec = _CHARSETS.get(label.lower())
        if codec is None or b"\0" in data or data.startswith(_BOMS_OF_UTF_16):
            return files.decode(data, name)
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise DataError(
                f"{name}:{line}: is not in the charset {label} that it declares; correct the declaration or the text"
            ) from None

    def parse(self, text: str, file: str = "", dialect: str = "") -> Article:
        """The article of a page, its furniture marked.

        Raises DataError where elements nest deeper than 200 levels.
        """
        reader = Reader(text, file)
        parts = with_skeleton(text, reader.read())
        return Article(text, reader.metadata.get("language", ""), self.name, parts, reader.metadata)

    def serialize(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> Rendered:
        """The page with the targets in place; their text is escaped, their tags are those of the page."""
        return writing.serialize(article, targets, by_person)

    def to_html(self, article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> str:
        """The page with the targets in place, including its menus."""
        return self.serialize(article, targets, by_person).text

    def declare_language(self, text: str, source: str, target: Language) -> str:
        """The page with its `lang`, `dir`, `og:locale`, `content-language` and charset changed."""
        return replaced(text, language.declarations(text, source, target))

    def disclose(self, text: str, said: Disclosure) -> str:
        """The page with a `meta` element, and a note for readers at the beginning of its body."""
        facts = f"state={said.state}; drafts={said.drafts}; reviewed={said.reviewed}; by={said.by}"
        meta = f'<meta name="translation" content="{escape(facts)}">'
        lines = "".join(f'<p lang="{tag}">{escape(line)}</p>' for tag, line in said.notice)
        note = f'<aside role="note">{lines}</aside>' if lines else ""
        ends = {
            token.name: token.end
            for token in reversed(list(tokens(text)))
            if token.opens and token.name in ("head", "body")
        }
        edits = [(ends["head"], ends["head"], meta)] if "head" in ends else []
        if note:
            at = ends.get("body", 0)
            edits.append((at, at, note))
        return replaced(text, edits)

    def rewrite_links(self, text: str, rewrite: Rewrite, dialect: str = "") -> str:
        """The page with the URLs in its tags and style sheets rewritten."""
        return links.rewrite_html(text, rewrite)
