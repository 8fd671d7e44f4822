"""Reading XML that comes from strangers, unit by unit, and spelling text in XML.

A document type is refused, and with it every entity: what is left cannot grow while it is read. Characters that XML 1.0
forbids (most controls) are written as `\\u{1b}` in a text that begins with U+2060 and a backslash; `<cp>` of XLIFF 2 stands
for them in its own place.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from toolkit.errors import DataError
from toolkit.files import printable

DEEPEST = 200
_STANDARD = "{urn:oasis:names:tc:xliff:"
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_RUNS = re.compile(f"({FORBIDDEN.pattern})")
_MARK = "\u2060\\"
_ESCAPED = re.compile(rf"{FORBIDDEN.pattern}|\\")
_ESCAPE = re.compile(r"\\u\{([0-9a-f]{1,6})\}")
_SIGNS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}
_SPECIAL = re.compile('[&<>"\r]')
_BLANK = re.compile("[\t\n]")


@dataclass(slots=True)
class Element:
    """An element, its name as `{namespace}local`, as ElementTree spells it."""

    name: str
    attributes: Mapping[str, str]
    line: int
    children: list[Element | str] = field(default_factory=list)

    def all(self, *names: str) -> Iterator[Element]:
        """The elements of these local names in it, not deeper; those that a tool adds in a namespace of its own left out."""
        for child in self.children:
            if isinstance(child, Element) and child.local in names and not child.foreign:
                yield child

    def first(self, name: str) -> Element | None:
        """The first of `all`."""
        return next(self.all(name), None)

    @property
    def local(self) -> str:
        """Its name without the namespace."""
        return self.name.rpartition("}")[2]

    @property
    def foreign(self) -> bool:
        """Whether it is of a namespace that is none of XLIFF's."""
        return self.name.startswith("{") and not self.name.startswith(_STANDARD)

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def get(self, attribute: str) -> str:
        """An attribute's value; empty where it is missing."""
        return self.attributes.get(attribute, "")


def read(
    data: bytes,
    name: str,
    wanted: str,
    opened: Callable[[Element], None],
    take: Callable[[Element], None],
    typed: bool = False,
) -> None:
    """Read a document: `opened` gets each element that lies outside of a unit as it begins, `take` each element of the local
    name `wanted` when it is whole. `typed`: a document type without declarations may stand there.

    Raises DataError, `name:line: …`, for what is not well-formed XML.
    """
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    stack: list[Element] = []
    depth = 0

    def refuse(said: str) -> DataError:
        return DataError(f"{name}:{parser.CurrentLineNumber}: {said}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise refuse(f"elements nest deeper than {DEEPEST} levels; export the file again")
        element = Element(
            _named(tag), {_named(key): value for key, value in attributes.items()}, parser.CurrentLineNumber
        )
        if stack:
            stack[-1].children.append(element)
            stack.append(element)
        elif element.local == wanted:
            stack.append(element)
        else:
            opened(element)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        if stack and len(stack) == 1:
            take(stack[0])
        if stack:
            stack.pop()

    def text(data: str) -> None:
        if stack:
            stack[-1].children.append(data)

    def doctype(root: str, system: object, public: object, declares: object) -> None:
        if declares or not typed:
            raise refuse("it has a document type (<!DOCTYPE>), which is not read; take that line out")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        said = expat.errors.messages.get(error.code, "broken")
        raise DataError(f"{name}:{error.lineno}: is no well-formed XML ({said}); export it again") from None
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        raise refuse(f"cannot be read ({printable(str(error))}); save it as UTF-8") from None


def root_of(data: bytes, name: str) -> tuple[str, str, int]:
    """The local name of the root element, its `version`, and its line. Raises DataError where the file is no XML."""
    roots: list[Element] = []

    class Found(Exception):
        pass

    def opened(element: Element) -> None:
        roots.append(element)
        raise Found

    with contextlib.suppress(Found):
        read(data, name, "", opened, lambda _: None, typed=True)
    return roots[0].local, roots[0].get("version"), roots[0].line


def escaped(text: str) -> str:
    """A text for an element or an attribute that has no word for characters that XML forbids."""
    return plain(marked(text))


def marked(text: str) -> str:
    """The text, with escapes in the place of characters that XML forbids."""
    if FORBIDDEN.search(text) or text.startswith(_MARK):
        return _MARK + _ESCAPED.sub(lambda found: f"\\u{{{ord(found[0]):x}}}", text)
    return text


def attribute(text: str) -> str:
    """The same for an attribute, in which XML would take a line feed for a blank."""
    return _BLANK.sub(lambda found: f"&#{ord(found[0])};", escaped(text))


def unescaped(text: str) -> str:
    """The text that `marked` spelled."""
    if not text.startswith(_MARK):
        return text
    return _ESCAPE.sub(lambda found: character(found[1]), text.removeprefix(_MARK))


def plain(text: str) -> str:
    """A text that holds nothing that XML forbids."""
    return _SPECIAL.sub(lambda found: _SIGNS[found[0]], text)


def runs(text: str) -> list[str]:
    """The text cut so that every second piece is one character that XML forbids."""
    return _RUNS.split(text)


def character(digits: str) -> str:
    """The character of this number in hex; U+FFFD for one that no text holds."""
    number = int(digits, 16) if re.fullmatch("[0-9a-fA-F]{1,6}", digits) else 0
    return chr(number) if 0 < number <= 0x10FFFF and not 0xD800 <= number <= 0xDFFF else "\ufffd"


def _named(name: str) -> str:
    """`{namespace}local`, of what expat gives."""
    return "{" + name if "}" in name else name
