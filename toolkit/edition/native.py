"""The article in its own format: the format splices the translations in, and beyond that only language, charset and
links change, so that the edition says what it is and its images work from where it lies."""

from __future__ import annotations

from pathlib import PurePosixPath

from toolkit import article as articles
from toolkit.edition.front import declare_language as declare_in_front_matter
from toolkit.edition.job import Job
from toolkit.edition.links import Rewrite, rewrite_html, rewriter
from toolkit.edition.markdown_links import rewrite_markdown
from toolkit.edition.names import native_name
from toolkit.edition.problems import problems_of
from toolkit.edition.site import declare_language
from toolkit.language import language
from toolkit.units import Edition


def render(job: Job) -> Edition:
    """The native edition; `problems` names each paragraph that had to stay in the source language, with file:line."""
    name = native_name(job.id, job.language, job.suffix)
    form = articles.FORMATS[job.article.format]
    targets = {pair.block.id: pair.text for pair in job.pairs if pair.shown != "source"}
    rendered = form.serialize(job.article, targets)
    links = rewriter(job.folder, f"{job.editions}/{PurePosixPath(name).parent}" if job.editions else "")
    text = _own(rendered.text, job, links)
    return Edition(job.id, job.language, "native", name, text.encode(), problems_of(job, rendered.problems))


def _own(text: str, job: Job, links: Rewrite) -> str:
    spoken = language(job.language)
    if job.article.format == "html":
        return rewrite_html(declare_language(text, job.source_language, spoken), links)
    if job.article.format == "markdown":
        return rewrite_markdown(declare_in_front_matter(text, spoken.tag), links)
    return text
