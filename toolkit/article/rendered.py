"""Rendering splices: a translation takes the place of its block's slice; what cannot be put in safely stays source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from toolkit.codes import Difference
from toolkit.errors import CodesDiffer, DataError
from toolkit.units import Article, Block

LARGEST_PARAGRAPH = 100_000
"""Bytes of UTF-8; what is longer is no paragraph, and no person could review it as one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A block that was rendered as the source, and why."""

    block: Block
    reason: str

    def __str__(self) -> str:
        place = self.block.location
        return f"{place.file}:{place.line}: {self.reason}; the source paragraph was kept"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document with its translations in place."""

    text: str
    problems: tuple[Problem, ...] = ()


def splice(article: Article, targets: Mapping[str, str], put: Callable[[Block, str], str]) -> Rendered:
    """The document with `put(block, target)` in place of each block that has a target.

    `put` raises CodesDiffer where a target cannot be put in safely; that block keeps its slice of the file.
    """
    problems: list[Problem] = []

    def pieces() -> Iterator[str]:
        for part in article.parts:
            if isinstance(part, str):
                yield part
            elif part.id in targets:
                yield attempt(part, targets[part.id], put, problems) or part.original
            else:
                yield part.original

    return Rendered("".join(pieces()), tuple(problems))


def attempt(block: Block, target: str, put: Callable[[Block, str], str], problems: list[Problem]) -> str | None:
    """What `put` makes of the target; None, and a problem more, where it cannot be put in."""
    try:
        if not target.strip():
            raise CodesDiffer("the translation is empty")
        return put(block, target)
    except CodesDiffer as error:
        problems.append(Problem(block, str(error)))
        return None


def check_size(source: str, file: str, line: int) -> None:
    """Raises DataError where a paragraph is longer than 100 kB."""
    if len(source) > LARGEST_PARAGRAPH // 4 and len(source.encode("utf-8", "replace")) > LARGEST_PARAGRAPH:
        raise DataError(
            f"{file or 'the text'}:{line}: a paragraph is longer than 100 kB; divide it by blank lines and try again"
        )


def check_codes(difference: Difference) -> None:
    """Raises CodesDiffer that says how the codes of a translation differ, if they do."""
    if not difference:
        return
    said = [f"lost {' '.join(difference.missing)}"] if difference.missing else []
    said += [f"added {' '.join(difference.extra)}"] if difference.extra else []
    said += ["crossed its tags"] if difference.crossed else []
    raise CodesDiffer("the translation " + " and ".join(said))
