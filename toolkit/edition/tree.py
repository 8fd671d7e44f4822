"""A tree of sanitized HTML: elements with their attributes, and texts."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Union

from toolkit.article.html.tags import VOID
from toolkit.article.html.tokens import attribute_values, tokens
from toolkit.edition.sanitize import BLOCKS


@dataclass(slots=True)
class Element:
    """An element, or with an empty name a fragment."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


Node = Union[Element, str]  # noqa: UP007  (a string annotation cannot be joined by `|` at run time)


def parse(clean: str) -> Element:
    """The tree of a sanitized fragment, in which each element is closed."""
    open_ = [Element("")]
    for token in tokens(clean):
        if token.kind == "text":
            open_[-1].children.append(html.unescape(clean[token.start : token.end]))
        elif token.opens:
            element = Element(token.name, attribute_values(clean, token))
            open_[-1].children.append(element)
            if token.name not in VOID:
                open_.append(element)
        elif token.kind == "close":
            open_.pop()
    return open_[0]


def write(node: Node) -> str:
    """A node as HTML, all text escaped."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    inside = "".join(map(write, node.children))
    if not node.name:
        return inside
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    end = "\n" if node.name in BLOCKS else ""
    return f"<{node.name}{attributes}>" + ("" if node.name in VOID else f"{inside}</{node.name}>") + end


def text_of(node: Node) -> str:
    """The texts of a node."""
    return node if isinstance(node, str) else "".join(map(text_of, node.children))


def walk(node: Node) -> Iterator[Element]:
    """The node and all elements below it; nothing for a text."""
    if not isinstance(node, str):
        yield node
        for child in node.children:
            yield from walk(child)
