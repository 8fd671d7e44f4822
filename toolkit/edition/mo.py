"""The binary catalog (`.mo`) that gettext programs load: approved translations, and drafts only when asked for."""

from __future__ import annotations

from dataclasses import replace

from toolkit.catalog import po
from toolkit.edition.job import EditionJob
from toolkit.edition.names import mo_name
from toolkit.errors import UsageError
from toolkit.language import language
from toolkit.units import Edition


def render(job: EditionJob) -> Edition:
    """The `.mo`; raises UsageError for the source language, which has no catalog."""
    if job.catalog is None:
        raise UsageError(f"{job.id}: the source language has no .mo; name a target: --to LANG")
    locale = language(job.language).gettext
    include = job.policy.include_drafts and not job.policy.only_reviewed
    data = po.dump_mo(replace(job.catalog, target_language=job.language), include)
    return Edition(job.id, job.language, "mo", mo_name(job.id, locale), data)
