"""Stage 6: making editions from an article and its catalog.

    native   the article in its own format            native/<language>/<id>.<suffix>
    html     a web page per language                  html/<language>/<id>.html
    mo       gettext's binary catalog                 mo/<locale>/LC_MESSAGES/<id>.mo
    package  all editions in a language               packages/<language>.zip

These forms are the table `FORMATS`; to add one, write a function `(job) -> Edition` and a line there. Whatever
depends on the format of the article is a method of its `Format` (`toolkit.article`).
"""

from __future__ import annotations

from collections.abc import Callable

from toolkit.edition import html, mo, native
from toolkit.edition.job import EditionJob, Pair, Policy
from toolkit.errors import UsageError
from toolkit.units import Edition

__all__ = ["FORMATS", "EditionJob", "Pair", "Policy", "render"]

FORMATS: dict[str, Callable[[EditionJob], Edition]] = {
    "native": native.render,
    "html": html.render,
    "mo": mo.render,
}


def render(format: str, job: EditionJob) -> Edition:
    """The edition of a job in one of the forms in `FORMATS`; the same job gives the same bytes.

    Raises UsageError for a form that is not in the table.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    return FORMATS[format](job)
