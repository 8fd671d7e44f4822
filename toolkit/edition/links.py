"""Relative links and images lead to the same place from where an edition lies as from where the article lies."""

from __future__ import annotations

import html
import posixpath
import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import quote

Rewrite = Callable[[str], str]
"""A URL as it stands in the article -> as it must stand in the edition."""

_FIXED = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\#?]|$)")
"""With a scheme, from the root of a site, or inside the document."""


def rebase(url: str, from_dir: str, to_dir: str) -> str:
    """A relative URL written for `from_dir`, as it is from `to_dir`; any other URL as it is.

    Both folders are absolute paths with `/`, or both relative to the same place. Query and fragment are kept.
    """
    if _FIXED.match(url) or not from_dir or not to_dir:
        return url
    if (from_dir[1:2] == ":" or to_dir[1:2] == ":") and from_dir[:2].lower() != to_dir[:2].lower():
        return url  # two drives of Windows: no relative path leads from one to the other
    lead = url[: len(url) - len(url.lstrip())]
    path, tail = _split(url.strip())
    way = posixpath.relpath(from_dir, to_dir)
    there = posixpath.normpath(posixpath.join(quote(way, safe="/"), path))
    if ":" in there.split("/")[0]:
        there = "./" + there
    folder = re.search(r"(?:^|/)\.{0,2}$", path) is not None and not there.endswith("/")
    return lead + there + ("/" if folder else "") + tail


def _split(url: str) -> tuple[str, str]:
    end = min((at for at in (url.find("?"), url.find("#")) if at >= 0), default=len(url))
    return url[:end], url[end:]


def rewriter(from_dir: str, to_dir: str) -> Rewrite:
    """`rebase` between two folders."""
    return lambda url: rebase(url, from_dir, to_dir)


_URL_ATTRIBUTES = frozenset(("href", "src", "poster", "data", "cite", "background", "longdesc", "action", "formaction"))
_SET_ATTRIBUTES = frozenset(("srcset", "imagesrcset"))
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(\s*=\s*)("[^"]*"|'[^']*'|[^\s"'<>`]+)""")
"""An attribute with a value: name, equals sign, value with its quotes."""
_CSS_URL = re.compile(r"""(url\(\s*)("[^"\n]*"|'[^'\n]*'|[^\s"'()]+)(\s*\))""", re.IGNORECASE)


def rewrite_tag(tag: str, rewrite: Rewrite) -> str:
    """A start tag with its links rewritten; where nothing changes, nothing of its spelling does."""

    def attribute(found: re.Match[str]) -> str:
        name, equals, value = found[1].lower(), found[2], found[3]
        mark = value[0] if value[0] in "\"'" else ""
        raw = value[1:-1] if mark else value
        old = html.unescape(raw)
        if name in _URL_ATTRIBUTES:
            new = rewrite(old)
        elif name in _SET_ATTRIBUTES:
            new = _rewrite_set(old, rewrite)
        elif name == "style":
            new = rewrite_css(old, rewrite)
        else:
            return found[0]
        if new == old:
            return found[0]
        mark = mark or '"'
        written = new.replace("&", "&amp;").replace("<", "&lt;")
        return found[1] + equals + mark + written.replace(mark, "&quot;" if mark == '"' else "&#39;") + mark

    head = re.match(r"</?[^\s/>]+", tag)
    start = head.end() if head else 0
    return tag[:start] + ATTRIBUTE.sub(attribute, tag[start:])


def _rewrite_set(value: str, rewrite: Rewrite) -> str:
    """`srcset`: URLs, each with an optional width or density, set apart by commas."""
    return re.sub(r"(^|,)(\s*)([^\s,]\S*[^\s,]|[^\s,])", lambda found: found[1] + found[2] + rewrite(found[3]), value)


def rewrite_css(text: str, rewrite: Rewrite) -> str:
    """A style sheet with its `url(…)` rewritten."""

    def one(found: re.Match[str]) -> str:
        value = found[2]
        mark = value[0] if value[0] in "\"'" else ""
        return found[1] + mark + rewrite(value[1:-1] if mark else value) + mark + found[3]

    return _CSS_URL.sub(one, text)


class Tags(HTMLParser):
    """Where the start tags and style sheets of a document stand, as (start, end, name, attributes)."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[int, int, str, dict[str, str]]] = []
        self.styles: list[tuple[int, int]] = []
        self._style = False
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where it stands."""
        line, column = self.getpos()
        start = self._lines[line - 1] + column
        values = {name: value or "" for name, value in reversed(attrs)}
        self.found.append((start, start + len(self.get_starttag_text() or ""), tag, values))
        self._style = tag == "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Void elements in XHTML's spelling."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """A style sheet ends."""
        self._style = False

    def handle_data(self, data: str) -> None:
        """Note where a style sheet's text stands."""
        if self._style:
            line, column = self.getpos()
            start = self._lines[line - 1] + column
            self.styles.append((start, start + len(data)))


Edit = tuple[int, int, str]
"""Replace `text[start:end]`."""


def splice(text: str, edits: list[Edit]) -> str:
    """The text with the edits made; they do not overlap."""
    parts, end = [], 0
    for start, stop, new in sorted(edits):
        parts += [text[end:start], new]
        end = stop
    return "".join((*parts, text[end:]))


def rewrite_html(text: str, rewrite: Rewrite) -> str:
    """A document or fragment with the links of its tags and style sheets rewritten, all else as it was.

    Links of a document with `<base href>` start there, so that it alone is rewritten.
    """
    tags = Tags(text)
    base = [tag for tag in tags.found if tag[2] == "base" and "href" in tag[3]]
    chosen = base[:1] or tags.found
    edits = [(start, end, rewrite_tag(text[start:end], rewrite)) for start, end, _, _ in chosen]
    if not base:
        edits += [(start, end, rewrite_css(text[start:end], rewrite)) for start, end in tags.styles]
    return splice(text, edits)
