"""The words in which a language model is asked for one text: its family's, filled in with the request.

What stands in a text is never read as a template, and what its model would take for the end of everything is only letters.
Approved translations of similar texts stand before the text as examples, the most similar one next to it: as many as the
family takes, and as the context has room for beside the text and its answer. A family with examples of its own puts them
where approved ones are missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from toolkit.language.measures import estimated_answer_tokens, estimated_tokens
from toolkit.models.families import Family, Wording
from toolkit.translation.inference import Question
from toolkit.units import LanguagePair, Request

_SPECIAL = re.compile(r"<(?=[|｜/]?\w[\w▁ -]*[|｜]?>)|\[(?=/?INST\])")
"""`<eos>` in a text would be read as the end of everything: a blank after the bracket makes it letters again."""
_FILLED = 0.8
"""How much of a context may be meant to be used: tokens are only estimated."""
_TWICE = 2
"""An answer may be so many times as long as is usual; the tokens of a runaway are more, and are not kept free."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question to a language model."""

    text: str
    """A user's message, or what a raw completion goes on from."""
    chat: bool
    longest: int
    """Tokens after which the answer is cut."""
    stop: tuple[str, ...] = ()
    sampling: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Beside temperature 0: `repeat_penalty`."""
    examples: tuple[tuple[str, str], ...] = ()
    """The approved translations in it: source, target."""

    def question(self, request: Request, pair: LanguagePair) -> Question:
        """The prompt as a question about this request."""
        settings = {"chat": self.chat, "longest": self.longest, "stop": [*self.stop], "sampling": {**self.sampling}}
        return Question(self.text, settings, pair, request.source, request.fresh)


def prompt(
    family: Family,
    request: Request,
    pair: LanguagePair,
    *,
    sentences: Sequence[str] = (),
    paragraph: str = "",
) -> Prompt:
    """The question for one request: its text, or its `sentences` with delimiters between them; `paragraph` is what a
    sentence that is asked alone stands in."""
    words = family.wording(pair)
    request = _letters(request)
    text = request.source
    if sentences:
        glue = family.delimiter if family.delimiter.isspace() else f" {family.delimiter} "
        text = glue.join(_one_line(plain(one)) for one in sentences)
    elif "\n" in family.stop or family.delimiter == "\n":
        text = _one_line(text)
    places = _places(family, words, request, pair)
    background = _background(words, request, plain(paragraph), places)
    form = _form(words, request, bool(background), bool(sentences))
    rule = _fill(words.rule, places) if sentences else ""
    places |= {"text": text, "background": background, "rule": rule}
    longest = family.longest_answer(text, pair.source)
    answer = min(_TWICE * estimated_answer_tokens(text, pair.target) + family.answer.plus, longest)
    told = _told(family, words, form, places, request.examples[-family.takes_examples :], answer)
    message = _fill(form, places | {"examples": _examples(family, words, places, told, pair)})
    return Prompt(message, family.chat, longest, family.stop, family.sampling, told)


def numbered(family: Family, requests: Sequence[Request], pair: LanguagePair) -> Prompt:
    """One question for several texts, each behind its number: `[1] …`; background is the first one's, terms are everybody's,
    and of the examples each text's most similar one is told."""
    words = family.wording(pair)
    asked = [_letters(request) for request in requests]
    terms = tuple(dict.fromkeys(term for request in asked for term in request.terms))
    first = replace(asked[0], terms=terms, after=asked[-1].after, reference="")
    places = _places(family, words, first, pair)
    text = "\n".join(f"[{number}] {_one_line(request.source)}" for number, request in enumerate(asked, 1))
    background = _background(words, first, "", places)
    places |= {"text": text, "background": background, "count": str(len(asked))}
    longest = sum(family.longest_answer(request.source, pair.source) for request in asked)
    usual = sum(estimated_answer_tokens(request.source, pair.target) for request in asked)
    answer = min(_TWICE * usual + family.answer.plus * len(asked), longest)
    form = words.numbered_with_background if background and words.numbered_with_background else words.numbered
    nearest = tuple(dict.fromkeys(one for request in asked for one in request.examples[-1:]))
    told = _told(family, words, form, places, nearest, answer)
    message = _fill(form, places | {"examples": _examples(family, words, places, told, pair)})
    return Prompt(message, family.chat, longest, family.stop, family.sampling, told)


