"""The files that the browser runs; the script is cut into several, and joined in this order."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

SCRIPTS = ("text", "findings", "ime", "store", "mail", "view", "act", "keys", "main")
"""Each uses what the ones before define."""
SERVED: Mapping[str, str] = {
    "app.js": "text/javascript",
    "app.css": "text/css",
    "tibetan.woff2": "font/woff2",
    "tibetan-bold.woff2": "font/woff2",
}
"""Names below the server's address, with their media types."""
_FONTS = {
    "tibetan.woff2": "fonts/noto-serif-tibetan-tibetan-400-normal.woff2",
    "tibetan-bold.woff2": "fonts/noto-serif-tibetan-tibetan-700-normal.woff2",
}


@cache
def served(name: str) -> bytes:
    """The bytes of a file in `SERVED`."""
    if name == "app.js":
        return "\n".join(_text(f"{part}.js") for part in SCRIPTS).encode()
    return _bytes(_FONTS.get(name, name))


def page() -> str:
    """The page that loads the others."""
    return (
        _text("page.html")
        .replace("$head", '<link rel="stylesheet" href="/app.css">')
        .replace("$foot", '<script type="module" src="/app.js"></script>')
    )


def style_within() -> str:
    """The style sheet with the fonts inside, for a file that stands alone."""
    text = _text("app.css")
    for name in _FONTS:
        data = base64.b64encode(served(name)).decode()
        text = text.replace(f"/{name}", f"data:font/woff2;base64,{data}")
    return text


def page_with(head: str, foot: str, title: str) -> str:
    """The page with all that it needs inside."""
    return (
        _text("page.html")
        .replace("$head", head)
        .replace("Lokta</title>", f"{html.escape(title)}</title>")
        .replace("$foot", foot)
    )


def _text(name: str) -> str:
    return _bytes(name).decode("utf-8")


def _bytes(name: str) -> bytes:
    return files("toolkit.page.assets").joinpath(name).read_bytes()
