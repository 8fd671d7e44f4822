"""The gettext catalog: what an article says in another language, who said it, and what a person thinks of it.

extract     article -> template
merge       old catalog + template -> catalog of the article as it is now
reconcile   what a person saved meanwhile wins
merge_sides two branches of a catalog in git become one
sign        a reviewer's name under what was approved
"""

from __future__ import annotations

import contextlib
import datetime
import re
from dataclasses import replace
from pathlib import Path

from toolkit.catalog import header
from toolkit.catalog.extract import belongs, extract
from toolkit.catalog.header import touch
from toolkit.catalog.merge import merge
from toolkit.catalog.po import dump, dump_mo, line_of, load
from toolkit.catalog.po_text import excerpt
from toolkit.catalog.reconcile import reconcile, take_words
from toolkit.catalog.shares import share
from toolkit.catalog.three_way import merge_sides
from toolkit.errors import CatalogError, UsageError
from toolkit.files import decode, read_bytes, show
from toolkit.language import language
from toolkit.units import Catalog, ProvenanceLine, Unit, review_hash

__all__ = [
    "approve",
    "belongs",
    "decoded",
    "dump",
    "dump_mo",
    "extract",
    "line_of",
    "load",
    "merge",
    "merge_sides",
    "parse_catalog",
    "read_catalog",
    "reconcile",
    "share",
    "sign",
    "spelled",
    "take_words",
    "touch",
]

_CHARSET = re.compile(
    rb'^(?:msgstr )?"(?:[^"\n]*\\n)?Content-Type:[^"\n]*(charset=[\w.:-]+)', re.IGNORECASE | re.MULTILINE
)
"""The first is the header's; it is looked for before decoding, so that a file in GBK is refused with the way on."""


def read_catalog(path: Path) -> Catalog:
    """The catalog in a .po or .pot file; DataError when it cannot be read, CatalogError (file:line) when it is broken."""
    return parse_catalog(decoded(read_bytes(path), path), path)


def decoded(data: bytes, path: Path) -> str:
    """The text of a catalog; DataError, naming the file and what to do, for another charset than UTF-8."""
    if found := _CHARSET.search(data):
        line = data.count(b"\n", 0, found.start(1)) + 1
        header.check_charset({"Content-Type": found[1].decode("ascii")}, show(path), line)
    return decode(data, show(path))


def parse_catalog(text: str, path: Path) -> Catalog:
    """The catalog in the text of a file; CatalogError (file:line) when it is broken."""
    catalog = load(text, show(path))
    return replace(catalog, target_language=_by_folder(catalog, path))


def _by_folder(catalog: Catalog, path: Path) -> str:
    """The target language: what the header says, or the locale folder, where the header says less. Poedit makes `zh` of
    `zh_Hant`, which alone would mean the simplified script."""
    said = catalog.metadata.get("Language", "").lower()
    locale = next((parent.parent.name for parent in path.parents if parent.name == "LC_MESSAGES"), "")
    if said.isalpha() and re.match(f"{said}[_-]", locale, re.IGNORECASE):
        with contextlib.suppress(UsageError):
            return language(locale).tag
    return catalog.target_language


def spelled(catalog: Catalog, path: Path) -> str:
    """The text of a catalog; CatalogError, naming the file, for what cannot stand in one."""
    try:
        return dump(catalog)
    except CatalogError as error:
        raise CatalogError(f"{show(path)}: {error}") from None


def sign(unit: Unit, reviewer: str, date: str | datetime.date) -> Unit:
    """The unit with the reviewer's name, bound to its msgid and msgstr as they are now; `date` is ISO 8601."""
    line = ProvenanceLine("reviewed", (("by", reviewer), ("date", str(date)), ("hash", review_hash(unit))))
    return unit.with_lines(line, without=("needs-work",))


def approve(unit: Unit, reviewer: str, date: str | datetime.date) -> Unit:
    """The unit as somebody approved it: not fuzzy, without a previous msgid, signed; CatalogError when it is empty."""
    if not unit.target:
        raise CatalogError(f"{excerpt(unit.source)}: has no translation to approve; write one first")
    return sign(replace(unit.flagged("fuzzy", on=False), previous_source=""), reviewer, date)
