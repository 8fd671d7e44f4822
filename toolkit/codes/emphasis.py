"""Inserting codes into a translation so that a Markdown parser still recognizes the emphasis.

By CommonMark's rules of flanking, the `**` in `词：**字` and the `*` in `ཤོག་བུ་*ཡིན` close nothing, because punctuation
stands before the delimiter and a letter after it. The punctuation is then moved out: `词**：字`, `ཤོག་བུ*་ཡིན`. Where that
does not help (`_词_` between letters, a code span inside), a blank is added outside.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from toolkit.codes.comparing import difference
from toolkit.codes.markdown import find
from toolkit.codes.spans import paired
from toolkit.units import Code

_EMPHASIS = re.compile(r"[*_~]+")
_LINK = ("[", "](", "][")
_BOUND = frozenset("%$#+-=/\\@&^|<>°€£¥‰")
"""Punctuation and symbols that belong to the word or number beside them, so that they are moved out last."""


def written(
    text: str,
    source: str,
    codes: Sequence[Code],
    partners: Mapping[int, int],
    positions: Mapping[int, int],
    order: Sequence[int],
) -> tuple[str, bool]:
    """The text with its codes in this order, and whether Markdown recognizes them all.

    `partners` has the index of the other half of each paired code, `positions` the offset in `text` of each code. Codes are
    moved from there as little as is needed for them to be recognized.
    """
    emphasis = [i for i in partners if i < partners[i] and _EMPHASIS.fullmatch(codes[i].data)]
    result = _assembled(text, codes, positions, order, frozenset())
    if _reads_back(source, result, codes, order):
        return result, True
    if not emphasis:
        return result, False
    ways = _Layout(text, codes, partners, positions, order)
    for attempt in ways.attempts(emphasis):
        if _reads_back(source, attempt, codes, ways.order):
            return attempt, True
    return result, False


_RUN = re.compile(r"(?<![\\*])\*{1,3}(?!\*)|(?<![\\_])_{1,3}(?!_)")
_TAGS = {"*": ("<em>", "</em>"), "**": ("<strong>", "</strong>")}


def mended(text: str, find: Callable[[str], Sequence[Code]], literal: str = "") -> str:
    """The text with the emphasis that its writer meant: pairs of `*`, `**`, `_` or `__` beside a letter or mark that is not
    ASCII, which Markdown does not recognize where they stand (`我_恨_它`, `**恨。**它`).

    Punctuation is moved out of them (`**恨**。它`), or at last they are written as `<em>` and `<strong>`; no blank is added.
    `find` finds the codes of a text. Numbers, names (`a_b_c`) and lone marks stay as they are, and so do marks that are text
    in the source, `literal`.
    """
    if not any(mark in text and mark not in literal for mark in "*_"):
        return text
    held = list(find(text))
    pairs = _unrecognized(text, held, literal)
    if not pairs:
        return text
    meant = held
    for opening, closing in pairs:
        mark = text[slice(*opening)].replace("_", "*")
        meant = [*meant, Code("sc", mark, *opening), Code("ec", mark, *closing)]
    codes = sorted(meant, key=lambda code: (code.start, code.end))
    bare, positions, at = "", {}, 0
    for index, code in enumerate(codes):
        bare += text[at : code.start]
        positions[index] = len(bare)
        at = code.end
    bare += text[at:]
    partners = {one: other for pair in paired(codes) for one, other in (pair, pair[::-1])}
    own = [index for index, code in enumerate(codes) if code.kind == "sc" and code not in held]
    layout = _Layout(bare, codes, partners, positions, list(range(len(codes))))
    wanted = [(code.kind, code.data) for code in codes]
    for attempt in layout.without_blanks(own):
        if [(code.kind, code.data) for code in find(attempt)] == wanted:
            return attempt
    tagged = list(codes)
    for index in own:
        opening_tag, closing_tag = _TAGS[codes[index].data]
        tagged[index] = replace(codes[index], data=opening_tag)
        tagged[partners[index]] = replace(codes[partners[index]], data=closing_tag)
    return _assembled(bare, tagged, positions, list(range(len(codes))), frozenset())


def _unrecognized(text: str, codes: Sequence[Code], literal: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The spans of the two runs of delimiters of each pair that a writer meant and Markdown does not see."""
    taken = {at for code in codes for at in range(code.start, code.end)}
    spans = [(codes[first].start, codes[last].end) for first, last in paired(codes)]
    found: list[tuple[tuple[int, int], tuple[int, int]]] = []
    opened: list[re.Match[str]] = []
    for run in _RUN.finditer(text):
        if run.start() in taken or len(run[0]) == 3 or run[0][0] in literal:
            continue
        before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
        last = opened[-1] if opened else None
        if last and last[0] == run[0] and before.strip() and _beside_wide(text, last) | _beside_wide(text, run):
            opened.pop()
            start, end = last.start(), run.end()
            if not any(start < one < end < other or one < start < other < end for one, other in spans):
                found.append((last.span(), run.span()))
        elif after.strip():
            opened.append(run)
    return found


