"""Making a msgid from a run of tokens: the text, inline tags and comments of a paragraph.

In the msgid inline tags are numbered. White space and tags at both ends of a run, and tags around all of it, stay in the
skeleton.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from toolkit import codes
from toolkit.article.html.page import OpenElement
from toolkit.article.html.tags import READ_AS_SIGN, VOID
from toolkit.article.html.text import atoms, is_readable
from toolkit.article.html.tokens import Token
from toolkit.units import Code, Spelling

_LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Item:
    """A token of a run, and the element that it stands in."""

    token: Token
    element: OpenElement


@dataclass(frozen=True, slots=True)
class Piece:
    """Text, white space or a code of a run: `text[start:end]` of the file."""

    kind: Literal["text", "sc", "ec", "ph"]
    start: int
    end: int
    shown: str = ""
    """The form of a text in the msgid."""
    blank: bool = False
    """White space, as in `Atom`."""
    words: bool = False
    """Whether a placeholder is visible as part of the sentence."""
    mate: int = -1
    """The index of the other half of a pair."""
    name: str = ""
    """The name of a code's element; `sealed` for text that is not for translation."""


@dataclass(frozen=True, slots=True)
class Message:
    """A msgid, with its codes, spellings and notes for a block."""

    source: str
    codes: tuple[Code, ...]
    spellings: tuple[Spelling, ...]
    notes: tuple[str, ...]
    """What each numbered tag stands for."""


def runs(items: Sequence[Item], text: str) -> Iterator[Sequence[Item]]:
    """The run, divided before each `<br>` that follows another, which separates paragraphs in old pages."""
    start, broken = 0, -1
    for at, item in enumerate(items):
        if item.token.name == "br":
            if broken >= start:
                yield items[start:at]
                start = at
            broken = at
        elif item.token.kind != "text" or text[item.token.start : item.token.end].strip():
            broken = -1
    yield items[start:]


def pieces(text: str, items: Sequence[Item], keep_space: bool, seal: bool) -> list[Piece]:
    """The pieces of a run, in order; with `seal`, adjacent tokens that are not for translation are one placeholder."""
    found: list[Piece] = []
    for item in items:
        token = item.token
        if seal and not item.element.translate:
            signs = token.kind == "text" and is_readable(text, token.start, token.end)
            if found and found[-1].name == "sealed" and found[-1].end == token.start:
                found[-1] = replace(found[-1], end=token.end, words=found[-1].words or signs)
            else:
                found.append(Piece("ph", token.start, token.end, words=signs, name="sealed"))
        elif token.kind == "text":
            found += [
                Piece("text", atom.start, atom.end, atom.shown, atom.blank)
                for atom in atoms(text, token.start, token.end, keep_space=keep_space)
            ]
        elif token.kind in ("open", "close") and token.name not in VOID:
            found.append(Piece("sc" if token.opens else "ec", token.start, token.end, name=token.name))
        else:
            found.append(Piece("ph", token.start, token.end, words=token.name in READ_AS_SIGN, name=token.name))
    return _collapsed(_paired(found))


def _paired(found: list[Piece]) -> list[Piece]:
    """The pieces with `mate` set for pairs of tags; a tag without its other half, or crossing another pair, is a placeholder."""
    open_: list[int] = []
    names: Counter[str] = Counter()
    mates: dict[int, int] = {}
    for at, piece in enumerate(found):
        if piece.kind == "sc":
            if piece.name == "a" and names["a"]:
                # A link cannot hold a link: a browser closes the first where the second begins.
                open_.remove(next(n for n in reversed(open_) if found[n].name == "a"))
                names["a"] -= 1
            open_.append(at)
            names[piece.name] += 1
        elif piece.kind == "ec" and names[piece.name]:
            while found[open_[-1]].name != piece.name:
                names[found[open_.pop()].name] -= 1
            names[piece.name] -= 1
            mates[at] = open_.pop()
            mates[mates[at]] = at
    return [
        piece
        if piece.kind in ("text", "ph")
        else replace(piece, mate=mates[at])
        if at in mates
        else replace(piece, kind="ph")
        for at, piece in enumerate(found)
    ]


def _collapsed(found: list[Piece]) -> list[Piece]:
    """The pieces, with each pair of tags that holds no text, as around a picture, made one placeholder."""
    texts = [0]
    for piece in found:
        texts.append(texts[-1] + (piece.kind == "text" or piece.words))
    result: list[Piece] = []
    moved: dict[int, int] = {}
    at = 0
    while at < len(found):
        piece = found[at]
        moved[at] = len(result)
        if piece.kind == "sc" and (texts[at] == texts[piece.mate] or piece.name == "picture"):
            result.append(Piece("ph", piece.start, found[piece.mate].end, name=piece.name))
            at = piece.mate + 1
        else:
            result.append(piece)
            at += 1
    return [replace(piece, mate=moved[piece.mate]) if piece.mate >= 0 else piece for piece in result]


def trimmed(found: Sequence[Piece]) -> tuple[int, int]:
    """The range of the pieces that are in the msgid; the pieces before and after it stay in the skeleton."""
    readable = [0]
    for piece in found:
        readable.append(readable[-1] + (not _is_unread(piece) if piece.kind in ("text", "ph") else False))
    start, end = 0, len(found)
    while start < end:
        first, last = found[start], found[end - 1]
        if _is_unread(first):
            start += 1
        elif _is_unread(last):
            end -= 1
        elif first.kind == "sc" and first.mate == end - 1:
            start, end = start + 1, end - 1
        elif first.kind == "sc" and readable[start] == readable[first.mate]:
            start = first.mate + 1
        elif last.kind == "ec" and readable[last.mate] == readable[end]:
            end = last.mate
        else:
            break
    return start, end


def _is_unread(piece: Piece) -> bool:
    """Whether the piece has no text: white space, or a placeholder that is not part of the sentence."""
    return piece.blank if piece.kind == "text" else piece.kind == "ph" and not piece.words


def message(text: str, found: Sequence[Piece], offset: int = 0) -> Message:
    """The message of a range of pieces; `offset` is the index of its first piece in the list that `mate` counts in."""
    shown: list[str] = []
    spellings: list[Spelling] = []
    tags: dict[int, str] = {}
    notes: list[str] = []
    numbers: dict[int, int] = {}
    length = 0
    for at, piece in enumerate(found, offset):
        raw = text[piece.start : piece.end]
        label = piece.shown
        if piece.kind != "text":
            number = numbers[piece.mate] if piece.kind == "ec" else len(numbers) + 1
            label = {"ph": f"<{number}/>", "sc": f"<{number}>", "ec": f"</{number}>"}[piece.kind]
            tags[length] = raw
            if piece.kind != "ec":
                numbers[at] = number
                notes.append(f"{label} = {_brief(raw)}")
        elif label != raw:
            spellings.append(Spelling(length, length + len(label), raw))
        shown.append(label)
        length += len(label)
    source = "".join(shown)
    found_codes = (replace(code, data=tags.get(code.start, code.data)) for code in codes.find(source, "tags"))
    return Message(source, tuple(found_codes), tuple(spellings), tuple(notes))


def _brief(raw: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in " ".join(raw.split()))
    return line if len(line) <= _LONGEST_NOTE else f"{line[:_LONGEST_NOTE]}…"
