"""The block structure of a Markdown file: markdown-it's tokens, with the spans in the file of the lines of each text."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from toolkit.article.markdown import front_matter, opaque
from toolkit.codes.markdown import new_parser

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

Rule = Callable[["StateBlock", int, int, bool], bool]
Span = tuple[int, int]

COMMONMARK = "commonmark"
"""The dialect without signs of any other."""
_NEWLINE = re.compile(r"\r\n?")
_KEY = re.compile(r"^[A-Za-z_][\w-]*[ \t]*:(?:\s|$)", re.MULTILINE)
_LEAVES = ("paragraph", "heading", "lheading", "table", "html_block", "deflist")
_TAG = re.compile(r"<(?:/?[A-Za-z][A-Za-z0-9-]*|!--|\?|![A-Za-z\[])")
"""The beginning of a tag or a comment of HTML, by the most lenient reading."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file as markdown-it parses it, and the mapping of its offsets to those of the file."""

    original: str
    """The file."""
    dialect: str
    """See `dialects`."""
    source: str
    """The file with line feeds alone as line ends, and U+FFFD for NUL."""
    tokens: tuple[Token, ...]
    """Inline and HTML tokens hold the spans of their lines in `source` in `meta["lines"]`."""
    references: Mapping[str, Any]
    """Link definitions by label, as markdown-it keeps them."""
    footnotes: Mapping[str, Any]
    """Footnotes by label, likewise."""
    starts: tuple[int, ...]
    """Offsets in `source` at which its lines begin."""
    shortened: tuple[int, ...]
    """Offsets in `source` of the line feeds that are two characters in the file."""

    def place(self, offset: int) -> int:
        """The offset in the file of an offset in `source`."""
        return offset + bisect_left(self.shortened, offset) if self.shortened else offset

    def slice(self, start: int, end: int) -> str:
        """The slice of the file between two offsets of `source`."""
        return self.original[self.place(start) : self.place(end)]

    def span(self, token: Token) -> Span:
        """The span in the file of the lines of a block token."""
        start, end = (self.starts[n] if n < len(self.starts) else len(self.source) for n in token.map or (0, 0))
        return self.place(start), self.place(end)


@functools.cache
def trimmed_characters() -> str:
    """The characters that markdown-it strips from both ends of a text."""
    from markdown_it.common.utils import MD_TRIM_CHARS

    return MD_TRIM_CHARS


def document(text: str, dialect: str = "") -> Document:
    """The document of a text in this dialect; its inline content is not parsed."""
    shortened = tuple(match.start() - count for count, match in enumerate(re.finditer("\r\n", text)))
    source = _NEWLINE.sub("\n", text).replace("\0", "\ufffd")
    env: dict[str, Any] = {"references": {}, "footnotes": {"refs": {}, "list": {}}}
    tokens: list[Token] = []
    md = _parser(dialect)
    md.block.parse(source, md, env, tokens)
    starts = (0, *(match.end() for match in re.finditer("\n", source)))
    return Document(
        text, dialect, source, tuple(tokens), env["references"], env["footnotes"]["refs"], starts, shortened
    )


def signature(doc: Document) -> list[tuple[object, ...]]:
    """What replacing texts may not change: the sequence of blocks, and everything in them that is not text."""
    front = [
        front_matter.sign(doc.source[: doc.starts[token.map[1]]] if token.map[1] < len(doc.starts) else doc.source)
        for token in doc.tokens
        if token.type == "front_matter" and token.map
    ]
    head: list[tuple[object, ...]] = [
        ("definitions", *((label, ref["href"]) for label, ref in doc.references.items())),
        ("footnotes", *doc.footnotes),
        ("front matter", *front),
    ]
    return head + [(token.type, token.level, token.markup, token.info, _fixed(token)) for token in doc.tokens]


def _fixed(token: Token) -> object:
    """The content of a token that no translation may change: code, attributes, and the beginnings of tags."""
    if token.type == "opaque":
        return token.meta["sign"]
    if token.type == "html_block":
        return tuple(_TAG.findall(token.content))
    if token.type in ("fence", "code_block"):
        return token.content
    return tuple(sorted((key, str(value)) for key, value in token.attrs.items()))


@functools.cache
def _parser(dialect: str) -> MarkdownIt:
    md = new_parser(signs=dialect != COMMONMARK)
    # markdown-it drops deeper blocks without a message; 20, the preset's number, is ten levels of lists.
    md.options["maxNesting"] = 100
    rules = {rule.name: rule for rule in md.block.ruler.__rules__}
    for name in _LEAVES:
        md.block.ruler.at(name, _watched(rules[name].fn), {"alt": rules[name].alt})
    if dialect != COMMONMARK:
        opaque.add(md, dialect)
        md.block.ruler.before("opaque", "other_front_matter", _other_front_matter)
    matter = rules["front_matter"]
    md.block.ruler.at("front_matter", _with_a_key(matter.fn), {"alt": matter.alt})
    return md


def _other_front_matter(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for TOML and JSON at the beginning of a file."""
    if start or state.level or not state.src.startswith(("+++", "{")):
        return False
    matter = front_matter.fenced(state.src)
    if not matter or silent:
        return bool(matter)
    token = state.push("front_matter", "", 0)
    token.hidden = True
    token.content = matter
    state.line = matter.count("\n") + (not matter.endswith("\n"))
    token.map = [0, state.line]
    return True


def _with_a_key(rule: Rule) -> Rule:
    """The rule for front matter, which then must have a YAML key: text between two thematic breaks is a paragraph."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        before = state.line
        if not rule(state, start, end, silent):
            return False
        if silent or not state.tokens[-1].content.strip() or _KEY.search(state.tokens[-1].content):
            return True
        state.tokens.pop()
        state.line = before
        return False

    return run


def _watched(rule: Rule) -> Rule:
    """The rule, which also records on each text the spans of its lines, without the prefixes of containers (`> `)."""

    def run(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        first = len(state.tokens)
        if not rule(state, start, end, silent):
            return False
        for token in state.tokens[first:] if not silent else ():
            if token.type in ("inline", "html_block") and token.map and "lines" not in token.meta:
                lines = range(token.map[0], max(token.map[1], token.map[0] + 1))
                whole = token.type == "html_block"
                token.meta["lines"] = [
                    (state.bMarks[line] + (0 if whole else state.tShift[line]), state.eMarks[line]) for line in lines
                ]
        return True

    return run
