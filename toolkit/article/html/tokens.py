"""HTML is cut where a browser cuts it: tags, comments, raw text and words, each with its place in the file.

These are the rules of the HTML standard's tokenizer. The standard library's parser gives lines and columns instead of
offsets, reads comments and scripts differently from one Python release to the next, and needs quadratic time for
constructs that are opened again and again and never closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal


def names(text: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(text.split())


RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
"""What stands in them is no text."""
RCDATA = frozenset({"title", "textarea"})
"""Text with references, but no tags in it."""
_CODE = frozenset({"script", "style"})
_BREAKS_OUT = names(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu "
    "meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
"""Tags that end an SVG or MathML that nobody closed."""

_NAME = re.compile(r"</?([A-Za-z][^\t\n\f\r />]*)")
_ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*(?:(?P<end>>)|(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"
    r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?P<value>\"[^\"]*\"|'[^']*'|[^\t\n\f\r >\"'][^\t\n\f\r >]*|(?=>)))?)"
)
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT = re.compile(r"<!--(?:-?>)?|-->|<(?P<close>/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the file; joining the slices of all tokens gives the file."""

    kind: Literal["text", "open", "close", "comment", "raw"]
    start: int
    end: int
    name: str = ""
    """Of a tag, in lower case; of raw text, the element's."""
    attributes: tuple[Attribute, ...] = ()
    empty: bool = False
    """An opening tag written `<x/>`; outside SVG and MathML that means nothing."""

    @property
    def opens(self) -> bool:
        return self.kind == "open"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute; `start` and `end` are the span of its value with its quotes (empty: no value)."""

    name: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The pieces of the file in order; linear in its length."""
    at = 0
    foreign = 0
    while at < len(text):
        token = _next(text, at, foreign > 0)
        yield token
        at = token.end
        if token.name in ("svg", "math"):
            foreign = max(0, foreign + (0 if token.empty else 1 if token.opens else -1))
        elif token.opens and token.name in _BREAKS_OUT:
            foreign = 0
        if token.opens and (token.name in RAW or token.name in RCDATA) and not (foreign and token.name not in _CODE):
            end = raw_end(text, at, token.name)
            if end > at:
                yield Token("raw" if token.name in RAW else "text", at, end, token.name)
                at = end
        if token.opens and token.name == "plaintext" and at < len(text):
            yield Token("raw", at, len(text), "plaintext")
            return


def _next(text: str, at: int, foreign: bool) -> Token:
    if text[at] != "<":
        end = text.find("<", at)
        return Token("text", at, end if end >= 0 else len(text))
    following = text[at + 1 : at + 2]
    if following.isascii() and following.isalpha():
        return _tag(text, at, "open")
    if following == "/":
        after = text[at + 2 : at + 3]
        if after.isascii() and after.isalpha():
            return _tag(text, at, "close")
        if after:
            return Token("comment", at, _after(text, ">", at + 2))
    elif following == "!":
        return Token("comment", at, _declaration_end(text, at, foreign))
    elif following == "?":
        return Token("comment", at, _after(text, ">", at + 2))
    end = text.find("<", at + 1)
    return Token("text", at, end if end >= 0 else len(text))


def _declaration_end(text: str, at: int, foreign: bool) -> int:
    if text.startswith("<!--", at):
        for abrupt in (">", "->"):
            if text.startswith(abrupt, at + 4):
                return at + 4 + len(abrupt)
        match = _COMMENT_END.search(text, at + 4)
        return match.end() if match else len(text)
    if foreign and text.startswith("<![CDATA[", at):
        return _after(text, "]]>", at + 9)
    return _after(text, ">", at + 2)


def _after(text: str, end: str, at: int) -> int:
    found = text.find(end, at)
    return found + len(end) if found >= 0 else len(text)


def _tag(text: str, at: int, kind: Literal["open", "close"]) -> Token:
    """A tag; one that the file ends in is no tag to a browser, and no text either."""
    name = _NAME.match(text, at)
    assert name is not None
    attributes: list[Attribute] = []
    position = name.end()
    while True:
        match = _ATTRIBUTE.match(text, position)
        if match is None:
            return Token("comment", at, len(text))
        position = match.end()
        if match.group("end"):
            inside = max([name.end(), *(attribute.end for attribute in attributes)])
            return Token(
                kind, at, position, lower(name.group(1)), tuple(attributes), text[inside:position].endswith("/>")
            )
        if match.group("value") is None and _VALUE_TO_COME.match(text, position):
            return Token("comment", at, len(text))
        start, end = match.span("value")
        attributes.append(Attribute(lower(match.group("name")), max(start, 0), max(end, 0)))


_VALUE_TO_COME = re.compile(r"[\t\n\f\r ]*=")
"""An attribute with `=` and no complete value after it: a quote that is never closed."""


def lower(name: str) -> str:
    """ASCII letters in lower case, as tag names are compared (`İ` would grow by `str.lower`)."""
    return name.lower() if name.isascii() else "".join(char.lower() if char.isascii() else char for char in name)


def raw_end(text: str, at: int, name: str) -> int:
    """Where the raw text of an element ends: before its closing tag, or with the file."""
    closing = _CLOSING[name]
    if name != "script":
        match = closing.search(text, at)
        return match.start() if match else len(text)
    # A script inside a comment inside a script hides one closing tag: `<!-- <script> </script> -->`.
    commented = doubled = False
    for match in _SCRIPT.finditer(text, at):
        if match.group() == "<!--":
            commented = True
        elif match.group().endswith("->"):
            commented = doubled = False
        elif match.group("close"):
            if not doubled:
                return match.start()
            doubled = False
        else:
            doubled = commented
    return len(text)


_CLOSING = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII) for name in RAW | RCDATA}
