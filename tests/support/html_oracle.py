"""What a reader of a page sees, told by html5lib, which knows nothing of our readers."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import html5lib

from toolkit.units import Article

_NOT_READ = {"script", "style", "template", "svg", "math", "iframe", "noembed", "noframes", "xmp", "plaintext"}
_TO_BE_TYPED = {"code", "kbd", "samp"}
_READ = {"alt", "title", "placeholder", "aria-label"}
_META = {"description", "keywords", "og:title", "og:description", "twitter:title", "twitter:description"}


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def left_in_the_skeleton(page: str, article: Article) -> list[str]:
    """Visible words that are in no block."""
    tree = html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)
    words, values = Counter(_text(tree)), set(_attributes(tree))
    texts: Counter[str] = Counter()
    read: set[str] = set()
    for block in article.blocks:
        said = _words(html.unescape(re.sub(r"</?\d+/?>", " ", block.source)))
        if block.type.startswith("attribute "):
            read.update(said)
        else:
            texts.update(said)
    return sorted([*(words - texts).elements(), *(values - read)])


def _is_read(element: Any) -> bool:
    name = element.tag.split("}")[-1] if isinstance(element.tag, str) else "!"
    return not (
        name in _NOT_READ | _TO_BE_TYPED | {"!"}
        or element.get("translate") == "no"
        or "notranslate" in (element.get("class") or "").split()
    )


def _text(element: Any) -> Iterator[str]:
    if _is_read(element):
        yield from _words(element.text or "")
        for child in element:
            yield from _text(child)
    yield from _words(element.tail or "")


def _attributes(tree: Any) -> Iterator[str]:
    """A set of words only: where tags are crossed, a browser makes several elements of one tag."""
    if not _is_read(tree):
        return
    for key in _READ & set(tree.keys()) if tree.tag not in ("meta", "link") else ():
        yield from _words(tree.get(key))
    if tree.tag == "meta" and (tree.get("name") or tree.get("property") or "").lower() in _META:
        yield from _words(tree.get("content") or "")
    for child in tree:
        yield from _attributes(child)
