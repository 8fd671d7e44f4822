"""A text without its inline codes, as checks look at it: markup and addresses are not words."""

from __future__ import annotations

from toolkit import codes
from toolkit.units import Markup, Request


def bare(text: str, markup: Markup) -> str:
    """The text with blanks in place of each code, as long as it was."""
    parts, end = [], 0
    for code in codes.find(text, markup):
        parts += [text[end : code.start], " " * (code.end - max(end, code.start))]
        end = max(end, code.end)
    return "".join((*parts, text[end:]))


def without_codes(text: str, request: Request) -> str:
    """The request's source, or a draft of it, with a blank in place of each code of the source, once."""
    for code in sorted(request.codes, key=lambda code: code.start - code.end):
        text = text.replace(request.source[code.start : code.end], " ", 1)
    return text
