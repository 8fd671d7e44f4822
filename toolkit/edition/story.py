"""Extracting the paragraphs of an article from a sanitized document, each with its state, in their structure.

A marker (see `body`) stands where a paragraph of the article begins. An element without a marker in it is left out with its
content, such as a menu, an advertisement or an empty box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from toolkit.article import Rewrite
from toolkit.edition.sanitize import BLOCKS, INLINE
from toolkit.edition.tree import Element, Node, text_of, walk

State = Mapping[str, str]
"""The attributes with the state of a paragraph: `data-state`, `data-label`, `lang`."""

_ROWS = frozenset(("ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr"))
"""Elements that contain other elements and no text."""
_LAID_OUT = frozenset(("table", "h1", "h2", "h3"))
"""What no table of data holds."""
_ASIDE = frozenset(("nav", "aside", "footer"))
_STORY = frozenset(("main", "article", "figure"))
_KEPT = "kept"
"""Stands among the names of the elements around a text where texts without a marker are kept too, such as numbers in a table."""


@dataclass(frozen=True, slots=True)
class Story:
    """The paragraphs of an edition."""

    headline: Element | None
    """The first `h1`, taken out of the content."""
    content: Element
    seen: tuple[int, ...]
    """The numbers of the paragraphs in it, in order."""


@dataclass(frozen=True, slots=True)
class StoryReader:
    """Extracts the story from documents."""

    mark: re.Pattern[str]
    """Matches a marker; group 1 is the number of the paragraph."""
    state: Callable[[Sequence[int]], State]
    """The attributes for a text that belongs to these paragraphs."""
    links: Rewrite
    """Applied to the URLs of links and images."""
    furniture: frozenset[int]
    """The numbers of paragraphs that are left out."""
    keep_unmarked: bool
    """Texts without a marker are kept too, because the document has nothing but the story (`Format.keep_unmarked`)."""
    keep_marks: bool = False
    """The markers of texts stay where they are."""

    def read(self, root: Element) -> Story:
        """The story in a sanitized document, whose tree is changed."""
        context = frozenset((_KEPT,)) if self.keep_unmarked else frozenset()
        seen = [
            int(number)
            for number in self.mark.findall(_raw(root, attributes=False))
            if int(number) not in self.furniture
        ]
        content = Element("", {}, self._blocks(_without_layout_tables(root), context))
        headline = _take_headline(content)
        return Story(headline, content, tuple(dict.fromkeys(seen)))

    def _blocks(self, parent: Element, context: frozenset[str]) -> list[Node]:
        """The children of a container that are in the story, each run of inline nodes in a paragraph of its own.

        `context` are the names of the elements around them, and perhaps `_KEPT`.
        """
        out: list[Node] = []
        run: list[Node] = []
        for child in parent.children:
            if _is_inline(child):
                run.append(child)
                continue
            out += self._run(run, parent, context)
            run = []
            assert isinstance(child, Element)
            out += self._block(child, context)
        return out + self._run(run, parent, context)

    def _run(self, run: list[Node], parent: Element, context: frozenset[str]) -> list[Node]:
        state = self._state(run)
        kept = self._kept(run, state, context)
        if not kept or parent.name in _ROWS:
            return []
        return kept if parent.name == "figure" and not state else [Element("p", dict(state or {}), kept)]

    def _block(self, block: Element, context: frozenset[str]) -> list[Node]:
        if block.name not in BLOCKS:
            return self._blocks(block, context | {block.name})
        if block.name == "hr":
            return [block] if _KEPT in context else []
        if block.name in ("table", "dl") and self.mark.search(_raw(block)):
            context |= {_KEPT}
        if block.name not in _ROWS and all(map(_is_inline, block.children)):
            return self._leaf(block, context | {block.name})
        children = self._blocks(block, context | {block.name})
        return [Element(block.name, self._attributes(block), children)] if children else []

    def _leaf(self, block: Element, context: frozenset[str]) -> list[Node]:
        state = self._state(block.children)
        kept = self._kept(block.children, state, context)
        if not kept and not (block.name in ("td", "th") and _KEPT in context):
            return []
        return [Element(block.name, {**self._attributes(block), **(state or {})}, kept)]

    def _state(self, run: Sequence[Node]) -> State | None:
        numbers = [number for number in self._numbers(run) if number not in self.furniture]
        return self.state(numbers) if numbers else None

    def _numbers(self, run: Sequence[Node]) -> list[int]:
        return [int(number) for node in run for number in self.mark.findall(_raw(node, attributes=False))]

    def _kept(self, run: Sequence[Node], state: State | None, context: frozenset[str]) -> list[Node]:
        """The part of a run of inline nodes that is kept: all of it, its images, or nothing."""
        pictures = bool(context & _STORY and not context & _ASIDE) or _KEPT in context
        if state is None and (_KEPT not in context or self._numbers(run)):
            run = [image for node in run for image in walk(node) if image.name == "img"] if pictures else []
        nodes = [kept for node in run for kept in self._polished(node, pictures)]
        blank = not any(text_of(node).strip() or any(e.name == "img" for e in walk(node)) for node in nodes)
        return [] if blank else _trimmed(nodes)

    def _polished(self, node: Node, pictures: bool) -> Iterator[Node]:
        """A copy of a node without markers, its URLs rewritten; nothing for an image that is left out."""
        if isinstance(node, str):
            yield node if self.keep_marks else self.mark.sub("", node)
        elif node.name == "img":
            if pictures and node.attributes.get("src"):
                yield Element("img", {"alt": "", **self._attributes(node)})
        else:
            children = [kept for child in node.children for kept in self._polished(child, pictures)]
            yield Element(node.name, self._attributes(node), children)

    def _attributes(self, node: Element) -> dict[str, str]:
        found = {name: self.mark.sub("", value) for name, value in node.attributes.items()}
        return {name: self.links(value) if name in ("href", "src") else value for name, value in found.items()}


def _without_layout_tables(node: Element) -> Element:
    """The node, with the contents of tables that hold another table, or a heading, in the places of those tables: old pages
    are laid out by them, in columns that no phone has room for."""
    children: list[Node] = []
    for child in node.children:
        if isinstance(child, Element):
            _without_layout_tables(child)
            if child.name == "table" and any(one.name in _LAID_OUT for one in walk(child) if one is not child):
                children += (cell for part in child.children for cell in _cells(part))
                continue
        children.append(child)
    node.children = children
    return node


def _cells(node: Node) -> Iterator[Node]:
    """The cells of a part of a table as boxes; anything else that stands in it as it is."""
    if isinstance(node, Element) and node.name in ("thead", "tbody", "tfoot", "tr"):
        for child in node.children:
            yield from _cells(child)
    elif isinstance(node, Element) and node.name in ("td", "th", "caption"):
        yield Element("div", {}, node.children)
    else:
        yield node


def _is_inline(node: Node) -> bool:
    return isinstance(node, str) or all(element.name in INLINE for element in walk(node))


def _raw(node: Node, attributes: bool = True) -> str:
    """All texts of a node, and the values of its attributes, with their markers."""
    if isinstance(node, str):
        return node
    values = " ".join(node.attributes.values()) if attributes else ""
    return values + "".join(_raw(child, attributes) for child in node.children)


def _trimmed(nodes: list[Node]) -> list[Node]:
    """The nodes without white space at both ends."""
    for end, strip in ((0, str.lstrip), (-1, str.rstrip)):
        while nodes and isinstance(text := nodes[end], str):
            nodes[end] = strip(text)
            if nodes[end]:
                break
            del nodes[end]
    return nodes


def _take_headline(content: Element) -> Element | None:
    """Take the first `h1` out of the tree and make any other an `h2`, because a page has one `h1`."""
    headings = [
        (parent, child)
        for parent in walk(content)
        for child in parent.children
        if isinstance(child, Element) and child.name == "h1"
    ]
    for _, heading in headings[1:]:
        heading.name = "h2"
    for parent, heading in headings[:1]:
        parent.children.remove(heading)
    return headings[0][1] if headings else None
