"""Writes a paragraph of an edited web edition with the inline codes of its unit: what stands as it was built keeps the spelling of
the translation (`**x**`, `\\*`, `<1>`), what is new is written in its markup.

The paragraph as it was built and the translation that it was built from are laid side by side, character by character and code
by code; so are the paragraph as it was built and the edited one.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from toolkit import codes
from toolkit.article.html.tags import BLOCKS, VOID
from toolkit.article.html.tokens import attribute_values, tokens
from toolkit.codes.carrying import element
from toolkit.codes.tags import REFERENCE
from toolkit.units import Article, Block, Markup

_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACE = re.compile(r"[ \t\r\n\f]+")
_INSIDE = re.compile(
    r"(?P<open>`+)(?P<words>.+?)(?P<close>(?<!`)`+)|(?P<less><)(?P<url>[^\s<>]*(?:://|@)[^\s<>]*)>", re.DOTALL
)
"""A piece of code in Markdown, or an address in pointed brackets."""
_SIGNS = {"strong": "**", "em": "*", "del": "~~", "code": "`"}
_SPECIAL = frozenset("\\`*_[]<&")
_MOST = 4_000
"""Pieces of a changed passage that are compared one by one; a longer one is taken as new."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A character of a paragraph, or an inline code."""

    kind: Literal["char", "sc", "ec", "ph"]
    name: str
    """The character; of a code its element: `strong`, `a`."""
    key: Hashable
    """Equal in two readings where a reader sees the same; for the second half of a pair that of the first."""
    spelled: str = ""
    """How the translation writes it."""


