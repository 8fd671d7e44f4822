"""Ids of headings: those that a generator of sites makes from a heading's text stay the same in its translation, so that links
to `#installing-it` go on working.

Each dialect has its own rule for ids, and its own way to write one: `## 安装 {#installing-it}`, or `## <a id="…"></a>安装`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from toolkit import codes
from toolkit.article.markdown.passages import HEADING_END, codes_of, heading_span, read_passages
from toolkit.article.markdown.structure import Document, document
from toolkit.units import Article

_EXPLICIT = re.compile(r"#([\w:.-]+)|/\*\s*([\w:.-]+)\s*\*/")
_IN_PAGE = re.compile(
    r"""\]\(<?#([^)\s>]+)|href=["']#([^"']+)|^[ >]*\[[^\]]+\]:[ \t]*<?#(\S+?)>?[ \t]*$""", re.MULTILINE
)
_IN_OTHERS = re.compile(
    r"""\]\(<?([^()\s<>#]+)#([^)\s>]+)|^[ >]*\[[^\]]+\]:[ \t]*<?([^\s<>#]+)#(\S+?)>?(?:[ \t]|$)""", re.MULTILINE
)
_PUNCTUATION = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document."""

    start: int
    end: int
    """Offsets of its text in the document's source."""
    id: str
    explicit: bool
    """The file says the id."""


def headings(doc: Document) -> Iterator[Heading]:
    """The headings of a document in order, with the ids that its dialect gives them."""
    slug, mark = _SLUGS.get(doc.dialect, (_github, "-"))
    seen: Counter[str] = Counter()
    for opening, inline in zip(doc.tokens, doc.tokens[1:], strict=False):
        if opening.type != "heading_open":
            continue
        lines = inline.meta["lines"]
        start, end = lines[0][0], lines[-1][1]
        said = ""
        if opening.markup.startswith("#"):
            start, end = heading_span(doc.source, lines[0], inline.content, doc.dialect)
            rest = HEADING_END.match(doc.source, end, lines[0][1])
            found = _EXPLICIT.search(rest[0]) if rest else None
            said = (found[1] or found[2]) if found else ""
        text = doc.source[start:end]
        words = codes.strip(text, [code for code in codes_of(doc, text) if not code.data.startswith("`")]).text
        made = said or slug(words.replace("`", ""))
        count = seen[made]
        seen[made] += 1
        yield Heading(start, end, f"{made}{mark}{count}" if count and not said else made, bool(said))


def to_others(text: str) -> Iterator[tuple[str, str]]:
    """The path and the id of each link in a file that leads to a heading of another file."""
    for match in _IN_OTHERS.finditer(text):
        path, identity = match[1] or match[3], match[2] or match[4]
        if "://" not in path:
            yield unquote(path), identity


def with_ids(article: Article, text: str, linked: Collection[str] = ()) -> str:
    """A translation of the article with the ids of the source's headings, where those of its own texts would differ.

    Where the dialect has no syntax for ids, only those headings get one that the article itself links to, or others of the
    project: `linked`.
    """
    (before, _), doc = read_passages(article.original, article.dialect), document(text, article.dialect)
    linked = {*linked, *(next(filter(None, match.groups())) for match in _IN_PAGE.finditer(article.original))}
    edits = []
    for old, new in zip(headings(before), headings(doc), strict=False):
        if old.explicit or not old.id or old.id == new.id:
            continue
        if article.dialect in _WITH_SYNTAX and doc.source[new.end : new.end + 1] in ("", "\n", " "):
            edits.append((doc.place(new.end), doc.place(new.end), f" {{#{old.id}}}"))
        elif old.id in linked:
            edits.append((doc.place(new.start), doc.place(new.start), f'<a id="{old.id}"></a>'))
    return codes.replaced(text, edits)


def _github(text: str) -> str:
    return _PUNCTUATION.sub("", text.strip().lower()).replace(" ", "-")


def _python_markdown(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", plain).strip().lower())


def _kramdown(text: str) -> str:
    return re.sub(r"[^a-zA-Z0-9 -]", "", re.sub(r"^[^a-zA-Z]+", "", text)).replace(" ", "-").lower()


def _pandoc(text: str) -> str:
    return re.sub(r"^[\W\d_]+", "", re.sub(r"[^\w\s.-]", "", text)).strip().replace(" ", "-").lower()


def _vitepress(text: str) -> str:
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if not "\u0300" <= char <= "\u036f")
    joined = re.sub(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'“”‘’<>,.?/]+", "-", plain)
    return re.sub(r"^(\d)", r"_\1", re.sub(r"-{2,}", "-", joined).strip("-")).lower()


_SLUGS: dict[str, tuple[Callable[[str], str], str]] = {
    "mkdocs": (_python_markdown, "_"),
    "jekyll": (_kramdown, "-"),
    "pandoc": (_pandoc, "-"),
    "vitepress": (_vitepress, "-"),
}
"""Dialect -> the rule for its ids, and what stands before the number of an id that is there already; else GitHub's."""
_WITH_SYNTAX: Collection[str] = frozenset({"docusaurus", "vitepress", "hugo", "jekyll", "pandoc"})
"""Dialects in which `{#id}` behind a heading is its id."""
