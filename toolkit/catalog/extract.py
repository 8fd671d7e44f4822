"""An article's template: one unit for each distinct text, with all its places."""

from __future__ import annotations

from dataclasses import replace

from toolkit.catalog import header
from toolkit.units import Article, Catalog, Markup, Unit


def extract(article: Article, article_id: str, markup: Markup) -> Catalog:
    """The units of the blocks that are offered for translation, in the article's order; the language may be empty.

    Raises CatalogError when `article_id` or a path cannot stand in a catalog.
    """
    flags = ("md-text",) if markup == "markdown" else ()
    units: dict[str, Unit] = {}
    for block in article.blocks:
        if not block.translate:
            continue
        old = units.get(block.source)
        if old is None:
            notes = (f"type: {block.type}", *block.notes)
            units[block.source] = Unit(block.source, locations=(block.location,), notes=notes, flags=flags)
        else:
            added = tuple(note for note in block.notes if note not in old.notes)
            locations = tuple(dict.fromkeys((*old.locations, block.location)))
            units[block.source] = replace(old, locations=locations, notes=old.notes + added)
    metadata = header.new(article_id, article.source_language, markup)
    return Catalog(article.source_language, "", tuple(units.values()), metadata)


def belongs(catalog: Catalog, template: Catalog) -> bool:
    """Whether a catalog is that of this article: by its name, else by half of the shorter one's msgids."""
    if catalog.article and catalog.article == template.article:
        return True
    here = {unit.source for unit in template.live}
    there = {unit.source for unit in catalog.units}
    if not there:
        return not catalog.article
    return len(here & there) * 2 >= min(len(here), len(there))
