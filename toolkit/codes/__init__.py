"""Inline codes: find them in a text, compare two texts, hide them from an engine and put them back.

A code is what must come out of a translation unharmed: `<1>…</1>` in tags, `**…**` and `[…](url)` in Markdown,
addresses and placeholders in every markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.codes.masking import Masked, mask, readable, restore, strip
from toolkit.units import Code, Markup

__all__ = ["Code", "Difference", "Masked", "compare", "find", "mask", "readable", "restore", "show", "strip", "within"]


@dataclass(frozen=True, slots=True)
class Difference:
    """How the codes of a target differ from those of its source; falsy when they do not."""

    missing: tuple[str, ...] = ()
    """What the source has and the target lacks, as a person would write it: `**…**`, `https://a.org`."""
    extra: tuple[str, ...] = ()
    crossed: bool = False
    """A pair of the target is not closed inside the pair that it was opened in, though the source's are."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.crossed)


def find(text: str, markup: Markup) -> tuple[Code, ...]:
    """The codes of a text, in order and without overlap."""
    if markup == "markdown":
        from toolkit.codes import markdown

        return markdown.find(text)
    if markup == "tags":
        from toolkit.codes import tags

        return tags.find(text)
    from toolkit.codes import plain

    return plain.find(text)


def compare(source: str, target: str, markup: Markup) -> Difference:
    """What the target does to the source's codes. Pairs may change places as wholes; their data must stay as it is."""
    return difference(find(source, markup), find(target, markup))


def difference(source: Sequence[Code], target: Sequence[Code]) -> Difference:
    """The same for codes that were found already."""
    wanted, crossed_before = _wholes(source)
    given, crossed = _wholes(target)
    missing, extra = Counter(wanted), Counter(given)
    missing.subtract(given)
    extra.subtract(wanted)
    return Difference(tuple((+missing).elements()), tuple((+extra).elements()), crossed and not crossed_before)


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


def _wholes(codes: Sequence[Code]) -> tuple[list[str], bool]:
    """Each pair and placeholder as a person would write it, and whether pairs cross."""
    wholes: list[str] = []
    open_: list[Code] = []
    crossed = False
    for code in codes:
        if code.kind == "ph":
            wholes.append(code.data)
        elif code.kind == "sc":
            open_.append(code)
        else:
            # A numbered tag says whom it closes; in Markdown the parser has paired them properly.
            at = next((i for i in range(len(open_) - 1, -1, -1) if _closes(code.data, open_[i].data)), None)
            if at is None:
                wholes.append(code.data)
                continue
            crossed = crossed or at != len(open_) - 1
            wholes.append(f"{open_.pop(at).data}…{code.data}")
    return wholes + [code.data for code in open_], crossed


def _closes(closing: str, opening: str) -> bool:
    """Whether the second half of a pair could belong to the first: only numbered tags are choosy."""
    label = opening[1:-1]
    return not (label.isdecimal() and opening.startswith("<")) or closing == f"</{label}>"
