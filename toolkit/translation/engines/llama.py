"""The engine `llama`: a language model on this machine, by llama.cpp.

Greedy, one slot and no prompt cache: the same text gives the same bytes, in whatever order it is asked. More slots share
the work of one pass; the words stay the same, the last digits of the scores do not.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Any

from toolkit.errors import EngineFailed, ModelError
from toolkit.files import cores, printable, show
from toolkit.models import Package, gguf
from toolkit.models.families import Family
from toolkit.translation.apart import Apart
from toolkit.translation.engines.language_model import LanguageModel
from toolkit.translation.inference import Model, Output, Question
from toolkit.translation.options import Options, Resources

if TYPE_CHECKING:
    import xllamacpp

INSTALL = "pip install 'lokta[llama]'"
_ALTERNATIVES = 60
"""Tokens that are looked at in each place for the beginning of a word that the answer should have."""


class LlamaModel(Model):
    """One GGUF file, read at the first question."""

    def __init__(self, package: Package, family: Family, options: Options) -> None:
        self.package = package
        self.context = family.context
        self.chat_template = family.chat_template
        """For a file that has none of its own."""
        self.slots = max(options.slots, 1)
        self.threads = options.threads or _threads(package.size)
        self._lock = Lock()
        self._loaded: xllamacpp.Server | None = None
        self._produced = 0

    @cached_property
    def name(self) -> str:
        """Package and digest."""
        return f"llama {self.package.name}@{self.package.digest[:8]}"

    @cached_property
    def fingerprint(self) -> str:
        """The file, its context, the chat template, and how many texts share a pass."""
        return f"llama {self.package.digest} {self.context} {self.chat_template!r} {self.slots}"

    @property
    def tokens(self) -> int:
        """What it produced so far, thrown-away answers included."""
        return self._produced

    def start(self) -> None:
        """Read the file."""
        with self._lock:
            self._loaded = self._loaded or self._load()

    def stop(self) -> None:
        """Let go of the weights."""
        with self._lock:
            self._loaded = None

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """One completion after the other; threads that ask at the same time share slots."""
        return [self._complete(question.text, question.settings) for question in questions]

    def _complete(self, text: str, settings: Mapping[str, Any]) -> Output:
        self.start()
        wanted: dict[str, Any] = {
            "max_tokens": settings["longest"],
            "temperature": 0,
            "cache_prompt": False,
            "stop": settings["stop"],
            **settings["sampling"],
        }
        assert self._loaded is not None
        try:
            if settings["chat"]:
                message = {"role": "user", "content": text}
                wanted |= {"messages": [message], "logprobs": True, "top_logprobs": 1, "reasoning_format": "none"}
                said = self._loaded.handle_chat_completions(wanted)
            else:
                alternatives = _ALTERNATIVES if settings.get("seek") else 1
                said = self._loaded.handle_completions({**wanted, "prompt": text, "n_probs": alternatives})
        except RuntimeError as error:
            raise self._stopped(error) from None
        trouble = said.get("error")
        if trouble and trouble.get("type") == "exceed_context_size_error":
            return Output(failed="too long for the model")
        if trouble:
            raise self._stopped(trouble.get("message"))
        choice: Mapping[str, Any] = said["choices"][0]
        answer = choice["message"]["content"] if settings["chat"] else choice["text"]
        content: Sequence[Mapping[str, Any]] = (choice.get("logprobs") or {}).get("content") or ()
        logprobs = [token["logprob"] for token in content]
        tokens = len(logprobs) or (said.get("usage") or {}).get("completion_tokens") or 0
        with self._lock:
            self._produced += tokens
        output = Output(answer or "", sum(logprobs) if logprobs else None, tokens, choice["finish_reason"] == "length")
        if not settings.get("seek"):
            return output
        pieces = tuple((bytes(token["bytes"]), float(token["logprob"])) for token in content)
        return replace(output, pieces=pieces, places=tuple(_places(output.text, content, settings["seek"])))

    def _stopped(self, why: object) -> EngineFailed:
        return EngineFailed(printable(f"llama: {self.package.name} stopped: {why}") + "; the same command goes on")

    def _load(self) -> xllamacpp.Server:
        if not ready():
            raise ModelError(f"the model {self.package.name} runs by an extra that is not installed: {INSTALL}")
        import xllamacpp

        header = gguf.read(self.package.path)
        settings = xllamacpp.CommonParams()
        settings.model.path = str(self.package.path)
        settings.n_ctx = min(self.context, header.context or self.context) * self.slots
        settings.n_parallel = self.slots
        settings.cpuparams.n_threads = self.threads
        settings.verbosity = -1
        settings.warmup = False
        settings.cache_prompt = False
        settings.cache_ram_mib = 0
        # The library opens a port on the loopback besides; nobody is told the key.
        settings.api_keys = [secrets.token_hex()]
        settings.ui = False
        if self.chat_template and not header.chat_template:
            settings.chat_template = self.chat_template
        try:
            return xllamacpp.Server(settings)
        except RuntimeError as error:
            raise ModelError(
                f"{show(self.package.path)}: is no model that llama.cpp reads ({error}); install it again"
            ) from None


class Llama(LanguageModel):
    """The engine `llama` on one GGUF file."""

    name = "llama"

    def __init__(self, package: Package, family: Family, options: Options, resources: Resources | None = None) -> None:
        self.package = package
        key = ("llama", package.path, options.slots, options.threads)
        model = (resources or Resources()).model(key, lambda: Apart(partial(LlamaModel, package, family, options)))
        super().__init__(model, family, options.slots, options.raw, package.label)
        completes = not family.chat and family.grain == "sentence"
        self.abilities = replace(self.abilities, constrained=completes and not self.abilities.terms)

    @cached_property
    def signature(self) -> str:
        """Package and digest."""
        return f"{self.package.name}@{self.package.digest[:8]}"


def _places(text: str, content: Sequence[Mapping[str, Any]], words: Sequence[str]) -> Iterator[tuple[str, int, float]]:
    """For each token of an answer, which of the words the model might have begun there, and how likely it was."""
    before = b""
    for token in content:
        with contextlib.suppress(UnicodeDecodeError):  # inside of a character
            at = len(before.decode())
            for word in words if at <= len(text) else ():
                begun = [one for one in token["top_logprobs"] if _begins(bytes(one["bytes"]), word)]
                if begun:
                    best = max(begun, key=lambda one: one["logprob"])
                    blank = " " if bytes(best["bytes"]).startswith(b" ") else ""
                    yield f"{blank}{word}", at, float(best["logprob"])
        before += bytes(token["bytes"])


def _begins(token: bytes, word: str) -> bool:
    """Whether a token is the beginning of a word, a whole character of it at least, or goes on after it."""
    said, wanted = token.lstrip(b" "), word.encode()
    return len(said) >= len(word[0].encode()) and (wanted.startswith(said) or said.startswith(wanted))


def _threads(size: int) -> int:
    """One core for every 256 MB of weights. Threads wait for each other after every layer: a small model hardly gains
    by a second one, and with the cores busy elsewhere it became ten times slower."""
    return max(1, min(cores(), size >> 28))


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("xllamacpp") is not None
