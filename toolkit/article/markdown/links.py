"""Rewriting the URLs of a Markdown text: of links, images and link definitions, and of HTML in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit.article.format import Rewrite
from toolkit.article.html.links import rewrite_html
from toolkit.article.markdown.passages import Passage, read_passages
from toolkit.codes import Edit, replaced

_INLINE = re.compile(r"\]\(\s*(<[^<>\n]*>|[^\s()<](?:\\.|[^\s()\\]|\([^\s()]*\))*)")
_DEFINITION = re.compile(
    r"^[ >\t]*\[(?!\^)(?:\\.|[^\[\]\\\n])+\]:[ \t]*(?:\r?\n[ \t]*)?(<[^<>\n]*>|[^\s<]\S*)", re.MULTILINE
)
_TAG = re.compile(r"<[A-Za-z]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def rewrite_markdown(text: str, rewrite: Rewrite, dialect: str = "") -> str:
    """The text in this dialect with the destinations of links, images and definitions rewritten, and the URLs in its HTML."""
    doc, passages = read_passages(text, dialect)
    code = ("fence", "code_block", "front_matter", "html_block")
    closed = [(token.type, *doc.span(token)) for token in doc.tokens if token.type in code]
    edits = [
        (start, end, rewrite_html(text[start:end], rewrite)) for kind, start, end in closed if kind == "html_block"
    ]
    for start, end, new in _markdown(text, passages, rewrite):
        if not any(first < end and start < last for _, first, last in closed):
            edits.append((start, end, new))
    return replaced(text, (edit for edit in edits if text[edit[0] : edit[1]] != edit[2]))


def _markdown(text: str, passages: tuple[Passage, ...], rewrite: Rewrite) -> Iterator[Edit]:
    at = 0
    for passage in (*passages, None):
        end = passage.start if passage else len(text)
        for found in _DEFINITION.finditer(text[at:end]):
            yield at + found.start(1), at + found.end(1), _destination(found[1], rewrite)
        if passage:
            yield from _codes(text, passage, rewrite)
            at = passage.end


def _codes(text: str, passage: Passage, rewrite: Rewrite) -> Iterator[Edit]:
    """The edits of a passage's codes, which are searched for in order in its slice of the file."""
    cursor = passage.start
    for code in passage.codes:
        place = text.find(code.data, cursor, passage.end)
        if place < 0:
            continue
        cursor = place + len(code.data)
        if _TAG.match(code.data) and ":" not in code.data.split(">")[0].split(" ")[0]:
            yield place, cursor, rewrite_html(code.data, rewrite)
        elif found := _INLINE.search(code.data):
            yield place + found.start(1), place + found.end(1), _destination(found[1], rewrite)


def _destination(written: str, rewrite: Rewrite) -> str:
    """A destination in Markdown's spelling (in angle brackets or bare, punctuation perhaps escaped), rewritten."""
    angle = written.startswith("<")
    raw = written[1:-1] if angle else written
    old = _ESCAPED.sub(r"\1", raw)
    new = rewrite(old)
    if new == old:
        return written
    if new.endswith(old):
        new = new[: len(new) - len(old)] + raw  # what was escaped stays escaped
    return f"<{new}>" if angle else new.replace(" ", "%20")
