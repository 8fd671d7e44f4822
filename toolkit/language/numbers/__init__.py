"""Numbers in a text by value, however a language writes them: `2.52 million`, 252万 and ས་ཡ་2.52 are the same."""

from __future__ import annotations

from toolkit.language.numbers.numerals import Value
from toolkit.language.numbers.values import (
    ASCII_NUMBER,
    TIBETAN_NUMBER,
    Figure,
    figures,
    plain_digits,
    pool,
    says,
    with_digits,
)

__all__ = [
    "ASCII_NUMBER",
    "TIBETAN_NUMBER",
    "Figure",
    "Value",
    "figures",
    "plain_digits",
    "pool",
    "says",
    "with_digits",
]
