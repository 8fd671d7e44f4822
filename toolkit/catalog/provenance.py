"""Our own lines in a catalog are translator comments, which every PO tool keeps.

    # lokta: KIND key=value key="a value with blanks"

In quotes, `\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\uXXXX` stand for what would end the value or the line, so any value
comes back as it went in. A line that does not follow the grammar is somebody's remark and stays one.
"""

from __future__ import annotations

import re

from toolkit.errors import CatalogError
from toolkit.units import ProvenanceLine

_PREFIX = "lokta:"
_NAME = r"[A-Za-z][A-Za-z0-9_.-]*"
_BARE = re.compile(r'[^\s"\\=]+')
_LINE = re.compile(rf"{_PREFIX}[ \t]*({_NAME})((?:[ \t].*)?)", re.DOTALL)
_PAIR = re.compile(rf'[ \t]+({_NAME})=(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([^\s"\\=]*))', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Characters that could end a line, or that a terminal or editor would not show as they are."""
_ESCAPED = re.compile(rf'{_HIDDEN.pattern}|["\\]')
_SPELLED = {value: "\\" + letter for letter, value in _LETTERS.items()}


def parse(comment: str) -> ProvenanceLine | None:
    """The provenance line that a comment (without its `# `) spells, or None when it is not one of ours."""
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
    return ProvenanceLine(line[1], tuple(values))


def format(line: ProvenanceLine) -> str:
    """The comment (without its `# `) that spells a provenance line; CatalogError when a kind or key is not a plain name."""
    for name in (line.kind, *(key for key, _ in line.values)):
        if not re.fullmatch(_NAME, name):
            raise CatalogError(f"{name!r}: cannot name a line or its key; use letters, digits, '.', '_' and '-'")
    return " ".join([_PREFIX, line.kind, *(f"{key}={_spell(value)}" for key, value in line.values)])


def _spell(value: str) -> str:
    if _BARE.fullmatch(value) and not _HIDDEN.search(value):
        return value
    return '"' + _ESCAPED.sub(lambda found: _SPELLED.get(found[0]) or f"\\u{ord(found[0]):04x}", value) + '"'


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
