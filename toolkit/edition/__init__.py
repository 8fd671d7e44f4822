"""Stage 6: an article and its catalog become editions that a reader, a browser or a program opens.

    native   the article in its own format            native/<language>/<id>.<suffix>
    html     a web page per language                  html/<language>/<id>.html
    mo       gettext's binary catalog                 mo/<locale>/LC_MESSAGES/<id>.mo
    package  all of a language, with a manifest       packages/<language>.zip

To add a format, write a function `(job) -> Edition` and a line in `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable

from toolkit.edition import html, mo, native
from toolkit.edition.job import Job, Pair, Policy
from toolkit.edition.package import Delivery, package
from toolkit.errors import UsageError
from toolkit.units import Edition

__all__ = ["FORMATS", "Delivery", "Job", "Pair", "Policy", "package", "render"]

FORMATS: dict[str, Callable[[Job], Edition]] = {
    "native": native.render,
    "html": html.render,
    "mo": mo.render,
}


def render(format: str, job: Job) -> Edition:
    """The job in a format, ready to be written below the editions' folder.

    Raises UsageError for a format that is not in the table. The same job gives the same bytes.
    """
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; known are {', '.join(FORMATS)}")
    return FORMATS[format](job)
