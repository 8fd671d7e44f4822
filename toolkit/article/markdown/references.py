"""A shortcut `[label]` is `[label][label]` in the msgid, so that its words can be translated and the link lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolkit.units import Code, Spelling


def spelled_out(text: str, spellings: Sequence[Spelling], codes: Sequence[Code]) -> tuple[str, tuple[Spelling, ...]]:
    """The text with its shortcut and collapsed reference links in full, and the spellings that undo it."""
    result, position, grown = "", 0, 0
    spelled: list[Spelling] = []
    rest = list(reversed(spellings))
    for start, end, label in _shortcuts(text, codes):
        while rest and rest[-1].start < start:
            spelled.append(_shifted(rest.pop(), grown))
        full = f"][{label}]"
        result += text[position:start] + full
        spelled.append(Spelling(len(result) - len(full), len(result), text[start:end]))
        grown += len(full) - (end - start)
        position = end
    spelled += [_shifted(spelling, grown) for spelling in reversed(rest)]
    return result + text[position:], tuple(spelled)


def in_full(text: str, codes: Sequence[Code]) -> list[Code]:
    """The codes, with the data of shortcut and collapsed reference links as if they were written in full."""
    labels = {start: f"][{label}]" for start, _, label in _shortcuts(text, codes)}
    return [replace(code, data=labels[code.start]) if code.start in labels else code for code in codes]


def in_use(source: str, target: str, spellings: Sequence[Spelling]) -> list[Spelling]:
    """The spellings without those of shortcuts whose words are others in the target: `[words][label]` stays in full."""
    return [
        spelling
        for spelling in spellings
        if not is_label(source, spelling) or _words(source, spelling) == _words(target, spelling)
    ]


def is_label(source: str, spelling: Spelling) -> bool:
    """Whether the spelling is that of a shortcut, `]` for `][label]`."""
    return source.startswith("][", spelling.start) and spelling.written in ("]", "][]")


def _words(text: str, spelling: Spelling) -> str:
    """As much of the text before the label as the label is long, with the bracket: `[label`."""
    label = spelling.end - spelling.start - 3
    return text[max(spelling.start - label - 1, 0) : spelling.end]


def _shortcuts(text: str, codes: Sequence[Code]) -> Iterator[tuple[int, int, str]]:
    """The span of the closing code, `]` or `][]`, and the label, of each reference link without a label of its own."""
    open_: list[Code] = []
    for code in codes:
        if code.kind == "sc":
            open_.append(code)
        elif code.kind == "ec" and open_:
            opening = open_.pop()
            label = text[opening.end : code.start]
            if opening.data in ("[", "![") and code.data in ("]", "][]") and "\n" not in label:
                yield code.start, code.end, label


def _shifted(spelling: Spelling, by: int) -> Spelling:
    return Spelling(spelling.start + by, spelling.end + by, spelling.written)
