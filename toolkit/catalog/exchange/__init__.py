"""The formats in which catalogs go to the tools of translators and come back: XLIFF 1.2, 2.0 and 2.1, TMX 1.4b; PO comes back.

    dump(documents) -> text    load(data, name) -> documents

A Document is what an article has in one language; a Passage is one unit of it: the entry as the file holds it, what the file
says of its state, and the target that it had when it was exported (`Base`), so that three versions can be compared later.
"""

from __future__ import annotations

from toolkit.catalog.exchange import po_units, tmx_units, xliff12, xliff20, xliff21
from toolkit.catalog.exchange.model import Base, Document, Passage, Said, document
from toolkit.catalog.exchange.xml import root_of
from toolkit.errors import DataError

__all__ = ["FORMATS", "Base", "Document", "Passage", "Said", "document", "load"]

FORMATS = {"xliff": xliff12, "xliff2": xliff21, "xliff2.0": xliff20, "tmx": tmx_units}
"""By the name that `--format` takes; a format has `dump` and `load`."""


def load(data: bytes, name: str) -> tuple[Document, ...]:
    """The documents in an XLIFF file of either version, in a TMX file, or in a gettext catalog (`.po`). Raises DataError,
    `name:line: …`, for what is none, or is broken."""
    if name.lower().endswith(".po"):
        return po_units.load(data, name)
    root, version, line = root_of(data, name)
    if root == "tmx":
        return tmx_units.load(data, name)
    if root != "xliff":
        raise DataError(f"{name}:{line}: is neither XLIFF nor TMX; name a file of a translator's tool")
    if version.startswith("1."):
        return xliff12.load(data, name)
    if version.startswith("2."):
        return xliff21.load(data, name)
    raise DataError(f"{name}:{line}: is XLIFF of version {version or 'unknown'}; 1.0 to 1.2 and 2.0 to 2.2 can be read")
