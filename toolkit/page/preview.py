"""The page as `build` would make it, for the pane beside the review: each paragraph says which unit it shows."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolkit.edition import EditionJob, render
from toolkit.errors import DataError
from toolkit.files import read_bytes, show
from toolkit.project.context import Context
from toolkit.project.discovery import Source, find, load
from toolkit.units import Article, Catalog

_LIT = "[data-lit]{outline:3px solid #d08a1d;outline-offset:4px;border-radius:3px}"
"""The paragraph at hand."""
_IMAGES: Mapping[str, str] = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>\n')
_SCRIPT = re.compile(r'<script type="application/ld\+json">.*?</script>\n', re.DOTALL)
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
"""No script, and images only from the server itself; the style is the edition's own, its text escaped."""


@dataclass
class Preview:
    """Renders the catalogs of articles; an article is read once as long as its file is unchanged."""

    context: Context
    _read: dict[str, tuple[int, Source, Article]] = field(default_factory=dict)

    def page(self, catalog: Catalog) -> str:
        """The web edition of a catalog with the paragraphs named. Raises DataError where the article is not at hand."""
        source, article = self._article(catalog)
        job = EditionJob(
            article, source.id, catalog, file=source.file, folder=source.path.parent.as_posix(), names_units=True
        )
        page = render("html", job).data.decode()
        page = _SCRIPT.sub("", _CSP.sub("", page, count=1), count=1)
        return page.replace("</style>", f"{_LIT}</style>", 1)

    def image(self, catalog: Catalog, name: str) -> tuple[bytes, str]:
        """An image of the article's folder, and its media type. Raises DataError for any other file."""
        source, _ = self._article(catalog)
        folder = Path(os.path.realpath(source.path.parent))
        with contextlib.suppress(OSError, ValueError):  # a name that no file can have
            path = Path(os.path.realpath(folder / name))
            kind = _IMAGES.get(path.suffix.lower())
            if kind is not None and path.is_relative_to(folder) and path.is_file():
                return read_bytes(path), kind
        raise DataError(f"{show(folder / name)}: is no image of this article")

    def _article(self, catalog: Catalog) -> tuple[Source, Article]:
        if not catalog.article:
            raise DataError("this catalog does not say which article it is of; there is no page to show")
        held = self._read.get(catalog.article)
        if held is None or not held[1].path.is_file() or held[0] != held[1].path.stat().st_mtime_ns:
            source = self._source(catalog)
            loaded = load(self.context.store, source, catalog.source_language)
            held = self._read[catalog.article] = (source.path.stat().st_mtime_ns, source, loaded.article)
        return held[1], held[2]

    def _source(self, catalog: Catalog) -> Source:
        """The article of a catalog, by its id, or by the file that its entries name."""
        config = self.context.config
        paths = [config.articles / catalog.article] if config.file is not None else []
        paths += [config.root / name for name in sorted(_names(catalog)) if ".." not in Path(name).parts]
        for path in paths:
            try:
                (source,) = find(config, [path])
            except (DataError, ValueError, OSError):
                continue
            if source.id == catalog.article:
                return source
        raise DataError(f"the article {catalog.article} is not here; there is no page to show")


def _names(catalog: Catalog) -> set[str]:
    """The files that the entries of a catalog come from."""
    return {place.file for unit in catalog.live for place in unit.locations}
