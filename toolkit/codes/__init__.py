"""Inline codes: find them in a text, compare two texts, hide them from an engine and put them back.

A code is what must come out of a translation unharmed: `<1>…</1>` in tags, `**…**` and `[…](url)` in Markdown,
addresses and placeholders in every markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.codes import markdown, plain, tags
from toolkit.codes.comparing import Difference, difference
from toolkit.codes.masking import Masked, mask, readable, restore, strip
from toolkit.units import Code, Markup

__all__ = [
    "Code",
    "Difference",
    "Masked",
    "compare",
    "difference",
    "find",
    "mask",
    "readable",
    "restore",
    "show",
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
    return _FIND[markup](text)


def compare(source: str, target: str, markup: Markup) -> Difference:
    """What the target does to the source's codes. Pairs may change places as wholes; their data must stay as it is."""
    return difference(find(source, markup), find(target, markup))


def within(codes: Sequence[Code], start: int, end: int) -> tuple[Code, ...]:
    """The codes that lie whole between two offsets, counted from the first of these."""
    return tuple(
        replace(code, start=code.start - start, end=code.end - start)
        for code in codes
        if start <= code.start and code.end <= end
    )


def show(text: str, codes: Sequence[Code]) -> str:
    """The text for people who read no markup: numbered tags in place of its codes."""
    result, position = [], 0
    numbers = dict(_numbered(codes))
    for index, code in enumerate(codes):
        number = numbers[index]
        tag = {"ph": f"<{number}/>", "sc": f"<{number}>", "ec": f"</{number}>"}[code.kind]
        result += [text[position : code.start], tag]
        position = code.end
    return "".join(result) + text[position:]


def _numbered(codes: Sequence[Code]) -> Iterator[tuple[int, int]]:
    """Index and number of each code; the closing half of a pair has the number of its opening half."""
    open_: list[int] = []
    number = 0
    for index, code in enumerate(codes):
        if code.kind == "ec" and open_:
            yield index, open_.pop()
            continue
        number += 1
        if code.kind == "sc":
            open_.append(number)
        yield index, number
