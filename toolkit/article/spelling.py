"""A msgid is written simply; the file may write the same otherwise, and gets its own spelling back.

A soft line break is one blank in the msgid, a character reference its character. Where a translation has the same
characters at the same offsets (the msgid itself, a pseudo-translation), each comes back as the author wrote it;
anywhere else it is written plainly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from toolkit.units import Spelling


def respell(
    source: str, target: str, spellings: Sequence[Spelling], write: Callable[[str], str] = lambda text: text
) -> str:
    """The target as the file writes it; `write` is applied to what stands between the spellings.

    The spellings are in order and do not overlap; their offsets count characters of `source`.
    """
    if not same_places(source, target, spellings):
        return write(target)
    written, at = [], 0
    for spelling in spellings:
        written += [write(target[at : spelling.start]), spelling.written]
        at = spelling.end
    return "".join([*written, write(target[at:])])


def same_places(source: str, target: str, spellings: Sequence[Spelling]) -> bool:
    """Whether the target is as long as the source and says the same at each spelling."""
    return len(source) == len(target) and all(
        source[spelling.start : spelling.end] == target[spelling.start : spelling.end] for spelling in spellings
    )
