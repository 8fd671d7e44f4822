"""Markdown is cut into skeleton and blocks by the places of its lines, never printed anew: it stays its author's.

A heading, paragraph, list item, table cell, quotation, footnote, definition, a text in raw HTML, a title in the front
matter or of a link is a block; code, markers, rules, link addresses and comments stay in the skeleton. Of a translation
nothing can change the structure of the document: see `serialize`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from toolkit import codes
from toolkit.article.rendered import Problem, Rendered, check_size
from toolkit.errors import CodesDiffer
from toolkit.units import Article, Block, Location, Segment

if TYPE_CHECKING:
    from toolkit.article.markdown.pieces import Piece
    from toolkit.article.markdown.structure import Document

__all__ = ["parse", "serialize"]


def parse(text: str, file: str = "") -> Article:
    """The article of a Markdown file.

    Raises DataError where a paragraph is longer than 100 kB.
    """
    from toolkit.article.markdown.pieces import read

    doc, found = read(text)
    parts: list[str | Block] = []
    position = 0
    for number, piece in enumerate(found, 1):
        check_size(piece.source, file, piece.line)
        parts += [text[position : piece.start]] if position < piece.start else []
        parts.append(
            Block(
                id=f"p{number}",
                type=piece.type,
                original=text[piece.start : piece.end],
                parts=(Segment(piece.source, piece.codes),),
                location=Location(file, piece.line),
                codes=piece.codes,
                spellings=piece.spellings,
            )
        )
        position = piece.end
    parts += [text[position:]] if position < len(text) else []
    return Article(text, "", "markdown", tuple(parts), _metadata(doc, found))


def serialize(article: Article, targets: Mapping[str, str]) -> Rendered:
    """The file with the targets (block id to text) in place.

    A target that lost or added codes, or that would change the structure of the document though it was escaped, is not
    put in: its block keeps the source's slice and is reported.
    """
    from toolkit.article.markdown.pieces import read
    from toolkit.article.markdown.splicing import settled
    from toolkit.article.markdown.writing import written

    doc, found = read(article.original)
    own = {f"p{number}": piece for number, piece in enumerate(found, 1)}
    reasons: dict[str, str] = {}
    texts: dict[str, str] = {}
    for block in article.blocks:
        if block.id not in targets or block.id not in own:
            continue
        try:
            if not targets[block.id].strip():
                raise CodesDiffer("the translation is empty")
            texts[block.id] = written(doc, own[block.id], targets[block.id])
        except CodesDiffer as error:
            reasons[block.id] = str(error)
    text, damaging = settled(article, doc, texts)
    reasons |= dict.fromkeys(damaging, "the translation would change the structure of the document")
    return Rendered(text, tuple(Problem(block, reasons[block.id]) for block in article.blocks if block.id in reasons))


def _metadata(doc: Document, pieces: Sequence[Piece]) -> dict[str, str]:
    """What the front matter says of the article; the title may also be the first heading of the highest level."""
    from toolkit.article.markdown import front_matter

    lines = next((token.map[1] for token in doc.tokens if token.type == "front_matter" and token.map), 0)
    found = {
        front_matter.METADATA[value.key]: value.text
        for value in front_matter.values(doc.original, lines)
        if value.key in front_matter.METADATA
    }
    if "title" not in found:
        heading = next((piece for piece in pieces if piece.type == "heading"), None)
        if heading:
            found["title"] = codes.strip(heading.source, codes.find(heading.source, "markdown")).text
    return found
