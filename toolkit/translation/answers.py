"""A language model says something in any case: what is cut off its answer, and why an answer is not trusted.

Nothing here knows whether a translation is good. Each rule knows one way in which an answer is none, and says so in a
few words; what news by people, 1,997 sentences in two languages, would trip over is no rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import regex

from toolkit.language import language
from toolkit.translation.doubts import echoes, measures, wording
from toolkit.translation.doubts.said import Said
from toolkit.units import Request

DOUBTS: tuple[Callable[[Said], str], ...] = (
    measures.nothing,
    wording.garbled,
    wording.tokens,
    wording.thoughts,
    wording.refusal,
    wording.preface,
    echoes.terms,
    echoes.prompt,
    echoes.example,
    echoes.second,
    echoes.source,
    echoes.background,
    wording.note,
    wording.choice,
    wording.delimiters,
    wording.markup,
    wording.markers,
    measures.loop,
    measures.other_chinese,
    measures.script,
    measures.english,
    echoes.left,
    measures.romanised,
    measures.broken_off,
    measures.lost,
    measures.added,
    wording.lines,
)
"""In this order: what says most about the fault comes first."""

_FENCE = regex.compile(r"```[\w-]*\n(.*?)\n?```", regex.DOTALL)
_PAIRS = {
    "“": "”",
    "‘": "’",
    '"': '"',
    "'": "'",
    "「": "」",
    "『": "』",
    "«": "»",
    "„": "“",
    "**": "**",
    "*": "*",
    "`": "`",
}


def trimmed(text: str, cut: Sequence[str], source: str = "") -> str:
    """The answer without what the family says may be cut off (regular expressions), a fence or quotes around the whole
    that the source does not have, and blanks."""
    before = None
    while before != text:
        before = text
        for pattern in cut:
            text = regex.sub(pattern, "", text)
        text = text.strip()
        if (fenced := _FENCE.fullmatch(text)) and "```" not in source:
            text = fenced[1]
        text = _unwrapped(text, source.strip()) if source else text
    return text


def doubt(
    request: Request,
    answer: str,
    question: str,
    target_language: str,
    source_language: str,
    examples: Sequence[tuple[str, str]] = (),
) -> str:
    """Why the answer to a question is not trusted, in a few words for a translator; empty for one that is.

    `question` is the prompt as it was sent, `examples` those that the family puts into every prompt.
    """
    said = Said(request, answer, question, language(source_language), language(target_language), examples)
    return next((why for rule in DOUBTS if (why := rule(said))), "")


def _unwrapped(text: str, source: str) -> str:
    """The text without one pair of quotes or emphasis around it, if the source has none there."""
    for opening, closing in _PAIRS.items():
        inner = text[len(opening) : len(text) - len(closing)]
        if not (text.startswith(opening) and text.endswith(closing) and inner.strip()):
            continue
        if source.startswith(tuple(_PAIRS)) or source.endswith(tuple(_PAIRS.values())):
            continue
        if opening not in inner and closing not in inner:
            return inner.strip()
    return text
