"""The gettext catalog: what an article says in another language, who said it, and what a person thinks of it.

extract     article -> template
merge       old catalog + template -> catalog of the article as it is now
reconcile   what a person saved meanwhile wins
sign        a reviewer's name under what was approved
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toolkit.catalog import po
from toolkit.catalog.extract import belongs, extract
from toolkit.catalog.header import touch
from toolkit.catalog.merge import merge
from toolkit.catalog.po import line_of
from toolkit.catalog.reconcile import reconcile
from toolkit.files import atomic_write, read_text, show
from toolkit.units import Catalog, Mark, Unit, review_hash

__all__ = [
    "approve",
    "belongs",
    "extract",
    "line_of",
    "merge",
    "read_catalog",
    "reconcile",
    "sign",
    "touch",
    "write_catalog",
]


def read_catalog(path: Path) -> Catalog:
    """The catalog in a PO file; DataError or CatalogError when it cannot be read."""
    return po.load(read_text(path), show(path))


def write_catalog(path: Path, catalog: Catalog) -> bool:
    """Write a catalog; False when the file already said the same. Hold `files.lock` around reading and writing."""
    return atomic_write(path, po.dump(catalog))


def sign(unit: Unit, reviewer: str, date: str) -> Unit:
    """The unit with the reviewer's name, bound to its msgid and msgstr as they are now; `date` is ISO 8601."""
    line = Mark("reviewed", (("by", reviewer), ("date", date), ("hash", review_hash(unit))))
    return unit.marked(line, without=("needs-work",))


def approve(unit: Unit, reviewer: str, date: str) -> Unit:
    """The unit as somebody approved it: not fuzzy, without a previous msgid, signed."""
    return sign(replace(unit.flagged("fuzzy", on=False), previous_source=""), reviewer, date)
