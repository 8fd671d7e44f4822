"""Constrained decoding: a model says words that it has to say, each at a place where it was near to saying it.

A first answer tells where each word might have begun. The answer up to such a place and the word are then taken as said, and
the model goes on from there, until no word is missing; words are put in from left to right. Several places are tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from toolkit.translation.inference import Output

_TRIED = 2
"""Places that are tried for each word."""
_MOST = 4
"""Words that are put into one answer."""

Ask = Callable[[str], Output]
"""How the model goes on where its answer begins with these words; the output holds what follows."""
Lacking = Callable[[str], Sequence[str]]
"""The words that an answer lacks."""


def answers(ask: Ask, lacking: Lacking, spaced: bool) -> list[Output]:
    """The first answer, and those with words put in. `spaced`: the language has blanks between its words."""
    found: list[Output] = []

    def go_on(opening: str, logprob: float, tokens: int, held: int) -> None:
        output = ask(opening)
        if output.failed or output.cut or output.logprob is None:
            return
        found.append(Output(opening + output.text, logprob + output.logprob, tokens + output.tokens))
        missing = lacking(opening + output.text)
        if not missing or held == _MOST:
            return
        for word, at, first in _best(output, missing)[:_TRIED]:
            before, said = _until(output, at)
            start = opening + output.text[:at]
            put = word if spaced or not start.strip() else word.lstrip()
            go_on(start + put, logprob + said + first, tokens + before + 1, held + 1)

    go_on("", 0.0, 0, 0)
    return found


def _best(output: Output, missing: Sequence[str]) -> list[tuple[str, int, float]]:
    """The likeliest places of the missing word that stands first, as far as its best place tells."""
    of_each = [
        sorted((place for place in output.places if place[0].strip() == word), key=lambda place: (-place[2], place[1]))
        for word in missing
    ]
    return min(filter(None, of_each), key=lambda places: places[0][1], default=[])


def _until(output: Output, at: int) -> tuple[int, float]:
    """How many tokens stand before a place in the output, and the sum of their log-probabilities."""
    size = len(output.text[:at].encode())
    count, length, total = 0, 0, 0.0
    for piece, logprob in output.pieces:
        if length >= size:
            break
        count, length, total = count + 1, length + len(piece), total + logprob
    return count, total
