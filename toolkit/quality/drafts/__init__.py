"""Checks for the drafts of language models, which say something in any case: each knows one way in which an answer is no
translation, and names it in a few words.

None of them knows whether a translation is good. What 1,997 sentences of news by people, in two languages, would fail is
no check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from toolkit.language import language
from toolkit.quality.drafts import echoes, measures, wording
from toolkit.quality.drafts.draft import Draft
from toolkit.quality.refusal import bound
from toolkit.units import LanguagePair, Request

DRAFT_CHECKS: tuple[Callable[[Draft], str], ...] = (
    measures.nothing,
    wording.garbled,
    wording.tokens,
    wording.thoughts,
    wording.refusal,
    wording.preface,
    echoes.terms,
    echoes.prompt,
    echoes.example,
    echoes.reference,
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


def failed_check(
    request: Request,
    answer: str,
    question: str,
    pair: LanguagePair,
    examples: Sequence[tuple[str, str]] = (),
) -> str:
    """Which check the answer to a request fails, in a few words for a translator; empty for none.

    `question` is the prompt as it was sent, `examples` those that the family puts into every prompt.
    """
    if len(answer) > bound(request.source):
        return "far longer than the source"
    draft = Draft(request, answer, question, language(pair.source), language(pair.target), examples)
    return next((why for check in DRAFT_CHECKS if (why := check(draft))), "")
