"""Putting translations into the file without changing its block structure; those that would change it are left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from toolkit.article.markdown.structure import Document, document, signature
from toolkit.units import Article

_GUESSES = 30
"""How many damaging texts are searched for near the first difference of the structures, before bisection is used."""


def spliced(article: Article, doc: Document, texts: Mapping[str, str]) -> tuple[str, list[str]]:
    """The file with these texts (block id to Markdown) in place, and the ids of those left out, which would change its structure.

    `doc` is the document of the original.
    """
    wanted = signature(doc)
    left = {
        block.id: texts[block.id] for block in article.blocks if texts.get(block.id, block.original) != block.original
    }
    damaging: list[str] = []
    for _ in range(_GUESSES):
        at = _first_difference(wanted, article, left)
        if at is None:
            return _rendered(article, left), damaging
        culprit = _guess(wanted, article, doc, left, at)
        if culprit is None:
            break
        damaging.append(culprit)
        del left[culprit]
    kept: dict[str, str] = {}
    damaging += _halved(wanted, article, kept, list(left.items()))
    return _rendered(article, kept), damaging


def _rendered(article: Article, texts: Mapping[str, str]) -> str:
    return "".join(part if isinstance(part, str) else texts.get(part.id, part.original) for part in article.parts)


def _first_difference(wanted: Sequence[object], article: Article, texts: Mapping[str, str]) -> int | None:
    """The first index at which the signatures of the rendered file and the original differ; None if they are equal."""
    if not texts:
        return None
    got = signature(document(_rendered(article, texts), article.dialect))
    if got == wanted:
        return None
    return next((i for i, (a, b) in enumerate(zip(wanted, got, strict=False)) if a != b), min(len(wanted), len(got)))


def _guess(wanted: Sequence[object], article: Article, doc: Document, texts: Mapping[str, str], at: int) -> str | None:
    """The id of a changed block near the first difference without which the signatures differ later or not at all."""
    tokens = doc.tokens[: max(at - (len(wanted) - len(doc.tokens)) + 1, 0)]
    line = next((token.map[0] + 1 for token in reversed(tokens) if token.map), 1)
    changed = [block for block in article.blocks if block.id in texts]
    near = [block.id for block in changed if block.location.line <= line][-3:]
    near += [block.id for block in changed if block.location.line > line][:1]
    for candidate in reversed(near):
        rest = {id: text for id, text in texts.items() if id != candidate}
        further = _first_difference(wanted, article, rest)
        if further is None or further > at:
            return candidate
    return None


def _halved(
    wanted: Sequence[object], article: Article, kept: dict[str, str], texts: Sequence[tuple[str, str]]
) -> list[str]:
    """Add to `kept` all texts that do not change the structure; returns the ids of the others, found by bisection."""
    if _first_difference(wanted, article, kept | dict(texts)) is None:
        kept.update(texts)
        return []
    if len(texts) == 1:
        return [texts[0][0]]
    middle = len(texts) // 2
    return _halved(wanted, article, kept, texts[:middle]) + _halved(wanted, article, kept, texts[middle:])
