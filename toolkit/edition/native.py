"""The native edition: the article in its own format, with the translations in place.

Beyond that only language, charset and links change, so that the edition declares its language and its images and links lead
to the same places; and it says that it is a translation, how much of it a person reviewed, and which machine drafted it.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from toolkit.article import Problem
from toolkit.edition.disclosure import of_native
from toolkit.edition.job import EditionJob
from toolkit.edition.links import rebase
from toolkit.edition.names import native_name
from toolkit.language import language
from toolkit.units import Edition


def render(job: EditionJob) -> Edition:
    """The native edition; `problems` has each paragraph that had to stay in the source language, with file:line."""
    text, problems = undisclosed(job)
    if job.disclose and job.catalog is not None:
        text = job.format.disclose(text, of_native(job))
    return Edition(job.id, job.language, "native", _name(job), text.encode(), job.problem_lines(problems))


def undisclosed(job: EditionJob) -> tuple[str, tuple[Problem, ...]]:
    """The text of the native edition before it says that it is a translation, and the problems: what was edited since is found by
    comparing with it block by block."""
    folder = f"{job.editions}/{PurePosixPath(_name(job)).parent}" if job.editions else ""
    targets = {pair.block.id: pair.text for pair in job.pairs if pair.shown != "source"}
    rendered = job.format.serialize(job.article, targets, job.by_person)
    text = job.format.keep_anchors(job.article, rendered.text, job.linked)
    text = job.format.declare_language(text, job.source_language, language(job.language))
    if not job.keep_links:
        dialect = (job.article.dialect,) if job.article.dialect else ()
        text = job.format.rewrite_links(text, lambda url: rebase(url, job.folder, folder), *dialect)
    return text, tuple(rendered.problems)


def _name(job: EditionJob) -> str:
    return native_name(job.id, job.language, PurePosixPath(job.file.replace("\\", "/")).suffix)
