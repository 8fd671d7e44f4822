"""A paragraph that had to stay in the source language is named by file and line, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from toolkit import catalog as catalogs
from toolkit.edition.job import Job, Pair
from toolkit.units import Block


class Problem(Protocol):
    """What a format's `serialize` reports of a target that it could not put in."""

    @property
    def block(self) -> Block:
        """The paragraph."""
        ...

    @property
    def reason(self) -> str:
        """Why, in a translator's words."""
        ...


def problems_of(job: Job, problems: Iterable[Problem]) -> tuple[str, ...]:
    """`locales/bo/LC_MESSAGES/x.po:12: kept in the source language: link missing …`, in the article's order."""
    return tuple(dict.fromkeys(_lines(job, problems)))


def _lines(job: Job, problems: Iterable[Problem]) -> Iterator[str]:
    pairs = {pair.block.id: pair for pair in job.pairs}
    for problem in problems:
        yield f"{_place(job, pairs[problem.block.id])}: kept in the source language: {problem.reason}"


def _place(job: Job, pair: Pair) -> str:
    if job.catalog is not None and pair.unit is not None and job.catalog_file:
        return f"{job.catalog_file}:{catalogs.line_of(job.catalog, pair.unit)}"
    return f"{pair.block.location.file}:{pair.block.location.line}"
