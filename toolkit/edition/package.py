"""One zip per language: editions, catalogs and the manifest; the same content is the same bytes on any day."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from toolkit.edition.job import EditionJob
from toolkit.edition.manifest import article_record, manifest, model_records
from toolkit.edition.names import safe_path
from toolkit.errors import DataError
from toolkit.language import language
from toolkit.units import Edition

_BEGINNING = 315532800
"""1 January 1980 in seconds since 1970, the earliest date of a zip entry."""
_END = 4354819198
"""31 December 2107, the latest one."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a package; its bytes are read when they are packed."""

    size: int
    sha256: str
    read: Callable[[], bytes] = field(compare=False)

    @classmethod
    def of(cls, data: bytes) -> Member:
        """A file that is held in memory."""
        return cls(len(data), hashlib.sha256(data).hexdigest(), lambda: data)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An article in one language as it goes into a package."""

    article: str
    """The article's id."""
    files: Mapping[str, Member]
    """Editions and catalog by their names in the package."""
    record: Mapping[str, Any]
    """The record of the article in the manifest."""
    models: Sequence[Mapping[str, Any]]
    """The records in the manifest of the models that drafted it."""

    @classmethod
    def of(cls, job: EditionJob, editions: Sequence[Edition], catalog: bytes) -> Delivery:
        """A delivery that is held in memory; `catalog` is the content of the `.po` file."""
        files = {edition.name: Member.of(edition.data) for edition in editions}
        files[catalog_name(job.id, job.language)] = Member.of(catalog)
        return cls(job.id, files, article_record(job), model_records(job))


def catalog_name(article: str, tag: str) -> str:
    """`locales/zh_Hans/LC_MESSAGES/posts/my-post.po`: the name of an article's catalog in a package."""
    return f"locales/{language(tag).gettext}/LC_MESSAGES/{safe_path(article)}.po"


def write_package(tag: str, deliveries: Sequence[Delivery], file: BinaryIO) -> None:
    """Write the zip of a language: all editions under their names, `locales/…po`, `mo/…`, and `manifest.json`.

    Entries are sorted, dated by SOURCE_DATE_EPOCH or 1980, without the packer's system or rights. Raises DataError when
    two articles would share a name.
    """
    files: dict[str, Member] = {}
    for delivery in deliveries:
        for name, member in delivery.files.items():
            if files.setdefault(name, member) != member:
                raise DataError(f"{delivery.article}: another article has the name {name} in the package; rename one")
    records = [delivery.record for delivery in sorted(deliveries, key=lambda one: one.article)]
    models = [model for delivery in deliveries for model in delivery.models]
    sums = {name: (member.size, member.sha256) for name, member in files.items()}
    files["manifest.json"] = Member.of(manifest(language(tag).tag, sums, models, records))
    day = _day()
    with zipfile.ZipFile(file, "w") as archive:
        for name, member in sorted(files.items()):
            entry = zipfile.ZipInfo(name, day)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.read(), compresslevel=6)


def _day() -> tuple[int, int, int, int, int, int]:
    """SOURCE_DATE_EPOCH in UTC, limited to the dates that a zip can hold; 1 January 1980 where it is not set."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = time.gmtime(min(max(int(text), _BEGINNING), _END) if text.isdecimal() else _BEGINNING)
    return moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]
