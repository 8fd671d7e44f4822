"""Stage 1: a file's text is read into an article, skeleton and blocks, and written back with translations in place.

A format is a pair of functions, `parse` and `serialize`, and a row in FORMATS; others join by the entry point
`lokta.formats`, whose object is a Format.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import PurePath

from toolkit import files
from toolkit.article import furniture, metadata
from toolkit.article.rendered import Problem, Rendered, check_size
from toolkit.errors import DataError, LoktaError, UnknownFormat
from toolkit.units import Article, Markup

__all__ = ["FORMATS", "Format", "Problem", "Rendered", "decode", "format_of", "read"]


@dataclass(frozen=True, slots=True)
class Format:
    """How one kind of file is read and written."""

    name: str
    suffixes: tuple[str, ...]
    """In lower case, with the dot."""
    markup: Markup
    """How inline codes are written in its msgids."""
    parse: Callable[[str, str], Article]
    """Text and file name to article; raises DataError."""
    serialize: Callable[[Article, Mapping[str, str]], Rendered]
    """Article and targets (block id to text) to the document; a block without a target keeps its slice."""


def _format(name: str, suffixes: tuple[str, ...], markup: Markup) -> Format:
    """A format of ours; its module is imported when it is used."""

    def parse(text: str, file: str = "") -> Article:
        article: Article = import_module(f".{name}", __package__).parse(text, file)
        return article

    def serialize(article: Article, targets: Mapping[str, str]) -> Rendered:
        rendered: Rendered = import_module(f".{name}", __package__).serialize(article, targets)
        return rendered

    return Format(name, suffixes, markup, parse, serialize)


FORMATS: dict[str, Format] = {
    "text": _format("text", (".txt", ".text"), "plain"),
    "markdown": _format("markdown", (".md", ".markdown", ".mkd"), "markdown"),
    "html": _format("html", (".html", ".htm", ".xhtml"), "tags"),
}


def format_of(filename: str) -> str:
    """The key in FORMATS for a file of this name; UnknownFormat names the suffixes that can be read."""
    suffix = PurePath(filename).suffix.lower()
    if not any(suffix in form.suffixes for form in FORMATS.values()):
        _others()
    for form in FORMATS.values():
        if suffix in form.suffixes:
            return form.name
    known = " ".join(suffix for form in FORMATS.values() for suffix in form.suffixes)
    raise UnknownFormat(f"{files.printable(filename)}: no reader for this kind of file; save it as one of {known}")


@cache
def _others() -> None:
    """Add the formats of other distributions to FORMATS; ours go before theirs."""
    from importlib.metadata import entry_points

    for entry in entry_points(group="lokta.formats"):
        form = entry.load()
        if isinstance(form, Format):
            FORMATS.setdefault(form.name, form)


def read(
    text: str,
    format: str,
    *,
    file: str = "",
    source_language: str = "",
    overrides: metadata.Metadata | None = None,
) -> Article:
    """The article with its page furniture marked.

    `source_language` is a BCP 47 tag; without it the overrides', else what the document says of itself; empty when
    nobody says. `overrides` is the article's `.meta.toml`; `metadata.apply` also tells which of its lines fit nothing.
    Raises UnknownFormat, and DataError where a paragraph is longer than 100 kB.
    """
    if format not in FORMATS:
        _others()
    if format not in FORMATS:
        raise UnknownFormat(f"{files.printable(format)}: no such format; known are {', '.join(FORMATS)}")
    article = FORMATS[format].parse(text, file)
    said = (overrides.language if overrides else "") or _known(article.metadata.get("language", ""))
    article = replace(article, source_language=source_language or said)
    article = furniture.mark(article)
    if overrides:
        article, _ = metadata.apply(article, overrides)
    for block in article.blocks:
        if block.translate:
            check_size(block.source, file, block.location.line)
    return article


def _known(tag: str) -> str:
    """What a document says of its language, if that is one."""
    from toolkit.language import language

    try:
        return language(tag).tag if tag else ""
    except LoktaError:
        return ""


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
"""Charsets that a page may declare, in the words of the WHATWG encoding standard, and what Python calls them."""


def decode(data: bytes, format: str, name: str) -> str:
    """The text of a file, line ends untouched. UTF-8; an HTML page may declare another charset.

    Raises DataError that says how to convert anything else; `name` is what a person calls the file.
    """
    declared = _DECLARED.search(data[:2048]) if format == "html" else None
    if declared:
        charset = _CHARSETS.get((declared[1] or declared[2]).decode("ascii").lower())
        if charset and b"\0" not in data and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
            try:
                return data.decode(charset)
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                said = (declared[1] or declared[2]).decode("ascii")
                raise DataError(
                    f"{name}:{line}: is not in the charset {said} that it declares; correct the declaration or the text"
                ) from None
    return files.decode(data, name)
