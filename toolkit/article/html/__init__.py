"""HTML: cut at the edges of paragraphs, inline tags numbered, and never written anew: untouched bytes stay as they are.

Attributes that people read (`alt`, `title`, a page's description, …) are blocks of their own. One that stands inside a
paragraph has an empty slice, right after its paragraph's block: its place is in one of the paragraph's codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import unescape

from toolkit import codes
from toolkit.article.html.reader import PRESERVED, Reader
from toolkit.article.html.tags import inner_attributes
from toolkit.article.html.text import atoms, canonical, said, words
from toolkit.article.html.tokens import tokens
from toolkit.article.rendered import Problem, Rendered, attempt, check_codes
from toolkit.article.spelling import respell
from toolkit.errors import CodesDiffer
from toolkit.units import Article, Block

_LABEL = re.compile(r"</?[0-9]{1,6}>|<[0-9]{1,6}/>")
_REFERENCE = re.compile(r"&#?[0-9A-Za-z]+;")
_QUOTED = {'"': "&quot;", "'": "&#39;"}


def parse(text: str, file: str = "") -> Article:
    """The article of an HTML page, its furniture marked.

    Raises DataError where elements nest deeper than 200 levels or a paragraph is longer than 100 kB.
    """
    reader = Reader(text, file)
    parts: list[str | Block] = []
    at = 0
    for start, end, block in reader.read():
        parts += [text[at:start]] if at < start else []
        parts.append(block)
        at = end
    parts += [text[at:]] if at < len(text) else []
    return Article(text, reader.metadata.get("language", ""), "html", tuple(parts), reader.metadata)


def serialize(article: Article, targets: Mapping[str, str]) -> Rendered:
    """The page with the targets (block id to text) in place; their words are escaped, their tags are the page's own."""
    problems: list[Problem] = []
    written: list[str] = []
    parts = article.parts
    at = 0
    while at < len(parts):
        part = parts[at]
        at += 1
        if isinstance(part, str):
            written.append(part)
            continue
        inner: list[Block] = []
        while at < len(parts) and _inside(parts[at]):
            inner.append(parts[at])  # type: ignore[arg-type]
            at += 1
        written.append(_rendered(part, inner, targets, problems))
    return Rendered("".join(written), tuple(problems))


def _inside(part: str | Block) -> bool:
    return isinstance(part, Block) and not part.original and part.type.startswith("attribute ")


def _rendered(block: Block, inner: list[Block], targets: Mapping[str, str], problems: list[Problem]) -> str:
    if block.type.startswith("attribute "):
        return _attribute(block, block.original, targets, problems)
    filled = block
    if any(attribute.id in targets for attribute in inner):
        waiting = iter(inner)
        filled = replace(
            block, codes=tuple(replace(c, data=_with(c.data, waiting, targets, problems)) for c in block.codes)
        )
    if block.id in targets:
        put = attempt(filled, targets[block.id], _put, problems)
        if put is not None:
            return put
    return block.original if filled is block else _put(filled, block.source)


def _with(data: str, waiting: Iterator[Block], targets: Mapping[str, str], problems: list[Problem]) -> str:
    """A code's tags with the attributes in them translated."""
    result, at = [], 0
    for start, end, _, _ in inner_attributes(data) if "<" in data else ():
        raw = data[start:end]
        if not words(attribute_text(raw)):
            continue
        result += [data[at:start], _attribute(next(waiting), raw, targets, problems)]
        at = end
    return "".join([*result, data[at:]])


def attribute_text(raw: str) -> str:
    """What a msgid shows of an attribute's value; `raw` has its quotes."""
    first, last = quotes(raw)
    return "".join(atom.shown for atom in atoms(raw, first, last, attribute=True))


def quotes(raw: str) -> tuple[int, int]:
    """The span inside the quotes of an attribute's value."""
    return (1, len(raw) - 1) if raw[:1] in ("'", '"') else (0, len(raw))


