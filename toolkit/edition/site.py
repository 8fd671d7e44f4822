"""An HTML edition in its own format says its language and charset where the article said its own."""

from __future__ import annotations

import html
import re

from toolkit.edition.links import ATTRIBUTE, Edit, Tags, splice
from toolkit.language import Language

_NAMES = "html body main article section div header p h1 h2 h3 h4 h5 h6 blockquote figure table ul ol"
_WRAPPERS = frozenset(_NAMES.split())
_XML = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)("[^"]*"|'[^']*')""")
_CHARSET = re.compile(r"(charset\s*=\s*)[^\s;\"']+", re.IGNORECASE)
_TERRITORIES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}
"""Open Graph knows no scripts."""


def declare_language(text: str, source: str, target: Language) -> str:
    """`<html lang>`, `dir`, other wrappers in the source language, `og:locale`, `content-language`, and UTF-8."""
    edits: list[Edit] = []
    tags = Tags(text)
    charset = False
    for start, end, name, attributes in tags.found:
        old = text[start:end]
        new = _wrapper(old, name, attributes, source, target) if name in _WRAPPERS else old
        if name == "meta":
            new = _meta(old, attributes, target)
            charset = charset or "charset" in attributes or "content-type" in attributes.get("http-equiv", "").lower()
        if new != old:
            edits.append((start, end, new))
    head = next((end for _, end, name, _ in tags.found if name == "head"), None)
    if head is not None and not charset:
        edits.append((head, head, '<meta charset="utf-8">'))
    if declared := _XML.match(text):
        encoding = declared[2][1:-1]
        if encoding.lower() not in ("utf-8", "utf8"):
            edits.append((declared.start(2), declared.end(2), declared[2].replace(encoding, "UTF-8")))
    return splice(text, edits)


def _wrapper(tag: str, name: str, attributes: dict[str, str], source: str, target: Language) -> str:
    said = attributes.get("lang", attributes.get("xml:lang", ""))
    if name == "html":
        tag = _set(tag, "lang", target.tag, add="xml:lang" not in attributes or "lang" in attributes)
        tag = _set(tag, "xml:lang", target.tag, add=False)
        return _set(tag, "dir", target.direction, add=target.direction == "rtl")
    if said and said.lower().replace("_", "-").split("-")[0] == source.lower().split("-")[0]:
        return _set(_set(tag, "lang", target.tag, add=False), "xml:lang", target.tag, add=False)
    return tag


def _meta(tag: str, attributes: dict[str, str], target: Language) -> str:
    what = (attributes.get("property") or attributes.get("name") or attributes.get("http-equiv") or "").lower()
    if what == "og:locale":
        return _set(tag, "content", _TERRITORIES.get(target.tag, target.gettext), add=False)
    if what in ("content-language", "language", "dc.language", "dcterms.language"):
        return _set(tag, "content", target.tag, add=False)
    if "charset" in attributes and attributes["charset"].lower() not in ("utf-8", "utf8"):
        return _set(tag, "charset", "utf-8", add=False)
    if what == "content-type" and not re.search(r"charset\s*=\s*utf-?8", attributes.get("content", ""), re.IGNORECASE):
        return _CHARSET.sub(r"\g<1>utf-8", tag)
    return tag


def _set(tag: str, name: str, value: str, add: bool) -> str:
    """The tag with the attribute's value changed, its quotes kept; added at the end when it is not there and `add`."""
    for found in ATTRIBUTE.finditer(tag):
        if found[1].lower() == name:
            said = html.unescape(found[3].strip("\"'")).replace("_", "-").lower()
            if f"{said}-".startswith(f"{value.replace('_', '-').lower()}-"):
                return tag  # en-GB is English already
            mark = found[3][0] if found[3][0] in "\"'" else ""
            return tag[: found.start(3)] + mark + value + mark + tag[found.end(3) :]
    if not add:
        return tag
    end = len(tag) - (2 if tag.endswith("/>") else 1)
    return f'{tag[:end].rstrip()} {name}="{value}"{tag[end:]}'
