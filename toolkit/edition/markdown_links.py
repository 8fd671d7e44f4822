"""The relative links of a Markdown text, wherever Markdown keeps them: in brackets, in definitions, in HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from toolkit import article as articles
from toolkit.edition.links import Edit, Rewrite, rewrite_html, rewrite_tag, splice
from toolkit.units import Block

_INLINE = re.compile(r"\]\(\s*(<[^<>\n]*>|[^\s()<](?:\\.|[^\s()\\]|\([^\s()]*\))*)")
_DEFINITION = re.compile(
    r"^[ >\t]*\[(?!\^)(?:\\.|[^\[\]\\\n])+\]:[ \t]*(?:\r?\n[ \t]*)?(<[^<>\n]*>|[^\s<]\S*)", re.MULTILINE
)
_TAG = re.compile(r"<[A-Za-z]")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def rewrite_markdown(text: str, rewrite: Rewrite) -> str:
    """The text with the destinations of links, images and definitions rewritten, all else as it was."""
    code, pages = _areas(text)
    edits = [(start, end, rewrite_html(text[start:end], rewrite)) for start, end in pages]
    closed = [*code, *pages]
    for edit in _markdown(text, rewrite):
        if not any(start < edit[1] and edit[0] < end for start, end in closed):
            edits.append(edit)
    return splice(text, [edit for edit in edits if text[edit[0] : edit[1]] != edit[2]])


def _areas(text: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Where code and front matter stand, and where blocks of HTML do."""
    from toolkit.codes.markdown import parser

    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text)), len(text)]
    code: list[tuple[int, int]] = []
    pages: list[tuple[int, int]] = []
    for token in parser().parse(text):
        if token.map and token.type in ("fence", "code_block", "front_matter", "html_block"):
            first, last = (starts[min(line, len(starts) - 1)] for line in token.map)
            (pages if token.type == "html_block" else code).append((first, last))
    return code, pages


def _markdown(text: str, rewrite: Rewrite) -> Iterator[Edit]:
    at = 0
    for part in articles.FORMATS["markdown"].parse(text, "").parts:
        if isinstance(part, Block):
            yield from _codes(part, at, rewrite)
            at += len(part.original)
        else:
            for found in _DEFINITION.finditer(part):
                yield (at + found.start(1), at + found.end(1), _destination(found[1], rewrite))
            at += len(part)


def _codes(block: Block, at: int, rewrite: Rewrite) -> Iterator[Edit]:
    """The codes of a block, sought in order in its slice of the file."""
    cursor = 0
    for code in block.codes:
        place = block.original.find(code.data, cursor)
        if place < 0:
            continue
        cursor = place + len(code.data)
        if _TAG.match(code.data) and ":" not in code.data.split(">")[0].split(" ")[0]:
            yield (at + place, at + cursor, rewrite_tag(code.data, rewrite))
        elif found := _INLINE.search(code.data):
            start = at + place
            yield (start + found.start(1), start + found.end(1), _destination(found[1], rewrite))


def _destination(written: str, rewrite: Rewrite) -> str:
    """A destination in Markdown's spelling: in angle brackets or bare, punctuation perhaps escaped."""
    angle = written.startswith("<")
    raw = written[1:-1] if angle else written
    old = _ESCAPED.sub(r"\1", raw)
    new = rewrite(old)
    if new == old:
        return written
    if new.endswith(old):
        new = new[: len(new) - len(old)] + raw  # what was escaped stays escaped
    return f"<{new}>" if angle else new.replace(" ", "%20")
