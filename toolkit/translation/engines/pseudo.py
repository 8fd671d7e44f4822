"""Pseudo-localization: every ASCII letter becomes another letter that reads alike, one for one, so that it can be undone.

    Hello <1>world</1>  ->  Ĥéļļó <1>ŵóŕļđ</1>

Shows before any translation what is offered for translation, what a format loses, and what is not translatable text.
Codes stay as they are. Brackets and padding, which make cut-off or glued texts visible, are options.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Iterator, Sequence

from toolkit.units import Abilities, Answer, Code, Engine, LanguagePair, Match, Request

_ALIKE = "åƀçđéƒĝĥíĵķļɱñóþɋŕšţúṽŵẋýžÅƁÇĐÉƑĜĤÍĴĶĻṀÑÓÞɊŔŠŢÚṼŴẊÝŽ"
_TO = str.maketrans(string.ascii_letters, _ALIKE)
_BACK = str.maketrans(_ALIKE, string.ascii_letters)


def encode(text: str, codes: Sequence[Code] = ()) -> str:
    """The text with every ASCII letter outside its codes replaced."""
    result, position = [], 0
    for code in codes:
        result += [text[position : code.start].translate(_TO), text[code.start : code.end]]
        position = code.end
    return "".join(result) + text[position:].translate(_TO)


def decode(text: str) -> str:
    """Undo `encode`; exact for texts that held none of the replacing letters themselves."""
    return text.translate(_BACK)


class Pseudo(Engine):
    """The engine `pseudo`; it takes whole units, knows every pair and needs no model."""

    name = "pseudo"
    label = "pseudo-localization: no translation"
    abilities = Abilities(grain="unit", independent=True, codes="kept", checked=True, verbatim=True, processes=True)

    def __init__(self, brackets: bool = False, longer: float = 0.0) -> None:
        self.brackets = brackets
        self.longer = longer
        """By how much a text grows: 0.3 adds 30 percent, as German does."""

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Answers every request; the languages do not matter."""
        for request in requests:
            text = encode(request.source, request.codes)
            text += "~" * round(self.longer * len(request.source))
            yield Match(f"⟦{text}⟧" if self.brackets else text, "mt", self.name, remarks=(self.label,))
