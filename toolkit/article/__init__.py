"""Stage 1: reading a file as an article (skeleton and blocks), and writing it with translations in place.

A kind of file is a `Format`; those of this package are the table `FORMATS`, others join by the entry point `lokta.formats`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import PurePath

from toolkit import files
from toolkit.article import commands, furniture, metadata
from toolkit.article.format import Disclosure, Format, Rewrite, with_skeleton
from toolkit.article.html import Html
from toolkit.article.markdown import Markdown
from toolkit.article.rendered import TOO_LONG, Problem, Rendered, too_long
from toolkit.article.text import Text
from toolkit.errors import LoktaError, UnknownFormat
from toolkit.language import language
from toolkit.units import Article, Block

__all__ = [
    "FORMATS",
    "Disclosure",
    "Format",
    "Problem",
    "Rendered",
    "Rewrite",
    "format_of",
    "formats",
    "read",
    "with_skeleton",
]

FORMATS: Mapping[str, Format] = {form.name: form for form in (Text(), Markdown(), Html())}
"""The formats of this package by name."""


@cache
def formats() -> Mapping[str, Format]:
    """The formats in `FORMATS`, then those of installed packages; of two with one name that in `FORMATS` is used."""
    others = [entry.load() for entry in entry_points(group="lokta.formats")]
    return {**FORMATS, **{form.name: form for form in others if isinstance(form, Format) and form.name not in FORMATS}}


def format_of(filename: str) -> Format:
    """The format of a file by the suffix of its name; raises UnknownFormat, which names the suffixes that can be read."""
    suffix = PurePath(filename).suffix.lower()
    found = next((form for form in formats().values() if suffix in form.suffixes), None)
    if found is None:
        known = " ".join(suffix for form in formats().values() for suffix in form.suffixes)
        raise UnknownFormat(f"{files.printable(filename)}: no reader for this kind of file; save it as one of {known}")
    return found


def read(
    text: str,
    form: Format,
    *,
    file: str = "",
    source_language: str = "",
    overrides: metadata.Metadata | None = None,
    dialect: str = "",
) -> Article:
    """The article in a text of this format, with its page furniture marked.

    `source_language` is a BCP 47 tag; without it that of the overrides is taken, else the one that the document declares,
    else none. `overrides` is the article's `.meta.toml`; to learn which of its lines fit no paragraph, call `metadata.apply`.
    `dialect` is one of the format's; empty: as the file shows. A paragraph longer than 100 kB is not offered. Raises DataError
    for what the format cannot read.
    """
    article = form.parse(text, file, dialect) if dialect in form.dialects else form.parse(text, file)
    said = article.source_language or article.metadata.get("language", "")
    declared = (overrides.language if overrides else "") or _known(said)
    article = furniture.mark(replace(article, source_language=source_language or declared))
    if overrides:
        article, _ = metadata.apply(article, overrides)
    parts = (
        furniture.skipped(part, TOO_LONG)
        if isinstance(part, Block) and part.translate and too_long(part.source)
        else part
        for part in commands.followed(article.parts, form.markup)
    )
    return replace(article, parts=tuple(parts))


def _known(tag: str) -> str:
    """The canonical form of a language tag; empty where it is not known as a language."""
    try:
        return language(tag).tag if tag else ""
    except LoktaError:
        return ""
