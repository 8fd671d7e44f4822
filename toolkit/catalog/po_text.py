"""How PO spells a string, a list of locations and a list of flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit.errors import CatalogError
from toolkit.files import printable
from toolkit.units import Location

_WIDTH = 79
_LETTERS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}
_SPELLED = str.maketrans(
    {chr(code): f"\\{code:03o}" for code in (*range(1, 32), 127)}
    | {value: "\\" + letter for letter, value in _LETTERS.items()}
)
_STRINGS = re.compile(r'[ \t\f\v]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"[ \t\f\v]*)')
_ESCAPE = re.compile(r"((?:\\(?:[0-7]{1,3}|x[0-9a-fA-F]+))+)|\\(.)")
_NUMBER = re.compile(r"\\(?:([0-7]{1,3})|x([0-9a-fA-F]+))")
_PLACE = re.compile("\u2068([^\u2068\u2069]*)\u2069(?::([0-9]{1,9}))?(?![^ \t])|([^ \t]+)")
_ENDS_IN_BACKSLASH = re.compile(r"\\ *$")
_BLANKS = " \t\f\v"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def quote(text: str) -> list[str]:
    """The string as gettext lays it out: on the keyword's line, or `""` and then a line for each line of the text."""
    if "\0" in text:
        raise CatalogError("a text with a NUL character cannot stand in a catalog; take the character out")
    if "\n" not in text[:-1]:
        return [f'"{text.translate(_SPELLED)}"']
    *lines, last = text.split("\n")
    pieces = [line + "\n" for line in lines] + ([last] if last else [])
    return ['""', *(f'"{piece.translate(_SPELLED)}"' for piece in pieces)]


def unquote(written: str) -> str:
    """The text of the quoted strings in the rest of a line; ValueError, in words, when they are not well formed."""
    pieces, at = [], 0
    while at < len(written):
        found = _STRINGS.match(written, at)
        if not found:
            raise ValueError('a string in double quotes must stand here, with \\" for a quote inside it')
        pieces.append(found[1])
        at = found.end()
    if not pieces:
        raise ValueError('a string in double quotes must stand here, "" if it is empty')
    text = "".join(_unescape(piece) if "\\" in piece else piece for piece in pieces)
    if "\0" in text:
        raise ValueError("a string must not hold a NUL character")
    return text


def _unescape(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        if found[2]:
            if found[2] not in _LETTERS:
                raise ValueError(f"\\{printable(found[2])} is not an escape that PO knows; a backslash is written \\\\")
            return _LETTERS[found[2]]
        numbers = [int(octal, 8) if octal else int(hexa[-2:], 16) for octal, hexa in _NUMBER.findall(found[1])]
        try:
            return bytes(number & 0xFF for number in numbers).decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError(f"{found[1]} is not a character of UTF-8; write the character itself") from None

    return _ESCAPE.sub(character, text)


def read_locations(written: str) -> Iterator[Location]:
    """The places in the rest of a `#:` line; a path with blanks stands between U+2068 and U+2069."""
    for found in _PLACE.finditer(written):
        if found[3] is None:
            yield Location(found[1], int(found[2] or 0))
        else:
            file, colon, line = found[3].rpartition(":")
            known = file and colon and re.fullmatch("[0-9]{1,9}", line)
            yield Location(file, int(line)) if known else Location(found[3], 0)


def write_locations(locations: Iterable[Location]) -> list[str]:
    """The `#:` lines, filled as gettext fills them; CatalogError for a path that cannot stand in one."""
    lines: list[str] = []
    for location in locations:
        place = _place(location)
        if lines and len(lines[-1]) + 1 + len(place) < _WIDTH:
            lines[-1] += " " + place
        else:
            lines.append("#: " + place)
    return lines


def _place(location: Location) -> str:
    name = location.file
    if not name or _CONTROL.search(name) or "\u2068" in name or "\u2069" in name:
        raise CatalogError(f"{excerpt(name)}: such a path cannot stand in a catalog; rename the file")
    line = f":{location.line}" if location.line > 0 else ""
    bare = not any(char.isspace() for char in name) and (line or not re.search(r"(:[0-9]{1,9}|\\)$", name))
    return f"{name}{line}" if bare else f"\u2068{name}\u2069{line}"


def read_flags(written: str) -> Iterator[str]:
    """The flags in the rest of a `#,` or `#=` line."""
    return (flag for flag in (part.strip(" \t\f\v") for part in written.split(",")) if flag)


def write_flags(flags: Iterable[str], start: str = "#,") -> list[str]:
    """The `#,` line, or nothing; CatalogError for a flag that would be read as another."""
    flags = tuple(flags)
    for flag in flags:
        if not flag or "," in flag or flag != flag.strip() or _CONTROL.search(flag):
            raise CatalogError(f"{excerpt(flag)}: cannot be a flag; a flag has no comma, no control character")
    return [f"{start} {', '.join(flags)}"] if flags else []


def comment_lines(text: str) -> list[str]:
    """A comment as lines; gettext takes a backslash at the end of a line for "goes on", so a blank follows it."""
    lines = text.replace("\r\n", "\n").replace("\0", "").split("\n")
    return [line + " " if _ENDS_IN_BACKSLASH.search(line) else line.removesuffix("\r") for line in lines]


def comment_text(line: str, start: int) -> str:
    """What a comment line says, without its sign (`start` characters), the blank after that, and the line end."""
    content = line.lstrip(_BLANKS).removesuffix("\n").removesuffix("\r")[start:].removeprefix(" ")
    return content[:-1] if content.endswith(" ") and _ENDS_IN_BACKSLASH.search(content) else content


def excerpt(text: str, length: int = 40) -> str:
    """The beginning of a text from a file, quoted for a message of one line."""
    spelled = printable(text[:length].replace("\n", "\\n").replace("\t", "\\t"))
    return f"'{spelled}{'…' if len(text) > length else ''}'"


def plain(text: str, what: str) -> str:
    """`text` if it can stand in a header or a comment; CatalogError when it holds a control character."""
    if _CONTROL.search(text):
        raise CatalogError(f"{excerpt(text)}: {what} must not hold control characters; rename it")
    return text
