"""The tokenizer for HTML: text, tags, comments and raw text, each with its offsets in the file.

It follows the tokenizer of the HTML standard, as browsers do. The parser of Python's standard library
gives lines and columns instead of offsets, reads comments and scripts differently from one release to the next, and needs
quadratic time for constructs that are opened again and again and never closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from toolkit.article.html.text import decoded, inside_quotes


def names(text: str) -> frozenset[str]:
    """The set of the words of a text, for tables of elements and attributes."""
    return frozenset(text.split())


RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes"})
"""Elements whose content is raw text: neither tags nor references nor text to translate."""
RCDATA = frozenset({"title", "textarea"})
"""Elements whose content is text with references, but without tags."""
_UNPARSED = RAW | RCDATA
_CODE = frozenset({"script", "style"})
_BREAKS_OUT = names(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu "
    "meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
"""Opening tags that end an SVG or MathML element although it was not closed."""

_NAME = re.compile(r"</?([A-Za-z][^\t\n\f\r />]*)")
_ATTRIBUTE = re.compile(
    r"[\t\n\f\r /]*(?:(?P<end>>)|(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"
    r"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?P<value>\"[^\"]*\"|'[^']*'|[^\t\n\f\r >\"'][^\t\n\f\r >]*|(?=>)))?)"
)
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT = re.compile(r"<!--(?:-?>)?|-->|<(?P<close>/?)script(?=[\t\n\f\r />])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A slice of the file; the slices of all tokens, joined, are the file."""

    kind: Literal["text", "open", "close", "comment", "raw"]
    start: int
    end: int
    name: str = ""
    """Of a tag, in lower case; of raw text and of the text in a `<title>` or `<textarea>`, that of the element."""
    attributes: tuple[Attribute, ...] = ()
    empty: bool = False
    """Written `<x/>`; it has a meaning only in SVG and MathML."""

    @property
    def opens(self) -> bool:
        """Whether it is an opening tag."""
        return self.kind == "open"


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a tag; `start` and `end` are the span of its value with its quotes, empty where it has none."""

    name: str
    """In lower case."""
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a file in order, in time linear in its length."""
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
        as_in_xml = foreign and (token.empty or token.name not in _CODE)
        if token.opens and token.name in _UNPARSED and not as_in_xml:
            end = _raw_end(text, at, token.name)
            if end > at:
                yield Token("raw" if token.name in RAW else "text", at, end, token.name)
                at = end
        if token.opens and token.name == "plaintext" and at < len(text):
            yield Token("raw", at, len(text), "plaintext")
            return


def attribute_values(text: str, token: Token) -> dict[str, str]:
    """The attributes of a tag by name, the first of each name, their references decoded; empty where there is no value."""
    values: dict[str, str] = {}
    for attribute in token.attributes:
        first, last = inside_quotes(text, attribute.start, attribute.end)
        raw = text[first:last]
        values.setdefault(attribute.name, decoded(raw) if "&" in raw else raw)
    return values


def _next(text: str, at: int, foreign: bool) -> Token:
    """The token that begins at an offset; `foreign`: inside of SVG or MathML."""
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
    """The tag at an offset; one that the file does not finish is ignored by browsers, and so is a comment here."""
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
                kind, at, position, _lower(name.group(1)), tuple(attributes), text[inside:position].endswith("/>")
            )
        if match.group("value") is None and _VALUE_TO_COME.match(text, position):
            return Token("comment", at, len(text))
        start, end = match.span("value")
        attributes.append(Attribute(_lower(match.group("name")), max(start, 0), max(end, 0)))


_VALUE_TO_COME = re.compile(r"[\t\n\f\r ]*=")
"""After an attribute without a value: `=` and a quote that is never closed."""


def _lower(name: str) -> str:
    """The name with its ASCII letters in lower case, as tag names are compared (`str.lower` would lengthen `İ`)."""
    return name.lower() if name.isascii() else "".join(char.lower() if char.isascii() else char for char in name)


def _raw_end(text: str, at: int, name: str) -> int:
    """The offset where the raw text of an element ends: that of its closing tag, or the end of the file."""
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


_CLOSING = {name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE | re.ASCII) for name in _UNPARSED}
