"""The declarations of an HTML page that change with its language: `lang`, `dir`, `og:locale`, `content-language`, charset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from toolkit.article.html.text import decoded, inside_quotes
from toolkit.article.html.tokens import Token, attribute_values, names, tokens
from toolkit.codes import Edit
from toolkit.language import Language

_WRAPPERS = names("body main article section div header p h1 h2 h3 h4 h5 h6 blockquote figure table ul ol")
"""Elements whose `lang` is changed where it names the source language; on others it marks a quotation or a name."""
_XML = re.compile(r"""(<\?xml[^>]*?encoding\s*=\s*)("[^"]*"|'[^']*')""")
_CHARSET = re.compile(r"(charset\s*=\s*)[^\s;\"']+", re.IGNORECASE)
_TERRITORIES = {"zh-Hans": "zh_CN", "zh-Hant": "zh_TW"}
"""Values of `og:locale`, which has territories and no scripts."""
_UTF8 = ("utf-8", "utf8")


def declarations(text: str, source: str, target: Language) -> Iterator[Edit]:
    """The edits that make the page declare the target language and UTF-8; `source` is a BCP 47 tag.

    `lang`, `dir` and a charset that are missing are added to `<html>` and `<head>`; a page without these tags has none.
    """
    head: Token | None = None
    charset = False
    for token in tokens(text):
        if not token.opens:
            continue
        read = attribute_values(text, token)
        if token.name == "html":
            lang = {"lang": target.tag} if "xml:lang" not in read or "lang" in read else {}
            wanted = {"lang": target.tag, "xml:lang": target.tag, "dir": target.direction}
            yield from _set(text, token, wanted, lang | ({"dir": "rtl"} if target.direction == "rtl" else {}))
        elif token.name == "meta":
            yield from _of_meta(text, token, read, target)
            charset = charset or "charset" in read or "content-type" in read.get("http-equiv", "").lower()
        elif token.name == "head":
            head = head or token
        elif token.name in _WRAPPERS and _primary(read.get("lang", read.get("xml:lang", ""))) == _primary(source):
            yield from _set(text, token, {"lang": target.tag, "xml:lang": target.tag})
    if head is not None and not charset:
        yield head.end, head.end, '<meta charset="utf-8">'
    if (declared := _XML.match(text)) and declared[2][1:-1].lower() not in _UTF8:
        yield declared.start(2) + 1, declared.end(2) - 1, "UTF-8"


def _primary(tag: str) -> str:
    """The language of a tag without region and script: `en` of `en-GB`."""
    return re.split("[-_]", tag.lower())[0]


def _of_meta(text: str, token: Token, read: Mapping[str, str], target: Language) -> Iterator[Edit]:
    kind = (read.get("property") or read.get("name") or read.get("http-equiv") or "").lower()
    if kind == "og:locale":
        yield from _set(text, token, {"content": _TERRITORIES.get(target.tag, target.gettext)})
    elif kind in ("content-language", "language", "dc.language", "dcterms.language"):
        yield from _set(text, token, {"content": target.tag})
    elif "charset" in read and read["charset"].lower() not in _UTF8:
        yield from _set(text, token, {"charset": "utf-8"})
    elif kind == "content-type" and not re.search(r"charset\s*=\s*utf-?8", read.get("content", ""), re.IGNORECASE):
        for found in _CHARSET.finditer(text, token.start, token.end):
            yield found.end(1), found.end(), "utf-8"


def _set(
    text: str, token: Token, wanted: Mapping[str, str], added: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Edit]:
    """The edits that give the attributes of a tag these values, with their quotes kept; those in `added` are appended where
    the tag lacks them. A more special value is kept: `en-GB` where `en` is wanted."""
    found = {attribute.name: attribute for attribute in reversed(token.attributes) if attribute.start < attribute.end}
    for name, value in wanted.items():
        if name in found:
            first, last = inside_quotes(text, found[name].start, found[name].end)
            old = decoded(text[first:last]).replace("_", "-").lower()
            if not f"{old}-".startswith(f"{value.replace('_', '-').lower()}-"):
                yield first, last, value
    new = "".join(f' {name}="{value}"' for name, value in added.items() if name not in found)
    if new:
        end = token.end - (2 if token.empty else 1)
        yield token.start + len(text[token.start : end].rstrip()), end, new
