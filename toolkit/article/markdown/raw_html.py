"""The translatable text of a block of raw HTML: between its tags, and in attributes such as `alt`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from toolkit.article.html.tags import BLOCKS, TYPES, UNREAD, element_end, last_ends
from toolkit.article.html.text import inside_quotes
from toolkit.article.html.tokens import Token, tokens

_READ = frozenset({"alt", "title", "aria-label", "placeholder", "summary"})
"""Attributes with text to translate."""
_SEALED = UNREAD | {"pre", "textarea", "title"}
"""Elements whose content is not translated: code, and what browsers do not show as text of the page."""


@dataclass(frozen=True, slots=True)
class Run:
    """A text between block tags, or the value of an attribute; offsets count characters of the HTML."""

    start: int
    end: int
    type: str
    """Of the block that it becomes."""
    quote: str = ""
    """The quotation mark around the value of an attribute."""


def runs(raw: str) -> Iterator[Run]:
    """The runs of a block of HTML in order. Tags of inline elements (`<b>`, `<a>`) are part of a run; all other tags
    and comments end it."""
    stream = list(tokens(raw))
    ends = last_ends(stream)
    kind = "paragraph"
    run: list[Token] = []
    at = 0
    while at < len(stream):
        token = stream[at]
        at += 1
        if token.kind == "text" or (token.kind in ("open", "close") and token.name not in BLOCKS | _SEALED):
            run.append(token)
            continue
        yield from _run(raw, run, kind)
        run = []
        if token.opens:
            yield from _attributes(raw, token)
            kind = TYPES.get(token.name, kind)
            if token.name in _SEALED:
                after = element_end(stream, at - 1, ends)
                at = after if after >= at else len(stream)
    yield from _run(raw, run, kind)


def texts(raw: str) -> Iterator[tuple[int, int]]:
    """The spans between the tags and comments of a text."""
    at = 0
    for token in tokens(raw):
        if token.kind != "text":
            yield at, token.start
            at = token.end
    yield at, len(raw)


def tags(raw: str) -> list[str]:
    """The tags and comments of a text."""
    return [raw[token.start : token.end] for token in tokens(raw) if token.kind != "text"]


def _run(raw: str, run: Sequence[Token], kind: str) -> Iterator[Run]:
    """The run that these tokens are, or the attributes of its tags where it holds no letters."""
    if any(token.kind == "text" and any(map(str.isalpha, raw[token.start : token.end])) for token in run):
        yield Run(run[0].start, run[-1].end, kind)
    else:
        for token in run:
            yield from _attributes(raw, token)


def _attributes(raw: str, token: Token) -> Iterator[Run]:
    for attribute in token.attributes if token.opens else ():
        start, end = inside_quotes(raw, attribute.start, attribute.end)
        if attribute.name in _READ and attribute.start < start < end:
            yield Run(start, end, f"attribute {attribute.name}", raw[end])
