"""A catalog in the making: opened, merged with its article, and saved so that a person's edit meanwhile wins."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit import project
from toolkit.config import Config
from toolkit.errors import UsageError
from toolkit.files import lock, show, sweep
from toolkit.project import Loaded
from toolkit.translation.second import NONE, Seconds
from toolkit.units import Catalog


@dataclass(slots=True)
class Job:
    """One article in one target language."""

    loaded: Loaded
    target: str
    path: Path
    read: Catalog | None
    """As last seen on disk; the base when somebody edits the file meanwhile."""
    merged: Catalog
    """Merged with the article, before anything was drafted."""
    now: Catalog
    taken_from: str = ""
    """The old name of a renamed article."""
    conflicts: list[str] = field(default_factory=list)
    second: Seconds = NONE
    """What is approved in another language and may help its drafts."""


def open_job(config: Config, one: Loaded, target: str, ids: Sequence[str]) -> Job:
    """Read the catalog on disk, if there is one, and merge it with the article as it is now; `ids` are all articles of the run."""
    path = project.catalog_path(config, one.source.id, target)
    sweep(path.parent)
    old, taken_from = project.old_catalog(config, one, target, ids)
    merged = catalogs.merge(old, one.template, target)
    return Job(one, target, path, None if taken_from else old, merged, merged, taken_from)


def save(job: Job) -> None:
    """Write the catalog if it says something new; what a person saved meanwhile wins over the machine."""
    if job.read is not None and job.now == job.read:
        return
    with lock(job.path.parent):
        disk = catalogs.read_catalog(job.path) if job.path.is_file() else None
        if disk is not None and job.read is not None and disk != job.read:
            job.now, conflicts = catalogs.reconcile(job.read, job.now, disk)
            job.conflicts += [f"{show(job.path)}: {line}" for line in conflicts]
        if disk is None or job.now != disk:
            job.now = catalogs.touch(job.now, now())
            catalogs.write_catalog(job.path, job.now)
            job.now = catalogs.read_catalog(job.path)
        job.read = job.now


def save_template(config: Config, one: Loaded) -> None:
    """Write the article's template, unless the one on disk says the same."""
    path = project.template_path(config, one.source.id)
    with lock(path.parent):
        old = catalogs.read_catalog(path) if path.is_file() else None
        if old is None or old != one.template:
            catalogs.write_catalog(path, one.template)


def now() -> datetime:
    """The clock of PO-Revision-Date and review dates; SOURCE_DATE_EPOCH sets it."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    try:
        return datetime.fromtimestamp(int(epoch) if epoch.isdecimal() else time.time(), UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError("SOURCE_DATE_EPOCH is beyond any calendar; give seconds since 1970, or unset it") from None
