"""Where the cells of a table's row stand: markdown-it tells their texts, but not their places."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from markdown_it.common.utils import MD_TRIM_CHARS

from toolkit.article.markdown.structure import Span


def columns(source: str, line: Span) -> Iterator[Span]:
    """The spans of a row's cells, divided as markdown-it does it: at each `|` that has no backslash before it."""
    start, end = line
    while start < end and source[start] in MD_TRIM_CHARS:
        start += 1
    while start < end and source[end - 1] in MD_TRIM_CHARS:
        end -= 1
    bounds = [start - 1]
    bounds += [at for at in range(start, end) if source[at] == "|" and (at == start or source[at - 1] != "\\")]
    bounds.append(end)
    spans = [(before + 1, after) for before, after in itertools.pairwise(bounds)]
    if spans and spans[0][0] == spans[0][1]:
        spans.pop(0)
    if spans and spans[-1][0] == spans[-1][1]:
        spans.pop()
    return iter(spans)
