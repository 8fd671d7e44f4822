"""What may stand in a web edition at all: an allow-list of elements, attributes and schemes, applied by nh3."""

from __future__ import annotations


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


INLINE = _names(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup time u "
    "var wbr"
)
BLOCKS = _names(
    "p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table thead tbody tfoot tr th td caption blockquote figure figcaption pre "
    "hr details summary"
)
WRAPPERS = _names("div section article main header footer aside nav")
"""Dissolved in the edition; until then they tell the story from what surrounds it."""
_GONE = _names(
    "script style template noscript iframe object svg math title textarea select option button canvas audio video"
)
"""Elements that go with what is in them."""

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
_OURS = frozenset(("data-state", "data-label"))


def clean(fragment: str, ours: bool = False) -> str:
    """A well-formed fragment with nothing but what is allowed; `ours`: our own marks of state may stand."""
    import nh3

    everywhere = _ANY | _OURS if ours else _ANY
    tags = INLINE | BLOCKS | (_names("") if ours else WRAPPERS)
    return nh3.clean(
        fragment,
        tags=set(tags),
        clean_content_tags=set(_GONE),
        attributes={"*": set(everywhere), **{tag: set(names) for tag, names in _ATTRIBUTES.items()}},
        url_schemes=set(_SCHEMES),
        link_rel=None,
        strip_comments=True,
    )
