"""The allow-list of a web edition: elements, attributes and schemes of URLs, applied by nh3."""

from __future__ import annotations

from toolkit.article.html.tokens import names

INLINE = names(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup time u "
    "var wbr"
)
BLOCKS = names(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr th td caption blockquote figure figcaption pre "
    "hr details summary"
)
WRAPPERS = names("div section article main header footer aside nav")
"""Elements by which `story` recognizes the article, and which are then replaced by their content."""
_GONE = names(
    "script style template noscript iframe object svg math title textarea select option button canvas audio video"
)
"""Elements that are removed with their content."""

_ANY = frozenset(("id", "lang", "dir", "title"))
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset(("href", "hreflang")),
    "img": frozenset(("src", "alt", "width", "height")),
    "ol": frozenset(("start", "reversed", "type")),
    "li": frozenset(("value",)),
    "th": frozenset(("colspan", "rowspan", "scope")),
    "td": frozenset(("colspan", "rowspan")),
    "time": frozenset(("datetime",)),
    "details": frozenset(("open",)),
}
_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_OURS = frozenset(("data-state", "data-label", "data-unit"))
"""Attributes that `story` adds."""


def clean(fragment: str, ours: bool = False) -> str:
    """The fragment, well formed, with only the allowed elements and attributes.

    With `ours`, the attributes that `story` adds are allowed, and wrappers are not.
    """
    import nh3

    everywhere = _ANY | _OURS if ours else _ANY
    return nh3.clean(
        fragment,
        tags=set(INLINE | BLOCKS if ours else INLINE | BLOCKS | WRAPPERS),
        clean_content_tags=set(_GONE),
        attributes={"*": set(everywhere), **{tag: set(names) for tag, names in _ATTRIBUTES.items()}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