def _attribute(block: Block, raw: str, targets: Mapping[str, str], problems: list[Problem]) -> str:
    if block.id not in targets:
        return raw
    quote = raw[:1] if raw[:1] in ("'", '"') else ""
    first, last = quotes(raw)
    inside = raw[first:last]
    shown = list(atoms(raw, first, last, attribute=True))
    lead = next((atom.start for atom in shown if not atom.blank), last)
    trail = next((atom.end for atom in reversed(shown) if not atom.blank), last)

    def put(block: Block, target: str) -> str:
        text = canonical(target, labels=False)
        _same_codes(block.source, text)
        for spellings in (block.spellings, ()):
            value = respell(block.source, text, spellings, lambda plain: _quoted(plain, quote))
            if _is_value(value, quote) and _one_blank(said(value)) == _one_blank(unescape(text)):
                return value
        raise CodesDiffer("the translation cannot be written into the attribute")

    value = attempt(block, targets[block.id], put, problems)
    return raw if value is None else quote + inside[: lead - first] + value + inside[trail - first :] + quote


def _one_blank(text: str) -> str:
    return re.sub(r"[\t\n\f\r ]+", " ", text)


def _quoted(text: str, quote: str) -> str:
    """Text for an attribute in these quotes; without quotes, what would end it is spelled by its number."""
    if quote:
        return text.replace(quote, _QUOTED[quote])
    return re.sub(r"[\s\"'=<>`]", lambda match: f"&#{ord(match.group())};", text)


def _is_value(value: str, quote: str) -> bool:
    return quote not in value if quote else not re.search(r"[\t\n\f\r \"'=<>`]", value)


def _same_codes(source: str, target: str) -> None:
    """The tags and addresses of both are the same; a reference may come and go: `R&amp;D` may need no `&`."""
    difference = codes.compare(source, target, "tags")
    check_codes(
        replace(
            difference,
            missing=tuple(code for code in difference.missing if not _REFERENCE.fullmatch(code)),
            extra=tuple(code for code in difference.extra if not _REFERENCE.fullmatch(code)),
        )
    )


def _put(block: Block, target: str) -> str:
    bare = block.type in ("title", "textarea")
    text = canonical(target, labels=not bare, keep_space=block.type in PRESERVED)
    _same_codes(block.source, text)
    tags = {block.source[code.start : code.end]: code.data for code in block.codes}
    _no_link_in_a_link(text, tags)

    def expanded(text: str) -> str:
        return _LABEL.sub(lambda match: tags.get(match.group(), match.group()), text)

    for spellings in (block.spellings, ()):
        written = respell(block.source, text, spellings, expanded)
        if written == block.original:
            return written
        if (
            bare
            and not re.search(rf"</{block.type}", written, re.IGNORECASE)
            and _reading(written, True) == _reading(text, True)
        ):
            return written
        if not bare and _reading(written) == _expected(text, tags):
            return written
    raise CodesDiffer("the translation would become markup")


def _no_link_in_a_link(text: str, tags: Mapping[str, str]) -> None:
    inside = ""
    for match in _LABEL.finditer(text):
        label = match.group()
        if inside and label == f"</{inside[1:]}":
            inside = ""
        elif re.match(r"<a[\s/>]", tags.get(label, ""), re.IGNORECASE) and not label.endswith("/>"):
            if inside:
                raise CodesDiffer("the translation puts a link into a link")
            inside = label


def _reading(written: str, bare: bool = False) -> list[str]:
    """What a browser would read: words as msgids show them, tags as they are written."""
    read: list[str] = []
    if bare:
        return ["".join(atom.shown for atom in atoms(written, 0, len(written)))]
    was_text = False
    for token in tokens(written):
        is_text = token.kind == "text"
        shown = written[token.start : token.end]
        if is_text:
            shown = "".join(atom.shown for atom in atoms(written, token.start, token.end))
        if is_text and was_text:
            read[-1] += shown
        else:
            read.append(shown)
        was_text = is_text
    return read


def _expected(text: str, tags: Mapping[str, str]) -> list[str]:
    """The same for a target whose tags have not been filled in."""
    return _reading(_LABEL.sub(lambda match: tags.get(match.group(), match.group()), text))
