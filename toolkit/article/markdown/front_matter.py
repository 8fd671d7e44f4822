"""The front matter of a post: YAML between `---`, TOML between `+++`, or a JSON object; of it, simple values that people read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from toolkit.units import Spelling

TRANSLATED = frozenset((
    "title", "subtitle", "description", "summary", "excerpt", "tagline", "caption", "short_title", "linkTitle",
    "sidebar_label", "sidebar.label", "image-alt", "image.alt", "cover.alt", "cover.caption", "banner.content",
    "hero.text", "hero.tagline", "hero.actions[].text", "features[].title", "features[].details",
    "params.description", "params.subtitle",
))  # fmt: skip
"""Keys whose values are blocks of the article; `[]` is an item of a list. 2,147 files of 21 projects have these."""
METADATA = {"title": "title", "date": "date", "author": "author", "lang": "language", "language": "language"}
"""Keys that give metadata of the article, and their names there."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_KEY = re.compile(r"(?P<indent>[ \t]*)(?P<items>(?:-[ \t]+)*)(?P<key>[A-Za-z][\w-]*)[ \t]*:(?:[ \t]+(?=\S)|[ \t]*$)")
_BLOCK_SCALAR = re.compile(r"[>|][+-]?\d?[+-]?[ \t]*(?:#.*)?$")
_ASKED = re.compile(r"#[ \t]*lokta:[ \t]*translate[ \t]*$")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?=[^\s#-])")
_TOML_KEY = re.compile(r"[ \t]*(?P<key>[A-Za-z][\w-]*)[ \t]*=[ \t]*(?=[\"'])")
_TOML_TABLE = re.compile(r"[ \t]*(?P<open>\[{1,2})[ \t]*(?P<key>[\w.-]+)[ \t]*\]{1,2}[ \t]*$")
_JSON_TOKEN = re.compile(r'(?P<text>"(?:[^"\\\n]|\\.)*")|[{}\[\],:]')
_QUOTED = {
    '"': re.compile(r'"((?:[^"\\]|\\.)*)"[ \t]*(?:#.*)?$'),
    "'": re.compile(r"'((?:[^']|'')*)'[ \t]*(?:#.*)?$"),
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_PLAIN_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "e": "\x1b",
    "_": "\xa0",
    "N": "\x85",
    "a": "\a",
    "b": "\b",
}
_NOT_PLAIN = re.compile(
    r"""[\[\]{}>|*&!%#`@,"'?-]|: |.* #|.*:(?: |$)|.*\n|(?:true|false|yes|no|on|off|null|~|[-+.\d][\d_.,:eE+-]*)$""",
    re.IGNORECASE,
)
"""Texts that YAML reads as something other than a string if they have no quotation marks."""
_JSON_END = re.compile(r"[ \t]*(?:\r?\n|$)")
_FENCED = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(?:.*?\r?\n)??\1[ \t]*(?:\r?\n|$)", re.DOTALL)
_ANY_KEY = re.compile(r"^[A-Za-z][\w-]*[ \t]*[:=]", re.MULTILINE)
_LANGUAGE = re.compile(
    r"""^((?:lang|language|locale)[ \t]*[:=][ \t]*)(?:(?P<quote>["'])(?:(?!(?P=quote))[^\r\n])*(?P=quote)|(?P<bare>)[^\s#"'][^#\r\n]*?)"""
    r"""(?=[ \t]*(?:#.*)?\r?$)""",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """A value, most often that of a line `key: value`."""

    key: str
    """With those of the tables around it: `hero.actions[].text`."""
    start: int
    end: int
    """The span of the value in the file, without its quotation marks."""
    line: int
    text: str
    """The value without the escapes of its quotation."""
    spellings: tuple[Spelling, ...]
    quote: str
    """Its quotation mark: `"`, `'` or none; `>` for a block of lines."""
    asked: bool = False
    """Its author asked for it to be offered: `tags:  # lokta: translate`."""

    @property
    def offered(self) -> bool:
        """Whether it is a block of the article."""
        return self.asked or self.key in TRANSLATED


def values(text: str, lines: int) -> Iterator[Value]:
    """The simple values in the front matter of a file, which is its first `lines` lines."""
    found = list(islice(_LINE.finditer(text), lines))
    if text.startswith("{"):
        yield from _json(text[: found[-1].end()] if found else "")
    elif text.startswith("+++"):
        yield from _toml(found)
    else:
        yield from _yaml(found)


def sign(matter: str) -> str:
    """A front matter without the values that are translated, and without their quotation marks."""
    held = (value for value in values(matter, matter.count("\n") + 1) if value.offered)
    rest, at = "", 0
    for value in held:
        rest += matter[at : value.start].rstrip("\"'")
        at = value.end + (matter[value.end : value.end + 1] in ("'", '"') and matter[value.start - 1] in ("'", '"'))
    return rest + matter[at:]


def _yaml(lines: list[re.Match[str]]) -> Iterator[Value]:
    above: list[tuple[int, str]] = []
    """Column and name of the keys that the present one stands below."""
    number = 0
    while number < len(lines):
        body = lines[number].group().rstrip("\r\n")
        number += 1
        key = _KEY.match(body)
        if not key:
            continue
        column = key.start("key")
        while above and above[-1][0] >= column:
            above.pop()
        if key["items"] and above and not above[-1][1].endswith("[]"):
            above[-1] = (above[-1][0], f"{above[-1][1]}[]")
        path = ".".join([name for _, name in above] + [key["key"]])
        above.append((column, key["key"]))
        more = number
        while more < len(lines) and _indent(lines[more]) > column:
            more += 1
        if _ASKED.search(body, key.end()):
            found = (
                _items(path, lines, number)
                if body[key.end()] == "#"
                else _value(path, body, key.end(), lines[number - 1].start(), number)
            )
            yield from (replace(value, asked=True) for value in found)
        elif _BLOCK_SCALAR.match(body, key.end()):
            yield from _block(path, lines[number:more], number + 1)
            number = more
        elif key.end() < len(body) and more == number:
            yield from _value(path, body, key.end(), lines[number - 1].start(), number)


def _items(key: str, lines: list[re.Match[str]], number: int) -> Iterator[Value]:
    """The items of a list, one a line, that begins at `lines[number]`."""
    for at, line in enumerate(lines[number:], number + 1):
        item = _ITEM.match(line.group().rstrip("\r\n"))
        if item is None:
            return
        yield from _value(f"{key}[]", item.string, item.end(), line.start(), at)


def _indent(line: re.Match[str]) -> int:
    """The blanks before a line's text; those of a blank line have no end."""
    body = line.group()
    return len(body) - len(body.lstrip(" \t")) if body.strip() else 10**6


def _block(key: str, lines: list[re.Match[str]], number: int) -> Iterator[Value]:
    """The paragraphs of a block scalar, each on one line in its msgid."""
    text, spellings, start, end, first = "", list[Spelling](), 0, 0, number
    for at, line in enumerate([*lines, None]):
        body = line.group().strip() if line else ""
        if body and line:
            begin = line.start() + line.group().index(body)
            if text:
                spellings.append(Spelling(len(text), len(text) + 1, line.string[end:begin]))
                text += " "
            else:
                start, first = begin, number + at
            text, end = text + body, begin + len(body)
        elif text:
            yield Value(key, start, end, first, text, tuple(spellings), ">")
            text, spellings = "", []


def _toml(lines: list[re.Match[str]]) -> Iterator[Value]:
    table = ""
    for number, line in enumerate(lines, 1):
        body = line.group().rstrip("\r\n")
        if heading := _TOML_TABLE.match(body):
            table = heading["key"] + ("[]." if heading["open"] == "[[" else ".")
        elif (key := _TOML_KEY.match(body)) and not body.startswith(('"""', "'''"), key.end()):
            yield from _value(table + key["key"], body, key.end(), line.start(), number)


def _json(text: str) -> Iterator[Value]:
    path: list[str] = []
    key, follows = "", False
    for token in _JSON_TOKEN.finditer(text):
        said = token["text"]
        if token[0] in "{[":
            path.append(key + ("[]" if token[0] == "[" else "") if path else "")
            key = ""
        elif token[0] in "}]":
            path = path[:-1]
        elif token[0] == ",":
            key, follows = "", False
        elif token[0] == ":":
            follows = True
        elif said and follows and key:
            plain, spellings = _read_double(said[1:-1])
            line = text.count("\n", 0, token.start()) + 1
            names = ".".join([*filter(None, path), key]).replace("[].[]", "[]")
            yield Value(names, token.start() + 1, token.end() - 1, line, plain, spellings, '"')
        elif said:
            key, follows = said[1:-1], False


def _value(key: str, body: str, at: int, start: int, line: int) -> Iterator[Value]:
    quote = body[at] if body[at] in _QUOTED else ""
    if quote:
        match = _QUOTED[quote].match(body, at)
        if not match:
            return
        first, last = match.span(1)
        plain, spellings = _read_double(match[1]) if quote == '"' else (match[1].replace("''", "'"), ())
    else:
        plain, spellings = re.split(r"[ \t]#", body[at:], maxsplit=1)[0].rstrip(" \t"), ()
        if plain[:1] in tuple("|>[{&*!"):
            return
        first, last = at, at + len(plain)
    if plain.strip() == plain:
        yield Value(key, start + first, start + last, line, plain, spellings, quote)


def _read_double(written: str) -> tuple[str, tuple[Spelling, ...]]:
    text, position = "", 0
    spellings: list[Spelling] = []
    for match in _ESCAPE.finditer(written):
        text += written[position : match.start()]
        position = match.end()
        number = match[1] or match[2] or match[3]
        char = chr(min(int(number, 16), 0x10FFFF)) if number else _PLAIN_ESCAPES.get(match[4], match[4])
        text += char if char > "\x1f" else " "  # a msgid is one line
        if char not in ('"', "\\") or match.group() != "\\" + char:
            spellings.append(Spelling(len(text) - 1, len(text), match.group()))
    return text + written[position:], tuple(spellings)


def write(text: str, quote: str) -> str:
    """A text escaped for a YAML scalar with these quotation marks."""
    if quote == '"':
        return text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("'", "''") if quote == "'" else text


def needs_quotes(text: str) -> bool:
    """Whether YAML would not read the text as a string if it had no quotation marks."""
    return bool(_NOT_PLAIN.match(text))


def fenced(text: str) -> str:
    """The front matter of a text, fences included; empty where there is none, as for words between two thematic breaks."""
    if text.startswith("{"):
        return _object(text)
    found = _FENCED.match(text)
    return found[0] if found and (_ANY_KEY.search(found[0]) or not found[0].strip("-+ \t\r\n")) else ""


def _object(text: str) -> str:
    """A JSON object with a name in it at the beginning of a text, up to the end of its last line."""
    if not re.match(r"\{\s*\"", text):
        return ""
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return ""
    rest = _JSON_END.match(text, end)
    return text[: rest.end()] if rest else ""


def with_language(text: str, tag: str) -> str:
    """The text with `lang` (or `language`, `locale`) in its front matter changed, or added; unchanged without front matter."""
    old = fenced(text)
    if not old:
        return text
    if old.startswith("{"):
        new, count = re.subn(r'("(?:lang|language|locale)"\s*:\s*)"[^"]*"', rf'\g<1>"{tag}"', old)
        return (new if count else f'{{"lang": "{tag}", {old[1:].lstrip()}') + text[len(old) :]
    fence = old[:3]
    new, count = _LANGUAGE.subn(rf"\g<1>\g<quote>{tag}\g<quote>", old)
    if not count:
        end = "\r\n" if "\r\n" in old else "\n"
        line = f"lang: {tag}" if fence == "---" else f'lang = "{tag}"'
        at = _before_tables(old) if fence == "+++" else old.rindex(fence)
        new = f"{old[:at]}{line}{end}{old[at:]}"
    return new + text[len(old) :]


def with_table(text: str, name: str, facts: Mapping[str, str | int]) -> str:
    """The text with these facts as a table in its front matter, `lokta_NAME` where it has a key of that name; unchanged without
    front matter."""
    old = fenced(text)
    if not old:
        return text
    if re.search(rf"""^[ \t{{]*["\[]?{name}["\]]?[ \t]*(?:[:=]|\r?$)""", old, re.MULTILINE):
        name = f"lokta_{name}"
    end = "\r\n" if "\r\n" in old else "\n"
    said = {key: json.dumps(value, ensure_ascii=False) for key, value in facts.items()}
    if old.startswith("{"):
        inside = ", ".join(f'"{key}": {value}' for key, value in said.items())
        return f'{{"{name}": {{{inside}}}, {old[1:].lstrip()}{text[len(old) :]}'
    if old.startswith("+++"):
        inside, at = ", ".join(f"{key} = {value}" for key, value in said.items()), _before_tables(old)
        return f"{old[:at]}{name} = {{ {inside} }}{end}{old[at:]}{text[len(old) :]}"
    at = old.rindex("---")
    lines = "".join(f"  {key}: {value}{end}" for key, value in said.items())
    return f"{old[:at]}{name}:{end}{lines}{old[at:]}{text[len(old) :]}"


def _before_tables(matter: str) -> int:
    """Where a key of the whole document can be added to TOML: before its first table."""
    table = re.search(r"^[ \t]*\[", matter, re.MULTILINE)
    return table.start() if table else matter.rindex("+++")
