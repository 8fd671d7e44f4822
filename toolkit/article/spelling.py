"""The author's spelling of what a msgid writes plainly: soft line breaks, character references, quoted characters.

A soft line break is one blank in the msgid, a character reference its character. Where a target has the same characters at
the same offsets as its source (the msgid itself, a pseudo-translation), each is written to the file as the author wrote it;
in any other target it is written plainly.
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
    if len(source) != len(target) or any(
        source[spelling.start : spelling.end] != target[spelling.start : spelling.end] for spelling in spellings
    ):
        return write(target)
    written, at = [], 0
    for spelling in spellings:
        written += [write(target[at : spelling.start]), spelling.written]
        at = spelling.end
    return "".join([*written, write(target[at:])])
