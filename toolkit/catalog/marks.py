"""Our own lines in a catalog are translator comments, which every PO tool keeps.

    # lokta: KIND key=value key="a value with blanks"

In quotes, `\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\uXXXX` stand for what would end the value or the line, so any value
comes back as it went in. A line that does not follow the grammar is somebody's remark and stays one.
"""

from __future__ import annotations

import re
import unicodedata

from toolkit.errors import CatalogError
from toolkit.units import Mark

_PREFIX = "lokta:"
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_BARE = re.compile(r'[^\s"\\=]+')
_LINE = re.compile(rf"{_PREFIX}[ \t]*({_NAME})((?:[ \t].*)?)", re.DOTALL)
_PAIR = re.compile(rf'[ \t]+({_NAME})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"\\=]*))', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_SPELLED = {value: "\\" + letter for letter, value in _LETTERS.items()}


def parse(comment: str) -> Mark | None:
    """The mark that a comment (without its `# `) spells, or None when it is not one of ours."""
    line = _LINE.fullmatch(comment)
    if not line:
        return None
    rest = line[2].rstrip(" \t")
    values, at = [], 0
    while at < len(rest):
        pair = _PAIR.match(rest, at)
        if not pair:
            return None
        value = _unescape(pair[2]) if pair[2] is not None else pair[3]
        if value is None:
            return None
        values.append((pair[1], value))
        at = pair.end()
    return Mark(line[1], tuple(values))


def format(mark: Mark) -> str:
    """The comment (without its `# `) that spells a mark; CatalogError when a kind or key is not a plain name."""
    for name in (mark.kind, *(key for key, _ in mark.values)):
        if not re.fullmatch(_NAME, name):
            raise CatalogError(f"{name!r}: cannot name a mark or its key; use letters, digits, '.', '_' and '-'")
    return " ".join([_PREFIX, mark.kind, *(f"{key}={_spell(value)}" for key, value in mark.values)])


def _spell(value: str) -> str:
    if _BARE.fullmatch(value) and not any(_hidden(char) for char in value):
        return value
    return '"' + "".join(_SPELLED.get(char) or (_numbered(char) if _hidden(char) else char) for char in value) + '"'


def _hidden(char: str) -> bool:
    """Whether a character could end a line, or a terminal or editor would not show it as it is."""
    return unicodedata.category(char) in ("Cc", "Zl", "Zp", "Cs")


def _numbered(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _unescape(text: str) -> str | None:
    """The value between quotes; None when it holds an escape that the grammar does not have."""
    if "\\" not in text:
        return text
    known = True

    def character(found: re.Match[str]) -> str:
        nonlocal known
        number = int(found[1] or found[2] or "0", 16)
        if found[3] is None and number <= 0x10FFFF:
            return chr(number)
        known = known and found[3] in _LETTERS
        return _LETTERS.get(found[3], "")

    value = _ESCAPE.sub(character, text)
    return value if known else None
