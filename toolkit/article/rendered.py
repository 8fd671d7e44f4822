"""The result of `Format.serialize`, and functions that all formats use for it.

Each target replaces its block's slice of the file, everything else is unchanged. A target that cannot be put in safely is
left out, and its block is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.codes import Difference
from toolkit.errors import CodesDiffer
from toolkit.units import Article, Block

LARGEST_PARAGRAPH = 100_000
"""Bytes of UTF-8. A longer paragraph is not offered: it is more likely damage, and no person could review it."""
TOO_LONG = "skipped: longer than 100 kB"
"""The note of a block that is not offered for that reason."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A target that was not put in, so that its block is still in the source language."""

    block: Block
    reason: str
    """In a translator's words: `the translation lost <1>…</1>`."""

    def __str__(self) -> str:
        place = self.block.location
        return f"{place.file}:{place.line}: {self.reason}; the source paragraph was kept"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document with its translations in place."""

    text: str
    problems: tuple[Problem, ...] = ()


def splice(article: Article, targets: Mapping[str, str], write: Callable[[Block, str], str]) -> Rendered:
    """The document with `write(block, target)` in place of each block that has a target.

    `write` raises CodesDiffer where a target cannot be put in safely; its block keeps its slice of the file.
    """
    problems: list[Problem] = []

    def written() -> Iterator[str]:
        for part in article.parts:
            if isinstance(part, str):
                yield part
            elif part.id in targets:
                yield attempt(part, targets[part.id], write, problems) or part.original
            else:
                yield part.original

    return Rendered("".join(written()), tuple(problems))


def attempt(block: Block, target: str, write: Callable[[Block, str], str], problems: list[Problem]) -> str | None:
    """`write(block, target)`; None where the target is empty or `write` raises CodesDiffer, which adds to `problems`."""
    try:
        if not target.strip():
            raise CodesDiffer("the translation is empty")
        return write(block, target)
    except CodesDiffer as error:
        problems.append(Problem(block, str(error)))
        return None


def too_long(source: str) -> bool:
    """Whether a paragraph is longer than 100 kB, so that it is left as it is."""
    return len(source) > LARGEST_PARAGRAPH // 4 and len(source.encode("utf-8", "replace")) > LARGEST_PARAGRAPH


def check_codes(difference: Difference) -> None:
    """Raises CodesDiffer that says how the codes of a translation differ from its source's, if they do."""
    if not difference:
        return
    said = [f"lost {' '.join(difference.missing)}"] if difference.missing else []
    said += [f"added {' '.join(difference.extra)}"] if difference.extra else []
    said += ["crossed its tags"] if difference.crossed else []
    raise CodesDiffer("the translation " + " and ".join(said))
