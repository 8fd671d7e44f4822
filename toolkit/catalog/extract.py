"""An article's template: one unit for each distinct text, with all its places."""

from __future__ import annotations

import re
from dataclasses import replace

from toolkit.catalog import header
from toolkit.units import Article, Block, Catalog, Markup, Unit, fold


def extract(article: Article, article_id: str, markup: Markup) -> Catalog:
    """The units of the blocks that are offered for translation, in the article's order; the language may be empty.

    Raises CatalogError when `article_id` cannot stand in a catalog.
    """
    flags = ("md-text",) if markup == "markdown" else ()  # for Weblate's checks; gettext's own tools drop it
    units: dict[str, Unit] = {}
    for block in article.blocks:
        if not block.translate or not block.source.strip():
            continue
        old = units.get(block.source, Unit(block.source, flags=flags))
        # of two types the first stands; what a note explains may differ from place to place
        notes = dict.fromkeys((*(old.notes or (f"type: {block.type}",)), *_notes(block)))
        locations = dict.fromkeys((*old.locations, block.location))
        units[block.source] = replace(old, notes=tuple(notes), locations=tuple(locations))
    metadata = header.new(article_id, article.source_language, markup)
    return Catalog(header.tag_of(article.source_language), "", tuple(units.values()), metadata)


def belongs(catalog: Catalog, template: Catalog) -> bool:
    """Whether a catalog is that of this article: by its name, else by half of the shorter one's msgids.

    So a renamed article is known again; a catalog without entries belongs to whoever it names, or to anybody.
    """
    if catalog.article and catalog.article == template.article:
        return True
    here = {fold(unit.source) for unit in template.live}
    there = {fold(unit.source) for unit in catalog.units}
    if not there:
        return not catalog.article
    return len(here & there) * 2 >= min(len(here), len(there)) > 0


def _notes(block: Block) -> list[str]:
    """The notes as `#.` lines hold them: one line each."""
    return [re.sub(r"[\x00-\x1f\x7f]+", " ", note).strip() for note in block.notes]
