"""A language model behind an OpenAI-compatible server (Ollama, vLLM, llama-server, a paid one), asked in its family's words.

Several paragraphs share a call where the family has words for it: each stands behind its number, and unless every number
comes back once and in order, the call is made again in halves, at last for one paragraph alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Literal

from toolkit.language.measures import estimated_answer_tokens, estimated_tokens
from toolkit.models.families import Family
from toolkit.quality.refusal import checked
from toolkit.quality.rules import failed_check
from toolkit.remotes import Remote
from toolkit.translation.engines.calibration import pieces
from toolkit.translation.engines.completions import ChatServer
from toolkit.translation.engines.language_model import LanguageModel, trimmed
from toolkit.translation.engines.prompts import numbered
from toolkit.translation.inference import Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.units import Answer, LanguagePair, Match, Refusal, Request, Sending

_NUMBER = re.compile(r"^\s*[\[［【](\d{1,3})[\]］】][:：.]?\s*", re.MULTILINE)
_OF_A_CALL, _OF_A_SEGMENT = 8, 4
"""Tokens that a server counts beside the words: of each message, and of the number before each answer."""
_FILLED = 0.8
"""How much of a context may be meant to be used: tokens are only estimated."""
_WELL = 4
"""Calls that have to come back right before they hold more paragraphs again."""


class Chat(LanguageModel):
    """The engine `chat` on one server, which is first asked when there is something to translate."""

    name = "chat"

    def __init__(self, remote: Remote, family: Family, options: Options, resources: Resources | None = None) -> None:
        self.remote = remote
        model = (resources or Resources()).model(("chat", remote), lambda: ChatServer(remote))
        super().__init__(model, family, options.slots, options.raw)
        several = family.grain == "unit" and all(words.numbered for words in family.wordings)
        self.segments = (remote.segments or family.segments) if several else 1
        """Paragraphs in one call, at most."""
        self.abilities = replace(self.abilities, independent=self.segments == 1, window=self.segments)
        self._most, self._well = self.segments, 0
        """How many paragraphs share a call now, and how many such calls in a row came back right."""

    @property
    def signature(self) -> str:
        """The model, and who runs it."""
        return f"{self.remote.model}@{self.remote.host}"

    def question(self, request: Request, pair: LanguagePair) -> Question:
        """The prompt of the text alone; under it the answer is kept, whatever shared its call."""
        if self.segments == 1 or request.reference:
            return super().question(request, pair)
        return numbered(self.family, [request], pair).question(request, pair)

    def known(self, requests: Sequence[Request], pair: LanguagePair) -> list[bool]:
        """Whether a text was answered in a shared call, or alone."""
        shared = super().known(requests, pair)
        if self.segments == 1:
            return shared
        alone = self.model.recall([super(Chat, self).question(request, pair) for request in requests])
        return [one or output is not None for one, output in zip(shared, alone, strict=True)]

    def sending(self, requests: Sequence[Request], pair: LanguagePair) -> Sending:
        """Every paragraph in the words that go around it, once: what has to be asked again is not foreseen."""
        sent = said = 0.0
        examples = 0
        calls = self._calls(requests, pair) if self.segments > 1 else [[request] for request in requests]
        for call in calls:
            one = self._first(call[0], pair)[0] if len(call) == 1 else numbered(self.family, call, pair)
            sent += estimated_tokens(one.text) + _OF_A_CALL
            examples += len(one.examples)
            said += sum(estimated_answer_tokens(request.source, pair.target) + _OF_A_SEGMENT for request in call)
        characters = sum(len(request.source) for request in requests)
        unit: Literal["paragraphs", "sentences"] = "paragraphs" if self.abilities.grain == "unit" else "sentences"
        foreseen = self.remote.sending(len(requests), unit, characters, round(sent), round(said))
        return replace(foreseen, examples=examples)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """As many paragraphs in one call as agreed. Raises EngineFailed where the server cannot go on."""
        if self.segments == 1:
            yield from super().translate(requests, pair)
            return
        waiting = iter(requests)
        while window := list(islice(waiting, self.segments)):
            first = self._window(window, pair)
            for request in window:
                if request not in first:  # it was asked by itself
                    yield self._answer(request, pair)
                else:
                    yield first[request] if self.raw else self._better(request, first[request], pair)

    def _better(self, request: Request, first: Answer, pair: LanguagePair) -> Answer:
        """The answer from a shared call, if it passes the quality checks; else what the text alone gets, without examples."""
        answer = checked(request, first, pair.target)
        if isinstance(answer, Refusal):
            said = self._whole(replace(request, examples=()), pair)
            if isinstance(said, Match) and request.examples and not said.rejected:  # an example may come back untold
                said = replace(said, rejected=failed_check(request, said.target, "", pair))
            alone = checked(request, said, pair.target)
            answer = alone if isinstance(alone, Match) else answer
        return self.kept(request, answer, pair)

    def _window(self, window: Sequence[Request], pair: LanguagePair) -> dict[Request, Answer]:
        """The answers to the texts that may share a call: those that are known, and those of new calls."""
        sharing = [request for request in window if not request.reference]  # only one has room for a reference
        questions = [self.question(request, pair) for request in sharing]
        known = dict(zip(sharing, self.model.recall(questions), strict=True))
        outputs = {request: output for request, output in known.items() if output is not None}
        open_ = [one for one, is_known in zip(sharing, self.known(sharing, pair), strict=True) if not is_known]
        for call in self._calls(open_, pair):
            outputs |= self._together(call, pair)
        return {request: self._understood_alone(request, output, pair) for request, output in outputs.items()}

    def _understood_alone(self, request: Request, output: Output, pair: LanguagePair) -> Answer:
        """What is made of a text's part in the answer to a call."""
        return self._understood(request, output, numbered(self.family, [request], pair), pair)

    def _calls(self, requests: Sequence[Request], pair: LanguagePair) -> Iterator[list[Request]]:
        """The paragraphs that share a call: as many as came back right before, and no more than the context has room for."""
        call: list[Request] = []
        room = 0.0
        for request in requests:
            takes = estimated_tokens(request.source) + estimated_answer_tokens(request.source, pair.target)
            takes += 2 * _OF_A_SEGMENT
            if self.abilities.examples:
                takes += sum(estimated_tokens(side) + _OF_A_SEGMENT for one in request.examples[-1:] for side in one)
            if call and (len(call) >= self._most or takes > room):
                yield call
                call = []
            if not call:
                around = numbered(self.family, [request], pair)
                words = estimated_tokens(around.text) - estimated_tokens(request.source)
                room = self.family.context * _FILLED - words
            call.append(request)
            room -= takes
        if call:
            yield call

    def _together(self, requests: Sequence[Request], pair: LanguagePair) -> dict[Request, Output]:
        """Each text's part in the answer to one call, or to calls of half its size where the numbers do not come back as
        they went; a text that is alone at last is left out."""
        if len(requests) < 2:
            return {}
        question = numbered(self.family, requests, pair).question(requests[0], pair)
        (output,) = self.model.ask([replace(question, source="".join(request.source for request in requests))])
        stopped = output.cut or bool(output.failed)
        spans = [] if stopped else _spans(output.text, self.family.cut)
        if not stopped:
            self._learn(len(requests), len(spans) == len(requests))
        if len(spans) != len(requests):
            half = len(requests) // 2
            return self._together(requests[:half], pair) | self._together(requests[half:], pair)
        parts = {}
        for request, (start, end) in zip(requests, spans, strict=True):
            parts[request] = _part(output, start, end)
            self.model.remember(self.question(request, pair), parts[request])
        return parts

    def _learn(self, size: int, right: bool) -> None:
        """A model that loses its numbers is asked for half as many from then on, and for more again once it does well."""
        if not right:
            self._most, self._well = min(self._most, max(size // 2, 1)), 0
            return
        self._well += size >= self._most
        if self._well >= _WELL:
            self._most, self._well = min(2 * self._most, self.segments), 0


def _part(output: Output, start: int, end: int) -> Output:
    """The output for the text in this part of an answer. Its log-probability is that of the tokens that begin in it; where
    the tokens do not spell the answer, the whole answer's, in proportion to the length."""
    text = output.text[start:end]
    if output.logprob is None:
        return Output(text)
    first, last, whole = (len(output.text[:place].encode()) for place in (start, end, None))
    chosen: list[tuple[bytes, float]] = []
    at = 0
    for data, logprob in output.pieces:
        if first <= at < last:
            chosen.append((data, logprob))
        at += len(data)
    if at == whole and chosen:
        return Output(text, sum(logprob for _, logprob in chosen), len(chosen), pieces=tuple(chosen))
    return Output(text, output.logprob * pieces(text) / pieces(output.text))


def _spans(text: str, cut: Sequence[str]) -> list[tuple[int, int]]:
    """Where each numbered text stands, if they are numbered from 1 on, a line each, and nothing stands beside them."""
    whole = trimmed(text, cut)
    marks = list(_NUMBER.finditer(whole))
    offset = text.find(whole)
    numbers = [int(mark[1]) for mark in marks]
    if not marks or marks[0].start() or numbers != list(range(1, len(marks) + 1)) or offset < 0:
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(whole)]
    spans = [(mark.end(), end) for mark, end in zip(marks, ends, strict=True)]
    whole_lines = all(_one_line(whole[start:end]) for start, end in spans)
    return [(offset + start, offset + end) for start, end in spans] if whole_lines else []


def _one_line(text: str) -> bool:
    return bool(text.strip()) and "\n" not in text.strip()
