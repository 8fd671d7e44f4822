"""A paragraph of an article as a passage that can be aligned: its words without markup, and what a translation keeps."""

from __future__ import annotations

import html
from collections.abc import Sequence

from toolkit import codes
from toolkit.alignment.traits import Passage
from toolkit.codes.carrying import kept
from toolkit.units import Block, Code, Markup


def passage(block: Block, markup: Markup) -> Passage:
    """The passage of a block."""
    return of_text(block.source, markup, block.type, block.codes)


def of_text(text: str, markup: Markup, kind: str = "", known: Sequence[Code] = ()) -> Passage:
    """The passage of a msgid or msgstr; `known` are the codes of its block, which say what `<1>` stands for."""
    found = codes.find(text, markup)
    words = codes.replaced(text, ((code.start, code.end, "") for code in found if not _is_word(code)))
    return Passage(html.unescape(words) if markup != "plain" else words, kind, kept((*found, *known)))


def _is_word(code: Code) -> bool:
    """A character reference is a character of the text."""
    return code.data.startswith("&") and code.data.endswith(";")
