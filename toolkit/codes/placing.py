"""Positions of codes in a translation: those of their markers where the engine kept them, else proportional to the source."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from toolkit.codes.emphasis import is_letter, written
from toolkit.codes.spans import paired, replaced
from toolkit.units import Code


def place(text: str, source: str, codes: Sequence[Code], places: Mapping[int, int]) -> tuple[str, tuple[str, ...]]:
    """The text with the codes inserted, and a remark for each one that is not in `places`.

    `places` has the offset in `text` of each code, by index, whose marker the engine kept.
    """
    if not codes:
        return text, ()
    pairs = paired(codes)
    partners = dict(pairs) | {closing: opening for opening, closing in pairs}
    kept = _believable(places, partners)
    own, words = own_places(source, codes)
    if kept == dict(enumerate(own)) and text == words:  # nothing was translated, so the source is returned unchanged
        return source, ()
    positions = {i: _snapped(text, at) for i, at in _by_proportion(text, source, codes, partners, kept).items()}
    positions |= kept
    filled = _filled(text, source, codes, partners, positions)
    kept = {index: at for index, at in kept.items() if index not in filled}
    positions |= filled
    trimmed = positions | _trimmed(text, codes, source, partners, positions, kept)
    order = _order(trimmed, partners)
    if order is not None:
        positions = trimmed
    else:
        order = _order(positions, partners)
    if order is None:
        positions = dict(enumerate(accumulate((positions[index] for index in range(len(codes))), max)))
        order = list(range(len(codes)))
    result, read = written(text, source, codes, partners, positions, order)
    if not read:  # a link in a link, or more codes than words beside them
        positions = _in_sequence(text, source, codes, partners)
        attempt, read = written(text, source, codes, partners, positions, range(len(codes)))
        if read:
            return attempt, tuple(_remarks(codes, partners, {}))
    return result, tuple(_remarks(codes, partners, kept))


def _believable(places: Mapping[int, int], partners: Mapping[int, int]) -> dict[int, int]:
    """The places without those of pairs whose closing half comes before the opening one."""
    kept = dict(places)
    for first, second in partners.items():
        if first < second and first in kept and second in kept and kept[first] > kept[second]:
            del kept[first], kept[second]
    return kept


def _by_proportion(
    text: str, source: str, codes: Sequence[Code], partners: Mapping[int, int], kept: Mapping[int, int]
) -> dict[int, int]:
    """Offsets for the codes that are not in `kept`: proportional to the source, or at its distance from the other half."""
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
    """The offsets of the codes in the source without codes, and that text."""
    removed = accumulate((code.end - code.start for code in codes), initial=0)
    places = [code.start - before for code, before in zip(codes, removed, strict=False)]
    return places, replaced(source, ((code.start, code.end, "") for code in codes))


def _filled(
    text: str, source: str, codes: Sequence[Code], partners: Mapping[int, int], positions: Mapping[int, int]
) -> dict[int, int]:
    """New places for the pairs that enclose words in the source and none in the text: around words beside them."""
    own, words = own_places(source, codes)
    scale = len(text) / len(words) if words else 1.0
    taken = sorted(positions.values())
    filled: dict[int, int] = {}
    outer = -1
    for first, second in sorted(partners.items()):
        start, end = positions[first], positions[second]
        if first > second or start > end or not _has_letter(words[own[first] : own[second]]):
            continue
        if _has_letter(text[start:end]):
            continue
        if outer >= 0 and second < partners[outer]:
            span = filled[outer], filled[partners[outer]]
        else:
            size = max(round((own[second] - own[first]) * scale), 1)
            span = _words_beside(text, start, end, size, taken)
            outer = first
        filled[first], filled[second] = span
        for old, new in zip((start, end), span, strict=True):
            del taken[bisect_left(taken, old)]
            insort(taken, new)
    return filled


def _words_beside(text: str, start: int, end: int, size: int, taken: Sequence[int]) -> tuple[int, int]:
    """A span of words of about `size` characters after `end` or before `start`, no further than the next code."""
    after, before = bisect_right(taken, end), bisect_left(taken, start)
    upper, lower = taken[after] if after < len(taken) else len(text), taken[before - 1] if before else 0
    right = next((at for at in range(end, upper) if is_letter(text[at])), None)
    left = next((at for at in range(start, lower, -1) if is_letter(text[at - 1])), None)
    if right is not None and (right == end or left is None):
        return right, _boundary(text, right + size, right + 1, upper)
    if left is not None:
        return _boundary(text, left - size, lower, left - 1), left
    return start, end


def _trimmed(
    text: str,
    codes: Sequence[Code],
    source: str,
    partners: Mapping[int, int],
    positions: Mapping[int, int],
    kept: Mapping[int, int],
) -> dict[int, int]:
    """Places of re-inserted halves moved inwards over blanks and punctuation, where the source has a letter at that edge."""
    result: dict[int, int] = {}
    for first, second in partners.items():
        start, end = positions[first], positions[second]
        if first > second or not _has_letter(text[start:end]):
            continue
        if first not in kept and _has_letter(source[codes[first].end : codes[first].end + 1]):
            result[first] = next(at for at in range(start, end) if is_letter(text[at]))
        if second not in kept and _has_letter(source[codes[second].start - 1 : codes[second].start]):
            result[second] = next(at for at in range(end, start, -1) if is_letter(text[at - 1]))
    return result


def _in_sequence(text: str, source: str, codes: Sequence[Code], partners: Mapping[int, int]) -> dict[int, int]:
    """Fallback places in the order of the source: each innermost pair gets one word of the text, while there are enough."""
    own, words = own_places(source, codes)
    starts = [i for i, char in enumerate(text) if is_letter(char) and (not i or _is_boundary(text, i))]
    inner = [i for i in partners if i < partners[i] and not any(j in partners for j in range(i + 1, partners[i]))]
    inner = sorted(i for i in inner if _has_letter(words[own[i] : own[partners[i]]]))
    share = len(starts) / max(len(words), 1)
    fixed: dict[int, int] = {}
    free = 0
    for number, first in enumerate(inner[: len(starts)]):
        rest = len(starts) - min(len(inner), len(starts)) + number
        free = min(max(round(own[first] * share), free), rest)
        end = starts[free] + 1
        while end < len(text) and is_letter(text[end]) and not _is_boundary(text, end):
            end += 1
        fixed |= {first: starts[free], partners[first]: end}
        free += 1
    result: dict[int, int] = {}
    reached, upper = len(text), {}
    for index in reversed(range(len(codes))):
        upper[index] = reached = fixed.get(index, reached)
    reached = 0
    scale = len(text) / max(len(words), 1)
    for index, code in enumerate(codes):
        at = upper[index] if code.kind == "sc" else reached if code.kind == "ec" else round(own[index] * scale)
        reached = result[index] = fixed.get(index, min(max(_snapped(text, at), reached), upper[index]))
    return result


def _boundary(text: str, wanted: int, first: int, last: int) -> int:
    """The boundary of a word nearest to the wanted offset, from `first` to `last`; the wanted offset where there is none."""
    wanted = min(max(wanted, first), last)
    for distance in range(min(last - first + 1, 200)):
        for at in (wanted + distance, wanted - distance):
            if first <= at <= last and _is_boundary(text, at):
                return at
    return wanted


def _has_letter(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _snapped(text: str, position: int) -> int:
    """The nearest offset that is not inside a word, a Tibetan syllable or an accented letter."""
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
    if is_letter(before) and is_letter(after):
        return "\u2e80" <= before < "\ua000" or "\u2e80" <= after < "\ua000"  # Chinese and Japanese have no blanks
    return after != "\u0f0b" and not after.isspace()  # behind the blank or tsheg, not before it


def _order(positions: Mapping[int, int], partners: Mapping[int, int]) -> list[int] | None:
    """The codes in an order in which pairs are nested; None where their places cross."""
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
