"""Codes of any text: web and e-mail addresses, and placeholders such as {name} or %(count)d."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from toolkit.units import Code

# ASCII only: in Chinese the sentence often continues directly after the address. `&lt;` and `&gt;` end an address.
_URL = r"(?:(?:https?|ftp)://|(?<![A-Za-z0-9_.])www\.)(?:(?!&[lg]t;)[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%\[\]])+"
# The lookbehind lets a long run of letters be tried once, not once per letter.
_EMAIL = r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_PLACEHOLDER = (
    r"\{\{[^{}\n]{1,200}\}\}|\{%[^{}\n]{1,200}%\}|\$?\{[A-Za-z0-9_][\w.\-]{0,60}(?:![rsa])?(?::[^{}\s]{0,20})?\}"
    r"|%\([A-Za-z_]\w{0,60}\)[#0\- +]{0,5}\d{0,9}(?:\.\d{1,9})?[diouxXeEfFgGcrsa]"
    r"|(?<![A-Za-z0-9_%])%(?:\d{1,3}\$)?[sd](?![A-Za-z])"
)
_ANY = re.compile(f"(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<placeholder>{_PLACEHOLDER})")


_SIGNS = ("://", "www.", "@", "{", "%")
"""One of these stands in whatever `_ANY` finds."""


def find(text: str, others: Iterable[Code] = ()) -> tuple[Code, ...]:
    """The addresses and placeholders of a text, and the `others`, which are in order and between which they are sought."""
    result: list[Code] = []
    position = 0
    for code in others:
        result += [*_between(text, position, code.start), code]
        position = code.end
    return (*result, *_between(text, position, len(text)))


def _between(text: str, start: int, end: int) -> Iterator[Code]:
    if not any(sign in text for sign in _SIGNS):
        return
    for match in _ANY.finditer(text, start, end):
        last = match.end() if match.lastgroup == "placeholder" else _trimmed(match.group(), match.start())
        if last > match.start():
            yield Code("ph", text[match.start() : last], match.start(), last)


def _trimmed(address: str, start: int) -> int:
    """The end of an address that was found at `start`, without the punctuation of the sentence."""
    end = len(address)
    surplus = {")": address.count(")") - address.count("("), "]": address.count("]") - address.count("[")}
    while end:
        last = address[end - 1]
        if last in ".,;:!?'*_~-":
            end -= 1
        elif surplus.get(last, 0) > 0:
            surplus[last] -= 1
            end -= 1
        else:
            break
    bare = address[:end].lower()
    return start + end if bare not in ("http:/", "http:", "https:/", "https:", "ftp:", "www") else start
