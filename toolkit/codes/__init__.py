"""Inline codes: find them in a text, compare two texts, hide them from an engine and put them back.

A code is a part of a text that a translation must keep unchanged: `<1>…</1>` in tags, `**…**` and `[…](url)` in Markdown,
addresses and placeholders in every markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from toolkit.codes import markdown, plain, tags
from toolkit.codes.comparing import Difference, difference
from toolkit.codes.masking import Masked, mask, readable, restore, strip
from toolkit.codes.spans import Edit, paired, replaced
from toolkit.units import Code, Markup

__all__ = [
    "Code",
    "Difference",
    "Edit",
    "Masked",
    "compare",
    "difference",
    "find",
    "mask",
    "paired",
    "readable",
    "replaced",
    "restore",
    "strip",
    "within",
]


_FIND: Mapping[Markup, Callable[[str], tuple[Code, ...]]] = {
    "plain": plain.find,
    "tags": tags.find,
    "markdown": markdown.find,
}


def find(text: str, markup: Markup) -> tuple[Code, ...]:
    """The codes of a text, in order and without overlap."""
    return _find_again(text, markup) if len(text) < _REMEMBERED else _FIND[markup](text)


_REMEMBERED = 4_000


@lru_cache(maxsize=64)
def _find_again(text: str, markup: Markup) -> tuple[Code, ...]:
    """The same; several rules ask for the codes of one text, one after the other."""
    return _FIND[markup](text)


def compare(source: str, target: str, markup: Markup) -> Difference:
    """How the codes of the target differ from those of the source. Pairs may be reordered as wholes; their data may not change."""
    return difference(find(source, markup), find(target, markup))


def within(codes: Sequence[Code], start: int, end: int) -> tuple[Code, ...]:
    """The codes that lie entirely between two offsets; their own offsets are then relative to `start`."""
    return tuple(
        replace(code, start=code.start - start, end=code.end - start)
        for code in codes
        if start <= code.start and code.end <= end
    )
