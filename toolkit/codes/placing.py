"""Where codes go in a translation: at their markers if they came through, in proportion to the source if they did not,
and in Markdown where emphasis is allowed to begin and end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from toolkit.units import Code

_EMPHASIS = re.compile(r"[*_~]+")
_TAG = re.compile(r"</?\d+/?>")


def place(text: str, source: str, codes: Sequence[Code], places: Mapping[int, int]) -> tuple[str, tuple[str, ...]]:
    """The text with the codes in it, and remarks on those that had no place of their own."""
    if not codes:
        return text, ()
    partners = _partners(codes)
    kept = _believable(places, partners)
    own, words = own_places(source, codes)
    if kept == dict(enumerate(own)) and text == words:  # nothing was translated: the author's text, to the letter
        return source, ()
    positions = {i: _snapped(text, at) for i, at in _by_proportion(text, source, codes, partners, kept).items()}
    positions |= kept
    order = _order(positions, partners)
    if order is None:
        positions = _forward(positions, len(codes))
        order = list(range(len(codes)))
    return _written(text, source, codes, partners, positions, order), tuple(_remarks(codes, partners, kept))


def _partners(codes: Sequence[Code]) -> dict[int, int]:
    """The other half of each pair, by index, both ways; halves that match nothing are left alone."""
    partners: dict[int, int] = {}
    open_: list[int] = []
    for index, code in enumerate(codes):
        if code.kind == "sc":
            open_.append(index)
        elif code.kind == "ec" and open_:
            label = code.data.replace("/", "", 1) if _TAG.fullmatch(code.data) else None
            at = next((i for i in reversed(open_) if label is None or codes[i].data == label), None)
            if at is not None:
                open_.remove(at)
                partners |= {at: index, index: at}
    return partners


def _believable(places: Mapping[int, int], partners: Mapping[int, int]) -> dict[int, int]:
    """The places without those of pairs that would be closed before they are opened."""
    kept = dict(places)
    for first, second in partners.items():
        if first < second and first in kept and second in kept and kept[first] > kept[second]:
            del kept[first], kept[second]
    return kept


def _by_proportion(
    text: str, source: str, codes: Sequence[Code], partners: Mapping[int, int], kept: Mapping[int, int]
) -> dict[int, int]:
    """A place for each code that has none: as far along as in the source, and behind or before its other half."""
    before, words = own_places(source, codes)
    scale = len(text) / len(words) if words else 1.0
    lost: dict[int, int] = {}
    for index, at in enumerate(before):
        if index in kept:
            continue
        partner = partners.get(index)
        if partner is not None and partner in kept:  # keep the distance to the other half
            lost[index] = round(kept[partner] + (at - before[partner]) * scale)
        else:
            lost[index] = round(at * scale)
        lost[index] = min(max(lost[index], 0), len(text))
    return lost


def own_places(source: str, codes: Sequence[Code]) -> tuple[list[int], str]:
    """Where the codes stand in the source's words, and the words."""
    places: list[int] = []
    pieces: list[str] = []
    length = position = 0
    for code in codes:
        pieces.append(source[position : code.start])
        length += code.start - position
        position = code.end
        places.append(length)
    return places, "".join(pieces) + source[position:]


def _snapped(text: str, position: int) -> int:
    """The nearest place that is not inside a word, a Tibetan syllable or an accented letter."""
    for distance in range(41):
        for candidate in (position - distance, position + distance):
            if 0 <= candidate <= len(text) and _is_boundary(text, candidate):
                return candidate
    return position


def _is_boundary(text: str, position: int) -> bool:
    if position in (0, len(text)):
        return True
    before, after = text[position - 1], text[position]
    if unicodedata.combining(after) or unicodedata.category(after) in ("Mn", "Mc", "Me"):
        return False
    if _is_letter(before) and _is_letter(after):
        return "\u2e80" <= before < "\ua000" or "\u2e80" <= after < "\ua000"  # Chinese and Japanese have no blanks
    return after != "\u0f0b" and not after.isspace()  # behind the blank or tsheg, not before it


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LNM"


def _order(positions: Mapping[int, int], partners: Mapping[int, int]) -> list[int] | None:
    """The codes in an order in which pairs are properly nested; None when their places cross."""
    by_source = sorted(positions, key=lambda i: (positions[i], i))
    if _is_nested(by_source, partners):
        return by_source

    def key(i: int) -> tuple[int, int, int, int]:
        partner = partners.get(i)
        if partner is None or positions[partner] == positions[i]:
            return positions[i], 1, 0, i
        if partner < i:  # closes: what was opened last first
            return positions[i], 0, -positions[partner], -partner
        return positions[i], 2, -positions[partner], i

    by_place = sorted(positions, key=key)
    return by_place if _is_nested(by_place, partners) else None


