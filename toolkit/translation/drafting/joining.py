"""How sentences that were translated one by one become a paragraph: by the target language's joiner, not the source's gap."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.language import language


def between(before: str, after: str, target_language: str) -> str:
    """What stands between two target sentences that had blanks between their sources."""
    joiner = language(target_language).joiner
    return joiner or (" " if _latin(before[-1:]) and _latin(after[:1]) else "")


def joined(targets: Iterable[str], target_language: str) -> str:
    """The paragraph of these sentences."""
    text = ""
    for target in targets:
        text += (between(text, target, target_language) if text else "") + target
    return text


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