@dataclass(slots=True)
class _Spelled:
    """How a translation writes a piece of the paragraph that was built from it."""

    text: str = ""
    before: str = ""
    """Codes of the translation that the page does not have."""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of a page, and its pieces, with the inline tags around all of it."""

    block: Block
    pieces: tuple[Piece, ...]

    @property
    def key(self) -> Hashable:
        """Equal for paragraphs that look the same."""
        return tuple(piece.key for piece in self.pieces)


def paragraphs(page: Article) -> list[Paragraph]:
    """The paragraphs of a page."""
    found = []
    for at, part in enumerate(page.parts):
        if isinstance(part, Block):
            before = page.parts[at - 1] if at else ""
            after = page.parts[at + 1] if at + 1 < len(page.parts) else ""
            attribute = part.type.startswith("attribute ")
            lead = _around(before, last=True) if isinstance(before, str) and not attribute else []
            tail = _around(after, last=False) if isinstance(after, str) and not attribute else []
            pieces = _trimmed([*lead, *_of_block(part), *tail])
            found.append(Paragraph(part, tuple(_collapsed(_mated(pieces)))))
    return found


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """The pieces without blanks at both ends."""
    words = [at for at, piece in enumerate(pieces) if piece.key != " "]
    return pieces[words[0] : words[-1] + 1] if words else []


def _around(skeleton: str, last: bool) -> list[Piece]:
    """What of a skeleton belongs to the paragraph after it (`last`) or before it: inline tags, and what stands in them without a
    letter, such as a number in code."""
    found: list[Piece] = []
    for token in tokens(skeleton):
        if token.kind in ("open", "close") and token.name in BLOCKS:
            if not last:
                break
            found = []
        elif token.kind in ("open", "close"):
            kind: Literal["sc", "ec", "ph"] = "ph" if token.name in VOID else "sc" if token.opens else "ec"
            data = skeleton[token.start : token.end]
            found.append(Piece(kind, element(data), _key(data)))
        elif token.kind == "text":
            found += _chars(skeleton[token.start : token.end], "tags")
    return found


def _of_block(block: Block) -> Iterator[Piece]:
    data = {(code.start, code.end): code.data for code in block.codes}
    at = 0
    for code in codes.find(block.source, "tags"):
        if code.data.startswith("<"):
            yield from _chars(block.source[at : code.start], "tags")
            raw = data.get((code.start, code.end), code.data)
            yield from _sealed(raw) if code.kind == "ph" else (Piece(code.kind, element(raw), _key(raw)),)
            at = code.end
    yield from _chars(block.source[at:], "tags")


def _sealed(data: str) -> Iterator[Piece]:
    """The pieces of a placeholder: one tag, or an element with what stands in it, such as a piece of code."""
    for token in tokens(data):
        if token.kind in ("open", "close"):
            tag = data[token.start : token.end]
            yield Piece("ph" if token.name in VOID else "sc" if token.opens else "ec", element(tag), _key(tag))
        elif token.kind == "text":
            yield from _chars(data[token.start : token.end], "tags")


def _key(tag: str) -> Hashable:
    """What a reader gets of a tag, however it is written."""
    (token,) = tokens(tag)
    return token.kind, token.name, tuple(sorted(attribute_values(tag, token).items()))


def _chars(text: str, markup: Markup) -> Iterator[Piece]:
    """The characters of a text without tags."""
    at = 0
    while at < len(text):
        match = _SPACE.match(text, at)
        shown = " "
        if match is None and markup == "markdown" and (match := _ESCAPE.match(text, at)):
            shown = match[1]
        if match is None and markup != "plain" and (match := REFERENCE.match(text, at)):
            shown = html.unescape(match[0])
        spelled = match[0] if match else text[at]
        yield Piece("char", shown if match else text[at], shown if match else text[at], spelled)
        at += len(spelled)


def _of_text(text: str, markup: Markup, block: Block) -> list[Piece]:
    """The pieces of a translation; `block` is what it translates."""
    raw = {block.source[code.start : code.end]: code.data for code in block.codes}
    found: list[Piece] = []
    at = 0
    for code in codes.find(text, markup):
        spelled = text[code.start : code.end]
        data = raw.get(spelled, code.data)
        if code.kind == "ph" and not data.startswith(("<", "`", "![", "[^")):
            continue  # an address, a placeholder, a reference: its characters
        found += _chars(text[at : code.start], markup)
        if code.kind == "ph" and (inside := _INSIDE.fullmatch(spelled)):
            name, opening, words, closing = "a", "<", inside["url"], ">"
            if inside["open"]:
                name, opening, words, closing = "code", inside["open"], inside["words"], inside["close"]
                if words[0] == words[-1] == " " and words.strip():  # one blank beside a fence belongs to it
                    opening, words, closing = f"{opening} ", words[1:-1], f" {closing}"
            found += [Piece("sc", name, data, opening), *_chars(words, "plain"), Piece("ec", name, data, closing)]
            at = code.end
            continue
        name = "note" if data.startswith("[^") else "img" if data.startswith("![") else element(data)
        found.append(Piece(code.kind, name, data, spelled))
        at = code.end
    found += _chars(text[at:], markup)
    if markup == "markdown":
        found = _pictures(found)
    return list(_collapsed(_mated(found)))


def _pictures(pieces: list[Piece]) -> list[Piece]:
    """The pieces with each picture and its words as one placeholder, as it is one tag of a page."""
    result: list[Piece] = []
    opened: list[int] = []
    for piece in pieces:
        result.append(piece)
        if piece.kind == "sc":
            opened.append(len(result) - 1)
        elif piece.kind == "ec" and opened:
            first = opened.pop()
            if result[first].name == "img":
                spelled = "".join(one.spelled for one in result[first:])
                result[first:] = [Piece("ph", "img", spelled, spelled)]
    return result


def _mated(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each second half of a pair with the name and key of the first."""
    result: list[Piece] = []
    opened: list[Piece] = []
    for piece in pieces:
        if piece.kind == "sc":
            opened.append(piece)
        elif piece.kind == "ec" and opened:
            first = opened.pop()
            piece = replace(piece, name=first.name, key=("end", first.key))
        result.append(piece)
    return result


