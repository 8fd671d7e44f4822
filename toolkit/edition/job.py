"""What an edition is made from: an article, its catalog in one language, and how much of it a reader may see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePosixPath
from typing import Literal

from toolkit.models.about import About
from toolkit.units import Article, Block, Catalog, State, Unit


@dataclass(frozen=True, slots=True)
class Policy:
    """How much of what nobody has approved goes out."""

    only_reviewed: bool = False
    """A paragraph that nobody approved stands in the source language."""
    include_drafts: bool = False
    """`.mo` holds drafts too."""


Shown = Literal["reviewed", "draft", "outdated", "source"]
"""What a reader sees of a paragraph: approved by a person, a draft, a translation of older words, the source."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph of the article with what stands for it in the edition."""

    block: Block
    unit: Unit | None
    text: str
    """The target, or the source where there is none to show."""
    shown: Shown


@dataclass(frozen=True)
class Job:
    """One article into one language, for all formats."""

    article: Article
    id: str
    """The article's id: its path under the articles' folder, `/` between its parts, without the suffix."""
    catalog: Catalog | None
    """None: the edition in the source language."""
    file: str = ""
    """The article's file as shown to people; its suffix is the native edition's."""
    catalog_file: str = ""
    """The catalog as shown to people; problems name it with the line."""
    policy: Policy = field(default_factory=Policy)
    siblings: tuple[str, ...] = ()
    """The other target languages (BCP 47) that have an HTML edition of this article."""
    folder: str = ""
    """Where the article lies, an absolute path with `/`; empty: relative links are left alone."""
    editions: str = ""
    """Where the editions lie, an absolute path with `/`."""
    base_url: str = ""
    """Where the editions' folder will be published; empty: links between editions are relative."""
    editorial_responsibility: str = ""
    """Who answers for the published text."""
    software: Mapping[str, tuple[About, ...]] = field(default_factory=dict)
    """What is known of the models, by what drafts are signed with (`model=`)."""

    @property
    def source_language(self) -> str:
        """BCP 47."""
        return self.article.source_language or "en"

    @property
    def language(self) -> str:
        """The edition's language, BCP 47."""
        from toolkit.language import language

        return language(self.catalog.target_language).tag if self.catalog else self.source_language

    @property
    def suffix(self) -> str:
        """`.md`, `.html`; with the dot, as the article's file has it."""
        return PurePosixPath(self.file.replace("\\", "/")).suffix

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The paragraphs that are offered for translation, in the article's order."""
        return tuple(_pairs(self))


def _pairs(job: Job) -> Iterator[Pair]:
    units: dict[tuple[str, str], Unit] = {}
    for unit in job.catalog.live if job.catalog else ():
        units.setdefault((unit.source, unit.context), unit)
        units.setdefault((unit.source, ""), unit)
    for block in job.article.blocks:
        if block.translate:
            found = units.get((block.source, block.id)) or units.get((block.source, ""))
            shown = _shown(found, job.policy)
            text = found.target if found is not None and shown != "source" else block.source
            yield Pair(block, found, text, shown)


def _shown(unit: Unit | None, policy: Policy) -> Shown:
    if unit is None or not unit.target.strip():
        return "source"
    if unit.state.approved:
        return "reviewed"
    if policy.only_reviewed:
        return "source"
    return "outdated" if unit.state is State.OUTDATED else "draft"
