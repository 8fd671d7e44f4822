"""A text without its inline codes, as checks look at it: markup and addresses are not words."""

from __future__ import annotations

from toolkit import codes
from toolkit.language import Language
from toolkit.language.typography import polish
from toolkit.units import Markup, Request


def bare(text: str, markup: Markup) -> str:
    """The text with blanks in place of each code, as long as it was."""
    parts, end = [], 0
    for code in codes.find(text, markup):
        parts += [text[end : code.start], " " * (code.end - max(end, code.start))]
        end = max(end, code.end)
    return "".join((*parts, text[end:]))


def polished(text: str, like: str, markup: Markup, spoken: Language) -> str:
    """The text in its language's typography; unchanged where it would not have the codes of `like` then."""
    spans = [(code.start, code.end) for code in codes.find(text, markup)]
    better = polish(text, spoken, spans)
    return text if better != text and codes.compare(like, better, markup) else better


def without_codes(text: str, request: Request) -> str:
    """The request's source, or a draft of it, with a blank in place of each code of the source, once."""
    for code in sorted(request.codes, key=lambda code: code.start - code.end):
        text = text.replace(request.source[code.start : code.end], " ", 1)
    return text