def _collapsed(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, each pair without words in it, as a link around a picture, as one placeholder."""
    result: list[Piece] = []
    opened: list[tuple[int, int]] = []
    words = 0
    for piece in pieces:
        result.append(piece)
        words += piece.kind == "char" or (piece.kind == "ph" and piece.name == "note")
        if piece.kind == "sc":
            opened.append((len(result) - 1, words))
        elif piece.kind == "ec" and opened:
            first, before = opened.pop()
            if words == before:
                inside = result[first:]
                spelled = "".join(one.spelled for one in inside)
                result[first:] = [Piece("ph", inside[0].name, ("pair", *(one.key for one in inside[:-1])), spelled)]
    return result


def _notes(pieces: Sequence[Piece]) -> list[tuple[Piece, int]]:
    """The pieces of a page, each with how many they are; what stands for a footnote of Markdown, a raised link and a link back, is
    one."""
    result: list[tuple[Piece, int]] = []
    at = 0
    while at < len(pieces):
        piece, count = pieces[at], 1
        if piece.kind == "sc" and piece.name == "sup":
            end = next((n for n in range(at, len(pieces)) if pieces[n].key == ("end", piece.key)), at)
            if any(one.kind == "sc" and one.name == "a" for one in pieces[at:end]):
                piece, count = Piece("ph", "note", piece.key), end + 1 - at
        blank = piece.key == " "
        if len(pieces) > at + blank and "#fnref" in str((link := pieces[at + blank]).key) and link.kind == "sc":
            end = next((n for n in range(at, len(pieces)) if pieces[n].key == ("end", link.key)), at)
            if end == len(pieces) - 1:
                piece, count = Piece("ph", "back", link.key), end + 1 - at
        result.append((piece, count))
        at += count
    return result


def _spellings(built: Sequence[Piece], translation: Sequence[Piece], notes: bool) -> list[_Spelled] | None:
    """How the translation writes each piece of the paragraph that was built from it; None where they are not alike."""
    read = _notes(built) if notes else [(piece, 1) for piece in built]
    words = [at for at, (piece, _) in enumerate(read) if piece.kind == "char"]
    ours = [at for at, piece in enumerate(translation) if piece.kind == "char"]
    if [read[at][0].key for at in words] != [translation[at].key for at in ours]:
        return None
    of_read = [_Spelled() for _ in read]
    for at, own in zip(words, ours, strict=True):
        of_read[at].text = translation[own].spelled
    gaps = zip([-1, *words], [*words, len(read)], [-1, *ours], [*ours, len(translation)], strict=True)
    for begin, end, first, last in gaps:
        there, here = range(begin + 1, end), range(first + 1, last)
        names = (
            [(read[at][0].kind, read[at][0].name) for at in there],
            [(translation[at].kind, translation[at].name) for at in here],
        )
        known: set[int] = set()
        for run in SequenceMatcher(None, *names, autojunk=False).get_matching_blocks():
            for step in range(run.size):
                own = here[run.b + step]
                of_read[there[run.a + step]].text = translation[own].spelled
                known.add(own)
        for own in here:
            if own in known:
                continue
            if translation[own].kind == "ec" and begin >= 0:
                of_read[begin].after += translation[own].spelled
            elif end < len(read):
                of_read[end].before += translation[own].spelled
            elif begin >= 0:
                of_read[begin].after += translation[own].spelled
            else:
                return None
    spelled: list[_Spelled] = []
    for (_, count), one in zip(read, of_read, strict=True):
        spelled += [one, *(_Spelled() for _ in range(count - 1))]
    return spelled


@dataclass(slots=True)
class _Writer:
    """Writes pieces that were not there before."""

    markup: Markup
    known: Mapping[Hashable, str]
    """How the translation writes a code that it has."""
    instead: Mapping[tuple[str, str], str]
    """By kind and element the one code that the edited paragraph has no longer: the link that leads elsewhere now."""
    back: Callable[[str], str]
    """A link of the page as the article has it."""
    cell: bool
    """The paragraph is a cell of a table."""
    lost: bool = False
    """A code could not be written."""

    def text(self, pieces: Sequence[Piece], at: int, code: bool) -> str:
        """A piece in the translation's markup; `code`: it stands in a piece of code."""
        piece = pieces[at]
        if piece.kind == "char":
            return piece.name if code and self.markup == "markdown" else self._char(pieces, at)
        if piece.key in self.known:
            return self.known[piece.key]
        if self.markup != "markdown":
            self.lost |= piece.name != "span"
            return self.instead.get((piece.kind, piece.name), "")
        return self._code(piece)

    def _char(self, pieces: Sequence[Piece], at: int) -> str:
        char = pieces[at].name
        if self.markup == "tags":
            return html.escape(char, quote=False)
        if self.markup == "plain":
            return char
        if char == "_" and all(
            0 <= n < len(pieces) and pieces[n].kind == "char" and pieces[n].name.isalnum() for n in (at - 1, at + 1)
        ):
            return char  # inside of a word it is no markup
        return f"\\{char}" if char in _SPECIAL or (char == "|" and self.cell) else char

    def _code(self, piece: Piece) -> str:
        key = piece.key[1] if piece.kind == "ec" and isinstance(piece.key, tuple) else piece.key
        said = dict(key[2]) if isinstance(key, tuple) and len(key) == 3 and isinstance(key[2], tuple) else {}
        if piece.name in _SIGNS and piece.kind != "ph":
            return _SIGNS[piece.name]
        if piece.name == "a" and piece.kind != "ph":
            return "[" if piece.kind == "sc" else f"]({self.back(said.get('href', ''))})"
        if piece.name == "img":
            return f"![{said.get('alt', '')}]({self.back(said.get('src', ''))})"
        if piece.kind == "ph" and piece.name not in ("br", "wbr"):
            self.lost = True
            return ""
        if piece.name == "span":
            return ""
        return f"</{piece.name}>" if piece.kind == "ec" else f"<{piece.name}>"


def written(
    shown: str, markup: Markup, block: Block, built: Paragraph, edited: Paragraph, back: Callable[[str], str]
) -> tuple[str, bool] | None:
    """The text of the edited paragraph in the markup of the translation `shown` of `block`, and whether all its codes could be
    written; None where `built` is not what this translation looks like in the page."""
    spelled = _spellings(built.pieces, _of_text(shown, markup, block), markup == "markdown")
    if spelled is None:
        return None
    ours, theirs = built.pieces, edited.pieces
    known = {piece.key: one.text for piece, one in zip(ours, spelled, strict=True) if piece.kind != "char" and one.text}
    # what neither text has a spelling for is added by the page
    known |= {p.key: "" for p, one in zip(ours, spelled, strict=True) if p.kind != "char" and p.key not in known}
    kept = {piece.key for piece in theirs}
    removed: list[tuple[tuple[str, str], str]] = [
        ((p.kind, p.name), one.text)
        for p, one in zip(ours, spelled, strict=True)
        if p.kind != "char" and p.key not in kept
    ]
    counted = Counter(name for name, _ in removed)
    instead = {name: text for name, text in removed if counted[name] == 1}
    writer = _Writer(markup, known, instead, back, block.type == "table cell")
    code = _within(theirs, "code")
    out: list[str] = []
    for kind, one, end, other, until in _opcodes(ours, theirs):
        if kind == "equal":
            out += (f"{spelled[at].before}{spelled[at].text}{spelled[at].after}" for at in range(one, end))
            continue
        out += (spelled[at].before for at in range(one, end))
        out += (writer.text(theirs, at, at in code) for at in range(other, until))
        out += (spelled[at].after for at in range(one, end))
    return _SPACE.sub(" ", "".join(out)).strip(), not writer.lost


def _within(pieces: Sequence[Piece], name: str) -> frozenset[int]:
    """The pieces that stand in an element of this name."""
    found: set[int] = set()
    depth = 0
    for at, piece in enumerate(pieces):
        if piece.name == name and piece.kind in ("sc", "ec"):
            depth += 1 if piece.kind == "sc" else -1
        elif depth > 0:
            found.add(at)
    return frozenset(found)


def _opcodes(ours: Sequence[Piece], theirs: Sequence[Piece]) -> list[tuple[str, int, int, int, int]]:
    one, other = [piece.key for piece in ours], [piece.key for piece in theirs]
    least = min(len(one), len(other))
    head = next((n for n in range(least) if one[n] != other[n]), least)
    tail = next((n for n in range(least - head) if one[-1 - n] != other[-1 - n]), least - head)
    a, b = len(one) - tail, len(other) - tail
    found = [("equal", 0, head, 0, head)]
    if max(a, b) - head > _MOST:
        found.append(("replace", head, a, head, b))
    else:
        for kind, i, j, k, m in SequenceMatcher(None, one[head:a], other[head:b], autojunk=False).get_opcodes():
            found.append((kind, i + head, j + head, k + head, m + head))
    return [*found, ("equal", a, len(one), b, len(other))]