def _beside_wide(text: str, run: re.Match[str]) -> bool:
    """Whether a letter or mark beside the run is not ASCII."""
    return any(not char.isascii() for char in text[max(run.start() - 1, 0) : run.end() + 1])


def _reads_back(source: str, result: str, codes: Sequence[Code], order: Sequence[int]) -> bool:
    """Whether Markdown finds the codes in the result, in this order; codes of other markup are recognized anywhere."""
    if not any(code.kind == "sc" and code.data[0] in "*_~[!^" for code in codes):
        return True
    given, wanted = find(result), find(source)
    if wanted != tuple(codes):  # links to what only the article defines
        return not difference(wanted, given)
    # `**a**b**c**` may hold all the codes of two pairs and be read as one in the other.
    return [(code.kind, code.data) for code in given] == [(codes[i].kind, codes[i].data) for i in order]


class _Layout:
    """Codes and their positions in a text, which are changed step by step until the emphasis is recognized."""

    def __init__(
        self,
        text: str,
        codes: Sequence[Code],
        partners: Mapping[int, int],
        positions: Mapping[int, int],
        order: Sequence[int],
    ) -> None:
        self.text = text
        self.codes = codes
        self.partners = partners
        self.at = dict(positions)
        self.order = list(order)
        self.rank = {index: rank for rank, index in enumerate(order)}

    def attempts(self, emphasis: Sequence[int]) -> Iterator[str]:
        """The text with its codes, from the least change to the largest."""
        for any_mark in (False, True):
            for first in emphasis:
                self._draw_in(first, any_mark)
            yield self._assembled(())
            failing = self._failing(emphasis)
            if any(self._inside_link(first) for first in emphasis if {first, self.partners[first]} & set(failing)):
                yield self._assembled(())
                failing = self._failing(emphasis)
            yield self._assembled(failing)
            yield self._assembled([*emphasis, *(self.partners[first] for first in emphasis)])

    def without_blanks(self, emphasis: Sequence[int]) -> Iterator[str]:
        """The text as it stands, then with punctuation moved out of the emphasis."""
        yield self._assembled(())
        for any_mark in (False, True):
            for first in emphasis:
                self._draw_in(first, any_mark)
            yield self._assembled(())

    def _assembled(self, spaced: Sequence[int]) -> str:
        return _assembled(self.text, self.codes, self.at, self.order, frozenset(spaced))

    def _failing(self, emphasis: Sequence[int]) -> list[int]:
        halves = [half for first in emphasis for half in (first, self.partners[first])]
        return [half for half in halves if not self._flanks(half)]

    def _flanks(self, index: int) -> bool:
        """Whether the delimiter may open, or close, where it stands (CommonMark 6.2, rules 1 to 8)."""
        code = self.codes[index]
        before, after = self._neighbour(index, -1), self._neighbour(index, 1)
        if code.kind == "ec":
            before, after = after, before  # the same rule seen from the other side
        left = _opens(before, after)
        if code.data[0] != "_":
            return left
        return left and (not _opens(after, before) or _is_mark(before))

    def _neighbour(self, index: int, step: int) -> str:
        """The character beside the run of delimiters that this one is part of."""
        here, place, marker = self.rank[index] + step, self.at[index], self.codes[index].data[0]
        while 0 <= here < len(self.order) and self.at[self.order[here]] == place:
            data = self.codes[self.order[here]].data
            if not (_EMPHASIS.fullmatch(data) and data[0] == marker):
                return data[0] if step > 0 else data[-1]
            here += step
        return self.text[place : place + 1] if step > 0 else self.text[place - 1 : place] if place else ""

    def _draw_in(self, first: int, any_mark: bool) -> None:
        """Move the halves of a pair inwards over blanks and punctuation until they are recognized as delimiters."""
        second = self.partners[first]
        start, end = self.at[first], self.at[second]
        while not self._flanks(first) and self._moves(first, 1, any_mark):
            pass
        while not self._flanks(second) and self._moves(second, -1, any_mark):
            pass
        # Quotation marks and brackets stay on the same side of the delimiters.
        if self.at[first] > start and _are_mates(self.text[self.at[first] - 1 : self.at[second]]):
            self._moves(second, -1, any_mark)
        elif self.at[second] < end and _are_mates(self.text[self.at[first] : self.at[second] + 1]):
            self._moves(first, 1, any_mark)

    def _moves(self, index: int, step: int, any_mark: bool) -> bool:
        """Move a half over one character, with the codes between it and that character; whether that was possible."""
        place = self.at[index]
        char = self.text[place : place + 1] if step > 0 else self.text[place - 1 : place] if place else ""
        if not char or not (char.isspace() or _is_mark(char)) or (char in _BOUND and not any_mark):
            return False
        here, moved = self.rank[index], []
        while 0 <= here < len(self.order) and self.at[self.order[here]] == place:
            moved.append(self.order[here])
            here += step
        kind = self.codes[index].kind
        if any(self.codes[i].kind != kind or abs(self.at[self.partners.get(i, i)] - place) < 2 for i in moved):
            return False
        for other in moved:
            self.at[other] += step
        return True

    def _inside_link(self, first: int) -> bool:
        """Move emphasis around a whole link into the link: `词[**字**](u)词` is recognized where `词**[字](u)**词` is not.

        Returns whether it was moved.
        """
        second = self.partners[first]
        opening, closing = self.rank[first], self.rank[second]
        if closing - opening < 3:
            return False
        inner, outer = self.order[opening + 1], self.order[closing - 1]
        same = self.at[inner] == self.at[first] and self.at[outer] == self.at[second]
        if not same or self.partners.get(inner) != outer or not self.codes[inner].data.startswith(_LINK):
            return False
        self.order[opening : opening + 2] = inner, first
        self.order[closing - 1 : closing + 1] = second, outer
        self.rank |= {self.order[rank]: rank for rank in (opening, opening + 1, closing - 1, closing)}
        return True


