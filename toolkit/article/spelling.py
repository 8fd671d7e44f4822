"""Restoring the spelling of the file where a msgid is simplified: soft line breaks, character references, escapes.

A soft line break is one blank in the msgid, a character reference its character. Where a target has the same characters at
the same offsets as its source (the msgid itself, a pseudo-translation), each is written as in the file; in any other target
all are left in the simple form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from toolkit.codes import replaced
from toolkit.units import Spelling


def respell(source: str, target: str, spellings: Sequence[Spelling], write: Callable[[str], str] = str) -> str:
    """The target as the file writes it; `write` is applied to what stands between the spellings.

    The spellings are in order and do not overlap; their offsets count characters of `source`.
    """
    same = len(source) == len(target) and all(source[s.start : s.end] == target[s.start : s.end] for s in spellings)
    return replaced(target, ((s.start, s.end, s.written) for s in spellings if same), write)
