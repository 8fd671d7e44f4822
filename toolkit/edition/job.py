"""The input of an edition: an article, its catalog in one language, and which translations are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from toolkit import article as articles
from toolkit import catalog as catalogs
from toolkit.article import Format, Problem
from toolkit.language import language
from toolkit.language.numbers import with_digits
from toolkit.models.about import About
from toolkit.units import Article, Block, Catalog, State, Unit


@dataclass(frozen=True, slots=True)
class Policy:
    """Which unapproved translations an edition contains."""

    only_reviewed: bool = False
    """It contains none of them; their paragraphs are in the source language."""
    include_drafts: bool = False
    """The `.mo` contains drafts too; the other forms contain them in any case."""


Shown = Literal["reviewed", "draft", "outdated", "source"]
"""What a reader sees of a paragraph: an approved translation, a draft, a translation of an earlier source, the source."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A paragraph of the article, and the text that the edition has for it."""

    block: Block
    unit: Unit | None
    text: str
    """The target, or the source where no target may be shown."""
    shown: Shown

    @property
    def by_person(self) -> bool:
        """Whether the text is a translation that a person wrote, changed or approved."""
        return self.shown != "source" and self.unit is not None and not self.unit.machine


@dataclass(frozen=True)
class EditionJob:
    """One article in one language, for editions in all forms."""

    article: Article
    id: str
    """The article's id: its path under the articles' folder, `/` between its parts, without the suffix."""
    catalog: Catalog | None
    """None for an edition in the source language."""
    file: str = ""
    """The article's file as shown to people; the native edition has its suffix."""
    catalog_file: str = ""
    """The catalog's file as shown to people, for problems."""
    policy: Policy = field(default_factory=Policy)
    siblings: tuple[str, ...] = ()
    """The other target languages (BCP 47) that have an HTML edition of this article."""
    folder: str = ""
    """The folder of the article, an absolute path with `/`; empty: relative links are left alone."""
    editions: str = ""
    """The folder of the editions, an absolute path with `/`."""
    base_url: str = ""
    """The URL at which that folder will be published; empty: links between editions are relative."""
    editorial_responsibility: str = ""
    """The person or organization with editorial responsibility for the published text."""
    linked: tuple[str, ...] = ()
    """The ids of places in the article that other articles link to, sorted."""
    keep_links: bool = False
    """In the native edition relative links stay as they are, because a generator of sites resolves them."""
    disclose: bool = True
    """The native edition says that it is a translation, and of what state."""
    names_units: bool = False
    """Each paragraph of the web edition has the short keys of its units in `data-unit`: for the preview while reviewing."""
    software: Mapping[str, tuple[About, ...]] = field(default_factory=dict)
    """What is known of the models, by their names in the provenance lines of drafts (`model=`)."""

    @property
    def format(self) -> Format:
        """The article's format."""
        return articles.formats()[self.article.format]

    @property
    def source_language(self) -> str:
        """BCP 47."""
        return self.article.source_language or "en"

    @property
    def language(self) -> str:
        """The edition's language, BCP 47."""
        return language(self.catalog.target_language).tag if self.catalog else self.source_language

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The paragraphs that are offered for translation, in the article's order."""
        units: dict[tuple[str, str], Unit] = {}
        for unit in self.catalog.live if self.catalog else ():
            units.setdefault((unit.source, unit.context), unit)
            units.setdefault((unit.source, ""), unit)
        found = []
        for block in self.article.blocks:
            if block.translate:
                of_block = units.get((block.source, block.id)) or units.get((block.source, ""))
                shown = _shown(of_block, self.policy)
                text = of_block.target if of_block is not None and shown != "source" else block.source
                found.append(Pair(block, of_block, text, shown))
        return tuple(found)

    @cached_property
    def plain_digits(self) -> bool:
        """Whether more of its paragraphs have Arabic digits than Tibetan ones, so that dates and counts have those too."""
        tibetan, ascii_ = with_digits(pair.text for pair in self.pairs if pair.shown != "source")
        return ascii_ > tibetan

    @cached_property
    def by_person(self) -> frozenset[str]:
        """The ids of the blocks whose shown text is a person's."""
        return frozenset(pair.block.id for pair in self.pairs if pair.by_person)

    def problem_lines(self, problems: Iterable[Problem]) -> tuple[str, ...]:
        """A line for each paragraph whose target was left out, with file and line: in the catalog if it has the unit, else in the article.

        `locales/bo/LC_MESSAGES/x.po:12: kept in the source language: the translation lost **…**`
        """
        pairs = {pair.block.id: pair for pair in self.pairs}
        found = ((pairs[problem.block.id], problem.reason) for problem in problems)
        return tuple(
            dict.fromkeys(f"{self._place(pair)}: kept in the source language: {reason}" for pair, reason in found)
        )

    def _place(self, pair: Pair) -> str:
        if self.catalog is not None and pair.unit is not None and self.catalog_file:
            return f"{self.catalog_file}:{catalogs.line_of(self.catalog, pair.unit)}"
        return f"{pair.block.location.file}:{pair.block.location.line}"


def by_name(unit: Unit) -> bool:
    """Whether a text from the memory was approved by name where it comes from."""
    line = unit.line("tm")
    return line is not None and bool(line.get("by"))


def _shown(unit: Unit | None, policy: Policy) -> Shown:
    if unit is None or not unit.target.strip():
        return "source"
    by_nobody = unit.state is State.REMEMBERED and not by_name(unit)
    if unit.state.approved and not (policy.only_reviewed and by_nobody):
        return "reviewed"
    if policy.only_reviewed:
        return "source"
    return "outdated" if unit.state is State.OUTDATED else "draft"