def _are_mates(text: str) -> bool:
    """Whether the text begins with a quotation mark or bracket that its last character closes."""
    depth = 0
    for place, char in enumerate(text):
        kind = unicodedata.category(char)
        if char == '"':
            depth = 1 - depth
        elif kind in ("Pi", "Ps"):
            depth += 1
        elif kind in ("Pf", "Pe"):
            depth -= 1
        if depth <= 0:
            return 0 < place == len(text) - 1
    return False


def _opens(before: str, after: str) -> bool:
    """Whether a run of delimiters between these characters is left-flanking; the ends of the text count as blanks."""
    if not after or after.isspace():
        return False
    return not _is_mark(after) or not before or before.isspace() or _is_mark(before)


def _is_mark(char: str) -> bool:
    return bool(char) and unicodedata.category(char)[0] in "PS"


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
        elif index in spaced and code.kind == "sc" and is_letter(before or " "):
            between += " "
        if _is_bare(code) and _joins(between[-1:]):
            between += " "
        pieces += [between, code.data]
        if index in spaced and code.kind == "ec" and is_letter(text[position : position + 1] or " "):
            pieces.append(" ")
        last, open_end = code.data[-1], _is_bare(code)
    tail = text[position:]
    return "".join([*pieces, " " if open_end and tail and _joins(tail[0]) else "", tail])


def _is_bare(code: Code) -> bool:
    """Whether the code is not delimited by punctuation of its own: `https://a.org`, `me@a.org`, `%s`."""
    return code.kind == "ph" and (code.data[0].isalnum() or code.data[0] == "%")


def _joins(char: str) -> bool:
    return bool(char) and char.isascii() and (char.isalnum() or char in "@%+-_/=#&~")


def is_letter(char: str) -> bool:
    """Whether the character is a letter, a number or a combining mark."""
    return unicodedata.category(char)[0] in "LNM"
