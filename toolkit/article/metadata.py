"""An article's `.meta.toml`: what it is, where it is from, and which paragraphs the rules for page furniture got wrong.

title = "China, US Hold Defense Talks, Plan More"
date = 2009-06-24
licence = "public domain"
language = "en"
skip = ["Get the Courier by e-mail"]            # opening words of paragraphs that are not to be translated
translate = ["Correction: an earlier version"]  # and of those that are
"""

from __future__ import annotations

import datetime
import html
import json
import re
import tomllib
from dataclasses import dataclass, fields, replace

from toolkit.article.furniture import offered, skipped, words_of
from toolkit.errors import ConfigError, LoktaError
from toolkit.hashing import fold
from toolkit.language import language
from toolkit.units import Article, Block

BY_METADATA = "skipped: by the metadata file"
_FIELDS = ("title", "date", "author", "source", "licence", "language")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a `.meta.toml` says; empty where it says nothing."""

    title: str = ""
    date: str = ""
    """As written; a TOML date in ISO 8601."""
    author: str = ""
    source: str = ""
    licence: str = ""
    language: str = ""
    """BCP 47."""
    skip: tuple[str, ...] = ()
    """Opening words of paragraphs that stay as they are."""
    translate: tuple[str, ...] = ()
    """Opening words of paragraphs that are offered, whatever the rules say."""


def parse(text: str, file: str = "") -> Metadata:
    """The metadata of a TOML text; raises ConfigError, one line, for what cannot be meant."""
    place = file or "metadata"
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise ConfigError(f"{place}: is not valid TOML: {_line(str(error) or 'nested too deeply')}") from None
    known = [field.name for field in fields(Metadata)]
    unknown = [name for name in table if name not in known]
    if unknown:
        raise ConfigError(f"{place}: unknown field {_line(unknown[0])!r}; the fields are {', '.join(known)}")
    said = {name: _text(table[name], name, place) for name in _FIELDS if name in table}
    lists = {name: _lines(table[name], name, place) for name in ("skip", "translate") if name in table}
    if said.get("language"):
        try:
            said["language"] = language(said["language"]).tag
        except LoktaError as error:
            raise ConfigError(f"{place}: language: {_line(str(error))}") from None
    return Metadata(**said, **lists)  # type: ignore[arg-type]


def _text(value: object, name: str, place: str) -> str:
    if isinstance(value, datetime.date | datetime.time):
        if name != "date":
            raise ConfigError(f"{place}: {name} is a date; write it in quotes")
        return value.isoformat()
    if not isinstance(value, str):
        raise ConfigError(f"{place}: {name} must be a text in quotes, not {json.dumps(value, default=str)[:40]}")
    return " ".join(value.split())


def _lines(value: object, name: str, place: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(line, str) and fold(line) for line in value):
        raise ConfigError(f'{place}: {name} must be a list of opening words in quotes: {name} = ["Read more"]')
    return tuple(value)


def _line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))[:200]


def dump(metadata: Metadata) -> str:
    """The TOML text of the metadata, empty fields left out; `parse` reads the same from it."""
    lines = []
    for name in _FIELDS:
        value = getattr(metadata, name)
        if not value:
            continue
        lines.append(f"{name} = {value if name == 'date' and _is_date(value) else _quoted(value)}\n")
    for name in ("skip", "translate"):
        quoted = "".join(f"    {_quoted(line)},\n" for line in getattr(metadata, name))
        lines += [f"{name} = [\n{quoted}]\n"] if quoted else []
    return "".join(lines)


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
    """The article with the file's fields and its marks, and the lines that fit no paragraph.

    A line fits each paragraph that begins with its words, whatever their capitals, quotes, dashes and inline codes; of
    two lines that fit the same paragraph the longer one says more.
    """
    rules = [(_key(line), line, block) for line, block in _rules(metadata)]
    rules.sort(key=lambda rule: -len(rule[0]))
    fitting: set[str] = set()

    def judged(block: Block) -> Block:
        openings = _openings(block)
        fits = [rule for rule in rules if any(opening.startswith(rule[0]) for opening in openings)]
        fitting.update(line for _, line, _ in fits)
        if not fits:
            return block
        return offered(block) if fits[0][2] else skipped(block, BY_METADATA)

    parts = tuple(judged(part) if rules and isinstance(part, Block) else part for part in article.parts)
    said = {name: value for name in _FIELDS if (value := getattr(metadata, name))}
    result = replace(
        article,
        parts=parts,
        metadata={**article.metadata, **said},
        source_language=article.source_language or metadata.language,
    )
    return result, tuple(line for line, _ in _rules(metadata) if line not in fitting)


def _rules(metadata: Metadata) -> list[tuple[str, bool]]:
    """Lines, and whether their paragraphs are offered."""
    return [*((line, False) for line in metadata.skip), *((line, True) for line in metadata.translate)]


def _key(text: str) -> str:
    return fold(text).casefold()


def _openings(block: Block) -> tuple[str, ...]:
    """The ways in which a person may quote the paragraph: as the msgid has it, without codes, as a reader sees it."""
    seen = html.unescape(re.sub(r"</?\d{1,6}/?>", "", block.source)) if "&" in block.source else ""
    return tuple({_key(text[:1000]) for text in (block.source, words_of(block), seen) if text.strip()})
