"""A language model in the process, by llama.cpp: one raw completion a request, asked in the words of its family.

Greedy, one slot and no prompt cache: the same text gives the same bytes, in whatever order it is asked.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import EngineFailed, ModelError
from toolkit.files import show
from toolkit.models import Package
from toolkit.models.families import Family, family
from toolkit.translation.identity import Identity
from toolkit.translation.options import Options
from toolkit.translation.seq2seq import cores
from toolkit.units import Answer, Match, Refusal, Request

if TYPE_CHECKING:
    import xllamacpp

_SECOND_TRY: Mapping[str, Any] = {"repeat_penalty": 1.1}
_SECOND_REMARK = "second try"
INSTALL = "pip install 'lokta[llama]'"
_SPECIAL = re.compile(r"<(?=\|?/?\w+\|?>)")
"""`<eos>` in a text would be read as the end of everything: a blank after the bracket makes it letters again."""


class Llama:
    """The engine `llama` on one GGUF file; the model is loaded at the first request."""

    name = "llama"
    independent = True

    def __init__(self, package: Package, options: Options) -> None:
        self.package = package
        self.options = options
        self.family: Family = family(package.family)
        self.grain: Literal["sentence", "unit"] = self.family.grain
        self.label = package.label
        self.markers = self.family.markers

    @cached_property
    def model(self) -> str:
        """What drafts are signed with."""
        return f"{self.package.name}@{self.package.digest[:8]}"

    @property
    def fingerprint(self) -> str:
        """The file, and the words in which it is asked."""
        return f"llama {self.model} {self.package.digest} {self.family!r} {_SECOND_TRY!r}"

    @property
    def identities(self) -> frozenset[Identity]:
        """The one identity of this engine."""
        return frozenset((Identity(self.name, self.model),))

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """One completion a request. Raises ModelError for a broken file or a missing extra, EngineFailed midway."""
        yield from self._answers(requests, source_language, target_language, {})

    def load(self) -> None:
        """Read the model; raises ModelError for a broken file or a missing extra."""
        _ = self._server

    def again(self, requests: Sequence[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The same questions, with words that were said already a little less likely, for what came out useless."""
        for answer in self._answers(requests, source_language, target_language, _SECOND_TRY):
            yield replace(answer, remarks=(*answer.remarks, _SECOND_REMARK)) if isinstance(answer, Match) else answer

    def _answers(
        self, requests: Iterable[Request], source_language: str, target_language: str, search: Mapping[str, Any]
    ) -> Iterator[Answer]:
        for request in requests:
            text = _SPECIAL.sub("< ", request.source)
            answer = self._ask(
                self.family.question(text, source_language, target_language),
                self.family.longest_answer(text, source_language),
                search,
            )
            yield answer if isinstance(answer, Refusal) else self._match(answer)

    def _ask(
        self, question: str, longest: int, search: Mapping[str, Any] = MappingProxyType({})
    ) -> Mapping[str, Any] | Refusal:
        try:
            said = self._server.handle_completions(
                {
                    "prompt": question,
                    "max_tokens": longest,
                    "temperature": 0,
                    "cache_prompt": False,
                    "n_probs": 1,
                    "stop": list(self.family.stop),
                    **search,
                }
            )
        except RuntimeError as error:
            raise EngineFailed(f"llama: {self.package.name} stopped: {error}; the same command goes on") from None
        trouble = said.get("error")
        if trouble and trouble.get("type") == "exceed_context_size_error":
            return self._refuse("too long for the model")
        if trouble:
            raise EngineFailed(
                f"llama: {self.package.name} stopped: {trouble.get('message')}; the same command goes on"
            )
        choice: Mapping[str, Any] = said["choices"][0]
        if choice["finish_reason"] == "length":
            return self._refuse("cut off at the longest answer allowed")
        return choice

    def _match(self, choice: Mapping[str, Any]) -> Match:
        tokens = [token["logprob"] for token in (choice["logprobs"] or {}).get("content") or ()]
        score = sum(tokens) / len(tokens) if tokens else None
        remarks = (self.label,) if self.label else ()
        return Match(choice["text"].strip(), "mt", self.name, score, self.model, remarks=remarks)

    def _refuse(self, why: str) -> Refusal:
        return Refusal(self.name, self.model, why)

    @cached_property
    def _server(self) -> xllamacpp.Server:
        if not ready():
            raise ModelError(f"the model {self.package.name} runs by an extra that is not installed: {INSTALL}")
        import xllamacpp

        settings = xllamacpp.CommonParams()
        settings.model.path = str(self.package.path)
        settings.n_ctx = self.family.context
        settings.n_parallel = 1
        settings.cpuparams.n_threads = self.options.threads or _threads(self.package.size)
        settings.verbosity = -1
        settings.warmup = False
        settings.cache_prompt = False
        settings.cache_ram_mib = 0
        # The library opens a port on the loopback besides; nobody is told the key.
        settings.api_keys = [secrets.token_hex()]
        settings.ui = False
        try:
            return xllamacpp.Server(settings)
        except RuntimeError as error:
            raise ModelError(
                f"{show(self.package.path)}: is no model that llama.cpp reads ({error}); install it again"
            ) from None


def _threads(size: int) -> int:
    """One core for every 256 MB of weights. Threads wait for each other after every layer: a small model hardly gains
    by a second one, and with the cores busy elsewhere it became ten times slower."""
    return max(1, min(cores(), size >> 28))


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("xllamacpp") is not None
