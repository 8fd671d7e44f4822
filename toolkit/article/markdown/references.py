"""Shortcut reference links: a msgid has `[label][label]` for `[label]`, so that its words can be translated while the link
keeps its label."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from toolkit.codes import paired
from toolkit.units import Code, Spelling


def spelled_out(text: str, spellings: Sequence[Spelling], codes: Sequence[Code]) -> tuple[str, tuple[Spelling, ...]]:
    """The text with its shortcut and collapsed reference links in full, and its spellings with those that restore the short form."""
    result, position, grown = "", 0, 0
    spelled: list[Spelling] = []
    rest = list(reversed(spellings))
    for start, end, label in _shortcuts(text, codes):
        while rest and rest[-1].start < start:
            spelled.append(shifted(rest.pop(), grown))
        full = f"][{label}]"
        result += text[position:start] + full
        spelled.append(Spelling(len(result) - len(full), len(result), text[start:end]))
        grown += len(full) - (end - start)
        position = end
    spelled += [shifted(spelling, grown) for spelling in reversed(rest)]
    return result + text[position:], tuple(spelled)


def in_full(text: str, codes: Sequence[Code]) -> list[Code]:
    """The codes, those of shortcut and collapsed reference links with the data that they have in full.

    `text][label]`, which lost its first bracket, is no link in full although `[label]` is a link.
    """
    ends = {code.end for code in codes}
    broken = {closing for opening, closing in paired(codes) if _follows_bracket(text, codes[opening], ends)}
    closings = {codes[closing].start for closing in broken}
    labels = {start: f"][{label}]" for start, _, label in _shortcuts(text, codes) if start not in closings}
    return [replace(code, data=labels[code.start]) if code.start in labels else code for code in codes]


def _follows_bracket(text: str, opening: Code, ends: Collection[int]) -> bool:
    """Whether a `]` that is text stands right before the code."""
    return (
        text[opening.start - 1 : opening.start] == "]"
        and opening.start not in ends
        and not text[: opening.start].endswith(r"\]")
    )


def in_use(source: str, target: str, spellings: Sequence[Spelling]) -> list[Spelling]:
    """The spellings without those of shortcuts whose words were translated: these are written in full, `[words][label]`."""
    return [
        spelling
        for spelling in spellings
        if not (source.startswith("][", spelling.start) and spelling.written in ("]", "][]"))
        or _with_label(source, spelling) == _with_label(target, spelling)
    ]


def _with_label(text: str, spelling: Spelling) -> str:
    """The label, and the text before it of the same length, which is the words of an untranslated shortcut: `[label][label]`."""
    label = spelling.end - spelling.start - 3
    return text[max(spelling.start - label - 1, 0) : spelling.end]


def _shortcuts(text: str, codes: Sequence[Code]) -> Iterator[tuple[int, int, str]]:
    """Start and end of the closing code (`]` or `][]`), and the label, of each reference link whose words are its label."""
    for first, last in paired(codes):
        opening, closing = codes[first], codes[last]
        label = text[opening.end : closing.start]
        if opening.data in ("[", "![") and closing.data in ("]", "][]") and "\n" not in label:
            yield closing.start, closing.end, label


def shifted(spelling: Spelling, by: int) -> Spelling:
    """The spelling of a text that grew by so many characters before it."""
    return Spelling(spelling.start + by, spelling.end + by, spelling.written)
