"""An article's `.meta.toml`: title, origin, licence, and which paragraphs are offered for translation against the rules.

title = "China, US Hold Defense Talks, Plan More"
date = 2009-06-24
licence = "public domain"
language = "en"
skip = ["Get the Courier by e-mail"]            # opening words of paragraphs that are not to be translated
translate = ["Correction: an earlier version"]  # and of those that are
whole_page = true                               # menus, teasers and all else around the article are offered too
"""

from __future__ import annotations

import datetime
import html
import json
import re
from dataclasses import dataclass, replace
from typing import Annotated

from toolkit.article.furniture import FURNITURE, offered, skipped, words_of
from toolkit.errors import ConfigError
from toolkit.tables import Line, Must, Tag, Where, parse_toml, read
from toolkit.units import Article, Block, fold

BY_METADATA = "skipped: by the metadata file"
_FIELDS = ("title", "date", "author", "source", "licence", "language")


_Openings = Annotated[
    tuple[str, ...],
    Must('a list of opening words in quotes, such as ["Read more"]', lambda lines: all(map(fold, lines))),
]


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of a `.meta.toml`; empty where it has none."""

    title: Line = ""
    date: Line = ""
    """As written; a TOML date is in ISO 8601."""
    author: Line = ""
    source: Line = ""
    licence: Line = ""
    language: Tag = ""
    """BCP 47."""
    skip: _Openings = ()
    """Opening words of paragraphs that are not offered for translation."""
    translate: _Openings = ()
    """Opening words of paragraphs that are offered, whatever the rules for furniture find."""
    whole_page: bool = False
    """What the rules take for page furniture is offered."""


def parse(text: str, file: str = "") -> Metadata:
    """The metadata in a TOML text; raises ConfigError for unknown fields and wrong types."""
    place = Where(
        lambda said: ConfigError(f"{file or 'metadata'}: {said}"), unknown="unknown field {}; the fields are {}"
    )
    table = parse_toml(text, place)
    if isinstance(date := table.get("date"), datetime.date | datetime.time):
        table["date"] = date.isoformat()
    return read(Metadata, table, place)


def dump(metadata: Metadata) -> str:
    """The TOML text of the metadata, empty fields left out; `parse` reads the same from it."""
    fields = ((name, value) for name in _FIELDS if (value := getattr(metadata, name)))
    lines = [f"{name} = {value if name == 'date' and _is_date(value) else _quoted(value)}\n" for name, value in fields]
    for name in ("skip", "translate"):
        quoted = "".join(f"    {_quoted(line)},\n" for line in getattr(metadata, name))
        lines += [f"{name} = [\n{quoted}]\n"] if quoted else []
    return "".join([*lines, "whole_page = true\n"] if metadata.whole_page else lines)


def _is_date(value: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII) is not None and bool(
            datetime.date.fromisoformat(value)
        )
    except ValueError:
        return False


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def apply(article: Article, metadata: Metadata) -> tuple[Article, tuple[str, ...]]:
    """The article with these fields and the `skip` and `translate` lines applied, and the lines that fit no paragraph.

    A line fits each paragraph that begins with its words, whatever their capitals, quotes, dashes and inline codes; of
    two lines that fit the same paragraph the longer one is applied.
    """
    rules = [(_key(line), line, block) for line, block in _rules(metadata)]
    rules.sort(key=lambda rule: -len(rule[0]))
    fitting: set[str] = set()

    def judged(block: Block) -> Block:
        openings = _openings(block)
        if metadata.whole_page and FURNITURE in block.notes:
            block = offered(block)
        fits = [rule for rule in rules if any(opening.startswith(rule[0]) for opening in openings)]
        fitting.update(line for _, line, _ in fits)
        if not fits:
            return block
        return offered(block) if fits[0][2] else skipped(block, BY_METADATA)

    parts = tuple(
        judged(part) if (rules or metadata.whole_page) and isinstance(part, Block) else part for part in article.parts
    )
    said = {name: value for name in _FIELDS if (value := getattr(metadata, name))}
    result = replace(
        article,
        parts=parts,
        metadata={**article.metadata, **said},
        source_language=article.source_language or metadata.language,
    )
    return result, tuple(line for line, _ in _rules(metadata) if line not in fitting)


def _rules(metadata: Metadata) -> list[tuple[str, bool]]:
    """The lines of both lists, and whether their paragraphs are offered."""
    return [*((line, False) for line in metadata.skip), *((line, True) for line in metadata.translate)]


def _key(text: str) -> str:
    """The text for comparison, case and typography folded."""
    return fold(text).casefold()


def _openings(block: Block) -> tuple[str, ...]:
    """The beginnings of a paragraph that a line may quote: of the msgid, without codes, with character references decoded."""
    seen = html.unescape(re.sub(r"</?\d{1,6}/?>", "", block.source)) if "&" in block.source else ""
    return tuple({_key(text[:1000]) for text in (block.source, words_of(block), seen) if text.strip()})
