"""File names of editions: safe on every file system, and never outside of the editions' folder."""

from __future__ import annotations

import hashlib
import re
import unicodedata

_LONGEST = 120
"""Bytes of UTF-8 of a part of a path."""
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff<>:\"\\|?*%]|^[.~ ]|[. ]$"
)
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)", re.IGNORECASE)


def safe_path(article: str) -> str:
    """An article's id as a path: each part in NFC, characters that a file system or a link may refuse percent-encoded.

    No part is empty, `.`, `..`, hidden or reserved by Windows; one of more than 120 bytes is shortened and ends with a hash.
    """
    return "/".join(map(_safe_part, (part for part in article.split("/") if part))) or "%"


def _safe_part(part: str) -> str:
    name = _UNSAFE.sub(lambda found: _percent(found[0]), unicodedata.normalize("NFC", part))
    if _RESERVED.match(name):
        name = _percent(name[0]) + name[1:]
    if len(name.encode()) <= _LONGEST:
        return name
    mark = hashlib.sha256(part.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return re.sub(r"%[0-9A-F]?$", "", name.encode()[: _LONGEST - 9].decode(errors="ignore")) + "-" + mark


def _percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def html_name(article: str, language: str) -> str:
    """`html/bo/posts/my-post.html`."""
    return f"html/{language}/{safe_path(article)}.html"


def native_name(article: str, language: str, suffix: str) -> str:
    """`native/bo/posts/my-post.md`."""
    return f"native/{language}/{safe_path(article)}{suffix}"


def mo_name(article: str, locale: str) -> str:
    """`mo/zh_Hans/LC_MESSAGES/posts/my-post.mo`."""
    return f"mo/{locale}/LC_MESSAGES/{safe_path(article)}.mo"


def package_name(language: str) -> str:
    """`packages/bo.zip`."""
    return f"packages/{language}.zip"
