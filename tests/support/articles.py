"""Documents that hypothesis makes, and what must hold for each of them in any format."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from toolkit import codes
from toolkit.article import Problem, formats, read
from toolkit.units import Article, Block

_WIDE = {letter: chr(ord(letter) + 0xFEE0) for letter in string.ascii_letters}
PSEUDO = str.maketrans(_WIDE)
"""Every ASCII letter becomes its full-width sister: one for one, and reversible."""
BACK = str.maketrans({wide: letter for letter, wide in _WIDE.items()})


def read_as(format: str, text: str, **more: Any) -> Article:
    """The article in a text, as a project reads it; `more` goes to `article.read`."""
    return read(text, formats()[format], **more)


def parsed(text: str, format: str) -> Article:
    """The article; its parts are the text."""
    article = formats()[format].parse(text, "made")
    assert "".join(part if isinstance(part, str) else part.original for part in article.parts) == text
    assert len({block.id for block in article.blocks}) == len(list(article.blocks))
    return article


def pseudo(block: Block, format: str) -> str:
    """The source with every letter outside of its codes replaced."""
    result, at = [], 0
    for code in codes.find(block.source, formats()[format].markup):
        result += [block.source[at : code.start].translate(PSEUDO), block.source[code.start : code.end]]
        at = code.end
    return "".join([*result, block.source[at:].translate(PSEUDO)])


def holds_fidelity(text: str, format: str) -> Article:
    """The source comes back byte for byte, and so does a pseudo-translation that is mapped back."""
    article = parsed(text, format)
    form = formats()[format]
    same = form.serialize(article, {block.id: block.source for block in article.blocks})
    assert (same.text, said(same.problems)) == (text, [])
    mapped = form.serialize(article, {block.id: pseudo(block, format) for block in article.blocks})
    assert said(mapped.problems) == []
    assert mapped.text.translate(BACK) == text
    return article


def said(problems: Sequence[Problem]) -> list[str]:
    """The problems as a person reads them."""
    return [str(problem) for problem in problems]


def one_of_words(text: str) -> st.SearchStrategy[str]:
    """One of the words of a line."""
    return st.sampled_from(text.split())


words = one_of_words(
    "Kailash yak salt U.S. café naïve R2D2 3.5 “quoted” don't བོད་སྐད། 中文 — & < > 100% a http://a.org/x?y=1&z=2 x@y.org"
)
blanks = st.sampled_from([" ", " ", " ", "  ", "\n", "\n    ", "\t", "\r\n", "\r", "\u00a0", "\f"])


@st.composite
def prose(draw: st.DrawFn, blank: st.SearchStrategy[str] = blanks, longest: int = 6) -> str:
    """Words with blanks of all kinds between them."""
    parts = draw(st.lists(st.tuples(words, blank), max_size=longest))
    return "".join(word + gap for word, gap in parts)
