"""XLIFF 2.0: the same document as XLIFF 2.1 under the older number, for tools that refuse the newer one, as Poedit 3.2 does."""

from __future__ import annotations

from collections.abc import Iterable

from toolkit.catalog.exchange import xliff21
from toolkit.catalog.exchange.model import Document

SUFFIX = xliff21.SUFFIX
load = xliff21.load


def dump(documents: Iterable[Document]) -> str:
    """The text of an XLIFF 2.0 file; all documents are of one pair of languages."""
    return xliff21.dump(documents, "2.0")
