"""A language model behind an OpenAI-compatible server (Ollama, vLLM, llama-server, a paid one), asked in its family's words.

Several paragraphs share a call where the family has words for it: each stands behind its number, and unless every number
comes back once and in order, the call is made again in halves, at last for one paragraph alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from toolkit.models.families import family
from toolkit.remotes import Remote
from toolkit.translation.answers import trimmed
from toolkit.translation.language_model import LanguageModel, Said
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt, numbered, prompt
from toolkit.translation.remote import Client, Rejected
from toolkit.translation.sending import Sending, answer_tokens, tokens
from toolkit.units import Answer, Match, Request

_NUMBER = re.compile(r"^\s*[\[［【](\d{1,3})[\]］】][:：.]?\s*", re.MULTILINE)
_TOO_LONG = re.compile(r"context (length|size|window)|maximum context|too long|too many tokens", re.IGNORECASE)
_FILTERED = re.compile(r"content[ _-]?(filter|policy|management)|safety", re.IGNORECASE)
_OPTIONAL = ("top_logprobs", "logprobs", "repetition_penalty", "repeat_penalty", "temperature", "stop")
"""What a server may refuse to be told without the answer being lost."""
_LONGEST, _LONGEST_NEW = "max_tokens", "max_completion_tokens"
_WITHHELD = "withheld by the server's content filter"
_OF_A_CALL, _OF_A_SEGMENT = 8, 4
"""Tokens that a server counts beside the words: of each message, and of the number before each answer."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """An answer, and the tokens that it came in with their log-probabilities, where the server tells them."""

    said: Said
    tokens: tuple[tuple[bytes, float], ...] = ()

    def score(self, start: int, end: int) -> float | None:
        """The mean log-probability of the tokens that begin in this part of the text, else of the whole."""
        first, last, whole = (len(self.said.text[:place].encode()) for place in (start, end, None))
        chosen, at = [], 0
        for data, logprob in self.tokens:
            if first <= at < last:
                chosen.append(logprob)
            at += len(data)
        if at != whole or not chosen:
            chosen = [logprob for _, logprob in self.tokens]
        return sum(chosen) / len(chosen) if chosen else None


class Chat(LanguageModel):
    """The engine `chat` on one server, which is first asked when there is something to translate."""

    name = "chat"

    def __init__(self, remote: Remote, options: Options) -> None:
        super().__init__(family(remote.family), options)
        self.remote = remote
        self.client = Client(remote)
        several = self.grain == "unit" and all(words.numbered for words in self.family.wordings)
        self.segments = (remote.segments or self.family.segments) if several else 1
        self.independent = self.segments == 1
        self.window = self.segments
        self._left_out: set[str] = set()
        """What this server does not want to be told."""
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
        pair = (source_language, target_language)
        waiting, sent, said = iter(requests), 0.0, 0.0
        while window := list(islice(waiting, self.segments)):
            one = prompt(self.family, window[0], *pair) if len(window) == 1 else numbered(self.family, window, *pair)
            sent += tokens(one.text) + _OF_A_CALL
            said += sum(answer_tokens(request.source, target_language) + _OF_A_SEGMENT for request in window)
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
            answers = dict(zip(together, self._together(together, source_language, target_language), strict=True))
            for request in window:
                yield (
                    answers[request]
                    if request in answers
                    else self._by_itself(request, source_language, target_language)
                )

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Alone, what had been asked with others; smaller, what had been asked alone already."""
        for request in requests:
            if self.segments == 1 or request in self._alone:
                yield from super().again([request], source_language, target_language)
            else:
                yield self._by_itself(request, source_language, target_language)

    def complete(self, asked: Prompt) -> Said:
        """One answer. Raises EngineFailed, ConfigError where a key is missing."""
        return self._heard(asked).said

    def _by_itself(self, request: Request, source_language: str, target_language: str) -> Answer:
        self._alone.add(request)
        return self._whole(request, source_language, target_language)

    def _together(self, requests: Sequence[Request], source_language: str, target_language: str) -> list[Answer]:
        """The answers to one call, or to calls of half its size where the numbers do not come back as they went."""
        if len(requests) < 2:
            return [self._by_itself(request, source_language, target_language) for request in requests]
        asked = numbered(self.family, requests, source_language, target_language)
        heard = self._heard(asked)
        with self._counting:
            self.tokens += heard.said.tokens
        spans = [] if heard.said.cut or heard.said.refused else _spans(heard.said.text, self.family.cut)
        if len(spans) != len(requests):
            half = len(requests) // 2
            halves = (requests[:half], requests[half:])
            return [one for part in halves for one in self._together(part, source_language, target_language)]
        answers: list[Answer] = []
        for request, (start, end) in zip(requests, spans, strict=True):
            text = trimmed(heard.said.text[start:end], self.family.cut, request.source)
            why = self._doubt(request, text, asked, source_language, target_language)
            answers.append(Match(text, "mt", self.name, heard.score(start, end), self.model, doubt=why))
        return answers

    def _heard(self, asked: Prompt) -> _Heard:
        path = "/chat/completions" if asked.chat else "/completions"
        while True:
            body = {name: value for name, value in self._body(asked).items() if name not in self._left_out}
            try:
                return self._understood(self.client.post(path, body), asked.chat)
            except Rejected as error:
                if error.status not in (400, 413, 422):
                    raise
                if _TOO_LONG.search(error.said) or error.status == 413:
                    return _Heard(Said("", refused="too long for the model"))
                if _FILTERED.search(error.said):
                    return _Heard(Said("", refused=_WITHHELD))
                self._leave_out(body, error)

    def _body(self, asked: Prompt) -> dict[str, Any]:
        penalty = asked.sampling.get("repeat_penalty")
        return {
            "model": self.remote.model,
            **({"messages": [{"role": "user", "content": asked.text}]} if asked.chat else {"prompt": asked.text}),
            "temperature": 0,
            (_LONGEST_NEW if _LONGEST in self._left_out else _LONGEST): asked.longest,
            **({"logprobs": True, "top_logprobs": 1} if asked.chat else {"logprobs": 1}),
            **({"stop": list(asked.stop[:4])} if asked.stop else {}),
            **({"repeat_penalty": penalty, "repetition_penalty": penalty} if penalty else {}),
        }

    def _leave_out(self, body: Mapping[str, Any], error: Rejected) -> None:
        """Do without what the server named in its refusal; raises the refusal if it named nothing of the kind."""
        for name in (_LONGEST, *_OPTIONAL):
            if name in body and re.search(rf"\b{name}\b", error.said):
                self._left_out |= {name, *(("top_logprobs",) if name == "logprobs" else ())}
                return
        raise error

    def _understood(self, found: Any, chat: bool) -> _Heard:
        """The first choice of an answer, whoever gave it."""
        try:
            choice = found["choices"][0]
            text = choice["message"].get("content") if chat else choice["text"]
            declined = choice["message"].get("refusal") if chat else None
        except (KeyError, IndexError, TypeError, AttributeError):
            words = self.client.words(found)
            way = (
                f"gives no answer: {words}"
                if words
                else "answers in another form than an OpenAI-compatible server does"
            )
            raise self.client.failed(f"{way}; check url, which usually ends in /v1") from None
        if isinstance(text, list):
            text = "".join(part.get("text", "") for part in text if isinstance(part, dict))
        if not isinstance(text, str | None):
            raise self.client.failed("answers with something that is no text; check url, which usually ends in /v1")
        reason = choice.get("finish_reason")
        refused = _WITHHELD if reason == "content_filter" else "the model declined" if declined and not text else ""
        pieces = _pieces(choice.get("logprobs"))
        usage = found.get("usage")
        produced = usage.get("completion_tokens") if isinstance(usage, dict) else None
        count = produced if type(produced) is int else len(pieces)
        total = sum(logprob for _, logprob in pieces) if pieces else None
        return _Heard(Said(text or "", reason == "length", total, len(pieces) or count, refused), pieces)


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


def _pieces(logprobs: Any) -> tuple[tuple[bytes, float], ...]:
    """Tokens and log-probabilities in either of the two forms that servers have for them."""
    if not isinstance(logprobs, dict):
        return ()
    found = logprobs.get("content")
    if not isinstance(found, list):
        pairs = zip(logprobs.get("tokens") or (), logprobs.get("token_logprobs") or (), strict=False)
        found = [{"token": text, "logprob": value} for text, value in pairs]
    return tuple(
        (_bytes(one), float(one["logprob"]))
        for one in found
        if isinstance(one, dict) and isinstance(one.get("logprob"), int | float)
    )


def _bytes(token: Mapping[str, Any]) -> bytes:
    """A letter may be cut over two tokens: then only the bytes say what each holds."""
    try:
        return bytes(token["bytes"])
    except (KeyError, TypeError, ValueError):
        return str(token.get("token", "")).encode()
