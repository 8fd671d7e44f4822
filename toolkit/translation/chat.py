"""A language model behind an OpenAI-compatible server (Ollama, vLLM, llama-server, a paid one), asked in its family's words.

Several paragraphs share a call where the family has words for it: each stands behind its number, and unless every number
comes back once and in order, the call is made again in halves, at last for one paragraph alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from toolkit.models.families import family
from toolkit.remotes import Remote
from toolkit.translation.answers import trimmed
from toolkit.translation.completions import Completions
from toolkit.translation.language_model import LanguageModel, Said
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt, numbered, prompt
from toolkit.translation.sending import Sending, answer_tokens, tokens
from toolkit.units import Answer, Match, Request

_NUMBER = re.compile(r"^\s*[\[［【](\d{1,3})[\]］】][:：.]?\s*", re.MULTILINE)
_OF_A_CALL, _OF_A_SEGMENT = 8, 4
"""Tokens that a server counts beside the words: of each message, and of the number before each answer."""
_FILLED = 0.8
"""How much of a context may be meant to be used: tokens are only guessed."""
_WELL = 4
"""Calls that have to come back right before they hold more paragraphs again."""


class Chat(LanguageModel):
    """The engine `chat` on one server, which is first asked when there is something to translate."""

    name = "chat"

    def __init__(self, remote: Remote, options: Options) -> None:
        super().__init__(family(remote.family), options)
        self.remote = remote
        self.server = Completions(remote)
        several = self.grain == "unit" and all(words.numbered for words in self.family.wordings)
        self.segments = (remote.segments or self.family.segments) if several else 1
        self.independent = self.segments == 1
        self.window = self.segments
        self._most, self._well = self.segments, 0
        """How many paragraphs share a call, and how many such calls in a row came back right."""
        self._alone: set[Request] = set()
        """What was asked alone already, among the paragraphs that were asked last."""

    @property
    def model(self) -> str:
        """What drafts are signed with: the model, and who runs it."""
        return f"{self.remote.model}@{self.remote.host}"

    @property
    def fingerprint(self) -> str:
        """The server, the model, and the words in which it is asked."""
        return f"chat {self.remote.url} {self.remote.model} {self.segments} {self.family!r}"

    def sending(self, requests: Sequence[Request], source_language: str, target_language: str) -> Sending:
        """Every paragraph in the words that go around it, once: what has to be asked again is not foreseen."""
        pair, sent, said = (source_language, target_language), 0.0, 0.0
        calls = self._calls(requests, *pair) if self.segments > 1 else [[request] for request in requests]
        for call in calls:
            one = prompt(self.family, call[0], *pair) if len(call) == 1 else numbered(self.family, call, *pair)
            sent += tokens(one.text) + _OF_A_CALL
            said += sum(answer_tokens(request.source, target_language) + _OF_A_SEGMENT for request in call)
        letters = sum(len(request.source) for request in requests)
        unit = "paragraphs" if self.grain == "unit" else "sentences"
        return Sending(self.remote, len(requests), unit, letters, round(sent), round(said))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """As many paragraphs in one call as agreed. Raises EngineFailed where the server cannot go on."""
        if self.segments == 1:
            yield from super().translate(requests, source_language, target_language)
            return
        waiting = iter(requests)
        while window := list(islice(waiting, self.segments)):
            self._alone.clear()
            together = [request for request in window if not request.second_source]  # only one has room for it
            calls = self._calls(together, source_language, target_language)
            found = [answer for call in calls for answer in self._together(call, source_language, target_language)]
            answers = dict(zip(together, found, strict=True))
            for request in window:
                answer = answers.get(request)
                yield answer or self._by_itself(request, source_language, target_language)

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Alone, what had been asked with others; smaller, what had been asked alone already."""
        for request in requests:
            if self.segments == 1 or request in self._alone:
                yield from super().again([request], source_language, target_language)
            else:
                yield self._by_itself(request, source_language, target_language)

    def complete(self, asked: Prompt) -> Said:
        """One answer. Raises EngineFailed, ConfigError where a key is missing."""
        return self.server.ask(asked).said

    def _by_itself(self, request: Request, source_language: str, target_language: str) -> Answer:
        self._alone.add(request)
        return self._whole(request, source_language, target_language)

    def _calls(
        self, requests: Sequence[Request], source_language: str, target_language: str
    ) -> Iterator[list[Request]]:
        """The paragraphs that share a call: as many as came back right before, and no more than the context has room for."""
        call: list[Request] = []
        room = 0.0
        for request in requests:
            takes = tokens(request.source) + answer_tokens(request.source, target_language) + 2 * _OF_A_SEGMENT
            if call and (len(call) >= self._most or takes > room):
                yield call
                call = []
            if not call:
                around = numbered(self.family, [request], source_language, target_language)
                room = self.family.context * _FILLED - (tokens(around.text) - tokens(request.source))
            call.append(request)
            room -= takes
        if call:
            yield call

    def _together(self, requests: Sequence[Request], source_language: str, target_language: str) -> list[Answer]:
        """The answers to one call, or to calls of half its size where the numbers do not come back as they went."""
        if len(requests) < 2:
            return [self._by_itself(request, source_language, target_language) for request in requests]
        asked = numbered(self.family, requests, source_language, target_language)
        heard = self.server.ask(asked)
        with self._counting:
            self.tokens += heard.said.tokens
        stopped = heard.said.cut or bool(heard.said.refused)
        spans = [] if stopped else _spans(heard.said.text, self.family.cut)
        if not stopped:
            self._learn(len(requests), len(spans) == len(requests))
        if len(spans) != len(requests):
            half = len(requests) // 2
            halves = (requests[:half], requests[half:])
            return [one for part in halves for one in self._together(part, source_language, target_language)]
        answers: list[Answer] = []
        for request, (start, end) in zip(requests, spans, strict=True):
            text = trimmed(heard.said.text[start:end], self.family.cut, request.source)
            why = self._doubt(request, text, asked, source_language, target_language)
            answers.append(Match(text, "mt", self.name, heard.score(start, end, text), self.model, doubt=why))
        return answers

    def _learn(self, size: int, right: bool) -> None:
        """A model that loses its numbers is asked for half as many from then on, and for more again once it does well."""
        if not right:
            self._most, self._well = min(self._most, max(size // 2, 1)), 0
            return
        self._well += size >= self._most
        if self._well >= _WELL:
            self._most, self._well = min(2 * self._most, self.segments), 0


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
