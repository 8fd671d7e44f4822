"""A paragraph of an article as a passage that can be aligned: its words without markup, and what a translation keeps."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from toolkit import codes
from toolkit.alignment.traits import Passage
from toolkit.units import Block, Code, Markup

_LINK = re.compile(r"""\]\(\s*<?([^\s<>)]+)|\b(?:href|src)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?<=/)[a-z]{2}(?:-[a-z]{2,4})?/", re.IGNORECASE)
"""A part of an address that names a language: it differs in every edition."""
_LONGEST = 200


def passage(block: Block, markup: Markup) -> Passage:
    """The passage of a block."""
    return of_text(block.source, markup, block.type, block.codes)


def of_text(text: str, markup: Markup, kind: str = "", known: tuple[Code, ...] = ()) -> Passage:
    """The passage of a msgid or msgstr; `known` are the codes of its block, which say what `<1>` stands for."""
    found = codes.find(text, markup)
    words = codes.replaced(text, ((code.start, code.end, "") for code in found if not _is_word(code)))
    kept = frozenset(kept for code in (*found, *known) for kept in _kept(code))
    return Passage(html.unescape(words) if markup != "plain" else words, kind, kept)


def _is_word(code: Code) -> bool:
    """A character reference is a character of the text."""
    return code.data.startswith("&") and code.data.endswith(";")


def _kept(code: Code) -> Iterator[str]:
    """What a translation keeps of a code: an address, a piece of code, a placeholder."""
    data = code.data
    if links := [one or other for one, other in _LINK.findall(data)]:
        yield from (_address(link) for link in links)
    elif code.kind == "ph" and not data.startswith(("<", "&")) and (bare := data.strip("`")):
        yield _address(bare) if "://" in bare else bare[:_LONGEST]


def _address(url: str) -> str:
    """An address without what editions in other languages change of it."""
    return _LANGUAGE.sub("", _SCHEME.sub("/", url)).strip("/")[:_LONGEST]
