"""A small tree of a sanitized fragment: elements, their attributes, and texts."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Union

from toolkit.edition.sanitize import BLOCKS

VOID = frozenset(("br", "hr", "img", "wbr"))


@dataclass(slots=True)
class Element:
    """An element, or with an empty name a fragment."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


Node = Union[Element, str]  # noqa: UP007  (a string annotation cannot be joined by `|` at run time)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self.open) > 1:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parse(clean: str) -> Element:
    """The tree of a fragment that the sanitizer wrote, so that each element is closed."""
    builder = _Builder()
    builder.feed(clean)
    builder.close()
    return builder.root


def write(node: Node) -> str:
    """HTML, all text escaped."""
    if isinstance(node, str):
        return html.escape(node, quote=False)
    inside = "".join(map(write, node.children))
    if not node.name:
        return inside
    attributes = "".join(f' {name}="{html.escape(value)}"' for name, value in node.attributes.items())
    end = "\n" if node.name in BLOCKS else ""
    return f"<{node.name}{attributes}>" + ("" if node.name in VOID else f"{inside}</{node.name}>") + end


def text_of(node: Node) -> str:
    """The words alone."""
    return node if isinstance(node, str) else "".join(map(text_of, node.children))


def walk(node: Node) -> Iterator[Element]:
    """The element and all below it."""
    if not isinstance(node, str):
        yield node
        for child in node.children:
            yield from walk(child)
