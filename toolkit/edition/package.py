"""One zip per language: editions, catalogs and the manifest; the same content is the same bytes on any day."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolkit.edition.job import Job
from toolkit.edition.manifest import manifest
from toolkit.edition.names import package_name, safe_path
from toolkit.errors import DataError
from toolkit.language import language
from toolkit.units import Edition

_BEGINNING = 315532800
"""1 January 1980 in seconds since 1970: a zip knows no earlier day."""
_END = 4354819198
"""31 December 2107, its last day."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article in one language as it goes into a package."""

    job: Job
    editions: tuple[Edition, ...]
    catalog: bytes
    """The `.po` as it lies on disk."""


def package(tag: str, deliveries: Sequence[Delivery]) -> Edition:
    """`packages/<language>.zip`: all editions under their names, `locales/…po`, `mo/…`, and `manifest.json`.

    Entries are sorted, dated by SOURCE_DATE_EPOCH or 1980, without the packer's system or rights. The format of the
    edition is `package`, its article is empty. Raises DataError when two articles would share a name.
    """
    files: dict[str, bytes] = {}
    locale = language(tag).gettext
    for delivery in deliveries:
        catalog = f"locales/{locale}/LC_MESSAGES/{safe_path(delivery.job.id)}.po"
        for name, data in ((catalog, delivery.catalog), *((e.name, e.data) for e in delivery.editions)):
            if files.setdefault(name, data) != data:
                raise DataError(f"{delivery.job.id}: another article has the name {name} in the package; rename one")
    files["manifest.json"] = manifest([delivery.job for delivery in deliveries], files)
    problems = tuple(line for delivery in deliveries for edition in delivery.editions for line in edition.problems)
    return Edition("", language(tag).tag, "package", package_name(language(tag).tag), _zip(files), problems)


def _zip(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    day = _day()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, day)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data, compresslevel=6)
    return buffer.getvalue()


def _day() -> tuple[int, int, int, int, int, int]:
    """SOURCE_DATE_EPOCH in UTC, as far as a zip can say it."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = time.gmtime(min(max(int(text), _BEGINNING), _END) if text.isdecimal() else _BEGINNING)
    return moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]