def _told(
    family: Family,
    words: Wording,
    form: str,
    places: Mapping[str, str],
    examples: Sequence[tuple[str, str]],
    answer: float,
) -> tuple[tuple[str, str], ...]:
    """Those of the examples for which the context has room, beside the prompt in this form and an answer of so many tokens."""
    room = family.context * _FILLED - estimated_tokens(_fill(form, {**places, "examples": ""})) - answer
    told: list[tuple[str, str]] = []
    for one in reversed(examples if words.example else ()):
        takes = estimated_tokens(_example(words, places, one))
        if takes <= room:
            told.insert(0, one)
            room -= takes
    return tuple(told)


def _examples(
    family: Family, words: Wording, places: Mapping[str, str], told: Sequence[tuple[str, str]], pair: LanguagePair
) -> str:
    """The examples in the family's words, its own in place of those that are missing."""
    own = family.shown(pair)
    shown = [*own[: max(len(own) - len(told), 0)], *told]
    lines = "".join(_example(words, places, one) for one in shown)
    return _fill(words.examples, {**places, "lines": lines}) if words.examples and lines else lines


def _example(words: Wording, places: Mapping[str, str], pair: tuple[str, str]) -> str:
    return _fill(words.example, {**places, "source_text": pair[0], "target_text": pair[1]})


def _form(words: Wording, request: Request, background: bool, delimited: bool) -> str:
    if request.reference and words.with_second:
        return words.with_second
    if background and words.with_background:
        return words.with_background
    if delimited and words.with_delimiters:
        return words.with_delimiters
    return words.prompt


def _places(family: Family, words: Wording, request: Request, pair: LanguagePair) -> dict[str, str]:
    """What the templates may name; the text, its background and the examples aside."""
    places = {
        "source": words.names[pair.source],
        "target": words.names[pair.target],
        "second": words.names.get(request.reference_language, ""),
        "second_text": request.reference,
        "delimiter": family.delimiter,
    }
    lines = "\n".join(_fill(words.term, places | {"source_term": a, "target_term": b}) for a, b in request.terms)
    terms = _fill(words.terms, places | {"lines": lines}) if lines else ""
    return places | {"terms": terms}


def _background(words: Wording, request: Request, paragraph: str, places: Mapping[str, str]) -> str:
    """A line for each thing that is told beside the text."""
    said = {"title": request.title, "before": request.before, "after": request.after, "paragraph": paragraph}
    told = [
        (words.title, request.title),
        (words.before, "" if paragraph else request.before),
        (words.paragraph, paragraph),
        (words.after, "" if paragraph else request.after),
        (words.second, "" if words.with_second else request.reference),
    ]
    lines = [_fill(template, {**places, **said}) for template, value in told if template and value]
    return "\n".join(map(_one_line, lines))


def _fill(template: str, places: Mapping[str, str]) -> str:
    return template.format_map(places)


def _letters(request: Request) -> Request:
    """The request with nothing in it that a model would take for a sign of its own."""
    return replace(
        request,
        source=plain(request.source),
        title=plain(request.title),
        before=plain(request.before),
        after=plain(request.after),
        reference=plain(request.reference),
        terms=tuple((plain(a), plain(b)) for a, b in request.terms),
        examples=tuple((_one_line(plain(a)), _one_line(plain(b))) for a, b in request.examples),
    )


def plain(text: str) -> str:
    """The text with nothing in it that a model would take for a sign of its own."""
    return _SPECIAL.sub(lambda match: f"{match.group()} ", text)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
