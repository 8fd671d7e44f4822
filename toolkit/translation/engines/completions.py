"""The form in which OpenAI-compatible servers are asked and answer: Ollama, vLLM, llama-server, and those that are paid.

They agree on little beyond the questions and the words of an answer. What one of them does not want to be told is left out
from then on; what it does not tell (log-probabilities, how much was produced) is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from toolkit.remotes import Remote
from toolkit.remotes.client import Client, Rejected
from toolkit.translation.inference import Model, Output, Question

_TOO_LONG = re.compile(r"context (length|size|window)|maximum context|too long|too many tokens", re.IGNORECASE)
_FILTERED = re.compile(r"content[ _-]?(filter|policy|management)|safety", re.IGNORECASE)
_LIMIT = re.compile(r"max_(completion_)?tokens\W.{0,60}(too large|at most|less than)", re.IGNORECASE)
_LONGEST, _LONGEST_NEW = "max_tokens", "max_completion_tokens"
_OPTIONAL = (
    _LONGEST,
    _LONGEST_NEW,
    "top_logprobs",
    "logprobs",
    "repetition_penalty",
    "repeat_penalty",
    "temperature",
    "stop",
)
"""What a server may refuse to be told without the answer being lost."""
_WITHHELD = "withheld by the server's content filter"
_FORM = "check url, which usually ends in /v1"


class ChatServer(Model):
    """A server that completes prompts and chats; several threads may ask it."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.client = Client(remote)
        self._lock = Lock()
        self._produced = 0
        self._left_out: frozenset[str] = frozenset()
        """What this server does not want to be told."""

    @property
    def name(self) -> str:
        """The model, and the server."""
        return f"chat {self.remote.model}@{self.remote.host}"

    @property
    def fingerprint(self) -> str:
        """The server and the model."""
        return f"chat {self.remote.url} {self.remote.model}"

    @property
    def tokens(self) -> int:
        """What it produced so far, thrown-away answers included."""
        return self._produced

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """One call for each question. Raises EngineFailed where the server cannot go on, ConfigError where a key is missing."""
        return [self._answered(question) for question in questions]

    def _answered(self, question: Question) -> Output:
        output = self._complete(question.text, question.settings)
        with self._lock:
            self._produced += output.tokens
        return output

    def _complete(self, text: str, settings: Mapping[str, Any]) -> Output:
        path = "/chat/completions" if settings["chat"] else "/completions"
        while True:
            whole = self._body(text, settings)
            body = {name: value for name, value in whole.items() if name not in self._left_out}
            try:
                output = self._understood(self.client.post(path, body), settings["chat"])
                if not output.cut or output.text.strip() or not {_LONGEST, _LONGEST_NEW} & set(body):
                    return output
                # All of it went into thoughts that are not shown: such a model is not told how long an answer may be.
                self._left_out |= {_LONGEST, _LONGEST_NEW}
            except Rejected as error:
                if error.status not in (400, 413, 422):
                    raise
                if _LIMIT.search(error.said):
                    self._leave_out(body, error)
                    continue
                if _TOO_LONG.search(error.said) or error.status == 413:
                    return Output(failed="too long for the model")
                if _FILTERED.search(error.said):
                    return Output(failed=_WITHHELD)
                self._leave_out(body, error)

    def _body(self, text: str, settings: Mapping[str, Any]) -> dict[str, Any]:
        penalty, chat = settings["sampling"].get("repeat_penalty"), settings["chat"]
        return {
            "model": self.remote.model,
            **({"messages": [{"role": "user", "content": text}]} if chat else {"prompt": text}),
            "temperature": 0,
            (_LONGEST_NEW if _LONGEST in self._left_out else _LONGEST): settings["longest"],
            **({"logprobs": True, "top_logprobs": 1} if chat else {"logprobs": 1}),
            **({"stop": settings["stop"][:4]} if settings["stop"] else {}),
            **({"repeat_penalty": penalty, "repetition_penalty": penalty} if penalty else {}),
        }

    def _leave_out(self, body: Mapping[str, Any], error: Rejected) -> None:
        """Do without what the server named in its refusal; raises the refusal if it named nothing of the kind."""
        name = next((one for one in _OPTIONAL if one in body and re.search(rf"\b{one}\b", error.said)), None)
        if name is None:
            raise error
        self._left_out |= {name, *(("top_logprobs",) if name == "logprobs" else ())}

    def _understood(self, found: Any, chat: bool) -> Output:
        """The first choice of an answer, whoever gave it."""
        try:
            choice = found["choices"][0]
            text = choice["message"].get("content") if chat else choice["text"]
            declined = choice["message"].get("refusal") if chat else None
        except (KeyError, IndexError, TypeError, AttributeError):
            words = self.client.words(found)
            other = "answers in another form than an OpenAI-compatible server does"
            raise self.client.failed(f"{f'gives no answer: {words}' if words else other}; {_FORM}") from None
        if isinstance(text, list):
            text = "".join(str(part.get("text", "")) for part in text if isinstance(part, dict))
        if not isinstance(text, str | None):
            raise self.client.failed(f"answers with something that is no text; {_FORM}")
        reason = choice.get("finish_reason")
        failed = _WITHHELD if reason == "content_filter" else "the model declined" if declined and not text else ""
        pieces = _pieces(choice.get("logprobs"))
        usage = found.get("usage")
        produced = usage.get("completion_tokens") if isinstance(usage, dict) else None
        count = produced if type(produced) is int else len(pieces)
        total = sum(logprob for _, logprob in pieces) if pieces else None
        return Output(text or "", total, len(pieces) or count, reason == "length", failed, pieces)


def _pieces(logprobs: Any) -> tuple[tuple[bytes, float], ...]:
    """Tokens and log-probabilities in either of the two forms that servers have for them."""
    if not isinstance(logprobs, dict):
        return ()
    found = logprobs.get("content")
    if not isinstance(found, list):
        texts, values = (
            one if isinstance(one := logprobs.get(key), list) else [] for key in ("tokens", "token_logprobs")
        )
        found = [{"token": text, "logprob": value} for text, value in zip(texts, values, strict=False)]
    return tuple((_bytes(one), float(one["logprob"])) for one in found if isinstance(one, dict) and _is_logprob(one))


def _is_logprob(token: Mapping[str, Any]) -> bool:
    value = token.get("logprob")
    return isinstance(value, int | float) and -1e6 < value <= 0


def _bytes(token: Mapping[str, Any]) -> bytes:
    """A letter may be cut over two tokens: then only the bytes say what each holds."""
    data = token.get("bytes")
    if isinstance(data, list) and all(type(byte) is int and 0 <= byte < 256 for byte in data):
        return bytes(data)
    return str(token.get("token", "")).encode(errors="replace")
