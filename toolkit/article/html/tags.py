"""Tables of HTML elements and attributes: which begin a paragraph, which are inline codes, which have text to translate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from toolkit.article.html.tokens import Attribute, Token, attribute_values, names, tokens

BLOCKS = names(
    "address article aside audio blockquote body button canvas caption center col colgroup dd details dialog dir "
    "div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html "
    "iframe label legend li listing main menu nav noembed noframes noscript object ol optgroup option p plaintext "
    "pre search section select summary table tbody td textarea tfoot th thead title tr ul video xmp"
)
"""Elements whose tags begin and end a paragraph; all other elements are inline."""

VOID = names("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr")
"""Elements without content and without a closing tag."""

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
"""Elements that are, with their content, one placeholder in a paragraph: computer code and input is not translated."""

UNREAD = frozenset({"script", "style", "template", "svg", "math"})
"""Elements whose content is not text to translate."""

READ_AS_SIGN = frozenset({"math"})
"""Elements of `UNREAD` that are visible as part of a sentence."""

_CLOSES_P = BLOCKS - names(
    "audio body button canvas caption col colgroup frame frameset head html iframe label legend noscript object "
    "optgroup option select tbody td textarea tfoot th thead title tr video"
)
_IMPLIED: dict[str, tuple[Set[str], Set[str]]] = {
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
    "a": ({"a"}, BLOCKS),
    "nobr": ({"nobr"}, BLOCKS),
    **{f"h{level}": ({f"h{n}" for n in range(1, 7)}, BLOCKS - {f"h{n}" for n in range(1, 7)}) for level in range(1, 7)},
}
"""By the name of an opening tag: elements that it implicitly closes, and elements that end the search for one to close."""

SCOPES = names("table td th caption html template object button")
"""Elements inside of which a closing tag does not close an element that is outside."""


def closed_by(name: str) -> Iterator[tuple[Set[str], Set[str]]]:
    """For an opening tag, pairs of two sets of elements: it closes the nearest of the first set, unless one of the second set,
    which ends the search, is nearer."""
    if name in _CLOSES_P:
        yield {"p"}, SCOPES
    if name in _IMPLIED:
        yield _IMPLIED[name]


_ATTRIBUTES = names(
    "alt title placeholder aria-label aria-description aria-placeholder aria-roledescription aria-valuetext"
)
"""Attributes with text to translate, on any element but `<meta>`."""
_FILE_NAME = re.compile(r"[^\s/]+\.(?:avif|bmp|gif|jpe?g|png|svg|tiff?|webp)", re.IGNORECASE)
"""What a program wrote into `alt` or `title` of a picture; no text to translate."""
_LABELLED = frozenset({"option", "optgroup", "track"})
_BUTTONS = frozenset({"submit", "button", "reset"})
_META = names(
    "description keywords title dc.title dc.description dcterms.title dcterms.description og:title og:description "
    "og:image:alt twitter:title twitter:description twitter:image:alt"
)
"""Kinds of `<meta>` whose content is text to translate."""


def readable_attributes(text: str, token: Token) -> Iterator[Attribute]:
    """The attributes of an opening tag whose values are text to translate."""
    if token.name in ("link", "style", "script", "base"):
        return
    first = {attribute.name: attribute for attribute in reversed(token.attributes)}
    for attribute in token.attributes:
        if (
            attribute is first[attribute.name]
            and attribute.start < attribute.end
            and _is_read(text, token, attribute.name)
            and not _FILE_NAME.fullmatch(text[attribute.start : attribute.end].strip("\"' "))
        ):
            yield attribute


def _is_read(text: str, token: Token, name: str) -> bool:
    if name == "content" and token.name == "meta":
        return meta_name(attribute_values(text, token)) in _META
    if name == "value" and token.name == "input":
        return attribute_values(text, token).get("type", "").lower() in _BUTTONS
    return (
        (name in _ATTRIBUTES and token.name != "meta")
        or (name == "label" and token.name in _LABELLED)
        or (name == "summary" and token.name == "table")
    )


def meta_name(read: Mapping[str, str]) -> str:
    """The kind of a `<meta>` by its attributes: `description`, `og:title`."""
    return (read.get("name") or read.get("property") or read.get("itemprop") or "").strip().lower()


def is_offered(read: Mapping[str, str], inherited: bool) -> bool:
    """Whether the text of an element is offered for translation, by its `translate` or `class="notranslate"`."""
    if "notranslate" in read.get("class", "").split():
        return False
    answer = read.get("translate")
    return inherited if answer is None else {"yes": True, "": True, "no": False}.get(answer.strip().lower(), inherited)


def seals(text: str, token: Token) -> bool:
    """Whether a tag opens an element that is one placeholder with its content."""
    if not token.opens or token.name in VOID:
        return False
    return token.name in SEALED or token.name in UNREAD or not is_offered(attribute_values(text, token), True)


def element_end(stream: Sequence[Token], at: int, last_end: Mapping[str, int]) -> int:
    """The index after the closing tag of the element that `stream[at]` opens, or `at` where nothing closes it.

    `last_end` is what `last_ends` found in the stream.
    """
    name = stream[at].name
    if stream[at].empty and name in ("svg", "math"):
        return at + 1
    if last_end.get(name, -1) <= at:
        return at
    depth = 0
    for index in range(at, last_end[name] + 1):
        token = stream[index]
        if token.name == name and token.kind in ("open", "close") and not (token.empty and name in ("svg", "math")):
            depth += 1 if token.opens else -1
            if depth == 0:
                return index + 1
    return last_end[name] + 1


def last_ends(stream: Sequence[Token]) -> dict[str, int]:
    """The index of the last closing tag of each name."""
    return {token.name: index for index, token in enumerate(stream) if token.kind == "close"}


def inner_attributes(text: str) -> Iterator[tuple[Attribute, Token]]:
    """The translatable attributes of the tags in a text, each with its tag; not those inside of a sealed element."""
    stream = list(tokens(text))
    ends = last_ends(stream)
    at = 0
    while at < len(stream):
        token = stream[at]
        if seals(text, token):
            after = element_end(stream, at, ends)
            if after == at:
                return
            at = after
            continue
        if token.opens:
            for attribute in readable_attributes(text, token):
                yield attribute, token
        at += 1
