"""What each element of HTML is to a translator: a paragraph's edge, a code inside it, or nothing to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from toolkit.article.html.text import said
from toolkit.article.html.tokens import Attribute, Token, names, tokens

BLOCKS = names(
    "address article aside audio blockquote body button canvas caption center col colgroup dd details dialog "
    "dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup "
    "hr html iframe label legend li listing main menu nav noembed noframes noscript object ol optgroup option p "
    "plaintext pre search section select summary table tbody td textarea tfoot th thead title tr ul video xmp"
)
"""A paragraph begins and ends at their tags; every other element stands inside one."""

VOID = names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")

TYPES = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    **dict.fromkeys(("li",), "list item"),
    **dict.fromkeys(("td", "th"), "table cell"),
    **dict.fromkeys(("caption", "figcaption", "legend"), "caption"),
    **dict.fromkeys(("p", "div", "blockquote", "article", "section", "body"), "paragraph"),
    **dict.fromkeys(("pre", "listing"), "preformatted text"),
    **{name: name for name in ("title", "button", "label", "option", "summary", "address", "textarea")},
    "dt": "term",
    "dd": "definition",
}
"""The type of a block, by the nearest element around it that is named here."""

SEALED = frozenset({"code", "kbd", "samp"})
"""Inside a paragraph they are one placeholder, content included: nobody translates what is to be typed."""

UNREAD = frozenset({"script", "style", "template", "svg", "math"})
"""Nothing in them is text to read (a formula is, but not to translate)."""

READ_AS_SIGN = frozenset({"math"})
"""Of those, what a reader sees as part of the sentence."""

_CLOSES_P = BLOCKS - names(
    "audio body button canvas caption col colgroup frame frameset head html iframe label legend noscript object "
    "optgroup option select tbody td textarea tfoot th thead title tr video"
)
_IMPLIED = {
    "li": ({"li"}, {"ul", "ol", "menu", "dir"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "option": ({"option"}, {"select", "datalist"}),
    "optgroup": ({"option", "optgroup"}, {"select"}),
    "tr": ({"tr", "td", "th", "caption", "colgroup"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    **dict.fromkeys(
        ("thead", "tbody", "tfoot"), ({"thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"}, {"table"})
    ),
    **dict.fromkeys(("a", "nobr"), ({"a", "nobr"}, BLOCKS)),
    **{f"h{level}": ({f"h{n}" for n in range(1, 7)}, BLOCKS - {f"h{n}" for n in range(1, 7)}) for level in range(1, 7)},
}

SCOPES = names("table td th caption html template object button")
"""An end tag inside one of them closes nothing outside of it."""


def closed_by(name: str) -> Iterator[tuple[frozenset[str], frozenset[str]]]:
    """What an opening tag closes, and which open elements protect what lies outside of them."""
    if name in _CLOSES_P:
        yield frozenset({"p"}), SCOPES
    if name in _IMPLIED:
        closes, stops = _IMPLIED[name]
        yield frozenset({name} if name in ("a", "nobr") else closes), frozenset(stops)


_ATTRIBUTES = names(
    "alt title placeholder aria-label aria-description aria-placeholder aria-roledescription aria-valuetext"
)
_LABELLED = frozenset({"option", "optgroup", "track"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_META = names(
    "description keywords title dc.title dc.description dcterms.title dcterms.description og:title "
    "og:description og:image:alt twitter:title twitter:description twitter:image:alt"
)


def values(text: str, token: Token) -> dict[str, str]:
    """The attributes as a browser reads them, the first of a name; references are decoded."""
    read: dict[str, str] = {}
    for attribute in token.attributes:
        raw = text[attribute.start : attribute.end]
        raw = raw[1:-1] if raw[:1] in ("'", '"') and raw else raw
        read.setdefault(attribute.name, said(raw) if "&" in raw else raw)
    return read


def readable(text: str, token: Token) -> Iterator[Attribute]:
    """The attributes of an opening tag whose values people read."""
    if token.name in ("link", "style", "script", "base"):
        return
    seen: set[str] = set()
    for attribute in token.attributes:
        if attribute.name in seen:
            continue
        seen.add(attribute.name)
        if attribute.start < attribute.end and _is_read(text, token, attribute.name):
            yield attribute


def _is_read(text: str, token: Token, name: str) -> bool:
    if name == "content" and token.name == "meta":
        return meta_name(values(text, token)) in _META
    if name == "value" and token.name == "input":
        return values(text, token).get("type", "").lower() in _BUTTONS
    return (
        (name in _ATTRIBUTES and token.name != "meta")
        or (name == "label" and token.name in _LABELLED)
        or (name == "summary" and token.name == "table")
    )


def meta_name(read: Mapping[str, str]) -> str:
    """What a `<meta>` is about: `description`, `og:title`."""
    return (read.get("name") or read.get("property") or read.get("itemprop") or "").strip().lower()


def translate(read: Mapping[str, str], inherited: bool) -> bool:
    """Whether the element's text is offered, by `translate` or `class="notranslate"`."""
    if "notranslate" in read.get("class", "").split():
        return False
    answer = read.get("translate")
    return inherited if answer is None else {"yes": True, "": True, "no": False}.get(answer.strip().lower(), inherited)


def seals(text: str, token: Token) -> bool:
    """Whether the element, inside a paragraph, is one placeholder with all that it holds."""
    if not token.opens or token.name in VOID:
        return False
    return token.name in SEALED or token.name in UNREAD or not translate(values(text, token), True)


def sealed_end(pieces: Sequence[Token], at: int, last_end: Mapping[str, int]) -> int:
    """The index after the closing tag of the element that `pieces[at]` opens, or `at` where nothing closes it.

    `last_end` says where each name is closed for the last time.
    """
    name = pieces[at].name
    if pieces[at].empty and name in ("svg", "math"):
        return at + 1
    if last_end.get(name, -1) <= at:
        return at
    depth = 0
    for index in range(at, last_end[name] + 1):
        token = pieces[index]
        if token.name == name and token.kind in ("open", "close") and not (token.empty and name in ("svg", "math")):
            depth += 1 if token.opens else -1
            if depth == 0:
                return index + 1
    return last_end[name] + 1


def last_ends(pieces: Sequence[Token]) -> dict[str, int]:
    """The index of the last closing tag of each name."""
    return {token.name: index for index, token in enumerate(pieces) if token.kind == "close"}


def inner_attributes(text: str) -> Iterator[tuple[int, int, str, Token]]:
    """Readable attributes of the tags in a slice, but for what is sealed: span of the value, attribute's name, tag."""
    pieces = list(tokens(text))
    ends = last_ends(pieces)
    at = 0
    while at < len(pieces):
        token = pieces[at]
        if seals(text, token):
            after = sealed_end(pieces, at, ends)
            if after == at:
                return
            at = after
            continue
        if token.opens:
            for attribute in readable(text, token):
                yield attribute.start, attribute.end, attribute.name, token
        at += 1
