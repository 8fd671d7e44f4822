"""Sentence segmentation of a paragraph; the sentences and the text between them, joined, are the paragraph.

In doubt two sentences stay together. Chinese and Tibetan have scanners of their own; for every other language sentencex
is used, with corrections for news prose. A boundary never falls into an inline code or a URL.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from toolkit.codes import within
from toolkit.language import Language, language
from toolkit.segment import chinese, spaced, tibetan
from toolkit.segment.mask import mask
from toolkit.segment.pairs import after_blanks
from toolkit.units import Block, Code, Segment

__all__ = ["segment", "sentences"]

Scanner = Callable[[str, Language], Iterable[int]]
"""The offsets, ascending, at which a new sentence begins."""

SCANNERS: dict[str, Scanner] = {"Hans": chinese.starts, "Hant": chinese.starts, "Tibt": tibetan.starts}
"""By script; `spaced.starts` for all others."""


def segment(block: Block, tag: str) -> Block:
    """The block with its msgid cut into sentences, each with its own codes; `block.source` does not change.

    Blocks that are not translated stay as they are. Raises UsageError for an unknown language.
    """
    if not block.translate:
        return block
    source = block.source
    parts: list[str | Segment] = []
    end = 0
    for start, stop in sentences(source, tag, block.codes):
        if start > end:
            parts.append(source[end:start])
        parts.append(Segment(source[start:stop], within(block.codes, start, stop)))
        end = stop
    if end < len(source):
        parts.append(source[end:])
    return replace(block, parts=tuple(parts))


def sentences(text: str, tag: str, codes: Sequence[Code] = ()) -> list[tuple[int, int]]:
    """The spans of the sentences, without the blanks between them; every code lies inside one span.

    `codes` are sorted and do not overlap. Raises UsageError for an unknown language.
    """
    spoken = language(tag)
    masked = mask(text, codes)
    scan = SCANNERS.get(spoken.script, spaced.starts)
    cuts = [after_blanks(masked.text, 0)]
    cuts += [cut for cut in scan(masked.text, spoken) if cut > cuts[0]]
    spans = []
    for cut, following in zip(cuts, [*cuts[1:], len(masked.text)], strict=True):
        words = masked.text[cut:following].rstrip()
        if words:
            spans.append((masked.start(cut), masked.end(cut + len(words))))
    return _with_codes(spans, codes, text)


def _with_codes(spans: list[tuple[int, int]], codes: Sequence[Code], text: str) -> list[tuple[int, int]]:
    """The spans, extended over the codes between them: an opening code belongs to the next sentence, any other to the one before."""
    if not spans:
        return [(codes[0].start, codes[-1].end)] if codes else []
    placed: list[tuple[int, int]] = []
    first = low = 0
    for index, (start, end) in enumerate(spans):
        final = index + 1 == len(spans)
        following = len(codes) if final else bisect_left(codes, spans[index + 1][0], first, key=lambda code: code.start)
        while (
            not final and following > first and codes[following - 1].kind == "sc" and codes[following - 1].start >= end
        ):
            following -= 1
        for code in codes[first:following]:
            start, end = min(start, code.start), max(end, code.end)
        first = following
        start = max(start, low)
        if start < end:
            placed.append((start, end))
            low = end
    return placed
