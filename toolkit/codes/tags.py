"""Codes written as numbered tags: `<1>bold</1>`, `<2/>`, and the few character references that stay spelled."""

from __future__ import annotations

import html
import re
import unicodedata

from toolkit.codes import plain
from toolkit.units import Code

_TAG = re.compile(r"<(?P<close>/)?(?P<label>\d{1,6})(?P<empty>/)?>")
REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_ANY = re.compile(f"{_TAG.pattern}|{REFERENCE.pattern}")


def find(text: str) -> tuple[Code, ...]:
    """Tags, spelled references and placeholders, in order."""
    codes: list[Code] = []
    for match in _ANY.finditer(text):
        data, label = match.group(), match.group("label")
        if label is None:
            if stays_spelled(data):
                codes.append(Code("ph", data, match.start(), match.end()))
        elif not (match.group("close") and match.group("empty")):
            kind = "ec" if match.group("close") else "ph" if match.group("empty") else "sc"
            codes.append(Code(kind, data, match.start(), match.end()))  # type: ignore[arg-type]
    return _with_placeholders(text, codes)


def stays_spelled(reference: str) -> bool:
    """Whether a msgid keeps a character reference: `&lt; &gt; &amp;`, ASCII letters and digits, invisible characters."""
    char = html.unescape(reference)
    if char == reference or len(char) > 2:
        return False
    return char in ("<", ">", "&") or (char.isascii() and char.isalnum()) or invisible(char)


def invisible(text: str) -> bool:
    """Whether the text has only characters that are invisible or look like a blank."""
    return all(unicodedata.category(char) in ("Cf", "Cc", "Zs", "Zl", "Zp", "Cn", "Cs", "Co") for char in text)


def _with_placeholders(text: str, codes: list[Code]) -> tuple[Code, ...]:
    """The codes, and the placeholders between them; `&amp;` inside an address is part of the address."""
    found = plain.find(text, (code for code in codes if code.data != "&amp;"))
    covered = {at for code in found for at in range(code.start, code.end)}
    rest = (code for code in codes if code.data == "&amp;" and code.start not in covered)
    return tuple(sorted([*found, *rest], key=lambda code: code.start))
