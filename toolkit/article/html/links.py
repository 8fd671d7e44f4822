"""Rewriting the URLs of HTML, in attributes, `srcset` and style sheets; attributes whose URLs do not change keep their spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit.article.format import Rewrite
from toolkit.article.html.text import decoded, inside_quotes
from toolkit.article.html.tokens import Token, tokens
from toolkit.codes import Edit, replaced

_URLS = frozenset(("href", "src", "poster", "data", "cite", "background", "longdesc", "action", "formaction"))
_SETS = frozenset(("srcset", "imagesrcset"))
_CSS_URL = re.compile(r"""(url\(\s*)("[^"\n]*"|'[^'\n]*'|[^\s"'()]+)(\s*\))""", re.IGNORECASE)


def rewrite_html(text: str, rewrite: Rewrite) -> str:
    """A document, a fragment or a single tag with the URLs of its tags and style sheets rewritten.

    In a document with `<base href>` all URLs are relative to that, so that only that is rewritten.
    """
    stream = list(tokens(text))
    bases = (token for token in stream if token.opens and token.name == "base")
    base = next((token for token in bases if any(attribute.name == "href" for attribute in token.attributes)), None)
    return replaced(text, _edits(text, stream if base is None else [base], rewrite))


def _edits(text: str, stream: Iterable[Token], rewrite: Rewrite) -> Iterator[Edit]:
    for token in stream:
        if token.kind == "raw" and token.name == "style":
            yield token.start, token.end, _rewrite_css(text[token.start : token.end], rewrite)
        for attribute in token.attributes if token.opens else ():
            first, last = inside_quotes(text, attribute.start, attribute.end)
            old = decoded(text[first:last])
            new = _rewritten(attribute.name, old, rewrite) if old else old
            if new != old:
                quote = text[attribute.start : first] or '"'
                value = new.replace("&", "&amp;").replace("<", "&lt;")
                value = value.replace(quote, "&quot;" if quote == '"' else "&#39;")
                yield attribute.start, attribute.end, quote + value + quote


def _rewritten(name: str, value: str, rewrite: Rewrite) -> str:
    """The value of an attribute with its URLs rewritten."""
    if name in _URLS:
        return rewrite(value)
    if name in _SETS:  # URLs, each with an optional width or density, set apart by commas
        return re.sub(r"(^|,)(\s*)([^\s,]\S*[^\s,]|[^\s,])", lambda url: url[1] + url[2] + rewrite(url[3]), value)
    return _rewrite_css(value, rewrite) if name == "style" else value


def _rewrite_css(text: str, rewrite: Rewrite) -> str:
    """A style sheet with its `url(…)` rewritten."""

    def one(found: re.Match[str]) -> str:
        first, last = inside_quotes(found[2], 0, len(found[2]))
        quote = found[2][:first]
        return found[1] + quote + rewrite(found[2][first:last]) + quote + found[3]

    return _CSS_URL.sub(one, text)
