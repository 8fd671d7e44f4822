"""The front matter of a post declares the language that it is in."""

from __future__ import annotations

import pytest

from toolkit.article import formats
from toolkit.language import language

CASES = [
    ("---\nlang: en\n---\n\nHi you\n", "---\nlang: bo\n---\n\nHi you\n"),
    ('---\ntags: [a]\nlang: "en" # yes\n---\n', '---\ntags: [a]\nlang: "bo" # yes\n---\n'),
    ("---\nLanguage: en-US\r\n---\nHi you\n", "---\nLanguage: bo\r\n---\nHi you\n"),
    ("---\ntags: [a]\n---\n\nHi you\n", "---\ntags: [a]\nlang: bo\n---\n\nHi you\n"),
    ("+++\ndraft = true\n+++\n\nHi you\n", '+++\ndraft = true\nlang = "bo"\n+++\n\nHi you\n'),
    ("---\nJust words\n---\n", "---\nJust words\n---\n"),
    ("Hi you\n\n---\n\nlang: en is here\n", "Hi you\n\n---\n\nlang: en is here\n"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_declarations(before: str, after: str) -> None:
    assert formats()["markdown"].declare_language(before, "en", language("bo")) == after
