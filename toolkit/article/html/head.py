"""The metadata of a page: title, date, author, source, licence, language."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.article.html.tags import meta_name

_FIELDS = {
    "date": (
        "article:published_time",
        "datepublished",
        "dc.date",
        "dcterms.date",
        "dcterms.created",
        "date",
        "pubdate",
    ),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "byl"),
    "licence": ("dc.rights", "dcterms.license", "license"),
    "source": ("og:url",),
}
"""The kinds of `<meta>` that give each field, the best first."""


class Head:
    """Collects metadata from the opening tags of a page."""

    def __init__(self) -> None:
        self._meta: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self.page_title = ""
        """The text of `<title>`."""
        self.heading = ""
        """The text of the first `<h1>` that is not page furniture."""

    def collect(self, name: str, read: Mapping[str, str]) -> None:
        """Collect from one opening tag; `read` are its attributes."""
        if name == "html" and read.get("lang", read.get("xml:lang", "")).strip():
            self._links.setdefault("language", read.get("lang", read.get("xml:lang", "")).strip())
        elif name == "meta" and read.get("content", "").strip():
            self._meta.setdefault(meta_name(read), read["content"].strip())
        elif name == "time" and read.get("datetime", "").strip():
            self._links.setdefault("time", read["datetime"].strip())
        elif name in ("a", "link") and read.get("href", "").strip():
            for relation in read.get("rel", "").lower().split():
                self._links.setdefault(relation, read["href"].strip())

    @property
    def title(self) -> str:
        """`og:title`, else `twitter:title`, else `<title>`."""
        return self._meta.get("og:title") or self._meta.get("twitter:title") or self.page_title

    @property
    def metadata(self) -> dict[str, str]:
        """The fields that the page gives, by name."""
        fields = {
            field: next((self._meta[name] for name in names if name in self._meta), "")
            for field, names in _FIELDS.items()
        }
        fields["title"] = self.title or self.heading
        fields["date"] = fields["date"] or self._links.get("time", "")
        fields["licence"] = self._links.get("license") or fields["licence"]
        fields["source"] = self._links.get("canonical") or fields["source"]
        fields["language"] = self._links.get("language", "")
        return {field: " ".join(value.split()) for field, value in fields.items() if value}
