"""A gettext catalog that comes back by itself: a translator was sent the `.po`, or a tool wrote a new one (OmegaT, Lokalize).

Nothing says what it was when it was sent but its entries: a machine's line has the hash of the draft. An entry that is not fuzzy
was approved by somebody, at some time; that of a tool which dropped our lines, and fuzzy with them (csv2po), only where its text
is another. Entries without a text say nothing: OmegaT leaves out what it did not translate.
"""

from __future__ import annotations

import codecs

from toolkit.catalog import po
from toolkit.catalog.exchange.model import Base, Document, Passage, Said
from toolkit.files import decode
from toolkit.units import MACHINE_MADE, State, Unit, markup_of


def load(data: bytes, name: str) -> tuple[Document, ...]:
    """The document in a catalog. Raises CatalogError, `name:line: …`, and DataError for another charset than UTF-8."""
    catalog = po.load(decode(data.removeprefix(codecs.BOM_UTF8), name), name)
    passages = tuple(
        Passage(unit, _said(unit), _base(unit), unit.comments, po.line_of(catalog, unit)) for unit in catalog.live
    )
    said = catalog.metadata.get("Language", "")
    markup = markup_of(catalog.metadata.get("X-Lokta-Markup", ""))
    return (Document(catalog.article or name, catalog.source_language, said, markup, passages),)


def _said(unit: Unit) -> Said:
    if not unit.target or unit.machine:
        return ""
    return "waits" if unit.fuzzy else "accepted"


def _base(unit: Unit) -> Base | None:
    """What a machine wrote, from its line."""
    made = next((line.get("hash") for line in unit.provenance if line.kind in MACHINE_MADE), "")
    return Base(made, State.DRAFT) if made else None
