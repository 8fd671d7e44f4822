"""Writing translations into a page: their text is escaped, their numbered tags become those of the page.

Translatable attributes (`alt`, `title`, a page's description, …) are blocks of their own. One inside of a paragraph is an
empty slice directly after the block of the paragraph, because its text is in one of the paragraph's codes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from html import unescape
from itertools import groupby

from toolkit import codes
from toolkit.article.html.reader import PRESERVED
from toolkit.article.html.tags import inner_attributes
from toolkit.article.html.text import atoms, canonical, decoded, has_letters, inside_quotes
from toolkit.article.html.tokens import tokens
from toolkit.article.rendered import Problem, Rendered, attempt, check_codes
from toolkit.article.spelling import respell
from toolkit.errors import CodesDiffer
from toolkit.units import Article, Block

_LABEL = re.compile(r"</?[0-9]{1,6}>|<[0-9]{1,6}/>")
_REFERENCE = re.compile(r"&#?[0-9A-Za-z]+;")
_QUOTED = {'"': "&quot;", "'": "&#39;"}


def serialize(article: Article, targets: Mapping[str, str], by_person: Collection[str] = ()) -> Rendered:
    """The page with the targets (block id to text) in place; `by_person` as in `Format.serialize`."""
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
        written.append(_rendered(part, inner, targets, by_person, problems))
    return Rendered("".join(written), tuple(problems))


def _inside(part: str | Block) -> bool:
    """Whether the part is an attribute inside of the paragraph before it."""
    return isinstance(part, Block) and not part.original and part.type.startswith("attribute ")


def _rendered(
    block: Block, inner: list[Block], targets: Mapping[str, str], by_person: Collection[str], problems: list[Problem]
) -> str:
    """The text of a block in the page; `inner` are the blocks of the attributes inside of it."""
    if block.type.startswith("attribute "):
        return _attribute(block, block.original, targets, problems)
    filled = block
    if any(attribute.id in targets for attribute in inner):
        waiting = iter(inner)
        filled = replace(
            block, codes=tuple(replace(c, data=_with(c.data, waiting, targets, problems)) for c in block.codes)
        )
    if block.id in targets:
        put = attempt(filled, targets[block.id], partial(_put, by_person=block.id in by_person), problems)
        if put is not None:
            return put
    return block.original if filled is block else _put(filled, block.source)


def _with(data: str, waiting: Iterator[Block], targets: Mapping[str, str], problems: list[Problem]) -> str:
    """The tags of a code with the attributes in them translated; `waiting` yields their blocks in order."""
    spans = (attribute for attribute, _ in inner_attributes(data) if "<" in data)
    raw = [(span.start, span.end, data[span.start : span.end]) for span in spans]
    return codes.replaced(
        data,
        (
            (start, end, _attribute(next(waiting), value, targets, problems))
            for start, end, value in raw
            if has_letters(_shown(value, *inside_quotes(value, 0, len(value)), attribute=True))
        ),
    )


def _attribute(block: Block, raw: str, targets: Mapping[str, str], problems: list[Problem]) -> str:
    """The value of an attribute with its target in place; `raw` is how the file writes it, quotes included."""
    if targets.get(block.id, block.source) == block.source:
        return raw
    first, last = inside_quotes(raw, 0, len(raw))
    quote = raw[:first]
    inside = raw[first:last]
    shown = list(atoms(raw, first, last, attribute=True))
    lead = next((atom.start for atom in shown if not atom.blank), last)
    trail = next((atom.end for atom in reversed(shown) if not atom.blank), last)

    def put(block: Block, target: str) -> str:
        text = canonical(target, labels=False)
        _same_codes(block.source, text)
        for spellings in (block.spellings, ()):
            value = respell(block.source, text, spellings, lambda plain: _quoted(plain, quote))
            if _is_value(value, quote) and _one_blank(decoded(value)) == _one_blank(unescape(text)):
                return value
        raise CodesDiffer("the translation cannot be written into the attribute")

    value = attempt(block, targets[block.id], put, problems)
    return raw if value is None else quote + inside[: lead - first] + value + inside[trail - first :] + quote


def _one_blank(text: str) -> str:
    """The text with one blank for each run of white space."""
    return re.sub(r"[\t\n\f\r ]+", " ", text)


def _quoted(text: str, quote: str) -> str:
    """Text for an attribute in these quotes; without quotes, what would end the value is a numeric reference."""
    if quote:
        return text.replace(quote, _QUOTED[quote])
    return re.sub(r"[\s\"'=<>`]", lambda match: f"&#{ord(match.group())};", text)


def _is_value(value: str, quote: str) -> bool:
    """Whether a browser reads the whole value, because it has nothing that would end it: its quote, or blanks without quotes."""
    return quote not in value if quote else not re.search(r"[\t\n\f\r \"'=<>`]", value)


def _same_codes(source: str, target: str, by_person: bool = False) -> None:
    """Raises CodesDiffer unless both have the same tags and addresses; references may be lost or added, such as `&amp;` in `R&amp;D`.

    A person may leave tags out, repeat those that the source has, and change addresses.
    """
    difference = codes.compare(source, target, "tags")
    mine = {code.data for code in codes.find(source, "tags")}
    extra = (code for code in difference.extra if not _REFERENCE.fullmatch(code))
    if by_person:  # a half of a pair is no whole, and is named
        extra = (code for code in extra if code.startswith("<") and not _known(code, mine))
    missing = () if by_person else (code for code in difference.missing if not _REFERENCE.fullmatch(code))
    check_codes(replace(difference, missing=tuple(missing), extra=tuple(extra)))


def _known(code: str, mine: Collection[str]) -> bool:
    """Whether a pair (`<1>…</1>`) or an empty tag (`<2/>`) is one of these tags."""
    opening, pair, _ = code.partition("…")
    return opening in mine and (bool(pair) or opening.endswith("/>"))


def _put(block: Block, target: str, by_person: bool = False) -> str:
    """The target as HTML; raises CodesDiffer unless a browser reads exactly the target's text and the block's tags in it."""
    bare = block.type in ("title", "textarea")
    text = canonical(target, labels=not bare, keep_space=block.type in PRESERVED)
    _same_codes(block.source, text, by_person)
    tags = {block.source[code.start : code.end]: code.data for code in block.codes}
    _no_link_in_a_link(text, tags)

    def expanded(text: str) -> str:
        return _LABEL.sub(lambda match: tags.get(match.group(), match.group()), text)

    def reads_as_meant(written: str) -> bool:
        if not bare:
            return _reading(written) == _reading(expanded(text))
        closed = re.search(rf"</{block.type}", written, re.IGNORECASE)
        return not closed and _shown(written, 0, len(written)) == _shown(text, 0, len(text))

    for spellings in (block.spellings, ()):
        written = respell(block.source, text, spellings, expanded)
        if written == block.original or reads_as_meant(written):
            return written
    raise CodesDiffer("the translation would become markup")


def _no_link_in_a_link(text: str, tags: Mapping[str, str]) -> None:
    """Raises CodesDiffer where a target puts a link into a link: a browser would close the outer one."""
    inside = ""
    for match in _LABEL.finditer(text):
        label = match.group()
        if inside and label == f"</{inside[1:]}":
            inside = ""
        elif re.match(r"<a[\s/>]", tags.get(label, ""), re.IGNORECASE) and not label.endswith("/>"):
            if inside:
                raise CodesDiffer("the translation puts a link into a link")
            inside = label


def _reading(written: str) -> list[str]:
    """What a browser reads: texts in the form of msgids, tags and comments as they are written."""
    read: list[str] = []
    for is_text, group in groupby(tokens(written), key=lambda token: token.kind == "text"):
        slices = [(token.start, token.end) for token in group]
        texts = [_shown(written, start, end) if is_text else written[start:end] for start, end in slices]
        read += ["".join(texts)] if is_text else texts
    return read


def _shown(text: str, start: int, end: int, attribute: bool = False) -> str:
    """The form in a msgid of a slice that has no tags."""
    return "".join(atom.shown for atom in atoms(text, start, end, attribute))