def _is_nested(order: Sequence[int], partners: Mapping[int, int]) -> bool:
    open_: list[int] = []
    for index in order:
        partner = partners.get(index)
        if partner is None:
            continue
        if index < partner:
            open_.append(index)
        elif not open_ or open_.pop() != partner:
            return False
    return not open_


def _forward(positions: Mapping[int, int], count: int) -> dict[int, int]:
    """Places in the source's own order, none before the one that precedes it."""
    result: dict[int, int] = {}
    reached = 0
    for index in range(count):
        reached = result[index] = max(reached, positions[index])
    return result


def _remarks(codes: Sequence[Code], partners: Mapping[int, int], kept: Mapping[int, int]) -> Iterator[str]:
    for index, code in enumerate(codes):
        partner = partners.get(index)
        if index in kept or (partner is not None and partner < index and partner not in kept):
            continue
        whole = partner is not None and partner not in kept
        yield (
            f"code re-inserted: {code.data}…{codes[partner].data}"
            if whole and partner
            else f"code re-inserted: {code.data}"
        )


def _written(
    text: str,
    source: str,
    codes: Sequence[Code],
    partners: Mapping[int, int],
    positions: dict[int, int],
    order: Sequence[int],
) -> str:
    """The text with its codes; Markdown's emphasis is moved, then spaced, until it reads as emphasis."""
    emphasis = [i for i in partners if i < partners[i] and _EMPHASIS.fullmatch(codes[i].data)]
    result = _assembled(text, codes, positions, order, frozenset())
    if not emphasis or _reads_back(source, result):
        return result
    for over_punctuation in (False, True):
        moved = _moved(text, positions, [(i, partners[i]) for i in emphasis], over_punctuation)
        moved_order = _order(moved, partners)
        if moved_order is None:
            continue
        for spaced in (frozenset(), frozenset(emphasis) | {partners[i] for i in emphasis}):
            attempt = _assembled(text, codes, moved, moved_order, spaced)
            if _reads_back(source, attempt):
                return attempt
    return result


def _reads_back(source: str, result: str) -> bool:
    from toolkit.codes import compare

    return not compare(source, result, "markdown")


def _moved(
    text: str, positions: Mapping[int, int], pairs: Sequence[tuple[int, int]], over_punctuation: bool
) -> dict[int, int]:
    """Places of emphasis drawn inwards over blanks, and over punctuation, where it would not be seen otherwise."""
    result = dict(positions)

    def skipped(char: str) -> bool:
        return char.isspace() or (over_punctuation and unicodedata.category(char)[0] in "PS")

    for first, second in pairs:
        start, end = result[first], result[second]
        while start < end and skipped(text[start]):
            start += 1
        while end > start and skipped(text[end - 1]):
            end -= 1
        if start < end:
            result[first], result[second] = start, end
    return result


def _assembled(
    text: str, codes: Sequence[Code], positions: Mapping[int, int], order: Sequence[int], spaced: frozenset[int]
) -> str:
    """The text with the codes at their places; a blank is put outside the halves of pairs named in `spaced`.

    An address is kept apart from letters that would join it.
    """
    pieces: list[str] = []
    position, last, open_end = 0, "", False
    for index in order:
        code = codes[index]
        between = text[position : positions[index]]
        position = positions[index]
        before = between[-1:] or last
        if (open_end and _joins((between or code.data)[0])) or (_is_bare(code) and _joins(before) and not between):
            pieces.append(" ")
        elif index in spaced and code.kind == "sc" and _is_letter(before or " "):
            between += " "
        if _is_bare(code) and _joins(between[-1:]):
            between += " "
        pieces += [between, code.data]
        if index in spaced and code.kind == "ec" and _is_letter(text[position : position + 1] or " "):
            pieces.append(" ")
        last, open_end = code.data[-1], _is_bare(code)
    tail = text[position:]
    return "".join([*pieces, " " if open_end and tail and _joins(tail[0]) else "", tail])


def _is_bare(code: Code) -> bool:
    """Whether the code has no end of its own: `https://a.org`, `me@a.org`, `%s`."""
    return code.kind == "ph" and (code.data[0].isalnum() or code.data[0] == "%")


def _joins(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in "@%+-_/=#&~")
