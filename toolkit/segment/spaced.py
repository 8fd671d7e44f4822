"""Sentences of languages with blanks between words: the boundaries of sentencex, corrected for news prose.

A boundary is dropped after an abbreviation or the number of a list item, and between a quotation and its speaker; one is
added after `…`, `.)` and `.”` before a capital letter. The word lists are the language's data (`[sentences]`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from toolkit.language import Language
from toolkit.segment.pairs import after_blanks

_WINDOW = 6_000
"""Characters given to sentencex at once: on unclosed quotes it takes quadratic time."""

_MARGIN = 200
"""Characters at the end of a window in which boundaries are not used, because too little text follows them."""

_CLOSERS = r"[\"”’'»)\]]"
_OPENERS = "\"“‘'«([¿¡"
_MORE = re.compile(rf"(?:(?:(?<![\[(])…|(?<![\[(.])\.{{3,}}+)[\"”’'»)]*+|(?<!\.\.)[.!?]{_CLOSERS}++)\s++")
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_NO_START = frozenset(",;:.!?…”’»)]%")
_LAST_WORD = re.compile(rf"([^\s\"“‘'«(\[]*?)\.{_CLOSERS}*$")
_ASKED = re.compile(r"[!?…][\"”’'»]+$")
_TIME = re.compile(r"\b[ap]\.m\.$")
_HALF_DAY = re.compile(r"(?<!\d)(?<!\d\s)\b[AP]\.M\.$")
_I = re.compile(r"I(?:['’]\w+)?\s")
"""`I thought... I would go.` is one sentence."""
_OPENED = re.compile(r"»\w")
"""German quotations are »so«."""
_WORD_END, _NEW_WORD = re.compile(r"[a-z\d]{3}[.!?]$"), re.compile(r"(?!Com |Org |Net )[A-Z][a-z]*\.?\s")
"""Without a blank between: `Hello world.Today is Tuesday`."""
_NAME_WORDS = 4


def starts(text: str, language: Language) -> Iterator[int]:
    """The offsets at which a new sentence begins."""
    rules = _Rules(language.data.get("sentences", {}))
    more = (
        found.end()
        for found in _MORE.finditer(text)
        if _first_letter(text, found.end()).isupper() and not (found[0][0] in "….." and _I.match(text, found.end()))
    )
    begin = 0
    for cut in sorted({*_sentencex(text, language.tag), *more}):
        if rules.holds(text[max(begin, cut - 200) : cut], text[cut : cut + 120], cut - begin <= 200):
            begin = cut
            yield cut


def _first_letter(text: str, at: int) -> str:
    return text[at : at + 8].lstrip(_OPENERS)[:1]


class _Rules:
    """The corrections for one language."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.never_end = frozenset(data.get("never_end", ()))
        self.before_number = frozenset(data.get("before_number", ()))
        self.zones = tuple(f"{zone} " for zone in data.get("time_zones", ()))
        self.verbs = frozenset(data.get("reporting_verbs", ()))

    def speaks(self, after: str) -> bool:
        """Whether the text begins with a name and a reporting verb: `Obama asked`."""
        for word in after.split()[: _NAME_WORDS + 1]:
            if not word[0].isupper():
                return word.rstrip(".,:") in self.verbs
        return False

    def holds(self, before: str, after: str, whole: bool) -> bool:
        """Whether a sentence ends between the two; `whole`: `before` reaches back to the sentence's beginning."""
        left = before.rstrip()
        if left.endswith("(."):  # an unclosed bracket
            return True
        if not left or not after or _first_letter(after, 0).islower():
            return False
        if after[0] in _NO_START and not _OPENED.match(after):
            return False
        if left == before and left[-1].isascii() and not (_WORD_END.search(left) and _NEW_WORD.match(after)):  # a.b
            return False
        if whole and _LIST_NUMBER.fullmatch(left.lstrip()):
            return False
        if _ASKED.search(left) and self.speaks(after):
            return False
        last = _LAST_WORD.search(left)
        if last and (last[1] in self.never_end or (last[1] in self.before_number and after[0].isdigit())):
            return False
        if _TIME.search(left) and after.startswith(self.zones):
            return False
        return not _HALF_DAY.search(left)


def _sentencex(text: str, tag: str) -> Iterator[int]:
    """Boundaries by sentencex, window by window; each window begins at the last boundary of the one before."""
    from sentencex import get_sentence_boundaries

    begin = 0
    while begin < len(text):
        window = text[begin : begin + _WINDOW]
        found = _words(window, (item["start_index"] for item in get_sentence_boundaries(tag, window)))
        if begin + len(window) < len(text):
            found = [start for start in found if start < len(window) - _MARGIN]
        yield from (begin + start for start in found)
        if begin + len(window) >= len(text):
            return
        begin += found[-1] if found else len(window)


def _words(window: str, starts: Iterable[int]) -> list[int]:
    """The offsets, each moved to the next character that is not blank; the beginning and the end of the window are left out."""
    found, at = [0], 0
    for start in starts:
        at = after_blanks(window, max(at, start))
        if found[-1] < at < len(window):
            found.append(at)
    return found[1:]
